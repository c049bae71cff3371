//! Log-ratio statistics of the Jura metals against R.

use crate::table::{Table, close};
use varp_geostat::compositional::{centre, clr, ilr, total_variance, variation_matrix};

const METALS: [&str; 7] = ["Cd", "Co", "Cr", "Cu", "Ni", "Pb", "Zn"];

fn jura() -> Vec<Vec<f64>> {
    let table = Table::read("jura_prediction.csv");
    let columns = METALS.map(|metal| table.column(metal));
    (0..columns[0].len()).map(|i| columns.iter().map(|c| c[i]).collect()).collect()
}

#[test]
fn log_ratios_equal_r() {
    let want = Table::read("coda_jura_clr_ilr_first20.csv");
    for (parts, row) in jura().iter().zip(want.rows()) {
        let got = clr(parts).unwrap().into_iter().chain(ilr(parts).unwrap());
        for (a, b) in got.zip(row) {
            close(a, *b, 1e-13);
        }
    }
    assert_eq!(want.rows().len(), 20);
}

#[test]
fn centre_and_variation_equal_r() {
    for (a, b) in
        centre(&jura()).unwrap().iter().zip(Table::read("coda_jura_center.csv").column("center"))
    {
        close(*a, b, 1e-14);
    }
    let want = Table::read("coda_jura_variation_matrix.csv");
    let got = variation_matrix(&jura()).unwrap();
    for (i, metal) in METALS.iter().enumerate() {
        for (j, value) in want.column(metal).iter().enumerate() {
            close(got[j * 7 + i], *value, 1e-13);
        }
    }
    // sum(V) / (2 D) printed by the R script
    close(total_variance(&jura()).unwrap(), 0.899_62, 5e-6);
}
