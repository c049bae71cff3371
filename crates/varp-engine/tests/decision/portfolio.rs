use super::{number, numbers, oracle};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;
use varp_engine::portfolio::robust::{Membership, core_index, frontier};
use varp_engine::portfolio::{Candidate, Constraint, Outcome, PortfolioError, Quota, Rules, solve};

fn instance(case: &Value) -> (Vec<Candidate>, Rules) {
    let data = &case["instance"];
    let ints = |key: &str| numbers(&data[key]);
    let (value, cost, country, cluster) =
        (ints("value"), ints("cost"), ints("country"), ints("cluster"));
    let rock = data["waste_rock"].as_array().unwrap();
    let candidates = (0..value.len())
        .map(|i| {
            let kind = if rock[i].as_bool().unwrap() { "waste rock" } else { "tailings" };
            let attributes = [
                ("country", country[i].to_string()),
                ("cluster", cluster[i].to_string()),
                ("kind", kind.to_string()),
            ];
            Candidate {
                id: format!("S{i:03}"),
                worth: value[i],
                cost: cost[i],
                attributes: attributes.map(|(a, b)| (a.to_string(), b)).into(),
            }
        })
        .collect();
    let quota = |attribute: &str, value: &str, count: f64| Quota {
        attribute: attribute.into(),
        value: value.into(),
        at_least: Some(count as usize),
        at_most: None,
    };
    let per_country = number(&data["min_per_country"]);
    let mut quotas: Vec<Quota> =
        ["0", "1", "2", "3"].map(|c| quota("country", c, per_country)).into();
    quotas.push(quota("kind", "waste rock", 3.0));
    let requires = data["requires"]
        .as_array()
        .unwrap()
        .iter()
        .map(numbers)
        .map(|p| (format!("S{:03}", p[0]), format!("S{:03}", p[1])))
        .collect();
    let rules = Rules { quotas, requires, cluster: Some("cluster".into()), ..Rules::default() };
    (candidates, rules)
}

#[test]
fn portfolios_equal_the_enumerated_and_the_highs_optima() {
    for case in oracle("portfolio")["cases"].as_array().unwrap() {
        let (candidates, rules) = instance(case);
        for solution in case["solutions"].as_array().unwrap() {
            let budget = number(&solution["budget"]);
            match solve(&candidates, &rules, budget).unwrap() {
                Outcome::Optimal { portfolio } => {
                    assert_eq!(portfolio.worth, number(&solution["optimum"]), "budget {budget}");
                    assert!(portfolio.cost <= budget);
                }
                Outcome::Infeasible { .. } => assert!(solution["optimum"].is_null(), "{budget}"),
                Outcome::Limited { .. } => panic!("no limit was set"),
            }
        }
    }
}

/// Candidates and rules with nothing but the named constraints; the budget is left to the caller.
fn only(conflict: &[Constraint], candidates: &[Candidate]) -> (Vec<Candidate>, Rules) {
    let mut rules = Rules { cluster: Some("cluster".into()), ..Rules::default() };
    let mut clusters = Vec::new();
    for constraint in conflict {
        match constraint.clone() {
            Constraint::AtLeast { attribute, value, count } => {
                rules.quotas.push(Quota { attribute, value, at_least: Some(count), at_most: None });
            }
            Constraint::Requires { site, needs } => rules.requires.push((site, needs)),
            Constraint::Cluster { name } => clusters.push(name),
            Constraint::Budget { .. } => {}
            other => panic!("{other:?} was not asked for"),
        }
    }
    let mut candidates = candidates.to_vec();
    for candidate in &mut candidates {
        if !candidate.attributes.get("cluster").is_some_and(|c| clusters.contains(c)) {
            candidate.attributes.remove("cluster");
        }
    }
    (candidates, rules)
}

#[test]
fn an_impossible_portfolio_names_constraints_of_which_none_can_be_spared() {
    let data = oracle("portfolio");
    let (candidates, rules) = instance(&data["cases"][0]);
    let Outcome::Infeasible { conflict } = solve(&candidates, &rules, 500.0).unwrap() else {
        panic!("enumeration found nothing within 500");
    };
    assert!(conflict.contains(&Constraint::Budget { limit: 500.0 }), "{conflict:?}");
    let feasible = |part: &[Constraint]| {
        let (candidates, rules) = only(part, &candidates);
        let has_budget = part.iter().any(|c| matches!(c, Constraint::Budget { .. }));
        let budget = if has_budget { 500.0 } else { 1e6 };
        matches!(solve(&candidates, &rules, budget).unwrap(), Outcome::Optimal { .. })
    };
    assert!(!feasible(&conflict), "{conflict:?}");
    for k in 0..conflict.len() {
        let mut rest = conflict.clone();
        let spared = rest.remove(k);
        assert!(feasible(&rest), "{spared:?} is not needed in {conflict:?}");
    }
}

