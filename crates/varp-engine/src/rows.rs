//! Rows of small tables that people keep by hand: CSV with a header, each problem told with row and column.

use serde::de::DeserializeOwned;

/// The rows as `T`, each with its number as the reader's program counts it, the header being row 1. Cells are trimmed;
/// lines that begin with `#` are comments.
///
/// # Errors
/// The row, the column, the cell and what is wrong with it; a column that is unknown or missing; no header.
pub fn rows<T: DeserializeOwned>(text: &str) -> Result<Vec<(u64, T)>, String> {
    // a line that ends is counted as the last one of its record
    let text = format!("{}\n", text.strip_prefix('\u{feff}').unwrap_or(text));
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|e| e.to_string())?.clone();
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|e| told(&e))? {
        // comments stand before a record in its own position: count from its end
        let within: usize = record.iter().map(|cell| cell.matches('\n').count()).sum();
        let row = reader.position().line().saturating_sub(1 + within as u64);
        let parsed = record.deserialize::<T>(Some(&headers));
        rows.push((row, parsed.map_err(|e| problem(&e, row, &headers, &record))?));
    }
    Ok(rows)
}

/// What is wrong with the shape of a row.
fn told(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            let row = pos.as_ref().map_or(0, csv::Position::line);
            format!(
                "row {row}: it has {len} cells, the header {expected_len}\n  hint: a cell with a comma in it stands \
                 in quotes"
            )
        }
        _ => error.to_string(),
    }
}

fn problem(
    error: &csv::Error,
    row: u64,
    headers: &csv::StringRecord,
    record: &csv::StringRecord,
) -> String {
    let csv::ErrorKind::Deserialize { err, .. } = error.kind() else { return error.to_string() };
    let at = err.field().and_then(|field| usize::try_from(field).ok());
    let place = |at: usize| {
        let column = headers.get(at).unwrap_or_default();
        let cell = record.get(at).unwrap_or_default();
        format!("row {row}, column {column}: \"{cell}\"")
    };
    match (err.kind(), at) {
        (csv::DeserializeErrorKind::ParseFloat(_), Some(at)) => {
            format!("{} is not a number such as 8100 or 0.15", place(at))
        }
        (csv::DeserializeErrorKind::ParseInt(_), Some(at)) => {
            format!("{} is not a whole number", place(at))
        }
        (csv::DeserializeErrorKind::ParseBool(_), Some(at)) => {
            format!("{} is neither true nor false", place(at))
        }
        (csv::DeserializeErrorKind::Message(message), _) => columns(message, row),
        (kind, _) => format!("row {row}: {kind}"),
    }
}

/// A message of the reader of structures, in words of a table.
fn columns(message: &str, row: u64) -> String {
    let quoted = |text: &str| text.split('`').nth(1).unwrap_or_default().to_owned();
    if message.starts_with("missing field") {
        return format!("the column {} is missing", quoted(message));
    }
    if let Some((unknown, known)) =
        message.split_once(", expected ").filter(|_| message.starts_with("unknown field"))
    {
        let known = known.trim_start_matches("one of ").replace('`', "");
        return format!("there is no column {}\n  hint: the columns are {known}", quoted(unknown));
    }
    format!("row {row}: {message}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Row {
        name: String,
        size: f64,
        #[serde(default)]
        open: bool,
    }

    #[test]
    fn a_table_is_read_with_its_row_numbers() {
        let text = "\u{feff}name,size\n# a comment\n a , 1.5\n\"b\nc\",2\nd,3";
        let found = rows::<Row>(text).unwrap();
        let told: Vec<(u64, &str, f64)> =
            found.iter().map(|(row, r)| (*row, r.name.as_str(), r.size)).collect();
        assert_eq!(told, [(3, "a", 1.5), (4, "b\nc", 2.0), (6, "d", 3.0)]);
    }

    #[test]
    fn every_problem_names_its_row_column_and_cell() {
        for (text, told) in [
            ("name,size\na,big\n", "row 2, column size: \"big\" is not a number"),
            ("name,size,open\na,1,ja\n", "row 2, column open: \"ja\" is neither true nor false"),
            ("name,size\na,1\nb\n", "row 3: it has 1 cells, the header 2"),
            ("name\na\n", "the column size is missing"),
            (
                "name,size,colour\na,1,red\n",
                "there is no column colour\n  hint: the columns are name, size, open",
            ),
        ] {
            let error = rows::<Row>(text).unwrap_err();
            assert!(error.starts_with(told), "{error}");
        }
    }
}
