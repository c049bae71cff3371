//! Coordinates and shapes of a row.

use std::cell::RefCell;
use std::collections::BTreeMap;

use varp_model::{Bbox, Converter, Crs, Geometry, Original, Position, References, Visibility};

use super::bind::{Binder, BoundField, Table};
use super::row::Row;
use crate::import::cell::{CellRef, trim};
use crate::import::mapping::{PlaceFields, TableMapping};
use crate::import::{Code, number::parse_number};

/// Coordinates of a record, bound.
pub(crate) struct BoundPlace {
    pub(crate) x: Option<BoundField>,
    pub(crate) y: Option<BoundField>,
    crs: Option<BoundField>,
    accuracy: Option<BoundField>,
    visibility: Option<Visibility>,
    geometry: bool,
    converters: RefCell<BTreeMap<u16, Option<Converter>>>,
}

/// A place and, where the row has one, the outline around it.
pub(crate) type Placed = (Position, Option<Geometry>);

impl BoundPlace {
    pub(crate) fn bind(
        binder: &mut Binder<'_>,
        fields: Option<&PlaceFields>,
        mapping: &TableMapping,
        table: &Table,
    ) -> Option<Self> {
        let fields = fields?;
        let crs = fields.crs.as_ref().or(mapping.crs.as_ref());
        let known = crs.is_some() || fields.geometry && table.sheet_crs.is_some();
        if !known {
            let message = "the coordinate system of the coordinates is not stated".to_owned();
            let hint = "say crs = 3006, or whichever EPSG code it is, in the table".to_owned();
            binder.fault(Code::MAPPING, message, Some(hint));
        }
        if fields.x.is_some() != fields.y.is_some() || (fields.x.is_none() && !fields.geometry) {
            let message = "a place needs both `x` and `y`, or `geometry = true`".to_owned();
            binder.fault(Code::MAPPING, message, None);
        }
        Some(Self {
            x: binder.optional(fields.x.as_ref()),
            y: binder.optional(fields.y.as_ref()),
            crs: crs.map(|crs| binder.field(&crs.0)),
            accuracy: binder.optional(fields.accuracy_m.as_ref()),
            visibility: fields.visibility,
            geometry: fields.geometry,
            converters: RefCell::default(),
        })
    }
}

impl<'r> Row<'r> {
    /// The place that the row states; `None` where it states none or a wrong one.
    pub(crate) fn place(
        &mut self,
        place: &'r BoundPlace,
        visibility: Visibility,
        references: &References,
    ) -> Option<Placed> {
        let shape = if place.geometry { self.shape() } else { None };
        let point = match &shape {
            Some(shape) => Some(centre(shape)?),
            None => self.point(place),
        };
        let (x, y) = point?;
        let crs = self.crs(place)?;
        let accuracy = self.number(place.accuracy.as_ref(), "an accuracy in metres");
        let mut converters = place.converters.borrow_mut();
        let converter = converters.entry(crs.epsg()).or_insert_with(|| crs.converter().ok());
        let Some(converter) = converter else {
            let message = format!("{crs} is not a coordinate system that varp knows");
            self.error(Code::NOT_A_PLACE, None, message, None);
            return None;
        };
        let entry = references.crs_entry(crs.epsg());
        let Ok(lonlat) = converter.lonlat_from_local(x, y) else {
            self.not_a_place(place, x, y, crs, references);
            return None;
        };
        let footprint = match shape {
            Some(shape @ (Geometry::Polygon(_) | Geometry::MultiPolygon(_))) => {
                let lonlat =
                    |x, y| converter.lonlat_from_local(x, y).map(|p| (p.longitude(), p.latitude()));
                shape.try_map(lonlat).ok()
            }
            _ => None,
        };
        let position = Position {
            place: lonlat,
            original: Original { x, y, crs },
            accuracy_m: accuracy.map(|a| a + entry.map_or(0.0, |e| e.accuracy_m)),
            visibility: place.visibility.unwrap_or(visibility).max(visibility),
        };
        Some((position, footprint))
    }

    fn not_a_place(
        &mut self,
        place: &BoundPlace,
        x: f64,
        y: f64,
        crs: Crs,
        references: &References,
    ) {
        let column = place.x.as_ref().and_then(BoundField::column);
        let name =
            references.crs_entry(crs.epsg()).map_or(String::new(), |e| format!(" {}", e.name));
        let message = format!("({x}, {y}) is not a place in {crs}{name}");
        let swapped = references
            .crs_entry(crs.epsg())
            .is_some_and(|e| (e.x_min..=e.x_max).contains(&y) && (e.y_min..=e.y_max).contains(&x));
        let hint = if swapped {
            Some("x is east or longitude, y is north or latitude: they seem swapped".to_owned())
        } else {
            let fits: Vec<String> = references
                .crs
                .iter()
                .filter(|e| (e.x_min..=e.x_max).contains(&x) && (e.y_min..=e.y_max).contains(&y))
                .map(|e| format!("{} ({})", e.epsg, e.name))
                .collect();
            (!fits.is_empty()).then(|| format!("it could be one in {}", fits.join(" or ")))
        };
        self.error(Code::NOT_A_PLACE, column, message, hint);
    }

