use super::{assert_close, number, numbers, oracle, table};
use proptest::prelude::*;
use varp_engine::pilot::clhs::Covariates;
use varp_engine::pilot::coverage::{coverage, mean_squared_distance};
use varp_engine::pilot::gy::Material;
use varp_engine::pilot::information::Decision;
use varp_engine::pilot::polygon::{Point, cells};
use varp_engine::pilot::sample_size::{
    for_mean, for_mean_normal, for_threshold, for_tolerance, hit_probability, neyman_shares,
    stratified_variances,
};
use varp_engine::pilot::spatial::{Area, Structure, Undetermined, Variogram, relative_half_width};
use varp_engine::pilot::swaps::{Target, improve};

const POND: [Point; 4] = [(0.0, 0.0), (400.0, 0.0), (400.0, 250.0), (0.0, 250.0)];
const VARIOGRAM: Variogram =
    Variogram { structure: Structure::Spherical, nugget: 0.1, range: 120.0 };

#[test]
fn counts_for_a_mean_equal_the_oracle() {
    for row in oracle("sample_size")["mean_relative_ci"].as_array().unwrap() {
        let [cv, e, c] = ["cv", "rel_halfwidth", "conf"].map(|k| number(&row[k]));
        assert_eq!(for_mean(cv, e, c).unwrap() as f64, number(&row["n_t"]), "{row}");
        assert_eq!(for_mean_normal(cv, e, c).unwrap() as f64, number(&row["n_z"]), "{row}");
    }
    assert!(for_mean(0.4, 0.0, 0.9).is_err() && for_mean(f64::NAN, 0.1, 0.9).is_err());
    assert!(for_mean(100.0, 1e-4, 0.9).is_err());
}

#[test]
fn counts_for_thresholds_strata_and_tails_equal_the_oracle() {
    let data = oracle("sample_size");
    for row in data["one_sample_t_vs_threshold"].as_array().unwrap() {
        let [s, d, a, b] = ["s", "delta", "alpha", "beta"].map(|k| number(&row[k]));
        assert_eq!(for_threshold(s, d, a, b).unwrap() as f64, number(&row["n"]));
    }
    let neyman = &data["neyman"];
    let (w, s) = (numbers(&neyman["W"]), numbers(&neyman["S"]));
    assert_close(&neyman_shares(&w, &s), &numbers(&neyman["share"]), 1e-11);
    let (best, proportional) = stratified_variances(&w, &s, 40);
    let expected = [number(&neyman["var_neyman"]), number(&neyman["var_proportional"])];
    assert_close(&[best, proportional], &expected, 1e-11);
    let tails: Vec<f64> = [(0.9, 0.9), (0.95, 0.95), (0.99, 0.95)]
        .iter()
        .map(|(p, c)| for_tolerance(*p, *c).unwrap() as f64)
        .collect();
    assert_eq!(tails, [22.0, 59.0, 299.0]);
    for row in data["hotspot_square_grid"].as_array().unwrap() {
        let p = hit_probability(number(&row["R_over_G"]));
        assert!((p - number(&row["p"])).abs() < 1e-11);
    }
}

fn grid(nx: usize, ny: usize) -> Vec<Point> {
    let at = |k: usize, n: usize, length: f64| (k as f64 + 0.5) * length / n as f64;
    (0..ny).flat_map(|j| (0..nx).map(move |i| (at(i, nx, 400.0), at(j, ny, 250.0)))).collect()
}

#[test]
fn estimation_variances_of_grids_equal_the_oracle() {
    let data = oracle("spatial_estimation_variance");
    let area = Area::new(cells(&POND, &[], 10.0), VARIOGRAM);
    assert!((area.within() - number(&data["gamma_VV"])).abs() < 1e-11);
    for row in data["designs"].as_array().unwrap() {
        let samples = grid(number(&row["nx"]) as usize, number(&row["ny"]) as usize);
        let kriging = area.kriging_variance(&samples).unwrap();
        let found = [
            area.extension_variance(&samples),
            kriging,
            relative_half_width(0.6, kriging, 0.9),
            relative_half_width(0.6, 1.0 / samples.len() as f64, 0.9),
        ];
        let expected = [
            "var_extension_equal_weights",
            "var_ok_block",
            "rel_halfwidth90_cv06",
            "rel_halfwidth90_iid",
        ]
        .map(|key| number(&row[key]));
        assert_close(&found, &expected, 1e-10);
    }
}

