//! Experimental variograms against R gstat 2.1-0 and GSLIB gamv.

use crate::kriging::{log_zinc, places};
use crate::table::{Table, close};
use varp_geostat::variogram::{
    Direction, Estimator, Lags, Plan, Variogram, cross_variogram, indicator, variogram,
    variogram_map,
};

/// Rows of gstat's table against our directions in turn; classes without pairs are not printed.
fn equals(got: &[Variogram], table: &Table, pairs_of_one: f64) {
    let (pairs, distance, gamma) =
        (table.column("np"), table.column("dist"), table.column("gamma"));
    let mut row = 0;
    for v in got {
        for c in (0..v.pairs.len()).filter(|c| v.pairs[*c] > 0) {
            assert_eq!(
                v.pairs[c] as f64 * pairs_of_one,
                pairs[row],
                "class {c} of {:?}",
                v.direction
            );
            close(v.distance[c], distance[row], 1e-12);
            assert!(
                (v.gamma[c] - gamma[row]).abs() <= 1e-12 * gamma[row].abs().max(1.0),
                "class {c}"
            );
            row += 1;
        }
    }
    assert_eq!(row, pairs.len());
}

#[test]
fn meuse_equals_gstat_in_all_and_in_four_directions() {
    let (data, values, _) = log_zinc();
    let mut plan = Plan::omnidirectional(Lags::from_extent(&data));
    equals(
        &variogram(&data, &values, &plan).unwrap(),
        &Table::read("meuse_lzn_variogram.csv"),
        1.0,
    );
    plan.estimator = Estimator::CressieHawkins;
    let table = Table::read("meuse_lzn_variogram_cressie.csv");
    equals(&variogram(&data, &values, &plan).unwrap(), &table, 1.0);
    plan.estimator = Estimator::Matheron;
    plan.directions = [0.0, 45.0, 90.0, 135.0].map(|a| Direction::horizontal(a, 22.5)).to_vec();
    let table = Table::read("meuse_lzn_variogram_dir.csv");
    equals(&variogram(&data, &values, &plan).unwrap(), &table, 1.0);
}

#[test]
fn residuals_indicators_and_crosses_of_meuse_equal_gstat() {
    let (data, values, meuse) = log_zinc();
    let plan = Plan::omnidirectional(Lags::from_extent(&data));
    let below = indicator(&meuse.column("zinc"), 499.999);
    let table = Table::read("meuse_I500_variogram.csv");
    equals(&variogram(&data, &below, &plan).unwrap(), &table, 1.0);

    let root: Vec<f64> = meuse.column("dist").iter().map(|d| d.sqrt()).collect();
    let n = values.len() as f64;
    let (mx, my) = (root.iter().sum::<f64>() / n, values.iter().sum::<f64>() / n);
    let cross: f64 = root.iter().zip(&values).map(|(x, y)| (x - mx) * (y - my)).sum();
    let slope = cross / root.iter().map(|x| (x - mx).powi(2)).sum::<f64>();
    let residuals: Vec<f64> =
        root.iter().zip(&values).map(|(x, y)| y - my - slope * (x - mx)).collect();
    let table = Table::read("meuse_lzn_variogram_resid_sqrtdist.csv");
    equals(&variogram(&data, &residuals, &plan).unwrap(), &table, 1.0);

    // gstat counts each pair of a cross-variogram twice.
    let cadmium: Vec<f64> = meuse.column("cadmium").iter().map(|c| libm::log(*c)).collect();
    let table = Table::read_where("meuse_lmc_crossvariograms.csv", "id", "lcd.lzn");
    equals(&cross_variogram(&data, &cadmium, &values, &plan).unwrap(), &table, 2.0);
}

#[test]
fn jura_and_walker_lake_equal_gstat() {
    let table = Table::read("jura_prediction.csv");
    let data = places(&table, "Xloc", "Yloc");
    let plan = Plan::omnidirectional(Lags::Regular { width: 0.1, count: 15 });
    for metal in ["Cd", "Co", "Ni", "Zn"] {
        let got = variogram(&data, &table.column(metal), &plan).unwrap();
        equals(&got, &Table::read(&format!("jura_{metal}_variogram.csv")), 1.0);
    }
    let table = Table::read("walker_sample.csv");
    let (data, values) = (places(&table, "X", "Y"), table.column("V"));
    let mut plan = Plan::omnidirectional(Lags::Regular { width: 10.0, count: 10 });
    equals(&variogram(&data, &values, &plan).unwrap(), &Table::read("walker_V_variogram.csv"), 1.0);
    plan.directions = [166.0, 76.0].map(|a| Direction::horizontal(a, 30.0)).to_vec();
    let table = Table::read("walker_V_variogram_166_76.csv");
    equals(&variogram(&data, &values, &plan).unwrap(), &table, 1.0);
}

#[test]
fn gslib_gamv_agrees_class_by_class() {
    // gamv's classes overlap (5 ± 3) and count an omnidirectional pair twice.
    let table = Table::read("gslib_declus_weights_cluster.csv");
    let (data, values) = (places(&table, "Xlocation", "Ylocation"), table.column("Primary"));
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let sill = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n;
    let with_band =
        |azimuth| Direction { bandwidth: Some(25.0), ..Direction::horizontal(azimuth, 22.5) };
    let directions = [(Direction::any(), 2.0), (with_band(0.0), 1.0), (with_band(90.0), 1.0)];
    let mut compared = 0;
    for row in Table::read("gslib_gamv_cluster.csv").rows() {
        let (direction, pairs_of_one) = directions[row[0] as usize];
        let middle = 5.0 * (row[1] - 2.0);
        // Class 1 holds samples with themselves; the last class ends at 10.5 lags; closed edges are reached from just below.
        if row[1] < 3.0 {
            continue;
        }
        let lags = Lags::Edges(vec![middle - 3.0 - 1e-9, (middle + 3.0).min(52.5 - 1e-9)]);
        let plan = Plan { lags, directions: vec![direction], estimator: Estimator::Matheron };
        let got = &variogram(&data, &values, &plan).unwrap()[0];
        assert_eq!(got.pairs[0] as f64 * pairs_of_one, row[4], "{row:?}");
        assert!((got.distance[0] - row[2]).abs() < 6e-4);
        assert!((got.gamma[0] / sill - row[3]).abs() < 6e-4, "{row:?} {}", got.gamma[0] / sill);
        compared += 1;
    }
    assert!(compared > 25);
}

