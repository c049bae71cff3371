//! Candidates for one and the same mine.

use std::collections::BTreeMap;

use uuid::Uuid;
use varp_engine::matching::{Thing, candidates};
use varp_model::LonLat;

fn thing(name: &str, country: &str, place: Option<(f64, f64)>) -> Thing {
    Thing {
        id: Uuid::nil(),
        name: name.into(),
        aliases: Vec::new(),
        country: country.parse().ok(),
        place: place.and_then(|(lon, lat)| LonLat::new(lon, lat)),
        accuracy_m: None,
        footprint: None,
        period: None,
        kind: String::new(),
    }
}

#[test]
fn spellings_of_one_mine_are_a_candidate_and_its_parts_are_not() {
    let things = [
        thing("Kylmäkoski", "FI", Some((23.58, 61.15))),
        thing("Kylmaekoski, Finland", "FI", Some((23.58, 61.14))),
        thing("Åsen-East", "SE", Some((19.0, 64.0))),
        thing("Asen-West", "SE", Some((19.0, 64.0))),
    ];
    let found = candidates(&things, 0.5);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!((found[0].first, found[0].second), (0, 1));
    assert!(found[0].reasons.iter().any(|r| r.contains("1.1 km apart")), "{found:#?}");
}

#[test]
fn the_same_name_in_two_countries_is_hardly_one_mine() {
    let things = [thing("Falun", "SE", None), thing("Falun", "NO", None)];
    assert!(candidates(&things, 0.6).is_empty());
}

#[test]
fn aliases_count_as_names() {
    let mut a = thing("Jan-Matts", "SE", None);
    a.aliases.push("Grängesberg apatite dam".into());
    let found = candidates(&[a, thing("Grangesberg apatite dam", "SE", None)], 0.5);
    assert_eq!(found.len(), 1);
}

#[test]
fn a_hundred_thousand_bodies_are_matched_in_seconds() {
    let words = ["berg", "gruva", "vaara", "lampi", "träsk", "fors", "ås", "hult", "mo", "kallio"];
    let things: Vec<Thing> = (0..100_000_usize)
        .map(|i| {
            let letters: String = (0..5)
                .map(|k| {
                    char::from(b'a' + u8::try_from((i * 7919 / 26_usize.pow(k)) % 26).unwrap())
                })
                .collect();
            let name = format!("{letters}{}", words[i % words.len()]);
            let place = (5.0 + (i % 1000) as f64 * 0.025, 55.0 + (i / 1000) as f64 * 0.15);
            thing(&name, "SE", Some(place))
        })
        .collect();
    let start = std::time::Instant::now();
    let found = candidates(&things, 0.5);
    println!("{} candidates among {} bodies in {:?}", found.len(), things.len(), start.elapsed());
    assert!(start.elapsed().as_secs() < 120, "{:?}", start.elapsed());
}

/// Hand-labelled: names on one line are one mine or deposit. Read in the table's own spelling.
const ONE_MINE: &str = include_str!("one_mine.txt");

/// Precision and recall on real records: one mine, many points and spellings.
#[test]
fn real_records_of_one_mine_find_each_other() {
    let Ok(folder) = std::env::var("VARP_TEST_DATA") else {
        println!("skipped: VARP_TEST_DATA is not set");
        return;
    };
    let path = std::path::Path::new(&folder).join("minmod-mineral-sites/nordic_deposits.csv");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: {} is not there", path.display());
        return;
    };
    let records = records(&text);
    let (mut unsure, mut groups) = (Vec::new(), BTreeMap::new());
    for (number, line) in ONE_MINE.lines().filter(|l| !l.starts_with('#')).enumerate() {
        match line.strip_prefix("unsure|") {
            Some(names) => unsure.extend(names.split('|')),
            None => groups.extend(line.split('|').map(|name| (name, number))),
        }
    }
    let same = |a: &Thing, b: &Thing| -> Option<bool> {
        if unsure.contains(&a.name.as_str()) || unsure.contains(&b.name.as_str()) {
            return None;
        }
        let group = |t: &Thing| groups.get(t.name.as_str()).copied();
        Some(match (group(a), group(b)) {
            (Some(x), Some(y)) => x == y,
            _ => a.name == b.name,
        })
    };
    let mut truth = 0;
    for (at, a) in records.iter().enumerate() {
        truth += records[at + 1..].iter().filter(|b| same(a, b) == Some(true)).count();
    }
    let (mut right, mut wrong) = (0, 0);
    for c in candidates(&records, 0.5) {
        let (a, b) = (&records[c.first], &records[c.second]);
        match same(a, b) {
            Some(true) => right += 1,
            Some(false) => {
                wrong += 1;
                println!("wrong {:.2}: {} / {}: {:?}", c.score, a.name, b.name, c.reasons);
            }
            None => {}
        }
    }
    let precision = f64::from(right) / f64::from(right + wrong);
    let recall = f64::from(right) / truth as f64;
    println!(
        "{} records, {truth} true pairs: precision {precision:.3}, recall {recall:.3}",
        records.len()
    );
    assert!(precision >= 0.95 && recall >= 0.95, "precision {precision:.3}, recall {recall:.3}");
}

/// Each named record once.
fn records(text: &str) -> Vec<Thing> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|h| h == name).unwrap();
    let mut records: BTreeMap<Vec<String>, Thing> = BTreeMap::new();
    for row in reader.records() {
        let row = row.unwrap();
        let get = |name: &str| row[column(name)].trim().to_owned();
        let country = match get("country").as_str() {
            "Sweden" => "SE",
            "Finland" => "FI",
            "Norway" => "NO",
            "Denmark" => "DK",
            c if c.contains("Greenland") => "GL",
            _ => "",
        };
        let place = get("lon").parse().ok().zip(get("lat").parse().ok());
        let key = ["dataset", "source_id", "record_id", "name"].map(get).to_vec();
        if !key[3].is_empty() {
            records.entry(key.clone()).or_insert_with(|| thing(&key[3], country, place));
        }
    }
    records.into_values().collect()
}
