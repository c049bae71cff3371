//! Holes, their surveys, and samples of a row.

use varp_model::{
    BodyId, Hole, HoleId, Origin, QaRole, Sample, SampleId, SizeFraction, Subject, Survey, Unit,
};

use super::bind::{Binder, BoundField, Table};
use super::place::BoundPlace;
use super::records::{Common, code_field};
use super::row::{CodeField, Row};
use super::state::Context;
use crate::import::Code;
use crate::import::mapping::{DipSign, HoleFields, SampleFields, SurveyFields, TableMapping};

/// Columns of a hole.
pub(crate) struct BoundHole {
    pub(crate) key: BoundField,
    body: Option<BoundField>,
    name: Option<BoundField>,
    pub(crate) place: Option<BoundPlace>,
    elevation: Option<BoundField>,
    height_datum: Option<BoundField>,
    depth: Option<BoundField>,
    azimuth: Option<BoundField>,
    dip: Option<BoundField>,
    dip_sign: Option<DipSign>,
    method: Option<CodeField>,
    visibility: Option<BoundField>,
    length: Unit,
}

/// The unit of lengths that the table states.
fn length_unit(b: &mut Binder<'_>, mapping: &TableMapping) -> Unit {
    let metre = Unit::canonical(varp_model::Dimension::Length);
    let Some(text) = &mapping.length_unit else { return metre };
    match Unit::parse_as(text, varp_model::Dimension::Length) {
        Ok(unit) => unit,
        Err(error) => {
            b.fault(Code::UNIT, error.to_string(), Some("length_unit is m, ft, cm …".into()));
            metre
        }
    }
}

fn need_dip_sign(b: &mut Binder<'_>, mapping: &TableMapping) {
    if mapping.dip.is_none() {
        let hint = "say dip = \"negative down\" or dip = \"positive down\" in the table";
        b.fault(Code::MAPPING, "the sense of the dips is not stated".into(), Some(hint.into()));
    }
}

impl BoundHole {
    pub(crate) fn bind(
        b: &mut Binder<'_>,
        f: &HoleFields,
        mapping: &TableMapping,
        table: &Table,
    ) -> Self {
        if f.dip.is_some() {
            need_dip_sign(b, mapping);
        }
        Self {
            key: b.field(&f.key),
            body: b.optional(f.body.as_ref()),
            name: b.optional(f.name.as_ref()),
            place: BoundPlace::bind(b, f.place.as_ref(), mapping, table),
            elevation: b.optional(f.elevation.as_ref()),
            height_datum: b.optional(f.height_datum.as_ref()),
            depth: b.optional(f.depth.as_ref()),
            azimuth: b.optional(f.azimuth.as_ref()),
            dip: b.optional(f.dip.as_ref()),
            dip_sign: mapping.dip,
            method: code_field(b, f.method.as_ref(), "way to make a hole"),
            visibility: b.optional(f.visibility.as_ref()),
            length: length_unit(b, mapping),
        }
    }
}

impl<'r> Row<'r> {
    /// The hole of the row.
    pub(crate) fn hole(
        &mut self,
        f: &'r BoundHole,
        body: Option<BodyId>,
        c: &Context<'_>,
        common: &Common,
    ) -> Option<Hole> {
        let key = self.key(&f.key, "hole")?;
        let visibility = common.visibility(self.word(f.visibility.as_ref()));
        let body = self.body_reference(f.body.as_ref(), c).or(body);
        let place = f.place.as_ref().and_then(|p| self.place(p, visibility, c.references));
        let methods = c.references.list("sampling_methods").unwrap_or(&c.no_codes);
        let azimuth = self.azimuth(f.azimuth.as_ref());
        let dip = self.dip(f.dip.as_ref(), f.dip_sign);
        let survey = azimuth.zip(dip).map(|(azimuth, dip)| Survey { depth_m: 0.0, azimuth, dip });
        Some(Hole {
            id: HoleId::of(c.dataset, &key),
            name: self.name(f.name.as_ref()).unwrap_or_else(|| key.clone()),
            origin: Origin { dataset: c.dataset.clone(), key },
            body,
            collar: place.map(|(position, _)| position),
            elevation_m: self.metres(f.elevation.as_ref(), f.length, "a height"),
            height_datum: self.optional(f.height_datum.as_ref()),
            depth_m: self.depth(f.depth.as_ref(), f.length),
            surveys: survey.into_iter().collect(),
            method: self.code(f.method.as_ref(), methods),
            source: common.source,
            locator: common.locator.clone(),
            visibility,
            licence: common.licence.clone(),
        })
    }

