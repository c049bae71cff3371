//! Letters of the desk: receipt, request to complete, exemption, reminder.

use varp_engine::duty::{Checked, Due, Duties};
use varp_model::Status;
use varp_report::{Block, Report, Words};

use super::day;

/// The letter that answers a case at the desk: receipt, deficiency, exemption, reminder.
pub fn letter(
    checked: &Checked,
    duties: &Duties,
    authority: &str,
    today: jiff::civil::Date,
) -> Report {
    let case = &checked.case;
    let (title, opening) = words(checked.due);
    let mut report = Report::new(title, "en");
    report.subtitle = Some(format!("Case {}: {}, {}", case.case, case.facility, case.operator));
    report.authors = vec![authority.to_owned()];
    report.date = Some(day(today));
    report.footer = format!("Draft, case {}", case.case);
    report.push(Block::note("Draft, to be checked and signed by the competent authority."));
    report.push(Block::paragraph(opening));
    let deadline = duties.calendar("operator study", today);
    let mut facts: Vec<(String, Words)> = vec![
        ("Facility".into(), case.facility.as_str().into()),
        ("Operator".into(), case.operator.as_str().into()),
    ];
    if !case.received.is_empty() {
        let late =
            if checked.days < 0 { format!(", {} days late", -checked.days) } else { String::new() };
        facts.push(("Received".into(), format!("{}{late}", case.received).into()));
    }
    if let Some((d, _)) = deadline.first() {
        facts.push((
            "Day of filing".into(),
            format!("{} ({}{})", d.date, d.law, mark(d.status)).into(),
        ));
    }
    if case.exemption {
        let evidence = if case.exemption_evidence.is_empty() {
            "none given"
        } else {
            &case.exemption_evidence
        };
        facts.push(("Exemption rests on".into(), evidence.into()));
    }
    report.push(Block::Facts(facts));
    if checked.due == Due::Deficiency {
        report.push(Block::heading(1, "What is missing"));
        let items = checked.missing.iter().map(|(item, law)| {
            let own = duties.study().iter().find(|i| i.item == *item);
            let (asks, mark) = own.map_or(("", ""), |i| (i.asks.as_str(), mark(i.status)));
            Words::default().strong(format!("{item}: ")).plain(format!("{asks} ({law}{mark})"))
        });
        report.push(Block::List(items.collect()));
    }
    report
}

/// What nobody read in the text of the law says so, before a letter is signed.
fn mark(status: Status) -> &'static str {
    if status == Status::Unverified { ", passage unverified" } else { "" }
}

/// Title and first sentences of the letter.
fn words(due: Due) -> (&'static str, &'static str) {
    match due {
        Due::Receipt => (
            "Receipt of a study",
            "Your study was received and holds all that Art. 27(2) asks. This confirms the receipt; it is no judgement of the content.",
        ),
        Due::Deficiency => (
            "Request to complete a study",
            "Your study was received. It does not hold all that Art. 27(2) asks; please complete it as listed below.",
        ),
        Due::DecideExemption => (
            "Claim of exemption received",
            "Your claim that the waste holds no technically recoverable critical raw material was received with its evidence. It will be decided.",
        ),
        Due::ExemptionEvidence => (
            "Request for evidence of an exemption",
            "You claim that the waste holds no technically recoverable critical raw material. Art. 27(1) asks that this be shown with a high degree of certainty; please send what it rests on.",
        ),
        Due::Remind => (
            "Reminder: study due",
            "No study of this facility was received. Operators file it by the day below.",
        ),
        Due::Wait => ("Notice: study to come", "No study of this facility was received yet."),
    }
}
