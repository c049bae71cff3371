//! Tables of `docs/methods/capture.md`.

use varp_engine::capture::Strategy;
use varp_engine::estimate::Priors as Shipped;
use varp_engine::planning::Priors;
use varp_engine::review::{DEFAULT, questions};
use varp_model::Status;

/// The table of this name as Markdown.
pub fn table(name: &str) -> Option<String> {
    Some(match name {
        "priors" => priors(),
        "densities" => densities(),
        "recoveries" => recoveries(),
        "variability" => variability(),
        "steps" => steps(),
        "effects" => effects(),
        "form" => form(),
        _ => return None,
    })
}

fn written(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: Vec<String>| {
        format!(
            "| {} |\n",
            cells.iter().map(|c| c.replace('|', "/")).collect::<Vec<_>>().join(" | ")
        )
    };
    let mut out = line(header.iter().map(|h| (*h).to_owned()).collect());
    out.push_str(&line(header.iter().map(|_| "---".to_owned()).collect()));
    out.extend(rows.map(line));
    out
}

fn mark(status: Status) -> String {
    match status {
        Status::Verified => "verified".into(),
        Status::Unverified => "*unverified*".into(),
    }
}

fn priors() -> String {
    let priors = Priors::embedded();
    let rows = priors.rows().iter().map(|p| {
        let range = match p.unit.as_str() {
            "factor" => format!("within a factor of {}", p.best),
            _ if p.low == 1.0 && p.high == 1.0 => format!("at most {:e} {}", p.best, p.unit),
            _ => format!("{} ({} to {}) {}", p.best, p.low, p.high, p.unit),
        };
        vec![p.item.clone(), p.of.clone(), range, p.source.clone(), mark(p.status)]
    });
    written(&["prior", "of", "best (low to high)", "source", "status"], rows)
}

fn densities() -> String {
    let shipped = Shipped::embedded();
    let rows = shipped.densities.iter().map(|d| {
        vec![
            d.kind.clone(),
            d.quantity.clone(),
            format!("{} ({} to {}) {}", d.mode, d.low, d.high, d.unit),
            d.source.clone(),
            mark(d.status),
        ]
    });
    written(&["kind", "quantity", "most likely (low to high)", "source", "status"], rows)
}

fn recoveries() -> String {
    let shipped = Shipped::embedded();
    let percent = |v: f64| format!("{:.0}", 100.0 * v);
    let rows = shipped.recoveries.iter().filter(|r| r.mode > 0.0).map(|r| {
        vec![
            r.substance.clone(),
            r.process.clone(),
            format!("{}–{}", r.from, r.to),
            format!("{} ({} to {}) %", percent(r.mode), percent(r.low), percent(r.high)),
            if r.count > 0 { r.count.to_string() } else { "–".into() },
            r.source.clone(),
            mark(r.status),
        ]
    });
    let header = ["substance", "process", "years", "recovered", "rates", "source", "status"];
    written(&header, rows)
}

fn variability() -> String {
    let shipped = Shipped::embedded();
    let rows = shipped.variability.iter().map(|v| {
        vec![
            v.kind.clone(),
            format!("{} / {}", v.hole_variation, v.composite_variation),
            format!("{} to {}", v.range_low, v.range_high),
            format!("{} to {}", v.vertical_low, v.vertical_high),
            format!("{} to {}", v.nugget_low, v.nugget_high),
            v.source.clone(),
            mark(v.status),
        ]
    });
    let header = [
        "kind",
        "variation of holes / composites",
        "range over √area",
        "vertical range over thickness",
        "share of nugget",
        "source",
        "status",
    ];
    written(&header, rows)
}

fn steps() -> String {
    let strategy = Strategy::embedded();
    let rows = strategy.steps.iter().map(|s| {
        let [low, best, high] = s.cost(10.0);
        vec![
            s.step.clone(),
            s.name.clone(),
            s.gives.clone(),
            s.access.clone(),
            s.after.clone(),
            format!("{best:.0} ({low:.0} to {high:.0})"),
            s.stage.clone(),
            mark(s.status),
        ]
    });
    let header = ["step", "what", "gives", "needs", "after", "EUR on 10 ha", "stage", "status"];
    written(&header, rows)
}

fn effects() -> String {
    let strategy = Strategy::embedded();
    let rows = strategy.effects.iter().map(|e| {
        vec![
            e.step.clone(),
            e.constrains.clone(),
            format!("±{:.0} %", e.residual * 100.0),
            e.source.clone(),
            mark(e.status),
        ]
    });
    written(&["step", "constrains", "leaves", "because", "status"], rows)
}

fn form() -> String {
    let all = questions(DEFAULT).expect("a test reads the form");
    let rows = all
        .into_iter()
        .map(|q| vec![q.section, q.question, format!("`{}`", q.property), q.unit, q.documents]);
    written(&["section", "question", "property", "unit", "look in"], rows)
}