    fn body_reference(&mut self, field: Option<&'r BoundField>, c: &Context<'_>) -> Option<BodyId> {
        let field = field?;
        let key = self.optional(Some(field))?;
        let id = BodyId::of(c.dataset, &key);
        self.refer(Subject::Body(id), field, "body", &key, c);
        Some(id)
    }

    fn depth(&mut self, field: Option<&'r BoundField>, unit: Unit) -> Option<f64> {
        let depth = self.metres(field, unit, "a depth")?;
        if depth < 0.0 {
            let message = format!("the depth {depth} is negative");
            let hint = "depths count downwards from the collar or the surface".to_owned();
            self.error(Code::INTERVAL, field.and_then(BoundField::column), message, hint);
        }
        Some(depth)
    }

    fn azimuth(&mut self, field: Option<&'r BoundField>) -> Option<f64> {
        let azimuth = self.number(field, "an azimuth")?;
        if !(0.0..=360.0).contains(&azimuth) {
            let message = format!("the azimuth {azimuth} is not within 0 to 360 degrees");
            self.error(Code::DIRECTION, field.and_then(BoundField::column), message, None);
        }
        Some(azimuth % 360.0)
    }

    /// Degrees below the horizontal.
    fn dip(&mut self, field: Option<&'r BoundField>, sign: Option<DipSign>) -> Option<f64> {
        let dip = self.number(field, "a dip")?;
        if !(-90.0..=90.0).contains(&dip) {
            let message = format!("the dip {dip} is not within -90 to 90 degrees");
            self.error(Code::DIRECTION, field.and_then(BoundField::column), message, None);
        }
        Some(if sign == Some(DipSign::NegativeDown) { -dip } else { dip })
    }
}

/// Columns of a survey.
pub(crate) struct BoundSurvey {
    hole: BoundField,
    depth: BoundField,
    azimuth: BoundField,
    dip: BoundField,
    dip_sign: Option<DipSign>,
    length: Unit,
}

impl BoundSurvey {
    pub(crate) fn bind(b: &mut Binder<'_>, f: &SurveyFields, mapping: &TableMapping) -> Self {
        need_dip_sign(b, mapping);
        Self {
            hole: b.field(&f.hole),
            depth: b.field(&f.depth),
            azimuth: b.field(&f.azimuth),
            dip: b.field(&f.dip),
            dip_sign: mapping.dip,
            length: length_unit(b, mapping),
        }
    }
}

impl<'r> Row<'r> {
    /// The direction that the row states, with the key of its hole.
    pub(crate) fn survey(&mut self, f: &'r BoundSurvey) -> Option<(String, Survey)> {
        let hole = self.key(&f.hole, "hole")?;
        self.required(&f.depth, "depth")?;
        self.required(&f.azimuth, "azimuth")?;
        self.required(&f.dip, "dip")?;
        let depth_m = self.depth(Some(&f.depth), f.length)?;
        let azimuth = self.azimuth(Some(&f.azimuth))?;
        let dip = self.dip(Some(&f.dip), f.dip_sign)?;
        Some((hole, Survey { depth_m, azimuth, dip }))
    }
}

/// Columns of a sample.
pub(crate) struct BoundSample {
    pub(crate) key: BoundField,
    name: Option<BoundField>,
    body: Option<BoundField>,
    hole: Option<BoundField>,
    pub(crate) place: Option<BoundPlace>,
    pub(crate) from: Option<BoundField>,
    to: Option<BoundField>,
    method: Option<CodeField>,
    mass: Option<BoundField>,
    finest: Option<BoundField>,
    coarsest: Option<BoundField>,
    share: Option<BoundField>,
    date: Option<BoundField>,
    role: Option<BoundField>,
    visibility: Option<BoundField>,
    length: Unit,
    pub(crate) existing: bool,
}

