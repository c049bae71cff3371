//! Evidence up to a day: the register as it could have been classified then.

use std::collections::HashMap;
use std::rc::Rc;

use jiff::civil::Date;
use varp_model::{Claim, PartialDate, SourceId, Visibility};
use varp_store::{Store, StoreError};

use crate::jobs::whole;

/// A day, after which evidence does not count. A claim counts from its own date, else from that of its source; one
/// without any date counts on every day, and so do assays. Estimates count from the day on which they were stored.
#[derive(Debug)]
pub struct Until {
    day: Date,
    sources: Rc<HashMap<SourceId, PartialDate>>,
}

impl Until {
    /// Evidence up to `day`.
    ///
    /// # Errors
    /// If the sources cannot be read.
    pub fn new(store: &dyn Store, day: Date, audience: Visibility) -> Result<Self, StoreError> {
        let question = varp_store::Query { audience, ..whole(Vec::new()) };
        let sources = store.sources(&question)?.items.into_iter();
        let sources = sources.filter_map(|source| Some((source.id, source.date?))).collect();
        Ok(Self { day, sources: Rc::new(sources) })
    }

    /// The same sources up to another day.
    pub fn on(&self, day: Date) -> Self {
        Self { day, sources: Rc::clone(&self.sources) }
    }

    /// The day.
    pub fn day(&self) -> Date {
        self.day
    }

    /// Whether a claim counts.
    pub fn admits(&self, claim: &Claim) -> bool {
        let date = claim.date.or_else(|| self.sources.get(&claim.source).copied());
        date.is_none_or(|date| date.first_day() <= self.day)
    }

    /// Whether what was stored at a time, RFC 3339, was there on the day.
    pub fn admits_stored(&self, time: &str) -> bool {
        time.get(..10).and_then(|day| day.parse::<Date>().ok()).is_some_and(|day| day <= self.day)
    }
}
