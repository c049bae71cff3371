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
    let result = core_index(&list, &Rules::default(), 2.0, &worths).unwrap().unwrap().sites;
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

/// Sites with a country, a cluster and a kind, and rules of every sort over them.
fn ruled() -> impl Strategy<Value = (Vec<Candidate>, Rules)> {
    let sites = prop::collection::vec((0_u32..40, 0_u32..30, 0_usize..3, 0_usize..6, 0..2), 3..11);
    let quotas = prop::collection::vec(
        (0..2, 0_usize..3, prop::option::of(0_usize..3), prop::option::of(0_usize..4)),
        0..4,
    );
    let pairs = prop::collection::vec((0_usize..11, 0_usize..11), 0..4);
    let named = || prop::collection::vec(0_usize..11, 0..2);
    (sites, quotas, pairs, named(), named(), any::<bool>()).prop_map(
        |(sites, quotas, pairs, must, never, clustered)| {
            let site = |(i, s): (usize, &(u32, u32, usize, usize, i32))| {
                let attributes = [
                    ("country", s.2.to_string()),
                    ("cluster", s.3.to_string()),
                    ("kind", s.4.to_string()),
                ];
                Candidate {
                    attributes: attributes.map(|(a, b)| (a.to_owned(), b)).into(),
                    ..plain(&format!("s{i}"), f64::from(s.0), f64::from(s.1))
                }
            };
            let id = |k: &usize| format!("s{}", k % sites.len());
            let quota = |(which, value, at_least, at_most): &(i32, usize, _, _)| Quota {
                attribute: ["country", "kind"][*which as usize].into(),
                value: value.to_string(),
                at_least: *at_least,
                at_most: *at_most,
            };
            let rules = Rules {
                quotas: quotas.iter().map(quota).collect(),
                cluster: clustered.then(|| "cluster".into()),
                requires: pairs.iter().map(|(a, b)| (id(a), id(b))).collect(),
                must: must.iter().map(id).collect(),
                never: never.iter().map(id).collect(),
                node_limit: None,
            };
            (sites.iter().enumerate().map(site).collect(), rules)
        },
    )
}

