//! Claims written into the columns that would state them.

use std::collections::BTreeSet;

use varp_model::{
    Claim, ClaimId, ClaimValue, Coverage, PartialDate, Period, Range, Spread, Subject, Substance,
    Unit,
};

use super::grid::{Line, key_said};
use super::records::{Writer, period};
use crate::import::mapping::{ClaimFields, Field, Given, SubjectFields};
use crate::import::{header_key, with_defaults};

impl Writer<'_> {
    /// The claims of the table with what they share.
    pub(super) fn claim_fields(&self) -> Vec<ClaimFields> {
        let defaults = &self.table.claim_defaults;
        self.table.claims.iter().map(|f| with_defaults(f, defaults)).collect()
    }

    /// Writes the first claim that fits each field of claims and is not written yet.
    pub(super) fn claims(
        &self,
        line: &mut Line<'_>,
        fields: &[ClaimFields],
        claims: &[&Claim],
        written: &mut BTreeSet<ClaimId>,
    ) {
        for f in fields {
            let fitting =
                claims.iter().filter(|claim| !written.contains(&claim.id) && self.fits(f, claim));
            // of two that fit, the one that was read from this column
            let own = |claim: &&&Claim| !read_from(f, claim);
            if let Some(claim) = fitting.min_by_key(own) {
                written.insert(claim.id);
                self.claim(line, f, claim);
            }
        }
    }

    /// Whether a field of claims would make this claim, as far as the mapping itself says it.
    pub(super) fn fits(&self, f: &ClaimFields, claim: &Claim) -> bool {
        let references = self.held.references;
        let subject = f.subject.as_deref().is_none_or(|kind| kind == claim.subject.kind());
        let substance = |text: &str| {
            Substance::parse(text, references).ok().as_ref() == claim.substance.as_ref()
        };
        let property = |text: &str| {
            text == claim.property
                || references
                    .property(&claim.property)
                    .is_some_and(|p| p.en.eq_ignore_ascii_case(text))
        };
        let date = |text: &str| text.parse::<PartialDate>().ok() == claim.date;
        let during = |text: &str| text.parse::<Period>().ok() == claim.period;
        let word = |own: &'static str| move |text: &str| text.trim().eq_ignore_ascii_case(own);
        let words = |own: &Option<String>| {
            let own = own.clone();
            move |text: &str| own.as_deref() == Some(text)
        };
        subject
            && says(Some(&f.property), property, false)
            && says(f.substance.as_ref(), substance, claim.substance.is_none())
            && says(f.basis.as_ref(), word(claim.basis.word()), claim.basis.word() == "unstated")
            && says(f.term.as_ref(), word(claim.term.word()), claim.term.word() == "unstated")
            && says(f.date.as_ref(), date, claim.date.is_none())
            && says(f.period.as_ref(), during, claim.period.is_none())
            && says(f.method.as_ref(), words(&claim.method), claim.method.is_none())
            && says(f.note.as_ref(), words(&claim.note), claim.note.is_none())
            && room_for(f, &claim.value)
    }

    fn claim(&self, line: &mut Line<'_>, f: &ClaimFields, claim: &Claim) {
        let given = |g: &'_ Option<Given>| g.clone().map(|g| g.0);
        line.put(Some(&f.property.0), Some(claim.property.as_str()));
        let substance = claim.substance.as_ref().map(Substance::code);
        line.put(given(&f.substance).as_ref(), substance);
        match &claim.value {
            ClaimValue::Number(range) => self.number(line, f, range),
            ClaimValue::Text(text) => line.put(f.column.as_ref(), Some(text.as_str())),
            ClaimValue::Date(date) => line.put(f.column.as_ref(), Some(date.to_string())),
            ClaimValue::Code(code) => {
                let list = self.held.references.property(&claim.property);
                let list = list.map_or("", |p| p.list.as_str());
                let word = f.map.iter().find(|(_, meaning)| *meaning == code);
                match word {
                    Some((word, _)) => line.put(f.column.as_ref(), Some(word.as_str())),
                    None => self.code(line, f.column.as_ref(), Some(code), list),
                }
            }
        }
        line.put(given(&f.basis).as_ref(), Some(claim.basis.word()));
        line.put(given(&f.term).as_ref(), Some(claim.term.word()));
        line.put(given(&f.date).as_ref(), claim.date.map(|d| d.to_string()));
        period(line, given(&f.period).as_ref(), claim.period);
        line.put(given(&f.method).as_ref(), claim.method.as_deref());
        line.put(given(&f.note).as_ref(), claim.note.as_deref());
        line.put(given(&f.page).as_ref(), claim.locator.page.as_deref());
        line.put(given(&f.preferred).as_ref(), claim.preferred.as_deref());
        line.put(given(&f.key).as_ref(), Some(key_said(&claim.origin.key)));
    }

    /// A number in the unit of the column; another unit stands behind the number.
    fn number(&self, line: &mut Line<'_>, f: &ClaimFields, range: &Range) {
        let unit = f.unit.as_ref().map(|u| &u.0);
        let is = |text: &str| Unit::parse_as(text, range.unit.dimension()).ok() == Some(range.unit);
        let fixed = unit.and_then(|u| u.value.as_deref()).is_some_and(is);
        let in_column = unit.is_some_and(|u| !u.columns.is_empty());
        if let Some(field) = unit {
            let word = field.map.word(is);
            line.put(Some(field), Some(word.unwrap_or(range.unit.symbol())));
        }
        let behind = if fixed || in_column { "" } else { range.unit.symbol() };
        match (range.best, range.low().zip(range.high())) {
            (None, Some((low, high))) if f.low.is_none() => {
                let (low, high) = (line.digits(&low.to_string()), line.digits(&high.to_string()));
                line.put(f.column.as_ref(), Some(format!("{low}–{high} {behind}").trim()));
            }
            (best, ends) => {
                put_number(line, f.column.as_ref(), best, behind);
                put_number(line, f.low.as_ref(), ends.map(|e| e.0), behind);
                put_number(line, f.high.as_ref(), ends.map(|e| e.1), behind);
            }
        }
        if let Spread::Range { coverage: Coverage::Stated(share), .. } = range.spread {
            line.put(f.coverage.as_ref().map(|c| &c.0), Some(share));
        }
    }

    /// What the claims of a row are about, where the table makes no such record.
    pub(super) fn subject(&self, line: &mut Line<'_>, f: &SubjectFields, subject: Subject) {
        line.put(Some(&f.kind.0), Some(subject.kind()));
        let held = self.held;
        let key = match subject {
            Subject::Site(id) => held.sites.get(&id).map(|s| &s.origin),
            Subject::Body(id) => held.bodies.get(&id).map(|b| &b.origin),
            Subject::Hole(id) => held.holes.get(&id).map(|h| &h.origin),
            Subject::Sample(id) => held.samples.get(&id).map(|s| &s.origin),
            Subject::Zone(_) => None,
        };
        let key = key.filter(|origin| held.own(origin)).map(|origin| key_said(&origin.key));
        line.put(Some(&f.key), key);
    }
}

