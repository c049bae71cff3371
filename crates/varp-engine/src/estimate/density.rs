//! Density of loose material.

/// Dry density in t/m³ of grains of density `grain` (t/m³, water = 1) at void ratio `e`.
///
/// ρ_d = G_s·ρ_w/(1 + e), with ρ_w = 1 t/m³. `None` if a number cannot be.
///
/// Source: soil mechanics, phase relations.
pub fn dry_density(grain: f64, e: f64) -> Option<f64> {
    (grain > 0.0 && grain.is_finite() && e >= 0.0 && e.is_finite()).then(|| grain / (1.0 + e))
}

/// Porosity from void ratio: n = e/(1 + e).
pub fn porosity(e: f64) -> f64 {
    e / (1.0 + e)
}

/// Bulk density from dry density and moisture `w` (mass of water per mass of dry solids).
///
/// ρ = ρ_d·(1 + w).
pub fn bulk_density(dry: f64, w: f64) -> f64 {
    dry * (1.0 + w)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phase_relations_hold() {
        let dry = dry_density(2.7, 0.8).unwrap();
        assert!((dry - 1.5).abs() < 1e-12);
        assert!((bulk_density(dry, 0.2) - 1.8).abs() < 1e-12);
        assert!((dry / 2.7 - (1.0 - porosity(0.8))).abs() < 1e-12);
        assert_eq!(dry_density(2.7, f64::NAN), None);
    }
}
