//! The register in one GeoPackage file.

mod assay;
mod body;
mod boxes;
mod care;
mod change;
mod claim;
mod computed;
mod contents;
mod context;
mod extent;
mod functions;
mod hole;
mod import;
mod links;
mod materials;
mod merge;
mod open;
mod page;
mod prefer;
mod record;
mod results;
mod review;
mod row;
mod rtree;
mod sample;
mod samples;
mod schema;
mod search;
mod site;
mod source;
mod undo;
mod values;
mod visibility;
mod zone;

pub(crate) use schema::{APPLICATION_ID, GEOPACKAGE_VERSION};

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use rusqlite::Connection;
use uuid::Uuid;
use varp_model::{
    Bbox, BodyId, Change, Claim, ClaimId, Decision, Hole, HoleId, Import, ImportId,
    ReferenceVersion, ResultId, ResultKind, ResultRecord, SampleId, SiteId, Source, SourceId,
    StoredResult, Visibility,
};

use crate::query::{
    AssayItem, BodyItem, BodyPage, Collection, Health, Imported, MapPoint, Page, QuantityItem,
    Query, SampleItem, SearchHit, SitePage, SourcePage, Undone,
};
use crate::{ImportWriter, Result, Store, StoreError};

/// A register in one GeoPackage file: readers side by side, one writer at a time.
///
/// While open, the file is in WAL mode; the last one to close it leaves one plain file. Edits of
/// other programs, such as QGIS, are taken in when a reader or writer next looks.
pub struct GeoPackage {
    path: PathBuf,
    patience: Duration,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<open::Reader>>,
    totals: Mutex<page::Totals>,
}

