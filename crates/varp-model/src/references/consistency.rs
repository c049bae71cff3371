//! What the reference files promise to one another.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::Substance;

const CGI: &str = "http://resource.geosciml.org/classifier/cgi/";
const INSPIRE: &str = "http://inspire.ec.europa.eu/codelist/";

/// Where an address may not have a blank, a bracket or an empty end.
fn is_concept(uri: &str, start: &str) -> bool {
    let part = uri.strip_prefix(start).unwrap_or_default();
    let (list, name) = part.split_once('/').unwrap_or_default();
    let word = |w: &str| {
        !w.is_empty() && w.chars().all(|c| c.is_alphanumeric() || "-_\u{2010}".contains(c))
    };
    word(list) && word(name)
}

#[test]
fn addresses_of_concepts_are_well_formed() {
    let references = References::embedded();
    let codes = references.lists.values().flat_map(|l| &l.codes);
    let commodities = references.commodities.iter();
    let addresses = codes
        .map(|c| (&c.uri_cgi, &c.uri_inspire))
        .chain(commodities.map(|c| (&c.uri_cgi, &c.uri_inspire)));
    let mut seen = 0;
    for (cgi, inspire) in addresses {
        assert!(cgi.is_empty() || is_concept(cgi, CGI), "{cgi}");
        assert!(inspire.is_empty() || is_concept(inspire, INSPIRE), "{inspire}");
        seen += usize::from(!cgi.is_empty());
    }
    assert!(seen > 180, "{seen}");
}

/// Of each list: rows, rows with a CGI concept, rows with an INSPIRE concept.
#[test]
fn as_many_codes_are_mapped_as_the_vocabularies_allow() {
    let references = References::embedded();
    for (name, mapped) in [
        ("mine_status", (13, 13, 13)),
        ("waste_storage", (4, 4, 0)),
        ("environmental_impacts", (32, 32, 0)),
        ("processing_activities", (47, 42, 36)),
        ("unfc_classes", (14, 12, 0)),
    ] {
        let codes = &references.lists[name].codes;
        let cgi = codes.iter().filter(|c| !c.uri_cgi.is_empty()).count();
        let inspire = codes.iter().filter(|c| !c.uri_inspire.is_empty()).count();
        assert_eq!((codes.len(), cgi, inspire), mapped, "{name}");
    }
}

/// The vocabulary matches coal with cobalt and iridium with rubidium, by their spelling.
#[test]
fn no_commodity_shares_its_concept_with_another() {
    let references = References::embedded();
    for uri in [|c: &Commodity| c.uri_cgi.clone(), |c: &Commodity| c.uri_inspire.clone()] {
        let mut seen = BTreeMap::new();
        for commodity in references.commodities.iter().filter(|c| !uri(c).is_empty()) {
            let before = seen.insert(uri(commodity), &commodity.code);
            assert_eq!(before, None, "{} and {}", commodity.code, uri(commodity));
        }
    }
}

#[test]
fn every_list_of_raw_materials_names_known_commodities() {
    let references = References::embedded();
    for list in &references.crm_lists {
        assert!(list.valid_from.parse::<crate::PartialDate>().is_ok(), "{}", list.valid_from);
        for entry in &list.entries {
            assert!(entry.critical || entry.strategic, "{entry:?}");
            assert!(!entry.commodities.is_empty(), "{entry:?}");
            for code in entry.commodities.split_whitespace() {
                assert!(references.commodity(code).is_some(), "{code} in {}", entry.material);
            }
        }
    }
}

