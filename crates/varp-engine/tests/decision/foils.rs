use super::{assert_close, number, numbers, oracle, table};
use serde_json::Value;
use varp_engine::rank::agreement::{kendall_tau, ranks};
use varp_engine::rank::criteria::Thresholds;
use varp_engine::rank::distillation::{From, distilled_ranks};
use varp_engine::rank::electre::{assign, concordance, credibility};
use varp_engine::rank::promethee::{Preference, Relation, flows};
use varp_engine::rank::topsis::{Norm, closeness};
use varp_engine::rank::value::Direction;
use varp_engine::rank::vikor::vikor;

struct Case {
    data: Value,
    columns: Vec<Vec<f64>>,
    weights: Vec<f64>,
    directions: Vec<Direction>,
}

fn case(name: &str) -> Case {
    let data = oracle(name);
    let matrix = table(&data["matrix"]);
    let columns = (0..matrix[0].len()).map(|j| matrix.iter().map(|row| row[j]).collect()).collect();
    let directions = numbers(&data["direction"])
        .iter()
        .map(|d| if *d > 0.0 { Direction::Gain } else { Direction::Cost })
        .collect();
    Case { columns, weights: numbers(&data["weights"]), directions, data }
}

fn places(value: &Value) -> Vec<usize> {
    numbers(value).iter().map(|r| *r as usize).collect()
}

#[test]
fn topsis_equals_the_oracle_under_both_norms() {
    let c = case("topsis");
    let expected = &c.data["expected"];
    let vector = closeness(&c.columns, &c.weights, &c.directions, Norm::Vector);
    let min_max = closeness(&c.columns, &c.weights, &c.directions, Norm::MinMax);
    assert_close(&vector, &numbers(&expected["closeness_vector_norm"]), 1e-11);
    assert_close(&min_max, &numbers(&expected["closeness_minmax_norm"]), 1e-11);
    assert_eq!(ranks(&vector), places(&expected["rank_vector_norm"]));
    assert_eq!(ranks(&min_max), places(&expected["rank_minmax_norm"]));
    let tau = kendall_tau(&vector, &min_max);
    assert!((tau - number(&expected["kendall_between_norms"])).abs() < 1e-11);
}

#[test]
fn vikor_equals_the_oracle_and_its_compromise_set() {
    let c = case("vikor_wsm");
    let expected = &c.data["expected"];
    let result = vikor(&c.columns, &c.weights, &c.directions, number(&c.data["v"]));
    assert_close(&result.utility, &numbers(&expected["S"]), 1e-11);
    assert_close(&result.regret, &numbers(&expected["R"]), 1e-11);
    assert_close(&result.compromise, &numbers(&expected["Q"]), 1e-11);
    assert_eq!(result.acceptable_advantage, expected["C1"].as_bool().unwrap());
    assert_eq!(result.acceptable_stability, expected["C2"].as_bool().unwrap());
    let names: Vec<&Value> = result.compromise_set.iter().map(|i| &c.data["sites"][*i]).collect();
    assert_eq!(names, expected["compromise_set"].as_array().unwrap().iter().collect::<Vec<_>>());
    let constant = vikor(&[vec![2.0; 3]], &[1.0], &[Direction::Gain], 0.5);
    assert_eq!(constant.utility, [0.0; 3]);
}

#[test]
fn additive_values_on_min_max_equal_the_oracle() {
    use varp_engine::rank::value::{Scale, ValueFunction};
    let c = case("vikor_wsm");
    let mut sums = vec![0.0; c.columns[0].len()];
    for ((column, weight), direction) in c.columns.iter().zip(&c.weights).zip(&c.directions) {
        let low = column.iter().copied().fold(f64::INFINITY, f64::min);
        let high = column.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let ends = match direction {
            Direction::Gain => (0.0, 1.0),
            Direction::Cost => (1.0, 0.0),
        };
        let points = vec![(low, ends.0), (high, ends.1)];
        let curve = ValueFunction { scale: Scale::Linear, points }.curve(*direction).unwrap();
        for (sum, x) in sums.iter_mut().zip(column) {
            *sum += weight * curve.value(*x);
        }
    }
    assert_close(&sums, &numbers(&c.data["expected"]["wsm"]), 1e-11);
    assert_eq!(ranks(&sums), places(&c.data["expected"]["wsm_rank"]));
}

