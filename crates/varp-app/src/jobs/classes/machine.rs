//! The time machine: which lists the register's materials stood on at another date, or would stand on.

use std::collections::{BTreeMap, BTreeSet};

use varp_engine::classify::{Moved, Relevance, moved, relevance};
use varp_model::{CrmList, References, Substance, Visibility};
use varp_store::{BodyItem, Store, StoreError};

use crate::jobs::whole;

/// A body for which a list says something else than another.
#[derive(Clone, Debug, serde::Serialize)]
pub struct ListMove {
    /// The body, by id.
    pub body: String,
    /// Its name.
    pub name: String,
    /// Country of its site.
    pub country: String,
    /// Kind of body.
    pub kind: String,
    /// What moved, substance by substance.
    pub moved: Vec<Moved>,
}

/// A substance of the register under two lists.
#[derive(Clone, Debug, serde::Serialize)]
pub struct ListedSubstance {
    /// The substance, a code.
    pub substance: String,
    /// Deposits in which it was found or from which it was mined.
    pub deposits: usize,
    /// The same of waste.
    pub waste: usize,
    /// What the first list says of it.
    pub before: Option<Relevance>,
    /// What the second list says of it.
    pub after: Option<Relevance>,
    /// Whether the two differ.
    pub moved: bool,
}

/// The register under two lists.
#[derive(Clone, Debug)]
pub struct ListsCompared {
    /// Substances that one of the lists names.
    pub substances: Vec<ListedSubstance>,
    /// Bodies for which the second list says something else than the first.
    pub moves: Vec<ListMove>,
}

/// What two lists say of the register, by what was found in its bodies or mined from them.
///
/// # Errors
/// If the register cannot be read.
pub fn compare_lists(
    store: &dyn Store,
    before: &CrmList,
    after: &CrmList,
    references: &References,
    audience: Visibility,
) -> Result<ListsCompared, StoreError> {
    let question = varp_store::Query { audience, ..whole(Vec::new()) };
    // what the lists say of a substance is the same for every body
    let mut known: BTreeMap<String, Option<Compared>> = BTreeMap::new();
    let mut moves = Vec::new();
    for item in store.bodies(&question)?.items {
        let mut own = Vec::new();
        for code in codes(&item, references) {
            let compared = known.entry(code).or_insert_with_key(|code| {
                let substance = Substance::parse(code, references).ok()?;
                Some(Compared::new(&substance, before, after, references))
            });
            let Some(compared) = compared else { continue };
            let waste = !item.body.kind.is_primary();
            *(if waste { &mut compared.listed.waste } else { &mut compared.listed.deposits }) += 1;
            own.extend(compared.moved.clone());
        }
        if !own.is_empty() {
            moves.push(ListMove {
                body: item.body.id.to_string(),
                name: item.body.name,
                country: item.country.code().to_owned(),
                kind: item.body.kind.0,
                moved: own,
            });
        }
    }
    let listed = known.into_values().flatten().map(|compared| compared.listed);
    let named = |one: &ListedSubstance| one.before.is_some() || one.after.is_some();
    Ok(ListsCompared { substances: listed.filter(named).collect(), moves })
}

/// A substance under two lists.
struct Compared {
    listed: ListedSubstance,
    moved: Option<Moved>,
}

impl Compared {
    fn new(
        substance: &Substance,
        before: &CrmList,
        after: &CrmList,
        references: &References,
    ) -> Self {
        let one = std::slice::from_ref(substance);
        let says = |list: &CrmList| relevance(one, list, references).into_iter().next();
        let moved = moved(one, before, after, references).pop();
        let listed = ListedSubstance {
            substance: substance.code().to_owned(),
            deposits: 0,
            waste: 0,
            before: says(before),
            after: says(after),
            moved: moved.is_some(),
        };
        Self { listed, moved }
    }
}

/// Codes of what was found in a body or mined from it, in order.
fn codes(item: &BodyItem, references: &References) -> BTreeSet<String> {
    let mined = item.body.commodities.iter().filter_map(|code| {
        let commodity = references.commodity(code)?;
        commodity.substances.split_whitespace().next().map(str::to_owned)
    });
    item.substances.iter().cloned().chain(mined).collect()
}

/// The reference data with one more list: the rows of a file like `crm_entries.csv`, of one list that
/// the embedded ones do not know. Returns them with the name of the new list.
///
/// # Errors
/// If the file has other columns, names no list or several, or a list that is known.
pub fn with_proposed(
    references: &References,
    entries: &str,
    jurisdiction: &str,
    date: &str,
) -> Result<(References, String), String> {
    let mut lines = entries.lines();
    let header = lines.next().unwrap_or_default();
    let known = &references.files["crm_entries.csv"];
    let expected = known.lines().next().unwrap_or_default();
    if header.trim() != expected {
        return Err(format!("its first line must be: {expected}"));
    }
    let mut names: Vec<&str> = lines
        .clone()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.split(',').next().unwrap_or_default().trim())
        .collect();
    let critical = names.len();
    names.sort_unstable();
    names.dedup();
    let [name] = names[..] else {
        return Err(format!("it must hold the rows of one list, not of {}", names.len()));
    };
    if references.crm_lists.iter().any(|list| list.list == name) {
        return Err(format!("there is a list {name} already; name the proposed one otherwise"));
    }
    let year = date.get(..4).unwrap_or("0");
    let count = critical_of(entries).unwrap_or(critical);
    let strategic = strategic_of(entries);
    let row = format!(
        "{name},{jurisdiction},{year},{date},{count},{strategic},proposed: not law,unverified"
    );
    let body: String = lines.map(|line| format!("{line}\n")).collect();
    let files = BTreeMap::from([
        (
            "crm_lists.csv".to_owned(),
            format!("{}\n{row}\n", references.files["crm_lists.csv"].trim_end()),
        ),
        ("crm_entries.csv".to_owned(), format!("{}\n{body}", known.trim_end())),
    ]);
    let grown = References::with_overrides(&files).map_err(|e| e.to_string())?;
    Ok((grown, name.to_owned()))
}

fn critical_of(entries: &str) -> Option<usize> {
    flags(entries, 3)
}

fn strategic_of(entries: &str) -> usize {
    flags(entries, 4).unwrap_or(0)
}

/// Rows whose column of this number says `true`.
fn flags(entries: &str, column: usize) -> Option<usize> {
    let mut reader = csv::Reader::from_reader(entries.as_bytes());
    let mut count = 0;
    for row in reader.records() {
        count += usize::from(row.ok()?.get(column)?.trim() == "true");
    }
    Some(count)
}
