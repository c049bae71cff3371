//! Surfaces and points attached to a body once: proposed, carried out, released, closed, withdrawn.

use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::Arc;

use serde_json::{Value, json};
use varp_model::{ResultKind, Visibility};
use varp_store::{GeoPackage, Store};

use super::processes::{EXECUTION, post};
use super::surfaces::{CELL, CELLS, CORNER, Ground, ground, ground_of, plain, pond, volume};
use crate::http::door::Door;
use crate::http::fixture;

/// A GeoTIFF of 32-bit heights in SWEREF 99 TM, in one strip; -9999 is no data.
fn geotiff(epsg: u16, height: impl Fn(f64, f64) -> f64) -> Vec<u8> {
    geotiff_in((epsg, None), "", height)
}

/// The same with the unit of heights as GeoKey 4099, and with GDAL's metadata.
pub(super) fn geotiff_in(
    (epsg, unit): (u16, Option<u16>),
    metadata: &str,
    height: impl Fn(f64, f64) -> f64,
) -> Vec<u8> {
    let n = CELLS as u32;
    let heights: Vec<u8> = (0..CELLS * CELLS)
        .flat_map(|i| {
            let (x, y) = (i % CELLS, CELLS - 1 - i / CELLS);
            (height((x as f64 + 0.5) * CELL, (y as f64 + 0.5) * CELL) as f32).to_le_bytes()
        })
        .collect();
    let doubles = |all: &[f64]| all.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
    let shorts = |all: &[u16]| all.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
    let long = |v: u32| v.to_le_bytes().to_vec();
    let north = CORNER[1] + CELLS as f64 * CELL;
    let mut keys = vec![1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, epsg];
    if let Some(unit) = unit {
        keys[3] = 4;
        keys.extend([4099, 0, 1, unit]);
    }
    // tag, type (2 ascii, 3 short, 4 long, 12 double), count, bytes
    let mut entries: Vec<(u16, u16, u32, Vec<u8>)> = vec![
        (256, 4, 1, long(n)),
        (257, 4, 1, long(n)),
        (258, 3, 1, shorts(&[32])),
        (259, 3, 1, shorts(&[1])),
        (262, 3, 1, shorts(&[1])),
        (273, 4, 1, long(8)),
        (277, 3, 1, shorts(&[1])),
        (278, 4, 1, long(n)),
        (279, 4, 1, long(heights.len() as u32)),
        (339, 3, 1, shorts(&[3])),
        (33550, 12, 3, doubles(&[CELL, CELL, 0.0])),
        (33922, 12, 6, doubles(&[0.0, 0.0, 0.0, CORNER[0], north, 0.0])),
        (34735, 3, keys.len() as u32, shorts(&keys)),
        (42112, 2, metadata.len() as u32 + 1, [metadata.as_bytes(), b"\0"].concat()),
        (42113, 2, 6, b"-9999\0".to_vec()),
    ];
    if metadata.is_empty() {
        entries.retain(|e| e.0 != 42112);
    }
    if epsg == 0 {
        entries.retain(|e| e.0 != 34735);
    }
    let directory = 8 + heights.len() as u32;
    let mut far = directory + 2 + 12 * entries.len() as u32 + 4;
    let mut file = b"II*\0".to_vec();
    file.extend(long(directory));
    file.extend(heights);
    file.extend((entries.len() as u16).to_le_bytes());
    let mut behind = Vec::new();
    for (tag, kind, count, bytes) in entries {
        file.extend(shorts(&[tag, kind]));
        file.extend(long(count));
        if bytes.len() <= 4 {
            file.extend(bytes.iter().copied().chain([0; 4]).take(4));
        } else {
            file.extend(long(far));
            far += bytes.len() as u32;
            behind.extend(bytes);
        }
    }
    file.extend([0; 4]);
    file.extend(behind);
    file
}

/// A dome of up to 8 m on a plain.
pub(super) fn dome(x: f64, y: f64) -> f64 {
    let rise = 8.0 - ((x - 200.0).powi(2) + (y - 200.0).powi(2)) / 2500.0;
    plain(x, y) + if pond(x, y) { rise } else { 0.0 }
}

impl Ground {
    pub(super) fn attach(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_varp"));
        command.current_dir(self.folder.path()).arg("-r").arg(&self.register).arg("attach");
        command.arg(fixture::body_id("b00").to_string()).args(arguments).output().unwrap()
    }

    /// Attaches a file with source and date; what is said on the way.
    pub(super) fn attached(&self, file: &str, role: &str, more: &[&str]) -> String {
        let stated = ["--source", "National survey", "--date", "2019-06"];
        let output = self.attach(&[&[file, "--as", role], &stated[..], more].concat());
        assert!(output.status.success(), "{}", said(&output));
        said(&output)
    }

