use proptest::prelude::*;
use std::collections::BTreeMap;
use varp_engine::rank::active::ActiveCriteria;
use varp_engine::rank::criteria::{Aim, CriteriaDocument, DEFAULT, Level, Situation};
use varp_engine::rank::elicit::direct::RankFormula;
use varp_engine::rank::ranking::{Call, Ranking, RankingError, RankingPlan, rank};
use varp_engine::rank::table::{Cell, Datum, Evidence, Origin, Prior, Row};
use varp_engine::rank::weights::{
    LinearConstraint, WeightError, WeightSpace, Within, draw_weights,
};

const SITUATION: Situation = Situation { level: Level::L0, aim: Aim::Pilots, credit_in_npv: false };

fn document() -> CriteriaDocument {
    CriteriaDocument::parse(DEFAULT).unwrap()
}

fn active() -> ActiveCriteria {
    document().active(&SITUATION).unwrap()
}

fn plan(draws: usize) -> RankingPlan {
    RankingPlan { draws, ..RankingPlan::standard(SITUATION, 3) }
}

fn datum(cell: Cell) -> Datum {
    Datum { cell, evidence: Evidence::Derived }
}

/// A site whose every criterion lies at `level` (0..=1) of its value function's range of x.
fn site(id: &str, level: f64, noise: f64) -> Row {
    let document = document();
    let data = document.criteria.iter().map(|c| {
        let points = &c.value.points;
        let (a, b) = (points[0].0, points[points.len() - 1].0);
        let x = a + (b - a) * level;
        let cell = if noise > 0.0 {
            Cell::Normal { mean: x, deviation: noise * (b - a) }
        } else {
            Cell::Exact { value: x }
        };
        (c.id.clone(), datum(cell))
    });
    Row { id: id.into(), attributes: BTreeMap::new(), data: data.collect() }
}

fn sites(count: usize) -> Vec<Row> {
    (0..count)
        .map(|i| {
            let level = (i * 37 % 100) as f64 / 100.0;
            let mut row = site(&format!("S{i:02}"), level, 0.1);
            for (j, criterion) in document().criteria.iter().enumerate() {
                if (i + j) % 4 == 0 {
                    row.data.remove(&criterion.id);
                }
            }
            row
        })
        .collect()
}

fn json(ranking: &Ranking) -> String {
    serde_json::to_string(ranking).unwrap()
}

#[test]
fn rows_and_columns_of_the_rank_table_sum_to_the_draws() {
    let result = rank(&document(), &sites(12), &[], &plan(400)).unwrap();
    let counts = &result.acceptability.rank_counts;
    for k in 0..12 {
        assert_eq!(counts[k].iter().sum::<u32>(), 400);
        assert_eq!(counts.iter().map(|row| row[k]).sum::<u32>(), 400);
    }
    let means: f64 = result.sites.iter().map(|s| s.expected_rank).sum();
    assert!((means - 78.0).abs() < 1e-9, "ranks 1..=12 sum to 78");
    let wanted: f64 = result.sites.iter().map(|s| s.top_probability).sum();
    assert!((wanted - 3.0).abs() < 1e-9);
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| json(&rank(&document(), &sites(10), &[], &plan(520)).unwrap()))
    };
    let one = run(1);
    assert_eq!(one, run(3));
    let other_seed = RankingPlan { seed: 1, ..plan(520) };
    assert_ne!(one, json(&rank(&document(), &sites(10), &[], &other_seed).unwrap()));
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let mut rows = sites(10);
    let before = json(&rank(&document(), &rows, &[], &plan(200)).unwrap());
    rows.reverse();
    assert_eq!(before, json(&rank(&document(), &rows, &[], &plan(200)).unwrap()));
}

