//! The demonstration: real Nordic sites in the kind of tables people have.

use std::io;
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../demo/nordic"]
struct Files;

/// A mapping of the demonstration and the tables that it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoTable {
    /// The mapping.
    pub mapping: PathBuf,
    /// Its tables.
    pub tables: Vec<PathBuf>,
}

/// Writes the files of the demonstration to a folder; files that are there stay as they are.
///
/// # Errors
/// If a file cannot be written.
pub fn write_demo(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for name in Files::iter() {
        let path = folder.join(name.as_ref());
        if let (false, Some(file)) = (path.exists(), Files::get(&name)) {
            std::fs::write(path, file.data)?;
        }
    }
    Ok(())
}

/// Mappings in the folder with their tables: `name.csv` or `name_part.csv` for `name.toml`; the
/// archive of claims comes last, because it speaks of bodies of the others.
pub fn demo_tables(folder: &Path) -> Vec<DemoTable> {
    let mut names: Vec<String> = Files::iter().map(|n| n.into_owned()).collect();
    names.sort();
    let mut mappings: Vec<&str> = names.iter().filter_map(|n| n.strip_suffix(".toml")).collect();
    mappings.sort_by_key(|stem| (stem.contains("claims"), *stem));
    let belongs = |stem: &str, name: &str| {
        let rest = name.strip_prefix(stem).filter(|_| !name.ends_with(".toml"));
        rest.is_some_and(|r| (r.starts_with('.') || r.starts_with('_')) && !r.ends_with(".md"))
    };
    mappings
        .into_iter()
        .map(|stem| DemoTable {
            mapping: folder.join(format!("{stem}.toml")),
            tables: names.iter().filter(|n| belongs(stem, n)).map(|n| folder.join(n)).collect(),
        })
        .collect()
}
