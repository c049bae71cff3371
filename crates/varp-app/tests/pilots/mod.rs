//! From the demonstration register to a shortlist, a portfolio, study plans, and back from the field.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Runs varp in `folder`: standard output, what it says beside, exit code.
fn told(folder: &Path, arguments: &[&str]) -> (String, String, i32) {
    let out = Command::new(env!("CARGO_BIN_EXE_varp"))
        .current_dir(folder)
        .env("VARP_ACTOR", "test")
        .args(arguments)
        .output()
        .unwrap();
    let [result, said] = [out.stdout, out.stderr].map(|b| String::from_utf8(b).unwrap());
    (result, said, out.status.code().unwrap())
}

/// The same where it must not fail; its standard output.
fn varp(folder: &Path, arguments: &[&str]) -> String {
    let (result, said, code) = told(folder, arguments);
    assert_eq!(code, 0, "varp {arguments:?}: {said}");
    result
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    serde_json::from_str(&varp(folder, arguments)).unwrap()
}

fn demo() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    varp(folder.path(), &["demo", "--dir", ".", "--no-serve", "--register", "pilots.gpkg"]);
    std::fs::write(folder.path().join("varp.toml"), "register = \"pilots.gpkg\"\n").unwrap();
    folder
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_demonstration_goes_from_screening_to_three_study_plans() {
    let folder = demo();
    let at = folder.path();
    let screening = json(at, &["screen", "--json"]);
    let sites = screening["screening"]["sites"].as_array().unwrap();
    let survivors = sites.iter().filter(|s| s["removed_by"] == Value::Array(Vec::new())).count();
    assert!(survivors > 20 && survivors < sites.len(), "{survivors} of {}", sites.len());

    let ranking = json(at, &["rank", "--draws", "500", "--json"]);
    assert_eq!(ranking["sites"].as_array().unwrap().len(), survivors);
    assert_eq!(ranking["headline"]["data_campaign_first"], Value::Bool(true));
    assert!(ranking["headline"]["text"].as_str().unwrap().starts_with("Data campaign first"));
    for site in ranking["sites"].as_array().unwrap() {
        for origin in site["origins"].as_array().unwrap() {
            let from = origin["from"].as_str().unwrap();
            assert!(["site", "prior", "other-sites", "ignorance"].contains(&from), "{from}");
        }
    }

    let portfolio = json(at, &["portfolio", "--draws", "500", "--budget", "400000", "--json"]);
    let outcome = &portfolio["choice"]["outcome"];
    assert_eq!(outcome["status"], "optimal");
    let chosen = strings(&outcome["portfolio"]["chosen"]);
    assert!(chosen.len() >= 3, "{chosen:?}");
    assert!(outcome["portfolio"]["cost"].as_f64().unwrap() <= 400_000.0);

    let ids: Vec<&str> = chosen.iter().take(3).map(String::as_str).collect();
    let arguments: Vec<&str> = ["pilot", "--json", "--keep"].into_iter().chain(ids).collect();
    let sheets = json(at, &arguments);
    assert_eq!(sheets.as_array().unwrap().len(), 3);
    for sheet in sheets.as_array().unwrap() {
        assert!(!sheet["holes"].as_array().unwrap().is_empty());
        for basis in sheet["rests_on"].as_array().unwrap() {
            let label = basis["evidence"].as_str().unwrap();
            assert!(["measured", "derived", "prior"].contains(&label), "{label}");
        }
        for fates in sheet["fates"].as_array().unwrap() {
            closes(fates);
        }
    }
}

/// Feed = products + used residue + placed residue + losses, to 1e-9.
fn closes(fates: &Value) {
    let number = |v: &Value| v.as_f64().unwrap();
    let feed = number(&fates["scenario"]["feed_t"]);
    let flows = fates["scenario"]["flows"].as_array().unwrap();
    let out: f64 = flows.iter().map(|f| number(&f["mass_t"])).sum();
    assert!((feed - out).abs() <= 1e-9 * feed, "{feed} t in, {out} t out");
    let placed = number(&fates["balance"]["disposed_share"]);
    let headline = fates["balance"]["headline"].as_str().unwrap();
    assert_eq!(placed >= 0.95, headline.contains("removes no waste"), "{headline}");
}

