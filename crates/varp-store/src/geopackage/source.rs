//! Sources.

use std::collections::BTreeSet;
use std::sync::Mutex;

use rusqlite::types::Value;
use rusqlite::{Connection, Row};
use uuid::Uuid;
use varp_model::{BodyId, SiteId, Source, SourceId, Visibility};

use super::page::{Select, Totals};
use super::record::{Record, select};
use super::row::{Cells, level};
use super::values::Values;
use super::{Doing, claim, sample, search};
use crate::Result;
use crate::query::{Filter, Page, Query, SourcePage};

impl Record for Source {
    const TABLE: &'static str = "source";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "dataset",
        "key",
        "title",
        "authors",
        "date",
        "address",
        "licence",
        "file_hash",
        "reliability",
        "visibility",
    ];
    const REFERENCES: &'static [&'static str] = &[];

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn write(&self, values: &mut Values) {
        values
            .text(&self.id.to_string())
            .origin(&self.origin)
            .text(&self.title)
            .opt_text(self.authors.as_deref())
            .opt_display(self.date)
            .opt_text(self.address.as_deref())
            .opt_text(self.licence.as_ref().map(|l| l.0.as_str()))
            .opt_text(self.file_hash.as_deref())
            .opt_text(self.reliability.as_deref())
            .visibility(self.visibility);
    }
}

fn read(row: &Row<'_>) -> Result<Source> {
    let mut cells = Cells::new(row, 1, "source");
    let id = SourceId(cells.uuid()?);
    Ok(Source {
        id,
        origin: cells.origin(id.0)?,
        title: cells.text()?,
        authors: cells.opt_text()?,
        date: cells.opt_word()?,
        address: cells.opt_text()?,
        licence: cells.licence()?,
        file_hash: cells.opt_text()?,
        reliability: cells.opt_text()?,
        visibility: cells.visibility()?,
    })
}

fn selection(audience: Visibility) -> Select {
    let columns = select(Source::COLUMNS, "q", audience);
    let mut select = Select::new("q.fid", columns, "source q".into(), "source q");
    select.that(format!("q.shown <= {}", level(audience)), []);
    select
}

/// A page of sources.
pub(super) fn list(
    connection: &Connection,
    query: &Query,
    totals: &Mutex<Totals>,
) -> Result<Page<Source>> {
    let mut select = selection(query.audience);
    select.during(query.period, "q.date", "q.date");
    for filter in &query.filters {
        condition(&mut select, filter, query.audience);
    }
    let mut page = select.page(connection, query, read)?;
    page.matched = select.matched(connection, query, &page, totals)?;
    Ok(page)
}

fn condition(select: &mut Select, filter: &Filter, audience: Visibility) {
    let a = level(audience);
    let cited_by_bodies = |bodies: &str| {
        format!(
            "q.id IN (SELECT b.source FROM body b JOIN site s ON s.id = b.site WHERE b.shown <= {a} AND {bodies})"
        )
    };
    match filter {
        Filter::Source(id) => select.that("q.id = ?", [id.to_string().into()]),
        Filter::Words(words) => search::condition(select, "q.fid", search::SOURCE, words),
        Filter::Site(id) => select.that(
            format!(
                "(q.id IN (SELECT s.source FROM site s WHERE s.shown <= {a} AND s.id = ?)
                  OR {}
                  OR q.id IN (SELECT c.source FROM claim c WHERE c.shown <= {a} AND c.subject IN
                      (SELECT ? UNION SELECT id FROM body WHERE site = ?)))",
                cited_by_bodies("b.site = ?")
            ),
            std::iter::repeat_n(Value::from(id.to_string()), 4),
        ),
        Filter::Body(id) => select.that(
            format!(
                "({} OR q.id IN (SELECT c.source FROM claim c WHERE c.shown <= {a} AND c.subject = ?))",
                cited_by_bodies("b.id = ?")
            ),
            std::iter::repeat_n(Value::from(id.to_string()), 2),
        ),
        Filter::Sample(id) => select.that(
            format!(
                "q.id IN (SELECT p.source FROM sample m JOIN provenance p ON p.fid = m.provenance
                  WHERE m.shown <= {a} AND {})",
                sample::IS
            ),
            sample::id_values(*id),
        ),
        Filter::Country(country) => {
            select.that(cited_by_bodies("s.country = ?"), [country.code().to_owned().into()]);
        }
        Filter::Kind(kind) => select.that(cited_by_bodies("b.kind = ?"), [kind.clone().into()]),
        Filter::Material { commodities, substances } => {
            let (materials, values) = super::materials::condition("b.fid", commodities, substances, audience);
            select.that(cited_by_bodies(&materials), values);
        }
        Filter::Property(property) => select.that(
            format!("q.id IN (SELECT c.source FROM claim c WHERE c.shown <= {a} AND c.property = ?)"),
            [property.clone().into()],
        ),
        Filter::Substance(substance) => select.that(
            format!("q.id IN (SELECT c.source FROM claim c WHERE c.shown <= {a} AND c.substance = ?)"),
            [substance.clone().into()],
        ),
    }
}

/// The sources with these identities that the audience may see, in keyset order.
pub(super) fn of_ids(
    connection: &Connection,
    ids: &BTreeSet<SourceId>,
    audience: Visibility,
) -> Result<Vec<Source>> {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let mut select = selection(audience);
    select.that("q.id IN (SELECT value FROM json_each(?))", [super::page::json(&ids)]);
    select.all(connection, read)
}

/// One source and what was taken from it.
pub(super) fn page(
    connection: &Connection,
    id: SourceId,
    audience: Visibility,
) -> Result<Option<SourcePage>> {
    let Some(source) = of_ids(connection, &[id].into(), audience)?.pop() else { return Ok(None) };
    let a = level(audience);
    let named = |sql: &str| -> Result<Vec<(Uuid, String)>> {
        let mut statement =
            connection.prepare_cached(sql).doing("reading what a source is cited for")?;
        let mut rows =
            statement.query([id.to_string()]).doing("reading what a source is cited for")?;
        let mut named = Vec::new();
        while let Some(row) = rows.next().doing("reading what a source is cited for")? {
            let mut cells = Cells::new(row, 0, "source");
            named.push((cells.uuid()?, cells.text()?));
        }
        Ok(named)
    };
    let sites = named(&format!(
        "SELECT s.id, s.name FROM site s WHERE s.shown <= {a} AND (s.source = ?1
           OR s.id IN (SELECT subject FROM claim WHERE source = ?1 AND shown <= {a})) ORDER BY s.name, s.fid"
    ))?;
    let bodies = named(&format!(
        "SELECT b.id, b.name FROM body b WHERE b.shown <= {a} AND (b.source = ?1
           OR b.id IN (SELECT subject FROM claim WHERE source = ?1 AND shown <= {a})) ORDER BY b.name, b.fid"
    ))?;
    let samples = connection
        .prepare_cached(&format!(
            "SELECT count(*) FROM sample WHERE shown <= {a}
             AND provenance IN (SELECT fid FROM provenance WHERE source = ?1)"
        ))
        .and_then(|mut s| s.query_row([id.to_string()], |row| row.get(0)))
        .doing("counting samples of a source")?;
    Ok(Some(SourcePage {
        source,
        sites: sites.into_iter().map(|(id, name)| (SiteId(id), name)).collect(),
        bodies: bodies.into_iter().map(|(id, name)| (BodyId(id), name)).collect(),
        claims: claim::of_source(connection, id, audience)?,
        samples,
    }))
}
