//! Small CSV tables of `tests/oracle/`.

/// Columns of numbers by name; text that is no number becomes NaN.
pub struct Table {
    names: Vec<String>,
    rows: Vec<Vec<f64>>,
}

impl Table {
    /// Reads `tests/oracle/NAME`.
    pub fn read(name: &str) -> Self {
        let path = format!("{}/tests/oracle/{name}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
        let mut lines = text.lines();
        let names = lines.next().unwrap().split(',').map(|n| n.trim_matches('"').to_string());
        let number = |cell: &str| cell.trim_matches('"').parse().unwrap_or(f64::NAN);
        let rows = lines.map(|line| line.split(',').map(number).collect()).collect();
        Self { names: names.collect(), rows }
    }

    /// Rows of `tests/oracle/NAME` whose text in `column` is `value`.
    pub fn read_where(name: &str, column: &str, value: &str) -> Self {
        let path = format!("{}/tests/oracle/{name}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
        let cells = |line: &str| line.split(',').map(|c| c.trim_matches('"').to_string()).collect();
        let mut lines = text.lines().map(cells);
        let names: Vec<String> = lines.next().unwrap();
        let at = names.iter().position(|n| n == column).unwrap();
        let number = |cell: &String| cell.parse().unwrap_or(f64::NAN);
        let rows = lines.filter(|r| r[at] == value).map(|r| r.iter().map(number).collect());
        Self { rows: rows.collect(), names }
    }

    /// One column; of several with the same name the last.
    pub fn column(&self, name: &str) -> Vec<f64> {
        let at = self.names.iter().rposition(|n| n == name);
        let at = at.unwrap_or_else(|| panic!("no column {name} in {:?}", self.names));
        self.rows.iter().map(|row| row[at]).collect()
    }

    /// All rows.
    pub fn rows(&self) -> &[Vec<f64>] {
        &self.rows
    }
}

/// Asserts |got − want| ≤ tolerance · max(1, |want|).
#[track_caller]
pub fn close(got: f64, want: f64, tolerance: f64) {
    let difference = (got - want).abs();
    assert!(difference <= tolerance * want.abs().max(1.0), "{got} is not {want} ± {tolerance:e}");
}