#[test]
fn another_site_never_moves_the_values_of_the_others() {
    let known: Vec<Row> =
        (0..8).map(|i| site(&format!("K{i}"), f64::from(i) / 8.0, 0.15)).collect();
    let mut more = known.clone();
    more.push(site("J", 0.55, 0.2));
    let before = rank(&document(), &known, &[], &plan(300)).unwrap();
    let after = rank(&document(), &more, &[], &plan(300)).unwrap();
    for old in &before.sites {
        let new = after.sites.iter().find(|s| s.id == old.id).unwrap();
        assert_eq!(old.expected_value, new.expected_value, "{}", old.id);
    }
    let names = |r: &Ranking| -> Vec<String> {
        r.order.iter().map(|i| r.sites[*i].id.clone()).filter(|id| id != "J").collect()
    };
    assert_eq!(names(&before), names(&after));
}

#[test]
fn a_missing_cell_takes_the_most_specific_prior_then_other_sites_then_ignorance() {
    let mut rows: Vec<Row> = (0..5).map(|i| site(&format!("K{i}"), 0.5, 0.0)).collect();
    let mut unknown = site("U", 0.5, 0.0);
    unknown.attributes.insert("kind".into(), "slag".into());
    unknown.attributes.insert("commodity".into(), "zinc".into());
    for id in ["T1", "T2", "S3"] {
        unknown.data.remove(id);
    }
    rows.push(unknown);
    for row in &mut rows {
        row.data.remove("L3");
    }
    let prior = |attributes: &[(&str, &str)]| Prior {
        criterion: "T1".into(),
        attributes: attributes.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect(),
        cell: Cell::Triangular { low: 75.0, mode: 85.0, high: 92.0 },
        source: "table of recoveries".into(),
    };
    let priors =
        [prior(&[]), prior(&[("kind", "slag"), ("commodity", "zinc")]), prior(&[("kind", "slag")])];
    let result = rank(&document(), &rows, &priors, &plan(200)).unwrap();
    let origin = |id: &str, criterion: &str| {
        let j = result.criteria.iter().position(|c| c == criterion).unwrap();
        result.sites.iter().find(|s| s.id == id).unwrap().origins[j]
    };
    assert_eq!(origin("U", "T1"), Origin::Prior { index: 1 });
    assert_eq!(origin("U", "T2"), Origin::OtherSites);
    assert_eq!(origin("U", "L3"), Origin::Ignorance);
    assert_eq!(origin("K0", "T1"), Origin::Site { evidence: Evidence::Derived });
    let spread = |id: &str| result.sites.iter().find(|s| s.id == id).unwrap().value_deviation;
    assert!(spread("U") > spread("K0"), "what is not known keeps its uncertainty");
}

#[test]
fn priors_on_most_of_the_weight_call_for_data_first() {
    let mut rows = sites(6);
    let known = rank(&document(), &[site("A", 0.3, 0.0), site("B", 0.6, 0.0)], &[], &plan(100));
    assert!(!known.unwrap().headline.data_campaign_first);
    for row in &mut rows {
        for datum in row.data.values_mut() {
            datum.evidence = Evidence::Prior;
        }
    }
    let headline = rank(&document(), &rows, &[], &plan(100)).unwrap().headline;
    assert!(headline.data_campaign_first && headline.text.starts_with("Data campaign first"));
    assert!((headline.prior_share - 1.0).abs() < 1e-12);
}

#[test]
fn clear_cases_are_safe_or_out_and_close_ones_contested() {
    let rows = [
        site("best", 0.95, 0.0),
        site("good", 0.90, 0.0),
        site("even-1", 0.5, 0.2),
        site("even-2", 0.5, 0.2),
        site("poor", 0.02, 0.0),
    ];
    let result = rank(&document(), &rows, &[], &plan(1000)).unwrap();
    let call = |id: &str| result.sites.iter().find(|s| s.id == id).unwrap().call;
    // Costs run the other way along x, but carry little weight.
    assert_eq!(call("best"), Call::Safe);
    assert_eq!(call("good"), Call::Safe);
    assert_eq!(call("even-1"), Call::Contested);
    assert_eq!(call("poor"), Call::Out);
    let classes = result.classes.unwrap();
    assert_eq!(classes.pessimistic[0].iter().sum::<u32>(), 1000);
    for foil in &result.foils {
        assert!(foil.tau > 0.5, "{}: {}", foil.method, foil.tau);
    }
}

