//! A drill campaign with its blemishes, from tables to estimate, page and block model: lost core, holes that
//! stopped short, values below a limit, duplicates, reference materials, blanks, a wet density.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use varp_model::{ResultKind, Visibility};
use varp_store::{GeoPackage, Store};

const MAPPING: &str = r#"
dataset = "campaign"
country = "SE"
[source]
title = "Drill campaign"
[[table]]
file = "ponds.geojson"
crs = 4326
[table.site]
key = "ID"
name = "Site"
[table.body]
key = "ID"
name = "Name"
kind = { value = "tailings" }
place = { geometry = true }
[[table.claim]]
subject = "body"
property = "density"
column = "Density"
unit = "t/m3"
basis = "wet"
term = "remaining"
[[table]]
file = "collar.csv"
crs = 32633
[table.hole]
key = "HOLE"
body = { value = "P1" }
place = { x = "E", y = "N" }
depth = "DEPTH"
[[table.claim]]
subject = "hole"
property = "reached_base"
column = "BASE"
[[table]]
file = "assay.csv"
[table.sample]
key = "ID"
body = { value = "P1" }
hole = "HOLE"
from = "FROM"
to = "TO"
role = "TYPE"
[table.assay_defaults]
unit = "ppm"
basis = "dry"
[[table.assay]]
column = "Cu"
substance = "Cu"
[[table.assay]]
column = "Co"
substance = "Co"
[[table.claim]]
subject = "sample"
property = "certified"
substance = "Cu"
column = "CERT"
unit = "ppm"
basis = "dry"
term = "unstated"
"#;

/// 4 × 4 holes of 6 m over a pond of 240 m by 240 m at 63° north.
fn write(folder: &Path) -> PathBuf {
    let (west, south) = (15.0, 63.126);
    let (wide, high) = (240.0 / 50_480.0, 240.0 / 111_400.0);
    let corners = [(0.0, 0.0), (wide, 0.0), (wide, high), (0.0, high), (0.0, 0.0)];
    let ring: Vec<[f64; 2]> = corners.iter().map(|(x, y)| [west + x, south + y]).collect();
    let pond = serde_json::json!({ "type": "FeatureCollection", "features": [{
        "type": "Feature",
        "properties": { "ID": "P1", "Site": "Old mine", "Name": "North pond", "Density": 1.9 },
        "geometry": { "type": "Polygon", "coordinates": [ring] },
    }]});
    fs::write(folder.join("ponds.geojson"), pond.to_string()).unwrap();
    let mut collars = String::from("HOLE,E,N,DEPTH,BASE\n");
    let mut assays = String::from("ID,HOLE,FROM,TO,TYPE,Cu,Co,CERT\n");
    let mut number = 0;
    for hole in 0..16 {
        let (x, y) = (500_030 + 60 * (hole % 4), 6_999_800 + 30 + 60 * (hole / 4));
        let (depth, base) = match hole {
            5 => (3, "nej"),
            9 => (6, ""),
            // people write in their own language
            0 => (6, "ja"),
            1 => (6, "Kyllä"),
            _ => (6, "yes"),
        };
        // the last collar was typed wrong
        let x = if hole == 15 { x + 100_000 } else { x };
        collars += &format!("H{hole},{x},{y},{depth},{base}\n");
        for from in (0..depth).filter(|from| (hole, *from) != (2, 3)) {
            number += 1;
            let (to, cu) = (from + 1, 900 + (number * 37) % 400);
            let co = if number % 3 == 0 { "<10".to_owned() } else { (10 + number % 9).to_string() };
            assays += &format!("S{number},H{hole},{from},{to},original,{cu},{co},\n");
            if number % 12 == 0 {
                let again = cu + 20;
                assays += &format!("D{number},H{hole},{from},{to},field duplicate,{again},{co},\n");
            }
            if number % 30 == 0 {
                assays += &format!("B{number},,,,blank,<1,<1,\n");
                assays += &format!("C{number},,,,standard,{},,980–1020\n", 990 + number % 20);
            }
        }
    }
    fs::write(folder.join("collar.csv"), collars).unwrap();
    fs::write(folder.join("assay.csv"), assays).unwrap();
    let mapping = folder.join("mapping.toml");
    fs::write(&mapping, MAPPING).unwrap();
    mapping
}

fn varp(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_varp"));
    command.current_dir(folder).env_remove("VARP_REGISTER").args(["-r", "r.gpkg"]).args(arguments);
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    let texts = [&output.stdout, &output.stderr].map(|t| String::from_utf8_lossy(t).into_owned());
    texts.concat()
}

fn imported() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    import(folder.path());
    folder
}

fn import(folder: &Path) {
    let files = ["ponds.geojson", "collar.csv", "assay.csv"];
    let import = [&["import"], &files[..], &["--mapping", "mapping.toml"]].concat();
    let done = varp(folder, &import);
    assert!(done.status.success(), "{}", said(&done));
}

