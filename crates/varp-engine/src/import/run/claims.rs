//! Claims of a row: what a source says of a site, a body, a hole or a sample.

use varp_model::{
    Basis, Claim, ClaimId, ClaimValue, Coverage, Dimension, Origin, PartialDate, Period, Property,
    Range, Reported, Spread, Subject, Substance, Term, Unit, ValueKind, Visibility,
};

use super::bind::{Binder, BoundField};
use super::records::Common;
use super::row::{Row, map_hint, shortened};
use super::state::Context;
use crate::import::Code;
use crate::import::cell::CellRef;
use crate::import::date::{Dates, read_date, read_period};
use crate::import::mapping::{ClaimDefaults, ClaimFields, Field, Given, TableMapping};
use crate::import::measured::split_unit;
use crate::import::number::{parse_number, reported_from_f64};

/// Columns of a claim.
pub(crate) struct BoundClaim {
    pub(crate) subject: Option<String>,
    property: BoundField,
    value: Option<BoundField>,
    low: Option<BoundField>,
    high: Option<BoundField>,
    coverage: Option<BoundField>,
    substance: Option<BoundField>,
    unit: Option<BoundField>,
    basis: Option<BoundField>,
    term: Option<BoundField>,
    date: Option<BoundField>,
    period: Option<BoundField>,
    method: Option<BoundField>,
    note: Option<BoundField>,
    page: Option<BoundField>,
    preferred: Option<BoundField>,
    key: Option<BoundField>,
    visibility: Option<Visibility>,
    map: std::collections::BTreeMap<String, String>,
}

impl BoundClaim {
    pub(crate) fn bind(
        b: &mut Binder<'_>,
        f: &ClaimFields,
        mapping: &TableMapping,
        c: &Context<'_>,
    ) -> Self {
        let f = &with_defaults(f, &mapping.claim_defaults);
        check_claim(b, f, mapping, c);
        let given = |b: &mut Binder<'_>, g: &Option<Given>| g.as_ref().map(|g| b.field(&g.0));
        let column = |b: &mut Binder<'_>, f: &Option<Field>| b.optional(f.as_ref());
        Self {
            subject: f.subject.clone(),
            property: b.field(&f.property.0),
            value: column(b, &f.column),
            low: column(b, &f.low),
            high: column(b, &f.high),
            coverage: given(b, &f.coverage),
            substance: given(b, &f.substance),
            unit: given(b, &f.unit),
            basis: given(b, &f.basis),
            term: given(b, &f.term),
            date: given(b, &f.date),
            period: given(b, &f.period),
            method: given(b, &f.method),
            note: given(b, &f.note),
            page: given(b, &f.page),
            preferred: given(b, &f.preferred),
            key: given(b, &f.key),
            visibility: f.visibility,
            map: f.map.iter().map(|(k, v)| (k.trim().to_lowercase(), v.clone())).collect(),
        }
    }
}

pub(crate) fn with_defaults(claim: &ClaimFields, defaults: &ClaimDefaults) -> ClaimFields {
    let mut claim = claim.clone();
    claim.basis = claim.basis.or(defaults.basis.clone());
    claim.term = claim.term.or(defaults.term.clone());
    claim.date = claim.date.or(defaults.date.clone());
    claim.method = claim.method.or(defaults.method.clone());
    claim
}

