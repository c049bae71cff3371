//! Claims on a page: grouped by what they speak of, conflicts side by side.

use maud::{Markup, html};
use varp_model::{Claim, ClaimValue, Source, Term};

use super::language::Message as M;
use super::number;
use super::quantity::{range_of, scale_of};
use super::view::View;
use crate::chart::Scale;

const BAR: f64 = 220.0;

/// Claims that speak of the same thing: property, substance, term.
struct Group<'a> {
    claims: Vec<&'a Claim>,
}

impl<'a> Group<'a> {
    fn first(&self) -> &'a Claim {
        self.claims[0]
    }

    fn is(&self, claim: &Claim) -> bool {
        let first = self.first();
        first.property == claim.property
            && first.substance == claim.substance
            && first.term == claim.term
    }

    /// Whether sources contradict: two or more claims that hold for the same date and say
    /// different things.
    fn conflicts(&self) -> bool {
        self.claims.iter().any(|a| {
            self.claims.iter().any(|b| a.date == b.date && a.period == b.period && differ(a, b))
        })
    }

    /// The scale of its bars; a lone number without a range says nothing as a bar.
    fn scale(&self) -> Option<Scale> {
        let ranges: Vec<_> = self.claims.iter().filter_map(|claim| range_of(claim)).collect();
        let telling = ranges.len() > 1 || ranges.iter().any(|range| range.low().is_some());
        scale_of(ranges).filter(|_| telling)
    }

    fn preferred(&self) -> Option<&'a Claim> {
        self.claims.iter().copied().find(|claim| claim.preferred.is_some())
    }
}

fn differ(a: &Claim, b: &Claim) -> bool {
    match (&a.value, &b.value) {
        (ClaimValue::Number(a), ClaimValue::Number(b)) => {
            let si = |r: &varp_model::Range| {
                [r.low(), r.best, r.high()].map(|v| v.map(|v| r.unit.to_canonical(v)))
            };
            si(a) != si(b)
        }
        (a, b) => a != b,
    }
}

fn groups<'a>(claims: impl IntoIterator<Item = &'a Claim>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for claim in claims {
        match groups.iter_mut().find(|group| group.is(claim)) {
            Some(group) => group.claims.push(claim),
            None => groups.push(Group { claims: vec![claim] }),
        }
    }
    groups
}

