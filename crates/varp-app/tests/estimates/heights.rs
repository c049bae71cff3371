//! Heights in feet, or with a scale, of attached models and of those beside a plan.

use serde_json::Value;
use varp_model::{FOOT_M, US_SURVEY_FOOT_M, Visibility};

use super::attached::{dome, geotiff_in};
use super::surfaces::{CELL, FILES, Ground, MAP, ground, plain, plan, volume};

const FEET: Option<u16> = Some(9002);
const SURVEY_FEET: Option<u16> = Some(9003);
const METRES: Option<u16> = Some(9001);

/// Mean height of the dome is 8 m less a third of the square of half its side over 1250.
const TRUTH: f64 = 200.0 * 200.0 * (8.0 - 2.0 * 200.0 * 200.0 / 12.0 / 2500.0);

fn write(
    ground: &Ground,
    name: &str,
    (unit, metadata): (Option<u16>, &str),
    height: impl Fn(f64, f64) -> f64,
) {
    let bytes = geotiff_in((3006, unit), metadata, height);
    std::fs::write(ground.folder.path().join(name), bytes).unwrap();
}

fn item(role: &str, text: &str) -> String {
    format!("<Item name=\"X\" sample=\"0\" role=\"{role}\">{text}</Item>")
}

fn top_level(found: &Value) -> f64 {
    let levels = found["statement"]["levels"].as_array().unwrap();
    levels.last().unwrap()["volume_m3"].as_f64().unwrap()
}

#[test]
fn attached_heights_in_feet_make_the_volume_in_metres_and_say_so() {
    let ground = ground();
    write(&ground, "lidar.tif", (FEET, ""), |x, y| dome(x, y) / FOOT_M);
    write(&ground, "map.tif", (METRES, ""), plain);
    let told = ground.attached("lidar.tif", "top", &[]);
    assert!(told.contains("heights in feet, times 0.3048"), "{told}");
    let told = ground.attached("map.tif", "base", &[]);
    assert!(!told.contains("names no unit"), "{told}");
    assert!(ground.explained().contains("heights in feet, times 0.3048"));
    let found = ground.estimated();
    let volume = top_level(&found);
    assert!((volume / TRUTH - 1.0).abs() < CELL * CELL / 200.0 / 200.0, "{volume} {TRUTH}");
    let assumed = found["statement"]["assumptions"].to_string();
    assert!(assumed.contains("heights in feet, times 0.3048"), "{assumed}");
    assert!(assumed.contains("heights in metres"), "{assumed}");
    let id = ground.newest(Visibility::Private).unwrap();
    assert!(ground.varp(&["--replay", &id], None).status.success());
}

#[test]
fn heights_of_no_unit_are_metres_and_said_to_be_assumed() {
    let ground = ground();
    write(&ground, "lidar.tif", (None, ""), dome);
    let told = ground.attached("lidar.tif", "top", &[]);
    assert!(told.contains("names no unit of its heights, so they are taken as metres"), "{told}");
    ground.attached("map1951.asc", "base", &["--epsg", "3006"]);
    let assumed = ground.estimated()["statement"]["assumptions"].to_string();
    assert_eq!(assumed.matches("heights taken as metres").count(), 2, "{assumed}");
}

#[test]
fn units_that_are_not_known_or_contradict_each_other_are_refused() {
    let ground = ground();
    let refused = |unit, metadata: &str| {
        write(&ground, "lidar.tif", (unit, metadata), dome);
        ground.not_attached("lidar.tif", "top", &[])
    };
    assert!(refused(Some(9095), "").contains("EPSG:9095"));
    assert!(refused(None, &item("unittype", "fathom")).contains("\"fathom\""));
    assert!(refused(METRES, &item("unittype", "ft")).contains("two units"));
    assert!(refused(None, &item("scale", "0")).contains("the scale of its heights"));
}

#[test]
fn a_plan_with_models_in_feet_and_with_a_scale_says_so_and_replays_without_them() {
    let ground = ground();
    let feet = |x: f64, y: f64| dome(x, y) / US_SURVEY_FOOT_M;
    write(&ground, "lidar.tif", (SURVEY_FEET, ""), feet);
    let scaled = item("scale", "0.5") + &item("offset", "40");
    write(&ground, "map.tif", (METRES, &scaled), |x, y| (plain(x, y) - 40.0) / 0.5);
    let files = FILES.replace("lidar.asc", "lidar.tif").replace("map1951.asc", "map.tif");
    let found = ground.estimate(&plan(&files, MAP));
    let best = volume(&found)[1];
    assert!((best / TRUTH - 1.0).abs() < 0.02, "{best} {TRUTH}");
    assert!((top_level(&found) / TRUTH - 1.0).abs() < CELL * CELL / 200.0 / 200.0);
    let warned = found["statement"]["warnings"].to_string();
    assert!(warned.contains("surface today: heights in US survey feet, times 1200/3937"));
    assert!(warned.contains("surface before: numbers times 0.5 plus 40; heights in metres"));
    for file in ["lidar.tif", "map.tif"] {
        std::fs::remove_file(ground.folder.path().join(file)).unwrap();
    }
    let id = ground.newest(Visibility::Private).unwrap();
    assert!(ground.varp(&["--replay", &id], None).status.success());
}
