//! Zones.

use rusqlite::{Connection, Row};
use uuid::Uuid;
use varp_model::{BodyId, SourceId, Visibility, Zone, ZoneId};

use super::page::Select;
use super::record::{Record, join_withheld, select};
use super::row::Cells;
use super::values::Values;
use crate::Result;

impl Record for Zone {
    const TABLE: &'static str = "zone";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "body",
        "name",
        "geom",
        "top_m",
        "base_m",
        "source",
        "source_page",
        "source_file",
        "source_sheet",
        "source_row",
        "source_column",
        "visibility",
    ];
    const REFERENCES: &'static [&'static str] = &["body"];

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn write(&self, values: &mut Values) {
        values
            .text(&self.id.to_string())
            .text(&self.body.to_string())
            .text(&self.name)
            .area(self.outline.as_ref())
            .put(self.top_m)
            .put(self.base_m)
            .text(&self.source.to_string())
            .locator(&self.locator)
            .visibility(self.visibility);
    }
}

fn read(row: &Row<'_>) -> Result<Zone> {
    let mut cells = Cells::new(row, 1, "zone");
    Ok(Zone {
        id: ZoneId(cells.uuid()?),
        body: BodyId(cells.uuid()?),
        name: cells.text()?,
        outline: cells.area()?,
        top_m: cells.opt_real()?,
        base_m: cells.opt_real()?,
        source: SourceId(cells.uuid()?),
        locator: cells.locator()?,
        visibility: cells.visibility()?,
    })
}

/// The zones of a body.
pub(super) fn of_body(
    connection: &Connection,
    body: BodyId,
    audience: Visibility,
) -> Result<Vec<Zone>> {
    let columns = select(Zone::COLUMNS, "z", audience);
    let from = format!("zone z{}", join_withheld("zone", "z", audience));
    let mut select = Select::new("z.fid", columns, from, "");
    select.shown("z", audience);
    select.that("z.body = ?", [body.to_string().into()]);
    select.all(connection, read)
}