#[test]
fn the_missing_datum_that_decides_comes_first() {
    let mut rows = vec![site("A", 0.5, 0.0), site("B", 0.5, 0.0), site("C", 0.1, 0.0)];
    rows[0].data.remove("R1"); // weight 0.10
    rows[0].data.remove("L3"); // weight 0.02
    let plan = RankingPlan { wanted: 1, space: WeightSpace::Fixed, ..plan(4000) };
    let result = rank(&document(), &rows, &[], &plan).unwrap();
    let names: Vec<(&str, &str)> = result
        .information
        .iter()
        .map(|c| (result.sites[c.site].id.as_str(), result.criteria[c.criterion].as_str()))
        .collect();
    assert_eq!(names[..1], [("A", "R1")]);
    let (first, second) = (&result.information[0], &result.information[1]);
    assert!(first.evppi > second.evppi && first.variance_share > 0.7);
    assert!(second.variance_share < 0.2);
}

#[test]
fn perfect_information_on_the_only_unknown_equals_its_closed_form() {
    // d = V_A − V_B is uniform on (−a, b): EVPPI = E max(0, d) − max(0, E d).
    let mut rows = vec![site("A", 0.5, 0.0), site("B", 0.5, 0.0)];
    rows[0].data.remove("R2");
    let plan = RankingPlan { space: WeightSpace::Fixed, wanted: 1, ..plan(20_000) };
    let result = rank(&document(), &rows, &[], &plan).unwrap();
    let weight = result.weights[result.criteria.iter().position(|c| c == "R2").unwrap()];
    let v = active().curves[active().position("R2").unwrap()].value(12.5);
    let (low, high) = (-v * weight, (1.0 - v) * weight);
    let expected = high * high / (2.0 * (high - low)) - (0.5 * (high + low)).max(0.0);
    let cell = &result.information[0];
    let tolerance = 0.02 * expected.abs() + cell.noise / 4.0;
    assert!((cell.evppi - expected).abs() < tolerance, "{} is not {expected}", cell.evppi);
    assert!((cell.variance_share - 1.0).abs() < 0.01);
}