#[test]
fn filters_and_overrides_are_lines_of_the_funnel() {
    let folder = demo();
    let at = folder.path();
    let swedish = json(at, &["screen", "--country", "SE", "--json"]);
    let funnel = swedish["screening"]["funnel"].as_array().unwrap();
    assert_eq!(funnel[0]["code"], "filter-country");
    let total = swedish["screening"]["total"].as_u64().unwrap();
    assert_eq!(funnel[0]["own"].as_u64().unwrap() + funnel[0]["left"].as_u64().unwrap(), total);
    let removed = swedish["screening"]["sites"]
        .as_array()
        .unwrap()
        .iter()
        .find(|s| s["removed_by"] == serde_json::json!(["active-permit"]))
        .unwrap()["id"]
        .as_str()
        .unwrap();
    let text = format!(
        "[[overrides]]\nsite = \"{removed}\"\ncode = \"active-permit\"\nnote = \"The operator asks for it.\"\n"
    );
    std::fs::write(at.join("kept.toml"), text).unwrap();
    let kept = json(at, &["screen", "--overrides", "kept.toml", "--json"]);
    let site = kept["screening"]["sites"].as_array().unwrap().iter().find(|s| s["id"] == removed);
    assert_eq!(site.unwrap()["removed_by"], Value::Array(Vec::new()));
}

#[test]
fn stakeholders_stay_apart() {
    let folder = demo();
    let at = folder.path();
    let text = r#"
        [[stakeholders]]
        name = "municipality"
        [stakeholders.groups]
        method = "swing"
        points = { R = 5, T = 5, E = 100, C = 5, S = 80, L = 20 }
        [[stakeholders]]
        name = "company"
        [stakeholders.groups]
        method = "best-worst"
        best = "R"
        worst = "S"
        best_to_others = { R = 1, T = 2, E = 6, C = 2, S = 8, L = 5 }
        others_to_worst = { R = 8, T = 5, E = 2, C = 5, S = 1, L = 2 }
    "#;
    std::fs::write(at.join("weights.toml"), text).unwrap();
    let arguments = ["rank", "--weights", "weights.toml", "--draws", "400", "--json"];
    let ranking = json(at, &arguments);
    let views = ranking["views"].as_array().unwrap();
    assert_eq!(views.len(), 2);
    let rank = |view: usize| views[view]["expected_rank"].as_array().unwrap().clone();
    assert_ne!(rank(0), rank(1));
    assert_eq!(json(at, &arguments), ranking, "the same again");
}

/// Two rows a hole of a form that was filled in by hand: copper far above what was stated. The
/// form's server writes a column for every question, answered or not.
fn filled_form(holes: &str, mapping: &str) -> String {
    let asked: Vec<&str> = mapping
        .lines()
        .filter_map(|line| line.strip_prefix("column = \"pxrf_")?.strip_suffix("_ppm\""))
        .collect();
    let columns: String = asked.iter().map(|e| format!("pxrf_{e}_ppm,")).collect();
    let mut form =
        format!("sample_id,hole,from_m,to_m,role,date,mass_kg,material,{columns}remark,KEY\n");
    for (k, line) in holes.lines().skip(1).enumerate() {
        let hole = line.split(',').next().unwrap();
        for part in 0..2 {
            let (from, copper) = (4 * part, (9000 + 400 * k + 150 * part).to_string());
            let found: String = asked
                .iter()
                .map(|e| if *e == "Cu" { format!("{copper},") } else { ",".into() })
                .collect();
            form.push_str(&format!(
                "{hole}-{part},{hole},{from},{},original,2026-08-{:02},2.5,grey sand,{found},uuid:{k}{part}\n",
                from + 4,
                k + 1
            ));
        }
    }
    form
}

