//! Sites, bodies, holes and samples of a row.

use varp_model::{
    Body, BodyId, BodyKind, Country, Hole, HoleId, Licence, Locator, Origin, Period, QaRole,
    Sample, SampleId, Site, SiteId, SizeFraction, Subject, Survey, Unit, Visibility,
};

use super::bind::{Binder, BoundField, Table};
use super::place::BoundPlace;
use super::row::{CodeField, Row, map_hint, shortened};
use super::state::Context;
use crate::import::Code;
use crate::import::mapping::{
    BodyFields, DipSign, Field, HoleFields, SampleFields, SiteFields, SurveyFields, TableMapping,
};

/// What the records of a row have in common.
pub(crate) struct Common {
    pub(crate) source: varp_model::SourceId,
    pub(crate) locator: Locator,
    pub(crate) visibility: Visibility,
    pub(crate) licence: Option<Licence>,
}

impl Common {
    fn visibility(&self, row: Option<Visibility>) -> Visibility {
        row.unwrap_or(self.visibility)
    }
}

/// Columns of a site.
pub(crate) struct BoundSite {
    pub(crate) key: BoundField,
    name: Option<BoundField>,
    aliases: Option<BoundField>,
    country: Option<CodeField>,
    municipality: Option<BoundField>,
    pub(crate) place: Option<BoundPlace>,
    note: Option<BoundField>,
    visibility: Option<BoundField>,
}

impl BoundSite {
    pub(crate) fn bind(
        b: &mut Binder<'_>,
        f: &SiteFields,
        mapping: &TableMapping,
        table: &Table,
        country: Option<&str>,
    ) -> Self {
        let fixed = country.map(Field::fixed);
        let country = f.country.as_ref().or(fixed.as_ref());
        if country.is_none() {
            let hint = "say country = \"SE\" for the whole file, or which column holds it";
            b.fault(
                Code::MAPPING,
                "the country of the sites is not stated".into(),
                Some(hint.into()),
            );
        }
        Self {
            key: b.field(&f.key),
            name: b.optional(f.name.as_ref()),
            aliases: b.optional(f.aliases.as_ref()),
            country: code_field(b, country, "country"),
            municipality: b.optional(f.municipality.as_ref()),
            place: BoundPlace::bind(b, f.place.as_ref(), mapping, table),
            note: b.optional(f.note.as_ref()),
            visibility: b.optional(f.visibility.as_ref()),
        }
    }
}

pub(crate) fn code_field(
    b: &mut Binder<'_>,
    field: Option<&Field>,
    noun: &'static str,
) -> Option<CodeField> {
    field.map(|f| CodeField::new(b.field(f), noun))
}

impl<'r> Row<'r> {
    /// The key of a record; a row without it is refused.
    pub(crate) fn key(&mut self, field: &'r BoundField, noun: &str) -> Option<String> {
        let key = self.required(field, &format!("key of the {noun}"))?;
        if key.len() > 500 {
            let message = format!("the key of the {noun} is longer than 500 letters");
            self.error(Code::MISSING, field.column(), message, None);
            return None;
        }
        Some(key)
    }

    /// The site of the row.
    pub(crate) fn site(
        &mut self,
        s: &'r BoundSite,
        c: &Context<'_>,
        common: &Common,
    ) -> Option<Site> {
        let key = self.key(&s.key, "site")?;
        let visibility = common.visibility(self.word(s.visibility.as_ref()));
        let name = self.name(s.name.as_ref());
        let aliases = self.names(s.aliases.as_ref());
        let country = self.country(s.country.as_ref(), c);
        let place = s.place.as_ref().and_then(|p| self.place(p, visibility, c.references));
        let municipality = self.name(s.municipality.as_ref());
        let note = self.name(s.note.as_ref());
        Some(Site {
            id: SiteId::of(c.dataset, &key),
            name: name.unwrap_or_else(|| key.clone()),
            origin: Origin { dataset: c.dataset.clone(), key },
            aliases,
            country: country?,
            municipality,
            position: place.map(|(position, _)| position),
            note,
            source: common.source,
            locator: common.locator.clone(),
            visibility,
            licence: common.licence.clone(),
        })
    }

