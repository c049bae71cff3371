//! Sites, bodies, holes, samples and sources written into the columns that would make them.

use varp_model::{
    Body, BodyId, CodeList, Crs, Dimension, Hole, HoleId, Locator, Period, Position, Sample, Site,
    SiteId, Source, Unit, Visibility,
};

use super::Held;
use super::grid::{Line, Said, key_said};
use crate::import::mapping::{
    BodyFields, DipSign, Field, HoleFields, PlaceFields, SampleFields, SiteFields, SourceFields,
    TableMapping,
};

/// Whether a table takes places from the shapes of a GIS file.
pub(super) fn reads_shapes(table: &TableMapping) -> bool {
    let shapes = |place: Option<&PlaceFields>| place.is_some_and(|p| p.geometry);
    shapes(table.site.as_ref().and_then(|f| f.place.as_ref()))
        || shapes(table.body.as_ref().and_then(|f| f.place.as_ref()))
        || shapes(table.hole.as_ref().and_then(|f| f.place.as_ref()))
        || shapes(table.sample.as_ref().and_then(|f| f.place.as_ref()))
}

/// Writes records of one table.
#[derive(Clone, Copy)]
pub(super) struct Writer<'a> {
    pub(super) held: &'a Held<'a>,
    pub(super) table: &'a TableMapping,
}

