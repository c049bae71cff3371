//! Computed amounts as people read them: unit by size, digits by uncertainty.

use maud::{Markup, html};

use super::super::number;
use super::super::view::View;

/// Low, best and high with a unit to show them in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Amount {
    range: [f64; 3],
    unit: &'static str,
}

impl Amount {
    /// Tonnes, kilotonnes or megatonnes, by size.
    pub fn mass(tonnes: [f64; 3]) -> Self {
        match tonnes[1].abs() {
            t if t >= 1e6 => Self::scaled(tonnes, 1e-6, "Mt"),
            t if t >= 1e4 => Self::scaled(tonnes, 1e-3, "kt"),
            _ => Self::scaled(tonnes, 1.0, "t"),
        }
    }

    /// Cubic metres, or millions of them.
    pub fn volume(cubic_metres: [f64; 3]) -> Self {
        if cubic_metres[1] >= 1e6 {
            Self::scaled(cubic_metres, 1e-6, "million m³")
        } else {
            Self::scaled(cubic_metres, 1.0, "m³")
        }
    }

    /// Tonnes per cubic metre.
    pub fn density(value: [f64; 3]) -> Self {
        Self::scaled(value, 1.0, "t/m³")
    }

    /// Per cent from a tenth of one on, ppm below.
    pub fn grade(fraction: [f64; 3]) -> Self {
        if fraction[1] >= 1e-3 {
            Self::scaled(fraction, 1e2, "%")
        } else {
            Self::scaled(fraction, 1e6, "ppm")
        }
    }

    fn scaled(range: [f64; 3], factor: f64, unit: &'static str) -> Self {
        Self { range: range.map(|v| v * factor), unit }
    }

    /// Best value, and the ends where they differ.
    pub fn texts(&self, view: &View<'_>) -> (String, Option<String>) {
        let [low, best, high] = self.range;
        if low >= high {
            return (number::shortest(significant(best), view.language), None);
        }
        let decimals = number::decimals_of_range(low, high);
        let fixed = |v: f64| number::fixed(v, decimals, view.language);
        (fixed(best), Some(format!("{}–{}", fixed(low), fixed(high))))
    }

    /// In words, for titles.
    pub fn words(&self, view: &View<'_>) -> String {
        let (best, ends) = self.texts(view);
        let ends = ends.map_or_else(String::new, |e| format!(" ({e})"));
        format!("{best}{ends} {}", self.unit)
    }

    /// Value, unit, range and bar.
    pub fn show(&self, view: &View<'_>) -> Markup {
        html! {
            (self.line(view))
            (super::bar(self.range, &self.words(view)))
        }
    }

    /// Value, unit and range.
    pub fn line(&self, view: &View<'_>) -> Markup {
        let (best, ends) = self.texts(view);
        html! {
            p .amount {
                span .value { b { (best) } " " span .unit { (self.unit) } }
                @if let Some(ends) = ends { " " span .ends { (ends) } }
            }
        }
    }
}

/// Four significant digits.
fn significant(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let step = 10f64.powf(value.abs().log10().floor() - 3.0);
    (value / step).round() * step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_follow_the_size() {
        assert_eq!(Amount::mass([1e6, 2e6, 3e6]), Amount { range: [1.0, 2.0, 3.0], unit: "Mt" });
        assert_eq!(Amount::mass([1.0, 2.0, 3.0]).unit, "t");
        assert_eq!(Amount::grade([1e-4, 2e-4, 3e-4]).unit, "ppm");
        assert_eq!(Amount::grade([1e-3, 2e-3, 3e-3]).unit, "%");
    }
}