fn put_number(line: &mut Line<'_>, field: Option<&Field>, number: Option<f64>, behind: &str) {
    let Some(number) = number else { return };
    if behind.is_empty() {
        line.put(field, Some(number));
    } else {
        let digits = line.digits(&number.to_string());
        line.put(field, Some(format!("{digits} {behind}")));
    }
}

/// Whether a field that is fixed says the same, one that is a column can, and one that is absent
/// needs not.
fn says(field: Option<&Given>, same: impl Fn(&str) -> bool, nothing: bool) -> bool {
    match field.map(|f| &f.0) {
        None => nothing,
        Some(field) => match &field.value {
            Some(value) => same(value),
            None => true,
        },
    }
}

/// Whether best value and range have columns.
fn room_for(f: &ClaimFields, value: &ClaimValue) -> bool {
    let ClaimValue::Number(range) = value else { return f.column.is_some() };
    let ends = f.low.is_some() && f.high.is_some();
    match (range.best, range.low()) {
        (Some(_), Some(_)) => f.column.is_some() && ends,
        (Some(_), None) => f.column.is_some(),
        (None, _) => f.column.is_some() || ends,
    }
}

fn read_from(f: &ClaimFields, claim: &Claim) -> bool {
    let Some(header) = claim.locator.column.as_deref() else { return false };
    let field = f.column.as_ref().or(f.low.as_ref());
    field.is_some_and(|field| {
        field.columns.iter().any(|c| match c {
            crate::import::mapping::ColumnRef::Header(own) => header_key(own) == header_key(header),
            crate::import::mapping::ColumnRef::Letter(_) => false,
        })
    })
}
