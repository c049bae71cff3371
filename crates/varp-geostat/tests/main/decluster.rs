//! Cell declustering of cluster.dat against GSLIB.

use crate::table::Table;
use varp_geostat::decluster::{CellPlan, Extreme, cell, polygonal};

fn cluster() -> (Vec<[f64; 3]>, Vec<f64>, Vec<f64>) {
    let table = Table::read("gslib_declus_weights_cluster.csv");
    let (x, y) = (table.column("Xlocation"), table.column("Ylocation"));
    let points = x.iter().zip(&y).map(|(x, y)| [*x, *y, 0.0]).collect();
    (points, table.column("Primary"), table.column("Declustering_Weight"))
}

#[test]
fn cell_declustering_equals_gslib_declus() {
    let (points, values, weights) = cluster();
    let sizes = (1..=25).map(f64::from).collect();
    let plan = CellPlan { sizes, proportions: [1.0; 2], origins: 5, take: Extreme::SmallestMean };
    let declustered = cell(&points, &values, &plan).unwrap();
    assert_eq!(declustered.size, 5.0);
    let curve = Table::read("gslib_declus_summary_cluster.csv");
    for (row, (size, mean)) in curve.rows()[1..].iter().zip(&declustered.curve) {
        assert_eq!(row[0], *size);
        assert!((row[1] - mean).abs() <= 5.1e-4, "cell {size}: {mean} is not {}", row[1]);
    }
    for (got, want) in declustered.weights.iter().zip(weights) {
        assert!((got - want).abs() < 5e-5, "{got} is not {want}");
    }
}

#[test]
fn polygons_bring_the_mean_of_cluster_dat_near_the_truth() {
    let (points, values, _) = cluster();
    let places: Vec<[f64; 2]> = points.iter().map(|p| [p[0], p[1]]).collect();
    let square = [[0.0, 0.0], [50.0, 0.0], [50.0, 50.0], [0.0, 50.0]];
    let declustered = polygonal(&places, &square).unwrap();
    assert!((declustered.areas.iter().sum::<f64>() - 2500.0).abs() < 1e-9);
    let mean = values.iter().zip(&declustered.weights).map(|(v, w)| v * w).sum::<f64>() / 140.0;
    // naive 4.3504, exhaustive 2.5802
    assert!((mean - 2.5802).abs() < 0.3, "{mean}");
    for (area, count) in declustered.areas.iter().zip(nearest_counts(&places)) {
        assert!((area - count).abs() < 0.15 + 0.02 * area, "{area} is not {count}");
    }
}

/// Area nearest to each place, by counting the nodes of a 500 × 500 grid.
fn nearest_counts(places: &[[f64; 2]]) -> Vec<f64> {
    let mut counts = vec![0.0; places.len()];
    for node in 0..250_000 {
        let (x, y) = (0.05 + 0.1 * f64::from(node % 500), 0.05 + 0.1 * f64::from(node / 500));
        let square = |p: &[f64; 2]| (p[0] - x).powi(2) + (p[1] - y).powi(2);
        let nearest = (0..places.len())
            .min_by(|&a, &b| square(&places[a]).total_cmp(&square(&places[b])))
            .unwrap();
        counts[nearest] += 0.01;
    }
    counts
}
