//! One run over all sheets: rows in, batches out.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use varp_model::{
    Batch, Dataset, Determination, QaRole, SampleRow, Source, SourceId, Subject, Survey,
};

use super::bind::{Binder, Table, header_key};
use super::gather::Gathered;
use super::row::Row;
use super::state::{Context, IdMap, Made};
use super::table::{BoundTable, Records, whole_source};
use super::{Accept, Options, Output, RejectedRow, Report, TableCount};
use crate::import::cell::CellRef;
use crate::import::check::{AssayWatch, Checks, Intervals, PlaceColumns};
use crate::import::issue::{Issue, Issues, Severity};
use crate::import::mapping::{Mapping, TableMapping};
use crate::import::measured::Marks;
use crate::import::number::NumberFormat;
use crate::import::read::{Document, TextFormat};
use crate::import::{Code, Place};

/// Records of a batch; a batch holds at most this many rows.
const BATCH_ROWS: usize = 2048;

/// The state of a run.
pub(super) struct Run<'a> {
    mapping: &'a Mapping,
    options: &'a Options<'a>,
    context: Context<'a>,
    issues: Issues,
    sender: SyncSender<Output>,
    stopped: bool,
    batch: Batch,
    batch_rows: usize,
    whole_source: Option<SourceId>,
    sources: IdMap<()>,
    determinations: Vec<Determination>,
    determinations_sent: usize,
    contents: IdMap<u64>,
    claims: IdMap<(u64, u32)>,
    surveys: BTreeMap<String, Vec<(Survey, Place)>>,
    gathered: Gathered,
    checks: Checks<'a>,
    tables: Vec<TableCount>,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        mapping: &'a Mapping,
        options: &'a Options<'a>,
        dataset: &'a Dataset,
        issues: Issues,
        sender: SyncSender<Output>,
    ) -> Self {
        let joins = |t: &TableMapping| {
            t.long.is_some() || t.sample.as_ref().is_some_and(|sample| sample.existing)
        };
        let mut run = Self {
            mapping,
            options,
            context: Context::new(options.references, dataset, options.exists),
            issues,
            sender,
            stopped: false,
            batch: Batch::default(),
            batch_rows: 0,
            whole_source: None,
            sources: IdMap::default(),
            determinations: Vec::new(),
            determinations_sent: 0,
            contents: IdMap::default(),
            claims: IdMap::default(),
            surveys: BTreeMap::new(),
            gathered: Gathered::new(mapping.tables.iter().any(joins)),
            checks: Checks::new(options.references, mapping.country.as_deref()),
            tables: Vec::new(),
        };
        if let Some(document) = &mapping.source {
            match whole_source(document, dataset, mapping.visibility) {
                Ok(mut source) => {
                    source.file_hash.clone_from(&options.file_hash);
                    run.whole_source = Some(source.id);
                    run.add_source(source);
                }
                Err(message) => {
                    let place = Place { file: "mapping".into(), ..Place::default() };
                    run.issues.add(mapping_fault(place, format!("date of the source: {message}")));
                }
            }
        }
        run
    }

    /// Whether nobody takes batches any more.
    pub(super) fn stopped(&self) -> bool {
        self.stopped
    }

    /// Reads one sheet through one table of the mapping.
    pub(super) fn read_sheet(&mut self, document: &mut Document, sheet: usize, table: usize) {
        let spec = &self.mapping.tables[table];
        let Some(name) = document.sheets().into_iter().nth(sheet) else { return };
        let file = document.name.clone();
        let format = TextFormat {
            encoding: spec.encoding.clone(),
            delimiter: spec.delimiter.as_deref().and_then(delimiter),
        };
        let mut reading = SheetReading::new(self, spec, file.clone(), name.name.clone(), name.crs);
        let read = document.rows(sheet, &format, &mut |number, cells| reading.row(number, cells));
        let count = reading.finish();
        if let Err(error) = read {
            self.issues.add(error.issue(&file, name.name.as_ref()));
        }
        self.tables.push(count);
    }

    /// Hands over what is left and tells what came of the run.
    pub(super) fn finish(mut self) -> Report {
        for (hole, surveys) in std::mem::take(&mut self.surveys) {
            for (_, place) in surveys {
                let message = format!("the survey's hole \"{hole}\" has no collar");
                self.issues.add(Issue {
                    severity: Severity::Error,
                    code: Code::NO_COLLAR,
                    place,
                    cell: Some(hole.clone()),
                    message,
                    hint: Some("map the table of collars, or correct the key".into()),
                });
            }
        }
        for row in std::mem::take(&mut self.gathered).into_rows() {
            self.batch.samples.push(row);
            self.batch_rows += 1;
            self.flush_if_full();
        }
        self.flush();
        let Self { checks, mut issues, tables, .. } = self;
        issues.extend(checks.finish());
        Report { issues, tables }
    }

    fn add_source(&mut self, source: Source) {
        if self.sources.insert(source.id.0.as_u128(), ()).is_none() {
            self.batch.sources.push(source);
        }
    }

    fn flush_if_full(&mut self) {
        if self.batch_rows >= BATCH_ROWS {
            self.flush();
        }
    }

    fn flush(&mut self) {
        self.batch_rows = 0;
        let mut batch = std::mem::take(&mut self.batch);
        batch.determinations = self.determinations[self.determinations_sent..].to_vec();
        self.determinations_sent = self.determinations.len();
        let wanted = self.options.accept == Accept::ValidRows || self.issues.errors() == 0;
        if wanted && batch != Batch::default() {
            self.send(Output::Batch(batch));
        }
    }

    fn send(&mut self, output: Output) {
        if !self.stopped {
            self.stopped = self.sender.send(output).is_err();
        }
    }

    /// Refuses a row whose records stand in the import already with other contents.
    fn check_duplicates(&self, row: &mut Row<'_>, bound: &BoundTable, made: &Records) {
        let finest = finest(bound);
        for (subject, key, column) in subjects(bound, made) {
            let Some(before) = self.context.made(subject) else { continue };
            if subject.kind() == finest && !bound.long_claims {
                let message = format!("the key \"{key}\" stands in row {} already", before.row);
                row.error(Code::DUPLICATE_KEY, column, message, None);
            }
        }
    }

    fn accept(&mut self, row: &mut Row<'_>, bound: &BoundTable, made: Records) {
        let place =
            Made { table: u32::try_from(self.tables.len()).unwrap_or(u32::MAX), row: row.number };
        if let Some(source) = made.source {
            self.add_source(source);
        }
        self.batch_rows += 1;
        if let Some(site) = made.site
            && self.is_new(row, bound, Subject::Site(site.id), place, || {
                hash_of(&(&site.name, format!("{:?}{:?}", site.country, site.position)))
            })
        {
            self.batch.sites.push(site);
        }
        if let Some(body) = made.body
            && self.is_new(row, bound, Subject::Body(body.id), place, || {
                hash_of(&(&body.name, format!("{:?}{:?}{:?}", body.kind, body.site, body.position)))
            })
        {
            self.batch.bodies.push(body);
        }
        if let Some(mut hole) = made.hole
            && self.is_new(row, bound, Subject::Hole(hole.id), place, || {
                hash_of(&(&hole.name, format!("{:?}{:?}", hole.collar, hole.depth_m)))
            })
        {
            if let Some(surveys) = self.surveys.remove(&hole.origin.key) {
                hole.surveys = surveys.into_iter().map(|(survey, _)| survey).collect();
                hole.surveys.sort_by(|a, b| a.depth_m.total_cmp(&b.depth_m));
            }
            self.batch.holes.push(hole);
        }
        if let Some((hole, survey)) = made.survey {
            let place = bound.table.place(Some(row.number), None);
            self.surveys.entry(hole).or_default().push((survey, place));
        }
        self.accept_assays(made.sample, made.sample_key, made.assays, made.long, place);
        for claim in made.claims {
            self.accept_claim(claim);
        }
    }

    fn accept_assays(
        &mut self,
        sample: Option<varp_model::Sample>,
        existing: Option<varp_model::SampleId>,
        mut assays: Vec<varp_model::Assay>,
        long: Option<(Determination, varp_model::Measured<varp_model::Reported>)>,
        place: Made,
    ) {
        if let Some((determination, value)) = long {
            let at = self.gathered.determination(determination, &mut self.determinations);
            assays.push(varp_model::Assay { determination: at, value });
        }
        match (sample, existing) {
            (Some(sample), _) if self.gathered.wanted() => {
                self.context.add_made(Subject::Sample(sample.id), place);
                self.gathered.add_sample(sample, assays);
            }
            (Some(sample), _) => {
                self.context.add_made(Subject::Sample(sample.id), place);
                self.batch.samples.push(SampleRow { sample, assays });
            }
            (None, Some(id)) => self.gathered.add_assays(id, assays),
            (None, None) => {}
        }
    }

    /// Whether a record is new; a later row that says something else of it is noted.
    fn is_new(
        &mut self,
        row: &mut Row<'_>,
        bound: &BoundTable,
        subject: Subject,
        place: Made,
        content: impl FnOnce() -> u64,
    ) -> bool {
        let repeats = subject.kind() != finest(bound) || bound.long_claims;
        let id = subject.uuid().as_u128();
        let before = self.context.made(subject);
        let content = if repeats { content() } else { 0 };
        if let Some(before) = before {
            if self.contents.get(&id).is_some_and(|c| *c != content) {
                let message = format!(
                    "the {} of this row differs from that of row {}, which counts",
                    subject.kind(),
                    before.row
                );
                row.warning(Code::DIFFERS, None, message, None);
            }
            return false;
        }
        if repeats {
            self.contents.insert(id, content);
        }
        self.context.add_made(subject, place);
        true
    }

    /// Adds a claim; the same claim twice counts once, another value under its key gets a number.
    fn accept_claim(&mut self, mut claim: varp_model::Claim) {
        let content = hash_of(&format!("{:?}", claim.value));
        let base = claim.origin.key.clone();
        loop {
            match self.claims.get_mut(&claim.id.0.as_u128()) {
                None => break,
                Some((same, _)) if *same == content => return,
                Some((_, next)) => {
                    *next += 1;
                    claim.origin.key = format!("{base}|{next}");
                    claim.id = varp_model::ClaimId::of(&claim.origin.dataset, &claim.origin.key);
                }
            }
        }
        self.claims.insert(claim.id.0.as_u128(), (content, 1));
        self.batch.claims.push(claim);
    }
}