#[test]
fn the_law_lists_forms_that_an_assay_does_not_show() {
    let references = References::embedded();
    let list = references.crm_lists.iter().find(|l| l.list == "EU-2024").unwrap();
    let of = |text| {
        let substance = Substance::parse(text, &references).unwrap();
        list.entries_of_substance(&substance, &references)
            .into_iter()
            .map(|l| (l.entry.material.as_str(), l.any_form))
            .collect::<Vec<_>>()
    };
    assert_eq!(of("Co"), [("cobalt", true)]);
    assert_eq!(of("Ni"), [("nickel - battery grade", false)]);
    assert_eq!(of("WO3"), [("tungsten", true)]);
    assert_eq!(of("TiO2"), [("titanium metal", false)]);
    assert!(of("Nd").contains(&("rare earth elements for permanent magnets", true)));
    assert!(!of("La").contains(&("rare earth elements for permanent magnets", true)));
    assert!(of("Fe").is_empty());
}

/// The changes that the Commission and the survey of the United States announced with each list.
#[test]
fn lists_differ_by_the_materials_that_came_and_went() {
    let references = References::embedded();
    let codes = |name: &str| -> BTreeSet<&str> {
        let list = references.crm_lists.iter().find(|l| l.list == name).unwrap();
        let critical = list.entries.iter().filter(|e| e.critical);
        critical.flat_map(|e| e.commodities.split_whitespace()).collect()
    };
    let has = |list: &str, code: &str| codes(list).contains(code);
    assert!(has("EU-2011", "Ta") && !has("EU-2014", "Ta") && has("EU-2017", "Ta"));
    assert!(has("EU-2014", "Cr") && !has("EU-2017", "Cr"));
    assert!(has("EU-2017", "He") && !has("EU-2020", "He") && has("EU-2024", "He"));
    assert!(has("EU-2020", "In") && !has("EU-2024", "In"));
    assert!(codes("US-2022").is_subset(&codes("US-2025")));
    for code in "B Cu Pb coking-coal phosphate-rock potash Re Si Ag U".split(' ') {
        assert!(!has("US-2022", code) && has("US-2025", code), "{code}");
    }
}

#[test]
fn size_classes_fall_and_are_of_known_commodities() {
    let references = References::embedded();
    assert_eq!(references.size_classes.len(), 50);
    for class in &references.size_classes {
        assert!(references.commodity(&class.commodity).is_some(), "{}", class.commodity);
        let bounds = [class.very_large, class.large, class.medium, class.small];
        assert!(bounds.is_sorted_by(|a, b| a > b), "{class:?}");
    }
}

/// Contained tonnes of three Nordic tailings: Otanmäki 774 kt TiO2, Grängesberg 21.5 kt of rare
/// earths (as oxides more than 10 kt) and Yxsjöberg 8.74 kt WO3.
#[test]
fn nordic_tailings_have_the_size_of_medium_deposits() {
    let references = References::embedded();
    for (commodity, tonnes, size) in [
        ("Ti", 774e3, "medium"),
        ("REE", 21.5e3, "medium"),
        ("W", 8.74e3, "medium"),
        ("phosphate-rock", 357e3, "small"),
        ("REE", 5e3, "small"),
    ] {
        let class = references.size_classes.iter().find(|c| c.commodity == commodity).unwrap();
        assert_eq!(class.of(tonnes), size, "{commodity}");
    }
}

#[test]
fn commodities_are_witnessed_by_known_substances() {
    let references = References::embedded();
    for commodity in &references.commodities {
        for text in commodity.substances.split_whitespace() {
            let substance = Substance::parse(text, &references).unwrap();
            let found = references.commodities_of(&substance);
            assert!(found.iter().any(|c| c.code == commodity.code), "{text}");
        }
    }
}

#[test]
fn associations_name_known_commodities_once() {
    let references = References::embedded();
    let mut seen = BTreeSet::new();
    for row in &references.associations {
        assert!(references.commodity(&row.commodity).is_some(), "{}", row.commodity);
        assert!(["common", "occasional"].contains(&row.frequency.as_str()));
        assert!(seen.insert((&row.deposit_type, &row.commodity)), "{row:?}");
    }
}

