//! Estimates from samples: methods agree where they must, results repeat to the byte.

use varp_engine::estimate::{
    Estimate, EstimationPlan, GradeFrom, KnownGrade, Priors, SampleMethod, ZoneData, estimate_body,
};
use varp_geostat::progress::Progress;
use varp_model::{Measured, QaRole, SizeFraction};

use super::bad_input::{sample, sound};

const PLAN: &str = include_str!("pond.toml");

fn run(plan: &EstimationPlan, data: &varp_engine::estimate::BodyData) -> Estimate {
    estimate_body(plan, data, &Priors::embedded(), &Progress::none()).unwrap()
}

fn with(method: SampleMethod) -> EstimationPlan {
    let mut plan = EstimationPlan::parse(PLAN).unwrap();
    if let GradeFrom::Samples(samples) = &mut plan.products[0].grade {
        samples.method = method;
        samples.rate_t_per_year = Some(20_000.0);
    }
    plan
}

const METHODS: [SampleMethod; 4] = [
    SampleMethod::Mean,
    SampleMethod::InverseDistance { power: 2.0, neighbours: 8 },
    SampleMethod::Kriging { neighbours: 12 },
    SampleMethod::Simulation { realisations: 40, neighbours: 12 },
];

#[test]
fn methods_agree_on_an_even_campaign_and_say_what_they_did() {
    for method in METHODS {
        let found = run(&with(method), &sound());
        let product = &found.statement.products[0];
        // plain mean of the 25 samples: 1e-4 · (1 + 0.3·2 + 0.1·2)
        assert!((product.grade[1] / 1.8e-4 - 1.0).abs() < 0.08, "{method:?} {:?}", product.grade);
        assert!(product.grade[0] < product.grade[1] && product.grade[1] < product.grade[2]);
        assert_eq!(product.cap.category, "G1", "{:?}", product.cap);
        let sampled = product.sampled.as_ref().unwrap();
        assert_eq!((sampled.samples, sampled.holes), (25, 5));
        assert!(sampled.cross_validation.as_ref().unwrap().count >= 5);
        assert_eq!(found.blocks.is_some(), method != SampleMethod::Mean);
        if let Some(blocks) = &found.blocks {
            let total: f64 = blocks.mass_t.iter().sum();
            assert!((total / found.statement.mass_t[1] - 1.0).abs() < 1e-9);
            assert!(blocks.to_csv().lines().count() == blocks.len() + 1);
            // at no cut-off the curve holds all tonnes and their metal, not shares, not squares
            let all = &sampled.grade_tonnage[0];
            assert!((all.tonnes[1] / found.statement.mass_t[1] - 1.0).abs() < 1e-9, "{all:?}");
            let contained = found.statement.mass_t[1] * all.grade[1];
            assert!((all.contained_t[1] / contained - 1.0).abs() < 1e-9, "{all:?}");
            assert!((all.grade[1] / product.grade[1] - 1.0).abs() < 0.2, "{all:?}");
            // the band is that of the body, not of all blocks being poor or rich at once
            let [low, best, high] = all.grade;
            if matches!(method, SampleMethod::Simulation { .. }) {
                assert!(low < best && best < high, "{all:?}");
                let ends = [low / product.grade[0], high / product.grade[2]];
                assert!(ends.iter().all(|e| (e - 1.0).abs() < 0.03), "{all:?} {:?}", product.grade);
            } else {
                assert_eq!((low, high), (best, best));
            }
        }
    }
    // ends of a 90 % interval need more than forty realisations
    let many = SampleMethod::Simulation { realisations: 400, neighbours: 12 };
    let found = run(&with(many), &sound());
    let check = found.statement.products[0].sampled.as_ref().unwrap().production.unwrap();
    assert!(check.quarter.unwrap() > check.year.unwrap(), "{check:?}");
}

#[test]
fn the_same_plan_and_data_give_the_same_bytes_for_any_number_of_threads() {
    for method in METHODS {
        let bytes = || serde_json::to_vec(&run(&with(method), &sound())).unwrap();
        let pool = |n| rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
        assert_eq!(pool(1).install(bytes), pool(2).install(bytes), "{method:?}");
    }
}

