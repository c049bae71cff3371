//! A register in the user's own columns: out, edited, and in again.

use std::path::{Path, PathBuf};

use tempfile::TempDir;
use varp_app::jobs::{self, GeoPackage, ImportDone, ImportOrder, Store};
use varp_engine::import::{Accept, Mapping};
use varp_model::{Operation, References, Visibility};

struct Demo {
    folder: TempDir,
    references: References,
}

impl Demo {
    fn new() -> Self {
        let demo =
            Self { folder: tempfile::tempdir().unwrap(), references: References::embedded() };
        jobs::write_demo(demo.folder.path()).unwrap();
        for table in jobs::demo_tables(demo.folder.path()) {
            let done = demo.import(&table.tables, &table.mapping, false);
            assert!(done.imported.is_some(), "{}", table.mapping.display());
        }
        demo
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn register(&self) -> PathBuf {
        self.path("register.gpkg")
    }

    fn store(&self) -> GeoPackage {
        jobs::open(&self.register()).unwrap()
    }

    fn import(&self, files: &[PathBuf], mapping: &Path, check: bool) -> ImportDone {
        let text = std::fs::read_to_string(mapping).unwrap();
        let order = ImportOrder {
            files,
            mapping: &Mapping::parse(&text).unwrap(),
            mapping_text: &text,
            accept: Accept::AllOrNothing,
            check,
            actor: "a test",
            references: &self.references,
        };
        jobs::import(&self.register(), &order, |_| Ok(()), |_| {}).unwrap()
    }

    fn export(&self, mapping: &Path, to: &Path) -> jobs::LaidOutFile {
        self.try_export(mapping, to).unwrap()
    }

    fn try_export(
        &self,
        mapping: &Path,
        to: &Path,
    ) -> Result<jobs::LaidOutFile, jobs::LayoutExportError> {
        let text = std::fs::read_to_string(mapping).unwrap();
        let layout = (&Mapping::parse(&text).unwrap(), text.as_str());
        jobs::export_layout(&self.store(), &self.references, layout, "", to)
    }
}

/// Fails with what an unedited export would change.
fn nothing_new(done: &ImportDone, name: &str) {
    let errors: Vec<String> = done.report.issues.groups().iter().map(ToString::to_string).collect();
    assert_eq!(done.report.issues.errors(), 0, "{name}: {}", errors.join("\n"));
    let review = done.review.as_ref().unwrap();
    let counts = review.counts;
    let changes: Vec<_> = review.changes.iter().take(5).collect();
    assert_eq!((counts.added, counts.changed, counts.assays), (0, 0, 0), "{name}: {changes:#?}");
    assert!(counts.unchanged > 0, "{name}");
}

#[test]
fn an_unedited_export_changes_nothing() {
    let demo = Demo::new();
    for table in jobs::demo_tables(demo.folder.path()) {
        let stem = table.mapping.file_stem().unwrap().to_string_lossy().into_owned();
        if std::fs::read_to_string(&table.mapping).unwrap().contains("geometry = true") {
            let to = demo.path(&format!("edited {stem}.xlsx"));
            let refused = demo.try_export(&table.mapping, &to).err().unwrap();
            assert!(refused.to_string().contains("write the bodies to"), "{refused}");
            continue;
        }
        let mut endings = vec!["xlsx"];
        if table.tables.len() == 1 && !stem.starts_with("suomi") {
            endings.push("csv");
        }
        for ending in endings {
            let to = demo.path(&format!("edited {stem}.{ending}"));
            let done = demo.export(&table.mapping, &to);
            assert!(done.rows > 0, "{stem}");
            let again = demo.import(&[to], &done.mapping, true);
            nothing_new(&again, &format!("{stem}.{ending}"));
        }
    }
}

#[test]
fn every_row_of_a_table_comes_back() {
    let demo = Demo::new();
    let to = demo.path("edited.xlsx");
    let done = demo.export(&demo.path("sverige_sandmagasin.toml"), &to);
    let all = jobs::whole(Vec::new());
    let bodies = demo.store().bodies(&all).unwrap().items;
    let of_file = |file: Option<&str>| file == Some("sverige_sandmagasin.csv");
    let read = bodies.iter().filter(|b| of_file(b.body.locator.file.as_deref())).count();
    assert_eq!((done.rows, done.notes), (read, Vec::<String>::new()));
}

#[test]
fn an_edit_is_told_as_old_and_new_before_it_is_made() {
    let demo = Demo::new();
    let to = demo.path("edited.csv");
    let done = demo.export(&demo.path("sverige_sandmagasin.toml"), &to);
    let text = std::fs::read_to_string(&to).unwrap();
    let edited = text.replace("Jan-Mattsdammen", "Jan-Matts dammen").replacen(";3,5;", ";3,7;", 1);
    assert_ne!(text, edited);
    std::fs::write(&to, edited).unwrap();
    let before = demo.store().version().unwrap();
    let checked = demo.import(std::slice::from_ref(&to), &done.mapping, true);
    assert_eq!(demo.store().version().unwrap(), before, "a check wrote");
    let review = checked.review.unwrap();
    assert_eq!((review.counts.added, review.counts.changed), (0, 2));
    let [body, claim] = &review.changes[..] else { panic!("{:#?}", review.changes) };
    assert_eq!((body.table.as_str(), body.operation), ("body", Operation::Update));
    assert!(body.before.as_ref().unwrap().contains("\"Jan-Mattsdammen\""));
    assert!(body.after.as_ref().unwrap().contains("\"Jan-Matts dammen\""));
    assert_eq!(claim.table, "claim");
    assert!(claim.before.as_ref().unwrap().contains("\"best\":3.5"));
    assert!(claim.after.as_ref().unwrap().contains("\"best\":3.7"));
    let made = demo.import(std::slice::from_ref(&to), &done.mapping, false);
    assert_eq!(made.imported.unwrap().1.changed, 2);
    // and what was edited is in the next export, which again changes nothing
    let next = demo.path("next.xlsx");
    let done = demo.export(&demo.path("sverige_sandmagasin.toml"), &next);
    nothing_new(&demo.import(&[next], &done.mapping, true), "after an edit");
    let log = demo.store().changes(&body.row, Visibility::Private).unwrap();
    assert_eq!(log.len(), 1);
}

#[test]
fn a_mapping_of_the_user_is_not_written_over() {
    let demo = Demo::new();
    let mapping = demo.path("norge_avgang.toml");
    let text = std::fs::read_to_string(&mapping).unwrap();
    let layout = (&Mapping::parse(&text).unwrap(), text.as_str());
    let to = demo.path("norge_avgang.xlsx");
    let done = jobs::export_layout(&demo.store(), &demo.references, layout, "", &to);
    assert!(done.unwrap_err().to_string().contains("is a mapping already"));
    assert_eq!(std::fs::read_to_string(&mapping).unwrap(), text);
    assert!(!to.exists());
}
