//! Columns to values, in the order of a table's list of columns.

use std::str::FromStr;

use rusqlite::Row;
use rusqlite::types::ValueRef;
use uuid::Uuid;
use varp_model::{
    Crs, Dataset, Element, Formula, Licence, Locator, LonLat, Origin, Original, PartialDate,
    Period, Position, SizeFraction, Substance, Visibility,
};

use crate::blob;
use crate::{Result, StoreError};

/// Reads the columns of a row one after the other.
pub(super) struct Cells<'r, 's> {
    row: &'r Row<'s>,
    at: usize,
    table: &'static str,
}

impl<'r, 's> Cells<'r, 's> {
    /// Starts at column `from` of a row of `table`.
    pub(super) fn new(row: &'r Row<'s>, from: usize, table: &'static str) -> Self {
        Self { row, at: from, table }
    }

    fn next(&mut self) -> Result<ValueRef<'r>> {
        let at = self.at;
        self.at += 1;
        self.row
            .get_ref(at)
            .map_err(|source| StoreError::Database { doing: "reading a row", source })
    }

    fn bad(&self, reason: impl Into<String>) -> StoreError {
        let row = (0..self.row.as_ref().column_count())
            .find(|i| {
                self.row.as_ref().column_name(*i).is_ok_and(|name| name == "id" || name == "fid")
            })
            .and_then(|i| self.row.get_ref(i).ok())
            .map_or_else(String::new, |value| match value {
                ValueRef::Text(t) => String::from_utf8_lossy(t).into_owned(),
                ValueRef::Integer(i) => i.to_string(),
                _ => String::new(),
            });
        let column = self.row.as_ref().column_name(self.at - 1).unwrap_or("").to_owned();
        StoreError::BadValue { table: self.table, row, column, reason: reason.into() }
    }

    fn opt_str(&mut self) -> Result<Option<&'r str>> {
        match self.next()? {
            ValueRef::Null => Ok(None),
            ValueRef::Text(text) => {
                std::str::from_utf8(text).map(Some).map_err(|_| self.bad("it is not UTF-8"))
            }
            other => Err(self.bad(format!("{} stands where text should", other.data_type()))),
        }
    }

    pub(super) fn str(&mut self) -> Result<&'r str> {
        self.opt_str()?.ok_or_else(|| self.bad("it is empty"))
    }

    pub(super) fn text(&mut self) -> Result<String> {
        self.str().map(str::to_owned)
    }

    pub(super) fn opt_text(&mut self) -> Result<Option<String>> {
        Ok(self.opt_str()?.map(str::to_owned))
    }

    pub(super) fn opt_integer(&mut self) -> Result<Option<i64>> {
        match self.next()? {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(i) => Ok(Some(i)),
            other => {
                Err(self.bad(format!("{} stands where a whole number should", other.data_type())))
            }
        }
    }

    pub(super) fn integer(&mut self) -> Result<i64> {
        self.opt_integer()?.ok_or_else(|| self.bad("it is empty"))
    }

    pub(super) fn opt_real(&mut self) -> Result<Option<f64>> {
        match self.next()? {
            ValueRef::Null => Ok(None),
            #[expect(clippy::cast_precision_loss, reason = "SQLite stores whole reals as integers")]
            ValueRef::Integer(i) => Ok(Some(i as f64)),
            ValueRef::Real(r) => Ok(Some(r)),
            other => Err(self.bad(format!("{} stands where a number should", other.data_type()))),
        }
    }

    /// Anything that is written as text.
    pub(super) fn word<T: FromStr>(&mut self) -> Result<T>
    where
        T::Err: ToString,
    {
        self.str()?.parse().map_err(|error: T::Err| self.bad(error.to_string()))
    }

    pub(super) fn opt_word<T: FromStr>(&mut self) -> Result<Option<T>>
    where
        T::Err: ToString,
    {
        let text = self.opt_str()?;
        text.map(str::parse).transpose().map_err(|error: T::Err| self.bad(error.to_string()))
    }

    /// A UUID as text or as 16 bytes.
    pub(super) fn opt_uuid(&mut self) -> Result<Option<Uuid>> {
        match self.next()? {
            ValueRef::Null => Ok(None),
            ValueRef::Text(text) => {
                Uuid::try_parse_ascii(text).map(Some).map_err(|_| self.bad("it is not a UUID"))
            }
            ValueRef::Blob(bytes) => {
                Uuid::from_slice(bytes).map(Some).map_err(|_| self.bad("it is not a UUID"))
            }
            other => Err(self.bad(format!("{} stands where a UUID should", other.data_type()))),
        }
    }

    pub(super) fn uuid(&mut self) -> Result<Uuid> {
        self.opt_uuid()?.ok_or_else(|| self.bad("it is empty"))
    }

    /// A JSON array of texts; nothing is an empty list.
    pub(super) fn list(&mut self) -> Result<Vec<String>> {
        match self.opt_str()? {
            None => Ok(Vec::new()),
            Some(json) => serde_json::from_str(json)
                .map_err(|_| self.bad("it is not a list of texts in JSON")),
        }
    }

    /// A JSON array of pairs of texts.
    pub(super) fn pairs(&mut self) -> Result<Vec<(String, String)>> {
        serde_json::from_str(self.str()?).map_err(|_| self.bad("it is not a list of pairs in JSON"))
    }

    pub(super) fn visibility(&mut self) -> Result<Visibility> {
        let level = self.integer()?;
        visibility(level).ok_or_else(|| self.bad("it is not 0, 1 or 2"))
    }

    pub(super) fn licence(&mut self) -> Result<Option<Licence>> {
        Ok(self.opt_text()?.map(Licence))
    }

    /// Columns dataset and key; a record entered by hand has its id as key.
    pub(super) fn origin(&mut self, id: Uuid) -> Result<Origin> {
        let dataset = Dataset(self.text()?);
        let key = self.opt_text()?.unwrap_or_else(|| id.to_string());
        Ok(Origin { dataset, key })
    }

    /// Columns of page, file, sheet, row and column.
    pub(super) fn locator(&mut self) -> Result<Locator> {
        Ok(Locator {
            page: self.opt_text()?,
            file: self.opt_text()?,
            sheet: self.opt_text()?,
            row: self.opt_integer()?.and_then(|row| u32::try_from(row).ok()),
            column: self.opt_text()?,
        })
    }

    /// Columns period_start and period_end.
    pub(super) fn period(&mut self) -> Result<Option<Period>> {
        let (start, end) = (self.opt_word::<PartialDate>()?, self.opt_word::<PartialDate>()?);
        Ok((start.is_some() || end.is_some()).then_some(Period { start, end }))
    }

    /// Columns position_visibility, geom, x, y, epsg and accuracy_m.
    pub(super) fn position(&mut self) -> Result<Option<Position>> {
        let visibility = self.visibility()?;
        let place = self.place()?;
        let (x, y) = (self.opt_real()?, self.opt_real()?);
        let epsg = self.opt_integer()?;
        let accuracy_m = self.opt_real()?;
        let Some(place) = place else { return Ok(None) };
        let original = match (x, y, epsg) {
            (Some(x), Some(y), Some(epsg)) => {
                let crs = u16::try_from(epsg).ok().and_then(|code| Crs::from_epsg(code).ok());
                Original {
                    x,
                    y,
                    crs: crs.ok_or_else(|| self.bad(format!("EPSG:{epsg} is not known")))?,
                }
            }
            _ => Original { x: place.longitude(), y: place.latitude(), crs: Crs::WGS84 },
        };
        Ok(Some(Position { place, original, accuracy_m, visibility }))
    }

    /// A point geometry.
    pub(super) fn place(&mut self) -> Result<Option<LonLat>> {
        match self.next()? {
            ValueRef::Null => Ok(None),
            ValueRef::Blob(bytes) => match blob::bounds(bytes) {
                Ok(None) => Ok(None),
                _ => blob::place(bytes)
                    .map(Some)
                    .ok_or_else(|| self.bad("it is not a point on Earth")),
            },
            other => Err(self.bad(format!("{} stands where a geometry should", other.data_type()))),
        }
    }

    /// An area.
    pub(super) fn area(&mut self) -> Result<Option<varp_model::Geometry>> {
        match self.next()? {
            ValueRef::Null => Ok(None),
            ValueRef::Blob(bytes) => {
                blob::geometry(bytes).map(Some).map_err(|e| self.bad(e.to_string()))
            }
            other => Err(self.bad(format!("{} stands where a geometry should", other.data_type()))),
        }
    }

    /// Columns substance and substance_kind.
    pub(super) fn substance(&mut self) -> Result<Option<Substance>> {
        let Some(code) = self.opt_str()? else {
            self.next()?;
            return Ok(None);
        };
        let kind = self.opt_str()?;
        let element = || Element::from_symbol(code).map(Substance::Element);
        let compound = || Formula::parse(code).map(Substance::Compound);
        let defined = || Substance::Defined(code.to_owned());
        let substance = match kind {
            Some("element") => element(),
            Some("compound") => compound(),
            Some("mineral") => Some(Substance::Mineral(code.to_owned())),
            Some("defined") => Some(defined()),
            _ => Some(element().or_else(compound).unwrap_or_else(defined)),
        };
        substance.map(Some).ok_or_else(|| self.bad(format!("\"{code}\" is not of this kind")))
    }

    /// Columns size_from_mm, size_to_mm and size_share.
    pub(super) fn size_fraction(&mut self) -> Result<Option<SizeFraction>> {
        let (from, to_mm, mass_share) = (self.opt_real()?, self.opt_real()?, self.opt_real()?);
        Ok(from.map(|from_mm| SizeFraction { from_mm, to_mm, mass_share }))
    }
}

/// The level under which a visibility stands in tables.
pub(super) const fn level(visibility: Visibility) -> i64 {
    match visibility {
        Visibility::Public => 0,
        Visibility::Authority => 1,
        Visibility::Private => 2,
    }
}

pub(super) const fn visibility(level: i64) -> Option<Visibility> {
    match level {
        0 => Some(Visibility::Public),
        1 => Some(Visibility::Authority),
        2 => Some(Visibility::Private),
        _ => None,
    }
}
