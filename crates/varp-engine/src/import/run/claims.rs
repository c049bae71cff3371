//! Claims of a row: what a source says of a site, a body, a hole or a sample.

use varp_model::{
    Basis, Claim, ClaimId, ClaimValue, Dimension, Origin, PartialDate, Period, Property, Subject,
    Substance, Term, ValueKind, Visibility,
};

use super::bind::{Binder, BoundField};
use super::records::Common;
use super::row::{Row, map_hint, shortened};
use super::state::Context;
use crate::import::Code;
use crate::import::cell::CellRef;
use crate::import::date::{Dates, read_date, read_period};
use crate::import::mapping::{ClaimDefaults, ClaimFields, Field, Given, TableMapping};

/// Columns of a claim.
pub(crate) struct BoundClaim {
    pub(crate) subject: Option<String>,
    pub(super) property: BoundField,
    pub(super) value: Option<BoundField>,
    pub(super) low: Option<BoundField>,
    pub(super) high: Option<BoundField>,
    pub(super) coverage: Option<BoundField>,
    pub(super) substance: Option<BoundField>,
    pub(super) unit: Option<BoundField>,
    pub(super) basis: Option<BoundField>,
    pub(super) term: Option<BoundField>,
    pub(super) date: Option<BoundField>,
    pub(super) period: Option<BoundField>,
    pub(super) method: Option<BoundField>,
    pub(super) note: Option<BoundField>,
    pub(super) page: Option<BoundField>,
    pub(super) preferred: Option<BoundField>,
    pub(super) key: Option<BoundField>,
    pub(super) visibility: Option<Visibility>,
    pub(super) map: std::collections::BTreeMap<String, String>,
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
                let text = f.text(self.cells);
                let read = read_date(CellRef::Text(&text), Dates::Clear);
                read.map_err(|_| self.fixed_is_no_date("date", &text)).ok()
            }
            field => self.date(field),
        }
    }

    fn claim_period(&mut self, field: Option<&'r BoundField>) -> Option<Period> {
        match field {
            Some(f) if f.columns.is_empty() => {
                let text = f.text(self.cells);
                let read = read_period(CellRef::Text(&text), Dates::Clear);
                read.map_err(|_| self.fixed_is_no_date("period", &text)).ok()
            }
            field => self.period(field),
        }
    }

    /// A fixed text of the mapping that is no date; mostly the header of a column was meant.
    fn fixed_is_no_date(&mut self, what: &str, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        let message = format!("{what} = \"{text}\" of the mapping is not a date");
        let hint = format!("for the dates of a column write {what} = {{ column = \"{text}\" }}");
        self.error(Code::DATE, None, message, hint);
    }
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