/// Says before any row is read what the mapping of a claim lacks.
fn check_claim(b: &mut Binder<'_>, f: &ClaimFields, mapping: &TableMapping, c: &Context<'_>) {
    if f.column.is_none() && f.low.is_none() && f.high.is_none() {
        b.fault(Code::MAPPING, "a claim needs `column`, or `low` and `high`".into(), None);
    }
    check_subject(b, f, mapping);
    let Some(code) = &f.property.0.value else { return };
    let Some(property) = c.references.property(code) else {
        let codes: Vec<&str> = c.references.properties.iter().map(|p| p.code.as_str()).collect();
        let hint = format!("properties are {}", codes.join(", "));
        b.fault(Code::MAPPING, format!("\"{code}\" is not a property of claims"), Some(hint));
        return;
    };
    if property.needs_substance && f.substance.is_none() {
        let hint = "say substance = \"Cu\", or which column holds it".to_owned();
        b.fault(Code::MAPPING, format!("the substance of {code} is not stated"), Some(hint));
    }
    let mass = matches!(property.dimension, Some(Dimension::Mass | Dimension::Volume));
    if mass && f.term.is_none() {
        let hint =
            "say term = \"original\", \"remaining\", \"produced\" or \"unstated\"".to_owned();
        let message = format!("what stock or flow the {code} speaks of is not stated");
        b.fault(Code::MAPPING, message, Some(hint));
    }
    let watery = matches!(
        property.dimension,
        Some(Dimension::Mass | Dimension::MassFraction | Dimension::Density)
    );
    if watery && f.basis.is_none() {
        let hint = "say basis = \"dry\", \"wet\" or \"unstated\"".to_owned();
        b.fault(
            Code::MAPPING,
            format!("whether the {code} is dry or wet is not stated"),
            Some(hint),
        );
    }
}

fn check_subject(b: &mut Binder<'_>, f: &ClaimFields, mapping: &TableMapping) {
    let has = |kind: &str| match kind {
        "site" => mapping.site.is_some(),
        "body" => mapping.body.is_some(),
        "hole" => mapping.hole.is_some(),
        "sample" => mapping.sample.is_some(),
        _ => false,
    };
    match f.subject.as_deref() {
        Some(kind) if has(kind) => {}
        Some(kind) => {
            let message = format!("a claim is about the {kind} of the row, but the row makes none");
            let hint = "add the section of the record, or [table.subject]".to_owned();
            b.fault(Code::MAPPING, message, Some(hint));
        }
        None if mapping.subject.is_some() => {}
        None => {
            let hint = "say subject = \"body\", or add [table.subject]".to_owned();
            b.fault(Code::MAPPING, "what a claim is about is not stated".into(), Some(hint));
        }
    }
}