    pub(super) fn not_attached(&self, file: &str, role: &str, more: &[&str]) -> String {
        let stated = ["--source", "National survey", "--date", "2019-06"];
        let output = self.attach(&[&[file, "--as", role], &stated[..], more].concat());
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        said(&output)
    }

    pub(super) fn tiff(&self, name: &str, epsg: u16, height: impl Fn(f64, f64) -> f64) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, geotiff(epsg, height)).unwrap();
        path
    }

    fn body(&self) -> String {
        fixture::body_id("b00").to_string()
    }

    pub(super) fn explained(&self) -> String {
        let output = self.varp(&[&self.body(), "--explain"], None);
        assert!(output.status.success(), "{}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    pub(super) fn estimated(&self) -> Value {
        let output = self.varp(&[&self.body(), "--json"], None);
        assert!(output.status.success(), "{}", said(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    pub(super) fn newest(&self, audience: Visibility) -> Option<String> {
        let store = GeoPackage::open(&self.register).unwrap();
        let body = Some(fixture::body_id("b00"));
        let all = store.results_of(body, ResultKind::Estimate, audience).unwrap();
        all.first().map(|record| record.result.id().to_string())
    }

    fn door(&self) -> Door {
        Door::to(Arc::new(GeoPackage::open(&self.register).unwrap()))
    }
}

pub(super) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn two_attached_models_make_the_plan_and_the_volume_of_raster_arithmetic() {
    let ground = ground();
    ground.tiff("lidar.tif", 3006, dome);
    ground.tiff("map.tif", 3006, plain);
    ground.attached("lidar.tif", "top", &["--sd", "0.3"]);
    let told = ground.attached("map.tif", "base", &["--name", "map 1951"]);
    assert!(told.contains("volume between surfaces"), "{told}");
    let plan = ground.explained();
    assert!(plan.contains("top = \"lidar\"") && plan.contains("name = \"map 1951\""), "{plan}");
    assert!(plan.contains("of one cell 0.300 m (stated)"), "{plan}");
    assert!(plan.contains("of one cell 1.50 m (assumed, prior for base, unverified:"), "{plan}");
    let found = ground.estimated();
    let float = |v: f64| f64::from(v as f32);
    let truth: f64 = (0..CELLS * CELLS)
        .map(|i| [(i % CELLS) as f64 + 0.5, (i / CELLS) as f64 + 0.5].map(|v| v * CELL))
        .filter(|[x, y]| pond(*x, *y))
        .map(|[x, y]| (float(dome(x, y)) - float(plain(x, y))) * CELL * CELL)
        .sum();
    let top = found["statement"]["levels"].as_array().unwrap().last().unwrap();
    let exact = top["volume_m3"].as_f64().unwrap();
    assert!((exact / truth - 1.0).abs() < 1e-12, "{exact} is not {truth}");
    let [low, best, high] = volume(&found);
    assert!(
        (best / truth - 1.0).abs() < 0.01 && low < truth && truth < high,
        "{low} {best} {high}"
    );
    let assumed = found["statement"]["assumptions"].to_string();
    assert!(assumed.contains("1.50 m (assumed, prior for base, unverified"), "{assumed}");
}

#[test]
fn an_attachment_is_private_until_released_and_what_was_made_of_it_replays_when_it_is_withdrawn() {
    let ground = ground();
    let files = [ground.tiff("lidar.tif", 3006, dome), ground.tiff("map.tif", 3006, plain)];
    ground.attached("lidar.tif", "top", &["--sd", "0.3", "--offset-sd", "0.1", "--range", "50"]);
    ground.attached("map.tif", "base", &[]);
    files.iter().for_each(|file| std::fs::remove_file(file).unwrap());
    ground.estimated();
    assert_eq!(ground.newest(Visibility::Authority), None);
    let page = |door: &Door| door.json(&format!("/collections/bodies/items/{}", ground.body()));
    assert_eq!(page(&ground.door())["properties"]["attachments"], json!([]));
    let order = json!({ "inputs": { "body": ground.body(), "draws": 200 } }).to_string();
    let plan_of = |door: &Door| post(door, EXECUTION, &order, &[]).json()["plan"].to_string();
    assert!(!plan_of(&ground.door()).contains("surfaces"));

    let because = ["--because", "the survey agrees"];
    for name in ["lidar", "map"] {
        let output = ground.attach(&[&["--release", name], &because[..]].concat());
        assert!(output.status.success(), "{}", said(&output));
    }
    ground.estimated();
    let public = ground.newest(Visibility::Public).expect("it rests on public records alone");
    let door = ground.door();
    let shown = &page(&door)["properties"]["attachments"];
    assert_eq!(shown[1]["name"], "lidar");
    assert_eq!((&shown[1]["sd_m"], &shown[0]["sd_m"]), (&json!(0.3), &Value::Null));
    let html = |language: &str| {
        let address = format!("/collections/bodies/items/{}?lang={language}", ground.body());
        door.ask("GET", &address, &[("accept", "text/html")]).text()
    };
    assert!(html("en").contains("Surface of today") && html("en").contains("National survey"));
    for (language, words) in [
        ("sv", "Dagens yta"),
        ("fi", "Nykyinen pinta"),
        ("nb", "Dagens flate"),
        ("da", "Nutidens flade"),
        ("is", "Yfirborð nú"),
    ] {
        assert!(html(language).contains(words), "{language}");
    }
    assert!(plan_of(&door).contains("files.attached.surfaces"), "the public may order it too");

    let output = ground.attach(&["--close", "map", "--because", "the licence ends"]);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(ground.newest(Visibility::Public), None, "the estimate closes with it");
    assert!(!plan_of(&ground.door()).contains("map"));
    let output = ground.attach(&["--withdraw", "map", "--because", "another datum"]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(!ground.explained().contains("map"));
    let replayed = ground.varp(&["--replay", &public], None);
    assert!(replayed.status.success(), "{}", said(&replayed));
    ground.tiff("map.tif", 3006, plain);
    ground.attached("map.tif", "base", &[]);
    assert!(
        ground.explained().contains("[mass.surfaces.base.surface]"),
        "it can be attached again"
    );
}

#[test]
fn the_rim_stands_in_for_a_base_and_soundings_and_thickness_are_taken() {
    let ground = ground();
    ground.tiff("lidar.tif", 3006, dome);
    let told = ground.attached("lidar.tif", "top", &[]);
    assert!(told.contains("read off the rim") && told.contains("assumed, prior for any"), "{told}");
    assert!(ground.explained().contains("[mass.surfaces.base.rim]"));
    let table = |column: &str, value: fn(f64, f64) -> f64| {
        let mut text = format!("x;y;{column}\n");
        for i in 0..9 {
            let (x, y) = (f64::from(130 + 70 * (i % 3)), f64::from(130 + 70 * (i / 3)));
            text += &format!("{};{};{:.2}\n", CORNER[0] + x, CORNER[1] + y, value(x, y));
        }
        text
    };
    let thickness = |x: f64, y: f64| dome(x, y) - plain(x, y);
    ground.write("augers.csv", &table("thickness", thickness));
    ground.attached("augers.csv", "thickness", &["--epsg", "3006", "--sd", "0.2"]);
    let plan = ground.explained();
    assert!(plan.contains("[mass.thickness]") && plan.contains("sd_m = 0.2"), "{plan}");
    assert!(plan.contains("error of one point 0.200 m (stated)"), "{plan}");
    ground.estimated();
    ground.write("ert.csv", &table("depth", thickness));
    ground.attached("ert.csv", "soundings", &["--epsg", "3006"]);
    let plan = ground.explained();
    assert!(plan.contains("[mass.surfaces.base.soundings]"), "{plan}");
    assert!(plan.contains("error of one sounding 0.500 m (assumed, prior for any, unverified"));
    let found = ground.estimated();
    let truth = 200.0 * 200.0 * (8.0 - 2.0 * 200.0 * 200.0 / 12.0 / 2500.0);
    let best = volume(&found)[1];
    assert!((best / truth - 1.0).abs() < 0.03, "{best} {truth}");
    let id = ground.newest(Visibility::Private).unwrap();
    assert!(ground.varp(&["--replay", &id], None).status.success());
}

#[test]
fn the_assumed_error_of_a_thickness_stands_in_plan_and_result() {
    let ground = ground();
    let mut table = String::from("x;y;thickness\n");
    for i in 0..9 {
        let (x, y) = (f64::from(130 + 70 * (i % 3)), f64::from(130 + 70 * (i / 3)));
        table += &format!("{};{};{:.2}\n", CORNER[0] + x, CORNER[1] + y, dome(x, y) - plain(x, y));
    }
    ground.write("augers.csv", &table);
    ground.attached("augers.csv", "thickness", &["--epsg", "3006"]);
    let assumed =
        "augers (National survey, 2019-06, attached as thickness: 9 points): error of one point";
    let plan = ground.explained();
    assert!(plan.contains(assumed) && plan.contains("(assumed, prior for any"), "{plan}");
    let found = ground.estimated()["statement"]["assumptions"].to_string();
    assert!(found.contains(assumed) && found.contains("(assumed, prior for any"), "{found}");
    let id = ground.newest(Visibility::Private).unwrap();
    assert!(ground.varp(&["--replay", &id], None).status.success());
}

/// Where the outline is closed, nothing says where the surfaces end: no volume, and no place.
#[test]
fn public_surfaces_of_a_body_in_a_closed_place_make_no_public_volume() {
    let hide = |body: &mut varp_model::Body| {
        body.position.as_mut().unwrap().visibility = Visibility::Private;
    };
    let ground = ground_of(hide);
    ground.tiff("lidar.tif", 3006, dome);
    ground.tiff("map.tif", 3006, plain);
    ground.attached("lidar.tif", "top", &["--visibility", "public"]);
    ground.attached("map.tif", "base", &["--visibility", "public"]);
    let plan = ground.explained();
    ground.estimated();
    assert_eq!(ground.newest(Visibility::Public), None);
    let door = ground.door();
    let order =
        |inputs: Value| post(&door, EXECUTION, &json!({ "inputs": inputs }).to_string(), &[]);
    let proposed = order(json!({ "body": ground.body(), "draws": 200 })).json()["plan"].to_string();
    assert!(
        !proposed.contains("mass.surfaces")
            && proposed.contains("outline of the body is not known")
    );
    let answer = order(json!({ "body": ground.body(), "plan": plan }));
    assert_eq!(answer.status, 400);
    assert!(answer.text().contains("is not known, or closed to you"), "{}", answer.text());
}

#[test]
fn what_cannot_be_attached_is_told_with_what_to_do() {
    let ground = ground();
    let refused = |file: &str, role: &str, more: &[&str]| ground.not_attached(file, role, more);
    ground.tiff("nowhere.tif", 0, dome);
    assert!(refused("nowhere.tif", "top", &[]).contains("name it: --epsg"));
    assert!(refused("nowhere.tif", "top", &["--epsg", "4326"]).contains("in degrees"));
    assert!(refused("nowhere.tif", "top", &["--epsg", "3067"]).contains("do not meet the outline"));
    ground.tiff("lidar.tif", 3006, dome);
    assert!(refused("lidar.tif", "top", &["--epsg", "3067"]).contains("it says EPSG:3006"));
    assert!(refused("lidar.tif", "top", &["--sd", "-1"]).contains("--sd is -1"));
    assert!(refused("lidar.tif", "top", &["--range", "0"]).contains("above 0"));
    ground.tiff("empty.tif", 3006, |x, y| if pond(x, y) { -9999.0 } else { plain(x, y) });
    assert!(refused("empty.tif", "top", &[]).contains("1600 cells inside the outline"));
    assert!(refused("none.tif", "top", &[]).contains("none.tif"));
    ground.write("points.csv", "x;y;depth\n499900;6651300;4\n");
    assert!(refused("points.csv", "top", &[]).contains("points.csv: line 1"));
    assert!(refused("points.csv", "soundings", &[]).contains("--epsg"));
    let system = ["--epsg", "3006"];
    assert!(refused("points.csv", "thickness", &system).contains("no column thickness"));
    assert!(
        refused("points.csv", "soundings", &["--epsg", "3006", "--range", "5"])
            .contains("--sd alone")
    );
    ground.write("swapped.csv", "x;y;depth\n6651300;499900;4\n");
    assert!(refused("swapped.csv", "soundings", &system).contains("is x the east"));
    ground.write("bad.csv", "x;y;depth\n499900;6651300;nan\n");
    assert!(
        refused("bad.csv", "soundings", &system).contains("line 2, depth: \"nan\" is not a number")
    );

    ground.attached("lidar.tif", "top", &[]);
    assert!(refused("lidar.tif", "top", &[]).contains("give another name"));
    ground.tiff("high.tif", 3006, |x, y| dome(x, y) + 9.0);
    assert!(refused("high.tif", "base", &[]).contains("the base lies above the top by up to 9"));
    ground.tiff("other.tif", 25833, plain);
    assert!(refused("other.tif", "base", &[]).contains("gdalwarp -t_srs EPSG:3006"));
    ground.write("outside.csv", "x;y;depth\n499950;6651350;4\n499700;6651300;4\n");
    assert!(
        refused("outside.csv", "soundings", &system).contains("lies outside the surface lidar")
    );
    let output = ground.attach(&["--withdraw", "map", "--because", "x"]);
    assert!(said(&output).contains("there is lidar"), "{}", said(&output));
    let output = ground.attach(&["--withdraw", "lidar"]);
    assert!(said(&output).contains("--because"), "{}", said(&output));
    let output = ground.attach(&["lidar.tif", "--as", "top"]);
    assert!(said(&output).contains("--source"), "{}", said(&output));
}
