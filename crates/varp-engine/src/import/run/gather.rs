//! Samples whose assays stand in other rows or tables: kept until all are read.

use std::collections::HashMap;

use varp_model::{Assay, Determination, DeterminationId, Sample, SampleId, SampleRow};

use super::state::IdMap;

/// Samples in the order of their first row, with the assays found so far.
#[derive(Default)]
pub(super) struct Gathered {
    wanted: bool,
    rows: Vec<SampleRow>,
    index: IdMap<usize>,
    determinations: HashMap<String, DeterminationId>,
}

impl Gathered {
    pub(super) fn new(wanted: bool) -> Self {
        Self { wanted, ..Self::default() }
    }

    /// Whether assays may follow in other rows.
    pub(super) fn wanted(&self) -> bool {
        self.wanted
    }

    /// Adds a sample, or the assays of a row that repeats it.
    pub(super) fn add_sample(&mut self, sample: Sample, assays: Vec<Assay>) {
        let at = *self.index.entry(sample.id.0.as_u128()).or_insert_with(|| {
            self.rows.push(SampleRow { sample, assays: Vec::new() });
            self.rows.len() - 1
        });
        self.rows[at].assays.extend(assays);
    }

    /// Adds assays to a sample that another table made; unknown samples were refused before.
    pub(super) fn add_assays(&mut self, sample: SampleId, assays: Vec<Assay>) {
        if let Some(&at) = self.index.get(&sample.0.as_u128()) {
            self.rows[at].assays.extend(assays);
        }
    }

    /// The number of a determination, new or known.
    pub(super) fn determination(
        &mut self,
        determination: Determination,
        all: &mut Vec<Determination>,
    ) -> DeterminationId {
        let key = format!("{determination:?}");
        *self.determinations.entry(key).or_insert_with(|| {
            all.push(determination);
            DeterminationId(u32::try_from(all.len() - 1).unwrap_or(u32::MAX))
        })
    }

    /// The samples with all their assays.
    pub(super) fn into_rows(self) -> Vec<SampleRow> {
        self.rows
    }
}
