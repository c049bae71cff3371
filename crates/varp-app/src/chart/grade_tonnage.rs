//! Grade–tonnage curves with their bands.

use maud::{Markup, html};

use super::axes::{Axes, number, path};
use super::{Scale, px};

/// One cut-off: low, best and high of tonnage and of the mean grade above it.
#[derive(Clone, Copy, Debug)]
pub struct CutoffRow {
    /// The cut-off grade.
    pub cutoff: f64,
    /// Tonnage above it.
    pub tonnage: [f64; 3],
    /// Mean grade above it, where there is anything.
    pub grade: Option<[f64; 3]>,
}

/// Width and height of the chart.
pub const SIZE: [f64; 2] = [560.0, 340.0];

/// Tonnage on the left axis, grade on the right one.
pub fn grade_tonnage(rows: &[CutoffRow], names: [&str; 3], words: &str) -> Markup {
    let [cutoff_name, tonnage_name, grade_name] = names;
    let ends = |values: &mut dyn Iterator<Item = f64>| {
        values
            .filter(|v| v.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)))
    };
    let (first, last) = ends(&mut rows.iter().map(|r| r.cutoff));
    let (_, tonnes) = ends(&mut rows.iter().flat_map(|r| r.tonnage));
    let (_, grades) = ends(&mut rows.iter().flat_map(|r| r.grade).flatten());
    let top = |v: f64| if v > 0.0 { v * 1.06 } else { 1.0 };
    let axes = Axes {
        width: SIZE[0],
        height: SIZE[1],
        x: Scale::Linear { low: first, high: if last > first { last } else { first + 1.0 } },
        y: Scale::Linear { low: 0.0, high: top(tonnes) },
        x_name: cutoff_name,
        y_name: tonnage_name,
        right: 70.0,
    };
    let grade_scale = Scale::Linear { low: 0.0, high: top(grades) };
    let left = |r: &CutoffRow, k: usize| (axes.at_x(r.cutoff), axes.at_y(r.tonnage[k]));
    let graded: Vec<(f64, [f64; 3])> =
        rows.iter().filter_map(|r| Some((axes.at_x(r.cutoff), r.grade?))).collect();
    let right = |g: &(f64, [f64; 3]), k: usize| (g.0, axes.at_height(grade_scale.place(g.1[k])));
    let end = axes.width - axes.right;
    let inner = html! {
        polygon class="band f0" points=(path(
            rows.iter().map(|r| left(r, 0)).chain(rows.iter().rev().map(|r| left(r, 2))))) {}
        polygon class="band f1" points=(path(
            graded.iter().map(|g| right(g, 0)).chain(graded.iter().rev().map(|g| right(g, 2))))) {}
        line class="axis s0" x1=(px(axes.at_x(first))) x2=(px(axes.at_x(first)))
            y1=(px(axes.at_height(0.0))) y2=(px(axes.at_height(1.0))) {}
        line class="axis s1" x1=(px(end)) x2=(px(end)) y1=(px(axes.at_height(0.0))) y2=(px(axes.at_height(1.0))) {}
        polyline class="line s0" points=(path(rows.iter().map(|r| left(r, 1)))) {}
        polyline class="line s1" points=(path(graded.iter().map(|g| right(g, 1)))) {}
        @for tick in grade_scale.ticks() {
            text class="tick" x=(px(end + 8.0)) y=(px(axes.at_height(grade_scale.place(tick)))) dy="0.35em" { (number(tick)) }
        }
        text class="name f1" text-anchor="middle"
            transform=(format!("translate({} {}) rotate(90)", px(axes.width - 14.0), px(axes.at_height(0.5)))) { (grade_name) }
    };
    axes.draw(words, &inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_curves_have_a_band() {
        let row = |c: f64| CutoffRow {
            cutoff: c,
            tonnage: [1.0, 2.0, 3.0],
            grade: Some([4.0, 5.0, 6.0]),
        };
        let empty = CutoffRow { cutoff: 9.0, tonnage: [0.0; 3], grade: None };
        let svg = grade_tonnage(&[row(0.0), row(1.0), empty], ["c", "t", "g"], "w").into_string();
        assert_eq!((svg.matches("<polygon").count(), svg.matches("<polyline").count()), (2, 2));
        assert!(!svg.contains("NaN"));
    }
}
