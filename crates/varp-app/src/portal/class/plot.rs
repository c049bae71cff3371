//! Tonnage against grade: bodies and deposits in one plot, with the size classes as slanted lines.

use maud::{Markup, html};
use varp_engine::classify::Entry;

use super::super::kind;
use super::super::language::Message as M;
use super::super::view::View;
use super::tonnes;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 420.0;
const LEFT: f64 = 64.0;
const BOTTOM: f64 = 44.0;

/// A body in the plot: tonnes of material and share of the basis.
struct Point<'a> {
    entry: &'a Entry,
    mass: f64,
    grade: f64,
}

/// The plot of one commodity; nothing where fewer than three bodies have both numbers.
pub fn plot(entries: &[Entry], commodity: &str, view: &View<'_>) -> Markup {
    let points: Vec<Point<'_>> =
        entries.iter().filter(|e| e.commodity == commodity).filter_map(point).collect();
    if points.len() < 3 {
        return html! {};
    }
    let masses = span(points.iter().map(|p| p.mass));
    let grades = span(points.iter().map(|p| p.grade * 100.0));
    let x = |mass: f64| LEFT + (WIDTH - LEFT - 12.0) * place(mass, masses);
    let y = |percent: f64| (HEIGHT - BOTTOM) - (HEIGHT - BOTTOM - 10.0) * place(percent, grades);
    let class = view.references().size_classes.iter().find(|c| c.commodity == commodity);
    let words =
        view.fill(M::PlotWords, &[("count", &points.len().to_string()), ("commodity", commodity)]);
    html! {
        figure .tonnage-grade {
            svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="group" aria-label=(words) {
                title { (words) }
                @for decade in decades(masses) {
                    line .grid x1=(r(x(decade))) x2=(r(x(decade))) y1="10" y2=(HEIGHT - BOTTOM) {}
                    text .tick x=(r(x(decade))) y=(HEIGHT - BOTTOM + 16.0) text-anchor="middle" {
                        (tonnes(decade, view)) }
                }
                @for decade in decades(grades) {
                    line .grid y1=(r(y(decade))) y2=(r(y(decade))) x1=(LEFT) x2=(WIDTH - 12.0) {}
                    text .tick x=(LEFT - 6.0) y=(r(y(decade) + 4.0)) text-anchor="end" { (decade) " %" }
                }
                @if let Some(class) = class {
                    @for (name, least) in [("small", class.small), ("medium", class.medium),
                        ("large", class.large), ("very large", class.very_large)] {
                        (size_line(name, least, masses, grades, &x, &y))
                    }
                }
                text .tick x=(LEFT + (WIDTH - LEFT) / 2.0) y=(HEIGHT - 6.0) text-anchor="middle" {
                    (view.text(M::Mass)) }
                @for point in &points {
                    @let words = format!("{}: {}, {:.3} %", point.entry.name,
                        tonnes(point.mass, view), point.grade * 100.0);
                    a href=(view.item("bodies", &point.entry.body)) aria-label=(words) {
                        g transform=(format!("translate({} {})", r(x(point.mass)), r(y(point.grade * 100.0)))) {
                            path class=(format!("shape {}", kind::class(&point.entry.kind)))
                                d=(kind::path(&point.entry.kind)) { title { (words) } }
                        }
                    }
                }
            }
            figcaption .small { (words) " " (view.say(M::PlotAbout)) }
        }
    }
}

fn point(entry: &Entry) -> Option<Point<'_>> {
    let contained = entry.contained.as_ref()?;
    let factor = contained.size.as_ref().map_or(1.0, |s| s.factor);
    let mass = entry.mass_t.filter(|m| *m > 0.0)?;
    let grade = contained.best? * factor / mass;
    (grade > 0.0 && grade <= 1.0).then_some(Point { entry, mass, grade })
}

/// Whole decades around values.
fn span(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
    for value in values {
        low = low.min(value);
        high = high.max(value);
    }
    let (low, high) = (low.log10().floor(), high.log10().ceil());
    (10f64.powf(low), 10f64.powf(high.max(low + 1.0)))
}

fn place(value: f64, (low, high): (f64, f64)) -> f64 {
    ((value / low).log10() / (high / low).log10()).clamp(0.0, 1.0)
}

#[expect(clippy::cast_possible_truncation, reason = "decades are few")]
fn decades((low, high): (f64, f64)) -> Vec<f64> {
    let first = low.log10().round() as i32;
    let last = high.log10().round() as i32;
    (first..=last).map(|power| format!("1e{power}").parse().unwrap_or(f64::NAN)).collect()
}

/// Bodies with `least` tonnes of content lie on this line.
fn size_line(
    name: &str,
    least: f64,
    masses: (f64, f64),
    grades: (f64, f64),
    x: &impl Fn(f64) -> f64,
    y: &impl Fn(f64) -> f64,
) -> Markup {
    // from the heaviest mass and the grade that belongs to it, up to the least mass or greatest grade
    let grade_at = |mass: f64| least / mass * 100.0;
    let mass_at = |percent: f64| least / (percent / 100.0);
    let from = mass_at(grades.1).max(masses.0);
    let to = mass_at(grades.0).min(masses.1);
    if from >= to {
        return html! {};
    }
    html! {
        line .size-line x1=(r(x(from))) y1=(r(y(grade_at(from)))) x2=(r(x(to))) y2=(r(y(grade_at(to)))) {}
        text .size-name x=(r(x(to) - 4.0)) y=(r(y(grade_at(to)) - 5.0)) text-anchor="end" { (name) }
    }
}

/// A length with one decimal.
fn r(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