impl<'r> Row<'r> {
    /// The claim of the row, or `None` where the row says nothing of it.
    pub(crate) fn claim(
        &mut self,
        f: &'r BoundClaim,
        subject: (Subject, &str),
        c: &Context<'_>,
        common: &Common,
    ) -> Option<Claim> {
        let mut says = |field: &'r Option<BoundField>| {
            field.as_ref().is_some_and(|field| self.text(field).is_some())
        };
        if !says(&f.value) && !says(&f.low) && !says(&f.high) {
            return None;
        }
        let property = self.property(f, subject.0, c)?;
        let substance = self.substance(f.substance.as_ref(), property, c);
        let value = match property.value {
            ValueKind::Number => self.range(f, property).map(ClaimValue::Number),
            ValueKind::Text => self.name(f.value.as_ref()).map(ClaimValue::Text),
            ValueKind::Code => self.code_value(f, property, c).map(ClaimValue::Code),
            ValueKind::Date => self.date(f.value.as_ref()).map(ClaimValue::Date),
        };
        let basis = self.word(f.basis.as_ref()).unwrap_or_default();
        let term = self.word(f.term.as_ref()).unwrap_or_default();
        let date = self.claim_date(f.date.as_ref());
        let period = self.claim_period(f.period.as_ref());
        let mut locator = common.locator.clone();
        let column = f.value.as_ref().or(f.low.as_ref()).and_then(BoundField::column);
        locator.column = column.and_then(|i| self.table.headers.get(i)).map(ToString::to_string);
        if let Some(page) = self.optional(f.page.as_ref()) {
            locator.page = Some(page);
        }
        let own_key = self.optional(f.key.as_ref());
        let visible = f.visibility.unwrap_or(property.visibility).max(common.visibility);
        let claim = Claim {
            id: ClaimId::of(c.dataset, ""),
            origin: Origin { dataset: c.dataset.clone(), key: own_key.unwrap_or_default() },
            subject: subject.0,
            property: property.code.clone(),
            substance,
            value: value?,
            basis,
            term,
            date,
            period,
            method: self.optional(f.method.as_ref()),
            note: self.name(f.note.as_ref()),
            source: common.source,
            locator,
            preferred: self.optional(f.preferred.as_ref()),
            visibility: visible,
            licence: common.licence.clone(),
        };
        Some(keyed(claim, subject.1))
    }

    fn property<'c>(
        &mut self,
        f: &'r BoundClaim,
        subject: Subject,
        c: &'c Context<'_>,
    ) -> Option<&'c Property> {
        let code = self.required(&f.property, "property of the claim")?;
        let column = f.property.column();
        let known = c.references.properties.iter();
        let found = known.clone().find(|p| p.code == code || p.en.eq_ignore_ascii_case(&code));
        let Some(property) = found else {
            let message = format!("\"{}\" is not a property of claims", shortened(&code));
            let hint = map_hint(&code, Some("mass"));
            self.error(Code::UNKNOWN_WORD, column, message, hint);
            return None;
        };
        if !property.subjects.split_whitespace().any(|kind| kind == subject.kind()) {
            let message = format!("a {} has no {}", subject.kind(), property.en);
            let hint = format!("it is said of: {}", property.subjects);
            self.error(Code::UNKNOWN_WORD, column, message, hint);
        }
        Some(property)
    }

    fn substance(
        &mut self,
        field: Option<&'r BoundField>,
        property: &Property,
        c: &Context<'_>,
    ) -> Option<Substance> {
        let text = self.optional(field);
        match (text, property.needs_substance) {
            (Some(text), _) => match Substance::parse(&text, c.references) {
                Ok(substance) => Some(substance),
                Err(error) => {
                    let column = field.and_then(BoundField::column);
                    let hint = "a symbol such as Cu, a formula such as WO3, a mineral".to_owned();
                    self.error(Code::SUBSTANCE, column, error.to_string(), hint);
                    None
                }
            },
            (None, true) => {
                let message = format!("the substance of the {} is missing", property.en);
                self.error(Code::MISSING, field.and_then(BoundField::column), message, None);
                None
            }
            (None, false) => None,
        }
    }

    fn code_value(
        &mut self,
        f: &'r BoundClaim,
        property: &Property,
        c: &Context<'_>,
    ) -> Option<String> {
        let field = f.value.as_ref()?;
        let text = self.text(field)?;
        let meaning = f.map.get(&text.to_lowercase()).cloned().unwrap_or_else(|| text.to_string());
        let list = c.references.list(&property.list).unwrap_or(&c.no_codes);
        let code = list.recognise(&meaning).map(|code| code.code.clone());
        if code.is_none() {
            let message = format!("\"{}\" is not in the list {}", shortened(&text), property.list);
            let hint = map_hint(&text, list.codes.first().map(|c| c.code.as_str()));
            self.error(Code::UNKNOWN_WORD, field.column(), message, hint);
        }
        code
    }

    fn claim_date(&mut self, field: Option<&'r BoundField>) -> Option<PartialDate> {
        match field {
            // a date of the mapping itself is ISO, whatever the table's custom
            Some(f) if f.columns.is_empty() => {
                read_date(CellRef::Text(&f.text(self.cells)), Dates::Clear).ok()
            }
            field => self.date(field),
        }
    }

    fn claim_period(&mut self, field: Option<&'r BoundField>) -> Option<Period> {
        match field {
            Some(f) if f.columns.is_empty() => {
                read_period(CellRef::Text(&f.text(self.cells)), Dates::Clear).ok()
            }
            field => self.period(field),
        }
    }

    /// A number with its range and unit.
    fn range(&mut self, f: &'r BoundClaim, property: &Property) -> Option<Range> {
        let dimension = property.dimension?;
        let mut unit = None;
        let mut reported = Vec::new();
        let best = self.quantity(f.value.as_ref(), &mut unit, &mut reported, dimension);
        let low = self.quantity(f.low.as_ref(), &mut unit, &mut reported, dimension);
        let high = self.quantity(f.high.as_ref(), &mut unit, &mut reported, dimension);
        let unit = match unit {
            Some(unit) => Some(unit),
            None => self.unit(f.unit.as_ref(), f.value.as_ref().or(f.low.as_ref()), dimension),
        }?;
        let (best, low, high) = match best {
            Some(Stated::Range(a, b)) => (None, Some(a), Some(b)),
            Some(Stated::Number(best)) => (Some(best), single(low), single(high)),
            None => (None, single(low), single(high)),
        };
        self.check_range(f, best, low, high, unit);
        let spread = match (low, high) {
            (Some(low), Some(high)) => {
                let coverage = self.number(f.coverage.as_ref(), "a probability between 0 and 1");
                let coverage = coverage.map_or(Coverage::Unstated, Coverage::Stated);
                Spread::Range { low, high, coverage }
            }
            _ => Spread::Missing("not stated by the source".into()),
        };
        if best.is_none() && matches!(spread, Spread::Missing(_)) {
            if !self.refused {
                let column = f.low.as_ref().or(f.high.as_ref()).and_then(BoundField::column);
                let message = "a range needs both its ends".to_owned();
                self.error(Code::MISSING, column, message, None);
            }
            return None;
        }
        Some(Range { best, spread, unit, reported: reported.join(" / ") })
    }

    fn check_range(
        &mut self,
        f: &BoundClaim,
        best: Option<f64>,
        low: Option<f64>,
        high: Option<f64>,
        unit: Unit,
    ) {
        let column = f.value.as_ref().or(f.low.as_ref()).and_then(BoundField::column);
        let numbers: Vec<f64> = [low, best, high].into_iter().flatten().collect();
        if numbers.windows(2).any(|w| w[0] > w[1]) {
            let shown: Vec<String> = numbers.iter().map(f64::to_string).collect();
            let message = format!("low, best and high are not in order: {}", shown.join(", "));
            self.error(Code::NOT_A_NUMBER, column, message, None);
        }
        if let Some(negative) = numbers.iter().find(|n| **n < 0.0) {
            let message = format!("{negative} {unit} is negative");
            self.error(Code::NEGATIVE, column, message, None);
        }
        let greatest = numbers.iter().copied().fold(0.0, f64::max);
        if unit.dimension() == Dimension::MassFraction && unit.to_canonical(greatest) > 1.0 {
            let message = format!("{greatest} {unit} is above 100 %");
            self.error(Code::OVER_100_PERCENT, column, message, "is the unit right?".to_owned());
        }
    }

    fn unit(
        &mut self,
        field: Option<&'r BoundField>,
        value: Option<&'r BoundField>,
        dimension: Dimension,
    ) -> Option<Unit> {
        let column = field.and_then(BoundField::column).or(value.and_then(BoundField::column));
        let Some(text) = self.optional(field) else {
            if !self.refused {
                let hint =
                    "write it behind the number, or say unit = \"…\" in the claim".to_owned();
                self.error(Code::UNIT, column, "the unit is missing".into(), hint);
            }
            return None;
        };
        match Unit::parse_as(&text, dimension) {
            Ok(unit) => Some(unit),
            Err(error) => {
                self.error(Code::UNIT, column, error.to_string(), None);
                None
            }
        }
    }

    /// A number or a range, whose unit may stand behind it.
    fn quantity(
        &mut self,
        field: Option<&'r BoundField>,
        unit: &mut Option<Unit>,
        reported: &mut Vec<String>,
        dimension: Dimension,
    ) -> Option<Stated> {
        let field = field?;
        let text = self.text(field)?.into_owned();
        if let Some(CellRef::Number(number)) = field.cell(self.cells) {
            reported.push(text);
            return reported_from_f64(number).map(|n| Stated::Number(n.value()));
        }
        let plain = without_about(&text);
        reported.push(text.clone());
        let (stated, behind) = match self.bounded(plain).or_else(|| self.stated(plain)) {
            Some(found) => found,
            None => {
                let fault = parse_number(plain, self.table.format).err();
                let fault = fault.unwrap_or(crate::import::number::NumberFault::NotANumber);
                self.not_a_number(fault, field.column(), &text, "a number with a unit");
                return None;
            }
        };
        if let Some(factor) = varp_model::multiplier(behind) {
            return Some(stated.times(factor)); // "6,5 mill." of the unit that the mapping states
        }
        if !behind.is_empty() {
            match Unit::parse_as(behind, dimension) {
                Ok(found) => *unit = Some(found),
                Err(error) => {
                    self.error(Code::UNIT, field.column(), error.to_string(), None);
                    return None;
                }
            }
        }
        Some(stated)
    }

    /// `<5 ppm`: somewhere between nothing and the limit.
    fn bounded<'t>(&self, text: &'t str) -> Option<(Stated, &'t str)> {
        let rest = text.strip_prefix(['<', '≤'])?;
        match self.stated(crate::import::cell::trim(rest.trim_start_matches('=')))? {
            (Stated::Number(limit), unit) => Some((Stated::Range(0.0, limit), unit)),
            (Stated::Range(..), _) => None,
        }
    }

    fn stated<'t>(&self, text: &'t str) -> Option<(Stated, &'t str)> {
        let format = self.table.format;
        let number = |t: &str| parse_number(t, format).ok().map(Reported::value);
        if let Some(value) = number(text) {
            return Some((Stated::Number(value), ""));
        }
        for sign in ["–", "—", " to ", "...", "…", " - ", "-"] {
            let Some((a, b)) = text.split_once(sign) else { continue };
            let (b, unit) = split_unit(b);
            let (a, unit_a) = split_unit(a);
            if let (Some(low), Some(high)) = (number(a), number(b))
                && low <= high
                && (unit_a.is_empty() || unit_a == unit)
            {
                return Some((Stated::Range(low, high), unit));
            }
        }
        let (digits, unit) = split_unit(text);
        // "570 1000 m3": the unit starts with digits
        if let Some(value) = number(digits) {
            return Some((Stated::Number(value), unit));
        }
        let (digits, unit) = text.split_once(' ')?;
        Some((Stated::Number(number(digits)?), unit.trim()))
    }
}

