//! The estimator that the flags describe.

use anyhow::{Context, bail};
use varp_geostat::krige::{Kriging, Method, Search, Trend};
use varp_geostat::model::{Ellipsoid, Model, Rotation};
use varp_geostat::search::Neighbourhood;

use super::arguments::Estimator;
use super::table::numbers;

/// Columns of an external drift; the drifts of coordinates have none.
pub fn drift_columns(estimator: &Estimator) -> Vec<String> {
    let words = estimator.drift.as_deref().map(|d| d.split(',').map(str::trim));
    let columns = words.into_iter().flatten().filter(|w| !["linear", "quadratic"].contains(w));
    columns.map(str::to_owned).collect()
}

/// The trend that `--drift` asks for: a drift of coordinates, of columns, or of both.
fn trend(drift: &str, estimator: &Estimator, dimensions: usize) -> Trend {
    let has = |word: &str| drift.split(',').any(|w| w.trim() == word);
    let external = drift_columns(estimator).len();
    let of_place = match (has("quadratic"), has("linear")) {
        (true, _) => Trend::quadratic(dimensions),
        (_, true) => Trend::linear(dimensions),
        _ => return Trend::external(external),
    };
    Trend { external, ..of_place }
}

/// The kriging that the arguments describe.
pub fn kriging(
    estimator: &Estimator,
    dimensions: usize,
    samples: usize,
) -> anyhow::Result<Kriging> {
    let model = parse_model(&estimator.model)?;
    let method = match (estimator.drift.as_deref(), estimator.method.as_str()) {
        (Some(drift), _) => Method::Universal(trend(drift, estimator, dimensions)),
        (None, "ok") => Method::Ordinary,
        (None, method) => match method.strip_prefix("sk:").map(str::parse::<f64>) {
            Some(Ok(mean)) if mean.is_finite() => Method::Simple { mean },
            _ => bail!("--method {method} is neither ok nor sk:MEAN, such as sk:5.9"),
        },
    };
    let ellipsoid = match (&estimator.ellipsoid, estimator.maxdist) {
        (Some(text), _) => Some(parse_ellipsoid(text)?),
        (None, Some(radius)) => Some(Ellipsoid::ball(radius)),
        (None, None) => None,
    };
    let moving = estimator.nmax.is_some()
        || ellipsoid.is_some()
        || estimator.octants.is_some()
        || estimator.per_hole.is_some();
    let search = if moving {
        Search::Moving(Neighbourhood {
            max_samples: estimator.nmax.unwrap_or(samples.max(1)),
            min_samples: estimator.nmin,
            ellipsoid,
            max_per_octant: estimator.octants,
            max_per_hole: estimator.per_hole,
        })
    } else {
        Search::Global
    };
    Ok(Kriging { model, method, search })
}

/// Reads a model string.
pub fn parse_model(text: &str) -> anyhow::Result<Model> {
    text.parse().with_context(|| format!("understanding the model \"{text}\""))
}

fn parse_ellipsoid(text: &str) -> anyhow::Result<Ellipsoid> {
    let [a, b, c, azimuth, dip, plunge] = numbers(text, "--ellipsoid")?[..] else {
        bail!("--ellipsoid takes three radii, azimuth, dip, plunge: 120,72,30,40,-20,0");
    };
    Ok(Ellipsoid { radii: [a, b, c], rotation: Rotation { azimuth, dip, plunge } })
}
