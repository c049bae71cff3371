//! Tables of `docs/methods/classification.md`.

use varp_engine::classify::{
    Axis, Bridge, Compliance, Condition, FactKind, RuleSet, Side, WorkedCase, classify,
};
use varp_engine::duty::{Duties, Stage};
use varp_model::{BodyKind, References, Status};

/// The table of this name as Markdown.
pub fn table(name: &str) -> Option<String> {
    let rules = RuleSet::embedded();
    Some(match name {
        "facts" => facts(&rules),
        "rules E" => rules_of(&rules, Axis::E),
        "rules F" => rules_of(&rules, Axis::F),
        "rules G" => rules_of(&rules, Axis::G),
        "classes" => classes(&rules),
        "steps" => steps(&rules),
        "cases" => cases(&rules),
        "bridge" => bridge(),
        "deadlines" => deadlines(),
        "scope" => scope(),
        "content" => content(),
        "stages" => stages(),
        _ => return None,
    })
}

pub fn written(header: &[&str], rows: Vec<Vec<String>>) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut out = line(header.iter().map(|h| (*h).to_owned()).collect());
    out.push_str(&line(header.iter().map(|_| "---".to_owned()).collect()));
    out.extend(rows.into_iter().map(line));
    out
}

fn mark(status: Status) -> String {
    match status {
        Status::Verified => "verified".into(),
        Status::Unverified => "*unverified*".into(),
    }
}

fn facts(rules: &RuleSet) -> String {
    let values = |kind: &FactKind| match kind {
        FactKind::Levels(levels) => levels.join(" < "),
        FactKind::More(unit) => format!("number, {unit}, more is better"),
        FactKind::Less(unit) => format!("number, {unit}, less is better"),
    };
    let rows = rules.facts.iter().map(|f| {
        let of = if f.per_product { "product" } else { "body" };
        let code = format!("`{}`", f.fact);
        vec![code, f.question.clone(), values(&f.kind), of.into(), f.factor.clone()]
    });
    written(&["fact", "question", "values", "asked of", "factor"], rows.collect())
}

fn condition(c: &Condition) -> String {
    match (&c.level, c.number) {
        (Some(level), _) => format!("`{}` at least \"{level}\"", c.fact),
        (None, Some(number)) => format!("`{}` at least as good as {number}", c.fact),
        (None, None) => format!("`{}`", c.fact),
    }
}

fn rules_of(rules: &RuleSet, axis: Axis) -> String {
    let of_axis = rules.rules.iter().filter(|r| r.category.axis == axis);
    let rows = of_axis.map(|r| {
        let asks: Vec<String> = r.any.iter().map(condition).collect();
        let (side, asks) = match r.side {
            Side::Requires => ("requires", asks.join(" or ")),
            Side::Adverse => ("adverse", format!("known not to be: {}", asks.join(" or "))),
        };
        let category = r.category.to_string();
        vec![category, side.into(), r.says.clone(), asks, r.follows.clone(), mark(r.status)]
    });
    written(&["category", "side", "says", "condition", "follows", "status"], rows.collect())
}

fn classes(rules: &RuleSet) -> String {
    let list = |c: &[varp_engine::classify::Category]| {
        c.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    };
    let rows = rules.classes.0.iter().map(|row| {
        let class = match row.sub_class.as_str() {
            "" if row.without_sub_categories => {
                format!("{} (sub-categories not stated)", row.class)
            }
            "" => row.class.clone(),
            sub => format!("{}: {sub}", row.class),
        };
        vec![class, list(&row.e), list(&row.f), list(&row.g), mark(row.status)]
    });
    written(&["class", "E", "F", "G", "status"], rows.collect())
}

fn steps(rules: &RuleSet) -> String {
    let rows = rules.steps.iter().map(|s| {
        let cost = s.cost_eur.map_or("a decision of others".into(), |[low, high]| {
            format!("{low:.0} to {high:.0} EUR")
        });
        vec![s.code.clone(), s.does.clone(), cost, mark(s.status)]
    });
    written(&["step", "what is done", "cost", "status"], rows.collect())
}

fn cases(rules: &RuleSet) -> String {
    let cases = WorkedCase::embedded();
    let rows = cases.iter().filter(|c| !c.made_up).map(|c| {
        let computed = classify(&c.dossier, &c.product, rules);
        let published = c.published.as_ref().map_or("none read".into(), ToString::to_string);
        let class = format!("{} ({})", computed.code, computed.class_words());
        let why = c.why.clone().unwrap_or_default();
        vec![c.name.clone(), c.product.clone(), published, class, why, c.source.clone()]
    });
    written(&["case", "product", "published", "computed", "why", "source"], rows.collect())
}

fn bridge() -> String {
    let bridge = Bridge::embedded();
    let compliant = Compliance::Compliant { code: "any".into() };
    let rows = bridge.categories().map(|category| {
        let (codes, status) = bridge.unfc_from_crirsco(category, &compliant).unwrap();
        let codes: Vec<String> = codes.iter().map(ToString::to_string).collect();
        vec![category.to_owned(), codes.join(" or "), mark(status)]
    });
    let table = written(&["CRIRSCO", "UNFC, the usual code first", "status"], rows.collect());
    format!("{}\n\n{table}", bridge.version)
}

fn deadlines() -> String {
    let duties = Duties::embedded();
    let long_ago = jiff::civil::Date::constant(2024, 1, 1);
    let calendar = ["state database", "operator study"]
        .into_iter()
        .flat_map(|duty| duties.calendar(duty, long_ago));
    let rows = calendar.map(|(d, _)| {
        vec![d.date.to_string(), d.duty.clone(), d.what.clone(), d.law.clone(), mark(d.status)]
    });
    written(&["date", "duty", "what", "law", "status"], rows.collect())
}

fn scope() -> String {
    let duties = Duties::embedded();
    let sweden = "SE".parse().unwrap();
    let references = References::embedded();
    let rows = references.list("body_kinds").unwrap().codes.iter().map(|kind| {
        let standing = duties.standing(&BodyKind(kind.code.clone()), sweden);
        let scope = serde_json::to_value(standing.scope).unwrap();
        vec![kind.code.clone(), scope.as_str().unwrap().to_owned(), standing.ground]
    });
    written(&["kind of body", "scope", "legal ground"], rows.collect())
}

fn content() -> String {
    let duties = Duties::embedded();
    let rows = duties.contents().iter().map(|item| {
        let needs: Vec<String> = item.needs.iter().map(|n| format!("`{n}`")).collect();
        vec![item.item.clone(), needs.join(" or "), item.law.clone(), mark(item.status)]
    });
    written(&["item", "filled by", "law", "status"], rows.collect())
}

fn stages() -> String {
    let duties = Duties::embedded();
    let rows = [Stage::Documented, Stage::Sampled, Stage::Characterised].map(|stage| {
        let (means, exits, status) = duties.stage(stage).unwrap();
        let name = serde_json::to_value(stage).unwrap();
        let name = name.as_str().unwrap().to_owned();
        vec![name, means.to_owned(), exits.join("; "), mark(status)]
    });
    written(&["stage", "means", "reasons to leave after it", "status"], rows.to_vec())
}
