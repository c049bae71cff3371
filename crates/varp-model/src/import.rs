//! What an import hands over: records in batches, and the import itself as a record.

use crate::{
    Assay, Body, Claim, Dataset, Determination, Hole, ImportId, Sample, Site, Source, Zone,
};

/// One run of an import.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// Identity.
    pub id: ImportId,
    /// The collection it filled.
    pub dataset: Dataset,
    /// Files read: name and SHA-256.
    pub files: Vec<(String, String)>,
    /// The mapping document used, as text.
    pub mapping: String,
    /// Who ran it.
    pub actor: String,
    /// When, RFC 3339 in UTC.
    pub time: String,
    /// Version of the program.
    pub program: String,
}

/// A sample with its assays.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleRow {
    /// The sample.
    pub sample: Sample,
    /// Its results; `determination` counts from 0 in [`Batch::determinations`] of all batches of
    /// one import so far.
    pub assays: Vec<Assay>,
}

/// A bounded portion of an import. Records may refer to records of earlier batches and of the
/// same batch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// Sources.
    pub sources: Vec<Source>,
    /// Sites.
    pub sites: Vec<Site>,
    /// Bodies.
    pub bodies: Vec<Body>,
    /// Zones.
    pub zones: Vec<Zone>,
    /// Holes.
    pub holes: Vec<Hole>,
    /// Determinations that are new in this batch; they are numbered on from those before.
    pub determinations: Vec<Determination>,
    /// Samples with their assays.
    pub samples: Vec<SampleRow>,
    /// Claims.
    pub claims: Vec<Claim>,
}