#[test]
fn ordered_weights_have_the_rank_order_centroid_as_mean() {
    let mut criteria = active();
    criteria.groups.iter_mut().enumerate().for_each(|(k, g)| g.order = k as u32);
    let space = WeightSpace::GroupOrder { within: Within::Fixed };
    let draws = draw_weights(&space, &criteria, 3, 20_000).unwrap();
    let centroid = RankFormula::Centroid.weights(6);
    for (k, group) in criteria.groups.iter().enumerate() {
        let members =
            (0..criteria.criteria.len()).filter(|j| criteria.criteria[*j].group == group.id);
        let mean: f64 =
            members.map(|j| draws.iter().map(|w| w[j]).sum::<f64>()).sum::<f64>() / 20_000.0;
        assert!((mean - centroid[k]).abs() < 0.004, "{}: {mean} is not {}", group.id, centroid[k]);
    }
    for w in draws.iter().take(100) {
        assert!((w.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}

#[test]
fn groups_of_one_place_are_not_ordered_among_themselves() {
    let space = WeightSpace::GroupOrder { within: Within::Uniform };
    let criteria = active();
    let draws = draw_weights(&space, &criteria, 3, 4000).unwrap();
    let group = |w: &[f64], id: &str| -> f64 {
        criteria.criteria.iter().zip(w).filter(|(c, _)| c.group == id).map(|(_, w)| w).sum()
    };
    let t_first = draws.iter().filter(|w| group(w, "T") > group(w, "E")).count();
    assert!((1800..2200).contains(&t_first), "{t_first}");
    assert!(draws.iter().all(|w| group(w, "R") >= group(w, "T").max(group(w, "E"))));
    assert!(draws.iter().all(|w| group(w, "C") <= group(w, "T").min(group(w, "E"))));
}

#[test]
fn dirichlet_weights_have_their_mean_and_variance() {
    let criteria = active();
    let space = WeightSpace::Dirichlet { concentration: 50.0 };
    let draws = draw_weights(&space, &criteria, 5, 20_000).unwrap();
    for (j, w0) in criteria.weights.iter().enumerate() {
        let mean = draws.iter().map(|w| w[j]).sum::<f64>() / 20_000.0;
        let variance = draws.iter().map(|w| (w[j] - mean).powi(2)).sum::<f64>() / 20_000.0;
        let expected = w0 * (1.0 - w0) / 51.0;
        assert!((mean - w0).abs() < 4.0 * (expected / 20_000.0).sqrt(), "mean of {j}");
        assert!((variance / expected - 1.0).abs() < 0.08, "variance of {j}");
    }
    let bad = WeightSpace::Dirichlet { concentration: 0.0 };
    assert_eq!(draw_weights(&bad, &criteria, 5, 1), Err(WeightError::Concentration(0.0)));
}

fn at_most(pairs: &[(&str, f64)], at_most: f64) -> LinearConstraint {
    let coefficients = pairs.iter().map(|(id, a)| (id.to_string(), *a)).collect();
    LinearConstraint { coefficients, at_most }
}

#[test]
fn hit_and_run_respects_its_constraints_and_covers_the_inside() {
    // Five criteria in strict order: the mean must be the rank-order centroid.
    let mut document = document();
    document.guards.clear();
    document.criteria.truncate(5);
    let criteria = document.active(&SITUATION).unwrap();
    let names: Vec<&str> = criteria.criteria.iter().map(|c| c.id.as_str()).collect();
    let constraints: Vec<LinearConstraint> =
        names.windows(2).map(|p| at_most(&[(p[1], 1.0), (p[0], -1.0)], 0.0)).collect();
    let space = WeightSpace::Constrained { constraints };
    let draws = draw_weights(&space, &criteria, 11, 4000).unwrap();
    assert!(draws.iter().all(|w| w.windows(2).all(|p| p[0] >= p[1] - 1e-9)));
    for (j, centroid) in RankFormula::Centroid.weights(5).iter().enumerate() {
        let mean = draws.iter().map(|w| w[j]).sum::<f64>() / 4000.0;
        assert!((mean - centroid).abs() < 0.015, "{j}: {mean} is not {centroid}");
    }
    let impossible = vec![at_most(&[("R1", -1.0)], -0.7), at_most(&[("R2", -1.0)], -0.6)];
    let space = WeightSpace::Constrained { constraints: impossible };
    assert_eq!(draw_weights(&space, &criteria, 1, 1), Err(WeightError::NoRoom));
}

#[test]
fn a_wrong_cell_or_plan_is_refused_with_its_place() {
    let mut rows = sites(3);
    rows[1].data.insert("T1".into(), datum(Cell::Uniform { low: 3.0, high: 1.0 }));
    let error = rank(&document(), &rows, &[], &plan(10)).unwrap_err();
    assert_eq!(error.to_string(), "table: S01, T1: low must not exceed high");
    assert!(matches!(rank(&document(), &[], &[], &plan(10)), Err(RankingError::Table(_))));
    let none = RankingPlan { wanted: 0, ..plan(10) };
    assert!(matches!(rank(&document(), &sites(3), &[], &none), Err(RankingError::Plan(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn improving_a_gain_never_lowers_the_expected_value(
        level in 0.05_f64..0.8, more in 0.0_f64..0.2, pick in 0_usize..24,
    ) {
        let base = site("A", level, 0.1);
        let mut better = base.clone();
        let criterion = &document().criteria[pick];
        let points = &criterion.value.points;
        let width = points[points.len() - 1].0 - points[0].0;
        let sign = if criterion.value.points[0].1 > 0.5 { -1.0 } else { 1.0 };
        if let Some(Datum { cell: Cell::Normal { mean, .. }, .. }) =
            better.data.get_mut(&criterion.id)
        {
            *mean += sign * more * width;
        }
        let value = |row: Row| {
            let plan = RankingPlan { classes: false, information: false, ..plan(100) };
            rank(&document(), &[row], &[], &plan).unwrap().sites[0].expected_value
        };
        prop_assert!(value(better) >= value(base) - 1e-12);
    }
}
