//! Hermite anamorphosis and change of support on Walker Lake V against gstlearn, SciPy and the
//! exhaustive truth.

use crate::table::{Table, close};
use varp_geostat::decluster::polygonal;
use varp_geostat::transform::Hermite;

fn psi() -> Vec<f64> {
    let path =
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/walker_hermite_psi20_gstlearn.csv");
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().skip(1).map(|line| line.parse().unwrap()).collect()
}

#[test]
fn two_equal_values_have_the_coefficients_of_the_closed_form() {
    // the sign function: psi 1 = −1/sqrt(2 pi), psi 3 = 1/sqrt(12 pi). gstlearn 1.11.1 gives
    // −0.398949 and 0.162870 here: its normal density is 1.8e-5 too large, which limits the next
    // test.
    let fitted = Hermite::fit(&[0.0, 1.0], &[1.0; 2], 4).unwrap();
    let tau = std::f64::consts::TAU;
    for (got, want) in
        fitted.coefficients().iter().zip([0.5, -1.0 / tau.sqrt(), 0.0, 1.0 / (6.0 * tau).sqrt()])
    {
        assert!((got - want).abs() < 1e-15, "{got} is not {want}");
    }
}

#[test]
fn coefficients_equal_gstlearn_within_its_own_normal_density() {
    let values = Table::read("walker_sample.csv").column("V");
    let fitted = Hermite::fit(&values, &vec![1.0; values.len()], 20).unwrap();
    assert_eq!(fitted.coefficients().len(), psi().len());
    for (got, want) in fitted.coefficients().iter().zip(psi()) {
        assert!((got - want).abs() < 1e-3, "{got} is not {want}");
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
