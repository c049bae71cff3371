//! Hermite anamorphosis and change of support on Walker Lake V against gstlearn, SciPy and the
//! exhaustive truth.

use crate::table::{Table, close};
use varp_geostat::decluster::polygonal;
use varp_geostat::stats::distribution::{normal_probability, normal_quantile};
use varp_geostat::transform::Hermite;

fn psi() -> Vec<f64> {
    let path =
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/walker_hermite_psi20_gstlearn.csv");
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().skip(1).map(|line| line.parse().unwrap()).collect()
}

#[test]
fn two_equal_values_have_the_coefficients_of_the_closed_form() {
    // the sign function: psi 1 = −1/sqrt(2 pi), psi 3 = 1/sqrt(12 pi)
    let fitted = Hermite::fit(&[0.0, 1.0], &[1.0; 2], 4).unwrap();
    let tau = std::f64::consts::TAU;
    for (got, want) in
        fitted.coefficients().iter().zip([0.5, -1.0 / tau.sqrt(), 0.0, 1.0 / (6.0 * tau).sqrt()])
    {
        assert!((got - want).abs() < 1e-15, "{got} is not {want}");
    }
}

/// gstlearn gives every distribution two more values: 1e-5 of the range below the least one,
/// from half a score below the first step on, and as much above the greatest one. With them the
/// coefficients agree as far as gstlearn's normal quantile does (4e-7).
#[test]
fn coefficients_equal_gstlearn_when_its_two_extra_values_are_added() {
    let mut values = Table::read("walker_sample.csv").column("V");
    let n = values.len() as f64;
    values.sort_by(f64::total_cmp);
    let (least, greatest) = (values[0], values[values.len() - 1]);
    let count = |v: f64| values.iter().filter(|x| **x == v).count() as f64;
    let outside = |count: f64| normal_probability(normal_quantile(count / n) - 0.5);
    let (below, above) = (outside(count(least)), outside(count(greatest)));
    let mut weights: Vec<f64> = values
        .iter()
        .map(|v| match *v {
            v if v == least => 1.0 - below * n / count(least),
            v if v == greatest => 1.0 - above * n / count(greatest),
            _ => 1.0,
        })
        .collect();
    let step = 1e-5 * (greatest - least);
    values.extend([least - step, greatest + step]);
    weights.extend([below * n, above * n]);
    let fitted = Hermite::fit(&values, &weights, 20).unwrap();
    assert_eq!(fitted.coefficients().len(), psi().len());
    let scale = psi()[1].abs();
    for (got, want) in fitted.coefficients().iter().zip(psi()) {
        assert!((got - want).abs() < 2e-7 * scale, "{got} is not {want}");
    }
}

#[test]
fn support_coefficient_equals_scipy() {
    let table = Table::read("walker_support_r.csv");
    let fitted = Hermite::from_coefficients(&psi()).unwrap();
    let r = fitted.support_coefficient(table.column("block_var_10x10")[0]).unwrap();
    close(r, table.column("r")[0], 1e-12);
}

#[test]
fn discrete_gaussian_blocks_come_near_the_exhaustive_truth() {
    let sample = Table::read("walker_sample.csv");
    let (x, y) = (sample.column("X"), sample.column("Y"));
    let places: Vec<[f64; 2]> = x.iter().zip(&y).map(|(x, y)| [*x, *y]).collect();
    let field = [[0.5, 0.5], [260.5, 0.5], [260.5, 300.5], [0.5, 300.5]];
    let weights = polygonal(&places, &field).unwrap().weights;
    let points = Hermite::fit(&sample.column("V"), &weights, 40).unwrap();
    let truth = Table::read("walker_grade_tonnage_true.csv");
    let dispersion = |row: usize| truth.rows()[row][5];
    let blocks = points.of_blocks(points.variance() * dispersion(20) / dispersion(0)).unwrap();
    for row in &truth.rows()[20..28] {
        let recovered = blocks.recovered(row[1]);
        assert!((recovered.tonnage - row[2]).abs() < 0.05, "{} {recovered:?} {row:?}", row[1]);
        assert!((recovered.metal / points.coefficients()[0] - row[4]).abs() < 0.05, "{}", row[1]);
    }
}
