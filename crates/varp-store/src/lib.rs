//! The register in one GeoPackage: records to tables and back.
//!
//! [`Store`] is what the program needs of a register. [`GeoPackage`] keeps it in one SQLite file
//! that QGIS and GDAL open; a second implementation for a shared server must pass the same
//! contract tests.

mod blob;
mod error;
pub mod foreign;
mod geopackage;
pub mod layers;
mod query;

pub use error::StoreError;
pub use geopackage::GeoPackage;
pub use query::{
    AssayItem, BodyItem, BodyPage, Collection, Cursor, DeterminationSummary, Filter, Health,
    Imported, MapPoint, Page, PageLimit, QuantityItem, Query, SampleItem, SearchHit, SitePage,
    SourcePage, Undone,
};

use varp_model::{
    Batch, BodyId, Change, Claim, ClaimId, Decision, HoleId, Import, ImportId, ReferenceVersion,
    ResultId, ResultKind, ResultRecord, SampleId, SiteId, Source, SourceId, StoredResult,
    Visibility,
};

/// What can go wrong, in one word.
pub type Result<T> = std::result::Result<T, StoreError>;

/// A register. All methods are synchronous; reads never see a half-done write.
///
/// `audience` is the most closed visibility that the reader may see; every read honours it in
/// records, fields, positions, counts and extents.
pub trait Store: Send + Sync {
    // -- import -----------------------------------------------------------------------------

    /// Starts an import: one transaction, that only [`ImportWriter::commit`] makes true.
    fn begin_import(&self, import: &Import) -> Result<Box<dyn ImportWriter + '_>>;

    /// The imports so far, newest first.
    fn imports(&self) -> Result<Vec<(Import, Imported)>>;

    /// Takes back what an import added and restores what it changed; refused where later imports
    /// or edits build on it.
    fn undo(&self, import: ImportId, actor: &str, because: &str) -> Result<Undone>;

    // -- edits ------------------------------------------------------------------------------

    /// Prefers a claim over the others on the same subject, property, substance and term.
    fn prefer(&self, claim: ClaimId, actor: &str, because: &str) -> Result<()>;

    /// Makes `gone` one with `kept`: references move, names become aliases, the old id redirects.
    fn merge_sites(&self, kept: SiteId, gone: SiteId, actor: &str, because: &str) -> Result<()>;

    /// The same for two bodies.
    fn merge_bodies(&self, kept: BodyId, gone: BodyId, actor: &str, because: &str) -> Result<()>;

    /// Records that two sites or bodies were compared and are different things.
    fn keep_apart(&self, a: uuid::Uuid, b: uuid::Uuid, actor: &str, because: &str) -> Result<()>;

    /// Pairs that were compared and are different things.
    fn kept_apart(&self) -> Result<Vec<(uuid::Uuid, uuid::Uuid)>>;

    /// Where an id that was merged away points now, if the audience may see what is there.
    fn redirect(&self, gone: uuid::Uuid, audience: Visibility) -> Result<Option<uuid::Uuid>>;

    // -- reading ----------------------------------------------------------------------------

    /// A page of sites in keyset order.
    fn sites(&self, query: &Query) -> Result<Page<SitePage>>;

    /// A page of bodies in keyset order.
    fn bodies(&self, query: &Query) -> Result<Page<BodyItem>>;

    /// A page of samples in keyset order.
    fn samples(&self, query: &Query) -> Result<Page<SampleItem>>;

    /// A page of assays in keyset order.
    fn assays(&self, query: &Query) -> Result<Page<AssayItem>>;

    /// A page of claims whose value is a number.
    fn quantities(&self, query: &Query) -> Result<Page<QuantityItem>>;

    /// A page of sources in keyset order.
    fn sources(&self, query: &Query) -> Result<Page<Source>>;

    /// One site with its bodies and claims.
    fn site(&self, id: SiteId, audience: Visibility) -> Result<Option<SitePage>>;

    /// One body with all that is known of it.
    fn body(&self, id: BodyId, audience: Visibility) -> Result<Option<BodyPage>>;

    /// One sample with its assays.
    fn sample(&self, id: SampleId, audience: Visibility) -> Result<Option<SampleItem>>;

    /// One assay by its derived public id.
    fn assay(&self, id: &str, audience: Visibility) -> Result<Option<AssayItem>>;

    /// One hole.
    fn hole(&self, id: HoleId, audience: Visibility) -> Result<Option<varp_model::Hole>>;

    /// One source and what was taken from it.
    fn source(&self, id: SourceId, audience: Visibility) -> Result<Option<SourcePage>>;

    /// One claim.
    fn claim(&self, id: ClaimId, audience: Visibility) -> Result<Option<Claim>>;