    fn country(&mut self, field: Option<&'r CodeField>, c: &Context<'_>) -> Option<Country> {
        let field = field?;
        let text = self.required(&field.field, "country")?;
        let known = c.references.list("countries").and_then(|list| {
            field.recall(&text, |t| list.recognise(t).map(|code| code.code.clone()))
        });
        let country = known.as_deref().unwrap_or(&text).parse();
        if country.is_err() {
            let message = format!("\"{}\" is not a country", shortened(&text));
            let hint = map_hint(&text, Some("SE"));
            self.error(Code::UNKNOWN_WORD, field.field.column(), message, hint);
        }
        country.ok()
    }
}

/// Columns of a body.
pub(crate) struct BoundBody {
    pub(crate) key: BoundField,
    site: Option<BoundField>,
    name: Option<BoundField>,
    aliases: Option<BoundField>,
    kind: CodeField,
    status: Option<CodeField>,
    storage: Option<CodeField>,
    list_of_waste: Option<CodeField>,
    commodities: Option<CodeField>,
    period: Option<BoundField>,
    start: Option<BoundField>,
    end: Option<BoundField>,
    origin_deposit: Option<BoundField>,
    deposit_type: Option<BoundField>,
    pub(crate) place: Option<BoundPlace>,
    note: Option<BoundField>,
    visibility: Option<BoundField>,
}

impl BoundBody {
    pub(crate) fn bind(
        b: &mut Binder<'_>,
        f: &BodyFields,
        mapping: &TableMapping,
        table: &Table,
    ) -> Self {
        if f.site.is_none() && mapping.site.is_none() {
            let hint = "name the column of the site's key: site = \"…\" in [table.body]";
            b.fault(
                Code::MAPPING,
                "the site of the bodies is not stated".into(),
                Some(hint.into()),
            );
        }
        Self {
            key: b.field(&f.key),
            site: b.optional(f.site.as_ref()),
            name: b.optional(f.name.as_ref()),
            aliases: b.optional(f.aliases.as_ref()),
            kind: CodeField::new(b.field(&f.kind), "kind of body"),
            status: code_field(b, f.status.as_ref(), "status of a mine"),
            storage: code_field(b, f.storage.as_ref(), "kind of storage"),
            list_of_waste: code_field(b, f.list_of_waste.as_ref(), "entry of the List of Waste"),
            commodities: code_field(b, f.commodities.as_ref(), "commodity"),
            period: b.optional(f.period.as_ref()),
            start: b.optional(f.start.as_ref()),
            end: b.optional(f.end.as_ref()),
            origin_deposit: b.optional(f.origin_deposit.as_ref()),
            deposit_type: b.optional(f.deposit_type.as_ref()),
            place: BoundPlace::bind(b, f.place.as_ref(), mapping, table),
            note: b.optional(f.note.as_ref()),
            visibility: b.optional(f.visibility.as_ref()),
        }
    }
}