#[test]
fn a_filled_form_comes_back_and_moves_grade_and_rank() {
    let folder = demo();
    let at = folder.path();
    let ranking = json(at, &["rank", "--draws", "300", "--json"]);
    let copper = |sheet: &Value| sheet["profile"]["grades"]["Cu"]["figure"]["best"].as_f64();
    let how = ranking["how"].as_object().unwrap();
    // A body of which sources state mass and copper, but of which there are no samples.
    let (id, before) = how
        .iter()
        .filter(|(_, cells)| cells.get("R1").is_some())
        .find_map(|(id, _)| {
            let sheet = json(at, &["pilot", id, "--json"])[0].clone();
            let untouched = sheet["news"].as_array().unwrap().is_empty();
            let placed = !sheet["epsg"].is_null();
            (untouched && placed && copper(&sheet)? < 5e-3).then_some((id.clone(), sheet))
        })
        .unwrap();
    varp(at, &["pilot", &id, "--out", "field"]);
    let field = at.join("field");
    let stem = before["study"]["body"].as_str().unwrap().to_lowercase();
    let name = |ending: &str| format!("field/{stem}-{ending}");
    let holes = std::fs::read_to_string(at.join(name("holes.csv"))).unwrap();
    let mapping = std::fs::read_to_string(at.join(name("import.toml"))).unwrap();
    let form = filled_form(&holes, &mapping);
    std::fs::write(field.join(format!("{stem}-samples.csv")), form).unwrap();
    let files = [name("holes.csv"), name("samples.csv"), name("import.toml")];
    varp(at, &["import", &files[0], &files[1], "--mapping", &files[2]]);

    let after = json(at, &["pilot", &id, "--json"])[0].clone();
    assert!(copper(&after).unwrap() > 1.5 * copper(&before).unwrap());
    let news = after["news"].as_array().unwrap();
    let moved = news.iter().find(|n| n["element"] == "Cu").unwrap();
    let update = &moved["update"]["update"];
    assert!(update["weight_of_data"].as_f64().unwrap() > 0.5);
    let deviation = |when: &str| update[when]["deviation"].as_f64().unwrap();
    assert!(deviation("posterior") < deviation("prior"));
    let again = json(at, &["rank", "--draws", "300", "--json"]);
    let value = |ranking: &Value| {
        let sites = ranking["sites"].as_array().unwrap();
        let site = sites.iter().find(|s| s["id"] == id.as_str()).unwrap();
        site["expected_value"].as_f64().unwrap()
    };
    let (old, new) = (value(&ranking), value(&again));
    assert!(new > old, "{old} to {new}");
    // Copper is the main product now, so that what is known of another's recovery no longer counts.
    let reasons = |ranking: &Value| ranking["how"][&id].as_object().unwrap().clone();
    let before = reasons(&ranking);
    for (criterion, reason) in reasons(&again) {
        let same = before[&criterion] == reason;
        assert!(same || reason.as_str().unwrap().contains("Cu"), "{criterion}: {reason}");
    }
}

