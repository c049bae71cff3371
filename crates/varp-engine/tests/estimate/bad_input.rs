//! Input that must not pass: each has its own message, says where, and nothing is guessed silently.

use geo_types::{MultiPolygon, Polygon};
use varp_engine::estimate::{
    AssayData, BodyData, EstimationPlan, HoleData, Priors, SampleData, Taken, estimate_body,
};
use varp_geostat::progress::Progress;
use varp_model::{Measured, QaRole};

const PLAN: &str = r#"
body = "pond"
effective = "2026-01-01"
reference_point = "in the body"
seed = 1
draws = 500
[mass.area]
area_m2 = { belief = { exact = 10000.0 }, basis = "measured", source = "map" }
thickness_m = { belief = { exact = 5.0 }, basis = "measured", source = "holes" }
density = { belief = { exact = 1.5 }, basis = "measured", source = "rings" }
[[products]]
substance = "Co"
[products.samples]
method = "mean"
"#;

pub fn hole(name: &str, x: f64, y: f64) -> HoleData {
    HoleData {
        name: name.into(),
        collar: Some([x, y, 100.0]),
        surveys: vec![],
        depth_m: Some(5.0),
        reached_base: Some(true),
    }
}

pub fn sample(hole: &str, from_m: f64, to_m: f64, value: Measured<f64>) -> SampleData {
    SampleData {
        name: format!("{hole} {from_m}"),
        taken: Taken::Interval { hole: hole.into(), from_m, to_m },
        role: QaRole::Original,
        repeats: None,
        size_fraction: None,
        assays: vec![AssayData {
            substance: "Co".into(),
            value,
            method: "ICP".into(),
            size_fraction: None,
            certified: None,
        }],
    }
}

fn square() -> Option<MultiPolygon<f64>> {
    let ring = vec![(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)];
    Some(MultiPolygon(vec![Polygon::new(ring.into(), vec![])]))
}

pub fn sound() -> BodyData {
    let mut data = BodyData { outline: square(), ..BodyData::default() };
    for (i, (x, y)) in [(20.0, 20.0), (80.0, 20.0), (20.0, 80.0), (80.0, 80.0), (50.0, 50.0)]
        .into_iter()
        .enumerate()
    {
        let name = format!("H{i}");
        data.holes.push(hole(&name, x, y));
        for k in 0..5 {
            let value = 1e-4 * (1.0 + 0.3 * (i as f64) + 0.1 * f64::from(k));
            let from = f64::from(k);
            data.samples.push(sample(&name, from, from + 1.0, Measured::Exact(value)));
        }
    }
    data
}

fn refused(plan: &str, change: impl Fn(&mut BodyData)) -> String {
    let mut data = sound();
    change(&mut data);
    let plan = match EstimationPlan::parse(plan) {
        Ok(plan) => plan,
        Err(error) => return error.to_string(),
    };
    match estimate_body(&plan, &data, &Priors::embedded(), &Progress::none()) {
        Ok(_) => "nothing was refused".into(),
        Err(error) => error.to_string(),
    }
}

fn warnings(plan: &str, change: impl Fn(&mut BodyData)) -> Vec<String> {
    let mut data = sound();
    change(&mut data);
    let plan = EstimationPlan::parse(plan).unwrap();
    let found = estimate_body(&plan, &data, &Priors::embedded(), &Progress::none()).unwrap();
    found.statement.warnings
}

#[test]
fn overlapping_intervals_name_both_samples_and_the_metres() {
    let says = refused(PLAN, |d| d.samples.push(sample("H1", 0.5, 1.5, Measured::Exact(1e-4))));
    assert!(says.contains("hole H1: samples H1 0 and H1 0.5 both cover 0.5 to 1 m"), "{says}");
}

