//! `varp geostat` as a stranger runs it: the program itself, on tables.

mod distributions;
mod doubts;
mod formats;
mod garbage;
mod levels;
mod methods;
#[cfg(unix)]
mod stop;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The model of gstat's manual for log zinc of Meuse.
const MODEL: &str = "0.05 nug + 0.59 sph(897)";

/// A folder with the Meuse table in it, its logarithms as `lzn`, `lcd`, `lcu`, `lpb`.
struct Bench {
    folder: tempfile::TempDir,
}

fn oracle(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../varp-geostat/tests/oracle").join(name)
}

/// Columns of a CSV file by name; empty cells are NaN.
fn read(path: &Path) -> Vec<(String, Vec<f64>)> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let mut columns: Vec<(String, Vec<f64>)> = names.into_iter().map(|n| (n, Vec::new())).collect();
    for row in reader.records().map(Result::unwrap) {
        for (column, cell) in columns.iter_mut().zip(row.iter()) {
            column.1.push(cell.parse().unwrap_or(f64::NAN));
        }
    }
    columns
}

fn column(path: &Path, name: &str) -> Vec<f64> {
    let found = read(path).into_iter().find(|c| c.0 == name);
    found.unwrap_or_else(|| panic!("{} has no {name}", path.display())).1
}

fn assert_close(got: &[f64], want: &[f64], tolerance: f64) {
    assert_eq!(got.len(), want.len());
    for (row, (a, b)) in got.iter().zip(want).enumerate() {
        assert!((a - b).abs() <= tolerance * b.abs().max(1.0), "row {row}: {a} is not {b}");
    }
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let columns = read(&oracle("meuse.csv"));
        let value = |name: &str, row: usize| {
            columns.iter().find(|c| c.0.trim_matches('"') == name).unwrap().1[row]
        };
        let mut text = String::from("x,y,dist,zinc,lead,lzn,lcd,lcu,lpb,sqrtdist\n");
        for row in 0..columns[0].1.len() {
            let mut cells: Vec<f64> =
                ["x", "y", "dist", "zinc", "lead"].map(|n| value(n, row)).to_vec();
            cells.extend(["zinc", "cadmium", "copper", "lead"].map(|n| value(n, row).ln()));
            cells.push(value("dist", row).sqrt());
            let cells: Vec<String> = cells.iter().map(f64::to_string).collect();
            text.push_str(&cells.join(","));
            text.push('\n');
        }
        std::fs::write(folder.path().join("meuse.csv"), text).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program in the folder.
    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_varp"));
        command.arg("geostat").args(words).current_dir(self.folder.path());
        command
    }

    /// Runs in the folder.
    fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    /// Runs and must succeed; returns what was printed.
    fn ok(&self, words: &[&str]) -> String {
        let output = self.run(words);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{words:?}\n{told}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs and must be refused; returns what was told.
    fn refused(&self, words: &[&str]) -> String {
        let output = self.run(words);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{words:?}\n{told}");
        assert!(!told.contains("panicked"), "{words:?}\n{told}");
        told
    }

    /// As [`Bench::ok`] for an action on the Meuse table.
    fn meuse(&self, action: &str, value: &str, words: &[&str]) -> String {
        let start = [action, "meuse.csv", "--x", "x", "--y", "y", "--value", value];
        self.ok(&[&start[..], words].concat())
    }
}
