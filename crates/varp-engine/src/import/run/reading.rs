//! One run over all sheets: rows in, batches out.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::mpsc::SyncSender;

use varp_model::{Batch, Dataset, Determination, SampleRow, Source, SourceId, Subject, Survey};

use super::gather::Gathered;
use super::row::Row;
use super::sheet::{SheetReading, delimiter};
use super::state::{Context, IdMap, Made};
use super::table::{BoundTable, Records, whole_source};
use super::{Accept, Options, Output, RejectedRow, Report, TableCount};
use crate::import::check::Checks;
use crate::import::issue::{Issue, Issues, Severity};
use crate::import::mapping::{Mapping, TableMapping};
use crate::import::read::{Document, TextFormat};
use crate::import::{Code, Place};

/// Records of a batch; a batch holds at most this many rows.
const BATCH_ROWS: usize = 2048;

/// The state of a run.
pub(super) struct Run<'a> {
    pub(super) mapping: &'a Mapping,
    pub(super) options: &'a Options<'a>,
    pub(super) context: Context<'a>,
    pub(super) issues: Issues,
    pub(super) sender: SyncSender<Output>,
    pub(super) stopped: bool,
    pub(super) batch: Batch,
    pub(super) batch_rows: usize,
    pub(super) whole_source: Option<SourceId>,
    pub(super) sources: IdMap<()>,
    pub(super) determinations: Vec<Determination>,
    pub(super) determinations_sent: usize,
    pub(super) contents: IdMap<u64>,
    pub(super) claims: IdMap<(u64, u32)>,
    pub(super) surveys: BTreeMap<String, Vec<(Survey, Place)>>,
    pub(super) gathered: Gathered,
    pub(super) checks: Checks<'a>,
    pub(super) tables: Vec<TableCount>,
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

    pub(super) fn flush_if_full(&mut self) {
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
    pub(super) fn check_duplicates(&self, row: &mut Row<'_>, bound: &BoundTable, made: &Records) {
        let finest = finest(bound);
        for (subject, key, column) in subjects(bound, made) {
            let Some(before) = self.context.made(subject) else { continue };
            if subject.kind() == finest && !bound.long_claims {
                let message = format!("the key \"{key}\" stands in row {} already", before.row);
                let hint = "rows that state something of a record read before, such as years of a production table, are \
                            read by [table.subject]: docs/guide/mapping.md";
                row.error(Code::DUPLICATE_KEY, column, message, hint.to_owned());
            }
        }
    }

    pub(super) fn accept(&mut self, row: &mut Row<'_>, bound: &BoundTable, made: Records) {
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

impl Run<'_> {
    pub(super) fn refuse(&mut self, row: &mut Row<'_>, bound: &BoundTable, made: &Records) {
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
