//! What rows look up while they become records.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::import::propose::Vocabulary;
use varp_model::{CodeList, Dataset, References, Subject};

/// Hashes identities, which are hashes already, by their first bytes.
#[derive(Default)]
pub(crate) struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.0 = self.0.rotate_left(23) ^ u64::from_le_bytes(word);
        }
    }

    fn write_u128(&mut self, id: u128) {
        #[expect(clippy::cast_possible_truncation, reason = "half of the bits suffice")]
        let low = id as u64;
        self.0 ^= low;
    }
}

pub(crate) type IdMap<V> = HashMap<u128, V, BuildHasherDefault<IdHasher>>;

/// Where a record was made: table of the run and row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Made {
    pub(crate) table: u32,
    pub(crate) row: u32,
}

/// Looked up by every row, changed between rows.
pub(crate) struct Context<'a> {
    pub(crate) references: &'a References,
    pub(crate) dataset: &'a Dataset,
    pub(crate) no_codes: CodeList,
    pub(crate) exists: &'a (dyn Fn(Subject) -> bool + Sync),
    made: IdMap<Made>,
    refused: IdMap<Made>,
    commodities: HashMap<String, String>,
    pub(crate) vocabulary: Vocabulary<'a>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        references: &'a References,
        dataset: &'a Dataset,
        exists: &'a (dyn Fn(Subject) -> bool + Sync),
    ) -> Self {
        Self {
            references,
            dataset,
            no_codes: CodeList::default(),
            exists,
            made: IdMap::default(),
            refused: IdMap::default(),
            commodities: commodity_names(references),
            vocabulary: Vocabulary::new(references),
        }
    }

    /// Whether the record was made in this import or stands in the register.
    pub(crate) fn knows(&self, subject: Subject) -> bool {
        self.made.contains_key(&subject.uuid().as_u128())
            || (!self.refused.contains_key(&subject.uuid().as_u128()) && (self.exists)(subject))
    }

    /// Where this import made the record.
    pub(crate) fn made(&self, subject: Subject) -> Option<Made> {
        self.made.get(&subject.uuid().as_u128()).copied()
    }

    /// The row of the record, if this import refused it.
    pub(crate) fn refused(&self, subject: Subject) -> Option<u32> {
        self.refused.get(&subject.uuid().as_u128()).map(|made| made.row)
    }

    pub(crate) fn add_made(&mut self, subject: Subject, made: Made) {
        self.made.entry(subject.uuid().as_u128()).or_insert(made);
    }

    pub(crate) fn add_refused(&mut self, subject: Subject, made: Made) {
        if !self.made.contains_key(&subject.uuid().as_u128()) {
            self.refused.entry(subject.uuid().as_u128()).or_insert(made);
        }
    }

    /// Code of the commodity that is written like this in any of the languages.
    pub(crate) fn commodity(&self, text: &str) -> Option<String> {
        if self.references.commodity(text).is_some() {
            return Some(text.to_owned());
        }
        self.commodities.get(&text.to_lowercase()).cloned()
    }
}

fn commodity_names(references: &References) -> HashMap<String, String> {
    let mut names = HashMap::new();
    for c in &references.commodities {
        for name in [&c.code, &c.en, &c.fi, &c.sv, &c.nb, &c.da, &c.is] {
            if !name.is_empty() {
                names.entry(name.to_lowercase()).or_insert_with(|| c.code.clone());
            }
        }
    }
    names
}
