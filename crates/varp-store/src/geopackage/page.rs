//! Pages in keyset order: conditions, boxes, counts.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Mutex;

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};
use varp_model::{Bbox, Period, Visibility};

use super::boxes::{Boxed, FEW, look_up};
use super::open::lock;
use super::row::level;
use super::{Doing, care};
use crate::Result;
use crate::query::{Cursor, Page, Query};

/// Counts already made, with the version of the register that they hold for.
#[derive(Default)]
pub(super) struct Totals {
    version: u64,
    counts: HashMap<String, u64>,
    pub(super) extents: HashMap<String, Option<Bbox>>,
}

/// Most counts remembered: queries are made by strangers.
const REMEMBERED: usize = 512;

impl Totals {
    /// The totals of this version: those of others are forgotten.
    pub(super) fn of(&mut self, version: u64) -> &mut Self {
        if self.version != version || self.counts.len() > REMEMBERED {
            *self = Self { version, ..Self::default() };
        }
        self
    }
}

/// A selection under construction.
pub(super) struct Select {
    /// Columns after the key.
    pub(super) columns: String,
    /// Tables and joins that the columns need.
    pub(super) from: String,
    /// Tables and joins that the conditions need: what a count counts.
    pub(super) from_to_count: String,
    /// The integer key of the order.
    pub(super) key: &'static str,
    /// Order of rows; empty is any.
    pub(super) order: &'static str,
    /// A condition that finds the start of a stream.
    pub(super) start: &'static str,
    conditions: Vec<String>,
    values: Vec<Value>,
    /// Whether a box is answered by walking: then nobody knows the count without walking on.
    boxed: bool,
    /// Where a box is answered by an index: the keys of all rows in it, in order.
    keys: Option<Vec<i64>>,
}

impl Select {
    pub(super) fn new(
        key: &'static str,
        columns: String,
        from: String,
        from_to_count: &str,
    ) -> Self {
        Self {
            columns,
            from,
            from_to_count: from_to_count.to_owned(),
            key,
            order: key,
            start: "TRUE",
            conditions: Vec::new(),
            values: Vec::new(),
            boxed: false,
            keys: None,
        }
    }

    /// Adds a condition with its values, in the order of their marks.
    pub(super) fn that(
        &mut self,
        condition: impl Into<String>,
        values: impl IntoIterator<Item = Value>,
    ) {
        self.conditions.push(condition.into());
        self.values.extend(values);
    }

    /// Rows of `table` that the audience may see.
    pub(super) fn shown(&mut self, table: &str, audience: Visibility) {
        self.that(format!("{table}.shown <= {}", level(audience)), []);
    }

    /// Rows whose time meets the period; `start` and `end` are columns of partial dates.
    pub(super) fn during(&mut self, period: Option<Period>, start: &str, end: &str) {
        let Some(period) = period else { return };
        if let Some(last) = period.end {
            let last = last.last_day().to_string();
            self.that(format!("({start} IS NULL OR {start} <= ?)"), [last.into()]);
        }
        if let Some(first) = period.start {
            let first = first.first_day().to_string();
            self.that(format!("({end} IS NULL OR {end} || '~' >= ?)"), [first.into()]);
        }
    }

    /// Rows of a layer that meet the box, by the cheaper way.
    ///
    /// The public asks the R-tree, in which no withheld place stands; others walk the table.
    pub(super) fn meets_box(
        &mut self,
        connection: &Connection,
        (layer, table): (&str, &str),
        bbox: Bbox,
        audience: Visibility,
    ) -> Result<()> {
        if audience != Visibility::Public {
            self.walk_box(&format!("coalesce({table}.geom, w.place)"), bbox);
            return Ok(());
        }
        match look_up(connection, layer, bbox)? {
            Boxed::Few(keys) => self.one_of(keys),
            Boxed::All => {}
            Boxed::Many => self.walk_box(&format!("{table}.geom"), bbox),
        }
        Ok(())
    }

    /// Rows whose place, an expression, meets the box; those without one match.
    pub(super) fn walk_box(&mut self, place: &str, bbox: Bbox) {
        self.boxed = true;
        let edges = [bbox.west, bbox.south, bbox.east, bbox.north];
        // Without a place the function gives NULL.
        self.that(format!("meets_box({place}, ?, ?, ?, ?) IS NOT FALSE"), edges.map(Value::from));
    }

    /// Rows with one of these keys, which are in order.
    pub(super) fn one_of(&mut self, keys: Vec<i64>) {
        self.keys = Some(keys);
    }

    fn conditions(&self) -> String {
        if self.conditions.is_empty() { "TRUE".into() } else { self.conditions.join(" AND ") }
    }