#[test]
fn a_sample_below_the_end_of_its_hole_is_refused() {
    let says = refused(PLAN, |d| d.samples.push(sample("H1", 90.0, 91.0, Measured::Exact(1e-4))));
    assert!(says.contains("begins at 90 m, below the end of hole H1 at 5 m"), "{says}");
}

#[test]
fn a_plan_of_percentages_is_refused_by_name() {
    let stated = r#"grade = { belief = { exact = 1.2 }, basis = "records", source = "report" }"#;
    let plan = PLAN.replace("[products.samples]\nmethod = \"mean\"\n", stated);
    let says = refused(&plan, |_| {});
    assert!(says.contains("grade of Co: 1.2 is not within 0 to 1"), "{says}");
}

#[test]
fn a_hole_without_collar_says_how_many_samples_it_costs() {
    let says = refused(PLAN, |d| d.holes[2].collar = None);
    assert!(says.contains("hole H2 has no collar coordinates, so its 5 samples"), "{says}");
    let says = refused(PLAN, |d| {
        d.holes.remove(2);
    });
    assert!(says.contains("hole H2, which is not among the holes"), "{says}");
}

#[test]
fn an_outline_without_area_is_refused() {
    let line = || {
        let ring = vec![(0.0, 0.0), (100.0, 0.0), (0.0, 0.0)];
        Some(MultiPolygon(vec![Polygon::new(ring.into(), vec![])]))
    };
    let says = refused(PLAN, |d| d.outline = line());
    assert!(says.contains("encloses no area"), "{says}");
}

#[test]
fn a_thickness_of_nothing_is_refused_with_its_place() {
    let plan = PLAN.replace(
        "[mass.area]\narea_m2 = { belief = { exact = 10000.0 }, basis = \"measured\", source = \"map\" }\n\
         thickness_m = { belief = { exact = 5.0 }, basis = \"measured\", source = \"holes\" }",
        "[mass.thickness]\narea_sd = 0.01",
    );
    let says = refused(&plan, |d| d.holes[3].depth_m = Some(0.0));
    assert!(says.contains("thickness is 0 m at (80, 80)"), "{says}");
    let says = refused(&plan, |d| d.outline = None);
    assert!(says.contains("the body has no outline"), "{says}");
}

#[test]
fn a_missing_density_is_named() {
    let plan: String =
        PLAN.lines().filter(|l| !l.starts_with("density")).collect::<Vec<_>>().join("\n");
    let says = refused(&plan, |_| ());
    assert!(says.contains("missing field `density`"), "{says}");
}

#[test]
fn all_censored_gives_a_limit_instead_of_a_mean() {
    let says = refused(PLAN, |d| {
        d.samples.iter_mut().for_each(|s| s.assays[0].value = Measured::Below(2e-6));
    });
    assert!(says.contains("25 of 25 assays of Co lie below their limit"), "{says}");
}

#[test]
fn one_sample_gives_the_prior_and_says_so() {
    let says = warnings(PLAN, |d| d.samples.truncate(1));
    assert!(says.iter().any(|w| w.contains("one sample; its interval is the prior")), "{says:?}");
}

#[test]
fn what_is_not_a_number_is_named() {
    let says = refused(PLAN, |d| d.samples[7].assays[0].value = Measured::Exact(f64::NAN));
    assert!(says.contains("an assay of sample H1 2 is NaN"), "{says}");
    let says = refused(PLAN, |d| d.holes[0].collar = Some([f64::NAN, 0.0, 0.0]));
    assert!(says.contains("a collar coordinate of hole H0 is NaN"), "{says}");
}

#[test]
fn a_grade_above_one_asks_for_its_unit() {
    let says = refused(PLAN, |d| d.samples[0].assays[0].value = Measured::Exact(120.0));
    assert!(says.contains("is 120 as a mass fraction; is its unit missing?"), "{says}");
}

