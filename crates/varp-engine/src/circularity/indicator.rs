//! Material circularity indicator (Ellen MacArthur Foundation & Granta 2015).

/// Masses of a product, all in one unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Masses {
    /// Virgin feedstock V.
    pub virgin: f64,
    /// Unrecoverable waste W.
    pub waste: f64,
    /// Product M, above zero.
    pub product: f64,
    /// Waste of making recycled feedstock W_f.
    pub feedstock_waste: f64,
    /// Waste of the recycling of the product W_c.
    pub recycling_waste: f64,
}

impl Masses {
    /// Linear flow index (V + W)/(2M + (W_f − W_c)/2).
    pub fn linear_flow(&self) -> f64 {
        (self.virgin + self.waste)
            / (2.0 * self.product + (self.feedstock_waste - self.recycling_waste) / 2.0)
    }

    /// max(0, 1 − LFI·0.9/X), X being the utility (1 is the industry's mean).
    pub fn circularity(&self, utility: f64) -> f64 {
        (1.0 - self.linear_flow() * 0.9 / utility).max(0.0)
    }
}
