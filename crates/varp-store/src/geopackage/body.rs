//! Bodies.

use std::collections::BTreeSet;
use std::sync::Mutex;

use rusqlite::types::Value;
use rusqlite::{Connection, Row};
use uuid::Uuid;
use varp_model::{Body, BodyId, BodyKind, SiteId, SourceId, Visibility};

use super::page::{Select, Totals};
use super::record::{Record, join_withheld, select};
use super::row::{Cells, level};
use super::values::Values;
use super::{assay, claim, hole, sample, search, site, source, zone};
use crate::Result;
use crate::query::{BodyItem, BodyPage, Filter, MapPoint, Page, Query};

impl Record for Body {
    const TABLE: &'static str = "body";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "dataset",
        "key",
        "site",
        "name",
        "aliases",
        "kind",
        "period_start",
        "period_end",
        "status",
        "storage",
        "list_of_waste",
        "commodities",
        "origin_deposit",
        "deposit_type",
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
    const REFERENCES: &'static [&'static str] = &["site", "origin_deposit"];

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn outline(&self) -> Option<&varp_model::Geometry> {
        self.footprint.as_ref()
    }

    fn write(&self, values: &mut Values) {
        values
            .text(&self.id.to_string())
            .origin(&self.origin)
            .text(&self.site.to_string())
            .text(&self.name)
            .list(&self.aliases)
            .text(&self.kind.0)
            .period(self.period)
            .opt_text(self.status.as_deref())
            .opt_text(self.storage.as_deref())
            .opt_text(self.list_of_waste.as_deref())
            .list(&self.commodities)
            .opt_display(self.origin_deposit)
            .opt_text(self.deposit_type.as_deref())
            .opt_text(self.note.as_deref())
            .text(&self.source.to_string())
            .locator(&self.locator)
            .visibility(self.visibility)
            .opt_text(self.licence.as_ref().map(|l| l.0.as_str()))
            .position(self.position.as_ref());
    }
}

/// Columns after those of the record: footprint, name and country of the site, substances.
fn read(row: &Row<'_>) -> Result<BodyItem> {
    let mut cells = Cells::new(row, 1, "body");
    let id = BodyId(cells.uuid()?);
    let body = Body {
        id,
        origin: cells.origin(id.0)?,
        site: SiteId(cells.uuid()?),
        name: cells.text()?,
        aliases: cells.list()?,
        kind: BodyKind(cells.text()?),
        period: cells.period()?,
        status: cells.opt_text()?,
        storage: cells.opt_text()?,
        list_of_waste: cells.opt_text()?,
        commodities: cells.list()?,
        origin_deposit: cells.opt_uuid()?.map(BodyId),
        deposit_type: cells.opt_text()?,
        note: cells.opt_text()?,
        source: SourceId(cells.uuid()?),
        locator: cells.locator()?,
        visibility: cells.visibility()?,
        licence: cells.licence()?,
        position: cells.position()?,
        footprint: cells.area()?,
    };
    let (site_name, country) = (cells.text()?, cells.word()?);
    Ok(BodyItem {
        body,
        site_name,
        country,
        substances: substances(&mut cells)?,
        key_figures: Vec::new(),
    })
}

/// Reads codes joined by U+001F, sorted, each once.
fn substances(cells: &mut Cells<'_, '_>) -> Result<Vec<String>> {
    let mut codes: Vec<String> = cells
        .opt_text()?
        .map(|t| t.split('\u{1f}').map(str::to_owned).collect())
        .unwrap_or_default();
    codes.sort_unstable();
    codes.dedup();
    Ok(codes)
}

/// The column that [`substances`] reads.
fn substances_column(a: i64) -> String {
    format!(
        "(SELECT group_concat(k.code, char(31)) FROM body_material k
          WHERE k.body = b.fid AND k.found > 0 AND k.visibility <= {a})"
    )
}

fn selection(audience: Visibility) -> Select {
    let a = level(audience);
    let withheld = join_withheld("body", "b", audience);
    let (outline, withheld_outline) = if audience == Visibility::Public {
        ("f.geom", String::new())
    } else {
        (
            "coalesce(f.geom, wf.place)",
            format!(
                " LEFT JOIN withheld_place wf ON wf.layer = 'footprint' AND wf.row = f.fid AND wf.visibility <= {a}"
            ),
        )
    };
    // A deposit that the audience may not see must not show by its identity.
    let columns = select(Body::COLUMNS, "b", audience).replacen(
        "b.origin_deposit",
        &format!("(SELECT o.id FROM body o WHERE o.id = b.origin_deposit AND o.shown <= {a})"),
        1,
    );
    let columns = format!("{columns}, {outline}, s.name, s.country, {}", substances_column(a));
    // That index alone answers for the site.
    let counted =
        format!("body b CROSS JOIN site s INDEXED BY site_card ON s.id = b.site{withheld}");
    let from = format!("{counted} LEFT JOIN footprint f ON f.body = b.id{withheld_outline}");
    let mut select = Select::new("b.fid", columns, from, &counted);
    select.shown("b", audience);
    select
}

/// A page of bodies.
pub(super) fn list(
    connection: &Connection,
    query: &Query,
    totals: &Mutex<Totals>,
) -> Result<Page<BodyItem>> {
    let mut select = selection(query.audience);
    select.during(query.period, "b.period_start", "b.period_end");
    for filter in &query.filters {
        condition(&mut select, filter, query.audience);
    }
    if let Some(bbox) = query.bbox {
        select.meets_box(connection, ("body", "b"), bbox, query.audience)?;
    }
    let mut page = select.page(connection, query, read)?;
    page.matched = select.matched(connection, query, &page, totals)?;
    claim::add_key_figures(connection, &mut page.items, query.audience)?;
    Ok(page)
}