fn mapping_fault(place: Place, message: String) -> Issue {
    Issue { severity: Severity::Error, code: Code::MAPPING, place, cell: None, message, hint: None }
}

fn hash_of(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Kind of the finest record that each row makes: its key must not repeat.
fn finest(bound: &BoundTable) -> &'static str {
    match (&bound.sample, &bound.hole, &bound.body) {
        (Some(_), _, _) => "sample",
        (None, Some(_), _) => "hole",
        (None, None, Some(_)) => "body",
        (None, None, None) => "site",
    }
}

fn subjects<'m>(
    bound: &'m BoundTable,
    made: &'m Records,
) -> impl Iterator<Item = (Subject, &'m str, Option<usize>)> {
    let site = made.site.as_ref().map(|s| (Subject::Site(s.id), s.origin.key.as_str()));
    let body = made.body.as_ref().map(|b| (Subject::Body(b.id), b.origin.key.as_str()));
    let hole = made.hole.as_ref().map(|h| (Subject::Hole(h.id), h.origin.key.as_str()));
    let sample = made.sample.as_ref().filter(|_| bound.long.is_none());
    let sample = sample.map(|s| (Subject::Sample(s.id), s.origin.key.as_str()));
    let column = |field: Option<&super::bind::BoundField>| field.and_then(|f| f.column());
    [
        site.map(|(s, k)| (s, k, column(bound.site.as_ref().map(|f| &f.key)))),
        body.map(|(s, k)| (s, k, column(bound.body.as_ref().map(|f| &f.key)))),
        hole.map(|(s, k)| (s, k, column(bound.hole.as_ref().map(|f| &f.key)))),
        sample.map(|(s, k)| (s, k, column(bound.sample.as_ref().map(|f| &f.key)))),
    ]
    .into_iter()
    .flatten()
}

