//! Values to columns, in the order of a table's list of columns.

use rusqlite::types::Value;
use varp_model::{Crs, Locator, Origin, Period, Position, SizeFraction, Substance, Visibility};

use super::row::level;
use crate::blob;

/// Collects the columns of a row one after the other.
#[derive(Default)]
pub(super) struct Values(pub(super) Vec<Value>);

impl Values {
    pub(super) fn put(&mut self, value: impl Into<Value>) -> &mut Self {
        self.0.push(value.into());
        self
    }

    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.put(text.to_owned())
    }

    pub(super) fn opt_text(&mut self, text: Option<&str>) -> &mut Self {
        self.put(text.map(str::to_owned))
    }

    pub(super) fn opt_display(&mut self, value: Option<impl ToString>) -> &mut Self {
        self.put(value.map(|v| v.to_string()))
    }

    pub(super) fn list(&mut self, list: &[String]) -> &mut Self {
        self.put((!list.is_empty()).then(|| serde_json::Value::from(list).to_string()))
    }

    pub(super) fn visibility(&mut self, visibility: Visibility) -> &mut Self {
        self.put(level(visibility))
    }

    pub(super) fn origin(&mut self, origin: &Origin) -> &mut Self {
        self.text(&origin.dataset.0).text(&origin.key)
    }

    pub(super) fn locator(&mut self, locator: &Locator) -> &mut Self {
        self.opt_text(locator.page.as_deref())
            .opt_text(locator.file.as_deref())
            .opt_text(locator.sheet.as_deref())
            .put(locator.row)
            .opt_text(locator.column.as_deref())
    }

    pub(super) fn period(&mut self, period: Option<Period>) -> &mut Self {
        let period = period.unwrap_or_default();
        self.opt_display(period.start).opt_display(period.end)
    }

    pub(super) fn position(&mut self, position: Option<&Position>) -> &mut Self {
        let Some(p) = position else {
            return self
                .put(0)
                .put(Value::Null)
                .put(Value::Null)
                .put(Value::Null)
                .put(Value::Null)
                .put(Value::Null);
        };
        self.visibility(p.visibility).put(blob::from_place(p.place));
        match original_columns(p) {
            Some((x, y, epsg)) => self.put(x).put(y).put(epsg),
            None => self.put(Value::Null).put(Value::Null).put(Value::Null),
        };
        self.put(p.accuracy_m)
    }

    pub(super) fn area(&mut self, area: Option<&varp_model::Geometry>) -> &mut Self {
        self.put(area.and_then(blob::from_area))
    }

    pub(super) fn substance(&mut self, substance: Option<&Substance>) -> &mut Self {
        self.opt_text(substance.map(Substance::code)).opt_text(substance.map(substance_kind))
    }

    pub(super) fn size_fraction(&mut self, size: Option<SizeFraction>) -> &mut Self {
        self.put(size.map(|s| s.from_mm))
            .put(size.and_then(|s| s.to_mm))
            .put(size.and_then(|s| s.mass_share))
    }
}

/// The original coordinates, unless they are the place itself.
pub(super) fn original_columns(position: &Position) -> Option<(f64, f64, i64)> {
    let o = &position.original;
    let same = o.crs == Crs::WGS84
        && o.x == position.place.longitude()
        && o.y == position.place.latitude();
    (!same).then(|| (o.x, o.y, i64::from(o.crs.epsg())))
}

fn substance_kind(substance: &Substance) -> &'static str {
    match substance {
        Substance::Element(_) => "element",
        Substance::Compound(_) => "compound",
        Substance::Mineral(_) => "mineral",
        Substance::Defined(_) => "defined",
    }
}

/// FNV-1a of the columns: tells a later import whether its source says something new.
///
/// Source: G. Fowler, L. C. Noll, K.-P. Vo, D. Eastlake, RFC 9923, 64-bit offset and prime.
pub(super) fn digest(values: &[Value]) -> i64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut eat = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    };
    for value in values {
        match value {
            Value::Null => eat(b"0"),
            Value::Integer(i) => {
                eat(b"i");
                eat(&i.to_le_bytes());
            }
            Value::Real(r) => {
                eat(b"r");
                eat(&r.to_bits().to_le_bytes());
            }
            Value::Text(t) => {
                eat(b"t");
                eat(&(t.len() as u64).to_le_bytes());
                eat(t.as_bytes());
            }
            Value::Blob(b) => {
                eat(b"b");
                eat(&(b.len() as u64).to_le_bytes());
                eat(b);
            }
        }
    }
    hash.cast_signed()
}