    fn crs(&mut self, place: &'r BoundPlace) -> Option<Crs> {
        let Some(field) = &place.crs else { return self.table.sheet_crs };
        let text = self.required(field, "coordinate system")?;
        let digits = text.trim().trim_start_matches("EPSG:").trim_start_matches("epsg:").trim();
        let crs = digits.parse().ok().and_then(|epsg| Crs::from_epsg(epsg).ok());
        if crs.is_none() {
            let message = format!("\"{text}\" is not an EPSG code that varp knows");
            self.error(Code::NOT_A_PLACE, field.column(), message, None);
        }
        crs
    }

    fn point(&mut self, place: &'r BoundPlace) -> Option<(f64, f64)> {
        let (x, y) = (place.x.as_ref()?, place.y.as_ref()?);
        let before = self.issues.len();
        let (east, north) = (self.coordinate(x), self.coordinate(y));
        if east.is_some() != north.is_some() && self.issues.len() == before {
            let (column, other) = if east.is_some() { (y, "x") } else { (x, "y") };
            let message = format!("only {other} of the coordinates is given");
            self.error(Code::MISSING, column.column(), message, None);
        }
        east.zip(north)
    }

    /// A number, or degrees with minutes and seconds.
    fn coordinate(&mut self, field: &'r BoundField) -> Option<f64> {
        if let Some(CellRef::Text(text)) = field.cell(self.cells)
            && let Some(degrees) = sexagesimal(trim(text))
        {
            return Some(degrees);
        }
        self.number(Some(field), "a coordinate")
    }

    fn shape(&mut self) -> Option<Geometry> {
        let shape = self.cells.iter().enumerate().find_map(|(at, cell)| match cell {
            CellRef::Geometry(shape) => Some((at, (*shape).clone())),
            _ => None,
        });
        if shape.is_none() {
            let line = self.cells.iter().rposition(|c| matches!(c, CellRef::Error(_)));
            if let Some(column) = line.filter(|&c| c + 1 == self.cells.len()) {
                let name = self.cells[column].text().into_owned();
                let message = format!("{name} stands where a point or an area should");
                self.error(Code::GEOMETRY, Some(column), message, None);
            }
        }
        shape.map(|(_, shape)| shape)
    }
}

/// A point for a shape: itself, or the middle of its box.
fn centre(shape: &Geometry) -> Option<(f64, f64)> {
    match shape {
        Geometry::Point(p) => Some((p.x(), p.y())),
        _ => Bbox::of(shape).map(|b| ((b.west + b.east) / 2.0, (b.south + b.north) / 2.0)),
    }
}

/// `60°12'34.5"N`, `60 12 34 N`; the letter is required, or the signs are.
fn sexagesimal(text: &str) -> Option<f64> {
    let letter = text.chars().last()?.to_ascii_uppercase();
    let negative = matches!(letter, 'S' | 'W' | 'V');
    let lettered = matches!(letter, 'N' | 'E' | 'S' | 'W' | 'V' | 'Ö' | 'P' | 'I' | 'A' | 'Ø');
    if !lettered && !text.contains('°') {
        return None;
    }
    let body =
        if lettered { text[..text.len() - text.chars().last()?.len_utf8()].trim() } else { text };
    let signs = ['°', '\'', '’', '′', '"', '”', '″', ' ', 'º'];
    let parts: Vec<&str> = body.split(signs).filter(|p| !p.is_empty()).collect();
    if parts.is_empty() || parts.len() > 3 {
        return None;
    }
    let mut degrees = 0.0;
    for (part, divisor) in parts.iter().zip([1.0, 60.0, 3600.0]) {
        let number = parse_number(&part.replace(',', "."), Default::default()).ok()?.value();
        if divisor > 1.0 && !(0.0..60.0).contains(&number) {
            return None;
        }
        degrees += number / divisor;
    }
    Some(if negative { -degrees } else { degrees })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_may_come_with_minutes_and_seconds() {
        let near = |text: &str, degrees: f64| {
            assert!((sexagesimal(text).unwrap() - degrees).abs() < 1e-9, "{text}");
        };
        near("60°30'00\"N", 60.5);
        near("51° 16' 12\" W", -51.27);
        near("60 30 36 N", 60.51);
        near("24,5° E", 24.5);
        assert_eq!(sexagesimal("348750"), None);
        assert_eq!(sexagesimal("60°75'N"), None);
        assert_eq!(sexagesimal("N"), None);
    }
}