    /// Reads the page; `read` gets the row, whose columns start at 1.
    pub(super) fn page<T>(
        &self,
        connection: &Connection,
        query: &Query,
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Page<T>> {
        let after = query.after.as_ref().map_or(i64::MIN, |cursor| cursor.0);
        let mut filling = Filling {
            limit: query.limit.0.get(),
            last: 0,
            page: Page { items: Vec::new(), next: None, matched: None },
        };
        let Some(keys) = &self.keys else {
            self.fill(connection, after, None, &mut filling, &mut read)?;
            return Ok(filling.page);
        };
        let keys = &keys[keys.partition_point(|key| *key <= after)..];
        for some in keys.chunks(filling.limit.saturating_add(1).max(FEW / 10)) {
            self.fill(connection, after, Some(some), &mut filling, &mut read)?;
            if filling.page.next.is_some() {
                break;
            }
        }
        Ok(filling.page)
    }

    /// Adds rows to a page until one is left over.
    fn fill<T>(
        &self,
        connection: &Connection,
        after: i64,
        among: Option<&[i64]>,
        filling: &mut Filling<T>,
        read: &mut impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<()> {
        let key = self.key;
        let sql = format!(
            "SELECT {key}, {} FROM {} WHERE {key} > ? AND {} AND {} ORDER BY {} LIMIT ?",
            self.columns,
            self.from,
            self.conditions(),
            if among.is_some() { self.among() } else { "TRUE".into() },
            self.order
        );
        let most = i64::try_from(filling.limit).unwrap_or(i64::MAX).saturating_add(1);
        let values = std::iter::once(Value::from(after))
            .chain(self.values.iter().cloned())
            .chain(among.map(keys_as_json))
            .chain([Value::from(most)]);
        let mut statement = connection.prepare_cached(&sql).doing("reading a page")?;
        let mut rows = statement.query(params_from_iter(values)).doing("reading a page")?;
        while let Some(row) = rows.next().doing("reading a page")? {
            if filling.page.items.len() == filling.limit {
                filling.page.next = Some(Cursor(filling.last));
                break;
            }
            filling.last = row.get(0).doing("reading a page")?;
            filling.page.items.push(read(row)?);
        }
        Ok(())
    }

    fn among(&self) -> String {
        format!("{} IN (SELECT value FROM json_each(?))", self.key)
    }

    /// Hands rows to `take`, from the one that `start` finds for `after`, until it has enough.
    pub(super) fn stream(
        &self,
        connection: &Connection,
        after: i64,
        mut take: impl FnMut(&Row<'_>) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        let sql = format!(
            "SELECT {}, {} FROM {} WHERE {} AND {} ORDER BY {}",
            self.key,
            self.columns,
            self.from,
            self.start,
            self.conditions(),
            self.order
        );
        let starts = self.start.matches('?').count();
        let values =
            std::iter::repeat_n(Value::from(after), starts).chain(self.values.iter().cloned());
        let mut statement = connection.prepare_cached(&sql).doing("reading records")?;
        let mut rows = statement.query(params_from_iter(values)).doing("reading records")?;
        while let Some(row) = rows.next().doing("reading records")? {
            if take(row)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// All rows, without paging.
    pub(super) fn all<T>(
        &self,
        connection: &Connection,
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let order = if self.order.is_empty() { "" } else { " ORDER BY " };
        let sql = format!(
            "SELECT {}, {} FROM {} WHERE {}{order}{}",
            self.key,
            self.columns,
            self.from,
            self.conditions(),
            self.order
        );
        let mut statement = connection.prepare_cached(&sql).doing("reading records")?;
        let mut rows = statement.query(params_from_iter(&self.values)).doing("reading records")?;
        let mut items = Vec::new();
        while let Some(row) = rows.next().doing("reading records")? {
            items.push(read(row)?);
        }
        Ok(items)
    }

    /// Counts all matches where that is cheap: on a single page, or once per version and question.
    pub(super) fn matched<T>(
        &self,
        connection: &Connection,
        query: &Query,
        page: &Page<T>,
        totals: &Mutex<Totals>,
    ) -> Result<Option<u64>> {
        match only_page(query, page) {
            _ if !query.count => Ok(None),
            Some(count) => Ok(Some(count)),
            None if self.boxed => Ok(None),
            None => self.count(connection, totals).map(Some),
        }
    }

    /// Counts all matches, once per version.
    fn count(&self, connection: &Connection, totals: &Mutex<Totals>) -> Result<u64> {
        if let Some(keys) = &self.keys {
            return self.count_among(connection, keys);
        }
        let sql =
            format!("SELECT count(*) FROM {} WHERE {}", self.from_to_count, self.conditions());
        let known_as = format!("{sql} {:?}", self.values);
        counted(connection, totals, known_as, || {
            connection
                .prepare_cached(&sql)
                .and_then(|mut s| s.query_row(params_from_iter(&self.values), |row| row.get(0)))
                .doing("counting matches")
        })
    }

    /// Counts matches among the keys that an index gave; without other conditions these are all.
    fn count_among(&self, connection: &Connection, keys: &[i64]) -> Result<u64> {
        if self.conditions.len() == 1 {
            return Ok(keys.len() as u64);
        }
        let (from, conditions) = (&self.from_to_count, self.conditions());
        let sql = format!("SELECT count(*) FROM {from} WHERE {conditions} AND {}", self.among());
        let values = self.values.iter().cloned().chain([keys_as_json(keys)]);
        connection
            .prepare_cached(&sql)
            .and_then(|mut s| s.query_row(params_from_iter(values), |row| row.get(0)))
            .doing("counting matches")
    }
}

/// A page that is being filled.
struct Filling<T> {
    limit: usize,
    last: i64,
    page: Page<T>,
}

fn keys_as_json(keys: &[i64]) -> Value {
    serde_json::Value::from(keys).to_string().into()
}

/// A count that holds as long as the register does not change.
pub(super) fn counted(
    connection: &Connection,
    totals: &Mutex<Totals>,
    known_as: String,
    count: impl FnOnce() -> Result<u64>,
) -> Result<u64> {
    let version = care::version(connection)?;
    if let Some(known) = lock(totals).of(version).counts.get(&known_as) {
        return Ok(*known);
    }
    let counted = count()?;
    lock(totals).of(version).counts.insert(known_as, counted);
    Ok(counted)
}

/// The count that a page itself gives, if it is the first and the last.
pub(super) fn only_page<T>(query: &Query, page: &Page<T>) -> Option<u64> {
    (query.after.is_none() && page.next.is_none()).then_some(page.items.len() as u64)
}

/// Values of a list of texts as one JSON parameter.
pub(super) fn json(texts: &[String]) -> Value {
    serde_json::Value::from(texts).to_string().into()
}
