//! The mapping by which holes, filled forms and laboratory tables come back into the register.

use std::fmt::Write;

use varp_engine::pilot::sheet::Sheet;

use super::elements;

/// A mapping for the files of this study; `stem` starts their names.
pub fn toml(sheet: &Sheet, stem: &str) -> String {
    let origin = &sheet.origin;
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let (dataset, key) = (quoted(&origin.dataset), quoted(&origin.key));
    let title = quoted(&format!("Pilot study of {}", sheet.profile.name));
    let country = quoted(&sheet.profile.country);
    let mut text = format!(
        "# Brings the field work of this study into the register:\n\
         #   varp import {stem}-holes.csv {stem}-samples.csv --mapping {stem}-import.toml\n\
         # {stem}-samples.csv is the filled form as the form server exports it, or the layer\n\
         # \"samples\" of {stem}-field.gpkg saved as CSV. {stem}-lab.csv has the column sample_id and\n\
         # one column Cu_ppm, Zn_ppm … per element. A hole that was moved is corrected in the table of holes.\n\
         dataset = {dataset}\ncountry = {country}\n\n\
         [source]\ntitle = {title}\nreliability = \"own field work\"\n\n\
         [[table]]\nfile = \"*-holes.csv\"\ncrs = 4326\nignore = [\"stratum\", \"east_m\", \"north_m\", \"epsg\", \"samples\"]\n\n\
         [table.hole]\nkey = \"hole\"\nbody = {{ value = {key} }}\n\
         place = {{ x = \"longitude\", y = \"latitude\", accuracy_m = {{ value = \"5\" }} }}\n\
         depth = \"depth_m\"\n\n\
         [[table]]\nfile = \"*-samples.csv\"\nignore = [\"material\", \"remark\", \"start\", \"end\", \"SubmissionDate\", \"meta-instanceID\", \"KEY\"]\n\n\
         [table.sample]\nkey = \"sample_id\"\nbody = {{ value = {key} }}\nhole = \"hole\"\n\
         from = \"from_m\"\nto = \"to_m\"\ndate = \"date\"\nmass_kg = \"mass_kg\"\n\
         role = {{ column = \"role\", map = {{ \"field_duplicate\" = \"field duplicate\" }} }}\n\n\
         [table.assay_defaults]\nunit = \"ppm\"\nmethod = \"field XRF\"\nbasis = \"unstated\"\n"
    );
    for element in elements(sheet) {
        write!(
            text,
            "\n[[table.assay]]\ncolumn = \"pxrf_{element}_ppm\"\nsubstance = \"{element}\"\ndigestion = \"pxrf\"\n"
        )
        .expect("writing to a string");
    }
    write!(
        text,
        "\n[[table]]\nfile = \"*-lab.csv\"\n\n[table.sample]\nkey = \"sample_id\"\nexisting = true\n\n\
         [table.assay_defaults]\nunit = \"ppm\"\nmethod = \"laboratory\"\nbasis = \"dry\"\n"
    )
    .expect("writing to a string");
    for element in elements(sheet) {
        write!(
            text,
            "\n[[table.assay]]\ncolumn = \"{element}_ppm\"\nsubstance = \"{element}\"\ndigestion = \"four acid\"\n"
        )
        .expect("writing to a string");
    }
    text
}
