use super::{assert_close, number, oracle};
use std::collections::BTreeMap;
use varp_engine::circularity::avoided::{
    Burdens, DEFAULT, Recovered, avoided, electricity_t, parse_factors,
};
use varp_engine::circularity::balance::{BalanceError, Fate, Flow, Scenario};
use varp_engine::circularity::indicator::Masses;
use varp_engine::economics::criticality::{EU_2023, parse_assessments, value_criticality};
use varp_engine::rank::criteria::Status;

#[test]
fn circularity_indicators_equal_the_oracle() {
    for case in oracle("circularity")["mci"].as_array().unwrap() {
        let n = |key: &str| number(&case[key]);
        let masses = Masses {
            virgin: n("V"),
            waste: n("W"),
            product: n("M"),
            feedstock_waste: n("Wf"),
            recycling_waste: n("Wc"),
        };
        assert_close(
            &[masses.linear_flow(), masses.circularity(n("X"))],
            &[n("LFI"), n("MCI")],
            1e-11,
        );
    }
}

#[test]
fn avoided_emissions_equal_the_oracle_with_the_shipped_factors() {
    let data = &oracle("circularity")["avoided"];
    let factors = parse_factors(DEFAULT).unwrap();
    let recovered: Vec<Recovered> = data["recovered_kg"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(element, kg)| Recovered {
            element: element.clone(),
            mass_kg: number(kg),
            displaced: 1.0,
            value: 1.0,
        })
        .collect();
    let process_t = electricity_t(
        number(&data["feed_t"]),
        number(&data["process_kWh_per_t"]),
        number(&data["grid_kgCO2_per_kWh"]),
    );
    let result = avoided(&recovered, &factors, &Burdens { process_t, ..Burdens::default() });
    let expected = ["avoided_tCO2", "net_tCO2"].map(|key| number(&data[key]));
    assert_close(&[result.avoided_t, result.net_t], &expected, 1e-11);
    assert_eq!((result.coverage_by_mass, result.without_factor.len()), (1.0, 0));
    assert_eq!(result.unverified.len(), 4, "the shipped rows were not checked");
}

#[test]
fn a_metal_without_a_factor_is_a_gap_and_not_a_zero() {
    let factors = parse_factors(DEFAULT).unwrap();
    let metal = |element: &str, value: f64| Recovered {
        element: element.into(),
        mass_kg: 1000.0,
        displaced: 0.5,
        value,
    };
    let result = avoided(&[metal("Cu", 9.0), metal("P", 1.0)], &factors, &Burdens::default());
    assert_eq!(result.without_factor, ["P"]);
    assert_eq!((result.coverage_by_mass, result.coverage_by_value), (0.5, 0.9));
    assert!((result.avoided_t - 1.4).abs() < 1e-12, "half the chain of one tonne of copper");
}

fn flow(name: &str, fate: Fate, mass_t: f64) -> Flow {
    Flow { name: name.into(), fate, mass_t, waste_code: None, neutralisation: None }
}

fn scenario() -> Scenario {
    let data = &oracle("circularity")["avoided"];
    let feed_t = number(&data["feed_t"]);
    let residue = number(&data["residual_fraction"]) * feed_t;
    Scenario {
        name: "flotation".into(),
        feed_t,
        added_t: 0.0,
        flows: vec![
            flow("metals", Fate::Product, feed_t - residue),
            flow("tailings", Fate::ResidueDisposed, residue),
        ],
    }
}

#[test]
fn a_scenario_that_leaves_the_waste_says_so_first() {
    let balance = scenario().balance().unwrap();
    assert!(balance.headline.starts_with("99.3 % of the mass stays as residue"));
    let sum =
        balance.product_share + balance.used_share + balance.disposed_share + balance.loss_share;
    assert!((sum - 1.0).abs() < 1e-9);
    assert!((balance.removed_share - 0.006_685_33).abs() < 1e-11);
}

