use std::collections::BTreeMap;

use super::{assert_close, number, numbers, oracle};
use varp_engine::economics::cash_flow::{
    internal_rate_of_return, level_flows, net_present_value, scaled_cost,
};
use varp_engine::economics::deck::Deck;
use varp_engine::economics::monte_carlo::{SimulationError, simulate};
use varp_engine::economics::screening::{ScreeningError, screen};
use varp_engine::economics::smelter::{
    Product, Terms, break_even_grade, net_smelter_return, net_value, remediation_credit,
};
use varp_engine::profile::{Figure, Knowledge, PlaceOf, ProductWorth, Profile, Size};
use varp_engine::rank::table::Cell;
use varp_engine::rank::table::Evidence;

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
    let price = Cell::Lognormal { mean: n("price_mean"), variation: n("price_cv") };
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
    let normal = Cell::Normal { mean: 0.0, deviation: 1.0 };
    let inputs = [("Cu".to_string(), normal.clone()), ("Zn".to_string(), normal)];
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

/// A profile of certain numbers.
fn certain(mass_t: f64, area_m2: f64, grade: f64, recovery: f64) -> Profile {
    let figure = |value: f64| Figure::new(value, 0.0, Evidence::Measured, "certain");
    Profile {
        id: "b".into(),
        name: "Pond".into(),
        site: "Mine".into(),
        kind: "tailings".into(),
        country: "SE".into(),
        commodities: Vec::new(),
        list_of_waste: None,
        place: None,
        place_of: PlaceOf::Site,
        size: Size {
            mass_t: Some(figure(mass_t)),
            volume_m3: None,
            area_m2: Some(figure(area_m2)),
            thickness_m: figure(10.0),
            density: figure(1.6),
        },
        grades: BTreeMap::new(),
        products: vec![ProductWorth {
            element: "Cu".into(),
            product: "copper concentrate".into(),
            grade: figure(grade),
            recovery: figure(recovery),
            gross: figure(1.0),
            net: figure(1.0),
        }],
        value_meur: None,
        smelter_return: None,
        hole_variation: figure(0.4),
        neutralisation_ratio: None,
        estimate: None,
    }
}

/// The shipped knowledge with one price and with each default at its most likely value.
fn settled(price: f64) -> Knowledge {
    let deck = format!(
        "element,price_eur_per_t,variation,date,source,licence,status\n\
         Cu,{price},0,2026-11-28,a test,CC0,verified\nXx,1,0,2026-11-28,a test,CC0,verified\n"
    );
    let (mut known, unused) = Knowledge::embedded().with_prices(&Deck::parse(&deck, None).unwrap());
    assert_eq!(unused, ["Xx"]);
    for row in &mut known.defaults {
        (row.low, row.high) = (row.mode, row.mode);
    }
    known
}

#[test]
fn the_screening_of_certain_numbers_is_the_annuity_by_hand() {
    // a plant of the size whose capital the defaults state: 0.65 Mt a year for ten years
    let profile = certain(6.5e6, 1e5, 0.004, 0.5);
    let known = settled(20_000.0);
    let mode = |group: &str, item: &str| {
        known.defaults.iter().find(|d| d.group == group && d.item == item).unwrap().mode
    };
    let found = screen(&profile, &known, 100, 1).unwrap();
    let rate: f64 = mode("discount rate", "real") / 100.0;
    let annuity = (1.0 - (1.0 + rate).powi(-10)) / rate;
    let row = &known.products["Cu"];
    let returned = 0.004 * 0.5 * 20_000.0 * row.payable * (1.0 - row.charge_share);
    let credit = 10.0
        * mode("remediation", "dry cover")
        * mode("remediation", "share avoided")
        * mode("remediation", "chance that it would be paid")
        / 6.5e6;
    let net = returned - mode("operating", "small Nordic plant, all in") + credit;
    let npv = 0.65e6 * net * annuity - mode("capital", "plant");
    assert_close(&[found.npv.low, found.npv.best, found.npv.mean], &[npv; 3], 1e-9);
    assert_eq!((found.npv.chance_positive, found.npv.expected_loss), (1.0, 0.0));
    let even = found.products[0].break_even_eur_per_t.unwrap();
    let at_even = screen(&profile, &settled(even), 10, 1).unwrap();
    assert!(at_even.npv.best.abs() < 1e-3, "{}", at_even.npv.best);
    assert!(found.priors.iter().any(|p| p.starts_with("capital")));
    assert!(!found.priors.iter().any(|p| p.contains("grade")));
}

#[test]
fn a_body_without_mass_or_products_has_no_screening() {
    let known = settled(8_000.0);
    let mut profile = certain(1e6, 1e4, 0.001, 0.5);
    profile.products.clear();
    assert_eq!(screen(&profile, &known, 10, 1), Err(ScreeningError::NoProduct));
    profile.size.mass_t = None;
    assert_eq!(screen(&profile, &known, 10, 1), Err(ScreeningError::NoMass));
}
