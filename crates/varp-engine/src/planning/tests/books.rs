//! What the books of a mill become in a plan.

use super::*;

/// A table of a mill by years: each year has its own grade and recovery, and years without one that is near.
#[test]
fn a_production_table_is_balanced_year_by_year() {
    let of = |property: &str, substance: Option<&str>, value: f64, unit: &str, years: &str| Claim {
        term: Term::Produced,
        period: Some(years.parse().unwrap()),
        ..claim(property, substance, value, unit)
    };
    let mut claims = vec![
        of("ore_mined", None, 20_000.0, "t", "1911/1911"),
        of("ore_mined", None, 12_000.0, "t", "1907/1907"),
        of("ore_mined", None, 60_000.0, "t", "1912/1914"),
        of("ore_grade", Some("Cu"), 2.0, "%", "1907/1907"),
        of("ore_grade", Some("Cu"), 1.0, "%", "1911/1911"),
        of("ore_grade", Some("Cu"), 0.5, "%", "1912/1914"),
        of("recovery", Some("Cu"), 60.0, "per cent", "1907/1911"),
        of("recovery", Some("Cu"), 95.0, "per cent", "1912/1914"),
    ];
    let proposal = proposal(&body("tailings"), &claims).unwrap();
    let MassFrom::Balance { periods, ore_factor, grade_factor, .. } = &proposal.plan.mass else {
        panic!("a balance")
    };
    let names: Vec<&str> = periods.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["1907", "1911", "1912/1914"]);
    let middle = |q: &crate::estimate::Quantity| (q.belief.quantile(0.5) * 1e4).round() / 1e4;
    let read: Vec<_> = periods
        .iter()
        .map(|p| (middle(&p.flows[0].head_grade), middle(&p.flows[0].recovery)))
        .collect();
    assert_eq!(read[..2], [(0.02, 0.6), (0.01, 0.6)]);
    assert!((0.88..0.96).contains(&read[2].1) && read[2].0 == 0.005, "{read:?}");
    assert!(periods[2].flows[0].recovery.belief.quantile(1.0 - 1e-9) < 1.0);
    assert!(ore_factor.is_some() && grade_factor.is_some(), "books are wrong together");
    let made = crate::estimate::estimate(&proposal.plan).unwrap();
    let left = 12_000.0 * 0.02 * 0.4 + 20_000.0 * 0.01 * 0.4 + 60_000.0 * 0.005 * 0.06;
    assert!((made.products[0].contained_t[1] / left - 1.0).abs() < 0.1, "{:?}", made.products);

    // a year without a grade takes those of other years, and says so
    claims.retain(|c| {
        !(c.property == "ore_grade" && c.period.unwrap().start.unwrap().year() == 1911)
    });
    let again = self::proposal(&body("tailings"), &claims).unwrap();
    let said = again.choices.iter().find(|c| c.about == "head grade of Cu 1911").unwrap();
    assert!(said.because.contains("other years stand in"), "{}", said.because);
    // years that nobody wrote down: all statements, none chosen by chance
    claims.iter_mut().for_each(|c| c.period = None);
    let again = self::proposal(&body("tailings"), &claims).unwrap();
    assert!(again.choices[0].because.starts_with("3 statements and none is preferred"));
}

/// A recovery is of the process that is recorded.
#[test]
fn a_missing_recovery_is_of_the_process_recorded() {
    let mut process = claim("process", None, 0.0, "1");
    process.value = ClaimValue::Code("manual-sorting".into());
    let mut claims = vec![
        Claim { period: Some("1922/1924".parse().unwrap()), ..claim("ore_mined", None, 1.0, "Mt") },
        claim("ore_grade", Some("Zn"), 3.0, "%"),
    ];
    let pond = Body { commodities: vec!["Zn".into()], ..body("tailings") };
    let said = |claims: &[Claim]| {
        let choices = proposal(&pond, claims).unwrap().choices;
        choices.iter().find(|c| c.about.starts_with("recovery of Zn")).unwrap().because.clone()
    };
    claims.push(process);
    assert!(said(&claims).contains("hand sorting"), "{}", said(&claims));
}