#[test]
fn a_stored_estimate_speaks_in_the_ranking_and_an_adopted_one_before_newer_ones() {
    let folder = demo();
    let at = folder.path();
    let rank = || json(at, &["rank", "--draws", "300", "--json"]);
    let before = rank();
    let speaks = |ranking: &Value, id: &str| ranking["estimates"][id].as_str().unwrap().to_owned();
    let tonnes = |ranking: &Value, id: &str| {
        let of = |list: &Value, name: &str| {
            list.as_array().unwrap().iter().position(|v| v == name || v["id"] == name).unwrap()
        };
        let site = &ranking["sites"][of(&ranking["sites"], id)];
        site["mean_values"][of(&ranking["criteria"], "R3")].as_f64().unwrap()
    };
    let how = before["how"].as_object().unwrap();
    let id = how.keys().find(|id| before["estimates"].get(id).is_some()).unwrap();
    let first = speaks(&before, id);
    assert!(how[id]["R3"].as_str().unwrap().contains(&first));

    let plan = r#"
        body = "BODY"
        effective = "2026-11-01"
        reference_point = "in the body"
        seed = 1
        draws = 1000
        [mass.stated]
        mass_t = { belief = { normal = { mean = MASS, sd = 1000.0, at_least = 0.0 } }, basis = "records", source = "a survey of our own" }
        [[products]]
        substance = "Cu"
        grade = { belief = { uniform = { from = 0.002, to = 0.003 } }, basis = "records", source = "a survey of our own" }
    "#;
    let plan = plan.replace("BODY", id);
    let mut stored = Vec::new();
    for mass in ["30000000.0", "60000.0"] {
        std::fs::write(at.join("plan.toml"), plan.replace("MASS", mass)).unwrap();
        varp(at, &["estimate", "--plan", "plan.toml", id]);
        let ranking = rank();
        stored.push((speaks(&ranking, id), tonnes(&ranking, id)));
    }
    let [(large, much), (small, little)] = &stored[..] else { panic!("{stored:?}") };
    assert!(*large != first && large != small, "{stored:?}");
    assert!(much > &(little + 0.2), "{stored:?}");
    let site = |ranking: &Value| {
        let sites = ranking["sites"].as_array().unwrap();
        sites.iter().find(|s| s["id"] == id.as_str()).unwrap()["expected_rank"].as_f64().unwrap()
    };
    assert_ne!(site(&before), site(&rank()), "the rank moves with the estimate");

    for to in ["draft", "reviewed", "adopted"] {
        let why = ["--because", "the survey was checked", "--capacity", "competent person"];
        let step = ["adopt", id, "--estimate", "--to", to, "--person", "Ada"];
        varp(at, &step.into_iter().chain(why).collect::<Vec<_>>());
    }
    std::fs::write(at.join("plan.toml"), plan.replace("MASS", "70000.0")).unwrap();
    varp(at, &["estimate", "--plan", "plan.toml", id]);
    assert_eq!(&speaks(&rank(), id), small, "a newer estimate waits until somebody adopts it");
}

#[test]
fn a_kept_ranking_is_computed_again_to_the_same_bytes_until_the_register_moves() {
    let folder = demo();
    let at = folder.path();
    let kept = |arguments: &[&str]| {
        let all: Vec<&str> =
            ["rank", "--draws", "200", "--keep"].iter().chain(arguments).copied().collect();
        let said = told(at, &all).1;
        said.trim().rsplit(' ').next().unwrap().to_owned()
    };
    std::fs::write(
        at.join("weights.toml"),
        "[[stakeholders]]\nname = \"town\"\n[stakeholders.groups]\nmethod = \"swing\"\n\
         points = { R = 5, T = 5, E = 100, C = 5, S = 80, L = 20 }\n",
    )
    .unwrap();
    let swedish = kept(&["--country", "SE", "--space", "uniform"]);
    let pooled = kept(&["--weights", "weights.toml", "--seed", "7"]);
    for id in [&swedish, &pooled] {
        let (again, said, code) = told(at, &["rank", "--replay", id, "--json"]);
        assert_eq!(code, 0, "{said}");
        assert!(said.contains("the same "), "{said}");
        assert!(serde_json::from_str::<Value>(&again).unwrap()["sites"].is_array());
    }
    let ranking = json(at, &["rank", "--draws", "200", "--country", "SE", "--json"]);
    let id = ranking["sites"][0]["id"].as_str().unwrap();
    let plan = format!(
        "body = \"{id}\"\neffective = \"2026-11-01\"\nreference_point = \"in the body\"\nseed = 1\ndraws = 100\n\
         [mass.stated]\nmass_t = {{ belief = {{ normal = {{ mean = 9e6, sd = 1e5, at_least = 0.0 }} }}, \
         basis = \"records\", source = \"ours\" }}\n[[products]]\nsubstance = \"Cu\"\n\
         grade = {{ belief = {{ uniform = {{ from = 0.002, to = 0.003 }} }}, basis = \"records\", source = \"ours\" }}\n"
    );
    std::fs::write(at.join("plan.toml"), plan).unwrap();
    varp(at, &["estimate", "--plan", "plan.toml", id]);
    let (_, said, code) = told(at, &["rank", "--replay", &swedish]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("has changed since"), "{said}");
}