#[test]
fn a_plan_with_samples_survives_its_text() {
    let plan = with(METHODS[2]);
    assert_eq!(EstimationPlan::parse(&plan.to_toml()).unwrap(), plan);
}

#[test]
fn zones_are_estimated_one_by_one() {
    let mut data = sound();
    let zone =
        |name: &str, top_m, base_m| ZoneData { name: name.into(), outline: None, top_m, base_m };
    data.zones = vec![zone("upper", None, Some(2.5)), zone("lower", Some(2.5), None)];
    let mut plan = with(METHODS[2]);
    if let GradeFrom::Samples(samples) = &mut plan.products[0].grade {
        samples.by_zone = true;
        samples.composite_m = Some(1.0);
    }
    let found = run(&plan, &data);
    let zones = &found.statement.products[0].sampled.as_ref().unwrap().zones;
    assert_eq!(zones.len(), 2);
    assert!(zones[0].grade[1] < zones[1].grade[1], "grades rise with depth: {zones:?}");
    assert!((zones[0].share + zones[1].share - 1.0).abs() < 1e-9);
}

#[test]
fn a_size_fraction_without_the_others_shares_is_left_out() {
    let mut data = sound();
    let fraction = |share| SizeFraction { from_mm: 0.0, to_mm: Some(4.0), mass_share: share };
    data.samples[0].size_fraction = Some(fraction(None));
    data.samples[1].size_fraction = Some(fraction(Some(0.4)));
    let found = run(&with(SampleMethod::Mean), &data);
    let sampled = found.statement.products[0].sampled.as_ref().unwrap();
    assert_eq!(sampled.samples, 23);
    let reasons: Vec<&str> = sampled.left_out.iter().map(|r| r.0.as_str()).collect();
    assert!(reasons.iter().any(|r| r.contains("share of the mass is not known")), "{reasons:?}");
    assert!(reasons.iter().any(|r| r.contains("make 40 % of the mass")), "{reasons:?}");
}

#[test]
fn caps_follow_the_evidence_and_never_the_precision() {
    let mut data = sound();
    data.holes.iter_mut().for_each(|h| h.reached_base = Some(true));
    data.samples.retain(|s| s.name.ends_with(" 0"));
    let found = run(&with(SampleMethod::Mean), &data);
    let cap = &found.statement.products[0].cap;
    assert_eq!(cap.category, "G3");
    assert!(cap.reasons[0].contains("whole depth"), "{cap:?}");
    let prior = PLAN.replace(
        "basis = \"measured\", source = \"rings\"",
        "basis = \"analogue\", source = \"prior\"",
    );
    let found = run(&EstimationPlan::parse(&prior).unwrap(), &sound());
    assert!(found.statement.products[0].cap.reasons[0].contains("density was not measured"));
}

#[test]
fn an_analogue_is_prospective_only_and_marked() {
    let mut data = sound();
    for i in 0..8 {
        data.analogues.push(KnownGrade {
            body: format!("b{i}"),
            kind: "tailings".into(),
            deposit_type: "Outokumpu-type".into(),
            substance: "Ga".into(),
            grade: Measured::Exact(1e-5 * f64::from(i + 4)),
        });
    }
    let plan = PLAN.to_owned()
        + "[[products]]\nsubstance = \"Ga\"\n[products.analogues]\n\
           deposit_type = \"Outokumpu-type\"\nkind = \"tailings\"\n";
    let found = run(&EstimationPlan::parse(&plan).unwrap(), &data);
    let gallium = &found.statement.products[1];
    assert_eq!((gallium.cap.category, gallium.cap.with), ("G4", "E3.2;F3"));
    assert!(found.statement.warnings.iter().any(|w| w.contains("Ga was never analysed")));
    assert!(gallium.grade[0] < 7e-5 && 7e-5 < gallium.grade[2]);
}