fn plain(id: &str, worth: f64, cost: f64) -> Candidate {
    Candidate { id: id.into(), worth, cost, attributes: BTreeMap::new() }
}

#[test]
fn must_and_never_are_obeyed_and_contradictions_named() {
    let list = [plain("a", 9.0, 1.0), plain("b", 1.0, 1.0), plain("c", 5.0, 1.0)];
    let rules = Rules { must: vec!["b".into()], never: vec!["a".into()], ..Rules::default() };
    let Outcome::Optimal { portfolio } = solve(&list, &rules, 2.0).unwrap() else {
        panic!("feasible");
    };
    assert_eq!(portfolio.chosen, ["b", "c"]);
    let both = Rules { must: vec!["a".into()], never: vec!["a".into()], ..Rules::default() };
    let Outcome::Infeasible { conflict } = solve(&list, &both, 2.0).unwrap() else {
        panic!("a cannot be in and out");
    };
    assert_eq!(
        conflict,
        [Constraint::Must { site: "a".into() }, Constraint::Never { site: "a".into() }]
    );
    let unknown = Rules { must: vec!["z".into()], ..Rules::default() };
    assert!(matches!(solve(&list, &unknown, 2.0), Err(PortfolioError::Site { .. })));
    assert!(matches!(solve(&list, &rules, f64::NAN), Err(PortfolioError::Number { .. })));
}

#[test]
fn more_budget_never_buys_less() {
    let data = oracle("portfolio");
    let (candidates, rules) = instance(&data["cases"][0]);
    let budgets: Vec<f64> = (2..14).map(|k| f64::from(k) * 250.0).collect();
    let worths: Vec<f64> = frontier(&candidates, &rules, &budgets)
        .unwrap()
        .iter()
        .map(|point| match &point.outcome {
            Outcome::Optimal { portfolio } => portfolio.worth,
            _ => 0.0,
        })
        .collect();
    assert!(worths.windows(2).all(|p| p[0] <= p[1]), "{worths:?}");
    assert_eq!(worths[10], 6521.0_f64.max(worths[9]));
}

#[test]
fn sites_in_every_optimum_are_core() {
    let list = [
        plain("sure", 9.0, 1.0),
        plain("either", 4.0, 1.0),
        plain("or", 4.0, 1.0),
        plain("no", 0.1, 1.0),
    ];
    let worths: Vec<Vec<f64>> = (0..20)
        .map(|t| if t % 2 == 0 { vec![9.0, 5.0, 4.0, 0.1] } else { vec![9.0, 4.0, 5.0, 0.1] })
        .collect();
    let result = core_index(&list, &Rules::default(), 2.0, &worths).unwrap().unwrap();
    let memberships: Vec<Membership> = result.iter().map(|c| c.membership).collect();
    use Membership::{Borderline, Core, Exterior};
    assert_eq!(memberships, [Core, Borderline, Borderline, Exterior]);
    assert_eq!(result[1].share, 0.5);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn small_portfolios_equal_enumeration(
        sites in prop::collection::vec((1_u32..100, 1_u32..50), 3..11), budget in 10_u32..200,
        must in 0_usize..3,
    ) {
        let list: Vec<Candidate> = sites
            .iter()
            .enumerate()
            .map(|(i, (w, c))| plain(&format!("s{i}"), f64::from(*w), f64::from(*c)))
            .collect();
        let rules = Rules { must: vec![format!("s{must}")], ..Rules::default() };
        let mut best: Option<u32> = None;
        for mask in 0..1_u32 << sites.len() {
            let sum = |f: fn(&(u32, u32)) -> u32| -> u32 {
                sites.iter().enumerate().filter(|(i, _)| mask >> i & 1 == 1).map(|(_, s)| f(s)).sum()
            };
            if mask >> must & 1 == 1 && sum(|s| s.1) <= budget {
                best = best.max(Some(sum(|s| s.0)));
            }
        }
        match solve(&list, &rules, f64::from(budget)).unwrap() {
            Outcome::Optimal { portfolio } => {
                prop_assert_eq!(Some(portfolio.worth), best.map(f64::from));
            }
            other => prop_assert!(best.is_none(), "{:?}", other),
        }
    }
}
