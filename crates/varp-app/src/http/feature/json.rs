//! GeoJSON straight into bytes: no tree of values in between.

use std::io::Write;

use varp_model::{Geometry, LonLat};

use super::{Feature, Fields, Value};
use crate::http::link::Link;

/// Writes a feature; `links` stand beside its properties.
pub fn write_feature(out: &mut Vec<u8>, feature: &Feature<'_>, links: &[Link]) {
    out.extend_from_slice(b"{\"type\":\"Feature\",\"id\":");
    write_text(out, &feature.id);
    out.extend_from_slice(b",\"geometry\":");
    match feature.place {
        Some(place) => write_point(out, place),
        None => out.extend_from_slice(b"null"),
    }
    out.extend_from_slice(b",\"properties\":");
    write_fields(out, &feature.properties);
    if !links.is_empty() {
        out.extend_from_slice(b",\"links\":");
        write_links(out, links);
    }
    out.push(b'}');
}

/// Writes links as an array.
pub fn write_links(out: &mut Vec<u8>, links: &[Link]) {
    write_array(out, links, |out, link| {
        out.extend_from_slice(b"{\"href\":");
        write_text(out, &link.href);
        out.extend_from_slice(b",\"rel\":");
        write_text(out, link.rel);
        out.extend_from_slice(b",\"type\":");
        write_text(out, link.media);
        out.extend_from_slice(b",\"title\":");
        write_text(out, &link.title);
        out.push(b'}');
    });
}

/// Writes a value.
pub fn write_value(out: &mut Vec<u8>, value: &Value<'_>) {
    match value {
        Value::Missing(_) => out.extend_from_slice(b"null"),
        Value::Bool(yes) => out.extend_from_slice(if *yes { b"true" } else { b"false" }),
        Value::Int(count) => append(out, *count),
        Value::Number(number) => write_number(out, *number),
        Value::Text(text) => write_text(out, text),
        Value::Id(id) => {
            let mut buffer = uuid::Uuid::encode_buffer();
            out.push(b'"');
            out.extend_from_slice(id.hyphenated().encode_lower(&mut buffer).as_bytes());
            out.push(b'"');
        }
        Value::List(words) => write_array(out, words, |out, word| write_text(out, word)),
        Value::Records(records) => write_array(out, records, |out, fields| {
            write_fields(out, fields);
        }),
        Value::Shape(shape) => write_shape(out, shape),
    }
}

/// Writes a string with the escapes of JSON.
pub fn write_text(out: &mut Vec<u8>, text: &str) {
    serde_json::to_writer(out, text).expect("writing to memory cannot fail");
}

fn write_fields(out: &mut Vec<u8>, fields: &Fields<'_>) {
    out.push(b'{');
    for (i, (name, value)) in fields.iter().enumerate() {
        out.extend_from_slice(if i > 0 { b",\"" } else { b"\"" });
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"\":");
        write_value(out, value);
    }
    out.push(b'}');
}

fn write_array<T>(out: &mut Vec<u8>, items: &[T], mut write: impl FnMut(&mut Vec<u8>, &T)) {
    out.push(b'[');
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        write(out, item);
    }
    out.push(b']');
}

/// Writes the shortest decimal that reads back as the same number, `12.0` for a whole one: clients
/// guess the type of a field from its first values, and 12 would make it a field of integers.
fn write_number(out: &mut Vec<u8>, number: f64) {
    serde_json::to_writer(out, &number).expect("writing to memory cannot fail");
}

/// Degrees to 1e-7, a centimetre on the ground.
fn write_degrees(out: &mut Vec<u8>, degrees: f64) {
    write_number(out, (degrees * 1e7).round() / 1e7);
}

fn write_pair(out: &mut Vec<u8>, longitude: f64, latitude: f64) {
    out.push(b'[');
    write_degrees(out, longitude);
    out.push(b',');
    write_degrees(out, latitude);
    out.push(b']');
}

fn write_point(out: &mut Vec<u8>, place: LonLat) {
    out.extend_from_slice(b"{\"type\":\"Point\",\"coordinates\":");
    write_pair(out, place.longitude(), place.latitude());
    out.push(b'}');
}

fn write_shape(out: &mut Vec<u8>, shape: &Geometry) {
    let kind = match shape {
        Geometry::Point(_) => "Point",
        Geometry::Polygon(_) => "Polygon",
        Geometry::MultiPolygon(_) => "MultiPolygon",
    };
    append(out, format_args!("{{\"type\":\"{kind}\",\"coordinates\":"));
    match shape {
        Geometry::Point(point) => write_pair(out, point.x(), point.y()),
        Geometry::Polygon(polygon) => write_rings(out, polygon),
        Geometry::MultiPolygon(parts) => write_array(out, &parts.0, write_rings),
    }
    out.push(b'}');
}

fn write_rings(out: &mut Vec<u8>, polygon: &geo_types::Polygon<f64>) {
    let rings: Vec<_> = std::iter::once(polygon.exterior()).chain(polygon.interiors()).collect();
    write_array(out, &rings, |out, ring| {
        write_array(out, &ring.0, |out, c| write_pair(out, c.x, c.y));
    });
}

fn append(out: &mut Vec<u8>, what: impl std::fmt::Display) {
    write!(out, "{what}").expect("writing to memory cannot fail");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: impl Into<Value<'static>>) -> String {
        let mut out = Vec::new();
        write_value(&mut out, &value.into());
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers_are_shortest_and_whole_ones_keep_their_point() {
        assert_eq!(written(720_000.0), "720000.0");
        assert_eq!(written(0.1), "0.1");
        assert_eq!(written(-1.5e-9), "-1.5e-9");
        assert_eq!(written(f64::NAN), "null");
        assert_eq!(written(None::<f64>), "null");
    }

    #[test]
    fn text_is_escaped_as_json() {
        assert_eq!(written("a \"b\"\n\u{1}å"), r#""a \"b\"\n\u0001å""#);
    }

    #[test]
    fn a_polygon_with_a_hole_is_geojson() {
        let ring = |s: f64| vec![(0.0, 0.0), (s, 0.0), (s, s), (0.0, 0.0)].into();
        let polygon = geo_types::Polygon::new(ring(1.0), vec![ring(0.123_456_789)]);
        let shape = Geometry::Polygon(polygon);
        let mut out = Vec::new();
        write_value(&mut out, &Value::Shape(&shape));
        let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(json["type"], "Polygon");
        assert_eq!(json["coordinates"][1][1], serde_json::json!([0.1234568, 0.0]));
    }
}