#[test]
fn quality_control_is_summed_up() {
    let mut data = sound();
    let mut twin = sample("H0", 0.0, 1.0, Measured::Exact(1.2e-4));
    (twin.role, twin.repeats) = (QaRole::FieldDuplicate, Some("H0 0".into()));
    data.samples.push(twin);
    let mut standard = sample("H0", 0.0, 1.0, Measured::Exact(2.5e-4));
    standard.role = QaRole::Standard;
    standard.assays[0].certified = Some((2e-4, 1e-5));
    data.samples.push(standard);
    let summary = varp_engine::estimate::samples::quality_summary(&data, "Co");
    assert_eq!(summary.originals, 25);
    // HARD = 100·|1.0 − 1.2|/2.2 = 9.09 %
    assert!((summary.duplicates[0].2 - 9.0909).abs() < 1e-3, "{summary:?}");
    assert_eq!(summary.standards, [(1, 1, 25.000_000_000_000_0, false)]);
    assert!(summary.remarks.iter().any(|r| r.contains("reference material")));
}

/// Two values below one limit are not a pair that agrees.
#[test]
fn pairs_with_a_value_beyond_a_limit_are_left_out_and_told() {
    let mut data = sound();
    let pairs = [
        (1.0e-4, Measured::Exact(1.2e-4)),
        (1.0e-4, Measured::Below(2.0e-4)),
        (1.0e-4, Measured::Above(1.0e-4)),
    ];
    for (i, (first, again)) in pairs.into_iter().enumerate() {
        data.samples[i].assays[0].value = Measured::Exact(first);
        let mut twin = data.samples[i].clone();
        (twin.role, twin.repeats) = (QaRole::FieldDuplicate, Some(twin.name.clone()));
        twin.assays[0].value = again;
        data.samples.push(twin);
    }
    let summary = varp_engine::estimate::samples::quality_summary(&data, "Co");
    let (_, count, hard, ..) = &summary.duplicates[0];
    assert_eq!(*count, 1);
    assert!((hard - 100.0 / 11.0).abs() < 1e-9, "{summary:?}");
    let told = "2 pairs of field duplicate with a value beyond a limit are left out";
    assert!(summary.remarks.iter().any(|r| r == told), "{summary:?}");
}

#[test]
fn a_field_instrument_is_put_through_the_laboratorys_line() {
    let mut data = sound();
    // the field instrument reads half; twelve samples have both
    for (i, s) in data.samples.iter_mut().enumerate() {
        let mut field = s.assays[0].clone();
        field.method = "pXRF".into();
        field.value = field.value.map(|v| 0.5 * v * (1.0 + 0.02 * ((i % 3) as f64 - 1.0)));
        if i < 12 { s.assays.push(field) } else { s.assays = vec![field] }
    }
    let mut plan = with(SampleMethod::Mean);
    if let GradeFrom::Samples(samples) = &mut plan.products[0].grade {
        samples.calibrate = Some("pXRF".into());
    }
    let found = run(&plan, &data);
    let product = &found.statement.products[0];
    assert_eq!(product.sampled.as_ref().unwrap().samples, 25);
    assert!((product.grade[1] / 1.8e-4 - 1.0).abs() < 0.08, "{:?}", product.grade);
    assert!(found.statement.assumptions.iter().any(|a| a.contains("12 pairs")));
}

#[test]
fn samples_are_told_by_the_years_that_laid_them_down() {
    let mut plan = with(SampleMethod::Mean);
    let years = |years: &str, amount| varp_engine::estimate::Laid { years: years.into(), amount };
    if let GradeFrom::Samples(samples) = &mut plan.products[0].grade {
        samples.laid = vec![years("1930/1939", 3e5), years("1940/1960", 2e5)];
    }
    let mut data = sound();
    let one = |s: &mut varp_engine::estimate::SampleData| {
        let varp_engine::estimate::Taken::Interval { from_m, .. } = s.taken else { return };
        // the base, below 2 m of 5, is older and twice as rich
        s.assays[0].value = Measured::Exact(if from_m >= 2.0 { 2e-4 } else { 1e-4 });
    };
    data.samples.iter_mut().for_each(one);
    let found = run(&plan, &data);
    let told = &found.statement.products[0].sampled.as_ref().unwrap().years;
    assert_eq!(told.len(), 2);
    assert!((told[0].to_share - 0.6).abs() < 1e-12 && told[0].years == "1930/1939");
    assert!((told[0].grade.unwrap() / 2e-4 - 1.0).abs() < 1e-9, "{told:?}");
    assert!((told[1].grade.unwrap() / 1e-4 - 1.0).abs() < 1e-9, "{told:?}");
}
