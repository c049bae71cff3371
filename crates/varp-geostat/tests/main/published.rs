//! Numbers printed by authors: gstat's own regression output, block kriging by Gauss points,
//! GSLIB's cross-validation and anisotropic kriging, means of textbooks.

use crate::kriging::{kriging, log_zinc, places};
use crate::table::{Table, close};
use varp_geostat::krige::{Method, Samples, Search, Targets};
use varp_geostat::model::{Ellipsoid, Rotation};
use varp_geostat::progress::Progress;
use varp_geostat::search::Neighbourhood;
use varp_geostat::validate::leave_one_out;

/// Four Gauss points of (−½, ½) and their weights.
const GAUSS: [(f64, f64); 4] = [
    (-0.430_568_155_797_026_3, 0.173_927_422_568_726_93),
    (-0.169_990_521_792_428_13, 0.326_072_577_431_273_07),
    (0.169_990_521_792_428_13, 0.326_072_577_431_273_07),
    (0.430_568_155_797_026_3, 0.173_927_422_568_726_93),
];

/// Points of a square block in which each Gauss point stands 8 or 15 times: 8/15 is the ratio of
/// the weights to 7e-5, so that equal weights come near gstat's quadrature.
fn repeated(place: [f64; 3], edge: f64) -> Vec<[f64; 3]> {
    let line: Vec<f64> =
        GAUSS.iter().flat_map(|(x, w)| vec![x * edge; if *w > 0.25 { 15 } else { 8 }]).collect();
    let row = |y: &f64| line.iter().map(|x| [place[0] + x, place[1] + *y, 0.0]).collect::<Vec<_>>();
    line.iter().flat_map(row).collect()
}

#[test]
fn blocks_by_gauss_points_equal_gstats_default() {
    let (data, values, _) = log_zinc();
    let table = Table::read("meuse_kriging_every10.csv");
    let nodes: Vec<[f64; 3]> = places(&table, "x", "y").into_iter().step_by(40).collect();
    let fitted = kriging("0.05 nug + 0.59 sph(897)", Method::Ordinary, Search::Global)
        .fit(&Samples::new(&data, &values))
        .unwrap();
    // the mean of kriged points is the kriged mean: exact for the estimate
    let points: Vec<[f64; 3]> = nodes
        .iter()
        .flat_map(|p| GAUSS.iter().map(move |a| (p, a)))
        .flat_map(|(p, a)| GAUSS.iter().map(move |b| [p[0] + 40.0 * a.0, p[1] + 40.0 * b.0, 0.0]))
        .collect();
    let at_points = fitted.predict(&Targets::points(&points), &Progress::none()).unwrap();
    let areas: Vec<Vec<[f64; 3]>> = nodes.iter().map(|p| repeated(*p, 40.0)).collect();
    let blocks = fitted.predict(&Targets::areas(&areas), &Progress::none()).unwrap();
    for i in 0..nodes.len() {
        let estimate = (0..16)
            .map(|k| GAUSS[k / 4].1 * GAUSS[k % 4].1 * at_points.estimate[16 * i + k])
            .sum::<f64>();
        // gstat writes its Gauss points with nine digits
        close(estimate, table.column("block40")[40 * i], 1e-8);
        close(blocks.estimate[i], estimate, 1e-5);
        close(blocks.variance[i], table.column("block40_var")[40 * i], 1e-5);
    }
}

#[test]
fn block_kriging_of_zinc_gives_what_gstat_prints_in_its_own_tests() {
    // gstat/tests/blockkr.R: zinc, 2.42e4 nugget, 1.34e5 Sph 800, 40 nearest, block 40 x 40
    let meuse = Table::read("meuse.csv");
    let (data, values) = (places(&meuse, "x", "y"), meuse.column("zinc"));
    let search = Search::Moving(Neighbourhood::nearest(40));
    let fitted = kriging("24200 nug + 134000 sph(800)", Method::Ordinary, search)
        .fit(&Samples::new(&data, &values))
        .unwrap();
    let node = [[181_170.0, 333_250.0, 0.0]];
    let regular = Targets::points(&node).blocks([40.0, 40.0, 0.0], [4, 4, 1]);
    let found = fitted.predict(&regular, &Progress::none()).unwrap();
    assert!((found.estimate[0] - 268.7324).abs() < 5e-5, "{}", found.estimate[0]);
    assert!((found.variance[0] - 19_568.76).abs() < 5e-3, "{}", found.variance[0]);
    let gauss = [repeated(node[0], 40.0)];
    let found = fitted.predict(&Targets::areas(&gauss), &Progress::none()).unwrap();
    assert!((found.estimate[0] - 268.7576).abs() < 2e-4, "{}", found.estimate[0]);
    assert!((found.variance[0] - 19_447.67).abs() < 0.2, "{}", found.variance[0]);
}

