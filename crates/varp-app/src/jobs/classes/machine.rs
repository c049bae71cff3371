//! The time machine: which lists the register's materials stood on at another date, or would stand on.

use std::collections::BTreeMap;

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

/// The bodies for which `after` says something else than `before`, by what was found in them or mined
/// from them.
///
/// # Errors
/// If the register cannot be read.
pub fn list_moves(
    store: &dyn Store,
    before: &CrmList,
    after: &CrmList,
    references: &References,
    audience: Visibility,
) -> Result<Vec<ListMove>, StoreError> {
    let mut moves = Vec::new();
    each_body(store, references, audience, |item, substances| {
        let moved = moved(substances, before, after, references);
        if !moved.is_empty() {
            moves.push(ListMove {
                body: item.body.id.to_string(),
                name: item.body.name,
                country: item.country.code().to_owned(),
                kind: item.body.kind.0,
                moved,
            });
        }
    })?;
    Ok(moves)
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

/// The substances of the register that one of two lists names.
///
/// # Errors
/// If the register cannot be read.
pub fn listed_substances(
    store: &dyn Store,
    before: &CrmList,
    after: &CrmList,
    references: &References,
    audience: Visibility,
) -> Result<Vec<ListedSubstance>, StoreError> {
    let mut found: BTreeMap<String, (Substance, [usize; 2])> = BTreeMap::new();
    each_body(store, references, audience, |item, substances| {
        for substance in substances {
            let own = found.entry(substance.code().to_owned());
            let (_, counts) = own.or_insert_with(|| (substance.clone(), [0, 0]));
            counts[usize::from(!item.body.kind.is_primary())] += 1;
        }
    })?;
    let listed = found.into_iter().filter_map(|(code, (substance, [deposits, waste]))| {
        let one = std::slice::from_ref(&substance);
        let says = |list: &CrmList| relevance(one, list, references).into_iter().next();
        let (before_says, after_says) = (says(before), says(after));
        (before_says.is_some() || after_says.is_some()).then(|| ListedSubstance {
            substance: code,
            deposits,
            waste,
            before: before_says,
            after: after_says,
            moved: !moved(one, before, after, references).is_empty(),
        })
    });
    Ok(listed.collect())
}

/// Every body with what was found in it or mined from it.
fn each_body(
    store: &dyn Store,
    references: &References,
    audience: Visibility,
    mut each: impl FnMut(BodyItem, &[Substance]),
) -> Result<(), StoreError> {
    let question = varp_store::Query { audience, ..whole(Vec::new()) };
    for item in store.bodies(&question)?.items {
        let mut codes = item.substances.clone();
        codes.extend(item.body.commodities.iter().filter_map(|code| {
            let commodity = references.commodity(code)?;
            commodity.substances.split_whitespace().next().map(str::to_owned)
        }));
        codes.sort();
        codes.dedup();
        let substances: Vec<Substance> =
            codes.iter().filter_map(|code| Substance::parse(code, references).ok()).collect();
        each(item, &substances);
    }
    Ok(())
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
