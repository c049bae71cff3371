//! The mapping run backwards: records of a register in the column layout of a user's own tables.
//!
//! Each table of a mapping becomes a sheet with the columns that the mapping names, and a row for
//! each record that was read through it. Words go back through `map`, coordinates into the stated
//! system, numbers into the stated units, so that an import of the sheet by the same mapping finds
//! nothing new in it.

mod assays;
mod claims;
mod fields;
mod grid;
mod records;
mod rows;

use std::collections::BTreeMap;

use varp_model::{
    Body, BodyId, Claim, Determination, DeterminationId, Hole, HoleId, Locator, References, Sample,
    SampleId, SampleRow, Sheet, Site, SiteId, Source, SourceId, Subject,
};

use crate::import::mapping::{Mapping, TableMapping};

/// What a register holds of one collection.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    /// Sources that the records cite.
    pub sources: Vec<Source>,
    /// Sites.
    pub sites: Vec<Site>,
    /// Bodies.
    pub bodies: Vec<Body>,
    /// Holes.
    pub holes: Vec<Hole>,
    /// Samples with their results.
    pub samples: Vec<SampleRow>,
    /// What was determined, by the number that the results name.
    pub determinations: BTreeMap<DeterminationId, Determination>,
    /// Claims.
    pub claims: Vec<Claim>,
    /// Tables of earlier exports that were edited and imported again.
    pub later: Vec<Later>,
}

/// A table that is a later state of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Later {
    /// Name of the other.
    pub of: String,
    /// Pattern of the file's name.
    pub file: String,
    /// Pattern of the sheet's name.
    pub sheet: Option<String>,
}

impl Later {
    /// The tables of a mapping that are later states.
    pub fn of_mapping(mapping: &Mapping) -> Vec<Self> {
        let tables = mapping.tables.iter();
        let later = tables.filter_map(|t| {
            Some(Self { of: t.of.clone()?, file: t.file.clone()?, sheet: t.sheet.clone() })
        });
        later.collect()
    }
}

/// Sheets in a user's layout.
#[derive(Clone, Debug, Default)]
pub struct LaidOut {
    /// A sheet for each table of the mapping, in its order.
    pub sheets: Vec<Sheet>,
    /// What the layout has no room for, in sentences.
    pub notes: Vec<String>,
}

/// Why a mapping cannot be run backwards.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// Shapes do not stand in cells.
    #[error(
        "table {table} of the mapping reads shapes, which a sheet cannot hold; write the bodies to \
         .gpkg or .geojson instead"
    )]
    Shapes {
        /// Number of the table, from 1.
        table: usize,
    },
    /// The mapping has no table.
    #[error("the mapping has no table")]
    NoTable,
}

/// Lays the records out as the tables of a mapping have them.
///
/// # Errors
/// If a table of the mapping cannot stand in a sheet.
pub fn lay_out(
    contents: &Contents,
    mapping: &Mapping,
    references: &References,
) -> Result<LaidOut, LayoutError> {
    if mapping.tables.is_empty() {
        return Err(LayoutError::NoTable);
    }
    let held = Held::new(contents, mapping, references);
    let mut out = LaidOut::default();
    let mut names: Vec<String> = Vec::new();
    for (at, table) in mapping.tables.iter().enumerate() {
        if records::reads_shapes(table) {
            return Err(LayoutError::Shapes { table: at + 1 });
        }
        let name = distinct(&sheet_name(table, at), &names);
        names.push(name.clone());
        let sheet = rows::sheet(&held, table, name, &mut out.notes);
        out.sheets.push(sheet);
    }
    Ok(out)
}

/// Longest name of a worksheet, and signs that none may hold. Source: Microsoft, "Rename a
/// worksheet".
const LONGEST_NAME: usize = 31;
const NOT_IN_NAMES: &[char] = &['/', '\\', '?', '*', ':', '[', ']', '\''];

/// The name of a table's sheet: that of its worksheet, or of its file without the ending.
fn sheet_name(table: &TableMapping, at: usize) -> String {
    let plain = |pattern: &Option<String>| pattern.clone().filter(|p| !p.contains('*'));
    let name = plain(&table.of)
        .or_else(|| plain(&table.sheet))
        .or_else(|| plain(&table.file).map(|file| stem(&file).to_owned()))
        .unwrap_or_else(|| format!("table {}", at + 1));
    let name: String = name.chars().filter(|c| !NOT_IN_NAMES.contains(c)).collect();
    name.chars().take(LONGEST_NAME).collect()
}

fn distinct(name: &str, names: &[String]) -> String {
    let taken = |name: &str| names.iter().any(|n| n.eq_ignore_ascii_case(name));
    if !taken(name) {
        return name.to_owned();
    }
    let short: String = name.chars().take(LONGEST_NAME - 4).collect();
    let mut numbered = (2..).map(|n| format!("{short} {n}"));
    numbered.find(|n| !taken(n)).unwrap_or_else(|| name.to_owned())
}

fn stem(file: &str) -> &str {
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

/// The records of a collection, found by identity.
struct Held<'a> {
    contents: &'a Contents,
    mapping: &'a Mapping,
    references: &'a References,
    sources: BTreeMap<SourceId, &'a Source>,
    sites: BTreeMap<SiteId, &'a Site>,
    bodies: BTreeMap<BodyId, &'a Body>,
    holes: BTreeMap<HoleId, &'a Hole>,
    samples: BTreeMap<SampleId, &'a Sample>,
    claims: BTreeMap<Subject, Vec<&'a Claim>>,
}

impl<'a> Held<'a> {
    fn new(contents: &'a Contents, mapping: &'a Mapping, references: &'a References) -> Self {
        let mut claims: BTreeMap<Subject, Vec<&Claim>> = BTreeMap::new();
        for claim in &contents.claims {
            claims.entry(claim.subject).or_default().push(claim);
        }
        Self {
            contents,
            mapping,
            references,
            sources: contents.sources.iter().map(|s| (s.id, s)).collect(),
            sites: contents.sites.iter().map(|s| (s.id, s)).collect(),
            bodies: contents.bodies.iter().map(|b| (b.id, b)).collect(),
            holes: contents.holes.iter().map(|h| (h.id, h)).collect(),
            samples: contents.samples.iter().map(|row| (row.sample.id, &row.sample)).collect(),
            claims,
        }
    }

    /// Whether a record is one of the mapping's collection.
    fn own(&self, origin: &varp_model::Origin) -> bool {
        origin.dataset.0 == self.mapping.dataset
    }

    /// Whether a record was read through a table, by the names of file and sheet; the ending does
    /// not count, nor does whether a sheet was a file of its own before.
    fn through(&self, table: &TableMapping, locator: &Locator) -> bool {
        let fits = crate::import::matches_pattern;
        let file = locator.file.as_deref().unwrap_or_default();
        let sheet = locator.sheet.as_deref().unwrap_or_default();
        let by_pattern =
            table.file.as_deref().is_none_or(|p| fits(p, file) || fits(stem(p), stem(file)))
                && table.sheet.as_deref().is_none_or(|p| fits(p, sheet));
        let at = self.mapping.tables.iter().position(|t| std::ptr::eq(t, table));
        let name = sheet_name(table, at.unwrap_or(0));
        let later = |l: &Later| {
            l.of.eq_ignore_ascii_case(&name)
                && fits(&l.file, file)
                && l.sheet.as_deref().is_none_or(|p| fits(p, sheet))
        };
        by_pattern
            || name.eq_ignore_ascii_case(sheet)
            || name.eq_ignore_ascii_case(stem(file))
            || self.contents.later.iter().any(later)
    }
}