    /// All claims about these subjects, ordered by property, substance, preference.
    fn claims_of(&self, subjects: &[uuid::Uuid], audience: Visibility) -> Result<Vec<Claim>>;

    /// Which of these bodies have samples or zones: of them more is known than claims of their own.
    fn sampled_or_zoned(&self, bodies: &[BodyId]) -> Result<std::collections::BTreeSet<BodyId>>;

    /// Least box around what `query` matches in a collection, west south east north.
    fn extent(
        &self,
        collection: Collection,
        audience: Visibility,
    ) -> Result<Option<varp_model::Bbox>>;

    /// Every body that has a position the audience may see: what the map draws.
    fn map_points(&self, audience: Visibility) -> Result<Vec<MapPoint>>;

    /// Sites, bodies, sources by words in names and aliases, best first; accents and case ignored.
    fn search(&self, words: &str, limit: usize, audience: Visibility) -> Result<Vec<SearchHit>>;

    /// The change log of one row, newest first, as far as the audience may see the row and its
    /// place; all of it for [`Visibility::Private`].
    fn changes(&self, row: &str, audience: Visibility) -> Result<Vec<Change>>;

    // -- what was computed ------------------------------------------------------------------

    /// Adds results for good; returns how many are new. One that stands in the register already is
    /// left alone. A result is never more open than the body it is about.
    fn add_results(&self, results: &[StoredResult], actor: &str, because: &str) -> Result<u64>;

    /// One result.
    fn result(&self, id: ResultId, audience: Visibility) -> Result<Option<ResultRecord>>;

    /// The results of one kind about one body, newest first; without a body those that span the
    /// register. What is attached to bodies that were merged into this one is among its attachments.
    fn results_of(
        &self,
        subject: Option<BodyId>,
        kind: ResultKind,
        audience: Visibility,
    ) -> Result<Vec<ResultRecord>>;

    /// The newest result of one kind for each subject.
    fn latest_results(&self, kind: ResultKind, audience: Visibility) -> Result<Vec<ResultRecord>>;

    /// The result of one kind that stands for each subject, or for one of them: the newest that
    /// somebody adopted as a whole and nobody took back, else the newest.
    fn standing_results(
        &self,
        kind: ResultKind,
        subject: Option<BodyId>,
        audience: Visibility,
    ) -> Result<Vec<ResultRecord>>;

    /// The results of one kind of which somebody adopted a part, about one subject or all of them, the newest
    /// first; also where the adoption was taken back.
    fn adopted_results(
        &self,
        kind: ResultKind,
        subject: Option<BodyId>,
        audience: Visibility,
    ) -> Result<Vec<ResultRecord>>;

    /// Records a step that a person took with a result; refused where it may not follow the one
    /// before. The class of a product that stands adopted on an earlier result is adopted anew in one step.
    fn add_decision(&self, decision: &Decision) -> Result<()>;

    /// What people decided of a result, oldest first.
    fn decisions(&self, result: ResultId, audience: Visibility) -> Result<Vec<Decision>>;

    /// Keeps the text of a reference file that results used, under its version.
    fn keep_reference(&self, file: &ReferenceVersion, content: &str, actor: &str) -> Result<()>;

    /// The text of a reference file that results used.
    fn reference(&self, version: &str) -> Result<Option<String>>;

    // -- care -------------------------------------------------------------------------------

    /// A number that moves with every committed change, also of other programs: for ETags.
    fn version(&self) -> Result<u64>;

    /// A number that stays with the register and that no reader knows: what is sealed with it, as
    /// paging tokens are, tells nothing of how many records are not public.
    fn secret(&self) -> Result<u64>;

    /// Writes a consistent copy to a new file while others read and write.
    fn backup(&self, to: &std::path::Path) -> Result<()>;

    /// Checks the register: integrity, dangling references, edits of other programs.
    fn health(&self) -> Result<Health>;
}

/// An import under way. Dropping it without [`commit`](ImportWriter::commit) undoes all of it.
pub trait ImportWriter {
    /// Writes a batch. Rows that stand in the register unchanged are left alone; changed ones are
    /// updated with a change record.
    fn add(&mut self, batch: &Batch) -> Result<()>;

    /// What would be added and changed so far.
    fn progress(&self) -> Imported;

    /// Checks references, tells what the import would do, and takes all of it back.
    ///
    /// A row that would be added stands as [`Operation::Insert`](varp_model::Operation) with its
    /// key alone, at most ten thousand of each table.
    fn review(self: Box<Self>) -> Result<(Imported, Vec<Change>)>;

    /// Checks references and makes the import true.
    fn commit(self: Box<Self>) -> Result<Imported>;
}