impl Writer<'_> {
    /// The key of a site of this collection.
    fn site_key(&self, id: SiteId) -> Option<Said> {
        let site = self.held.sites.get(&id).filter(|s| self.held.own(&s.origin))?;
        Some(key_said(&site.origin.key))
    }

    /// The key of a body of this collection.
    pub(super) fn body_key(&self, id: BodyId) -> Option<Said> {
        let body = self.held.bodies.get(&id).filter(|b| self.held.own(&b.origin))?;
        Some(key_said(&body.origin.key))
    }

    fn hole_key(&self, id: HoleId) -> Option<Said> {
        let hole = self.held.holes.get(&id).filter(|h| self.held.own(&h.origin))?;
        Some(key_said(&hole.origin.key))
    }

    pub(super) fn site(&self, line: &mut Line<'_>, f: &SiteFields, site: &Site) {
        line.put(Some(&f.key), Some(key_said(&site.origin.key)));
        line.put(f.name.as_ref(), Some(site.name.as_str()));
        line.put(f.aliases.as_ref(), Some(site.aliases.join("; ")));
        self.code(line, f.country.as_ref(), Some(site.country.code()), "countries");
        line.put(f.municipality.as_ref(), site.municipality.as_deref());
        self.place(line, f.place.as_ref(), site.position.as_ref());
        line.put(f.note.as_ref(), site.note.as_deref());
        visibility(line, f.visibility.as_ref(), site.visibility);
    }

    pub(super) fn body(&self, line: &mut Line<'_>, f: &BodyFields, body: &Body) {
        line.put(Some(&f.key), Some(key_said(&body.origin.key)));
        line.put(f.site.as_ref(), self.site_key(body.site));
        line.put(f.name.as_ref(), Some(body.name.as_str()));
        line.put(f.aliases.as_ref(), Some(body.aliases.join("; ")));
        self.code(line, Some(&f.kind), Some(&body.kind.0), "body_kinds");
        self.code(line, f.status.as_ref(), body.status.as_deref(), "mine_status");
        self.code(line, f.storage.as_ref(), body.storage.as_deref(), "waste_storage");
        let entry = body.list_of_waste.as_deref();
        self.code(line, f.list_of_waste.as_ref(), entry, "list_of_waste");
        line.put(f.commodities.as_ref(), Some(body.commodities.join(", ")));
        period(line, f.period.as_ref(), body.period);
        if f.period.is_none() {
            let (start, end) = body.period.map_or((None, None), |p| (p.start, p.end));
            line.put(f.start.as_ref(), start.map(|d| d.to_string()));
            line.put(f.end.as_ref(), end.map(|d| d.to_string()));
        }
        line.put(f.origin_deposit.as_ref(), body.origin_deposit.and_then(|id| self.body_key(id)));
        line.put(f.deposit_type.as_ref(), body.deposit_type.as_deref());
        self.place(line, f.place.as_ref(), body.position.as_ref());
        line.put(f.note.as_ref(), body.note.as_deref());
        visibility(line, f.visibility.as_ref(), body.visibility);
    }

    pub(super) fn hole(&self, line: &mut Line<'_>, f: &HoleFields, hole: &Hole) {
        line.put(Some(&f.key), Some(key_said(&hole.origin.key)));
        line.put(f.body.as_ref(), hole.body.and_then(|id| self.body_key(id)));
        line.put(f.name.as_ref(), Some(hole.name.as_str()));
        self.place(line, f.place.as_ref(), hole.collar.as_ref());
        line.put(f.elevation.as_ref(), hole.elevation_m.map(|m| self.length(m)));
        line.put(f.height_datum.as_ref(), hole.height_datum.as_deref());
        line.put(f.depth.as_ref(), hole.depth_m.map(|m| self.length(m)));
        if let [first, ..] = hole.surveys.as_slice() {
            line.put(f.azimuth.as_ref(), Some(first.azimuth));
            line.put(f.dip.as_ref(), Some(self.dip(first.dip)));
        }
        self.code(line, f.method.as_ref(), hole.method.as_deref(), "sampling_methods");
        visibility(line, f.visibility.as_ref(), hole.visibility);
    }

    pub(super) fn sample(&self, line: &mut Line<'_>, f: &SampleFields, sample: &Sample) {
        line.put(Some(&f.key), Some(key_said(&sample.origin.key)));
        if f.existing {
            return;
        }
        line.put(f.name.as_ref(), Some(sample.name.as_str()));
        line.put(f.body.as_ref(), sample.body.and_then(|id| self.body_key(id)));
        line.put(f.hole.as_ref(), sample.hole.and_then(|id| self.hole_key(id)));
        self.place(line, f.place.as_ref(), sample.position.as_ref());
        line.put(f.from.as_ref(), sample.from_m.map(|m| self.length(m)));
        line.put(f.to.as_ref(), sample.to_m.map(|m| self.length(m)));
        self.code(line, f.method.as_ref(), sample.method.as_deref(), "sampling_methods");
        line.put(f.mass_kg.as_ref(), sample.mass_kg);
        if let Some(fraction) = &sample.size_fraction {
            line.put(f.finest_mm.as_ref(), Some(fraction.from_mm));
            line.put(f.coarsest_mm.as_ref(), fraction.to_mm);
            line.put(f.mass_share.as_ref(), fraction.mass_share);
        }
        line.put(f.date.as_ref(), sample.date.map(|d| d.to_string()));
        line.put(f.role.as_ref(), Some(sample.role.word()));
        visibility(line, f.visibility.as_ref(), sample.visibility);
    }

    /// Source and page of a row.
    pub(super) fn source(&self, line: &mut Line<'_>, source: &Source, locator: &Locator) {
        let Some(f) = &self.table.source else { return };
        let SourceFields { key, title, authors, date, address, licence, reliability, page } = f;
        line.put(key.as_ref(), Some(source.origin.key.as_str()));
        line.put(title.as_ref(), Some(source.title.as_str()));
        line.put(authors.as_ref(), source.authors.as_deref());
        line.put(date.as_ref(), source.date.map(|d| d.to_string()));
        line.put(address.as_ref(), source.address.as_deref());
        line.put(licence.as_ref(), source.licence.as_ref().map(|l| l.0.as_str()));
        line.put(reliability.as_ref(), source.reliability.as_deref());
        line.put(page.as_ref(), locator.page.as_deref());
    }

    /// A code, by the table's own word for it.
    pub(super) fn code(
        &self,
        line: &mut Line<'_>,
        field: Option<&Field>,
        code: Option<&str>,
        list: &str,
    ) {
        let (Some(field), Some(code)) = (field, code) else { return };
        let none = CodeList::default();
        let list = self.held.references.list(list).unwrap_or(&none);
        let means = |meaning: &str| list.recognise(meaning).is_some_and(|c| c.code == code);
        line.put(Some(field), Some(field.map.word(means).unwrap_or(code)));
    }

    fn place(
        &self,
        line: &mut Line<'_>,
        fields: Option<&PlaceFields>,
        position: Option<&Position>,
    ) {
        let (Some(fields), Some(position)) = (fields, position) else { return };
        let original = position.original;
        let crs = fields.crs.as_ref().or(self.table.crs.as_ref()).map(|crs| &crs.0);
        let fixed = crs.and_then(|f| f.value.as_deref()).and_then(epsg_of);
        let (x, y) = match fixed.filter(|crs| *crs != original.crs) {
            None => (original.x, original.y),
            Some(crs) => {
                let converter = crs.converter().ok();
                let local = converter.and_then(|c| c.local_from_lonlat(position.place).ok());
                let Some(local) = local else { return };
                (rounded(local.east, crs), rounded(local.north, crs))
            }
        };
        line.put(fields.x.as_ref(), Some(x));
        line.put(fields.y.as_ref(), Some(y));
        if let Some(field) = crs {
            let code = original.crs.epsg().to_string();
            let word = field.map.word(|meaning| epsg_of(meaning) == Some(original.crs));
            line.put(Some(field), Some(word.unwrap_or(&code)));
        }
        // the import adds what the system itself is off by
        let system = fixed.unwrap_or(original.crs).epsg();
        let own = self.held.references.crs_entry(system).map_or(0.0, |e| e.accuracy_m);
        let stated = position.accuracy_m.map(|m| ((m - own) * 1e6).round() / 1e6);
        line.put(fields.accuracy_m.as_ref(), stated);
    }

    /// Metres in the unit of lengths of the table.
    pub(super) fn length(&self, metres: f64) -> f64 {
        let unit = self.table.length_unit.as_deref();
        match unit.and_then(|text| Unit::parse_as(text, Dimension::Length).ok()) {
            Some(unit) => {
                let factor = unit.to_canonical(1.0);
                (metres / factor * 1e9).round() / 1e9
            }
            None => metres,
        }
    }

    /// Degrees below the horizontal with the sign of the table.
    pub(super) fn dip(&self, dip: f64) -> f64 {
        if self.table.dip == Some(DipSign::NegativeDown) { 0.0 - dip } else { dip }
    }
}

fn epsg_of(text: &str) -> Option<Crs> {
    let digits = text.trim().trim_start_matches("EPSG:").trim_start_matches("epsg:").trim();
    digits.parse().ok().and_then(|epsg| Crs::from_epsg(epsg).ok())
}

/// Millimetres, or as small a part of a degree.
fn rounded(value: f64, crs: Crs) -> f64 {
    let parts = if crs == Crs::WGS84 || value.abs() <= 360.0 { 1e8 } else { 1e3 };
    (value * parts).round() / parts
}

fn visibility(line: &mut Line<'_>, field: Option<&Field>, visibility: Visibility) {
    line.put(field, Some(visibility.word()));
}

pub(super) fn period(line: &mut Line<'_>, field: Option<&Field>, period: Option<Period>) {
    line.put(field, period.map(|p| p.to_string()));
}
