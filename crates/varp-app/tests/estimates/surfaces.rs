//! Height models and points beside a plan: read, kept with the result, and none of it trusted.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use geo_types::{Coord, LineString, Polygon};
use serde_json::Value;
use varp_model::{Body, Crs, Geometry, ResultKind, Visibility};
use varp_store::{GeoPackage, Store};

use crate::http::fixture;

/// South-western corner of the ground, east and north in SWEREF 99 TM, near the body b00.
pub(super) const CORNER: [f64; 2] = [499_800.0, 6_651_200.0];
pub(super) const CELL: f64 = 5.0;
pub(super) const CELLS: usize = 80;

/// A folder with a register, whose body b00 is a square of 200 m in the middle of the ground.
pub(super) struct Ground {
    pub folder: tempfile::TempDir,
    pub register: PathBuf,
}

pub(super) fn ground() -> Ground {
    ground_of(|_| {})
}

/// The same with another body.
pub(super) fn ground_of(change: impl Fn(&mut Body)) -> Ground {
    let folder = tempfile::tempdir().unwrap();
    let register = folder.path().join("register.gpkg");
    let zone = Crs::from_epsg(3006).unwrap().converter().unwrap();
    let corner = |dx: f64, dy: f64| {
        let p = zone.lonlat_from_local(CORNER[0] + dx, CORNER[1] + dy).unwrap();
        Coord { x: p.longitude(), y: p.latitude() }
    };
    let ring = [(100., 100.), (300., 100.), (300., 300.), (100., 300.), (100., 100.)];
    let ring = LineString::new(ring.iter().map(|(x, y)| corner(*x, *y)).collect());
    let mut batch = fixture::batch();
    let body = batch.bodies.iter_mut().find(|b| b.id == fixture::body_id("b00")).unwrap();
    body.footprint = Some(Geometry::Polygon(Polygon::new(ring, vec![])));
    change(body);
    batch.claims.push(super::grade("Cu", 0.2, Visibility::Public));
    let store = GeoPackage::create(&register).unwrap();
    let mut import = store.begin_import(&fixture::import()).unwrap();
    import.add(&batch).unwrap();
    import.commit().unwrap();
    let ground = Ground { folder, register };
    ground.write("lidar.asc", &grid(|x, y| plain(x, y) + if pond(x, y) { 6.0 } else { 0.0 }));
    ground.write("map1951.asc", &grid(plain));
    ground
}

pub(super) fn plain(x: f64, y: f64) -> f64 {
    80.0 + 0.01 * x - 0.02 * y
}

pub(super) fn pond(x: f64, y: f64) -> bool {
    (100.0..300.0).contains(&x) && (100.0..300.0).contains(&y)
}

fn grid(height: impl Fn(f64, f64) -> f64) -> String {
    let mut text = format!(
        "ncols {CELLS}\nnrows {CELLS}\nxllcorner {}\nyllcorner {}\ncellsize {CELL}\nNODATA_value -9999\n",
        CORNER[0], CORNER[1]
    );
    for row in 0..CELLS {
        let y = (CELLS - row) as f64 * CELL - CELL / 2.0;
        let cells = (0..CELLS).map(|column| height((column as f64 + 0.5) * CELL, y).to_string());
        text += &(cells.collect::<Vec<_>>().join(" ") + "\n");
    }
    text
}

pub(super) fn plan(head: &str, base: &str) -> String {
    format!(
        r#"body = "{}"
effective = "2026-11-28"
reference_point = "in the body"
seed = 1
draws = 1000
{head}
[mass.surfaces]
top = "today"
top_error = {{ offset_sd_m = 0.05, sd_m = 0.2, range_m = 50.0 }}
density = {{ belief = {{ exact = 1.5 }}, basis = "measured", source = "a test" }}
{base}
[[products]]
substance = "Cu"
grade = {{ belief = {{ exact = 0.002 }}, basis = "measured", source = "a test" }}
"#,
        fixture::body_id("b00")
    )
}

pub(super) const FILES: &str =
    "epsg = 3006\n[files.surfaces]\ntoday = \"lidar.asc\"\nbefore = \"map1951.asc\"\n";
pub(super) const MAP: &str = "[mass.surfaces.base.surface]\nname = \"before\"\n\
                   error = { offset_sd_m = 0.5, sd_m = 1.0, range_m = 100.0 }\n";
const RIM: &str = "[mass.surfaces.base.rim]\nsd_m = 0.5\nrange_m = 100.0\n";
const SOUNDED: &str =
    "[mass.surfaces.base.soundings]\nsounding_sd_m = 0.1\nsd_m = 0.5\nrange_m = 100.0\n";

impl Ground {
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    pub fn varp(&self, arguments: &[&str], plan: Option<&Path>) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_varp"));
        command.arg("-r").arg(&self.register).arg("estimate").args(arguments);
        command.args(plan.iter().flat_map(|p| [Path::new("--plan"), p]));
        command.output().unwrap()
    }

    pub(super) fn estimate(&self, plan: &str) -> Value {
        let path = self.write("plan.toml", plan);
        let output = self.varp(&["--json"], Some(&path));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn refused(&self, plan: &str) -> String {
        let path = self.write("plan.toml", plan);
        let output = self.varp(&["--json"], Some(&path));
        assert!(!output.status.success());
        String::from_utf8_lossy(&output.stderr).into_owned()
    }
}

pub(super) fn volume(estimate: &Value) -> [f64; 3] {
    let ends = estimate["statement"]["volume_m3"].as_array().unwrap();
    [0, 1, 2].map(|i| ends[i].as_f64().unwrap())
}

const TRUTH: f64 = 200.0 * 200.0 * 6.0;

