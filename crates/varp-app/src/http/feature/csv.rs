//! Tables: RFC 4180, UTF-8, the same fields as the JSON form.

use std::borrow::Cow;

use super::{Feature, Value, write_value};

/// Writes the names of the columns: identity, place, fields.
pub fn write_header(out: &mut Vec<u8>, feature: &Feature<'_>) {
    let names = feature.properties.iter().map(|(name, _)| Cow::Borrowed(*name));
    let first = ["id", "longitude", "latitude"].map(Cow::Borrowed);
    write_line(out, first.into_iter().chain(names));
}

/// A header, then a row each; nothing at all without rows.
pub fn table<'a>(rows: impl Iterator<Item = Feature<'a>>) -> Vec<u8> {
    let mut out = Vec::new();
    for (at, row) in rows.enumerate() {
        if at == 0 {
            write_header(&mut out, &row);
        }
        write_row(&mut out, &row);
    }
    out
}

/// Writes one record. Words in a row stand in one cell with `; ` between.
pub fn write_row(out: &mut Vec<u8>, feature: &Feature<'_>) {
    let id = neutral(&feature.id);
    let degrees = [feature.place.map(|p| p.longitude()), feature.place.map(|p| p.latitude())];
    let degrees = degrees.map(|d| d.map(|d| (d * 1e7).round() / 1e7).into());
    let values = feature.properties.iter().map(|(_, value)| cell(value));
    write_line(out, std::iter::once(id).chain(degrees.iter().map(cell)).chain(values));
}

fn cell<'a>(value: &'a Value<'_>) -> Cow<'a, str> {
    match value {
        Value::Missing(_) => Cow::Borrowed(""),
        Value::Text(text) => neutral(text),
        Value::List(words) => Cow::Owned(neutral(&words.join("; ")).into_owned()),
        Value::Id(id) => Cow::Owned(id.to_string()),
        other => {
            let mut json = Vec::new();
            write_value(&mut json, other);
            Cow::Owned(String::from_utf8(json).expect("JSON is UTF-8"))
        }
    }
}

/// Text that a spreadsheet program would run as a formula gets an apostrophe before it, as OWASP
/// advises ("CSV injection"): names in a register come from strangers.
pub fn neutral(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err() {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

fn write_line<'a>(out: &mut Vec<u8>, cells: impl Iterator<Item = Cow<'a, str>>) {
    for (i, cell) in cells.enumerate() {
        if i > 0 {
            out.push(b',');
        }
        if cell.contains([',', '"', '\n', '\r']) {
            out.push(b'"');
            out.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
            out.push(b'"');
        } else {
            out.extend_from_slice(cell.as_bytes());
        }
    }
    out.extend_from_slice(b"\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_quotes_what_would_break_it_and_disarms_formulas() {
        let feature = Feature {
            id: "a".into(),
            place: varp_model::LonLat::new(17.5, 60.25),
            properties: vec![
                ("name", "Falu \"gruva\", dump".into()),
                ("note", "=HYPERLINK(\"x\")".into()),
                ("key", "-12.5".into()),
                ("aliases", Value::List(vec!["a".into(), "b".into()])),
                ("mass_t", None::<f64>.into()),
            ],
        };
        let mut out = Vec::new();
        write_header(&mut out, &feature);
        write_row(&mut out, &feature);
        let expected = "id,longitude,latitude,name,note,key,aliases,mass_t\r\n\
            a,17.5,60.25,\"Falu \"\"gruva\"\", dump\",\"'=HYPERLINK(\"\"x\"\")\",-12.5,a; b,\r\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
