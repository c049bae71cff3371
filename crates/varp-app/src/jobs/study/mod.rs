//! Studies and letters under CRMA Art. 27(1)–(3), drafted as reports.

mod letter;
mod quantities;
mod recoverability;

use std::collections::BTreeMap;

use varp_engine::classify::{RuleSet, list_as_of, relevance};
use varp_engine::duty::{Completeness, Duties, study_items};
use varp_model::{
    BodyId, Claim, ClaimValue, References, Source, SourceId, Status, Substance, Visibility,
};
use varp_report::{Block, Column, Day, Report, Table, Words};
use varp_store::{BodyPage, Store, StoreError};

use super::classes::{ClassView, class_view};

pub use letter::letter;

/// Everything that a study is drafted from.
struct Material<'a> {
    page: BodyPage,
    claims: Vec<Claim>,
    class: Option<ClassView>,
    items: Completeness,
    references: &'a References,
    rules: RuleSet,
    today: jiff::civil::Date,
    operator: &'a str,
}

/// Drafts the preliminary economic assessment study of a facility from its records.
///
/// # Errors
/// If the register cannot be read.
pub fn draft_study(
    store: &dyn Store,
    id: BodyId,
    references: &References,
    operator: &str,
    today: jiff::civil::Date,
    audience: Visibility,
) -> Result<Option<Report>, StoreError> {
    let rules = RuleSet::embedded();
    let Some(page) = store.body(id, audience)? else { return Ok(None) };
    let mut claims = page.claims.clone();
    claims.extend(store.claims_of(&[page.site.id.0], audience)?);
    let duties = Duties::embedded();
    let assays = page.determinations.iter().map(|d| d.results).sum();
    let items = study_items(&page.item.body, &claims, assays, &duties);
    let class = class_view(store, id, &rules, references, audience)?;
    let material = Material { page, claims, class, items, references, rules, today, operator };
    Ok(Some(material.report()))
}

fn day(date: jiff::civil::Date) -> Day {
    let small = |v: i8| u8::try_from(v).unwrap_or(1);
    Day {
        year: u16::try_from(date.year()).unwrap_or(1),
        month: small(date.month()),
        day: small(date.day()),
    }
}

