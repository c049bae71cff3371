//! What readers ask for and what they get.

use std::num::NonZeroUsize;

use varp_model::{
    Assay, Bbox, Body, BodyId, Claim, Determination, DeterminationId, Hole, LonLat, Period, Sample,
    Site, Source, Visibility, Zone,
};

/// The collections of a register that the public door offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Collection {
    /// Named mining places.
    Sites,
    /// Bodies of mineral matter.
    Bodies,
    /// Samples.
    Samples,
    /// Results of determinations.
    Assays,
    /// Numbers that sources claim.
    Quantities,
    /// Citations.
    Sources,
    /// Quantity statements that varp computed.
    Estimates,
    /// UNFC classes of the products of bodies.
    Classifications,
}

/// Place in a keyset order after which a page goes on; opaque to everybody but the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(pub i64);

/// Most items of a page, at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageLimit(pub NonZeroUsize);

/// One condition that an item must meet; conditions of one query all hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// In this country or territory.
    Country(varp_model::Country),
    /// Of this kind of body.
    Kind(String),
    /// Where one of these commodities was mined or one of these substances was found.
    ///
    /// The caller expands a commodity, or a list of critical raw materials, into both.
    Material {
        /// Commodity codes.
        commodities: Vec<String>,
        /// Substance codes.
        substances: Vec<String>,
    },
    /// At this site.
    Site(varp_model::SiteId),
    /// Of or in this body.
    Body(BodyId),
    /// Of this sample.
    Sample(varp_model::SampleId),
    /// From this source.
    Source(varp_model::SourceId),
    /// Of this property.
    Property(String),
    /// Of this substance.
    Substance(String),
    /// With these words in name or aliases.
    Words(String),
}

/// A question to a collection. The same value drives pages, API and downloads.
#[derive(Clone, Debug)]
pub struct Query {
    /// Items whose position meets the box; items without a position match as the standard wants.
    pub bbox: Option<Bbox>,
    /// Items whose time meets the period; items without time match as the standard wants.
    pub period: Option<Period>,
    /// Further conditions.
    pub filters: Vec<Filter>,
    /// Where the page goes on.
    pub after: Option<Cursor>,
    /// Most items returned.
    pub limit: PageLimit,
    /// Whether to count all matches; an exact count is left out where it would cost too much.
    pub count: bool,
    /// The most closed visibility that the reader may see.
    pub audience: Visibility,
}

/// Items in keyset order.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where the next page starts; `None` on the last.
    pub next: Option<Cursor>,
    /// How many items match in all, if counted.
    pub matched: Option<u64>,
}

impl<T> Page<T> {
    /// The part that `query` asks for, cut from all items that match; the cursor counts items.
    pub fn cut(all: Vec<T>, query: &Query) -> Self {
        let matched = all.len();
        let start = query.after.as_ref().map_or(0, |c| usize::try_from(c.0).unwrap_or(0));
        let limit = query.limit.0.get();
        let end = start.saturating_add(limit);
        Self {
            items: all.into_iter().skip(start).take(limit).collect(),
            next: (end < matched).then(|| Cursor(i64::try_from(end).unwrap_or(i64::MAX))),
            matched: query.count.then_some(matched as u64),
        }
    }
}

/// A body in a list: the record, its site's name and country, and its preferred numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct BodyItem {
    /// The record; positions and fields the audience may not see are `None`.
    pub body: Body,
    /// Name of its site.
    pub site_name: String,
    /// Country of its site.
    pub country: varp_model::Country,
    /// Substances found in it by assay or stated by claim.
    pub substances: Vec<String>,
    /// The preferred, or else the only, claim of mass, volume and area.
    pub key_figures: Vec<Claim>,
}

/// A site with its bodies and claims.
#[derive(Clone, Debug, PartialEq)]
pub struct SitePage {
    /// The record.
    pub site: Site,
    /// Its bodies; empty in lists.
    pub bodies: Vec<BodyItem>,
    /// Claims about the site itself; empty in lists.
    pub claims: Vec<Claim>,
    /// Sources that the record, bodies and claims cite; empty in lists.
    pub sources: Vec<Source>,
}

