//! The range bar: low to high as a bar, best as a tick.

use maud::{Markup, html};

use super::{Scale, px};

const HEIGHT: f64 = 14.0;

/// What a range bar shows, in the unit of its scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RangeBar {
    /// Low end, if a range is given.
    pub low: Option<f64>,
    /// Best value, if one is given.
    pub best: Option<f64>,
    /// High end, if a range is given.
    pub high: Option<f64>,
    /// Whether it stands back behind a preferred one.
    pub faint: bool,
}

/// A bar of `width` user units: a line for the scale, a bar from low to high, a tick at best.
///
/// A value without a range is a tick alone: nobody has said how uncertain it is.
pub fn range_bar(bar: RangeBar, scale: Scale, width: f64, words: &str) -> Markup {
    let inner = width - 4.0;
    let x = |value: f64| 2.0 + inner * scale.place(value);
    let class = if bar.faint { "range faint" } else { "range" };
    html! {
        svg class=(class) role="img" width=(px(width)) height=(HEIGHT)
            viewBox=(format!("0 0 {} {HEIGHT}", px(width))) {
            title { (words) }
            line class="axis" x1="2" x2=(px(width - 2.0)) y1="7" y2="7" {}
            @if let (Some(low), Some(high)) = (bar.low, bar.high) {
                rect class="span" x=(px(x(low))) y="3.5" height="7" rx="1"
                    width=(px((x(high) - x(low)).max(1.5))) {}
            }
            @if let Some(best) = bar.best {
                line class="best" x1=(px(x(best))) x2=(px(x(best))) y1="0.5" y2="13.5" {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn low_best_and_high_stand_where_the_scale_puts_them() {
        let scale = Scale::Linear { low: 0.0, high: 100.0 };
        let bar = RangeBar { low: Some(25.0), best: Some(50.0), high: Some(75.0), faint: false };
        let svg = range_bar(bar, scale, 104.0, "50 (25–75)").into_string();
        assert!(svg.contains(r#"<rect class="span" x="27" y="3.5" height="7" rx="1" width="50">"#));
        assert!(svg.contains(r#"<line class="best" x1="52" x2="52""#));
        assert!(svg.contains("<title>50 (25–75)</title>"));
    }

    #[test]
    fn a_value_without_a_range_draws_no_bar() {
        let scale = Scale::Linear { low: 0.0, high: 100.0 };
        let bar = RangeBar { low: None, best: Some(50.0), high: None, faint: false };
        assert!(!range_bar(bar, scale, 104.0, "50").into_string().contains("<rect"));
    }
}