#[test]
fn promethee_flows_equal_the_oracle_in_all_six_shapes() {
    let c = case("promethee");
    let (q, p, s) = (numbers(&c.data["q"]), numbers(&c.data["p"]), numbers(&c.data["s"]));
    let shape = |j: usize, name: &str| match name {
        "usual" => Preference::Usual,
        "ushape" => Preference::UShape { q: q[j] },
        "vshape" => Preference::VShape { p: p[j] },
        "level" => Preference::Level { q: q[j], p: p[j] },
        "linear" => Preference::Linear { q: q[j], p: p[j] },
        "gaussian" => Preference::Gaussian { s: s[j] },
        other => panic!("shape {other}"),
    };
    let names = c.data["functions"].as_array().unwrap();
    let shapes: Vec<Preference> =
        names.iter().enumerate().map(|(j, name)| shape(j, name.as_str().unwrap())).collect();
    let result = flows(&c.columns, &c.weights, &c.directions, &shapes);
    let expected = &c.data["expected"];
    assert_close(&result.positive, &numbers(&expected["phi_plus"]), 1e-11);
    assert_close(&result.negative, &numbers(&expected["phi_minus"]), 1e-11);
    assert_close(&result.net(), &numbers(&expected["phi"]), 1e-11);
    assert_eq!(ranks(&result.net()), places(&expected["rank"]));
    let linear: Vec<Preference> = (0..shapes.len()).map(|j| shape(j, "linear")).collect();
    let all_linear = flows(&c.columns, &c.weights, &c.directions, &linear).net();
    assert_close(&all_linear, &numbers(&expected["phi_all_linear"]), 1e-11);
    assert_eq!(result.relation(8, 0), Relation::Preferred);
    assert_eq!(result.relation(0, 8), Relation::Outranked);
    assert_eq!(result.relation(0, 1), Relation::Incomparable);
    assert_eq!(result.relation(3, 3), Relation::Indifferent);
}

#[test]
fn electre_credibilities_and_both_class_rules_equal_the_oracle() {
    let c = case("electre");
    let rows: Vec<Vec<f64>> = (0..c.columns[0].len())
        .map(|i| {
            let turn = |d: &Direction| if *d == Direction::Gain { 1.0 } else { -1.0 };
            c.columns.iter().zip(&c.directions).map(|(col, d)| turn(d) * col[i]).collect()
        })
        .collect();
    let (q, p, v) = (numbers(&c.data["q"]), numbers(&c.data["p"]), numbers(&c.data["v"]));
    let thresholds: Vec<Thresholds> = (0..q.len())
        .map(|j| Thresholds { indifference: q[j], preference: p[j], veto: Some(v[j]) })
        .collect();
    let expected = &c.data["expected"];
    let all = |f: &dyn Fn(&[f64], &[f64]) -> f64| -> Vec<f64> {
        rows.iter().flat_map(|a| rows.iter().map(move |b| f(a, b))).collect()
    };
    let found = all(&|a, b| concordance(a, b, &c.weights, &thresholds));
    assert_close(&found, &table(&expected["concordance"]).concat(), 1e-11);
    let found = all(&|a, b| credibility(a, b, &c.weights, &thresholds));
    assert_close(&found, &table(&expected["credibility"]).concat(), 1e-11);
    let matrix: Vec<Vec<f64>> = found.chunks(rows.len()).map(<[f64]>::to_vec).collect();
    for (from, key) in [(From::Best, "rank_descending"), (From::Worst, "rank_ascending")] {
        assert_eq!(distilled_ranks(&matrix, from), places(&expected[key]), "{key}");
    }
    let tri = &expected["tri"];
    let profiles = table(&tri["profiles_gain_scale"]);
    let classes: Vec<_> = rows
        .iter()
        .map(|row| assign(row, &profiles, &c.weights, &thresholds, number(&tri["lam"])))
        .collect();
    let pessimistic: Vec<usize> = classes.iter().map(|a| a.pessimistic).collect();
    let optimistic: Vec<usize> = classes.iter().map(|a| a.optimistic).collect();
    assert_eq!(pessimistic, places(&tri["pessimistic_class0worst"]));
    assert_eq!(optimistic, places(&tri["optimistic_class0worst"]));
}