/// What a cell of a quantity states.
#[derive(Clone, Copy)]
enum Stated {
    Number(f64),
    Range(f64, f64),
}

impl Stated {
    fn times(self, factor: f64) -> Self {
        match self {
            Self::Number(number) => Self::Number(number * factor),
            Self::Range(low, high) => Self::Range(low * factor, high * factor),
        }
    }
}

fn single(stated: Option<Stated>) -> Option<f64> {
    match stated {
        Some(Stated::Number(number)) => Some(number),
        _ => None,
    }
}

/// A text without the words that say "about".
fn without_about(text: &str) -> &str {
    const ABOUT: &[&str] = &[
        "~",
        "≈",
        "ca.",
        "ca ",
        "c.",
        "about ",
        "approx.",
        "approx ",
        "noin ",
        "ungefär ",
        "cirka ",
        "circa ",
    ];
    let lower = text.to_lowercase();
    let found = ABOUT.iter().find(|word| lower.starts_with(**word));
    found.and_then(|word| text.get(word.len()..)).unwrap_or(text).trim_start()
}

/// Gives a claim its key and identity: what it is about, not what it says.
///
/// So a corrected number changes the claim, and does not add a second one.
pub(crate) fn keyed(mut claim: Claim, subject_key: &str) -> Claim {
    if claim.origin.key.is_empty() {
        let substance = claim.substance.as_ref().map_or("", Substance::code);
        let (basis, term): (Basis, Term) = (claim.basis, claim.term);
        let date = claim.date.map_or(String::new(), |d| d.to_string());
        let period = claim.period.map_or(String::new(), |p| p.to_string());
        claim.origin.key = [
            claim.subject.kind(),
            subject_key,
            &claim.property,
            substance,
            basis.word(),
            term.word(),
            &date,
            &period,
            &claim.source.to_string(),
        ]
        .join("|");
    }
    claim.id = ClaimId::of(&claim.origin.dataset, &claim.origin.key);
    claim
}
