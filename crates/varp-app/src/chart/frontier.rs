//! A frontier: what each budget buys.

use maud::{Markup, html};

use super::{Scale, px};

const HEIGHT: f64 = 240.0;
const LEFT: f64 = 52.0;

/// A point: budget, worth, and its label.
#[derive(Clone, Debug, PartialEq)]
pub struct FrontierMark {
    /// Budget.
    pub budget: f64,
    /// Worth.
    pub worth: f64,
    /// Words for the point.
    pub words: String,
    /// Whether it is the one chosen.
    pub chosen: bool,
}

/// Steps from point to point: between two budgets the smaller portfolio holds.
pub fn frontier(marks: &[FrontierMark], width: f64, axes: (&str, &str), words: &str) -> Markup {
    let budgets = Scale::around(marks.iter().map(|m| m.budget).chain([0.0]));
    let worths = Scale::around(marks.iter().map(|m| m.worth).chain([0.0]));
    let (Some(budgets), Some(worths)) = (budgets, worths) else { return html! {} };
    let x = |v: f64| LEFT + (width - LEFT - 16.0) * budgets.place(v);
    let y = |v: f64| 12.0 + (HEIGHT - 56.0) * (1.0 - worths.place(v));
    let mut path = String::new();
    for (k, mark) in marks.iter().enumerate() {
        let (x, y) = (px(x(mark.budget)), px(y(mark.worth)));
        path.push_str(&if k == 0 { format!("M{x} {y}") } else { format!("H{x}V{y}") });
    }
    html! {
        svg class="frontier" role="img" aria-label=(words)
            viewBox=(format!("0 0 {} {HEIGHT}", px(width))) {
            title { (words) }
            @for tick in worths.ticks() {
                line class="grid" x1=(LEFT) x2=(px(width - 16.0)) y1=(px(y(tick))) y2=(px(y(tick))) {}
                text class="tick" x=(LEFT - 6.0) y=(px(y(tick) + 4.0)) text-anchor="end" { (round(tick)) }
            }
            @for tick in budgets.ticks() {
                text class="tick" x=(px(x(tick))) y=(HEIGHT - 26.0) text-anchor="middle" { (round(tick)) }
            }
            text class="axis-name" x=(px(width - 16.0)) y=(HEIGHT - 8.0) text-anchor="end" { (axes.0) }
            text class="axis-name" x="2" y="10" { (axes.1) }
            path class="step" d=(path) {}
            @for mark in marks {
                circle class=(if mark.chosen { "mark chosen" } else { "mark" })
                    cx=(px(x(mark.budget))) cy=(px(y(mark.worth))) r=(if mark.chosen { 6 } else { 4 }) {
                    title { (mark.words) }
                }
            }
        }
    }
}

fn round(value: f64) -> String {
    if value >= 10.0 || value == 0.0 { format!("{value:.0}") } else { format!("{value:.1}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_budget_is_a_point_and_the_chosen_one_stands_out() {
        let mark =
            |budget, worth, chosen| FrontierMark { budget, worth, words: String::new(), chosen };
        let marks = [mark(100.0, 1.0, false), mark(200.0, 1.8, true), mark(300.0, 2.1, false)];
        let svg = frontier(&marks, 600.0, ("k€", "worth"), "frontier").into_string();
        assert_eq!(svg.matches("<circle").count(), 3);
        assert_eq!(svg.matches("mark chosen").count(), 1);
        assert_eq!(svg.matches('H').count(), 2);
    }
}