impl Material<'_> {
    fn report(&self) -> Report {
        let body = &self.page.item.body;
        let mut report =
            Report::new(&format!("Preliminary economic assessment: {}", body.name), "en");
        report.subtitle = Some(
            "Draft of a study on the potential recovery of critical raw materials from extractive \
             waste, Regulation (EU) 2024/1252, Art. 27(1)–(3)"
                .into(),
        );
        report.authors = vec![if self.operator.is_empty() {
            "Operator: not named".into()
        } else {
            self.operator.to_owned()
        }];
        report.date = Some(day(self.today));
        report.footer = format!(
            "Drafted by varp {} from a register; to be read and signed by the operator",
            env!("CARGO_PKG_VERSION")
        );
        report.push(Block::note(
            "This draft says what the register holds, with sources. What nobody stated is named as \
             missing. Quantities are a quantity statement; classes are computed, not adopted.",
        ));
        self.facility(&mut report);
        self.quantities(&mut report);
        self.generated(&mut report);
        self.listed(&mut report);
        self.recoverability(&mut report);
        self.methods(&mut report);
        self.missing(&mut report);
        self.sources(&mut report);
        report
    }

    fn facility(&self, report: &mut Report) {
        let body = &self.page.item.body;
        let site = &self.page.site;
        report.push(Block::heading(1, "The facility"));
        let kind = self.references.list("body_kinds").and_then(|l| l.get(&body.kind.0));
        let mut facts: Vec<(String, Words)> = vec![
            ("Name".into(), body.name.as_str().into()),
            ("Kind".into(), kind.map_or(body.kind.0.as_str(), |k| k.label("en")).into()),
            ("Site".into(), format!("{}, {}", site.name, site.country.code()).into()),
        ];
        if let Some(position) = &body.position {
            let accuracy =
                position.accuracy_m.map_or("accuracy not stated".into(), |m| format!("± {m} m"));
            facts.push((
                "Place".into(),
                format!(
                    "{:.5}° N, {:.5}° E (WGS 84, {accuracy})",
                    position.place.latitude(),
                    position.place.longitude()
                )
                .into(),
            ));
        }
        for (name, property) in [
            ("Operator", "operator"),
            ("Former operator", "former_operator"),
            ("Legal successor", "legal_successor"),
            ("Waste management plan", "waste_plan"),
            ("Permit", "permit"),
        ] {
            let stated = self.words_of(property);
            let words =
                if stated.is_empty() { "no source in the register says".into() } else { stated };
            facts.push((name.into(), words.into()));
        }
        if let Some(period) = body.period {
            facts.push(("Period".into(), period.to_string().into()));
        }
        report.push(Block::Facts(facts));
    }

    fn words_of(&self, property: &str) -> String {
        let of = self.claims.iter().filter(|c| c.property == property);
        let words = of.filter_map(|c| match &c.value {
            ClaimValue::Text(text) | ClaimValue::Code(text) => Some(text.clone()),
            _ => None,
        });
        words.collect::<Vec<_>>().join("; ")
    }

    /// Number of a source in the list at the end.
    fn cited(&self, id: SourceId) -> String {
        let at = self.page.sources.iter().position(|s| s.id == id);
        at.map_or_else(|| "–".into(), |at| format!("[{}]", at + 1))
    }

    fn listed(&self, report: &mut Report) {
        report.push(Block::heading(1, "Critical raw materials"));
        let Some(list) = list_as_of(self.references, "EU", self.today) else { return };
        let substances: Vec<Substance> = self
            .page
            .item
            .substances
            .iter()
            .filter_map(|code| Substance::parse(code, self.references).ok())
            .collect();
        let found = relevance(&substances, list, self.references);
        let mark = match list.status {
            Status::Unverified => ", which nobody has checked against its text (unverified)",
            Status::Verified => "",
        };
        if found.is_empty() {
            report.push(Block::paragraph(format!(
                "None of the substances found or stated is on the list {}{mark}. Absence of an analysis is not \
                 absence of the substance.",
                list.list
            )));
            return;
        }
        report.push(Block::paragraph(format!(
            "List {}{mark}. An analysis shows an element; whether the form or grade that the list names can be \
             obtained is another question.",
            list.list
        )));
        let rows = found.iter().map(|r| {
            let level = if r.strategic { "critical and strategic" } else { "critical" };
            let form = if r.form.is_empty() { "any" } else { r.form.as_str() };
            let mark = if r.unverified { "unverified" } else { "verified" };
            vec![
                Words::from(r.substance.as_str()),
                r.material.as_str().into(),
                level.into(),
                form.into(),
                mark.into(),
            ]
        });
        report.push(Block::Table(Table {
            caption: format!("Substances and what the list {} says of them", list.list),
            columns: ["Found", "Listed material", "Level", "Form asked for", "Entry"]
                .map(Column::words)
                .to_vec(),
            rows: rows.collect(),
        }));
    }

    fn methods(&self, report: &mut Report) {
        report.push(Block::heading(1, "Estimation methods"));
        let mut methods: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for claim in &self.claims {
            if let Some(method) = &claim.method {
                let of = methods.entry(method).or_default();
                if !of.contains(&claim.property.as_str()) {
                    of.push(&claim.property);
                }
            }
        }
        if methods.is_empty() {
            report.push(Block::paragraph(
                "No source states a method. That is a gap under Art. 27(2).",
            ));
        } else {
            let items =
                methods.iter().map(|(m, of)| Words::from(format!("{m}: {}", of.join(", "))));
            report.push(Block::List(items.collect()));
        }
        report.push(Block::paragraph(
            "Contained tonnes that no source states are mass times grade of the same basis; low ends with low \
             ends and high with high. Where sources disagree and none is preferred, the whole range stands \
             without a best value.",
        ));
    }

    fn missing(&self, report: &mut Report) {
        report.push(Block::heading(1, "What Art. 27(2) asks, and what is missing"));
        let rows = self.items.items.iter().map(|item| {
            let state = if item.filled_by.is_empty() {
                Words::default().strong("missing")
            } else {
                item.filled_by.join(", ").into()
            };
            let mark = if item.unverified { " (passage unverified)" } else { "" };
            vec![
                Words::from(item.item.as_str()),
                format!("{}{mark}", item.law).into(),
                state,
                item.needs.join(" or ").into(),
            ]
        });
        report.push(Block::Table(Table {
            caption: "Content of the study: what fills each item".into(),
            columns: ["Item", "Passage", "Filled by", "Could be filled by"]
                .map(Column::words)
                .to_vec(),
            rows: rows.collect(),
        }));
    }

    fn sources(&self, report: &mut Report) {
        report.push(Block::heading(1, "Sources"));
        let items = self.page.sources.iter().enumerate().map(|(at, source)| cited(at + 1, source));
        report.push(Block::List(items.collect()));
    }
}

fn cited(number: usize, source: &Source) -> Words {
    let by = source.authors.as_ref().map_or(String::new(), |a| format!("{a}: "));
    let words = Words::from(format!("[{number}] {by}{}. ", source.title));
    match &source.address {
        Some(address) => words.link(address.clone(), address.clone()),
        None => words,
    }
}
