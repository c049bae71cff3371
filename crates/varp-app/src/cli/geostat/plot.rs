//! Figures of results: the app's charts in SVG files of their own.

use std::path::Path;

use anyhow::bail;
use maud::{Markup, html};
use varp_geostat::krige::Grid;
use varp_geostat::model::Model;
use varp_geostat::variogram::{Lags, Variogram};

use super::output;
use crate::chart::{self, Bin, CutoffRow, Field, Panel, Scale, VariogramSeries};

/// Fails at once when the file's ending promises another format.
pub fn check(path: Option<&Path>) -> anyhow::Result<()> {
    match path {
        Some(path) if path.extension().is_none_or(|e| !e.eq_ignore_ascii_case("svg")) => {
            bail!("--plot {} does not end in .svg", path.display())
        }
        _ => Ok(()),
    }
}

/// Writes the figure.
pub fn write(
    path: &Path,
    (title, subtitle): (&str, &str),
    panels: &[Panel],
    columns: usize,
) -> anyhow::Result<()> {
    output::write_text(path, &chart::document(title, subtitle, panels, columns))
}

/// A model's text with its numbers cut to four digits, to stand over a figure.
pub fn shortened(model: &str) -> String {
    let (mut out, mut number) = (String::new(), String::new());
    for c in model.chars().chain([' ']) {
        if c.is_ascii_digit() || c == '.' || (c == '-' && number.is_empty()) {
            number.push(c);
            continue;
        }
        match number.parse::<f64>() {
            Ok(value) if number.len() > 6 && value != 0.0 => {
                let power = 10f64.powf(3.0 - value.abs().log10().floor());
                out.push_str(&((value * power).round() / power).to_string());
            }
            _ => out.push_str(&number),
        }
        number.clear();
        out.push(c);
    }
    out.trim_end().to_owned()
}

/// Variograms of all directions, with the model along each.
pub fn variograms(
    variograms: &[Variogram],
    lags: &Lags,
    model: Option<&Model>,
    heading: &str,
) -> Panel {
    let far = if lags.is_empty() { 1.0 } else { lags.class(lags.len() - 1).1 };
    let single = variograms.len() == 1;
    let series: Vec<VariogramSeries> = variograms
        .iter()
        .map(|v| {
            let used = (0..v.pairs.len()).filter(|i| v.pairs[*i] > 0);
            let axis =
                if v.direction.tolerance >= 90.0 { [0.0, 1.0, 0.0] } else { v.direction.axis() };
            let along = |h: f64| axis.map(|a| a * h);
            let line = |model: &Model| {
                (0..=200)
                    .map(|i| far * f64::from(i) / 200.0)
                    .map(|h| {
                        let h = h.max(far * 1e-6);
                        (h, model.semivariance(along(h)))
                    })
                    .collect()
            };
            VariogramSeries {
                label: if single { String::new() } else { direction_name(v) },
                classes: used.map(|i| (v.distance[i], v.gamma[i], v.pairs[i] as f64)).collect(),
                model: model.map_or_else(Vec::new, line),
            }
        })
        .collect();
    let sill = model.filter(|m| m.is_stationary()).map(Model::sill);
    let words = format!("{heading}: semivariance against distance");
    Panel {
        heading: heading.into(),
        size: chart::VARIOGRAM_SIZE,
        chart: chart::variogram(&series, sill, ("distance", "semivariance"), &words),
    }
}

fn direction_name(v: &Variogram) -> String {
    match v.direction.dip {
        0.0 => format!("{}°", v.direction.azimuth),
        dip => format!("{}° / {dip}°", v.direction.azimuth),
    }
}

/// A map of one plane of a grid: the only one, or the middle one.
pub fn map(
    grid: &Grid,
    values: &[f64],
    samples: &[[f64; 3]],
    axes: &[&str],
    heading: &str,
) -> Panel {
    let [nx, ny, nz] = grid.count;
    let level = nz / 2;
    let heading = match nz {
        1 => heading.to_owned(),
        _ => format!("{heading}, level {} of {nz}", level + 1),
    };
    let height = grid.origin[2] + level as f64 * grid.step[2];
    let near = |p: &&[f64; 3]| nz == 1 || (p[2] - height).abs() <= 0.5 * grid.step[2];
    let samples: Vec<[f64; 2]> = samples.iter().filter(near).map(|p| [p[0], p[1]]).collect();
    let field = Field {
        origin: [grid.origin[0], grid.origin[1]],
        step: [grid.step[0], grid.step[1]],
        count: [nx, ny],
        values: &values[level * nx * ny..][..nx * ny],
        samples: &samples,
    };
    let words = format!("Map of {heading}");
    let chart = chart::field(&field, [axes[0], axes[1], ""], &words);
    Panel { size: field.size(), heading, chart }
}

/// A histogram of values, some of which are known only by a limit.
pub fn histogram(values: &[(f64, bool)], heading: &str) -> Option<Panel> {
    let scale = Scale::around(values.iter().map(|v| v.0))?;
    let bins: Vec<Bin> = chart::bins(values, scale, 36);
    let words = format!("Histogram of {heading}");
    let chart = chart::histogram(&bins, scale, label, &words);
    let size = [560.0, 150.0];
    Some(Panel { heading: heading.into(), size, chart: sized(size, &chart) })
}

/// Quantiles against quantiles (along, up), with the line on which they would be equal.
pub fn quantiles(points: &[(f64, f64)], titles: (&str, &str)) -> Option<Panel> {
    let words = format!("Quantiles of {} against those of {}", titles.1, titles.0);
    Some(Panel {
        heading: format!("{} quantiles, equal on the line", points.len()),
        size: chart::SQUARE_SIZE,
        chart: chart::quantiles(points, titles, &words)?,
    })
}

/// Grade and tonnage by cut-off.
pub fn grade_tonnage(rows: &[CutoffRow], names: [&str; 3], heading: &str) -> Panel {
    let words = format!("{heading}: tonnage and grade above each cut-off");
    Panel {
        heading: heading.into(),
        size: chart::GRADE_TONNAGE_SIZE,
        chart: chart::grade_tonnage(rows, names, &words),
    }
}

fn sized([width, height]: [f64; 2], chart: &Markup) -> Markup {
    html! { svg width=(width) height=(height) viewBox=(format!("0 0 {width} {height}")) { (chart) } }
}

fn label(value: f64) -> String {
    value.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_of_a_model_are_cut() {
        let text = "0.05066044030547333 nug + 0.6 sph(897.006423946467; azimuth=-30)";
        assert_eq!(shortened(text), "0.05066 nug + 0.6 sph(897; azimuth=-30)");
    }
}