impl<'r> Row<'r> {
    /// The body of the row; `site` is the site that the row makes.
    pub(crate) fn body(
        &mut self,
        f: &'r BoundBody,
        site: Option<SiteId>,
        c: &Context<'_>,
        common: &Common,
    ) -> Option<Body> {
        let key = self.key(&f.key, "body")?;
        let visibility = common.visibility(self.word(f.visibility.as_ref()));
        let site = match &f.site {
            Some(field) => {
                let key = self.key(field, "site")?;
                let id = SiteId::of(c.dataset, &key);
                self.refer(Subject::Site(id), field, "site", &key, c);
                Some(id)
            }
            None => site,
        };
        let list = |name| c.references.list(name).unwrap_or(&c.no_codes);
        let kind = self.code(Some(&f.kind), list("body_kinds"));
        if kind.is_none() && !self.refused {
            let hint = "\"unknown\" is a kind, too";
            self.error(
                Code::MISSING,
                f.kind.field.column(),
                "the kind of body is missing".into(),
                Some(hint.to_owned()),
            );
        }
        let place = f.place.as_ref().and_then(|p| self.place(p, visibility, c.references));
        let (position, footprint) = place.map_or((None, None), |(p, outline)| (Some(p), outline));
        let origin_deposit = self.optional(f.origin_deposit.as_ref());
        let body = Body {
            id: BodyId::of(c.dataset, &key),
            name: self.name(f.name.as_ref()).unwrap_or_else(|| key.clone()),
            origin: Origin { dataset: c.dataset.clone(), key },
            site: site.unwrap_or(SiteId::of(c.dataset, "")),
            aliases: self.names(f.aliases.as_ref()),
            kind: BodyKind(kind.unwrap_or_default()),
            position,
            footprint,
            period: self.body_period(f),
            status: self.code(f.status.as_ref(), list("mine_status")),
            storage: self.code(f.storage.as_ref(), list("waste_storage")),
            list_of_waste: self.code(f.list_of_waste.as_ref(), list("list_of_waste")),
            commodities: self.commodities(f.commodities.as_ref(), c),
            origin_deposit: origin_deposit.map(|key| BodyId::of(c.dataset, &key)),
            deposit_type: self.name(f.deposit_type.as_ref()),
            note: self.name(f.note.as_ref()),
            source: common.source,
            locator: common.locator.clone(),
            visibility,
            licence: common.licence.clone(),
        };
        site.map(|_| body)
    }

    fn body_period(&mut self, f: &'r BoundBody) -> Option<Period> {
        if f.period.is_some() {
            return self.period(f.period.as_ref());
        }
        let period = Period { start: self.date(f.start.as_ref()), end: self.date(f.end.as_ref()) };
        if let (Some(start), Some(end)) = (period.start, period.end)
            && start.first_day() > end.last_day()
        {
            let column = f.end.as_ref().and_then(BoundField::column);
            let message = format!("the period ends in {end}, before it starts in {start}");
            self.error(Code::DATE, column, message, None);
        }
        (period.start.is_some() || period.end.is_some()).then_some(period)
    }

    /// Codes of commodities from symbols and names in any of the languages.
    fn commodities(&mut self, field: Option<&'r CodeField>, c: &Context<'_>) -> Vec<String> {
        let Some(field) = field else { return Vec::new() };
        let Some(text) = self.text(&field.field) else { return Vec::new() };
        let mut codes = Vec::new();
        let mut add = |code: String| {
            if !code.is_empty() && !codes.contains(&code) {
                codes.push(code);
            }
        };
        for part in text.split([',', ';', '|', '/', '+']).map(str::trim).filter(|p| !p.is_empty()) {
            let whole = field.recall(part, |t| c.commodity(t));
            if let Some(code) = whole {
                add(code);
                continue;
            }
            let words: Vec<&str> = part.split_whitespace().collect();
            let known: Vec<Option<String>> =
                words.iter().map(|w| field.recall(w, |t| c.commodity(t))).collect();
            for (word, code) in words.iter().zip(known) {
                match code {
                    Some(code) => add(code),
                    None => {
                        let message = format!("\"{}\" is not a commodity", shortened(word));
                        let hint = map_hint(word, Some("Cu"));
                        self.error(Code::UNKNOWN_WORD, field.field.column(), message, hint);
                    }
                }
            }
        }
        codes
    }

    /// Checks that a record referred to exists in this import or in the register.
    pub(crate) fn refer(
        &mut self,
        subject: Subject,
        field: &BoundField,
        noun: &str,
        key: &str,
        c: &Context<'_>,
    ) {
        if c.knows(subject) {
            return;
        }
        let message = format!("there is no {noun} \"{}\"", shortened(key));
        let hint = match c.refused(subject) {
            Some(row) => format!("its row {row} was refused"),
            None => format!("neither in this import nor in the register under \"{}\"", c.dataset.0),
        };
        self.error(Code::UNKNOWN_REFERENCE, field.column(), message, hint);
    }
}

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
