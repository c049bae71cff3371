//! The map layers of a study, for QGIS and QField.

use std::path::Path;

use geo_types::{LineString, Point, Polygon};
use varp_engine::pilot::ground::Ground;
use varp_engine::pilot::sheet::Sheet;
use varp_model::{CellValue, Crs, Geometry};
use varp_store::StoreError;
use varp_store::layers::{ColumnType, Layer, LayerFile, Shape};

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
    let mut file = LayerFile::create(path)?;
    planned_holes(&mut file, sheet)?;
    samples(&mut file, questions)?;
    let drawing = &sheet.drawing;
    let crs = sheet.epsg.and_then(|code| Crs::from_epsg(code).ok());
    if let Some(ground) = crs.map(|crs| Ground { crs }) {
        let outline = ("outline", "Outline of each stratum.");
        areas(&mut file, outline, &drawing.outlines, &ground)?;
        let no_go = ("no_go", "Areas that must not be drilled.");
        areas(&mut file, no_go, &drawing.no_go, &ground)?;
        file.layer(&Layer {
            name: "sampled_before",
            description: "Places sampled before this study.",
            shape: Shape::Point,
            columns: &[],
        })?;
        for place in ground.places(&drawing.existing).unwrap_or_default() {
            file.add(Some(&point(place.longitude(), place.latitude())), Vec::new())?;
        }
    }
    file.finish()
}

fn planned_holes(file: &mut LayerFile, sheet: &Sheet) -> Result<(), StoreError> {
    file.layer(&Layer {
        name: "planned_holes",
        description: "Holes to be drilled; set done when one is finished.",
        shape: Shape::Point,
        columns: &[
            ("hole", ColumnType::Text),
            ("stratum", ColumnType::Text),
            ("depth_m", ColumnType::Real),
            ("samples", ColumnType::Integer),
            ("east_m", ColumnType::Real),
            ("north_m", ColumnType::Real),
            ("epsg", ColumnType::Integer),
            ("done", ColumnType::Boolean),
        ],
    })?;
    let epsg = sheet.epsg.map_or(CellValue::Empty, |code| CellValue::Number(f64::from(code)));
    for hole in &sheet.holes {
        let Some((longitude, latitude)) = hole.degrees else { continue };
        let values = vec![
            CellValue::Text(hole.name.clone()),
            CellValue::Text(hole.stratum.clone()),
            CellValue::Number(hole.depth_m),
            CellValue::Number(hole.samples as f64),
            CellValue::Number(hole.east_m),
            CellValue::Number(hole.north_m),
            epsg.clone(),
            CellValue::Empty,
        ];
        file.add(Some(&point(longitude, latitude)), values)?;
    }
    Ok(())
}

fn samples(file: &mut LayerFile, questions: &[Question]) -> Result<(), StoreError> {
    let kind = |q: &Question| match q.answer {
        Answer::Number => ColumnType::Real,
        _ => ColumnType::Text,
    };
    let columns: Vec<_> = questions.iter().map(|q| (q.name.as_str(), kind(q))).collect();
    file.layer(&Layer {
        name: "samples",
        description: "Samples taken: one point each, columns as in the field form.",
        shape: Shape::Point,
        columns: &columns,
    })
}

fn areas(
    file: &mut LayerFile,
    (name, description): (&str, &str),
    rings: &[Vec<(f64, f64)>],
    ground: &Ground,
) -> Result<(), StoreError> {
    let columns = &[("number", ColumnType::Integer)];
    file.layer(&Layer { name, description, shape: Shape::Polygon, columns })?;
    for (k, ring) in rings.iter().enumerate() {
        let Ok(places) = ground.places(ring) else { continue };
        let corners: Vec<_> = places.iter().map(|p| (p.longitude(), p.latitude())).collect();
        if corners.is_empty() {
            continue;
        }
        let polygon = Polygon::new(LineString::from(corners), Vec::new()); // it closes the ring
        file.add(Some(&Geometry::Polygon(polygon)), vec![CellValue::Number(k as f64 + 1.0)])?;
    }
    Ok(())
}

fn point(longitude: f64, latitude: f64) -> Geometry {
    Geometry::Point(Point::new(longitude, latitude))
}
