//! The time machine over classes: what stood for every product on two days, under two lists, and why it is otherwise.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use jiff::civil::Date;
use serde::Serialize;
use varp_engine::classify::{
    Changed, ClassRecord, Code, Entry, Prepared, Relevance, RuleSet, changed, relevance,
};
use varp_model::{BodyId, CrmList, References, ResultKind, ResultRecord, Substance, Visibility};
use varp_store::{Store, StoreError};

use super::compute::{Computed, classify_register_on};
use super::standing::{BodyClasses, Decided, adoptions};
use super::until::Until;

/// A day and the list of raw materials that is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// The day.
    pub day: Date,
    /// The list; `None` where none held.
    pub list: Option<&'a CrmList>,
}

/// The class of a product at a moment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClassThen {
    /// The code.
    pub code: Code,
    /// Class in words.
    pub class: String,
    /// `computed`, or how far people had taken it.
    pub standing: String,
    /// Whether it stood in the register, or is evaluated from the evidence dated up to the day.
    pub stored: bool,
    /// Whether a rule or class that decided it is unverified.
    pub unverified: bool,
    /// Rules that fired.
    pub fired: Vec<String>,
}

/// Why something is otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Cause {
    /// The list says otherwise.
    List,
    /// A person decided.
    Decision,
    /// Other rules.
    Rules,
    /// An estimate came or went.
    Estimate,
    /// Other evidence.
    Evidence,
}

impl Cause {
    /// All causes, in the order in which they are told.
    pub const ALL: [Self; 5] =
        [Self::List, Self::Decision, Self::Rules, Self::Estimate, Self::Evidence];

    /// The word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Decision => "decision",
            Self::Rules => "rules",
            Self::Estimate => "estimate",
            Self::Evidence => "evidence",
        }
    }
}

/// A product of a body that stands otherwise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClassMove {
    /// The body, by id.
    pub body: String,
    /// Its name.
    pub name: String,
    /// Country of its site.
    pub country: String,
    /// Kind of body.
    pub kind: String,
    /// The product.
    pub product: String,
    /// What the first list says of it.
    pub listed_before: Option<Relevance>,
    /// What the second list says of it.
    pub listed_after: Option<Relevance>,
    /// Its class at the first moment; `None` where nothing spoke of it.
    pub before: Option<ClassThen>,
    /// Its class at the second moment.
    pub after: Option<ClassThen>,
    /// Rules that fire at the second moment and did not at the first.
    pub rules_gained: Vec<String>,
    /// Rules that fired at the first moment and do not at the second.
    pub rules_lost: Vec<String>,
    /// Evidence that is otherwise, where the class is.
    pub why: Vec<Changed>,
    /// Why, in short.
    pub causes: Vec<Cause>,
}

/// A product at a moment, with the record that its class is read from.
struct Then {
    entry: Entry,
    record: Rc<ClassRecord>,
    stored: bool,
}

impl Then {
    fn class(&self) -> ClassThen {
        let own = self.record.products.iter().find(|p| p.product == self.entry.product);
        ClassThen {
            code: self.entry.code.clone(),
            class: self.entry.class_words(),
            standing: self.entry.standing.clone(),
            stored: self.stored,
            unverified: self.entry.unverified,
            fired: own.map(|own| own.fired.clone()).unwrap_or_default(),
        }
    }
}

/// The products of a body at a moment.
type Products = BTreeMap<String, Then>;