fn delimiter(text: &str) -> Option<u8> {
    match text {
        "\\t" | "tab" => Some(b'\t'),
        _ => text.as_bytes().first().copied().filter(|_| text.len() == 1),
    }
}

/// One sheet on its way through one table: header first, then rows.
struct SheetReading<'r, 'a> {
    run: &'r mut Run<'a>,
    spec: &'a TableMapping,
    header_rows: Vec<u32>,
    headers: Vec<Vec<String>>,
    first_row: u32,
    table: Option<Table>,
    bound: Option<BoundTable>,
    usable: bool,
    watch: Option<AssayWatch>,
    intervals: Intervals,
    places: PlaceColumns,
    count: TableCount,
}

impl<'r, 'a> SheetReading<'r, 'a> {
    fn new(
        run: &'r mut Run<'a>,
        spec: &'a TableMapping,
        file: Arc<str>,
        sheet: Option<Arc<str>>,
        crs: Option<varp_model::Crs>,
    ) -> Self {
        let header_rows = spec.header.as_ref().map_or_else(|| vec![1], |rows| rows.list());
        let special = [spec.units_row, spec.method_row];
        let last = header_rows.iter().copied().chain(special.into_iter().flatten()).max();
        let first_row = spec.first_row.unwrap_or(last.unwrap_or(0) + 1);
        let lower = |marks: &[String]| marks.iter().map(|m| m.trim().to_lowercase()).collect();
        let mut missing: Vec<String> = lower(&spec.missing);
        missing.extend(lower(&spec.censoring.missing));
        let count = TableCount {
            file: file.to_string(),
            sheet: sheet.as_ref().map(ToString::to_string),
            rows: 0,
            refused: 0,
        };
        let table = Table {
            file,
            sheet,
            headers: Vec::new(),
            units: Vec::new(),
            methods: Vec::new(),
            format: NumberFormat {
                decimal: spec.decimal.as_ref().and_then(|d| d.chars().next()).unwrap_or('.'),
                thousands: spec.thousands.as_ref().and_then(|t| t.chars().next()),
            },
            marks: Marks {
                below: lower(&spec.censoring.below),
                above: lower(&spec.censoring.above),
                missing: missing.clone(),
            },
            missing,
            dates: spec.dates,
            sheet_crs: crs,
        };
        let headers = vec![Vec::new(); header_rows.len()];
        let (table, bound) = (Some(table), None);
        Self {
            run,
            spec,
            header_rows,
            headers,
            first_row,
            table,
            bound,
            usable: true,
            watch: None,
            intervals: Intervals::default(),
            places: PlaceColumns::default(),
            count,
        }
    }

