//! What is attached to a body that was made one with another.

use std::process::Command;

use varp_model::{ResultKind, Visibility};
use varp_store::{GeoPackage, Store};

use super::attached::{dome, said};
use super::surfaces::{Ground, ground, plain, volume};
use crate::http::door::Door;
use crate::http::fixture;

impl Ground {
    /// Runs a command on the register.
    fn run(&self, arguments: &[&str]) -> std::process::Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_varp"));
        command.current_dir(self.folder.path()).arg("-r").arg(&self.register).args(arguments);
        command.output().unwrap()
    }
}

/// The body b00 goes, b01 stays: it takes over the outline of b00, having none, and what was attached.
#[test]
fn what_was_attached_to_a_body_that_is_gone_is_found_at_the_one_kept() {
    let ground = ground();
    let (gone, kept) = (fixture::body_id("b00"), fixture::body_id("b01"));
    let files = [ground.tiff("lidar.tif", 3006, dome), ground.tiff("map.tif", 3006, plain)];
    ground.attached("lidar.tif", "top", &["--sd", "0.3", "--visibility", "public"]);
    ground.attached("map.tif", "base", &["--name", "map"]);
    ground.estimated();
    let before = GeoPackage::open(&ground.register)
        .unwrap()
        .results_of(Some(gone), ResultKind::Attachment, Visibility::Private)
        .unwrap();
    assert_eq!(before.len(), 2);

    let (one, other) = (kept.to_string(), gone.to_string());
    let output = ground.run(&["match", "--merge", &one, &other, "--because", "one pond"]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("now: lidar as top, EPSG:3006"), "{}", said(&output));

    let output = ground.run(&["estimate", &one, "--json"]);
    assert!(output.status.success(), "{}", said(&output));
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let truth = 200.0 * 200.0 * (8.0 - 2.0 * 200.0 * 200.0 / 12.0 / 2500.0);
    let best = volume(&found)[1];
    assert!((best / truth - 1.0).abs() < 0.02, "{best} {truth}");

    let door = Door::to(std::sync::Arc::new(GeoPackage::open(&ground.register).unwrap()));
    let page = door.json(&format!("/collections/bodies/items/{one}"));
    let shown = page["properties"]["attachments"].as_array().unwrap();
    assert_eq!(shown.len(), 1, "the other is private still");
    assert_eq!(shown[0]["name"], "lidar");

    // a name that is taken, and a step on what came from the other
    drop(files);
    let output = ground.run(&["attach", &one, "--close", "lidar", "--because", "the licence ends"]);
    assert!(output.status.success(), "{}", said(&output));
    let door = Door::to(std::sync::Arc::new(GeoPackage::open(&ground.register).unwrap()));
    let page = door.json(&format!("/collections/bodies/items/{one}"));
    assert_eq!(page["properties"]["attachments"], serde_json::json!([]));
    let output = ground.run(&["attach", &one, "--withdraw", "map", "--because", "another datum"]);
    assert!(output.status.success(), "{}", said(&output));
    let listed = ground.run(&["attach", &one]);
    let listed = String::from_utf8(listed.stdout).unwrap();
    assert!(listed.contains("lidar as top") && !listed.contains("map as base"), "{listed}");
}
