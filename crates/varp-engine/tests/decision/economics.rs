use super::{assert_close, number, numbers, oracle};
use varp_engine::economics::cash_flow::{
    internal_rate_of_return, level_flows, net_present_value, scaled_cost,
};
use varp_engine::economics::monte_carlo::{Input, SimulationError, simulate};
use varp_engine::economics::smelter::{
    Product, Terms, break_even_grade, net_smelter_return, net_value, remediation_credit,
};

#[test]
fn present_values_and_the_rate_of_return_equal_the_oracle() {
    let data = oracle("economics");
    let flows = numbers(&data["cash_flow"]);
    for (rate, expected) in data["npv"].as_object().unwrap() {
        let npv = net_present_value(rate.parse().unwrap(), &flows);
        assert_close(&[npv], &[number(expected)], 1e-10);
    }
    let rate = internal_rate_of_return(&flows).unwrap();
    assert!((rate - number(&data["irr"])).abs() < 1e-9);
    assert_eq!(internal_rate_of_return(&[5.0, 1.0]), None);
    assert_eq!(internal_rate_of_return(&[-1.0, 3.0, -2.1]), None, "two sign changes");
}

#[test]
fn capital_costs_scale_as_the_oracle_says() {
    let data = oracle("economics");
    let six = &data["six_tenths"];
    let found: Vec<f64> = numbers(&six["Q2"])
        .iter()
        .map(|q| scaled_cost(number(&six["C1"]), q / number(&six["Q1"]), 0.6, 1.0))
        .collect();
    assert_close(&found, &numbers(&six["C2"]), 1e-11);
    let index = &data["index_scaling"];
    let ratio = number(&index["i1"]) / number(&index["i0"]);
    let scaled = scaled_cost(number(&index["c"]), 1.0, 0.6, ratio);
    assert_close(&[scaled], &[number(&index["out"])], 1e-11);
}

#[test]
fn smelter_returns_and_the_break_even_grade_equal_the_oracle() {
    let data = oracle("economics");
    let products: Vec<Product> = data["nsr"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| Product {
            name: row["metal"].as_str().unwrap().into(),
            grade: number(&row["grade_frac"]),
            recovery: number(&row["recovery"]),
            payable: number(&row["payable"]),
            price: number(&row["price_EUR_t"]),
            charge: number(&row["charge_EUR_t"]),
        })
        .collect();
    for (product, row) in products.iter().zip(data["nsr"].as_array().unwrap()) {
        assert_close(&[product.return_per_tonne()], &[number(&row["nsr_EUR_per_t"])], 1e-11);
    }
    let terms = Terms {
        operating: number(&data["opex_EUR_per_t"]),
        credit: number(&data["remediation_credit_EUR_per_t"]),
        ..Terms::default()
    };
    let total = net_smelter_return(&products, &terms);
    assert_close(&[total], &[number(&data["nsr_total_EUR_per_t"])], 1e-11);
    let net = net_value(&products, &terms);
    assert_close(&[net], &[number(&data["net_value_EUR_per_t"])], 1e-11);
    let copper = &products[..1];
    let cutoff = break_even_grade(copper, 0, &terms).unwrap();
    assert_close(&[100.0 * cutoff], &[number(&data["cutoff_Cu_only_pct"])], 1e-11);
    let at = Product { grade: cutoff, ..copper[0].clone() };
    assert!(net_value(&[at], &terms).abs() < 1e-12);
    assert_eq!(break_even_grade(&products, 0, &terms), Some(0.0), "the others pay already");
    let worthless = Product { price: 100.0, ..copper[0].clone() };
    assert_eq!(break_even_grade(&[worthless], 0, &terms), None);
}

#[test]
fn a_credit_shrinks_with_what_stays_and_with_who_would_pay() {
    assert_eq!(remediation_credit(10.0, 150e3, 1.0, 1.0, 1e6), 1.5);
    assert_eq!(remediation_credit(10.0, 150e3, 0.2, 0.5, 1e6), 0.15);
}

#[test]
fn the_simulated_value_meets_its_closed_form() {
    let data = &oracle("economics")["mc_lognormal_price"];
    let n = |key: &str| number(&data[key]);
    let price = Input::Lognormal { mean: n("price_mean"), variation: n("price_cv") };
    let (a, b) = (n("a"), n("b"));
    let inputs = [("price".to_string(), price)];
    let summary = simulate(&inputs, &[], 10_000, 1, |x| a * x[0] - b).unwrap();
    // Stratified draws: quantiles and means far inside plain Monte Carlo error.
    let scale = n("sd_npv");
    for (found, expected) in [
        (summary.mean, n("E_npv")),
        (summary.low, n("p10")),
        (summary.best, n("p50")),
        (summary.high, n("p90")),
    ] {
        assert!((found - expected).abs() < 1e-3 * scale, "{found} is not {expected}");
    }
    assert!((summary.deviation / scale - 1.0).abs() < 5e-3);
    assert!((summary.chance_positive - n("P_npv_positive")).abs() < 2e-4);
    assert!((summary.tornado[0].rank_correlation - 1.0).abs() < 1e-12);
    assert!((summary.tornado[0].at_low - n("p10")).abs() < 1e-6 * scale);
}

#[test]
fn correlated_inputs_are_as_correlated_as_asked() {
    let normal = Input::Normal { mean: 0.0, deviation: 1.0 };
    let inputs = [("Cu".to_string(), normal), ("Zn".to_string(), normal)];
    let matrix = [vec![1.0, 0.6], vec![0.6, 1.0]];
    let variance = |m: &[Vec<f64>]| {
        simulate(&inputs, m, 20_000, 1, |x| x[0] + x[1]).unwrap().deviation.powi(2)
    };
    assert!((variance(&matrix) - 3.2).abs() < 0.06);
    assert!((variance(&[]) - 2.0).abs() < 0.04);
    let wrong = [vec![1.0, 1.2], vec![1.2, 1.0]];
    let error = simulate(&inputs, &wrong, 10, 1, |x| x[0]).unwrap_err();
    assert_eq!(error, SimulationError::Correlation);
}

#[test]
fn level_flows_treat_every_tonne_once() {
    let flows = level_flows(2.5e6, 1e6, 8.0, 20e6, 3e6);
    assert_eq!(flows, [-20e6, 8e6, 8e6, 4e6, -3e6]);
}
