//! Published numbers of Nordic bodies as consistency checks. Several inputs were back-solved by the
//! publishers from each other, so agreement shows that the arithmetic and the units are right, not that
//! the numbers are true.

use varp_engine::estimate::{Facts, Stated, cone_volume, contradictions, why_different};
use varp_model::References;

fn stated(source: &str, subject: &str, value: f64) -> Option<Stated> {
    Some(Stated { source: source.into(), subject: subject.into(), value, range: None })
}

fn size(commodity: &str, tonnes: f64) -> &'static str {
    let references = References::embedded();
    references.size_classes.iter().find(|s| s.commodity == commodity).unwrap().of(tonnes)
}

/// Jan-Matts: 5.44 % P2O5 is 2.374 % P; 2.79 Mt yield 10.9 % apatite and 5.8 % magnetite.
#[test]
fn jan_matts_yields_304_kt_of_apatite_and_162_kt_of_magnetite() {
    assert!((5.44_f64 / 2.2914 - 2.374).abs() < 5e-4);
    assert!((2.79e6_f64 * 0.109 / 304e3 - 1.0).abs() < 5e-3);
    assert!((2.79e6_f64 * 0.058 / 162e3 - 1.0).abs() < 5e-3);
}

/// Grängesberg: 156 kt P at 2.37 % need 6.6 Mt, more than the 2.79 Mt of one pond.
#[test]
fn grangesberg_is_said_to_be_several_bodies() {
    let facts = Facts {
        contained_t: stated("SGU 2024", "all tailings of Grängesberg", 156e3),
        grade: stated("JORC 2021", "Jan-Matts", 0.0237),
        mass_t: stated("JORC 2021", "Jan-Matts", 2.79e6),
        ..Facts::default()
    };
    let found = contradictions(&facts);
    assert_eq!(found.len(), 1);
    let cause = &found[0].causes[0];
    assert!(cause.starts_with("probably different bodies"), "{cause}");
    assert!(cause.contains("6.58 Mt") && cause.contains("2.4 times"), "{cause}");
}

/// Yxsjöberg ore: 5 Mt at 0.38 % are 19.0 kt, published 24.8 kt WO3: the grade is of W.
#[test]
fn yxsjoberg_ore_says_element_not_oxide() {
    let factors = [("a grade of W taken for WO3".to_owned(), 1.2611)];
    let computed = stated("ore × grade", "ore mined", 5e6 * 0.0038).unwrap();
    let published = stated("NewPeak", "ore mined", 24_800.0).unwrap();
    let causes = why_different(&computed, &published, &factors);
    assert!(causes[0].starts_with("a grade of W taken for WO3"), "{causes:?}");
}

/// Yxsjöberg tailings: 0.19 % of all 4.6 Mt against 0.12 % of cores of one pond: no oxide slip.
#[test]
fn yxsjoberg_tailings_are_probably_different_bodies() {
    let factors = [("a grade of W taken for WO3".to_owned(), 1.2611)];
    let company = stated("company 2012", "all 4.6 Mt of tailings", 0.0019).unwrap();
    let university = stated("LTU cores", "the pond Smaltjärnen", 0.0012).unwrap();
    let causes = why_different(&university, &company, &factors);
    assert_eq!(causes.len(), 1, "{causes:?}");
    assert!(causes[0].starts_with("probably different bodies"), "{causes:?}");
    assert!((4.6e6_f64 * 0.0019 / 8740.0 - 1.0).abs() < 1e-3);
    assert!((4.6e6_f64 * 0.0012 / 5520.0 - 1.0).abs() < 1e-3);
    let tungsten = |t: f64| size("W", t);
    assert_eq!(tungsten(8740.0), tungsten(5520.0), "both of one size class");
}

/// Otanmäki: 774 kt TiO2 are medium; 16 % ilmenite, half of it, at 130 kt a year last 6 years.
#[test]
fn otanmaki_is_of_medium_size_and_lasts_six_years() {
    let titania = 9.8e6 * 0.079;
    assert!((titania / 774.2e3_f64 - 1.0).abs() < 1e-3);
    assert_eq!(size("Ti", titania), "medium");
    assert!((9.8e6_f64 * 0.16 * 0.5 / 130e3 - 6.0).abs() < 0.05);
    assert!((9.8e6_f64 / 145e4 / 1.6 - 4.2).abs() < 0.05);
}

/// Korsnäs: the upper end of the exploration target, 0.92 Mt, is above the 0.87 Mt of ore milled.
#[test]
fn korsnas_tailings_cannot_outweigh_their_ore() {
    let mut mass = stated("exploration target 2024", "tailings", 0.82e6).unwrap();
    mass.range = Some((0.72e6, 0.92e6));
    let facts = Facts {
        mass_t: Some(mass),
        ore_t: stated("company page", "ore mined 1959-1972", 0.87e6),
        volume_m3: stated("company page", "tailings", 570_000.0),
        ..Facts::default()
    };
    let found = contradictions(&facts);
    assert_eq!(found.len(), 1, "1.26 to 1.61 t/m³ is a possible density");
    assert!(found[0].says.contains("cannot outweigh their ore"), "{}", found[0].says);
    assert!((4464.0..5980.0).contains(&(0.82e6 * 0.00635)));
    assert_eq!(size("REE", 5200.0), "small");
}

/// A journal printed 570,000 million m³.
#[test]
fn a_volume_of_570_000_million_cubic_metres_fails_the_gate() {
    let facts = Facts { volume_m3: stated("journal", "tailings", 570_000e6), ..Facts::default() };
    let found = contradictions(&facts);
    assert!(found[0].says.contains("more than any body holds"));
    assert!(found[0].causes.iter().any(|c| c.contains("570000 m³ may be meant")), "{found:?}");
}

/// Black Angel: 13.6 Mt less 11.2 Mt. Knaben: 4 Mm³ on 48.6 ha are 8.2 m, below the 20 m stated.
#[test]
fn black_angel_and_knaben_fit() {
    assert!((13.6_f64 - 11.2 - 2.4).abs() < 1e-9);
    let mut knaben = Facts {
        volume_m3: stated("web page", "tailings", 4e6),
        area_m2: stated("web page", "tailings", 48.6e4),
        thickness_m: stated("web page", "tailings", 20.0),
        ..Facts::default()
    };
    assert_eq!(contradictions(&knaben), vec![]);
    knaben.thickness_m = stated("web page", "tailings", 5.0);
    assert!(contradictions(&knaben)[0].says.contains("8.2 m thick on average"));
}

/// Grängesberg: 21.5 kt REE are medium; 156 kt P are 357 kt P2O5, small.
#[test]
fn grangesberg_sizes() {
    assert_eq!(size("REE", 21.5e3), "medium");
    assert!((156e3_f64 * 2.2914 / 357e3 - 1.0).abs() < 2e-3);
    assert!(cone_volume(1.0, 3.0) > 3.0);
}
