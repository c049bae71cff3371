//! Holes.

use rusqlite::{Connection, Row};
use uuid::Uuid;
use varp_model::{BodyId, Hole, HoleId, SourceId, Survey, Visibility};

use super::page::Select;
use super::record::{Record, join_withheld, select};
use super::row::Cells;
use super::values::Values;
use crate::{Result, StoreError};

impl Record for Hole {
    const TABLE: &'static str = "hole";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "dataset",
        "key",
        "body",
        "name",
        "elevation_m",
        "height_datum",
        "depth_m",
        "surveys",
        "method",
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
    const REFERENCES: &'static [&'static str] = &["body"];

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn write(&self, values: &mut Values) {
        let surveys: Vec<[f64; 3]> =
            self.surveys.iter().map(|s| [s.depth_m, s.azimuth, s.dip]).collect();
        let surveys = (!surveys.is_empty()).then(|| serde_json::json!(surveys).to_string());
        values
            .text(&self.id.to_string())
            .origin(&self.origin)
            .opt_display(self.body)
            .text(&self.name)
            .put(self.elevation_m)
            .opt_text(self.height_datum.as_deref())
            .put(self.depth_m)
            .put(surveys)
            .opt_text(self.method.as_deref())
            .text(&self.source.to_string())
            .locator(&self.locator)
            .visibility(self.visibility)
            .opt_text(self.licence.as_ref().map(|l| l.0.as_str()))
            .position(self.collar.as_ref());
    }
}

fn read(row: &Row<'_>) -> Result<Hole> {
    let mut cells = Cells::new(row, 1, "hole");
    let id = HoleId(cells.uuid()?);
    Ok(Hole {
        id,
        origin: cells.origin(id.0)?,
        body: cells.opt_uuid()?.map(BodyId),
        name: cells.text()?,
        elevation_m: cells.opt_real()?,
        height_datum: cells.opt_text()?,
        depth_m: cells.opt_real()?,
        surveys: cells.opt_text()?.map_or_else(|| Ok(Vec::new()), |json| surveys(&json, id))?,
        method: cells.opt_text()?,
        source: SourceId(cells.uuid()?),
        locator: cells.locator()?,
        visibility: cells.visibility()?,
        licence: cells.licence()?,
        collar: cells.position()?,
    })
}

/// Reads `[[depth, azimuth, dip], …]`.
fn surveys(json: &str, hole: HoleId) -> Result<Vec<Survey>> {
    let rows: Vec<[f64; 3]> = serde_json::from_str(json).map_err(|_| StoreError::BadValue {
        table: "hole",
        row: hole.to_string(),
        column: "surveys".into(),
        reason: "it is not a list of [depth, azimuth, dip] in JSON".into(),
    })?;
    Ok(rows.into_iter().map(|[depth_m, azimuth, dip]| Survey { depth_m, azimuth, dip }).collect())
}

fn selection(audience: Visibility) -> Select {
    let columns = select(Hole::COLUMNS, "h", audience);
    let from = format!("hole h{}", join_withheld("hole", "h", audience));
    let mut select = Select::new("h.fid", columns, from, "");
    select.shown("h", audience);
    select
}

/// The holes in a body.
pub(super) fn of_body(
    connection: &Connection,
    body: BodyId,
    audience: Visibility,
) -> Result<Vec<Hole>> {
    let mut select = selection(audience);
    select.that("h.body = ?", [body.to_string().into()]);
    select.all(connection, read)
}

/// One hole.
pub(super) fn one(
    connection: &Connection,
    id: HoleId,
    audience: Visibility,
) -> Result<Option<Hole>> {
    let mut select = selection(audience);
    select.that("h.id = ?", [id.to_string().into()]);
    Ok(select.all(connection, read)?.pop())
}