/// What a filter means for a body `b` at a site `s`.
pub(super) fn condition(select: &mut Select, filter: &Filter, audience: Visibility) {
    let a = level(audience);
    let with_claim = |condition: &str| {
        format!("b.id IN (SELECT c.subject FROM claim c WHERE c.shown <= {a} AND {condition})")
    };
    match filter {
        Filter::Country(country) => select.that("s.country = ?", [country.code().to_owned().into()]),
        Filter::Kind(kind) => select.that("b.kind = ?", [kind.clone().into()]),
        Filter::Material { commodities, substances } => {
            let (sql, values) = super::materials::condition("b.fid", commodities, substances, audience);
            select.that(sql, values);
        }
        Filter::Site(id) => select.that("b.site = ?", [id.to_string().into()]),
        Filter::Body(id) => select.that("b.id = ?", [id.to_string().into()]),
        Filter::Sample(id) => select.that(
            format!(
                "b.fid IN (SELECT m.body FROM sample m WHERE m.shown <= {a} AND {})",
                sample::IS
            ),
            sample::id_values(*id),
        ),
        Filter::Source(id) => select.that(
            format!("(b.source = ? OR {})", with_claim("c.source = ?")),
            std::iter::repeat_n(Value::from(id.to_string()), 2),
        ),
        Filter::Property(property) => select.that(with_claim("c.property = ?"), [property.clone().into()]),
        Filter::Substance(substance) => select.that(
            format!(
                "b.fid IN (SELECT k.body FROM body_material k WHERE k.found > 0 AND k.visibility <= {a} AND k.code = ?)"
            ),
            [substance.clone().into()],
        ),
        Filter::Words(words) => search::condition(select, "b.fid", search::BODY, words),
    }
}

/// The bodies of a site.
pub(super) fn of_site(
    connection: &Connection,
    site: SiteId,
    audience: Visibility,
) -> Result<Vec<BodyItem>> {
    let mut select = selection(audience);
    select.that("b.site = ?", [site.to_string().into()]);
    let mut items = select.all(connection, read)?;
    claim::add_key_figures(connection, &mut items, audience)?;
    Ok(items)
}

/// One body with all that is known of it.
pub(super) fn page(
    connection: &Connection,
    id: BodyId,
    audience: Visibility,
) -> Result<Option<BodyPage>> {
    let mut select = selection(audience);
    select.that("b.id = ?", [id.to_string().into()]);
    let mut items = select.all(connection, read)?;
    claim::add_key_figures(connection, &mut items, audience)?;
    let Some(item) = items.pop() else { return Ok(None) };
    let Some(site) = site::one(connection, item.body.site, audience)? else { return Ok(None) };
    let zones = zone::of_body(connection, id, audience)?;
    let holes = hole::of_body(connection, id, audience)?;
    let mut subjects = vec![id.0];
    subjects.extend(zones.iter().map(|z| z.id.0));
    let claims = claim::of_subjects(connection, &subjects, audience)?;
    let mut cited: BTreeSet<SourceId> = [item.body.source, site.source].into();
    cited.extend(zones.iter().map(|z| z.source));
    cited.extend(holes.iter().map(|h| h.source));
    cited.extend(claims.iter().map(|c| c.source));
    cited.extend(sample::sources_of_body(connection, id, audience)?);
    Ok(Some(BodyPage {
        item,
        site,
        zones,
        claims,
        holes,
        samples: sample::count_of_body(connection, id, audience)?,
        determinations: assay::summaries(connection, id, audience)?,
        sources: source::of_ids(connection, &cited, audience)?,
    }))
}

/// Every body that has a place the audience may see, or whose site has one.
pub(super) fn map_points(connection: &Connection, audience: Visibility) -> Result<Vec<MapPoint>> {
    let a = level(audience);
    let (columns, withheld) = if audience == Visibility::Public {
        ("b.geom, s.geom", String::new())
    } else {
        (
            "coalesce(b.geom, w.place), coalesce(s.geom, ws.place)",
            format!(
                "{} LEFT JOIN withheld_place ws ON ws.layer = 'site' AND ws.row = s.fid AND ws.visibility <= {a}",
                join_withheld("body", "b", audience)
            ),
        )
    };
    let columns = format!(
        "b.id, b.name, b.kind, s.country, b.commodities, {}, {columns}",
        substances_column(a)
    );
    let from = format!("body b CROSS JOIN site s ON s.id = b.site{withheld}");
    let mut select = Select::new("b.fid", columns, from, "");
    select.shown("b", audience);
    let points = select.all(connection, |row| {
        let mut cells = Cells::new(row, 1, "body");
        let id = BodyId(cells.uuid()?);
        let (name, kind, country) = (cells.text()?, cells.text()?, cells.word()?);
        let (commodities, substances) = (cells.list()?, substances(&mut cells)?);
        let (own, of_site) = (cells.place()?, cells.place()?);
        Ok(own.or(of_site).map(|place| MapPoint {
            id,
            name,
            kind,
            country,
            place,
            of_site: own.is_none(),
            commodities,
            substances,
        }))
    })?;
    Ok(points.into_iter().flatten().collect())
}