impl BoundSample {
    pub(crate) fn bind(
        b: &mut Binder<'_>,
        f: &SampleFields,
        mapping: &TableMapping,
        table: &Table,
    ) -> Self {
        Self {
            key: b.field(&f.key),
            name: b.optional(f.name.as_ref()),
            body: b.optional(f.body.as_ref()),
            hole: b.optional(f.hole.as_ref()),
            place: BoundPlace::bind(b, f.place.as_ref(), mapping, table),
            from: b.optional(f.from.as_ref()),
            to: b.optional(f.to.as_ref()),
            method: code_field(b, f.method.as_ref(), "way to take a sample"),
            mass: b.optional(f.mass_kg.as_ref()),
            finest: b.optional(f.finest_mm.as_ref()),
            coarsest: b.optional(f.coarsest_mm.as_ref()),
            share: b.optional(f.mass_share.as_ref()),
            date: b.optional(f.date.as_ref()),
            role: b.optional(f.role.as_ref()),
            visibility: b.optional(f.visibility.as_ref()),
            length: length_unit(b, mapping),
            existing: f.existing,
        }
    }
}

impl<'r> Row<'r> {
    /// The sample of the row; `body` and `hole` are those that the row makes.
    pub(crate) fn sample(
        &mut self,
        f: &'r BoundSample,
        key: String,
        made: (Option<BodyId>, Option<HoleId>),
        c: &Context<'_>,
        common: &Common,
    ) -> Sample {
        let visibility = common.visibility(self.word(f.visibility.as_ref()));
        let body = self.body_reference(f.body.as_ref(), c).or(made.0);
        let hole = self.hole_reference(f.hole.as_ref(), c).or(made.1);
        let place = match hole {
            Some(_) => None,
            None => f.place.as_ref().and_then(|p| self.place(p, visibility, c.references)),
        };
        let (from_m, to_m) = self.interval(f);
        let methods = c.references.list("sampling_methods").unwrap_or(&c.no_codes);
        Sample {
            id: SampleId::of(c.dataset, &key),
            name: self.name(f.name.as_ref()).unwrap_or_else(|| key.clone()),
            origin: Origin { dataset: c.dataset.clone(), key },
            body,
            hole,
            position: place.map(|(position, _)| position),
            from_m,
            to_m,
            method: self.code(f.method.as_ref(), methods),
            mass_kg: self.number(f.mass.as_ref(), "a mass in kg"),
            size_fraction: self.size_fraction(f),
            date: self.date(f.date.as_ref()),
            role: self.word(f.role.as_ref()).unwrap_or(QaRole::Original),
            source: common.source,
            locator: common.locator.clone(),
            visibility,
            licence: common.licence.clone(),
        }
    }

    fn hole_reference(&mut self, field: Option<&'r BoundField>, c: &Context<'_>) -> Option<HoleId> {
        let field = field?;
        let key = self.optional(Some(field))?;
        let id = HoleId::of(c.dataset, &key);
        self.refer(Subject::Hole(id), field, "hole", &key, c);
        Some(id)
    }

    fn interval(&mut self, f: &'r BoundSample) -> (Option<f64>, Option<f64>) {
        let from = self.depth(f.from.as_ref(), f.length);
        let to = self.depth(f.to.as_ref(), f.length);
        if let (Some(from), Some(to)) = (from, to)
            && from >= to
        {
            let column = f.to.as_ref().and_then(BoundField::column);
            let message = format!("the interval runs from {from} to {to} m");
            self.error(Code::INTERVAL, column, message, "`from` is the smaller depth".to_owned());
        }
        (from, to)
    }

    fn size_fraction(&mut self, f: &'r BoundSample) -> Option<SizeFraction> {
        let finest = self.number(f.finest.as_ref(), "a grain size in mm");
        let coarsest = self.number(f.coarsest.as_ref(), "a grain size in mm");
        let mass_share = self.number(f.share.as_ref(), "a share between 0 and 1");
        if let Some(share) = mass_share.filter(|s| !(0.0..=1.0).contains(s)) {
            let column = f.share.as_ref().and_then(BoundField::column);
            let message = format!("the mass share {share} is not within 0 to 1");
            self.error(Code::NOT_A_NUMBER, column, message, None);
        }
        if finest.is_none() && coarsest.is_none() {
            return None;
        }
        Some(SizeFraction { from_mm: finest.unwrap_or(0.0), to_mm: coarsest, mass_share })
    }
}