#[test]
fn the_fill_between_two_models_is_found_and_replays_without_them() {
    let ground = ground();
    let found = ground.estimate(&plan(FILES, MAP));
    let [low, best, high] = volume(&found);
    assert!(
        (best / TRUTH - 1.0).abs() < 0.01 && low < TRUTH && TRUTH < high,
        "{low} {best} {high}"
    );
    let levels = found["statement"]["levels"].as_array().unwrap();
    assert_eq!(levels.len(), 11);
    let store = GeoPackage::open(&ground.register).unwrap();
    let body = Some(fixture::body_id("b00"));
    let of = |audience| store.results_of(body, ResultKind::Estimate, audience).unwrap();
    assert!(of(Visibility::Authority).is_empty(), "files are nobody's but their owner's");
    let id = of(Visibility::Private)[0].result.id().to_string();
    for file in ["lidar.asc", "map1951.asc", "plan.toml"] {
        std::fs::remove_file(ground.folder.path().join(file)).unwrap();
    }
    let replayed = ground.varp(&["--replay", &id], None);
    assert!(replayed.status.success(), "{}", String::from_utf8_lossy(&replayed.stderr));
}

#[test]
fn the_base_comes_from_the_rim_and_soundings_narrow_it() {
    let ground = ground();
    let head = FILES.replace("before = \"map1951.asc\"\n", "");
    let rim = volume(&ground.estimate(&plan(&head, RIM)));
    assert!((rim[1] / TRUTH - 1.0).abs() < 0.02, "{rim:?}");
    let mut table = String::from("x;y;depth\n");
    for i in 0..16 {
        let (x, y) = (125 + 50 * (i % 4), 125 + 50 * (i / 4));
        table += &format!("{};{};6,0\n", CORNER[0] + f64::from(x), CORNER[1] + f64::from(y));
    }
    ground.write("probing.csv", &table);
    let head =
        head.replace("[files.surfaces]", "[files]\npoints = \"probing.csv\"\n[files.surfaces]");
    let sounded = volume(&ground.estimate(&plan(&head, SOUNDED)));
    let width = |v: [f64; 3]| v[2] - v[0];
    assert!((sounded[1] / TRUTH - 1.0).abs() < 0.02 && width(sounded) < 0.8 * width(rim));
}

#[test]
fn files_that_do_not_fit_are_told_with_what_to_do() {
    let ground = ground();
    let of = |files: &str| ground.refused(&plan(files, MAP));
    assert!(of(&FILES.replace("epsg = 3006\n", "")).contains("write epsg"));
    assert!(of(&FILES.replace("3006", "4326")).contains("in degrees"));
    assert!(of(&FILES.replace("3006", "3067")).contains("do not meet the outline"));
    assert!(of(&FILES.replace("lidar.asc", "none.asc")).contains("none.asc"));
    let tiff = include_bytes!("../../../varp-engine/oracle/dem/area.tif");
    std::fs::write(ground.folder.path().join("top.tif"), tiff).unwrap();
    let other = FILES.replace("lidar.asc", "top.tif").replace("epsg = 3006", "epsg = 25833");
    assert!(of(&other).contains("gdalwarp -t_srs EPSG:25833"));
    ground.write("lidar.asc", "ncols 2\nnrows 1\nxllcorner 0\nyllcorner 0\ncellsize 1\n1 x\n");
    assert!(of(FILES).contains("lidar.asc: line 6: \"x\" is not a number"));
    ground.write("lidar.asc", &grid(|x, y| plain(x, y) - 9.0));
    assert!(of(FILES).contains("the base lies above the top"));
    ground.write("lidar.asc", &grid(plain));
    assert!(of(FILES).contains("is it the surface of today?"));
}

/// Whoever orders an estimate over the network names no files of the machine.
#[test]
fn an_order_reads_no_files() {
    let ground = ground();
    let store = std::sync::Arc::new(GeoPackage::open(&ground.register).unwrap());
    let door = crate::http::door::Door::to(store);
    let order = serde_json::json!({ "inputs": { "plan": plan(FILES, MAP) } }).to_string();
    let answer = super::processes::post(&door, super::processes::EXECUTION, &order, &[]);
    assert_eq!(answer.status, 400);
    assert!(answer.text().contains("files: this service reads none"), "{}", answer.text());
}

#[test]
fn the_page_draws_how_the_body_fills_in_each_language() {
    let ground = ground();
    let path = ground.write("plan.toml", &plan(FILES, MAP));
    let output = ground.varp(&["--release", "the owner agrees"], Some(&path));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let store = std::sync::Arc::new(GeoPackage::open(&ground.register).unwrap());
    let door = crate::http::door::Door::to(store);
    let page = |language: &str| {
        let body = format!("/collections/bodies/items/{}?lang={language}", fixture::body_id("b00"));
        door.ask("GET", &body, &[("accept", "text/html")]).text()
    };
    let english = page("en");
    let chart = english.split("<b>Volume below a level</b>").nth(1).unwrap();
    let said =
        "Volume of the body below each level, from 75.1 to 86.9 m. At the top it is 240,000 m³.";
    assert_eq!(chart.matches(said).count(), 2, "in the caption and for who does not see the chart");
    let table = english.split("<table class=\"levels\">").nth(1).unwrap();
    let table = table.split("</table>").next().unwrap();
    assert_eq!(table.matches("<tr>").count(), 12, "a head and eleven levels");
    assert!(table.contains(">240,000<"));
    for (language, heading) in [
        ("sv", "Volym under en nivå"),
        ("fi", "Tilavuus tason alla"),
        ("nb", "Volum under et nivå"),
        ("da", "Volumen under et niveau"),
        ("is", "Rúmmál undir hæð"),
    ] {
        assert!(page(language).contains(&format!("<b>{heading}</b>")), "{language}");
    }
}
