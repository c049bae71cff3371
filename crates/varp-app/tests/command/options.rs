//! Options of verbs act on what is printed.

use std::path::PathBuf;

use serde_json::Value;
use varp_store::{GeoPackage, Store};

use super::varp;
use crate::http::fixture;

/// A register on disk, with what a batch of records says.
struct Register {
    path: PathBuf,
    folder: tempfile::TempDir,
}

fn register() -> Register {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("register.gpkg");
    let store = GeoPackage::create(&path).unwrap();
    let mut import = store.begin_import(&fixture::import()).unwrap();
    let mut batch = fixture::batch();
    batch.claims.push(crate::estimates::grade("Cu", 0.6, varp_model::Visibility::Public));
    import.add(&batch).unwrap();
    import.commit().unwrap();
    Register { path, folder }
}

impl Register {
    /// What a verb prints as JSON.
    fn json(&self, arguments: &[&str]) -> Value {
        let mut command = varp(&self.path);
        command.args(arguments).arg("--json").stdout(std::process::Stdio::piped());
        let output = command.output().unwrap();
        assert!(output.status.success(), "{arguments:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

const DECK: &str = "element,price_eur_per_t,variation,date,source,licence,status\n\
    Cu,8000,0.15,2020-12-31,a test,CC0,verified\nCu,90000,0.15,2026-11-28,a test,CC0,verified\n";

#[test]
fn a_price_deck_moves_the_screening_and_no_class() {
    let register = register();
    let deck = register.file("deck.csv", DECK);
    let body = fixture::body_id("b00").to_string();
    let found = register.json(&["classify", &body, "--prices", &deck]);
    let one = &found["screening"]["bodies"][0];
    let chance = |when: &str| one[when]["npv"]["chance_positive"].as_f64().unwrap();
    assert!(chance("after") > chance("before"), "copper at ten times its price");
    assert_eq!(one["prices"][0][0], "Cu");
    assert_eq!(one["prices"][0][2], 90_000.0);
    let codes = |body: &Value| -> Vec<(String, String)> {
        let word = |class: &Value, key: &str| class[key].as_str().unwrap().to_owned();
        body["classes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| (word(c, "product"), c["code"].as_str().unwrap().to_owned()))
            .collect()
    };
    assert!(!codes(one).is_empty());
    let usual = register.json(&["classify", &body]);
    assert_eq!(codes(one), codes(&usual[0]), "defaults argue nothing up");
    let then = register.json(&["classify", &body, "--prices", &deck, "--as-of", "2021-06-30"]);
    assert_eq!(then["screening"]["bodies"][0]["prices"][0][2], 8_000.0, "the price of that day");
    let again = register.json(&["classify", &body, "--prices", &deck]);
    assert_eq!(again, found, "the same draws");
}

#[test]
fn unknown_answers_of_the_protocol_count_as_yes_until_somebody_answers() {
    let register = register();
    let body = fixture::body_id("b00").to_string();
    let before = register.json(&["duty", "protocol", &body]);
    let of = |found: &Value| found["bodies"][0]["result"].clone();
    assert_eq!(of(&before)["examine"], true);
    let rows = ["Q1", "Q11", "Q12", "Q13", "Q14"].map(|question| {
        let answer = if question == "Q11" { "4000" } else { "no" };
        format!("{body},{question},{answer},seen on the spot\n")
    });
    let table = format!("body,question,answer,evidence\n{}", rows.concat());
    let answers = register.file("answers.csv", &table);
    let after = register.json(&["duty", "protocol", &body, "--answers", &answers]);
    assert_eq!(of(&after)["examine"], false, "no pathway");
    let own = "version = \"mine\"\n[[question]]\nid = \"Q1\"\ngroup = \"impact\"\nasks = \"?\"\nstatus = \"unverified\"\n";
    let own = register.file("protocol.toml", own);
    let mine = register.json(&["duty", "protocol", &body, "--protocol", &own]);
    assert_eq!(of(&mine)["unknown"], serde_json::json!(["Q1"]));
    let all = register.json(&["duty", "protocol"]);
    assert!(all["bodies"].as_array().unwrap().len() > 20);
}

#[test]
fn stages_are_signed_in_their_order_and_can_be_taken_back() {
    let register = register();
    let body = fixture::body_id("b00").to_string();
    let signed = ["--person", "A. Person", "--because", "files 1950 to 1963 were read"];
    let close = |stage: &str, more: &[&str]| {
        let mut command = varp(&register.path);
        command.args(["duty", "stage", &body, "--close", stage]).args(more);
        command.status().unwrap().success()
    };
    let nobody = uuid::Uuid::nil().to_string();
    let unknown = varp(&register.path).args(["duty", "stage", &nobody, "--json"]).status().unwrap();
    assert_eq!(unknown.code(), Some(2), "there is no such body");
    assert!(!close("sampled", &signed), "documented is open");
    assert!(!close("documented", &["--person", "A. Person"]), "without a reason");
    assert!(close("documented", &signed));
    assert!(!close("documented", &signed), "it is closed");
    let odd = [&signed[..], &["--exit", "too dear"]].concat();
    assert!(!close("sampled", &odd), "no such reason to leave");
    let left = [&signed[..], &["--exit", "not technically recoverable"]].concat();
    assert!(close("sampled", &left));
    assert!(!close("characterised", &signed), "it has left");
    let history = |more: &[&str]| register.json(&[&["duty", "stage", &body], more].concat());
    let back = history(&["--reopen", "--person", "B. Person", "--because", "new test work"]);
    assert_eq!(back.as_array().unwrap().len(), 1);
    assert!(close("sampled", &left), "the same step again is a step of its own");
    assert_eq!(history(&[])[1]["exit"], "not technically recoverable");
    let status = register.json(&["duty", "status"]);
    let own = status["bodies"].as_array().unwrap().iter().find(|b| b["id"] == body.as_str());
    assert_eq!(own.unwrap()["signed"].as_array().unwrap().len(), 2);
}

#[test]
fn dossiers_come_back_with_blind_codes_and_the_agreement_is_told() {
    let register = register();
    let file = register.folder.path().join("blind.toml");
    let mut write = varp(&register.path);
    write.args(["rules", "dossiers", "--count", "2", "--to"]).arg(&file);
    assert!(write.status().unwrap().success());
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(!text.contains("b00") && text.contains("not known"));
    let key = std::fs::read_to_string(file.with_extension("key.csv")).unwrap();
    assert!(key.contains(&fixture::body_id("b00").to_string()));
    let coder = |name: &str, code: &str| {
        register.file(name, &text.replace("code = \"\"", &format!("code = \"{code}\"")))
    };
    let (ada, bo) = (coder("ada.toml", "E3.2;F3;G4"), coder("bo.toml", "E2;F2;G2"));
    let mut agree = varp(&register.path);
    agree.args(["rules", "agree", &ada, &bo]).stdout(std::process::Stdio::piped());
    let said = String::from_utf8(agree.output().unwrap().stdout).unwrap();
    let dossiers = key.lines().count() - 1;
    for part in [
        &format!("ada and the rules: {dossiers} dossiers"),
        &format!("E: {dossiers} of {dossiers} agree, kappa 1.00"),
        &format!("ada and bo: {dossiers} dossiers"),
        &format!("G: 0 of {dossiers} agree"),
    ] {
        assert!(said.contains(part), "{part} is not in:\n{said}");
    }
}