#[test]
fn a_campaign_with_blemishes_is_explained_estimated_replayed_and_written_out() {
    let folder = imported();
    let explained = varp(folder.path(), &["estimate", "North pond", "--explain"]);
    let text = said(&explained);
    for part in [
        "holes: 14 reached natural ground, 1 stopped short of it, of 1 nothing says",
        "7 pairs of field duplicate",
        "a reference material 3 times, 0 beyond 3 deviations",
        "3 blanks, 0 dirty",
        "1.90 t/m3 wet",
        "no moisture is stated",
        "[mass.thickness]",
        "epsg = 32633",
    ] {
        assert!(text.contains(part), "{part} is not in:\n{text}");
    }
    let blocks = folder.path().join("blocks.parquet");
    let made = varp(
        folder.path(),
        &["estimate", "North pond", "--draws", "500", "--json", "--export", "blocks.parquet"],
    );
    assert!(made.status.success(), "{}", said(&made));
    let bytes = fs::read(blocks).unwrap();
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
    assert!(String::from_utf8_lossy(&bytes).contains("\"code\":32633"), "the system is written");
    let document: Value = serde_json::from_slice(&made.stdout).unwrap();
    let statement = &document["statement"];
    // 57,600 m² by 6 m by the prior's density
    let volume = statement["volume_m3"][1].as_f64().unwrap();
    assert!((volume / (57_600.0 * 6.0) - 1.0).abs() < 0.03, "{volume}");
    let warnings = statement["warnings"].to_string();
    for part in ["1 holes stopped short of the base", "H15 (", "its coordinates are wrong"] {
        assert!(warnings.contains(part), "{warnings}");
    }
    let copper = statement["products"].as_array().unwrap();
    let copper = copper.iter().find(|p| p["substance"] == "Cu").unwrap();
    let quality = &copper["sampled"]["quality"];
    assert_eq!(quality["blanks"], serde_json::json!([3, 0]));
    assert_eq!(quality["duplicates"][0][1], 7);
    let stored = said(&made);
    let id = stored.split("stored as ").nth(1).unwrap().split(',').next().unwrap().to_owned();
    let again = varp(folder.path(), &["estimate", "--replay", &id]);
    assert!(again.status.success(), "{}", said(&again));

    // what is said of the holes is closed later: the estimate that took it is closed too
    let register = folder.path().join("r.gpkg");
    let seen = |audience| {
        let store = GeoPackage::open(&register).unwrap();
        store.latest_results(ResultKind::Estimate, audience).unwrap().len()
    };
    assert_eq!(seen(Visibility::Public), 1);
    let closed = "property = \"reached_base\"\nvisibility = \"private\"";
    let mapping = MAPPING.replace("property = \"reached_base\"", closed);
    fs::write(folder.path().join("mapping.toml"), mapping).unwrap();
    import(folder.path());
    assert_eq!((seen(Visibility::Public), seen(Visibility::Private)), (0, 1));
}

#[test]
fn a_block_model_too_large_to_be_kept_with_its_result_is_written_all_the_same() {
    let folder = imported();
    let explained = varp(folder.path(), &["estimate", "North pond", "--explain"]);
    let plan = String::from_utf8(explained.stdout).unwrap();
    assert!(plan.contains("by_zone = false"), "{plan}");
    let fine = plan.replace("by_zone = false", "by_zone = false\nblock_m = [4.0, 4.0, 1.0]");
    fs::write(folder.path().join("fine.toml"), fine.replace("draws = 10000", "draws = 500"))
        .unwrap();
    let order = ["estimate", "--plan", "fine.toml", "--dry-run", "--export", "fine.csv"];
    let made = varp(folder.path(), &order);
    assert!(made.status.success(), "{}", said(&made));
    let rows = fs::read_to_string(folder.path().join("fine.csv")).unwrap().lines().count() - 1;
    assert!(rows > 20_000 && said(&made).contains(&format!("wrote {rows} blocks")), "{rows}");
}

/// A hole of 6 m that leaves the surface at 60° ends 5.2 m below it: so thick is the body there.
#[test]
fn the_thickness_at_an_inclined_hole_is_its_depth_and_not_its_length() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    let mut surveys = String::from("HOLE,AT,AZ,DIP\n");
    (0..16).for_each(|hole| surveys += &format!("H{hole},0,45,60\n"));
    fs::write(folder.path().join("survey.csv"), surveys).unwrap();
    let survey = "[[table]]\nfile = \"survey.csv\"\ndip = \"positive down\"\n[table.survey]\nhole = \"HOLE\"\n\
                  depth = \"AT\"\nazimuth = \"AZ\"\ndip = \"DIP\"\n";
    fs::write(folder.path().join("mapping.toml"), MAPPING.to_owned() + survey).unwrap();
    let files = ["import", "ponds.geojson", "collar.csv", "survey.csv", "assay.csv"];
    let done = varp(folder.path(), &[&files[..], &["--mapping", "mapping.toml"]].concat());
    assert!(done.status.success(), "{}", said(&done));
    let explained = said(&varp(folder.path(), &["estimate", "North pond", "--explain"]));
    assert!(explained.contains("# thickness: 5.20 m in the mean"), "{explained}");
    let order = ["estimate", "North pond", "--draws", "500", "--json", "--dry-run"];
    let made = varp(folder.path(), &order);
    let document: Value = serde_json::from_slice(&made.stdout).unwrap();
    let volume = document["statement"]["volume_m3"][1].as_f64().unwrap();
    let depth = 6.0 * 60.0_f64.to_radians().sin();
    assert!((volume / (57_600.0 * depth) - 1.0).abs() < 0.03, "{volume}");
}
