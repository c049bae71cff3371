//! Whether it can be recovered, and whether it would pay: stated numbers, classes, reasons.

use varp_engine::classify::{Axis, Code, Entry, Finding, Side};
use varp_model::Standing;
use varp_report::{Block, Column, Report, Table, Words};

use super::Material;
use super::quantities::columns;
use crate::jobs::classes::ClassView;

impl Material<'_> {
    pub(super) fn recoverability(&self, report: &mut Report) {
        report.push(Block::heading(1, "Technical and economic recoverability"));
        let recovery: Vec<Vec<Words>> = self
            .claims
            .iter()
            .filter(|c| {
                ["test_recovery", "recovery", "revenue", "capital_cost", "operating_cost"]
                    .contains(&c.property.as_str())
            })
            .filter_map(|claim| self.quantity_row(claim))
            .collect();
        if recovery.is_empty() {
            report.push(Block::paragraph(
                "No source in the register states a recovery, a revenue or a cost. The assessment below says \
                 what is known of each factor; what is unknown argues for nothing.",
            ));
        } else {
            report.push(Block::Table(Table {
                caption: "Recoveries, revenues and costs as sources state them".into(),
                columns: columns(),
                rows: recovery,
            }));
        }
        self.classes(report);
    }

    /// The class of each product, and why the best has its own.
    fn classes(&self, report: &mut Report) {
        let Some(class) = &self.class else { return };
        let rows = class.products.iter().map(|(entry, classified, _)| {
            let next = classified
                .axes
                .iter()
                .filter_map(|a| a.advice.as_ref())
                .map(|a| format!("{}: {}", a.category, a.steps.join(", ")));
            let mark = if entry.unverified { ", rests on unverified rules" } else { "" };
            let stale = entry.stale.as_ref().map_or_else(String::new, |stale| {
                let now = stale.computed.as_ref().map_or("nothing".into(), ToString::to_string);
                format!(", evidence changed since {}; computed now: {now}", stale.adopted)
            });
            vec![
                Words::from(entry.product.as_str()),
                Words::default().strong(entry.code.to_string()),
                entry.class_words().into(),
                format!("{}{stale}{mark}", entry.standing).into(),
                next.collect::<Vec<_>>().join("; ").into(),
            ]
        });
        report.push(Block::Table(Table {
            caption: format!(
                "UNFC-2019 class of each product, by the rules {}",
                self.rules.title()
            ),
            columns: ["Product", "Code", "Class", "Standing", "Cheapest next step per axis"]
                .map(Column::words)
                .to_vec(),
            rows: rows.collect(),
        }));
        let best = class.products.iter().min_by_key(|(entry, ..)| entry.rank());
        if let Some((entry, classified, _)) = best {
            report.push(Block::heading(2, format!("Why {}: {}", classified.code, entry.product)));
            if classified.code != entry.code {
                report.push(Block::note(adopted(class, entry, &classified.code)));
            }
            let held = |axis: Axis| {
                classified
                    .axes
                    .iter()
                    .filter(move |a| a.category.axis == axis)
                    .flat_map(|a| &a.findings)
            };
            let items = Axis::ALL.into_iter().flat_map(held).map(|f| self.reason(f));
            report.push(Block::List(items.collect()));
        }
    }

    fn reason(&self, finding: &Finding) -> Words {
        let says = self.rules.rules.iter().find(|r| r.id == finding.rule).map_or("", |r| &r.says);
        let outcome = match (finding.side, finding.fired) {
            (Side::Requires, true) => "holds",
            (Side::Requires, false) if finding.short.is_empty() => "not known",
            (Side::Requires, false) => "fails",
            (Side::Adverse, true) => "pulls down",
            (Side::Adverse, false) => "not known to apply",
        };
        let mut more = finding.short.clone();
        more.extend(finding.unknown.iter().map(|fact| format!("{fact} unknown")));
        let more = if more.is_empty() { String::new() } else { format!(" ({})", more.join("; ")) };
        let mark = if finding.unverified { " [unverified rule]" } else { "" };
        Words::default()
            .strong(format!("{} {outcome}: ", finding.category))
            .plain(format!("{says}{more}{mark}"))
    }
}

/// Whose class stands in place of the one that the reasons below give, and why.
fn adopted(class: &ClassView, entry: &Entry, computed: &Code) -> String {
    let by = class.decisions.iter().rev().find(|d| {
        d.standing == Standing::Adopted && (d.item == entry.product || d.item.is_empty())
    });
    let who = by.map_or_else(String::new, |d| {
        let capacity =
            if d.capacity.is_empty() { String::new() } else { format!(" ({})", d.capacity) };
        format!(", adopted by {}{capacity} on {}: {}", d.person, d.date, d.reason)
    });
    format!(
        "The class that stands is {}{who}. The reasons below are those of the computed class {computed}.",
        entry.code
    )
}