#[test]
fn a_balance_that_does_not_close_is_refused() {
    let mut open = scenario();
    open.flows[0].mass_t += 0.1;
    assert!(matches!(open.balance(), Err(BalanceError::Open { .. })));
    open.flows[0].mass_t -= 0.1 - 1e-4;
    open.balance().unwrap();
    open.flows[0].mass_t = f64::NAN;
    assert!(matches!(open.balance(), Err(BalanceError::Mass { .. })));
}

#[test]
fn every_node_of_the_sankey_diagram_passes_on_what_it_takes() {
    let mut scenario = scenario();
    scenario.flows[1].mass_t -= 400_000.0;
    scenario.flows.push(flow("backfill", Fate::ResidueUsed, 430_000.0));
    scenario.added_t = 30_000.0;
    let balance = scenario.balance().unwrap();
    assert!(balance.headline.contains("41.7 % is used"), "{}", balance.headline);
    let mut net: BTreeMap<&str, f64> = BTreeMap::new();
    for link in &balance.links {
        *net.entry(&link.from).or_default() -= link.mass_t;
        *net.entry(&link.to).or_default() += link.mass_t;
    }
    for node in ["feed", "products", "residue used", "residue placed"] {
        assert!(net[node].abs() < 1e-6, "{node}: {}", net[node]);
    }
    assert!((net["backfill"] - 430_000.0).abs() < 1e-9);
}

#[test]
fn criticality_follows_the_shares_of_value_and_tells_its_coverage() {
    let assessments = parse_assessments(EU_2023).unwrap();
    assert_eq!(assessments.len(), 34);
    let values = [("Cobalt", 30.0), ("Copper", 60.0), ("Zinc", 10.0)]
        .map(|(m, v)| (m.to_string(), v))
        .into();
    let result = value_criticality(&values, &assessments);
    assert!((result.index - (0.3 * 2.8 * 6.8 + 0.6 * 0.1 * 4.0)).abs() < 1e-12);
    assert!((result.coverage - 0.9).abs() < 1e-12);
    assert_eq!(result.unverified, ["Cobalt", "Copper"]);
}

/// Rows of a table among the oracles: name, two numbers, and what else stands in the line.
fn noted(text: &str) -> Vec<(&str, [f64; 2], Option<&str>)> {
    let lines = text.lines().filter(|line| !line.starts_with('#')).skip(1);
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            (cells[0], [1, 2].map(|k| cells[k].parse().unwrap()), cells.get(3).copied())
        })
        .collect()
}

#[test]
fn shipped_factors_are_those_noted_from_the_source_and_say_how_they_were_read() {
    let shipped = parse_factors(DEFAULT).unwrap();
    let noted = noted(include_str!("../oracle/decision/lca_factors.csv"));
    assert_eq!(shipped.len(), noted.len());
    for (element, numbers, flag) in noted {
        let factor = &shipped[element];
        assert_eq!([factor.gwp_kg_per_kg, factor.energy_mj_per_kg], numbers, "{element}");
        let read = match flag {
            Some("S") => "read in a second-hand transcription",
            Some("M") => "recalled",
            other => panic!("{element}: flag {other:?}"),
        };
        assert!(factor.source.starts_with("Nuss & Eckelman 2014 Table S38"), "{element}");
        assert!(factor.source.ends_with(read), "{element}: {}", factor.source);
        assert_eq!(
            factor.status,
            Status::Unverified,
            "{element}: nobody compared it with the table"
        );
    }
}

#[test]
fn shipped_criticality_is_that_noted_and_stays_unverified() {
    let shipped = parse_assessments(EU_2023).unwrap();
    let noted = noted(include_str!("../oracle/decision/eu2023_sr_ei_UNVERIFIED.csv"));
    assert_eq!(shipped.len(), noted.len());
    for (material, numbers, _) in noted {
        let row = &shipped[material];
        assert_eq!([row.supply_risk, row.economic_importance], numbers, "{material}");
        assert!(row.source.ends_with("recalled"), "{material}");
        assert_eq!(row.status, Status::Unverified, "{material}");
    }
}