impl View<'_> {
    /// The name of a property, with its substance.
    pub fn property(&self, claim: &Claim) -> String {
        let name = self.property_name(&claim.property);
        match &claim.substance {
            Some(substance) => format!("{name} {}", substance.code()),
            None => name.to_owned(),
        }
    }

    /// The name of a property by its code.
    pub fn property_name<'b>(&'b self, code: &'b str) -> &'b str {
        self.references().property(code).map_or(code, |own| self.word_text(&own.en))
    }

    /// Names of properties by their codes.
    pub fn properties(&self, codes: &[String]) -> String {
        codes.iter().map(|code| self.property_name(code)).collect::<Vec<_>>().join(", ")
    }

    /// All numbers that are claimed, a group a property, each with its bar and its origin.
    pub fn quantities(&self, claims: &[Claim], sources: &[Source]) -> Markup {
        let numbers = groups(claims.iter().filter(|c| range_of(c).is_some()));
        html! {
            @for group in &numbers {
                section .quantity {
                    h3 { (first_letter_up(&self.property(group.first()))) }
                    div {
                        @if group.conflicts() { (self.conflict(group)) }
                        @for claim in &group.claims {
                            (self.quantity(claim, group, group.scale(), sources))
                        }
                    }
                }
            }
        }
    }

    fn conflict(&self, group: &Group<'_>) -> Markup {
        let count = self.count(group.claims.len() as u64);
        html! {
            p .conflict {
                (self.fill(M::ConflictCount, &[("count", &count)])) " "
                @match group.preferred().and_then(|claim| claim.preferred.as_deref()) {
                    Some(reason) => { (self.say(M::ConflictPreferred)) " " (reason) }
                    None => (self.say(M::ConflictOpen)),
                }
            }
        }
    }

    fn quantity(
        &self,
        claim: &Claim,
        group: &Group<'_>,
        scale: Option<Scale>,
        sources: &[Source],
    ) -> Markup {
        let Some(range) = range_of(claim) else { return html! {} };
        let faint = claim.preferred.is_none() && group.preferred().is_some();
        html! {
            div .claim .faint[faint] id=(format!("c-{}", claim.id)) {
                div .figure {
                    (self.range(range)) " " (self.terms(claim))
                    @if claim.preferred.is_some() && group.claims.len() > 1 {
                        " " span .chip { (self.say(M::Preferred)) }
                    }
                }
                @if let Some(scale) = scale { (self.bar(range, scale, BAR, faint)) }
                (self.claim_origin(claim, sources))
            }
        }
    }

    /// What is claimed in words, codes and dates, under the headings of the properties' groups.
    pub fn statements(&self, claims: &[Claim], sources: &[Source]) -> Markup {
        let words: Vec<&Claim> = claims.iter().filter(|c| range_of(c).is_none()).collect();
        let chapter = |claim: &Claim| {
            self.references().property(&claim.property).map_or("", |p| p.group.as_str()).to_owned()
        };
        let mut chapters: Vec<String> = words.iter().map(|claim| chapter(claim)).collect();
        chapters.sort();
        chapters.dedup();
        html! {
            @for name in &chapters {
                section .statements {
                    h3 { (first_letter_up(name)) }
                    @for group in groups(words.iter().copied().filter(|c| chapter(c) == *name)) {
                        @if group.conflicts() { (self.conflict(&group)) }
                        @for claim in &group.claims {
                            div .claim {
                                p { b { (first_letter_up(&self.property(claim))) } " — "
                                    (self.statement(claim)) " " (self.terms(claim)) }
                                (self.claim_origin(claim, sources))
                            }
                        }
                    }
                }
            }
        }
    }

    /// The value of a claim in words.
    pub fn statement(&self, claim: &Claim) -> Markup {
        match &claim.value {
            ClaimValue::Number(range) => self.range(range),
            ClaimValue::Text(text) => html! { (text) },
            ClaimValue::Code(code) => {
                let list = self.references().property(&claim.property).map(|p| p.list.as_str());
                let entry = list.and_then(|l| self.references().list(l)).and_then(|l| l.get(code));
                let label = entry.map_or(code.as_str(), |e| e.label(self.language.code()));
                html! { (label) }
            }
            ClaimValue::Date(date) => html! { (number::date(*date, self.language)) },
        }
    }

    /// The three figures that people ask for first: mass, volume, area; unknown ones said so.
    pub fn key_figures(&self, figures: &[Claim]) -> Markup {
        html! {
            ul .key-figures {
                @for property in ["mass", "volume", "area"] {
                    @let of = |claim: &&Claim| claim.property == property && claim.substance.is_none();
                    @let claim = figures.iter().find(of);
                    li {
                        h2 { (self.name_of(property)) }
                        @match claim.and_then(|claim| range_of(claim).map(|range| (claim, range))) {
                            Some((claim, range)) => {
                                p .big { (self.range(range)) }
                                @if let Some(scale) = scale_of([range]).filter(|_| range.low().is_some()) {
                                    (self.bar(range, scale, BAR, false))
                                }
                                p .small {
                                    (self.terms(claim))
                                    @if claim.term == Term::Unstated { (self.say(M::TermUnstated)) " " }
                                    a .block href=(format!("#c-{}", claim.id)) { (self.say(M::WhereFrom)) }
                                }
                            }
                            None => { p .big { span .unknown { (self.say(M::Unknown)) } }
                                p .small { (self.say(M::WhyNoClaim)) } }
                        }
                    }
                }
            }
        }
    }

    /// The name of a property alone.
    pub fn name_of(&self, property: &str) -> String {
        let message = match property {
            "mass" => M::Mass,
            "volume" => M::Volume,
            "area" => M::Area,
            _ => {
                let known = self.references().property(property);
                return first_letter_up(known.map_or(property, |p| p.en.as_str()));
            }
        };
        self.text(message).to_owned()
    }
}

/// The text with its first letter as a capital.
pub fn first_letter_up(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use varp_model::*;

    use super::*;

    fn mass(best: f64, unit: &str, date: &str) -> Claim {
        let dataset = Dataset("d".into());
        let unit = Unit::parse(unit).unwrap();
        let spread = Spread::Missing("not stated".into());
        Claim {
            id: ClaimId::of(&dataset, &format!("{best}{date}")),
            origin: Origin { dataset: dataset.clone(), key: "k".into() },
            subject: Subject::Body(BodyId::of(&dataset, "b")),
            property: "mass".into(),
            substance: None,
            value: ClaimValue::Number(Range {
                best: Some(best),
                spread,
                unit,
                reported: String::new(),
            }),
            basis: Basis::Dry,
            term: Term::Remaining,
            date: Some(date.parse().unwrap()),
            period: None,
            method: None,
            note: None,
            source: SourceId::of(&dataset, "s"),
            locator: Locator::default(),
            preferred: None,
            visibility: Visibility::Public,
            licence: None,
        }
    }

    #[test]
    fn the_same_mass_in_two_units_is_no_conflict_and_another_mass_is_one() {
        let (kt, t) = (mass(820.0, "kt", "1998"), mass(820_000.0, "t", "1998"));
        assert!(!groups([&kt, &t])[0].conflicts());
        let other = mass(900.0, "kt", "1998");
        assert!(groups([&kt, &other])[0].conflicts());
        let later = mass(900.0, "kt", "2020");
        assert!(!groups([&kt, &later])[0].conflicts(), "a later count is news, not a conflict");
    }
}