#[test]
fn robust_estimators_agree_with_matheron_on_gaussian_values_and_shrug_off_outliers() {
    let mut state = 7u64;
    let mut uniform = move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let data: Vec<[f64; 3]> =
        (0..2_000).map(|_| [100.0 * uniform(), 100.0 * uniform(), 0.0]).collect();
    let mut values: Vec<f64> =
        (0..2_000).map(|_| (0..12).map(|_| uniform()).sum::<f64>() - 6.0).collect();
    let lags = Lags::Regular { width: 10.0, count: 2 };
    let gamma = |values: &[f64], estimator| {
        let plan = Plan { estimator, ..Plan::omnidirectional(lags.clone()) };
        variogram(&data, values, &plan).unwrap()[0].gamma[1]
    };
    let robust = [Estimator::CressieHawkins, Estimator::Genton, Estimator::Dowd];
    for estimator in robust {
        assert!((gamma(&values, estimator) - 1.0).abs() < 0.07, "{estimator:?}");
    }
    assert!((gamma(&values, Estimator::Correlogram) - 1.0).abs() < 0.05);
    // Mean of |N(0, 2)| is 2/√π.
    assert!((gamma(&values, Estimator::Madogram) - 1.0 / std::f64::consts::PI.sqrt()).abs() < 0.03);
    (0..40).for_each(|i| values[i * 50] += 50.0);
    assert!(gamma(&values, Estimator::Matheron) > 20.0);
    for estimator in [Estimator::Genton, Estimator::Dowd] {
        assert!(gamma(&values, estimator) < 1.3, "{estimator:?}");
    }
}

#[test]
fn pairs_equal_brute_force_in_three_dimensions_and_for_any_thread_count() {
    let data: Vec<[f64; 3]> = (0..600)
        .map(|i| [f64::from(i * 37 % 101), f64::from(i * 53 % 97), f64::from(i * 11 % 29)])
        .collect();
    let values: Vec<f64> = (0..600).map(|i| f64::from(i * i % 83)).collect();
    let directions = vec![
        Direction { azimuth: 30.0, dip: 20.0, tolerance: 40.0, bandwidth: Some(12.0) },
        Direction { azimuth: 60.0, dip: 10.0, tolerance: 40.0, bandwidth: None },
    ];
    let plan = Plan {
        lags: Lags::Regular { width: 4.0, count: 8 },
        directions,
        estimator: Estimator::Matheron,
    };
    let got = variogram(&data, &values, &plan).unwrap();
    for v in &got {
        let axis = v.direction.axis();
        let mut pairs = vec![0u64; 8];
        for i in 0..600 {
            for j in 0..i {
                let lag = [0, 1, 2].map(|d| data[i][d] - data[j][d]);
                let squared: f64 = lag.iter().map(|x| x * x).sum();
                let (h, along) = (squared.sqrt(), (0..3).map(|d| lag[d] * axis[d]).sum::<f64>());
                let near = squared - along * along <= v.direction.bandwidth.unwrap_or(1e9).powi(2);
                if h > 0.0 && h <= 32.0 && near && along.abs() >= h * 40f64.to_radians().cos() {
                    pairs[(h / 4.0).ceil() as usize - 1] += 1;
                }
            }
        }
        assert_eq!(v.pairs, pairs);
    }
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let four = rayon::ThreadPoolBuilder::new().num_threads(4).build().unwrap();
    // As text: classes without pairs hold NaN.
    let text = |pool: rayon::ThreadPool| {
        pool.install(|| format!("{:?}", variogram(&data, &values, &plan).unwrap()))
    };
    assert_eq!(text(one), text(four));
}

#[test]
fn a_map_is_symmetric_and_holds_every_pair_twice() {
    let (data, values, _) = log_zinc();
    let map = variogram_map(&data, &values, 100.0, 60).unwrap();
    let n = map.pairs.len();
    assert!((0..n).all(|c| map.pairs[c] == map.pairs[n - 1 - c]));
    assert_eq!(map.pairs.iter().sum::<u64>(), 155 * 154);
}

#[test]
fn bad_input_is_named() {
    let data = [[0.0; 3], [1.0, 0.0, 0.0]];
    let plan = Plan::omnidirectional(Lags::Regular { width: 1.0, count: 3 });
    let message = |data: &[[f64; 3]], values: &[f64], plan: &Plan| {
        variogram(data, values, plan).unwrap_err().to_string()
    };
    assert!(message(&data[..1], &[1.0], &plan).contains("1 samples"));
    assert!(message(&data, &[1.0], &plan).contains("has 1 numbers"));
    assert!(message(&data, &[1.0, f64::NAN], &plan).contains("row 1"));
    let zero = Plan::omnidirectional(Lags::Regular { width: 0.0, count: 3 });
    assert!(message(&data, &[1.0, 2.0], &zero).contains("class 0"));
}
