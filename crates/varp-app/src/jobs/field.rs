//! The map layers of a study, for QGIS and QField.

use std::path::Path;

use geo_types::{LineString, Point, Polygon};
use varp_engine::pilot::ground::Ground;
use varp_engine::pilot::sheet::Sheet;
use varp_model::{Crs, Geometry};
use varp_store::StoreError;
use varp_store::layers::{ColumnType, Layer, Shape, Value, write};

use crate::field::{Answer, Question};

/// Writes planned holes, outlines, no-go areas, places sampled before, and an empty layer for the
/// samples that are to be taken, to a new file.
///
/// # Errors
/// If the file cannot be written.
pub fn write_field_layers(
    sheet: &Sheet,
    questions: &[Question],
    path: &Path,
) -> Result<(), StoreError> {
    let mut layers = vec![planned_holes(sheet), samples(questions)];
    let drawing = &sheet.drawing;
    let crs = sheet.epsg.and_then(|code| Crs::from_epsg(code).ok());
    if let Some(ground) = crs.map(|crs| Ground { crs }) {
        let outline = "Outline of each stratum.";
        layers.push(areas("outline", outline, &drawing.outlines, &ground));
        layers.push(areas("no_go", "Areas that must not be drilled.", &drawing.no_go, &ground));
        let before = ground.places(&drawing.existing).unwrap_or_default();
        layers.push(Layer {
            name: "sampled_before",
            description: "Places sampled before this study.",
            shape: Shape::Point,
            columns: Vec::new(),
            features: before
                .iter()
                .map(|p| (Geometry::Point(Point::new(p.longitude(), p.latitude())), Vec::new()))
                .collect(),
        });
    }
    write(path, &layers)
}

fn planned_holes(sheet: &Sheet) -> Layer {
    let column = |name: &str, kind| (name.to_owned(), kind);
    let text = |words: &str| Value::Text(words.to_owned());
    let epsg = sheet.epsg.map_or(Value::Missing, |code| Value::Integer(i64::from(code)));
    let holes = sheet.holes.iter().filter_map(|hole| {
        let (longitude, latitude) = hole.degrees?;
        let values = vec![
            text(&hole.name),
            text(&hole.stratum),
            Value::Real(hole.depth_m),
            Value::Integer(hole.samples as i64),
            Value::Real(hole.east_m),
            Value::Real(hole.north_m),
            epsg.clone(),
            Value::Missing,
        ];
        Some((Geometry::Point(Point::new(longitude, latitude)), values))
    });
    Layer {
        name: "planned_holes",
        description: "Holes to be drilled; set done when one is finished.",
        shape: Shape::Point,
        columns: vec![
            column("hole", ColumnType::Text),
            column("stratum", ColumnType::Text),
            column("depth_m", ColumnType::Real),
            column("samples", ColumnType::Integer),
            column("east_m", ColumnType::Real),
            column("north_m", ColumnType::Real),
            column("epsg", ColumnType::Integer),
            column("done", ColumnType::Integer),
        ],
        features: holes.collect(),
    }
}

fn samples(questions: &[Question]) -> Layer {
    let typed = |q: &Question| {
        let kind = if q.answer == Answer::Number { ColumnType::Real } else { ColumnType::Text };
        (q.name.clone(), kind)
    };
    Layer {
        name: "samples",
        description: "Samples taken: one point each, columns as in the field form.",
        shape: Shape::Point,
        columns: questions.iter().map(typed).collect(),
        features: Vec::new(),
    }
}

fn areas(
    name: &'static str,
    description: &'static str,
    rings: &[Vec<(f64, f64)>],
    ground: &Ground,
) -> Layer {
    let area = |(k, ring): (usize, &Vec<(f64, f64)>)| {
        let mut places = ground.places(ring).ok()?;
        places.push(*places.first()?);
        let corners: Vec<(f64, f64)> =
            places.iter().map(|p| (p.longitude(), p.latitude())).collect();
        let polygon = Polygon::new(LineString::from(corners), Vec::new());
        Some((Geometry::Polygon(polygon), vec![Value::Integer(k as i64 + 1)]))
    };
    Layer {
        name,
        description,
        shape: Shape::Polygon,
        columns: vec![("number".to_owned(), ColumnType::Integer)],
        features: rings.iter().enumerate().filter_map(area).collect(),
    }
}
