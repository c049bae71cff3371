//! Screening, ranking, portfolio and pilots show the public what is public, and no more.

use super::door;
use super::fixture::body_id;

#[test]
fn what_is_not_public_takes_no_part_in_a_ranking() {
    let door = door();
    let hidden = body_id("hidden").to_string();
    let seen = body_id("b00").to_string();
    for path in ["/screening", "/ranking?wanted=3", "/portfolio?budget=500"] {
        for form in ["json", "html", "csv"] {
            let sign = if path.contains('?') { '&' } else { '?' };
            let answer = door.get(&format!("{path}{sign}f={form}"));
            assert_eq!(answer.status, 200, "{path} {form}");
            let text = answer.text();
            assert!(!text.contains(&hidden), "{path} as {form} names a hidden body");
            // the page of the funnel names only whom a rule removed, the portfolio whom it chose
            let names_all = path.starts_with("/ranking") || form != "html";
            assert!(
                path.starts_with("/portfolio") || !names_all || text.contains(&seen),
                "{path} as {form}"
            );
        }
    }
    assert_eq!(door.get(&format!("/collections/bodies/items/{hidden}/pilot")).status, 404);
}

#[test]
fn a_question_out_of_range_is_refused_with_the_range() {
    let door = door();
    for (path, words) in [
        ("/ranking?wanted=0", "from 1 to 1000"),
        ("/portfolio?budget=no", "from 1 to 1000000"),
        ("/screening?wanted=3", "is not a parameter"),
    ] {
        let answer = door.get(path);
        assert_eq!(answer.status, 400, "{path}");
        assert!(answer.text().contains(words), "{path}");
    }
}

#[test]
fn the_same_seed_gives_the_same_order_in_page_and_table() {
    let door = door();
    let json = door.json("/ranking?seed=7&f=json");
    assert_eq!(json["ranking"]["plan"]["seed"], 7);
    assert_eq!(door.json("/ranking?seed=7&f=json"), json);
    let table = door.get("/ranking?seed=7&f=csv").text();
    let first = json["ranking"]["order"][0].as_u64().unwrap() as usize;
    let id = json["ranking"]["sites"][first]["id"].as_str().unwrap();
    assert!(table.lines().nth(1).unwrap().starts_with(id));
}
