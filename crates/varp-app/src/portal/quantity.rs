//! How a claimed number stands on a page: value, range, unit, bar.

use maud::{Markup, html};
use varp_model::{Basis, Claim, ClaimValue, Coverage, Range, Spread, Term, Unit};

use super::language::Message as M;
use super::number;
use super::view::View;
use crate::chart::{RangeBar, Scale, range_bar};

/// A unit as people read it.
pub fn unit_text(unit: Unit) -> &'static str {
    match unit.symbol() {
        "1000 t" => "kt",
        "1000 m3" => "1000 m³",
        "Mm3" => "million m³",
        "m3" => "m³",
        "m2" => "m²",
        "km2" => "km²",
        "km3" => "km³",
        "t/m3" => "t/m³",
        "kg/m3" => "kg/m³",
        "um" => "µm",
        "per cent" => "%",
        "1" | "count" => "",
        other => other,
    }
}

/// The number of a claim.
pub fn range_of(claim: &Claim) -> Option<&Range> {
    match &claim.value {
        ClaimValue::Number(range) => Some(range),
        _ => None,
    }
}

/// Low, best and high in the canonical unit, for bars on one scale.
pub fn canonical(range: &Range, faint: bool) -> RangeBar {
    let convert = |value: Option<f64>| value.map(|v| range.unit.to_canonical(v));
    RangeBar {
        low: convert(range.low()),
        best: convert(range.best),
        high: convert(range.high()),
        faint,
    }
}

/// A scale for all of these ranges, in the canonical unit.
pub fn scale_of<'r>(ranges: impl IntoIterator<Item = &'r Range>) -> Option<Scale> {
    let ends = ranges.into_iter().flat_map(|range| {
        let bar = canonical(range, false);
        [bar.low, bar.best, bar.high]
    });
    Scale::around(ends.flatten())
}

impl View<'_> {
    /// Best value, and the range, with the digits that the uncertainty bears.
    pub fn range_text(&self, range: &Range) -> (String, Option<String>) {
        let language = self.language;
        let Some((low, high)) = range.low().zip(range.high()) else {
            let best = range.best.map_or_else(String::new, |b| number::shortest(b, language));
            return (best, None);
        };
        let decimals = number::decimals_of_range(low, high);
        let fixed = |value: f64| number::fixed(value, decimals, language);
        let ends = format!("{}–{}", fixed(low), fixed(high));
        match range.best {
            Some(best) => (fixed(best), Some(ends)),
            None => (ends, None),
        }
    }

    /// The number in words, for the title of its bar.
    pub fn range_words(&self, range: &Range) -> String {
        let (best, ends) = self.range_text(range);
        let ends = ends.map_or_else(String::new, |ends| format!(" ({ends})"));
        format!("{best}{ends} {}", unit_text(range.unit)).trim().to_owned()
    }

    /// Value, unit and range as text of the page.
    pub fn range(&self, range: &Range) -> Markup {
        let (best, ends) = self.range_text(range);
        let unit = unit_text(range.unit);
        html! {
            span .value {
                b { (best) }
                @if !unit.is_empty() { "\u{202f}" span .unit { (unit) } }
            }
            @if let Some(ends) = ends { " " span .ends { (ends) } }
        }
    }

    /// The bar of a range.
    pub fn bar(&self, range: &Range, scale: Scale, width: f64, faint: bool) -> Markup {
        range_bar(canonical(range, faint), scale, width, &self.range_words(range))
    }

    /// What a range was meant to cover, or why there is none.
    pub fn spread(&self, spread: &Spread) -> Markup {
        match spread {
            Spread::Range { coverage: Coverage::Stated(p), .. } => {
                let percent = number::shortest((p * 1000.0).round() / 10.0, self.language);
                html! { (self.fill(M::RangeCovers, &[("percent", &percent)])) }
            }
            Spread::Range { coverage: Coverage::Unstated, .. } => self.say(M::RangeUnstated),
            Spread::Missing(why) => html! { (self.say(M::RangeMissing)) " " (why) },
        }
    }

    /// Basis, term and date of a claim, as far as stated.
    pub fn terms(&self, claim: &Claim) -> Markup {
        let term = match claim.term {
            Term::Unstated => None,
            Term::Original => Some(M::TermOriginal),
            Term::Remaining => Some(M::TermRemaining),
            Term::Produced => Some(M::TermProduced),
        };
        let basis = match claim.basis {
            Basis::Unstated => None,
            Basis::Dry => Some(M::BasisDry),
            Basis::Wet => Some(M::BasisWet),
        };
        html! {
            @for word in term.into_iter().chain(basis) { span .term { (self.say(word)) } " " }
            @if let Some(date) = claim.date {
                span .term { (number::date(date, self.language)) } " "
            }
            @if let Some(period) = claim.period {
                span .term { (number::period(period, self.language)) }
            }
        }
    }
}