    fn row(&mut self, number: u32, cells: &[CellRef<'_>]) -> ControlFlow<()> {
        if number < self.first_row {
            self.above(number, cells);
            return ControlFlow::Continue(());
        }
        if self.bound.is_none() && self.usable {
            self.bind();
        }
        let Some(bound) = &self.bound else { return ControlFlow::Break(()) };
        let Some(first) = cells.iter().find(|c| !c.is_blank()) else {
            return ControlFlow::Continue(());
        };
        if let Some(stop) = &self.spec.stop_at
            && first.text().to_lowercase().starts_with(&stop.to_lowercase())
        {
            return ControlFlow::Break(());
        }
        let mut row = Row::new(&bound.table, number, cells);
        if let Some(column) = note(bound, cells) {
            let message = "the row holds a note and no key; it is not read".to_owned();
            row.warning(Code::NOTE_ROW, Some(column), message, None);
            self.run.issues.extend(row.issues);
            return ControlFlow::Continue(());
        }
        self.count.rows += 1;
        check_width(&mut row);
        let made = bound.read(&mut row, &self.run.context, self.run.whole_source);
        if !row.refused {
            self.run.check_duplicates(&mut row, bound, &made);
        }
        if row.refused {
            self.count.refused += 1;
            self.run.refuse(&mut row, bound, &made);
        } else {
            self.run.checks.row(&mut row, &made, self.places);
            if let Some(sample) = &made.sample {
                self.intervals.add(sample, number);
            }
            if let Some(watch) = &mut self.watch {
                let original = made.sample.as_ref().is_none_or(|s| s.role == QaRole::Original);
                watch.row(&mut row, &made.assays, original);
            }
            self.run.accept(&mut row, bound, made);
        }
        self.run.issues.extend(row.issues);
        self.run.flush_if_full();
        if self.run.stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// A row above the data: header, units, methods or a title.
    fn above(&mut self, number: u32, cells: &[CellRef<'_>]) {
        let texts = || cells.iter().map(|c| c.text().into_owned()).collect::<Vec<_>>();
        for (at, _) in self.header_rows.iter().enumerate().filter(|(_, row)| **row == number) {
            self.headers[at] = texts();
        }
        let Some(table) = &mut self.table else { return };
        if self.spec.units_row == Some(number) {
            table.units = texts();
        }
        if self.spec.method_row == Some(number) {
            table.methods = texts();
        }
    }

    /// Binds the mapping to the header; with a fault in it no row is read.
    fn bind(&mut self) {
        let Some(mut table) = self.table.take() else { return };
        table.headers = join_headers(&self.headers).iter().map(|h| h.as_str().into()).collect();
        let mut binder = Binder::new(&table);
        let run = &mut *self.run;
        let bound = BoundTable::bind(
            &mut binder,
            run.mapping,
            self.spec,
            &table,
            &run.context,
            &mut run.determinations,
        );
        let faults = std::mem::take(&mut binder.issues);
        let unused = binder.unused(self.spec);
        for column in unused {
            run.issues.add(Issue {
                severity: Severity::Warning,
                code: Code::UNUSED_COLUMN,
                place: table.place(None, Some(column)),
                cell: None,
                message: "the column is not read".into(),
                hint: Some("map it, or list it under ignore".into()),
            });
        }
        self.usable = faults.iter().all(|fault| fault.severity == Severity::Warning);
        run.issues.extend(faults);
        if self.usable {
            let bound = bound(table);
            let columns: Vec<_> =
                bound.assays.iter().map(|a| (a.column, a.determination)).collect();
            if !columns.is_empty() {
                self.watch = Some(self.run.checks.assays(&columns, &self.run.determinations));
            }
            self.places = bound.place_columns();
            self.bound = Some(bound);
        }
    }

    fn finish(mut self) -> TableCount {
        if self.bound.is_none() && self.usable {
            self.bind(); // a table without rows still has its columns checked
        }
        if let Some(bound) = &self.bound {
            if let Some(watch) = self.watch.take() {
                self.run.issues.extend(watch.finish(&bound.table, self.run.options.references));
            }
            let column = bound.sample.as_ref().and_then(|s| s.from.as_ref()?.column());
            let intervals = std::mem::take(&mut self.intervals);
            self.run.issues.extend(intervals.finish(&bound.table, column));
        }
        self.count
    }
}

/// Titles of columns from several rows; the upper ones are filled to the right, as merged cells.
pub(crate) fn join_headers(rows: &[Vec<String>]) -> Vec<String> {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut joined = vec![String::new(); width];
    for (at, row) in rows.iter().enumerate() {
        let last = at + 1 == rows.len();
        let mut above = "";
        for (column, title) in joined.iter_mut().enumerate() {
            let own = row.get(column).map_or("", |t| t.trim());
            if !own.is_empty() {
                above = own;
            }
            let part = if last { own } else { above };
            if !part.is_empty() && header_key(part) != header_key(title) {
                if !title.is_empty() {
                    title.push(' ');
                }
                title.push_str(&part.split_whitespace().collect::<Vec<_>>().join(" "));
            }
        }
    }
    joined
}

/// Columns that a table has before a lonely text in it is taken for a note.
const WIDE: usize = 4;

/// The column of the only text of a row that has no key.
fn note(bound: &BoundTable, cells: &[CellRef<'_>]) -> Option<usize> {
    let mut filled = cells.iter().enumerate().filter(|(_, cell)| !cell.is_blank());
    let (at, cell) = filled.next()?;
    let lonely = filled.next().is_none() && bound.table.headers.len() >= WIDE;
    let text = matches!(cell, CellRef::Text(t) if t.chars().any(char::is_alphabetic));
    let keys = [
        bound.sample.as_ref().map(|f| &f.key),
        bound.hole.as_ref().map(|f| &f.key),
        bound.body.as_ref().map(|f| &f.key),
        bound.site.as_ref().map(|f| &f.key),
    ];
    let mut keys = keys.into_iter().flatten().flat_map(|key| &key.columns);
    (lonely && text && keys.all(|column| *column != at)).then_some(at)
}

/// A row of a text file with more cells than its header has been torn apart.
fn check_width(row: &mut Row<'_>) {
    let columns = row.table.headers.len();
    if row.cells.len() > columns && row.cells[columns..].iter().any(|c| !c.is_blank()) {
        let message = format!("the row has {} cells, the header {columns}", row.cells.len());
        let hint = "a delimiter inside a cell needs quotation marks around the cell".to_owned();
        row.error(Code::TORN_ROW, None, message, hint);
    }
}

impl Run<'_> {
    fn refuse(&mut self, row: &mut Row<'_>, bound: &BoundTable, made: &Records) {
        let place = Made { table: 0, row: row.number };
        for (subject, _, _) in subjects(bound, made) {
            self.context.add_refused(subject, place);
        }
        if self.options.accept == Accept::ValidRows {
            let rejected = RejectedRow {
                file: bound.table.file.to_string(),
                sheet: bound.table.sheet.as_ref().map(ToString::to_string),
                headers: bound.table.headers.iter().map(ToString::to_string).collect(),
                row: row.number,
                cells: row.cells.iter().map(|c| c.text().into_owned()).collect(),
                reasons: row
                    .issues
                    .iter()
                    .filter(|i| i.severity == Severity::Error)
                    .cloned()
                    .collect(),
            };
            self.send(Output::Rejected(rejected));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::join_headers;

    #[test]
    fn merged_headers_reach_over_the_columns_below_them() {
        let row = |cells: &[&str]| cells.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>();
        let joined =
            join_headers(&[row(&["", "Cu", "", "Zn"]), row(&["Sample", "ppm", "%", "ppm"])]);
        assert_eq!(joined, ["Sample", "Cu ppm", "Cu %", "Zn ppm"]);
    }
}
