use super::{assert_close, number, numbers, oracle, table};
use std::collections::BTreeMap;
use varp_engine::rank::criteria::{Aim, CriteriaDocument, DEFAULT, Level, Situation};
use varp_engine::rank::elicit::ahp::{self, Consistency};
use varp_engine::rank::elicit::direct::{RankFormula, swara};
use varp_engine::rank::elicit::objective::{critic_weights, entropy_weights};
use varp_engine::rank::elicit::{Judgement, StakeholderDocument, bwm};
use varp_engine::rank::ranking::{RankingPlan, rank_with};
use varp_engine::rank::table::{Cell, Datum, Evidence, Row};
use varp_engine::rank::value::Direction;

#[test]
fn ahp_weights_and_consistency_equal_the_oracle() {
    for case in oracle("ahp")["cases"].as_array().unwrap() {
        let result = ahp::weights(&table(&case["A"])).unwrap();
        assert_close(&result.weights, &numbers(&case["weights_eigen"]), 1e-10);
        assert_close(&result.geometric_weights, &numbers(&case["weights_geomean"]), 1e-10);
        let Consistency::Ahp { lambda, index, ratio_saaty, ratio_alonso_lamata, geometric, .. } =
            result.consistency
        else {
            panic!("another method's consistency");
        };
        let found =
            [lambda, index, ratio_saaty.unwrap(), ratio_alonso_lamata.unwrap(), geometric.unwrap()];
        let expected = ["lambda_max", "CI", "CR_saaty", "CR_alonso_lamata", "GCI"]
            .map(|key| number(&case[key]));
        assert_close(&found, &expected, 1e-9);
    }
}

#[test]
fn an_inconsistent_matrix_is_called_so() {
    let verdicts: Vec<bool> = oracle("ahp")["cases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|case| match ahp::weights(&table(&case["A"])).unwrap().consistency {
            Consistency::Ahp { acceptable, .. } => acceptable,
            Consistency::BestWorst { .. } => panic!("another method's consistency"),
        })
        .collect();
    assert_eq!(verdicts, [true, true, false]);
    assert!(ahp::weights(&[vec![1.0, 3.0], vec![3.0, 1.0]]).is_err());
}

#[test]
fn ordinal_and_stepwise_weights_equal_the_oracle() {
    let expected = oracle("swara_roc_bwm");
    let steps = &numbers(&expected["swara"]["s"])[1..];
    assert_close(&swara(5, steps).unwrap(), &numbers(&expected["swara"]["w"]), 1e-11);
    for (formula, key) in [
        (RankFormula::Centroid, "roc5"),
        (RankFormula::Sum, "rank_sum5"),
        (RankFormula::Reciprocal, "rank_reciprocal5"),
    ] {
        assert_close(&formula.weights(5), &numbers(&expected[key]), 1e-11);
    }
}

#[test]
fn linear_best_worst_weights_equal_the_oracle() {
    let case = &oracle("swara_roc_bwm")["bwm_linear"];
    let (to_best, to_worst) = (numbers(&case["best_to_others"]), numbers(&case["others_to_worst"]));
    let result = bwm::weights(1, 4, &to_best, &to_worst).unwrap();
    assert_close(&result.weights, &numbers(&case["weights"]), 1e-9);
    assert!((result.xi - number(&case["xi"])).abs() < 1e-9);
    let named = |values: &[f64]| -> BTreeMap<String, f64> {
        ["a", "b", "c", "d", "e"].iter().map(|s| s.to_string()).zip(values.to_vec()).collect()
    };
    let judgement = Judgement::BestWorst {
        best: "b".into(),
        worst: "e".into(),
        best_to_others: named(&to_best),
        others_to_worst: named(&to_worst),
    };
    let by_name: Vec<f64> = judgement.weights().unwrap().weights.into_values().collect();
    assert_close(&by_name, &numbers(&case["weights"]), 1e-9);
}

#[test]
fn weights_from_the_table_equal_the_oracle_zero_cells_included() {
    let data = oracle("objective_weights");
    let mut matrix = table(&data["matrix"]);
    let expected = &data["expected"];
    let directions: Vec<Direction> = numbers(&data["direction"])
        .iter()
        .map(|d| if *d > 0.0 { Direction::Gain } else { Direction::Cost })
        .collect();
    assert_close(&entropy_weights(&matrix), &numbers(&expected["entropy_weights"]), 1e-11);
    let critic = critic_weights(&matrix, &directions);
    assert_close(&critic, &numbers(&expected["critic_weights"]), 1e-11);
    matrix[3][7] = 0.0;
    let zero = numbers(&expected["entropy_weights_with_one_zero"]);
    assert_close(&entropy_weights(&matrix), &zero, 1e-11);
}

#[test]
fn stakeholders_stay_apart_and_multiply_down() {
    let text = r#"
        [[stakeholders]]
        name = "survey"
        groups = { method = "rank-order", order = ["R", "T", "E"], formula = "sum" }
        [stakeholders.within.R]
        method = "swing"
        points = { R1 = 100, R2 = 50, C1x = 0 }
        [[stakeholders]]
        name = "village"
        groups = { method = "swara", order = ["E", "S"], steps = [1.0] }
        [stakeholders.within.S]
        method = "swing"
        points = { S1 = 100, S3 = 100 }
    "#;
    let mut document: StakeholderDocument = toml::from_str(text).unwrap();
    let situation = Situation { level: Level::L0, aim: Aim::Pilots, credit_in_npv: false };
    let criteria = CriteriaDocument::parse(DEFAULT).unwrap().active(&situation).unwrap();
    let error = document.stakeholders[0].resolve(&criteria).unwrap_err();
    assert!(error.to_string().contains("C1x"), "{error}");
    if let Some(Judgement::Swing { points }) = document.stakeholders[0].within.get_mut("R") {
        points.remove("C1x");
    }
    let sets: Vec<_> =
        document.stakeholders.iter().map(|s| s.resolve(&criteria).unwrap()).collect();
    let weight = |k: usize, id: &str| sets[k].weights[criteria.position(id).unwrap()];
    assert!((weight(0, "R1") - 0.5 * 2.0 / 3.0).abs() < 1e-12);
    assert!((weight(0, "R2") - 0.5 / 3.0).abs() < 1e-12);
    assert_eq!(weight(0, "S1"), 0.0);
    assert!((weight(1, "S1") - 1.0 / 6.0).abs() < 1e-12);
    assert!((weight(1, "E1") - 2.0 / 3.0 * 0.06 / 0.20).abs() < 1e-12);
    let first = |k: usize| {
        let criteria = sets[k].criteria(&criteria);
        let row = |id: &str, known: &str| Row {
            id: id.into(),
            attributes: BTreeMap::new(),
            data: criteria
                .criteria
                .iter()
                .map(|c| {
                    let points = &c.value.points;
                    let best = points.iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap().0;
                    let worst = points.iter().min_by(|a, b| a.1.total_cmp(&b.1)).unwrap().0;
                    let value = if c.group == known { best } else { worst };
                    let datum = Datum { cell: Cell::Exact { value }, evidence: Evidence::Measured };
                    (c.id.clone(), datum)
                })
                .collect(),
        };
        let plan = RankingPlan { draws: 50, ..RankingPlan::standard(situation, 1) };
        let rows = [row("rich", "R"), row("dangerous", "E")];
        let ranking = rank_with(&criteria, &rows, &[], &plan).unwrap();
        ranking.sites[ranking.order[0]].id.clone()
    };
    assert_eq!([first(0), first(1)], ["rich", "dangerous"]);
    for set in &sets {
        assert!((set.weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}
