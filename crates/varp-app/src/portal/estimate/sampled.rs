//! What was made of the samples of a product, shown and not hidden: distribution, continuity,
//! cross-validation, blocks in plan, grade and tonnage.

use maud::{Markup, html};
use varp_geostat::model::Model;

use super::super::language::Message as M;
use super::super::number;
use super::super::view::View;
use crate::chart::{self, ContinuityWords, Plan, curve, plan, scatter, steps};
use crate::jobs::estimate::EstimateView;
use crate::jobs::estimate::document::{Product, Sampled};

/// Everything that the samples show.
pub fn section(
    found: &Sampled,
    product: &Product,
    estimate: &EstimateView,
    view: &View<'_>,
) -> Markup {
    let charts = [
        (M::ChartPlan, plan_of(product, estimate, view)),
        (M::ChartHistogram, histogram(found, product, view)),
        (M::ChartVariogram, continuity(found, product, view)),
        (M::ChartCrossValidation, cross_validation(found, product, view)),
        (M::ChartTonnes, tonnes(found, product, view)),
        (M::ChartGrade, grades(found, product, view)),
    ];
    html! {
        h4 { (view.say(M::FromSamples)) }
        p { (counted(found, view)) }
        @if !found.left_out.is_empty() {
            p .small { (view.say(M::LeftOut)) " "
                span lang="en" {
                    @for (i, (why, count)) in found.left_out.iter().enumerate() {
                        @if i > 0 { "; " } (count) " " (why)
                    }
                }
            }
        }
        div .charts {
            @for (title, chart) in charts {
                @if let Some((chart, words)) = chart {
                    figure { figcaption { b { (view.say(title)) } " " span .small { (words) } } (chart) }
                }
            }
        }
    }
}

fn counted(found: &Sampled, view: &View<'_>) -> String {
    let count = |n: u64| number::count(n, view.language);
    let mut text = view.fill(
        M::SamplesCounted,
        &[
            ("samples", &count(found.samples)),
            ("holes", &count(found.holes)),
            ("composites", &count(found.composites)),
        ],
    );
    if found.censored > 0 {
        text.push(' ');
        text.push_str(&view.fill(M::CensoredCounted, &[("count", &count(found.censored))]));
    }
    text
}

/// Per cent or ppm by the size of the product's grade: factor and unit.
fn grade_unit(product: &Product) -> (f64, &'static str) {
    if product.grade[1] >= 1e-3 { (1e2, "%") } else { (1e6, "ppm") }
}

fn label(view: &View<'_>) -> impl Fn(f64) -> String {
    let language = view.language;
    move |v: f64| {
        let rounded = if v == 0.0 {
            0.0
        } else {
            let step = 10f64.powf(v.abs().log10().floor() - 2.0);
            (v / step).round() * step
        };
        let decimals = if rounded == 0.0 {
            0
        } else {
            (2.0 - rounded.abs().log10().floor()).clamp(0.0, 6.0) as i32
        };
        let text = format!("{rounded:.*}", decimals.max(0) as usize);
        let trimmed = if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.')
        } else {
            &text
        };
        trimmed.parse::<f64>().map_or_else(|_| text.clone(), |v| number::shortest(v, language))
    }
}

type Chart = Option<(Markup, String)>;

fn histogram(found: &Sampled, product: &Product, view: &View<'_>) -> Chart {
    let (factor, unit) = grade_unit(product);
    let edges: Vec<f64> = found.histogram.0.iter().map(|e| e * factor).collect();
    let words = view.fill(
        M::HistogramWords,
        &[
            ("count", &number::count(found.composites, view.language)),
            ("substance", &product.substance),
            ("variation", &number::fixed(found.variation, 2, view.language)),
        ],
    );
    let marks = [(found.declustered_mean * factor, view.text(M::DeclusteredMean))];
    let titles = (format!("{}, {unit}", product.substance), view.text(M::ShareOfComposites));
    let chart =
        steps((&edges, &found.histogram.1), &marks, (&titles.0, titles.1), label(view), &words)?;
    Some((chart, words))
}

