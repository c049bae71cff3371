//! Tables of `docs/methods/pilots.md`.

use varp_engine::circularity::scenario::{self, WaysDocument};
use varp_engine::pilot::cost::{self, Basis, CostLine};
use varp_engine::pilot::gates::{GateFacts, TREE, judge};
use varp_engine::pilot::plan::plan;
use varp_engine::rank::criteria::{self, CriteriaDocument, Level, Status};
use varp_engine::rank::screen::{self, ScreenDocument};
use varp_engine::rank::value::Scale;

use super::classification::written;

/// The table of this name as Markdown.
pub fn table(name: &str) -> Option<String> {
    let document = CriteriaDocument::parse(criteria::DEFAULT).unwrap();
    Some(match name {
        "knock-outs" => knock_outs(),
        "criteria" => criteria_table(&document),
        "guards" => written(
            &["Taken out", "When", "Because"],
            document
                .guards
                .iter()
                .map(|g| vec![g.drop.join(", "), when(g), g.because.clone()])
                .collect(),
        ),
        "classes" => classes(&document),
        "gates" => gates(),
        "costs" => costs(),
        "scenarios" => scenarios(),
        "pond" => pond(),
        _ => return None,
    })
}

fn mark(status: Status) -> String {
    match status {
        Status::Verified => "verified".into(),
        Status::Unverified => "*unverified*".into(),
    }
}

fn knock_outs() -> String {
    let document = ScreenDocument::parse(screen::DEFAULT).unwrap();
    let row = |r: &screen::Rule| vec![format!("`{}`", r.code), r.reason.clone(), r.source.clone()];
    written(&["Code", "Reason", "Source"], document.rules.iter().map(row).collect())
}

fn criteria_table(document: &CriteriaDocument) -> String {
    let row = |c: &criteria::Criterion| {
        let points: Vec<String> = c.value.points.iter().map(|(x, v)| format!("{x}: {v}")).collect();
        let scale = if c.value.scale == Scale::Log { " (log)" } else { "" };
        vec![
            c.id.clone(),
            c.name.clone(),
            c.unit.clone(),
            format!("{}{scale}", points.join(", ")),
            format!("{:.2}", c.weight),
            c.data.clone(),
            mark(c.status),
        ]
    };
    written(
        &["Id", "Criterion", "Unit", "x: v", "Weight", "Data", ""],
        document.criteria.iter().map(row).collect(),
    )
}

fn when(guard: &criteria::Guard) -> String {
    let mut parts = Vec::new();
    if let Some(levels) = &guard.when.level {
        parts.push(levels.iter().map(|l| format!("{l:?}")).collect::<Vec<_>>().join(" or "));
    }
    if let Some(aim) = guard.when.aim {
        parts.push(format!("aim: {}", format!("{aim:?}").to_lowercase()));
    }
    if guard.when.credit_in_npv == Some(true) {
        parts.push("NPV carries a credit".into());
    }
    parts.join(", ")
}

fn classes(document: &CriteriaDocument) -> String {
    let scheme = &document.classes;
    let row = |(k, name): (usize, &String)| {
        let boundary = scheme.boundaries.get(k).map_or("–".into(), |b| format!("{b:.2}"));
        vec![name.clone(), boundary]
    };
    let (low, high) = scheme.cut;
    let table = written(
        &["Class", "Value of its lower boundary on every criterion"],
        scheme.names.iter().enumerate().map(row).collect(),
    );
    format!("{table}\nλ between {low} and {high}.\n")
}

fn gates() -> String {
    let verdict = judge(&GateFacts::default());
    let row = |g: &varp_engine::pilot::gates::Gate| vec![g.letter.to_string(), g.question.clone()];
    let gates = written(&["Gate", "Open when"], verdict.gates.iter().map(row).collect());
    let branch = |b: &varp_engine::pilot::gates::Branch| {
        vec![b.question.to_owned(), format!("{:?}", b.on_failure).to_lowercase()]
    };
    let tree = written(&["Asked in this order", "If not"], TREE.iter().map(branch).collect());
    format!("{gates}\n{tree}")
}

fn costs() -> String {
    let lines = cost::parse_costs(cost::DEFAULT).unwrap();
    let row = |l: &CostLine| {
        let option = if l.option.is_empty() { String::new() } else { format!(" ({})", l.option) };
        vec![
            format!("{}{option}", l.item),
            format!("{:?}", l.from_level),
            format!("{:?}", l.basis).to_lowercase(),
            format!("{:.0}", l.low),
            format!("{:.0}", l.best),
            format!("{:.0}", l.high),
            mark(l.status),
        ]
    };
    written(
        &["Item (option)", "From", "Per", "Low, €", "Best, €", "High, €", ""],
        lines.iter().map(row).collect(),
    )
}

fn scenarios() -> String {
    let document = WaysDocument::parse(scenario::DEFAULT).unwrap();
    let row = |w: &scenario::Way| {
        vec![
            w.name.clone(),
            format!("{:.0} %", 100.0 * w.residue_used),
            format!("{:.1} %", 100.0 * w.loss),
            format!("{:.0}", w.kwh_per_t),
            w.source.clone(),
        ]
    };
    written(
        &["Way", "Residue used", "Lost", "kWh/t", "Source"],
        document.scenarios.iter().map(row).collect(),
    )
}

/// The worked pond with the four lines of its cost.
fn pond() -> String {
    let line = |item: &str, basis, best| CostLine {
        item: item.into(),
        heading: "worked case".into(),
        option: String::new(),
        from_level: Level::L2,
        basis,
        low: best,
        best,
        high: best,
        source: "worked case".into(),
        status: Status::Unverified,
    };
    let lines = [
        line("drilling", Basis::Metre, 120.0),
        line("analyses, controls included", Basis::Analysis, 60.0),
        line("rig to the site and back", Basis::Study, 10_000.0),
        line("tests", Basis::Study, 20_000.0),
    ];
    let study = plan(&crate::decision::study::pond(), &lines).unwrap();
    let mut rows: Vec<Vec<String>> = vec![
        vec!["holes, independent samples".into(), study.counts.classical.unwrap().to_string()],
        vec!["holes, correlated in space".into(), study.counts.spatial.unwrap().to_string()],
        vec!["metres".into(), format!("{:.0}", study.metres)],
        vec!["samples, with controls".into(), study.samples.analyses().to_string()],
    ];
    for p in &study.precision {
        let percent = 100.0 * p.confidence;
        rows.push(vec![
            format!("mean grade at {percent:.0} %"),
            format!("±{:.0} %", 100.0 * p.grade),
        ]);
        rows.push(vec![
            format!("tonnes at {percent:.0} %"),
            format!("±{:.0} %", 100.0 * p.tonnage),
        ]);
        rows.push(vec![
            format!("contained metal at {percent:.0} %"),
            format!("±{:.0} %", 100.0 * p.contained),
        ]);
    }
    for entry in &study.cost.entries {
        let line = &entry.line;
        let sum = format!("{:.0} × {:.0} € = {:.0} €", entry.units, line.best, entry.cost);
        rows.push(vec![line.item.clone(), sum]);
    }
    rows.push(vec!["with 15 %".into(), format!("{:.1} k€", study.cost.best / 1e3)]);
    written(&["", "Worked pond"], rows)
}