#[test]
fn a_further_sample_lowers_the_kriging_variance() {
    let area = Area::new(cells(&POND, &[], 25.0), VARIOGRAM);
    let mut samples = grid(3, 2);
    let (mean, map) =
        (area.kriging_variance(&samples).unwrap(), area.mean_point_variance(&samples).unwrap());
    samples.push((30.0, 20.0));
    assert!(area.kriging_variance(&samples).unwrap() < mean);
    assert!(area.mean_point_variance(&samples).unwrap() < map);
    samples.push((30.0, 20.0));
    assert_eq!(area.kriging_variance(&samples), Err(Undetermined));
    assert_eq!(area.kriging_variance(&[]), Err(Undetermined));
}

#[test]
fn coverage_lies_between_the_hexagon_and_the_square() {
    let square: [Point; 4] = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)];
    let data = oracle("spatial_coverage");
    let step = 0.025;
    let lattice = cells(&square, &[], step);
    for (n, bound) in data["unit_square_square_cells"].as_object().unwrap() {
        let n: usize = n.parse().unwrap();
        let places = coverage(&lattice, &[], n, 6, 1);
        assert_eq!(places.len(), n);
        // A cell spreads step²/6 around its centre; snapping moves a place by half a step at most.
        let found = mean_squared_distance(&lattice, &places) + step * step / 6.0;
        let snap = step * step / 2.0;
        assert!(found <= number(bound) * 1.02 + snap, "{n}: {found} above the squares");
        let hexagon = number(&data["hexagon_lower_bound_times_n"]) / n as f64;
        assert!(found >= hexagon, "{n}: {found} below the hexagons");
    }
}

#[test]
fn new_places_keep_away_from_old_ones_and_out_of_no_go_areas() {
    let no_go = vec![(0.0, 0.0), (120.0, 0.0), (120.0, 250.0), (0.0, 250.0)];
    let allowed = cells(&POND, std::slice::from_ref(&no_go), 10.0);
    let existing = [(300.0, 125.0)];
    let places = coverage(&allowed, &existing, 6, 10, 3);
    assert!(places.iter().all(|p| p.0 > 120.0));
    assert!(places.iter().all(|p| libm::hypot(p.0 - 300.0, p.1 - 125.0) > 40.0), "{places:?}");
    let area = Area::new(cells(&POND, &[], 25.0), VARIOGRAM);
    for target in [Target::Mean, Target::Map] {
        let better = improve(&area, &allowed, &existing, places.clone(), target, 60, 1).unwrap();
        assert!(better.after < better.before, "{target:?}");
        assert!(better.places.iter().all(|p| allowed.contains(p)));
        assert_eq!(better.places.len(), 6);
    }
}

#[test]
fn the_latin_hypercube_finds_the_enumerated_optimum() {
    let data = oracle("clhs_bruteforce");
    let rows = table(&data["X"]);
    let continuous = (0..3).map(|j| rows.iter().map(|r| r[j]).collect()).collect();
    let covariates = Covariates { continuous, classes: Vec::new() };
    let best: Vec<usize> = numbers(&data["best_set"]).iter().map(|i| *i as usize).collect();
    let expected = number(&data["best_objective"]);
    assert!((covariates.objective(&best) - expected).abs() < 1e-10);
    let found = covariates.choose(4, 4000, 1);
    assert_eq!(found.places, best);
    assert!((found.objective - expected).abs() < 1e-10);
}