#[test]
fn labels_of_commodities_are_unique_in_each_language() {
    let references = References::embedded();
    type Label = fn(&Commodity) -> &str;
    let labels: [Label; 6] = [|c| &c.en, |c| &c.fi, |c| &c.sv, |c| &c.nb, |c| &c.da, |c| &c.is];
    for label in labels {
        let mut seen = BTreeSet::new();
        for commodity in &references.commodities {
            assert!(!label(commodity).is_empty(), "{}", commodity.code);
            assert!(seen.insert(label(commodity)), "{}", label(commodity));
        }
    }
}

#[test]
fn one_word_means_one_code_of_a_list() {
    for (name, list) in &References::embedded().lists {
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for code in &list.codes {
            let words = code.labels().into_iter().map(|(_, l)| l);
            for word in words.chain(code.spellings.split('|')).chain([code.code.as_str()]) {
                let before = seen.insert(word.to_lowercase(), &code.code);
                let clear = word.is_empty() || before.is_none_or(|b| b == code.code);
                assert!(clear, "{name}: {word} means {before:?} and {}", code.code);
            }
            let broader = code.broader.as_str();
            assert!(broader.is_empty() || list.get(broader).is_some(), "{name}: {broader}");
        }
    }
}

#[test]
fn kinds_of_bodies_point_to_entries_of_the_list_of_waste() {
    let references = References::embedded();
    let waste = references.list("list_of_waste").unwrap();
    for kind in &references.kinds {
        for entry in kind.list_of_waste.split('|').filter(|e| !e.is_empty()) {
            assert!(waste.get(entry).is_some(), "{}: {entry}", kind.code);
        }
        let scopes = ["extractive waste", "often outside", "undetermined", "not waste"];
        assert!(scopes.contains(&kind.scope.as_str()), "{}", kind.scope);
        assert!(["", "MINW", "SLASH"].contains(&kind.stream.as_str()));
    }
    assert_eq!(waste.recognise("010304").unwrap().code, "01 03 04*");
}

#[test]
fn countries_are_recognised_as_people_write_them() {
    let references = References::embedded();
    let countries = references.list("countries").unwrap();
    for (written, code) in [
        ("Suomi", "FI"),
        ("SVERIGE", "SE"),
        ("Norge", "NO"),
        ("Kalaallit Nunaat (Greenland)", "GL"),
        ("Denmark", "DK"),
        ("Ísland", "IS"),
        ("Ahvenanmaa", "AX"),
        ("NOR", "NO"),
    ] {
        assert_eq!(countries.recognise(written).map(|c| c.code.as_str()), Some(code), "{written}");
    }
    let boxes = references.country_boxes.iter().map(|b| b.country.as_str());
    let grids = references.crs.iter().flat_map(|c| c.countries.split_whitespace());
    for code in boxes.chain(grids) {
        assert!(countries.get(code).is_some(), "{code}");
    }
}

#[test]
fn properties_use_known_words() {
    let references = References::embedded();
    let mut seen = BTreeSet::new();
    for property in &references.properties {
        assert!(seen.insert(&property.code), "{}", property.code);
        let number = property.value == ValueKind::Number;
        assert_eq!(number, property.dimension.is_some(), "{}", property.code);
        let code = property.value == ValueKind::Code;
        assert_eq!(code, references.list(&property.list).is_some(), "{}", property.code);
        assert!(!property.subjects.is_empty());
        for subject in property.subjects.split_whitespace() {
            assert!(["site", "body", "zone", "hole", "sample"].contains(&subject), "{subject}");
        }
    }
}

/// Article 27(4) of Regulation (EU) 2024/1252 asks of each closed facility: extent, volume,
/// operator, former operator and legal successor, quantities and concentrations, and what enables
/// recovery.
#[test]
fn what_article_27_asks_for_can_be_stated_of_a_body() {
    let references = References::embedded();
    let needed = "area volume mass operator former_operator legal_successor grade contained \
                  ore_grade test_work recovery land_owner mineral_right waste_owner permit consent \
                  access closure waste_plan review";
    for code in needed.split_whitespace() {
        let property = references.property(code).unwrap_or_else(|| panic!("{code}"));
        assert!(property.subjects.split(' ').any(|s| s == "body"), "{code}");
    }
}