fn continuity(found: &Sampled, product: &Product, view: &View<'_>) -> Chart {
    let reach = found.variogram.iter().map(|p| p.0).reduce(f64::max)?;
    let model: Option<Model> = found.model.parse().ok();
    let line: Vec<(f64, f64)> = model
        .filter(|m| m.sill() > 0.0)
        .map(|m| {
            let at = |i: u32| {
                let h = reach * (f64::from(i) + 0.02) / 40.0;
                (h, m.semivariance([h, 0.0, 0.0]) / m.sill())
            };
            (0..=40).map(at).collect()
        })
        .unwrap_or_default();
    let words = view.fill(M::VariogramWordsText, &[("substance", &product.substance)]);
    let chart = chart::continuity(
        &found.variogram,
        &line,
        label(view),
        ContinuityWords {
            distance: view.text(M::AxisDistance),
            semivariance: view.text(M::AxisSemivariance),
            alternative: &words,
        },
    )?;
    Some((chart, words))
}

fn cross_validation(found: &Sampled, product: &Product, view: &View<'_>) -> Chart {
    let check = found.cross_validation.as_ref()?;
    let (factor, unit) = grade_unit(product);
    let pairs: Vec<(f64, f64)> =
        check.pairs.iter().map(|(e, m)| (e * factor, m * factor)).collect();
    let percent = |v: f64| number::fixed(v * 100.0, 0, view.language);
    let words = view.fill(
        M::CrossValidationWords,
        &[
            ("count", &number::count(check.count, view.language)),
            ("within", &percent(check.within_90)),
            ("error", &percent(check.mean_error)),
        ],
    );
    let along = format!("{}, {unit}", view.text(M::AxisEstimated));
    let up = format!("{}, {unit}", view.text(M::AxisMeasured));
    Some((scatter(&pairs, (&along, &up), label(view), &words)?, words))
}

fn tonnes(found: &Sampled, product: &Product, view: &View<'_>) -> Chart {
    let (factor, unit) = grade_unit(product);
    let points: Vec<_> = found
        .grade_tonnage
        .iter()
        .map(|p| (p.cutoff * factor, p.tonnes.map(|t| t / 1e6)))
        .collect();
    let words = view.fill(M::CurveWords, &[("substance", &product.substance)]);
    let along = format!("{}, {} {unit}", view.text(M::AxisCutoff), product.substance);
    let titles = (along.as_str(), view.text(M::AxisTonnes));
    Some((curve(&points, titles, label(view), label(view), &words)?, words))
}

fn grades(found: &Sampled, product: &Product, view: &View<'_>) -> Chart {
    let (factor, unit) = grade_unit(product);
    let points: Vec<_> = found
        .grade_tonnage
        .iter()
        .map(|p| (p.cutoff * factor, p.grade.map(|g| g * factor)))
        .collect();
    let words = view.fill(M::CurveGradeWords, &[("substance", &product.substance)]);
    let along = format!("{}, {} {unit}", view.text(M::AxisCutoff), product.substance);
    let up = format!("{}, {unit}", view.text(M::Grade));
    Some((curve(&points, (&along, &up), label(view), label(view), &words)?, words))
}

fn plan_of(product: &Product, estimate: &EstimateView, view: &View<'_>) -> Chart {
    let shown = estimate.plan_view.as_ref()?;
    let blocks = estimate.document.blocks.as_ref();
    let cells = blocks.map(|b| b.plan(&product.substance)).unwrap_or_default();
    let least = cells.iter().map(|c| c.1).reduce(f64::min).unwrap_or(0.0);
    let most = cells.iter().map(|c| c.1).reduce(f64::max).unwrap_or(1.0);
    let width = (most - least).max(f64::MIN_POSITIVE);
    let shaded: Vec<_> = cells.iter().map(|(at, g)| (*at, (g - least) / width)).collect();
    let cell = blocks.map_or([0.0, 0.0], |b| [b.size[0], b.size[1]]);
    let count = number::count(shown.holes.len() as u64, view.language);
    let mut words = view.fill(M::PlanWords, &[("holes", &count)]);
    if !cells.is_empty() {
        let (factor, unit) = grade_unit(product);
        let shown = |grade: f64| format!("{} {unit}", label(view)(grade * factor));
        let (from, to) = (shown(least), shown(most));
        words.push(' ');
        words.push_str(&view.fill(M::PlanShade, &[("from", &from), ("to", &to)]));
    }
    let of = Plan {
        rings: &shown.rings,
        holes: &shown.holes,
        surface: &shown.surface,
        cells: &shaded,
        cell,
    };
    let metre = |m: f64| format!("{} m", number::shortest(m, view.language));
    Some((plan(&of, metre, &words)?, words))
}