#[test]
fn the_value_of_a_campaign_equals_the_oracle() {
    let data = oracle("evsi_normal");
    let n = |key: &str| number(&data[key]);
    let decision = Decision {
        prior_mean: n("prior_mean"),
        prior_deviation: n("prior_sd"),
        break_even: n("breakeven"),
        slope: n("slope"),
        hole_deviation: n("sample_sd"),
        fixed_cost: n("fixed_cost"),
        cost_per_hole: n("cost_per_hole"),
    };
    assert_close(&[decision.perfect_information()], &[n("EVPI")], 1e-10);
    let holes: Vec<usize> = numbers(&data["n"]).iter().map(|k| *k as usize).collect();
    let evsi: Vec<f64> = holes.iter().map(|k| decision.sample_information(*k)).collect();
    let engs: Vec<f64> = holes.iter().map(|k| decision.net_gain(*k)).collect();
    assert_close(&evsi, &numbers(&data["EVSI"]), 1e-10);
    assert_close(&engs, &numbers(&data["ENGS"]), 1e-10);
    let best = decision.best(200);
    assert_eq!(best.holes as f64, n("optimal_n"));
    assert_close(&[best.net_gain], &[n("max_ENGS")], 1e-10);
    let monte_carlo = n("monte_carlo_check_n12");
    assert!((decision.sample_information(12) / monte_carlo - 1.0).abs() < 0.003);
    let gains: Vec<f64> = (1..200).map(|k| decision.net_gain(k)).collect();
    let turns = gains.windows(3).filter(|g| g[1] > g[0] && g[1] > g[2]).count();
    assert_eq!(turns, 1, "one maximum");
}

#[test]
fn sampling_masses_equal_the_published_and_the_computed_ones() {
    let data = oracle("gy_fse");
    let inputs = &data["published"]["inputs"];
    let n = |key: &str| number(&inputs[key]);
    // ±2 % at 95 % over four stages of equal variance.
    let deviation = n("rel_err") / 1.959_963_984_540_054 / n("stages").sqrt();
    for stage in data["published"]["stages"].as_array().unwrap() {
        let material = Material {
            top_size_cm: number(&stage["d_cm"]),
            liberation_size_cm: n("lib_cm"),
            mineral_share: n("assay_Pb") / n("mineral_Pb"),
            mineral_density: n("rho_m"),
            gangue_density: n("rho_g"),
            shape: n("f"),
            size_range: n("g"),
            liberation_exponent: 0.5,
        };
        let mass = material.minimum_mass_g(deviation).unwrap();
        assert!((mass / number(&stage["mass_g_gy"]) - 1.0).abs() < 1e-10);
        // The last published mass has one digit.
        let tolerance = if mass < 1.0 { 0.04 } else { 1e-3 };
        let published = number(&stage["mass_g_published_safety2"]);
        assert!((mass * n("safety") / published - 1.0).abs() < tolerance, "{stage}");
    }
    for case in data["cases"].as_array().unwrap() {
        let c = |key: &str| number(&case[key]);
        let material = Material {
            top_size_cm: c("d_cm"),
            liberation_size_cm: c("dl_cm"),
            mineral_share: c("aL"),
            mineral_density: c("rho_m"),
            gangue_density: c("rho_g"),
            shape: c("f"),
            size_range: c("g"),
            liberation_exponent: 0.5,
        };
        let found = [
            material.relative_deviation(1000.0, f64::INFINITY).unwrap(),
            material.relative_deviation(30.0, f64::INFINITY).unwrap(),
            material.minimum_mass_g(0.05).unwrap(),
        ];
        let expected = [c("rel_sd_for_1kg"), c("rel_sd_for_30g"), c("mass_g_for_5pct")];
        assert_close(&found, &expected, 1e-10);
    }
    let nothing = Material { mineral_share: 0.0, ..SLAG };
    assert!(nothing.minimum_mass_g(0.05).is_err());
    assert_eq!(SLAG.relative_deviation(500.0, 500.0).unwrap(), 0.0, "the whole lot has no error");
}

const SLAG: Material = Material {
    top_size_cm: 2.0,
    liberation_size_cm: 0.002,
    mineral_share: 0.12,
    mineral_density: 3.6,
    gangue_density: 3.3,
    shape: 0.5,
    size_range: 0.25,
    liberation_exponent: 0.5,
};

proptest! {
    #[test]
    fn counts_fall_with_the_width_and_rise_with_the_variation(
        cv in 0.1_f64..2.0, e in 0.05_f64..0.5, more in 1.0_f64..2.0,
    ) {
        let n = for_mean(cv, e, 0.9).unwrap();
        prop_assert!(for_mean(cv * more, e, 0.9).unwrap() >= n);
        prop_assert!(for_mean(cv, e * more, 0.9).unwrap() <= n);
    }
}
