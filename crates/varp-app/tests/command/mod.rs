//! The program as it is started, stopped and killed.

mod crash;
mod options;
mod serve;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Samples of one table.
const ROWS: u64 = 1500;

/// The program, on a register in a folder, saying nothing.
fn varp(register: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_varp"));
    command.arg("-r").arg(register).env_remove("VARP_REGISTER");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// A table of samples of its own, with a mapping beside it.
fn table(folder: &Path, number: u32) -> PathBuf {
    let path = folder.join(format!("table{number}.csv"));
    let mut text = String::from("sample,x,y,Cu,W\n");
    for row in 0..ROWS {
        let (x, y) = (500_000 + row % 100, 6_700_000 + row / 100);
        text += &format!("T{number}-{row},{x},{y},{}.5,<{}\n", row % 90 + 1, row % 7 + 1);
    }
    std::fs::write(&path, text).unwrap();
    let mapping = "dataset = \"crash\"\n[source]\ntitle = \"Tables\"\n[[table]]\ncrs = 3006\n\
                   [table.sample]\nkey = \"sample\"\n[table.sample.place]\nx = \"x\"\ny = \"y\"\n\
                   [table.assay_defaults]\nbasis = \"dry\"\nunit = \"ppm\"\n\
                   [[table.assay]]\ncolumn = \"Cu\"\nsubstance = \"Cu\"\n\
                   [[table.assay]]\ncolumn = \"W\"\nsubstance = \"W\"\n";
    std::fs::write(path.with_extension("toml"), mapping).unwrap();
    path
}

/// `varp import` of a table.
fn import(register: &Path, table: &Path) -> Command {
    let mut command = varp(register);
    command.arg("import").arg(table);
    command
}