/// What is known of one determination in one body.
#[derive(Clone, Debug, PartialEq)]
pub struct DeterminationSummary {
    /// Its number in the register.
    pub id: DeterminationId,
    /// What it is.
    pub determination: Determination,
    /// Number of results.
    pub results: u64,
    /// How many of them are below or above a limit.
    pub censored: u64,
    /// Least number printed, in the determination's unit.
    pub least: f64,
    /// Median of the numbers printed, in the determination's unit.
    pub median: f64,
    /// Greatest number printed, in the determination's unit.
    pub greatest: f64,
}

/// A body with all that is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct BodyPage {
    /// The record and its key figures.
    pub item: BodyItem,
    /// The site, for its name and address.
    pub site: Site,
    /// Zones of it.
    pub zones: Vec<Zone>,
    /// All claims about it, ordered by property, substance, preference.
    pub claims: Vec<Claim>,
    /// Holes in it.
    pub holes: Vec<Hole>,
    /// Number of samples of it.
    pub samples: u64,
    /// Its determinations.
    pub determinations: Vec<DeterminationSummary>,
    /// Sources of everything above.
    pub sources: Vec<Source>,
}

/// A sample with its assays and where its hole puts it.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleItem {
    /// The record.
    pub sample: Sample,
    /// Its place, or that of its hole's collar.
    pub place: Option<LonLat>,
    /// Its results with what was determined; empty in lists.
    pub assays: Vec<(Assay, Determination)>,
}

/// One result.
#[derive(Clone, Debug, PartialEq)]
pub struct AssayItem {
    /// Its derived public id.
    pub id: String,
    /// The sample.
    pub sample: varp_model::SampleId,
    /// Name of the sample.
    pub sample_name: String,
    /// The result.
    pub assay: Assay,
    /// What was determined.
    pub determination: Determination,
}

/// A number that a source claims, with the name of its subject.
#[derive(Clone, Debug, PartialEq)]
pub struct QuantityItem {
    /// The claim; its value is a number.
    pub claim: Claim,
    /// Name of its subject.
    pub subject_name: String,
    /// Place of its subject.
    pub place: Option<LonLat>,
}

/// A source and what was taken from it.
#[derive(Clone, Debug, PartialEq)]
pub struct SourcePage {
    /// The record.
    pub source: Source,
    /// Sites it is cited for.
    pub sites: Vec<(varp_model::SiteId, String)>,
    /// Bodies it is cited for.
    pub bodies: Vec<(BodyId, String)>,
    /// Claims it is cited for, with the name of the subject.
    pub claims: Vec<QuantityItem>,
    /// Number of samples it is cited for.
    pub samples: u64,
}

/// A body on the map.
#[derive(Clone, Debug, PartialEq)]
pub struct MapPoint {
    /// The body.
    pub id: BodyId,
    /// Its name.
    pub name: String,
    /// Kind of body.
    pub kind: String,
    /// Country of its site.
    pub country: varp_model::Country,
    /// Where it is.
    pub place: LonLat,
    /// Whether the place is that of its site.
    pub of_site: bool,
    /// Commodities mined.
    pub commodities: Vec<String>,
    /// Substances found in it.
    pub substances: Vec<String>,
}

/// A record found by words.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchHit {
    /// The collection it is in.
    pub collection: Collection,
    /// Its identity.
    pub id: String,
    /// Its name or title.
    pub name: String,
    /// The other name that matched, if it was not the first.
    pub alias: Option<String>,
    /// Country, where it has one.
    pub country: Option<varp_model::Country>,
}

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Rows that were new.
    pub added: u64,
    /// Rows that were there and differed.
    pub changed: u64,
    /// Rows that were there already.
    pub unchanged: u64,
    /// Assays that were new.
    pub assays: u64,
}

/// What an undo took back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Undone {
    /// Rows removed.
    pub removed: u64,
    /// Rows restored to what they were.
    pub restored: u64,
    /// Assays removed.
    pub assays: u64,
}

/// The state of a register.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Health {
    /// Version of the schema.
    pub schema: u32,
    /// What is wrong, a sentence each; empty if nothing is.
    pub findings: Vec<String>,
    /// Edits of other programs that were taken in since the last look: row and what changed.
    pub foreign_edits: u64,
    /// Rows by table.
    pub rows: Vec<(String, u64)>,
}
