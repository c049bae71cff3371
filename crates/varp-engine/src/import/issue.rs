//! Problems of an import: what is wrong, where, and what would help.

use std::fmt;
use std::sync::Arc;

use super::Code;

/// Whether a problem keeps data out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The row is refused, and with it the import unless valid rows are accepted alone.
    Error,
    /// A suspicion: the row is taken as it stands.
    Warning,
}

impl Severity {
    /// The word used in output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// A column as the user sees it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Column {
    /// Counted from 0.
    pub index: usize,
    /// Its header, which may be empty.
    pub header: Arc<str>,
}

/// Letters of a column in a spreadsheet: 0 is `A`, 26 is `AA`.
pub fn column_letters(index: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = index + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

/// Column counted from 0 of spreadsheet letters, in any case.
pub fn column_index(letters: &str) -> Option<usize> {
    if letters.is_empty() || letters.len() > 4 {
        return None;
    }
    let mut index = 0;
    for byte in letters.bytes() {
        let digit = byte.to_ascii_uppercase().checked_sub(b'A').filter(|d| *d < 26)?;
        index = index * 26 + usize::from(digit) + 1;
    }
    Some(index - 1)
}

/// Where a problem stands, as far as it stands at one place.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Name of the file.
    pub file: Arc<str>,
    /// Worksheet or layer; `None` for a text file.
    pub sheet: Option<Arc<str>>,
    /// Row as the user's program shows it, from 1.
    pub row: Option<u32>,
    /// Column.
    pub column: Option<Column>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(sheet) = &self.sheet {
            write!(f, ", sheet \"{sheet}\"")?;
        }
        if let Some(row) = self.row {
            write!(f, ", row {row}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", column {}", column_letters(column.index))?;
            if !column.header.is_empty() {
                write!(f, " ({})", column.header)?;
            }
        }
        Ok(())
    }
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// Whether it keeps data out.
    pub severity: Severity,
    /// What kind of problem it is.
    pub code: Code,
    /// Where it stands.
    pub place: Place,
    /// The cell as it stood.
    pub cell: Option<String>,
    /// What is wrong, in a sentence without a full stop.
    pub message: String,
    /// What would help.
    pub hint: Option<String>,
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)?;
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}

/// Identical faults of one column, shown as one.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The first of them.
    pub first: Issue,
    /// How many there are.
    pub count: u64,
    /// Rows of the next ones, a few.
    pub more_rows: Vec<u32>,
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = self.first.severity.word();
        write!(f, "{word}[{}] {}", self.first.code, self.first)?;
        if self.count > 1 {
            let rows: Vec<String> = self.more_rows.iter().map(u32::to_string).collect();
            write!(f, "\n  {} more", self.count - 1)?;
            if !rows.is_empty() {
                let dots = if self.count - 1 > rows.len() as u64 { " …" } else { "" };
                write!(f, ": rows {}{dots}", rows.join(", "))?;
            }
        }
        Ok(())
    }
}

/// All problems of a run, in the order found.
///
/// Every problem is counted; the first [`Issues::KEPT`] are kept whole.
#[derive(Clone, Debug, Default)]
pub struct Issues {
    kept: Vec<Issue>,
    groups: Vec<Group>,
    index: std::collections::HashMap<GroupKey, usize>,
    errors: u64,
    warnings: u64,
}

/// Problems without a row are told apart by their words.
type GroupKey = (Severity, Code, Arc<str>, Option<Arc<str>>, Option<usize>, Option<String>);

impl Issues {
    /// How many problems are kept whole; more are counted and grouped only.
    pub const KEPT: usize = 200_000;
    const ROWS_SHOWN: usize = 5;

    /// Adds a problem.
    pub fn add(&mut self, issue: Issue) {
        match issue.severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
        }
        let place = &issue.place;
        let column = place.column.as_ref().map(|c| c.index);
        let words = place.row.is_none().then(|| issue.message.clone());
        let (file, sheet) = (place.file.clone(), place.sheet.clone());
        let key = (issue.severity, issue.code, file, sheet, column, words);
        match self.index.get(&key) {
            Some(&at) => {
                let group = &mut self.groups[at];
                group.count += 1;
                if let Some(row) = place.row
                    && group.more_rows.len() < Self::ROWS_SHOWN
                {
                    group.more_rows.push(row);
                }
            }
            None => {
                self.index.insert(key, self.groups.len());
                self.groups.push(Group { first: issue.clone(), count: 1, more_rows: Vec::new() });
            }
        }
        if self.kept.len() < Self::KEPT {
            self.kept.push(issue);
        }
    }

    /// Adds problems.
    pub fn extend(&mut self, issues: impl IntoIterator<Item = Issue>) {
        issues.into_iter().for_each(|issue| self.add(issue));
    }

    /// The problems kept, in the order found.
    pub fn all(&self) -> &[Issue] {
        &self.kept
    }

    /// Identical faults as one, in the order of the first of each.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// How many problems keep data out.
    pub fn errors(&self) -> u64 {
        self.errors
    }

    /// How many are suspicions.
    pub fn warnings(&self) -> u64 {
        self.warnings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_columns_are_those_of_spreadsheets() {
        for (index, letters) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(column_letters(index), letters);
            assert_eq!(column_index(letters), Some(index));
        }
        assert_eq!(column_index("A1"), None);
    }
}