#[test]
fn no_samples_and_other_methods_are_told() {
    let says = refused(PLAN, |d| d.samples.clear());
    assert!(says.contains("no sample of this body has a usable assay of Co"), "{says}");
    let says = warnings(PLAN, |d| d.samples[3].assays[0].method = "pXRF".into());
    assert!(says.iter().any(|w| w.contains("another method than ICP: pXRF")), "{says:?}");
}

#[test]
fn a_prior_or_input_that_does_not_exist_is_told_with_those_that_do() {
    let plan = PLAN.replace("method = \"mean\"", "method = \"mean\"\nvariability = \"sand\"");
    assert!(refused(&plan, |_| ()).contains("there is no prior sand; there are tailings"));
    let plan =
        PLAN.to_owned() + "[[correlations]]\nfirst = \"depth\"\nsecond = \"area\"\nr = 0.5\n";
    let says = refused(&plan, |_| ());
    assert!(
        says.contains("no input is called \"depth\"; the inputs are area, thickness"),
        "{says}"
    );
}

const BY_HOLES: &str = r#"
[mass.thickness]
area_sd = 0.0
density = { belief = { exact = 1.5 }, basis = "measured", source = "rings" }
"#;

fn thickness_of(data: &BodyData) -> Result<varp_engine::estimate::QuantityStatement, String> {
    let (start, end) = (PLAN.find("[mass.area]").unwrap(), PLAN.find("[[products]]").unwrap());
    let text = format!("{}{BY_HOLES}{}", &PLAN[..start], &PLAN[end..]);
    let plan: EstimationPlan = toml::from_str(&text).unwrap();
    let found = estimate_body(&plan, data, &Priors::embedded(), &Progress::none());
    found.map(|e| e.statement).map_err(|e| e.to_string())
}

#[test]
fn a_hole_that_stopped_short_never_makes_a_body_thinner() {
    let all = thickness_of(&sound()).unwrap();
    let mut data = sound();
    data.holes[0].reached_base = Some(false);
    data.holes[0].depth_m = Some(1.0);
    data.samples.retain(|s| {
        !matches!(&s.taken, Taken::Interval { hole, from_m, .. } if hole == "H0" && *from_m >= 1.0)
    });
    let mut without = sound();
    without.holes[0].reached_base = None;
    let (short, without) = (thickness_of(&data).unwrap(), thickness_of(&without).unwrap());
    assert!((short.mass_t[1] / all.mass_t[1] - 1.0).abs() < 0.1, "{:?}", short.mass_t);
    assert!(short.mass_t[1] >= 0.97 * without.mass_t[1], "{:?}", without.mass_t);
    assert!(short.warnings.iter().any(|w| w.starts_with("1 holes stopped short")), "{short:?}");
    // a deep hole that still ended in waste makes it thicker
    data.holes[0].depth_m = Some(9.0);
    assert!(thickness_of(&data).unwrap().mass_t[1] > 1.05 * all.mass_t[1]);
    // nothing but lower bounds is no thickness
    data.holes.iter_mut().for_each(|h| h.reached_base = Some(false));
    let error = thickness_of(&data).unwrap_err();
    assert!(error.contains("at least 9 m"), "{error}");
}

#[test]
fn a_hole_of_another_place_is_left_out_and_named() {
    let mut data = sound();
    data.holes.push(HoleData { depth_m: Some(500.0), ..hole("H9", 50_000.0, 20.0) });
    data.samples.push(sample("H9", 0.0, 1.0, Measured::Exact(0.5)));
    let found = thickness_of(&data).unwrap();
    assert_eq!(found.mass_t, thickness_of(&sound()).unwrap().mass_t);
    assert!(found.warnings.iter().any(|w| w.contains("H9 (49900 m)")), "{:?}", found.warnings);
    // a collar on the dam counts, and is told
    let mut data = sound();
    data.holes[0].collar = Some([-10.0, 20.0, 100.0]);
    let found = thickness_of(&data).unwrap();
    assert!(found.warnings.iter().any(|w| w.contains("counted all the same: H0 (10 m)")));
}
