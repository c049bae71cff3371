//! Suspicions: what is probably wrong although it can be read. They warn and change nothing.

mod assays;
mod column;
mod country;
mod facts;
mod grades;
mod whole_rock;

use std::collections::HashMap;

use varp_model::{Country, Determination, LonLat, Position, QaRole, References};

use super::run::{IdMap, Records, Row, Table};
use super::{Code, Issue, Severity};
pub(crate) use assays::AssayWatch;
use country::{Outlines, Remedy};
use facts::Facts;
pub(crate) use facts::usual_oxide_of;
use grades::PlausibleGrades;

/// A sample farther from its body than this has other coordinates.
const FAR_SAMPLE_M: f64 = 25_000.0;
/// A body farther from its site than this has other coordinates.
const FAR_BODY_M: f64 = 60_000.0;

/// What checks know of the run so far.
pub(crate) struct Checks<'a> {
    references: &'a References,
    country: Option<Country>,
    outlines: Outlines,
    grades: PlausibleGrades,
    positions: IdMap<LonLat>,
    countries: IdMap<Country>,
    /// Name and row at a place, by coordinates in the seventh decimal.
    places: HashMap<(i64, i64), (u128, String, u32)>,
    facts: Facts,
}

/// Columns of coordinates, for the place of a suspicion.
#[derive(Clone, Copy, Default)]
pub(crate) struct PlaceColumns {
    pub(crate) site: Option<usize>,
    pub(crate) body: Option<usize>,
    pub(crate) hole: Option<usize>,
    pub(crate) sample: Option<usize>,
}

impl<'a> Checks<'a> {
    pub(crate) fn new(references: &'a References, country: Option<&str>) -> Self {
        let named = country.and_then(|text| {
            let list = references.list("countries")?;
            list.recognise(text).map(|c| c.code.as_str()).unwrap_or(text).parse().ok()
        });
        Self {
            references,
            country: named,
            outlines: Outlines::embedded(),
            grades: PlausibleGrades::embedded(),
            positions: IdMap::default(),
            countries: IdMap::default(),
            places: HashMap::new(),
            facts: Facts::default(),
        }
    }

    /// Starts to watch the assays of a sheet.
    pub(crate) fn assays(
        &self,
        columns: &[(usize, u32)],
        determinations: &[Determination],
    ) -> AssayWatch {
        AssayWatch::new(columns, determinations, &self.grades, self.references)
    }

    /// Looks at a row that is about to be accepted.
    pub(crate) fn row(&mut self, row: &mut Row<'_>, made: &Records, columns: PlaceColumns) {
        let site = made.site.as_ref();
        if let Some(site) = site {
            self.countries.insert(site.id.0.as_u128(), site.country);
            if let Some(position) = &site.position {
                let id = site.id.0.as_u128();
                self.place(row, position, Some(site.country), columns.site);
                self.same_place(row, position, (id, &site.name), columns.site);
                self.positions.entry(id).or_insert(position.place);
            }
        }
        if let Some(body) = &made.body {
            self.facts.body(body);
            let site = body.site.0.as_u128();
            let country = self.countries.get(&site).copied();
            self.countries.extend(country.map(|c| (body.id.0.as_u128(), c)));
            if let Some(position) = &body.position {
                self.place(row, position, country, columns.body);
                self.far(row, position, site, ("body", "site", FAR_BODY_M), columns.body);
                self.same_place(row, position, (site, &body.name), columns.body);
                self.positions.entry(body.id.0.as_u128()).or_insert(position.place);
            }
        }
        if let Some(hole) = &made.hole
            && let Some(position) = &hole.collar
        {
            self.belongs(row, position, hole.body.map(|b| b.0.as_u128()), "hole", columns.hole);
        }
        if let Some(sample) = &made.sample
            && let Some(position) = &sample.position
        {
            self.belongs(
                row,
                position,
                sample.body.map(|b| b.0.as_u128()),
                "sample",
                columns.sample,
            );
        }
        for claim in &made.claims {
            let table = row.table;
            self.facts.claim(claim, row, table);
        }
    }

    /// A hole or sample: in its country, and near its body.
    fn belongs(
        &mut self,
        row: &mut Row<'_>,
        position: &Position,
        body: Option<u128>,
        noun: &str,
        column: Option<usize>,
    ) {
        let country = body.and_then(|body| self.countries.get(&body).copied());
        self.place(row, position, country, column);
        if let Some(body) = body {
            self.far(row, position, body, (noun, "body", FAR_SAMPLE_M), column);
        }
    }