/// Whether a set of sites, as bits, meets the rules.
fn meets(list: &[Candidate], rules: &Rules, mask: u32) -> bool {
    let place = |id: &String| list.iter().position(|c| c.id == *id).unwrap();
    let has = |id: &String| mask >> place(id) & 1 == 1;
    let chosen = || (0..list.len()).filter(|i| mask >> i & 1 == 1).map(|i| &list[i]);
    let quota = |q: &Quota| {
        let count = chosen().filter(|c| c.attributes.get(&q.attribute) == Some(&q.value)).count();
        q.at_least.is_none_or(|n| count >= n) && q.at_most.is_none_or(|n| count <= n)
    };
    let alone = rules.cluster.as_ref().is_none_or(|cluster| {
        let names: Vec<&String> = chosen().map(|c| &c.attributes[cluster]).collect();
        names.iter().enumerate().all(|(i, name)| !names[..i].contains(name))
    });
    alone
        && rules.quotas.iter().all(quota)
        && rules.requires.iter().all(|(a, b)| !has(a) || has(b))
        && rules.must.iter().all(&has)
        && !rules.never.iter().any(&has)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn portfolios_under_rules_of_every_sort_equal_enumeration(
        (list, rules) in ruled(), budget in 0_u32..150,
    ) {
        let sum = |mask: u32, of: fn(&Candidate) -> f64| -> f64 {
            (0..list.len()).filter(|i| mask >> i & 1 == 1).map(|i| of(&list[i])).sum()
        };
        let best = (0..1_u32 << list.len())
            .filter(|mask| sum(*mask, |c| c.cost) <= f64::from(budget))
            .filter(|mask| meets(&list, &rules, *mask))
            .map(|mask| sum(mask, |c| c.worth) + 0.0)
            .reduce(f64::max);
        match solve(&list, &rules, f64::from(budget)).unwrap() {
            Outcome::Optimal { portfolio } => {
                prop_assert_eq!(Some(portfolio.worth), best);
                let mask = portfolio.chosen.iter().map(|id| {
                    1_u32 << list.iter().position(|c| c.id == *id).unwrap()
                });
                let mask = mask.sum();
                prop_assert!(meets(&list, &rules, mask));
                prop_assert!(sum(mask, |c| c.cost) <= f64::from(budget));
            }
            Outcome::Infeasible { .. } => prop_assert!(best.is_none(), "{:?}", best),
            other => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn a_search_that_stops_early_tells_a_gap_that_holds(
        (list, rules) in ruled(), budget in 0_u32..150,
    ) {
        let Outcome::Optimal { portfolio: best } = solve(&list, &rules, f64::from(budget)).unwrap()
        else { return Ok(()) };
        let hasty = Rules { node_limit: Some(1), ..rules };
        match solve(&list, &hasty, f64::from(budget)) {
            Ok(Outcome::Optimal { portfolio }) => prop_assert_eq!(portfolio.worth, best.worth),
            Ok(Outcome::Limited { portfolio, gap }) => {
                let most = gap.map_or(f64::INFINITY, |g| portfolio.worth * (1.0 + g));
                prop_assert!(portfolio.worth <= best.worth && best.worth <= most + 1e-9);
            }
            Ok(Outcome::Infeasible { .. }) => prop_assert!(false, "it is feasible"),
            Err(error) => prop_assert!(matches!(error, PortfolioError::Solver(_)), "{}", error),
        }
    }
}

#[test]
fn thousands_of_sites_are_chosen_from_within_seconds_and_proved() {
    let site = |i: usize| {
        let spread = (i * 7919 % 10_007) as f64 / 10_007.0;
        let attributes = [("country", (i % 5).to_string()), ("cluster", (i / 3).to_string())];
        Candidate {
            attributes: attributes.map(|(a, b)| (a.to_owned(), b)).into(),
            ..plain(&format!("s{i}"), 0.2 + 0.6 * spread, 60_000.0 + 97.0 * (i % 811) as f64)
        }
    };
    let list: Vec<Candidate> = (0..5000).map(site).collect();
    let quota = |k: usize| Quota {
        attribute: "country".into(),
        value: k.to_string(),
        at_least: Some(2),
        at_most: None,
    };
    let rules = Rules {
        quotas: (0..5).map(quota).collect(),
        cluster: Some("cluster".into()),
        requires: vec![("s1".into(), "s7".into())],
        must: vec!["s20".into()],
        ..Rules::default()
    };
    let outcome = solve(&list, &rules, 1e6).unwrap();
    let Outcome::Optimal { portfolio } = outcome else { panic!("{outcome:?}") };
    assert!(portfolio.cost <= 1e6 && portfolio.chosen.contains(&"s20".to_owned()));
    let few = solve(&list, &rules, 5e5).unwrap();
    let Outcome::Infeasible { conflict } = few else { panic!("{few:?}") };
    assert!(conflict.contains(&Constraint::Budget { limit: 5e5 }), "{conflict:?}");
}

#[test]
fn an_attribute_that_no_site_has_is_a_slip_of_the_pen() {
    let list = [Candidate {
        attributes: BTreeMap::from([("country".into(), "SE".into())]),
        ..plain("a", 1.0, 1.0)
    }];
    let quota = |attribute: &str| Quota {
        attribute: attribute.into(),
        value: "SE".into(),
        at_least: Some(1),
        at_most: None,
    };
    let rules = |attribute| Rules { quotas: vec![quota(attribute)], ..Rules::default() };
    assert!(solve(&list, &rules("country"), 1.0).is_ok());
    let error = solve(&list, &rules("county"), 1.0).unwrap_err().to_string();
    assert!(error.contains("\"county\"") && error.contains("bodies have country"), "{error}");
}

#[test]
fn clusters_that_precedence_ties_together_have_a_portfolio_with_its_gap() {
    let site = |i: usize| Candidate {
        attributes: [("cluster".to_owned(), (i / 4).to_string())].into(),
        ..plain(&format!("s{i}"), 1.0 + (i * 7919 % 101) as f64, 20.0 + (i * 104_729 % 89) as f64)
    };
    let sites: Vec<Candidate> = (0..400).map(site).collect();
    let id = |i: usize| format!("s{}", i % 400);
    let rules = Rules {
        cluster: Some("cluster".into()),
        requires: (0..200).map(|k| (id(2 * k), id(2 * k + 37))).collect(),
        must: vec![id(11)],
        node_limit: Some(1),
        ..Rules::default()
    };
    let Outcome::Limited { portfolio, gap } = solve(&sites, &rules, 2000.0).unwrap() else {
        panic!("one node proves nothing here");
    };
    let gap = gap.unwrap();
    assert!(gap > 0.0 && gap < 0.5, "{gap}");
    assert!(portfolio.cost <= 2000.0 && portfolio.chosen.contains(&id(11)));
    let has = |id: &String| portfolio.chosen.contains(id);
    assert!(rules.requires.iter().all(|(a, b)| !has(a) || has(b)));
    let cluster = |id: &String| id[1..].parse::<usize>().unwrap() / 4;
    let mut clusters: Vec<usize> = portfolio.chosen.iter().map(cluster).collect();
    clusters.dedup();
    assert_eq!(clusters.len(), portfolio.chosen.len(), "at most one of each");
    let longer = Rules { node_limit: Some(300), ..rules };
    let better = match solve(&sites, &longer, 2000.0).unwrap() {
        Outcome::Optimal { portfolio } | Outcome::Limited { portfolio, .. } => portfolio.worth,
        Outcome::Infeasible { conflict } => panic!("{conflict:?}"),
    };
    assert!(better >= portfolio.worth && better <= portfolio.worth * (1.0 + gap) + 1e-9);
    // a draw of worths goes the same way
    let worths = vec![sites.iter().map(|c| c.worth).collect::<Vec<f64>>(); 2];
    let core = core_index(&sites, &longer, 2000.0, &worths).unwrap().unwrap();
    assert!(core.widest_gap.is_finite() && core.sites.len() == 400);
}
