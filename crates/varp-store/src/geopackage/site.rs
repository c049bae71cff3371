//! Sites.

use std::collections::BTreeSet;
use std::sync::Mutex;

use rusqlite::types::Value;
use rusqlite::{Connection, Row};
use uuid::Uuid;
use varp_model::{Site, SiteId, SourceId, Visibility};

use super::page::{Select, Totals};
use super::record::{Record, join_withheld, select};
use super::row::{Cells, level};
use super::values::Values;
use super::{body, claim, sample, search, source};
use crate::Result;
use crate::query::{Filter, Page, Query, SitePage};

impl Record for Site {
    const TABLE: &'static str = "site";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "dataset",
        "key",
        "name",
        "aliases",
        "country",
        "municipality",
        "note",
        "source",
        "source_page",
        "source_file",
        "source_sheet",
        "source_row",
        "source_column",
        "visibility",
        "licence",
        "position_visibility",
        "geom",
        "x",
        "y",
        "epsg",
        "accuracy_m",
    ];
    const REFERENCES: &'static [&'static str] = &[];

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn write(&self, values: &mut Values) {
        values
            .text(&self.id.to_string())
            .origin(&self.origin)
            .text(&self.name)
            .list(&self.aliases)
            .text(self.country.code())
            .opt_text(self.municipality.as_deref())
            .opt_text(self.note.as_deref())
            .text(&self.source.to_string())
            .locator(&self.locator)
            .visibility(self.visibility)
            .opt_text(self.licence.as_ref().map(|l| l.0.as_str()))
            .position(self.position.as_ref());
    }
}

/// Reads a site whose columns start at `from`.
pub(super) fn read(row: &Row<'_>, from: usize) -> Result<Site> {
    let mut cells = Cells::new(row, from, "site");
    let id = SiteId(cells.uuid()?);
    Ok(Site {
        id,
        origin: cells.origin(id.0)?,
        name: cells.text()?,
        aliases: cells.list()?,
        country: cells.word()?,
        municipality: cells.opt_text()?,
        note: cells.opt_text()?,
        source: SourceId(cells.uuid()?),
        locator: cells.locator()?,
        visibility: cells.visibility()?,
        licence: cells.licence()?,
        position: cells.position()?,
    })
}

fn selection(audience: Visibility) -> Select {
    let withheld = join_withheld("site", "s", audience);
    let columns = select(Site::COLUMNS, "s", audience);
    let from = format!("site s{withheld}");
    let mut select = Select::new("s.fid", columns, from.clone(), &from);
    select.shown("s", audience);
    select
}

/// A page of sites.
pub(super) fn list(
    connection: &Connection,
    query: &Query,
    totals: &Mutex<Totals>,
) -> Result<Page<SitePage>> {
    let mut select = selection(query.audience);
    for filter in &query.filters {
        condition(&mut select, filter, query.audience);
    }
    if let Some(bbox) = query.bbox {
        select.meets_box(connection, ("site", "s"), bbox, query.audience)?;
    }
    let mut page = select.page(connection, query, |row| {
        Ok(SitePage {
            site: read(row, 1)?,
            bodies: Vec::new(),
            claims: Vec::new(),
            sources: Vec::new(),
        })
    })?;
    page.matched = select.matched(connection, query, &page, totals)?;
    Ok(page)
}

fn condition(select: &mut Select, filter: &Filter, audience: Visibility) {
    let a = level(audience);
    let with_body = |condition: &str| {
        format!("s.id IN (SELECT b.site FROM body b WHERE b.shown <= {a} AND {condition})")
    };
    let with_claim = |condition: &str| {
        format!(
            "(s.id IN (SELECT c.subject FROM claim c WHERE c.shown <= {a} AND {condition}) OR {})",
            with_body(&format!(
                "b.id IN (SELECT c.subject FROM claim c WHERE c.shown <= {a} AND {condition})"
            ))
        )
    };
    let twice = |value: String| std::iter::repeat_n(Value::from(value), 2);
    match filter {
        Filter::Country(country) => {
            select.that("s.country = ?", [country.code().to_owned().into()])
        }
        Filter::Kind(kind) => select.that(with_body("b.kind = ?"), [kind.clone().into()]),
        Filter::Material { commodities, substances } => {
            let (materials, values) =
                super::materials::condition("b.fid", commodities, substances, audience);
            select.that(with_body(&materials), values);
        }
        Filter::Site(id) => select.that("s.id = ?", [id.to_string().into()]),
        Filter::Body(id) => select.that(with_body("b.id = ?"), [id.to_string().into()]),
        Filter::Sample(id) => select.that(
            with_body(&format!(
                "b.fid IN (SELECT m.body FROM sample m WHERE m.shown <= {a} AND {})",
                sample::IS
            )),
            sample::id_values(*id),
        ),
        Filter::Source(id) => select.that(
            format!("(s.source = ? OR {})", with_claim("c.source = ?")),
            std::iter::repeat_n(Value::from(id.to_string()), 3),
        ),
        Filter::Property(property) => {
            select.that(with_claim("c.property = ?"), twice(property.clone()))
        }
        Filter::Substance(substance) => {
            select.that(with_claim("c.substance = ?"), twice(substance.clone()))
        }
        Filter::Words(words) => search::condition(select, "s.fid", search::SITE, words),
    }
}

/// The record of one site.
pub(super) fn one(
    connection: &Connection,
    id: SiteId,
    audience: Visibility,
) -> Result<Option<Site>> {
    let mut select = selection(audience);
    select.that("s.id = ?", [id.to_string().into()]);
    Ok(select.all(connection, |row| read(row, 1))?.pop())
}

/// One site with its bodies and claims.
pub(super) fn page(
    connection: &Connection,
    id: SiteId,
    audience: Visibility,
) -> Result<Option<SitePage>> {
    let Some(site) = one(connection, id, audience)? else { return Ok(None) };
    let bodies = body::of_site(connection, id, audience)?;
    let claims = claim::of_subjects(connection, &[id.0], audience)?;
    let mut cited: BTreeSet<SourceId> = [site.source].into();
    cited.extend(bodies.iter().flat_map(|b| {
        std::iter::once(b.body.source).chain(b.key_figures.iter().map(|c| c.source))
    }));
    cited.extend(claims.iter().map(|c| c.source));
    let sources = source::of_ids(connection, &cited, audience)?;
    Ok(Some(SitePage { site, bodies, claims, sources }))
}