fn cluster() -> (Vec<[f64; 3]>, Vec<f64>) {
    let table = Table::read("gslib_declus_weights_cluster.csv");
    (places(&table, "Xlocation", "Ylocation"), table.column("Primary"))
}

#[test]
fn gslib_cross_validation_agrees_to_its_printed_digits() {
    let (data, values) = cluster();
    let wanted = Table::read("gslib_kt3d_cluster_loo.csv");
    let rules = Neighbourhood { min_samples: 4, ..Neighbourhood::within(8, 20.0) };
    let fitted = kriging("0.2 nug + 0.8 sph(10)", Method::Ordinary, Search::Moving(rules))
        .fit(&Samples::new(&data, &values))
        .unwrap();
    let found = leave_one_out(&fitted, &Progress::none()).unwrap().estimates;
    let (estimate, variance) = (wanted.column("Estimate"), wanted.column("EstimationVariance"));
    let mut tied = 0;
    for i in 0..data.len() {
        // the eighth and the ninth neighbour may be equally near
        let mut near: Vec<f64> = (data.iter().enumerate().filter(|(j, _)| *j != i))
            .map(|(_, p)| (p[0] - data[i][0]).hypot(p[1] - data[i][1]))
            .collect();
        near.sort_by(f64::total_cmp);
        if near[8] - near[7] < 1e-9 {
            tied += 1;
            continue;
        }
        close(found.estimate[i], estimate[i], 5.1e-4);
        close(found.variance[i], variance[i], 5.1e-4);
    }
    assert!(tied < 100, "{tied} of 140 have tied neighbours");
}

#[test]
fn gslib_anisotropic_kriging_agrees_to_its_printed_digits() {
    let (data, values) = cluster();
    let wanted = Table::read("gslib_kt3d_cluster_every10.csv");
    let nodes = places(&wanted, "x", "y");
    let ellipsoid = Ellipsoid { radii: [25.0, 12.5, 12.5], rotation: Rotation::from_azimuth(45.0) };
    let rules =
        Neighbourhood { min_samples: 4, ellipsoid: Some(ellipsoid), ..Neighbourhood::nearest(12) };
    let text = "0.1 nug + 0.5 sph(12, 6; azimuth=45) + 0.4 exp(practical=30, 10; azimuth=45)";
    let fitted = kriging(text, Method::Ordinary, Search::Moving(rules))
        .fit(&Samples::new(&data, &values))
        .unwrap();
    let found = fitted.predict(&Targets::points(&nodes), &Progress::none()).unwrap();
    let (estimate, variance) = (wanted.column("ok_aniso"), wanted.column("ok_aniso_var"));
    let mut compared = 0;
    for i in 0..nodes.len() {
        let lag = |p: &[f64; 3]| [0, 1, 2].map(|d| p[d] - nodes[i][d]);
        let mut near: Vec<f64> = data.iter().map(|p| ellipsoid.distance(lag(p))).collect();
        near.sort_by(f64::total_cmp);
        if near[12] - near[11] < 1e-9 && near[11] <= 1.0 {
            continue;
        }
        if found.estimate[i].is_nan() {
            assert!(!(estimate[i] > -900.0), "node {i} has an estimate {}", estimate[i]);
            continue;
        }
        close(found.estimate[i], estimate[i], 5.1e-4);
        close(found.variance[i], variance[i], 5.1e-4);
        compared += 1;
    }
    assert!(compared > 150, "only {compared} nodes compared");
}

#[test]
fn means_of_the_textbooks() {
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let walker = Table::read("walker_sample.csv").column("V");
    assert_eq!(walker.len(), 470);
    assert!((mean(&walker) - 435.30).abs() < 5e-3);
    assert!((mean(&cluster().1) - 4.35).abs() < 5e-3);
}
