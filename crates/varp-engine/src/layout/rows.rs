//! The rows of one table: one for each record, claim, survey or result that it would make.

use std::collections::{BTreeMap, BTreeSet};

use varp_model::{
    Assay, Body, BodyId, CellValue, Claim, ClaimId, Hole, Locator, Sample, SampleRow, Sheet, Site,
    SourceId, Subject,
};

use super::Held;
use super::assays::Assays;
use super::fields::named;
use super::grid::{Columns, Line};
use super::records::Writer;
use crate::import::mapping::{ClaimFields, ColumnRef, TableMapping};

/// A sheet with the rows of a table.
pub(super) fn sheet(
    held: &Held<'_>,
    table: &TableMapping,
    name: String,
    notes: &mut Vec<String>,
) -> Sheet {
    let mut builder = Builder {
        writer: Writer { held, table },
        fields: Writer { held, table }.claim_fields(),
        assays: Assays::new(held, table),
        columns: Columns::new(columns(table)),
        lines: Vec::new(),
        written: BTreeSet::new(),
        clashes: 0,
        elsewhere: 0,
    };
    builder.assays.spell(&mut builder.columns);
    builder.fill();
    let lost = builder.claims_left_out();
    if lost > 0 {
        notes.push(format!("sheet \"{name}\" has no columns for {lost} claims of its records"));
    }
    if builder.elsewhere > 0 {
        notes.push(format!(
            "sheet \"{name}\" leaves out {} bodies whose site was merged into one of another \
             collection",
            builder.elsewhere
        ));
    }
    if builder.clashes > 0 {
        notes.push(format!(
            "sheet \"{name}\": in {} cells two records of a row differ; the finer one stands there",
            builder.clashes
        ));
    }
    builder.finish(name)
}

struct Builder<'a> {
    writer: Writer<'a>,
    fields: Vec<ClaimFields>,
    assays: Assays<'a>,
    columns: Columns,
    lines: Vec<Vec<CellValue>>,
    written: BTreeSet<ClaimId>,
    clashes: usize,
    /// Bodies left out because their site is one of another collection.
    elsewhere: usize,
}

impl<'a> Builder<'a> {
    fn held(&self) -> &'a Held<'a> {
        self.writer.held
    }