    fn place(
        &mut self,
        row: &mut Row<'_>,
        position: &Position,
        country: Option<Country>,
        column: Option<usize>,
    ) {
        let Some(country) = country.or(self.country) else { return };
        match self.outlines.contains(country.code(), position.place) {
            None => return,
            Some(true) => return self.unusual(row, position, country, column),
            Some(false) => {}
        }
        let (x, y, crs) = (position.original.x, position.original.y, position.original.crs);
        let remedy = self.outlines.remedy(country.code(), position, self.references);
        let (code, hint) = match remedy {
            Remedy::Swap => (
                Code::SWAPPED_AXES,
                "with x and y exchanged it lies inside: x is east or longitude".to_owned(),
            ),
            Remedy::OtherCrs(epsgs) => {
                let names: Vec<String> = epsgs.iter().take(4).map(|e| self.name(*e)).collect();
                (Code::WRONG_CRS, format!("it lies inside in {}", names.join(" or in ")))
            }
            Remedy::None => (
                Code::OUTSIDE_COUNTRY,
                format!(
                    "it lies at {:.4} E, {:.4} N",
                    position.place.longitude(),
                    position.place.latitude()
                ),
            ),
        };
        let message = format!("({x}, {y}) in {crs} lies outside {country}");
        row.warning(code, column, message, hint);
    }

    /// A place in the country, but where nobody uses this system.
    fn unusual(
        &mut self,
        row: &mut Row<'_>,
        position: &Position,
        country: Country,
        column: Option<usize>,
    ) {
        const MARGIN_M: f64 = 10_000.0;
        let (x, y, crs) = (position.original.x, position.original.y, position.original.crs);
        let Some(entry) = self.references.crs_entry(crs.epsg()) else { return };
        let usual = (entry.x_min - MARGIN_M..=entry.x_max + MARGIN_M).contains(&x)
            && (entry.y_min - MARGIN_M..=entry.y_max + MARGIN_M).contains(&y);
        if crs.is_geographic() || usual {
            return;
        }
        if let Remedy::OtherCrs(epsgs) =
            self.outlines.remedy(country.code(), position, self.references)
        {
            let names: Vec<String> = epsgs.iter().take(4).map(|e| self.name(*e)).collect();
            let message = format!("({x}, {y}) is beyond the area in which {crs} is used");
            let hint = format!("is it in {}?", names.join(" or in "));
            row.warning(Code::WRONG_CRS, column, message, hint);
        }
    }

    fn name(&self, epsg: u16) -> String {
        let entry = self.references.crs_entry(epsg);
        entry.map_or_else(|| format!("EPSG:{epsg}"), |e| format!("EPSG:{epsg} ({})", e.name))
    }

    fn far(
        &self,
        row: &mut Row<'_>,
        position: &Position,
        parent: u128,
        (noun, of, limit): (&str, &str, f64),
        column: Option<usize>,
    ) {
        let Some(place) = self.positions.get(&parent) else { return };
        let distance = place.distance_m(position.place);
        if distance > limit {
            let message = format!("the {noun} lies {:.0} km from its {of}", distance / 1000.0);
            let hint = "is the coordinate system or a digit wrong?".to_owned();
            row.warning(Code::WRONG_CRS, column, message, hint);
        }
    }

    /// Two sites of different names at exactly one place.
    fn same_place(
        &mut self,
        row: &mut Row<'_>,
        position: &Position,
        (site, name): (u128, &str),
        column: Option<usize>,
    ) {
        let place = position.place;
        #[expect(clippy::cast_possible_truncation, reason = "degrees times ten million fit")]
        let key = ((place.longitude() * 1e7) as i64, (place.latitude() * 1e7) as i64);
        let entry = self.places.entry(key).or_insert((site, name.to_owned(), row.number));
        if entry.0 != site && entry.1 != name {
            let message =
                format!("\"{name}\" stands exactly where \"{}\" of row {} does", entry.1, entry.2);
            row.warning(Code::SAME_PLACE, column, message, None);
        }
    }

    /// Suspicions that only the whole run shows.
    pub(crate) fn finish(self) -> Vec<Issue> {
        self.facts.finish(self.references)
    }
}

/// The intervals of a sheet, to see which overlap.
#[derive(Default)]
pub(crate) struct Intervals(Vec<(u128, f64, f64, u32)>);

impl Intervals {
    /// Notes the interval of a sample; those of quality control repeat others by intent.
    pub(crate) fn add(&mut self, sample: &varp_model::Sample, row: u32) {
        if let (Some(hole), Some(from), Some(to)) = (sample.hole, sample.from_m, sample.to_m)
            && sample.role == QaRole::Original
            && sample.size_fraction.is_none()
        {
            self.0.push((hole.0.as_u128(), from, to, row));
        }
    }

    /// Intervals that begin before the one above them ends.
    pub(crate) fn finish(mut self, table: &Table, column: Option<usize>) -> Vec<Issue> {
        self.0.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.3.cmp(&b.3)));
        let mut issues = Vec::new();
        let mut open: Option<(u128, f64, f64, u32)> = None;
        for &(hole, from, to, row) in &self.0 {
            match open {
                Some((same, above_from, end, above)) if same == hole && from < end - 1e-6 => {
                    issues.push(Issue {
                        severity: Severity::Warning,
                        code: Code::OVERLAP,
                        place: table.place(Some(row), column),
                        cell: None,
                        message: format!(
                            "{from} to {to} m overlaps {above_from} to {end} m of row {above}"
                        ),
                        hint: None,
                    });
                    if to > end {
                        open = Some((hole, from, to, row));
                    }
                }
                _ => open = Some((hole, from, to, row)),
            }
        }
        issues.sort_by_key(|issue| issue.place.row);
        issues
    }
}