/// The products that stand otherwise at the second moment than at the first: on other lists, in other classes. What was
/// stored in the register by a day stands for it, adopted before computed; where nothing was, the class is evaluated by
/// `rules` from the evidence dated up to the day.
///
/// # Errors
/// If the register cannot be read.
pub fn class_moves(
    store: &dyn Store,
    [first, second]: [Moment<'_>; 2],
    rules: &RuleSet,
    references: &References,
    audience: Visibility,
) -> Result<Vec<ClassMove>, StoreError> {
    let sources = Until::new(store, first.day, audience)?;
    let days = [&sources, &sources.on(second.day)];
    let stored = Stored::read(store, audience)?;
    let prepared = Prepared::new(rules);
    // what the lists say of a product is the same for every body
    let mut said: HashMap<String, [Option<Relevance>; 2]> = HashMap::new();
    let listed = |product: &str, list: Option<&CrmList>| {
        let substance = Substance::parse(product, references).ok()?;
        relevance(&[substance], list?, references).into_iter().next()
    };
    let mut moved: Vec<ClassMove> = Vec::new();
    classify_register_on(store, &prepared, references, audience, days, |[then, now]| {
        let before = stored.products(&then, days[0], references)?;
        let after = stored.products(&now, days[1], references)?;
        let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for key in keys {
            let lists = said
                .entry(key.clone())
                .or_insert_with(|| [listed(key, first.list), listed(key, second.list)]);
            moved.extend(one_move(before.get(key), after.get(key), lists));
        }
        Ok(())
    })?;
    moved.sort_by(|a, b| {
        // other classes before what other lists alone say
        let key = |one: &ClassMove| one.causes == [Cause::List];
        (key(a), &a.body, &a.product).cmp(&(key(b), &b.body, &b.product))
    });
    Ok(moved)
}

fn one_move(
    then: Option<&Then>,
    now: Option<&Then>,
    [listed_before, listed_after]: &[Option<Relevance>; 2],
) -> Option<ClassMove> {
    let entry = &now.or(then)?.entry;
    let (before, after) = (then.map(Then::class), now.map(Then::class));
    let key =
        |class: &Option<ClassThen>| class.as_ref().map(|c| (c.code.clone(), c.standing.clone()));
    let class_moved = key(&before) != key(&after);
    let level =
        |r: &Option<Relevance>| r.as_ref().map(|r| (r.critical, r.strategic, r.form.clone()));
    let list_moved = level(listed_before) != level(listed_after);
    if !class_moved && !list_moved {
        return None;
    }
    let why = match (then, now, class_moved) {
        (Some(then), Some(now), true) => {
            changed(&then.record, &now.record, &entry.product, then.stored && now.stored)
        }
        _ => Vec::new(),
    };
    let fired = |class: &Option<ClassThen>| {
        class.as_ref().filter(|_| class_moved).map(|c| c.fired.clone()).unwrap_or_default()
    };
    let (fired_before, fired_after) = (fired(&before), fired(&after));
    let only = |own: &[String], other: &[String]| -> Vec<String> {
        own.iter().filter(|rule| !other.contains(rule)).cloned().collect()
    };
    let causes = causes(list_moved, class_moved, (&before, &after), &why);
    Some(ClassMove {
        body: entry.body.clone(),
        name: entry.name.clone(),
        country: entry.country.clone(),
        kind: entry.kind.clone(),
        product: entry.product.clone(),
        rules_gained: only(&fired_after, &fired_before),
        rules_lost: only(&fired_before, &fired_after),
        listed_before: listed_before.clone(),
        listed_after: listed_after.clone(),
        before,
        after,
        why,
        causes,
    })
}

fn causes(
    list_moved: bool,
    class_moved: bool,
    (before, after): (&Option<ClassThen>, &Option<ClassThen>),
    why: &[Changed],
) -> Vec<Cause> {
    let standing = |class: &Option<ClassThen>| {
        class.as_ref().map_or_else(|| "computed".to_owned(), |c| c.standing.clone())
    };
    let told = |words: &[&str]| why.iter().any(|c| words.contains(&c.what.as_str()));
    let others = ["rules", "estimate", "quantity"];
    let evidence = why.iter().any(|c| !others.contains(&c.what.as_str()));
    let appeared = class_moved && before.is_some() != after.is_some();
    let has = |cause: &Cause| match cause {
        Cause::List => list_moved,
        Cause::Decision => standing(before) != standing(after),
        Cause::Rules => told(&["rules"]),
        Cause::Estimate => told(&["estimate"]),
        Cause::Evidence => evidence || appeared,
    };
    Cause::ALL.into_iter().filter(has).collect()
}

/// What was stored of all bodies, and adopted.
struct Stored<'s> {
    store: &'s dyn Store,
    audience: Visibility,
    newest: HashMap<BodyId, ResultRecord>,
    adopted: HashMap<BodyId, Vec<Decided>>,
}

impl<'s> Stored<'s> {
    fn read(store: &'s dyn Store, audience: Visibility) -> Result<Self, StoreError> {
        let newest = store.latest_results(ResultKind::Classification, audience)?;
        let newest = newest.into_iter().filter_map(|r| Some((r.result.subject?, r))).collect();
        Ok(Self { store, audience, newest, adopted: adoptions(store, None, audience)? })
    }

    /// Every product of a body as it stood on a day; `now` is what the evidence of the day gives.
    fn products(
        &self,
        now: &Computed,
        until: &Until,
        references: &References,
    ) -> Result<Products, StoreError> {
        let id = now.item.body.id;
        let adopted = self.adopted.get(&id).into_iter().flatten().cloned();
        let adopted = adopted.filter_map(|one| as_of(one, until)).collect();
        let classes = match self.stored_by(id, until)?.and_then(|own| as_of(own, until)) {
            Some(own) => BodyClasses::stored(own, adopted),
            None => BodyClasses::new(None, adopted, now),
        };
        let stored = classes.newest.is_some();
        let mut kept: Option<(&ClassRecord, Rc<ClassRecord>)> = None;
        let mut all = Products::new();
        for (entry, record) in classes.entries(&now.item, references) {
            let own = match &kept {
                Some((of, own)) if std::ptr::eq(*of, record) => Rc::clone(own),
                _ => Rc::new(record.clone()),
            };
            kept = Some((record, Rc::clone(&own)));
            all.insert(entry.product.clone(), Then { entry, record: own, stored });
        }
        Ok(all)
    }

    /// The newest result of a body that was stored by the day.
    fn stored_by(&self, id: BodyId, until: &Until) -> Result<Option<Decided>, StoreError> {
        let Some(newest) = self.newest.get(&id) else { return Ok(None) };
        if until.admits_stored(&newest.time) {
            return Decided::read(self.store, newest, self.audience).map(Some);
        }
        let all = self.store.results_of(Some(id), newest.result.kind, self.audience)?;
        let found = all.into_iter().find(|record| until.admits_stored(&record.time));
        found.map(|found| Decided::read(self.store, &found, self.audience)).transpose()
    }
}

/// A record with the decisions up to a day; `None` where it was stored later.
fn as_of(mut decided: Decided, until: &Until) -> Option<Decided> {
    let day = until.day();
    decided.decisions.retain(|d| d.date.parse::<Date>().is_ok_and(|date| date <= day));
    until.admits_stored(&decided.time).then_some(decided)
}