    fn table(&self) -> &'a TableMapping {
        self.writer.table
    }

    fn fill(&mut self) {
        let table = self.table();
        let long_claims = table.claims.iter().any(|f| !f.property.0.columns.is_empty());
        let records = table.site.is_some() || table.body.is_some() || table.hole.is_some();
        if table.survey.is_some() {
            self.surveys();
        } else if table.sample.is_some() {
            self.samples();
        } else if long_claims || !records {
            self.claim_rows();
        } else if table.hole.is_some() {
            self.holes();
        } else if table.body.is_some() {
            self.bodies();
        } else {
            self.sites();
        }
    }

    fn add(&mut self, write: impl FnOnce(&mut Self, &mut Line<'_>)) {
        let columns = std::mem::replace(&mut self.columns, Columns::new(Vec::new()));
        let mut line = Line::new(&columns, self.table());
        write(self, &mut line);
        self.clashes += line.clashes.len();
        let cells = line.cells;
        self.columns = columns;
        self.lines.push(cells);
    }

    fn surveys(&mut self) {
        let Some(f) = &self.table().survey else { return };
        let held = self.held();
        for hole in held.contents.holes.iter().filter(|h| held.own(&h.origin)) {
            for survey in &hole.surveys {
                self.add(|own, line| {
                    line.put(Some(&f.hole), Some(super::grid::key_said(&hole.origin.key)));
                    line.put(Some(&f.depth), Some(own.writer.length(survey.depth_m)));
                    line.put(Some(&f.azimuth), Some(survey.azimuth));
                    line.put(Some(&f.dip), Some(own.writer.dip(survey.dip)));
                });
            }
        }
    }

    fn sites(&mut self) {
        let held = self.held();
        let own = held.contents.sites.iter();
        let mut sites: Vec<&Site> = own.filter(|s| self.mine(&s.origin, &s.locator)).collect();
        sites.sort_by_key(|s| order(&s.locator, &s.origin.key));
        for site in sites {
            self.add(|own, line| own.site_row(line, site, (site.source, &site.locator)));
        }
    }

    fn bodies(&mut self) {
        let held = self.held();
        let own = held.contents.bodies.iter();
        let mut bodies: Vec<&Body> = own.filter(|b| self.mine(&b.origin, &b.locator)).collect();
        // a body whose site was merged into one of another collection has no key of a site here
        let at_own = |b: &Body| held.sites.get(&b.site).is_some_and(|s| held.own(&s.origin));
        let all = bodies.len();
        bodies.retain(|b| at_own(b));
        self.elsewhere += all - bodies.len();
        bodies.sort_by_key(|b| order(&b.locator, &b.origin.key));
        for body in bodies {
            self.add(|own, line| own.body_row(line, body, (body.source, &body.locator)));
        }
    }

    fn holes(&mut self) {
        let held = self.held();
        let own = held.contents.holes.iter();
        let mut holes: Vec<&Hole> = own.filter(|h| self.mine(&h.origin, &h.locator)).collect();
        holes.sort_by_key(|h| order(&h.locator, &h.origin.key));
        for hole in holes {
            self.add(|own, line| {
                let source = (hole.source, &hole.locator);
                if let Some(f) = &own.table().hole {
                    own.writer.hole(line, f, hole);
                }
                own.claims_of(line, Subject::Hole(hole.id), source.0);
                own.body_of(line, hole.body, source);
                own.source(line, source);
            });
        }
    }

    fn samples(&mut self) {
        let held = self.held();
        let Some(f) = &self.table().sample else { return };
        let by_results = f.existing || self.table().long.is_some();
        let mine = |row: &&SampleRow| {
            held.own(&row.sample.origin)
                && if by_results {
                    row.assays.iter().any(|a| self.assays.reads(a.determination))
                } else {
                    held.through(self.table(), &row.sample.locator)
                }
        };
        let mut rows: Vec<&SampleRow> = held.contents.samples.iter().filter(mine).collect();
        rows.sort_by_key(|row| order(&row.sample.locator, &row.sample.origin.key));
        for SampleRow { sample, assays } in rows {
            let alone = |a: &&Assay| self.assays.stands_alone(a.determination);
            let long: Vec<&Assay> = assays.iter().filter(alone).collect();
            if long.is_empty() {
                self.add(|own, line| own.sample_row(line, sample, assays));
            }
            for assay in long {
                self.add(|own, line| {
                    own.sample_row(line, sample, assays);
                    own.assays.write_alone(line, own.table(), assay);
                });
            }
        }
    }

    fn sample_row(&mut self, line: &mut Line<'_>, sample: &Sample, assays: &[Assay]) {
        let source = (sample.source, &sample.locator);
        if let Some(f) = &self.table().sample {
            self.writer.sample(line, f, sample);
        }
        self.assays.write(line, assays);
        self.claims_of(line, Subject::Sample(sample.id), source.0);
        let hole = sample.hole.and_then(|id| self.held().holes.get(&id).copied());
        if let (Some(f), Some(hole)) = (&self.table().hole, hole) {
            self.writer.hole(line, f, hole);
        }
        self.body_of(line, sample.body.or(hole.and_then(|h| h.body)), source);
        self.source(line, source);
    }

    /// Body and site of a finer record, where the row makes them too.
    fn body_of(&mut self, line: &mut Line<'_>, body: Option<BodyId>, source: (SourceId, &Locator)) {
        let body = body.and_then(|id| self.held().bodies.get(&id).copied());
        if let Some(body) = body.filter(|b| self.held().own(&b.origin)) {
            self.body_row(line, body, source);
        }
    }

    fn body_row(&mut self, line: &mut Line<'_>, body: &Body, source: (SourceId, &Locator)) {
        if let Some(f) = &self.table().body {
            self.writer.body(line, f, body);
        }
        self.claims_of(line, Subject::Body(body.id), source.0);
        if let Some(site) = self.held().sites.get(&body.site).copied()
            && self.held().own(&site.origin)
        {
            self.site_row(line, site, source);
        } else {
            self.source(line, source);
        }
    }

    fn site_row(&mut self, line: &mut Line<'_>, site: &Site, source: (SourceId, &Locator)) {
        if let Some(f) = &self.table().site {
            self.writer.site(line, f, site);
        }
        self.claims_of(line, Subject::Site(site.id), source.0);
        self.source(line, source);
    }

    fn source(&self, line: &mut Line<'_>, (source, locator): (SourceId, &Locator)) {
        if let Some(source) = self.held().sources.get(&source) {
            self.writer.source(line, source, locator);
        }
    }

    /// Claims about a record of the row, from the source of the row.
    fn claims_of(&mut self, line: &mut Line<'_>, subject: Subject, source: SourceId) {
        let held = self.held();
        let kind = subject.kind();
        let fields: Vec<ClaimFields> =
            self.fields.iter().filter(|f| f.subject.as_deref() == Some(kind)).cloned().collect();
        if fields.is_empty() {
            return;
        }
        let about = held.claims.get(&subject).map_or(&[][..], Vec::as_slice);
        let own = about.iter().filter(|c| c.source == source && self.mine_claim(c));
        let claims: Vec<&Claim> = own.copied().collect();
        // a site stands in many rows: what is said of it stands in each
        let mut written = if kind == "site" { BTreeSet::new() } else { self.written.clone() };
        self.writer.claims(line, &fields, &claims, &mut written);
        self.written.extend(written);
    }

    /// A row for each row that claims were read from.
    fn claim_rows(&mut self) {
        let held = self.held();
        let mut groups: BTreeMap<_, Vec<&Claim>> = BTreeMap::new();
        for claim in held.contents.claims.iter().filter(|c| self.mine_claim(c)) {
            let place = order(&claim.locator, "");
            groups.entry((place, claim.subject, claim.source)).or_default().push(claim);
        }
        for ((_, subject, source), claims) in groups {
            let mut left: Vec<&Claim> = claims;
            while let Some(first) = left.first().copied() {
                let before = self.written.len();
                self.add(|own, line| {
                    let fields = own.fields.clone();
                    let mut written = std::mem::take(&mut own.written);
                    own.writer.claims(line, &fields, &left, &mut written);
                    own.written = written;
                    own.record_of(line, subject, (source, &first.locator));
                });
                left.retain(|claim| !self.written.contains(&claim.id));
                if self.written.len() == before {
                    self.lines.pop(); // no column takes what is left
                    break;
                }
            }
        }
    }

    /// The record that a row of claims is about.
    fn record_of(&mut self, line: &mut Line<'_>, subject: Subject, source: (SourceId, &Locator)) {
        if let Some(f) = &self.table().subject {
            self.writer.subject(line, f, subject);
        }
        match subject {
            Subject::Body(id) => self.body_of(line, Some(id), source),
            Subject::Site(id) => {
                if let Some(site) = self.held().sites.get(&id).copied() {
                    self.site_row(line, site, source);
                }
            }
            _ => {}
        }
        self.source(line, source);
    }

    fn mine(&self, origin: &varp_model::Origin, locator: &Locator) -> bool {
        self.held().own(origin) && self.held().through(self.table(), locator)
    }

    fn mine_claim(&self, claim: &Claim) -> bool {
        self.mine(&claim.origin, &claim.locator)
    }

    /// Claims of this table that no column took.
    fn claims_left_out(&self) -> usize {
        let claims = self.held().contents.claims.iter();
        claims.filter(|c| self.mine_claim(c) && !self.written.contains(&c.id)).count()
    }

    /// Rows above the data as the mapping expects them, then the data.
    fn finish(self, name: String) -> Sheet {
        let table = self.table();
        let header_rows = table.header.as_ref().map_or_else(|| vec![1], |rows| rows.list());
        let special = [table.units_row, table.method_row];
        let last = header_rows.iter().copied().chain(special.into_iter().flatten()).max();
        let first = table.first_row.unwrap_or(last.unwrap_or(0) + 1).max(1);
        let mut rows: Vec<Vec<CellValue>> = vec![Vec::new(); first as usize - 1];
        let mut put = |number: Option<u32>, cells: Vec<CellValue>| {
            let at = number.and_then(|n| n.checked_sub(1)).map(|n| n as usize);
            if let Some(row) = at.and_then(|at| rows.get_mut(at)) {
                *row = cells;
            }
        };
        let headers = self.columns.headers();
        let texts = |texts: Vec<String>| texts.into_iter().map(CellValue::Text).collect();
        put(header_rows.iter().copied().max(), texts(headers.to_vec()));
        put(table.units_row, self.assays.row(&self.columns, |d| d.unit.symbol().to_owned()));
        let methods = self.assays.row(&self.columns, |d| d.method.clone().unwrap_or_default());
        put(table.method_row, methods);
        rows.extend(self.lines);
        Sheet { name, crs: None, rows, first_row: 1 }
    }
}

/// Order of records: by row, whichever file it was in, for an edited file keeps the rows of the
/// one before; then by key.
fn order(locator: &Locator, key: &str) -> (Option<u32>, String) {
    (locator.row, key.to_owned())
}

/// The columns that a table names, in the order of the mapping's sections.
fn columns(table: &TableMapping) -> Vec<ColumnRef> {
    let ignored = table.ignore.iter().filter(|h| *h != "*").map(|h| ColumnRef::Header(h.clone()));
    named(table).into_iter().flat_map(|f| f.columns.clone()).chain(ignored).collect()
}