impl Store for GeoPackage {
    fn begin_import(&self, import: &Import) -> Result<Box<dyn ImportWriter + '_>> {
        Ok(Box::new(import::Writer::begin(self, import)?))
    }

    fn imports(&self) -> Result<Vec<(Import, Imported)>> {
        self.read(import::read_all)
    }

    fn undo(&self, import: ImportId, actor: &str, because: &str) -> Result<Undone> {
        self.write(actor, because, |connection| undo::undo(connection, import))
    }

    fn prefer(&self, claim: ClaimId, actor: &str, because: &str) -> Result<()> {
        self.write(actor, because, |connection| prefer::prefer(connection, claim, because))
    }

    fn merge_sites(&self, kept: SiteId, gone: SiteId, actor: &str, because: &str) -> Result<()> {
        self.write(actor, because, |connection| {
            merge::sites(connection, kept, gone, actor, because)
        })
    }

    fn merge_bodies(&self, kept: BodyId, gone: BodyId, actor: &str, because: &str) -> Result<()> {
        self.write(actor, because, |connection| {
            merge::bodies(connection, kept, gone, actor, because)
        })
    }

    fn keep_apart(&self, a: Uuid, b: Uuid, actor: &str, because: &str) -> Result<()> {
        self.write(actor, because, |connection| merge::keep_apart(connection, a, b, actor, because))
    }

    fn kept_apart(&self) -> Result<Vec<(Uuid, Uuid)>> {
        self.read(merge::kept_apart)
    }

    fn redirect(&self, gone: Uuid, audience: Visibility) -> Result<Option<Uuid>> {
        self.read(|connection| merge::redirect(connection, gone, audience))
    }

    fn sites(&self, query: &Query) -> Result<Page<SitePage>> {
        self.read(|connection| site::list(connection, query, &self.totals))
    }

    fn bodies(&self, query: &Query) -> Result<Page<BodyItem>> {
        self.read(|connection| body::list(connection, query, &self.totals))
    }

    fn samples(&self, query: &Query) -> Result<Page<SampleItem>> {
        self.read(|connection| sample::list(connection, query, &self.totals))
    }

    fn assays(&self, query: &Query) -> Result<Page<AssayItem>> {
        self.read(|connection| assay::list(connection, query, &self.totals))
    }

    fn quantities(&self, query: &Query) -> Result<Page<QuantityItem>> {
        self.read(|connection| claim::list(connection, query, &self.totals))
    }

    fn sources(&self, query: &Query) -> Result<Page<Source>> {
        self.read(|connection| source::list(connection, query, &self.totals))
    }

    fn site(&self, id: SiteId, audience: Visibility) -> Result<Option<SitePage>> {
        self.read(|connection| site::page(connection, id, audience))
    }

    fn body(&self, id: BodyId, audience: Visibility) -> Result<Option<BodyPage>> {
        self.read(|connection| body::page(connection, id, audience))
    }

    fn sample(&self, id: SampleId, audience: Visibility) -> Result<Option<SampleItem>> {
        self.read(|connection| sample::item(connection, id, audience))
    }

    fn assay(&self, id: &str, audience: Visibility) -> Result<Option<AssayItem>> {
        self.read(|connection| assay::item(connection, id, audience))
    }

    fn hole(&self, id: HoleId, audience: Visibility) -> Result<Option<Hole>> {
        self.read(|connection| hole::one(connection, id, audience))
    }

    fn source(&self, id: SourceId, audience: Visibility) -> Result<Option<SourcePage>> {
        self.read(|connection| source::page(connection, id, audience))
    }

    fn claim(&self, id: ClaimId, audience: Visibility) -> Result<Option<Claim>> {
        self.read(|connection| claim::one(connection, id, audience))
    }

    fn claims_of(&self, subjects: &[Uuid], audience: Visibility) -> Result<Vec<Claim>> {
        self.read(|connection| claim::of_subjects(connection, subjects, audience))
    }

    fn sampled_or_zoned(&self, bodies: &[BodyId]) -> Result<std::collections::BTreeSet<BodyId>> {
        self.read(|connection| sample::sampled_or_zoned(connection, bodies))
    }

    fn extent(&self, collection: Collection, audience: Visibility) -> Result<Option<Bbox>> {
        self.read(|connection| extent::extent(connection, collection, audience, &self.totals))
    }

    fn map_points(&self, audience: Visibility) -> Result<Vec<MapPoint>> {
        self.read(|connection| body::map_points(connection, audience))
    }

    fn search(&self, words: &str, limit: usize, audience: Visibility) -> Result<Vec<SearchHit>> {
        self.read(|connection| search::search(connection, words, limit, audience))
    }

    fn changes(&self, row: &str, audience: Visibility) -> Result<Vec<Change>> {
        self.read(|connection| change::of_row(connection, row, audience))
    }

    fn add_results(&self, results: &[StoredResult], actor: &str, because: &str) -> Result<u64> {
        self.write(actor, because, |connection| computed::add(connection, results, actor))
    }

    fn result(&self, id: ResultId, audience: Visibility) -> Result<Option<ResultRecord>> {
        self.read(|connection| computed::one(connection, id, audience))
    }

    fn results_of(
        &self,
        subject: Option<BodyId>,
        kind: ResultKind,
        audience: Visibility,
    ) -> Result<Vec<ResultRecord>> {
        self.read(|connection| computed::of(connection, kind, subject, audience))
    }

    fn latest_results(&self, kind: ResultKind, audience: Visibility) -> Result<Vec<ResultRecord>> {
        self.read(|connection| computed::latest(connection, kind, audience))
    }

    fn standing_results(
        &self,
        kind: ResultKind,
        subject: Option<BodyId>,
        audience: Visibility,
    ) -> Result<Vec<ResultRecord>> {
        self.read(|connection| computed::standing_of(connection, kind, subject, audience))
    }

    fn adopted_results(
        &self,
        kind: ResultKind,
        subject: Option<BodyId>,
        audience: Visibility,
    ) -> Result<Vec<ResultRecord>> {
        self.read(|connection| computed::adopted(connection, kind, subject, audience))
    }

    fn add_decision(&self, decision: &Decision) -> Result<()> {
        self.write(&decision.person, &decision.reason, |connection| {
            computed::decide(connection, decision)
        })
    }

    fn decisions(&self, result: ResultId, audience: Visibility) -> Result<Vec<Decision>> {
        self.read(|connection| computed::decisions(connection, result, audience))
    }

    fn keep_reference(&self, file: &ReferenceVersion, content: &str, actor: &str) -> Result<()> {
        self.write(actor, "a result used it", |connection| {
            computed::keep_reference(connection, file, content)
        })
    }

    fn reference(&self, version: &str) -> Result<Option<String>> {
        self.read(|connection| computed::reference(connection, version))
    }

    fn version(&self) -> Result<u64> {
        self.read(care::version)
    }

    fn secret(&self) -> Result<u64> {
        self.read(care::secret)
    }

    fn backup(&self, to: &Path) -> Result<()> {
        self.take_in_if_free()?;
        care::backup(&self.path, to)
    }

    fn health(&self) -> Result<Health> {
        let foreign_edits = self.take_in_if_free()?;
        self.read(|connection| care::health(connection, foreign_edits))
    }
}

/// Says what was being done when the database failed.
trait Doing<T> {
    fn doing(self, what: &'static str) -> Result<T>;
}

impl<T> Doing<T> for rusqlite::Result<T> {
    fn doing(self, doing: &'static str) -> Result<T> {
        self.map_err(|source| StoreError::Database { doing, source })
    }
}
