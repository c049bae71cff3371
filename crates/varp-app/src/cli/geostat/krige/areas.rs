//! Polygons as supports: read from GeoJSON or a table of corners, filled with points.

use std::path::Path;

use anyhow::{Context, bail};
use serde_json::Value;

use crate::cli::geostat::table::{Axes, Table, numbered};

/// Rings of one polygon; holes are rings too.
type Rings = Vec<Vec<[f64; 2]>>;

/// Named polygons, each by points of equal weight.
pub struct Areas {
    /// Names, in the order of the file.
    pub names: Vec<String>,
    /// Points inside.
    pub points: Vec<Vec<[f64; 3]>>,
}

/// Reads polygons and lays about `parts` points over the box around each.
pub fn read(
    path: &Path,
    name: Option<&str>,
    axes: &Axes,
    parts: [usize; 3],
) -> anyhow::Result<Areas> {
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    let polygons = match ending.as_deref() {
        Some("geojson" | "json") => geojson(path, name)?,
        _ => corners(path, name, axes)?,
    };
    if polygons.is_empty() {
        bail!("{} holds no polygon", path.display());
    }
    let mut areas = Areas { names: Vec::new(), points: Vec::new() };
    for (name, height, rings) in polygons {
        let points = filled(&rings, height, parts)
            .with_context(|| format!("polygon {name} of {} has no area", path.display()))?;
        areas.names.push(name);
        areas.points.push(points);
    }
    Ok(areas)
}

fn corners(
    path: &Path,
    name: Option<&str>,
    axes: &Axes,
) -> anyhow::Result<Vec<(String, f64, Rings)>> {
    let Some(name) = name else {
        bail!("say which column of {} names the polygon: --area COLUMN", path.display());
    };
    let table = Table::read(path)?;
    let (names, places) = (table.texts(name)?, table.places(axes)?);
    let ids = numbered(names.clone());
    let count = ids.iter().max().map_or(0, |m| *m as usize + 1);
    let mut polygons: Vec<(String, Vec<[f64; 3]>)> = vec![Default::default(); count];
    for ((id, name), place) in ids.into_iter().zip(names).zip(places) {
        polygons[id as usize].0 = name;
        polygons[id as usize].1.push(place);
    }
    let mean = |c: &[[f64; 3]]| c.iter().map(|p| p[2]).sum::<f64>() / c.len() as f64;
    let flat = |c: &[[f64; 3]]| vec![c.iter().map(|p| [p[0], p[1]]).collect()];
    Ok(polygons.into_iter().map(|(n, c)| (n, mean(&c), flat(&c))).collect())
}

fn geojson(path: &Path, name: Option<&str>) -> anyhow::Result<Vec<(String, f64, Rings)>> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("reading {shown}"))?;
    let document: Value =
        serde_json::from_str(&text).with_context(|| format!("reading {shown}"))?;
    let Some(features) = document["features"].as_array() else {
        bail!("{shown} is no GeoJSON FeatureCollection");
    };
    let mut polygons = Vec::new();
    for (i, feature) in features.iter().enumerate() {
        let given = name.map_or(&feature["id"], |n| &feature["properties"][n]);
        let label = match given {
            Value::String(text) => text.clone(),
            Value::Null => (i + 1).to_string(),
            other => other.to_string(),
        };
        let geometry = &feature["geometry"];
        let coordinates = &geometry["coordinates"];
        let parts: Option<Rings> = match geometry["type"].as_str() {
            Some("Polygon") => rings(coordinates),
            Some("MultiPolygon") => coordinates
                .as_array()
                .and_then(|all| all.iter().map(rings).collect::<Option<Vec<Rings>>>())
                .map(|all| all.concat()),
            _ => None,
        };
        let parts = parts.with_context(|| format!("{shown}: feature {label} is no polygon"))?;
        polygons.push((label, 0.0, parts));
    }
    Ok(polygons)
}

fn rings(coordinates: &Value) -> Option<Rings> {
    let corner = |c: &Value| {
        let (x, y) = (c.get(0)?.as_f64()?, c.get(1)?.as_f64()?);
        (x.is_finite() && y.is_finite()).then_some([x, y])
    };
    let ring = |r: &Value| r.as_array()?.iter().map(corner).collect::<Option<Vec<_>>>();
    coordinates.as_array()?.iter().map(ring).collect()
}

/// Points at the centres of equal cells of the box, where they lie inside; the cells are halved
/// until there are some.
fn filled(rings: &Rings, height: f64, parts: [usize; 3]) -> Option<Vec<[f64; 3]>> {
    let corners = || rings.iter().flatten();
    let low = [0, 1].map(|d| corners().map(|c| c[d]).fold(f64::INFINITY, f64::min));
    let high = [0, 1].map(|d| corners().map(|c| c[d]).fold(f64::NEG_INFINITY, f64::max));
    for finer in 0..7 {
        let count = [parts[0] << finer, parts[1] << finer];
        let at =
            |d: usize, i: usize| low[d] + (high[d] - low[d]) * (i as f64 + 0.5) / count[d] as f64;
        let points: Vec<[f64; 3]> = (0..count[1])
            .flat_map(|j| (0..count[0]).map(move |i| (i, j)))
            .map(|(i, j)| [at(0, i), at(1, j), height])
            .filter(|p| is_inside(rings, [p[0], p[1]]))
            .collect();
        if !points.is_empty() {
            return Some(points);
        }
    }
    None
}

/// Even–odd rule over all rings.
fn is_inside(rings: &Rings, [x, y]: [f64; 2]) -> bool {
    let mut inside = false;
    for ring in rings {
        for i in 0..ring.len() {
            let (a, b) = (ring[i], ring[(i + 1) % ring.len()]);
            if (a[1] > y) != (b[1] > y) && x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]) {
                inside = !inside;
            }
        }
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_fill_a_polygon_but_not_its_hole() {
        let square = |a: f64, b: f64| vec![[a, a], [b, a], [b, b], [a, b]];
        let points = filled(&vec![square(0.0, 8.0), square(2.0, 6.0)], 1.0, [8, 8, 1]).unwrap();
        assert_eq!(points.len(), 64 - 16);
        assert!(points.iter().all(|p| p[2] == 1.0));
    }

    #[test]
    fn a_thin_polygon_gets_points_and_a_line_none() {
        let thin = vec![vec![[0.0, 0.0], [100.0, 99.0], [100.0, 100.0]]];
        assert!(filled(&thin, 0.0, [2, 2, 1]).is_some());
        assert!(filled(&vec![vec![[0.0, 0.0], [1.0, 1.0]]], 0.0, [4, 4, 1]).is_none());
    }
}
