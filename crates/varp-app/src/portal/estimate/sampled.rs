//! What was made of the samples of a product, shown and not hidden: distribution, continuity,
//! cross-validation, blocks in plan, grade and tonnage.

use maud::{Markup, html};
use varp_geostat::model::Model;

use super::super::language::Message as M;
use super::super::number;
use super::super::view::View;
use super::value::Amount;
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
        (controls(found, view))
        (zones(found, product, view))
        (years(found, product, view))
        (production(found, view))
        div .charts {
            @for (title, chart) in charts {
                @if let Some((chart, words)) = chart {
                    figure { figcaption { b { (view.say(title)) } " " span .small { (words) } } (chart) }
                }
            }
        }
    }
}

/// Duplicates, reference materials, blanks, and whether they pass.
fn controls(found: &Sampled, view: &View<'_>) -> Markup {
    let Some(quality) = &found.quality else { return html! {} };
    let count = |n: u64| number::count(n, view.language);
    let fixed = |v: f64, decimals| number::fixed(v, decimals, view.language);
    let verdict = |passes| view.text(if passes { M::ControlPasses } else { M::ControlFails });
    html! {
        h5 { (view.say(M::ControlSamples)) }
        p {
            (view.fill(M::ControlsCounted, &[
                ("originals", &count(quality.originals)),
                ("share", &fixed(quality.insertion_percent, 0)),
            ]))
        }
        ul .reasons {
            @for (kind, pairs, hard, variation, passes) in &quality.duplicates {
                li {
                    span lang="en" { (kind) } ": "
                    (view.fill(M::DuplicatesWords, &[
                        ("pairs", &count(*pairs)),
                        ("hard", &fixed(*hard, 0)),
                        ("variation", &fixed(*variation, 0)),
                    ]))
                    ": " b { (verdict(*passes)) }
                }
            }
            @for (results, failures, bias, passes) in &quality.standards {
                li {
                    (view.fill(M::StandardsWords, &[
                        ("results", &count(*results)),
                        ("failures", &count(*failures)),
                        ("bias", &fixed(*bias, 1)),
                    ]))
                    ": " b { (verdict(*passes)) }
                }
            }
            @if quality.blanks.0 > 0 {
                li {
                    (view.fill(M::BlanksWords, &[
                        ("count", &count(quality.blanks.0)),
                        ("dirty", &count(quality.blanks.1)),
                    ]))
                    ": " b { (verdict(quality.blanks.1 == 0)) }
                }
            }
            @for remark in &quality.remarks { li lang="en" { (remark) } }
        }
    }
}

fn zones(found: &Sampled, product: &Product, view: &View<'_>) -> Markup {
    let count = |n: u64| number::count(n, view.language);
    html! {
        @if !found.zones.is_empty() {
            h5 { (view.say(M::EstimateZones)) ", " (product.substance) }
            ul .amounts {
                @for zone in &found.zones {
                    li {
                        p .small {
                            (view.fill(M::ZoneWords, &[
                                ("zone", &zone.zone),
                                ("share", &number::fixed(zone.share * 100.0, 0, view.language)),
                                ("composites", &count(zone.composites)),
                            ]))
                        }
                        (Amount::grade(zone.grade).show(view))
                    }
                }
            }
        }
    }
}

fn years(found: &Sampled, product: &Product, view: &View<'_>) -> Markup {
    let (factor, unit) = grade_unit(product);
    let percent = |v: f64| number::fixed(v * 100.0, 0, view.language);
    html! {
        @if !found.years.is_empty() {
            h5 { (view.say(M::YearsLaid)) ", " (product.substance) }
            ul .reasons {
                @for part in &found.years {
                    li {
                        (view.fill(M::YearsWords, &[
                            ("years", &part.years),
                            ("from", &percent(part.from_share)),
                            ("to", &percent(part.to_share)),
                            ("samples", &number::count(part.samples, view.language)),
                        ]))
                        @if let Some(grade) = part.grade {
                            ": " b { (label(view)(grade * factor)) } " " (unit)
                        }
                    }
                }
            }
        }
    }
}

/// The test of ±15 % at 90 %.
fn production(found: &Sampled, view: &View<'_>) -> Markup {
    let width = |v: Option<f64>| match v {
        Some(v) => format!("{} %", number::fixed(v * 100.0, 0, view.language)),
        None => view.text(M::LongerThanBody).to_owned(),
    };
    html! {
        h5 { (view.say(M::ProductionTest)) }
        p {
            @match &found.production {
                Some(test) => {
                    (view.fill(M::ProductionWords, &[
                        ("rate", &number::count(test.rate_t_per_year.round() as u64, view.language)),
                        ("year", &width(test.year)),
                        ("quarter", &width(test.quarter)),
                    ]))
                    @if let Some(year) = test.year {
                        " " b { (view.say(if year <= 0.15 { M::ControlPasses } else { M::ControlFails })) }
                    }
                }
                None => { (view.say(M::ProductionUntested)) }
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

/// What a curve shows, and of its band where the method gives one.
fn banded(
    message: M,
    points: &[(f64, [f64; 3])],
    (product, view): (&Product, &View<'_>),
) -> String {
    let mut words = view.fill(message, &[("substance", &product.substance)]);
    if points.iter().any(|(_, [low, _, high])| low < high) {
        words.push(' ');
        words.push_str(view.text(M::CurveBand));
    }
    words
}

fn tonnes(found: &Sampled, product: &Product, view: &View<'_>) -> Chart {
    let (factor, unit) = grade_unit(product);
    let points: Vec<_> = found
        .grade_tonnage
        .iter()
        .map(|p| (p.cutoff * factor, p.tonnes.map(|t| t / 1e6)))
        .collect();
    let words = banded(M::CurveWords, &points, (product, view));
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
    let words = banded(M::CurveGradeWords, &points, (product, view));
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