#[test]
fn kept_portfolios_and_plans_are_computed_again_until_the_register_moves() {
    let folder = demo();
    let at = folder.path();
    let kept = |arguments: &[&str]| {
        let said = told(at, arguments).1;
        said.trim().rsplit(' ').next().unwrap().to_owned()
    };
    std::fs::write(at.join("rules.toml"), "draws = 5\n[rules]\ncluster = \"country\"\n").unwrap();
    std::fs::write(at.join("study.toml"), "holes = 6\nseed = 18446744073709551615\n").unwrap();
    let options = ["--draws", "200", "--country", "SE,FI", "--rules", "rules.toml", "--keep"];
    let portfolio = kept(&[&["portfolio"][..], &options].concat());
    let choice = json(at, &["portfolio", "--draws", "200", "--country", "SE,FI", "--json"]);
    let chosen = strings(&choice["choice"]["outcome"]["portfolio"]["chosen"]);
    let body = &*chosen[0];
    let plan = kept(&["pilot", body, "--study", "study.toml", "--keep"]);
    let replays = [["portfolio", &portfolio], ["pilot", &plan]];
    for [verb, id] in replays {
        let (again, said, code) = told(at, &[verb, "--replay", id, "--json"]);
        assert_eq!(code, 0, "{verb}: {said}");
        assert!(said.contains("the same "), "{verb}: {said}");
        assert!(serde_json::from_str::<Value>(&again).unwrap().is_object());
    }
    let (_, said, code) = told(at, &["portfolio", "--replay", &plan]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains(&format!("there is no kept portfolio {plan}")), "{said}");
    let text = format!(
        "body = \"{body}\"\neffective = \"2026-11-01\"\nreference_point = \"in the body\"\nseed = 1\ndraws = 100\n\
         [mass.stated]\nmass_t = {{ belief = {{ normal = {{ mean = 9e6, sd = 1e5, at_least = 0.0 }} }}, \
         basis = \"records\", source = \"ours\" }}\n[[products]]\nsubstance = \"Cu\"\n\
         grade = {{ belief = {{ uniform = {{ from = 0.002, to = 0.003 }} }}, basis = \"records\", source = \"ours\" }}\n"
    );
    std::fs::write(at.join("plan.toml"), text).unwrap();
    varp(at, &["estimate", "--plan", "plan.toml", body]);
    for [verb, id] in replays {
        let (_, said, code) = told(at, &[verb, "--replay", id]);
        assert_eq!(code, 2, "{verb}: {said}");
        assert!(said.contains("has changed since"), "{verb}: {said}");
    }
}

#[test]
fn scenarios_of_a_body_come_as_text_json_page_and_diagrams() {
    let folder = demo();
    let at = folder.path();
    let ranking = json(at, &["rank", "--draws", "100", "--json"]);
    let how = ranking["how"].as_object().unwrap();
    let id = how.iter().find(|(_, cells)| cells.get("R1").is_some()).unwrap().0.as_str();
    let report = json(at, &["circularity", id, "--json", "--out", "ways"])[0].clone();
    let ways = report["fates"].as_array().unwrap();
    assert_eq!(ways.len(), 3);
    ways.iter().for_each(closes);
    for way in ways {
        for factor in way["avoided"]["factors"].as_array().unwrap() {
            assert!(!factor["source"].as_str().unwrap().is_empty());
            assert_eq!(factor["status"], "unverified");
        }
    }
    assert!(report["rests_on"].as_array().unwrap().iter().all(|g| g["evidence"].is_string()));
    let mut files: Vec<String> = std::fs::read_dir(at.join("ways"))
        .unwrap()
        .map(|f| f.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    assert_eq!(files.len(), 4, "{files:?}");
    for file in &files {
        let text = std::fs::read_to_string(at.join("ways").join(file)).unwrap();
        assert!(text.contains("class=\"sankey\""), "{file}");
        assert!(!text.contains("NaN") && !text.contains("-0.0"), "{file}");
        assert!(!file.ends_with("html") || text.contains("unverified"), "{file}");
    }
    let said = varp(at, &["circularity", id]);
    assert!(!said.contains("-0.0"), "{said}");
    assert!(said.contains("rests on:") && said.contains("primary production avoided"), "{said}");
}
