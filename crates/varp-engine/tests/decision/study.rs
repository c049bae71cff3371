use proptest::prelude::*;
use std::collections::BTreeSet;
use varp_engine::economics::defaults;
use varp_engine::pilot::cost::{Amounts, Basis, CostLine, DEFAULT, estimate, parse_costs};
use varp_engine::pilot::gates::{Decision as Step, GateFacts, GateState, judge};
use varp_engine::pilot::information::Decision;
use varp_engine::pilot::plan::plan;
use varp_engine::pilot::polygon::{Point, contains};
use varp_engine::pilot::spatial::{Structure, Variogram};
use varp_engine::pilot::study::{Objective, Stratum, StudyError, StudyRequest};
use varp_engine::pilot::update::Belief;
use varp_engine::quality::USUAL_INSERTIONS;
use varp_engine::rank::criteria::{Level, Status};

const POND: [Point; 4] = [(0.0, 0.0), (400.0, 0.0), (400.0, 250.0), (0.0, 250.0)];

/// The worked pond of the method page.
pub fn pond() -> StudyRequest {
    StudyRequest {
        body: "POND".into(),
        objective: Objective::MeanGrade { half_width: 0.165 },
        level: Level::L2,
        strata: vec![Stratum {
            name: "pond".into(),
            outline: POND.into(),
            thickness_m: 8.0,
            variation: 0.6,
        }],
        existing: Vec::new(),
        no_go: Vec::new(),
        variogram: Variogram { structure: Structure::Spherical, nugget: 0.1, range: 120.0 },
        confidence: 0.90,
        decision: None,
        holes: None,
        below_base_m: 1.0,
        interval_m: 1.0,
        insertions: USUAL_INSERTIONS,
        material: None,
        sampling_error: 0.05,
        analytical_error: 0.0,
        thickness_variation: 0.2,
        density_error: 0.06,
        area_error: 0.01,
        options: BTreeSet::from(["auger".to_string()]),
        composites_per_stratum: 3,
        metres_per_day: 30.0,
        persons: 2,
        fewest_per_stratum: 5,
        contingency: 0.15,
        seed: 1,
    }
}

fn line(item: &str, basis: Basis, best: f64) -> CostLine {
    CostLine {
        item: item.into(),
        heading: "worked case".into(),
        option: String::new(),
        from_level: Level::L2,
        basis,
        low: best,
        best,
        high: best,
        source: "worked case".into(),
        status: Status::Unverified,
    }
}

#[test]
fn the_worked_pond_has_twelve_holes_sixteen_percent_and_58_thousand_euro() {
    let costs = [
        line("drilling", Basis::Metre, 120.0),
        line("analysis", Basis::Analysis, 60.0),
        line("mobilisation", Basis::Study, 10_000.0),
        line("tests", Basis::Study, 20_000.0),
    ];
    let study = plan(&pond(), &costs).unwrap();
    assert_eq!(study.counts.spatial, Some(12), "{}", study.counts.reason);
    assert_eq!((study.holes.len(), study.metres), (12, 108.0));
    assert_eq!((study.samples.primary, study.samples.analyses()), (108, 125));
    let at90 = study.precision[1];
    assert!((at90.grade - 0.16).abs() < 0.005, "half-width {}", at90.grade);
    assert!((at90.grade_independent - 0.285).abs() < 0.001);
    assert!(at90.contained > at90.grade && at90.tonnage > 0.0);
    // (108 m × 120 € + 125 × 60 € + 10 k€ + 20 k€) × 1.15
    assert!((study.cost.best - 58_029.0).abs() < 1e-6, "{}", study.cost.best);
    let classical = study.counts.classical.unwrap();
    assert!(classical > 30, "independent theory asks for {classical}");
}

#[test]
fn holes_keep_inside_the_outline_and_out_of_no_go_areas() {
    let dam = vec![(0.0, 0.0), (400.0, 0.0), (400.0, 40.0), (0.0, 40.0)];
    let request = StudyRequest {
        objective: Objective::MeanGrade { half_width: 0.3 },
        no_go: vec![dam.clone()],
        holes: Some(8),
        existing: vec![(200.0, 125.0)],
        ..pond()
    };
    let study = plan(&request, &[]).unwrap();
    assert_eq!(study.holes.len(), 8);
    for hole in &study.holes {
        assert!(contains(&POND, hole.place) && !contains(&dam, hole.place), "{:?}", hole.place);
        assert_eq!((hole.depth_m, hole.samples), (9.0, 9));
    }
    let covered = StudyRequest { no_go: vec![POND.into()], ..pond() };
    assert_eq!(plan(&covered, &[]).unwrap_err(), StudyError::NoPlace("pond".into()));
}

#[test]
fn outlines_without_area_and_options_without_cost_are_refused() {
    let [a, b, c, d] = POND;
    let mut request = pond();
    request.strata[0].outline = vec![a, b, d, c];
    assert!(matches!(plan(&request, &[]), Err(StudyError::NoPlace(_) | StudyError::Thread(_))));
    request.strata[0].outline = vec![a, b, d, (c.0 + 1e-3, c.1)];
    assert_eq!(plan(&request, &[]).unwrap_err(), StudyError::Thread("pond".into()));
    let costs = parse_costs(DEFAULT).unwrap();
    let request = StudyRequest { options: BTreeSet::from(["augur".to_owned()]), ..pond() };
    let error = plan(&request, &costs).unwrap_err().to_string();
    assert!(error.contains("augur; the options are auger, direct-push"), "{error}");
}

#[test]
fn strata_get_holes_by_volume_and_variation_but_never_fewer_than_five() {
    let objective = Objective::MeanGrade { half_width: 0.3 };
    let mut request = StudyRequest { objective, holes: Some(20), ..pond() };
    let half = |x: f64| vec![(x, 0.0), (x + 200.0, 0.0), (x + 200.0, 250.0), (x, 250.0)];
    request.strata = vec![
        Stratum { name: "sand".into(), outline: half(0.0), thickness_m: 8.0, variation: 0.9 },
        Stratum { name: "slime".into(), outline: half(200.0), thickness_m: 2.0, variation: 0.3 },
    ];
    let study = plan(&request, &[]).unwrap();
    let count = |name: &str| study.holes.iter().filter(|h| h.stratum == name).count();
    assert_eq!((count("sand"), count("slime")), (15, 5));
    assert!(study.holes.iter().filter(|h| h.stratum == "slime").all(|h| h.depth_m == 3.0));
}

#[test]
fn a_study_that_cannot_pay_says_so_by_its_numbers() {
    let decision = Decision {
        prior_mean: 0.9,
        prior_deviation: 0.35,
        break_even: 1.0,
        slope: 20e6,
        hole_deviation: 0.5,
        fixed_cost: 60e3,
        cost_per_hole: 9e3,
    };
    let request = StudyRequest { objective: Objective::Decide, decision: Some(decision), ..pond() };
    let study = plan(&request, &[]).unwrap();
    assert_eq!(study.counts.information.unwrap().holes, 16);
    assert_eq!(study.counts.chosen, 16);
    let value = study.information.unwrap();
    assert!(value > 0.0 && value < decision.perfect_information());
    let hopeless = Decision { slope: 1e3, ..decision };
    let request = StudyRequest { decision: Some(hopeless), ..request };
    let study = plan(&request, &[]).unwrap();
    assert_eq!(study.counts.information.unwrap().holes, 0);
    assert_eq!(study.counts.chosen, 5, "the least a stratum needs");
    let none = StudyRequest { objective: Objective::Decide, decision: None, ..pond() };
    assert_eq!(plan(&none, &[]).unwrap_err(), StudyError::NoDecision);
}

#[test]
fn the_same_request_gives_the_same_study() {
    let objective = Objective::ZoneMap { half_width: 0.5 };
    let request = StudyRequest { objective, holes: Some(3), ..pond() };
    let json = || serde_json::to_string(&plan(&request, &[]).unwrap()).unwrap();
    assert_eq!(json(), json());
    let text = toml::to_string(&request).unwrap();
    assert_eq!(toml::from_str::<StudyRequest>(&text).unwrap(), request);
}

#[test]
fn the_shipped_cost_list_is_complete_and_each_line_has_its_range() {
    let lines = parse_costs(DEFAULT).unwrap();
    for line in &lines {
        assert!(0.0 < line.low && line.low <= line.best && line.best <= line.high, "{}", line.item);
        assert!(!line.source.is_empty());
    }
    for part in [
        "Mobilisation",
        "drilling",
        "crew",
        "Travel",
        "permits",
        "Dam safety",
        "NORM",
        "Density",
        "cover",
        "Report",
        "Umpire",
        "X-ray",
        "Acid-base",
        "Leaching",
        "beneficiation",
        "owner",
    ] {
        assert!(lines.iter().any(|l| l.item.contains(part)), "{part} is missing");
    }
    let amounts = Amounts {
        strata: 1,
        holes: 12,
        metres: 108.0,
        analyses: 125,
        umpire: 6,
        composites: 3,
        days: 5,
        persons: 2,
    };
    let auger = BTreeSet::from(["auger".to_string()]);
    let at = |level| estimate(&lines, &auger, level, &amounts, 0.15);
    let (l1, l2, l3) = (at(Level::L1), at(Level::L2), at(Level::L3));
    assert!(l1.best < l2.best && l2.best < l3.best);
    assert!(l2.low < l2.best && l2.best < l2.high);
    assert!(!l2.entries.iter().any(|e| e.line.option == "sonic"));
    assert_eq!(l2.unverified_share, 1.0);
    assert!(l2.best > 58_000.0, "staff, permits and reports cost too");
}

#[test]
fn screening_defaults_are_ranges_and_unverified() {
    let rows = defaults::parse_defaults(defaults::DEFAULT).unwrap();
    assert!(rows.iter().all(|r| r.low <= r.mode && r.mode <= r.high));
    assert!(rows.iter().all(|r| r.status == Status::Unverified));
    let copper = rows.iter().find(|r| r.item == "Cu flotation").unwrap();
    assert_eq!(copper.cell().at_normal(f64::NEG_INFINITY), Some(40.0));
}

fn facts() -> GateFacts {
    GateFacts {
        quality_passed: Some(true),
        chance_positive: Some(0.7),
        chance_positive_at_plan_prices: Some(0.8),
        next_information: Some(2e6),
        next_cost: Some(1e6),
        recovery: Some(0.6),
        planned_recovery_low: Some(0.5),
        environment_not_worse: Some(true),
        consent: Some(true),
    }
}

#[test]
fn gates_decide_as_the_tree_says() {
    let decide = |change: &dyn Fn(&mut GateFacts)| {
        let mut f = facts();
        change(&mut f);
        judge(&f).decision
    };
    assert_eq!(decide(&|_| ()), Step::Go);
    assert_eq!(decide(&|f| f.quality_passed = Some(false)), Step::Repeat);
    assert_eq!(decide(&|f| f.chance_positive = Some(0.3)), Step::Hold);
    assert_eq!(
        decide(&|f| {
            f.chance_positive = Some(0.3);
            f.chance_positive_at_plan_prices = Some(0.4);
        }),
        Step::Stop
    );
    assert_eq!(decide(&|f| f.next_information = Some(5e5)), Step::Stop);
    assert_eq!(decide(&|f| f.recovery = Some(0.4)), Step::Stop);
    assert_eq!(decide(&|f| f.environment_not_worse = Some(false)), Step::Stop);
    assert_eq!(decide(&|f| f.consent = Some(false)), Step::Settle);
    assert_eq!(decide(&|f| f.environment_not_worse = None), Step::Finish);
    assert_eq!(judge(&GateFacts::default()).decision, Step::Finish);
    assert!(judge(&facts()).gates.iter().all(|g| g.state == GateState::Passed));
}

#[test]
fn results_move_a_belief_by_their_weight() {
    let prior = Belief { mean: 1.0, deviation: 0.4 };
    let update = prior.update(Belief { mean: 2.0, deviation: 0.2 });
    assert!((update.weight_of_data - 0.8).abs() < 1e-12);
    assert!((update.posterior.mean - 1.8).abs() < 1e-12);
    assert!((update.posterior.deviation - 0.032_f64.sqrt()).abs() < 1e-12);
    assert!((update.surprise - 1.0 / 0.2_f64.sqrt()).abs() < 1e-12);
    let grade = Belief::of_logarithm(200.0, 0.6);
    let (low, best, high) = grade.quantiles_of_exponential();
    assert!(low < best && best < 200.0 && 200.0 < high, "the median lies below the mean");
}

proptest! {
    #[test]
    fn data_never_make_a_belief_less_certain(
        m0 in -3.0_f64..3.0, s0 in 0.05_f64..3.0, m in -3.0_f64..3.0, s in 0.05_f64..3.0,
    ) {
        let u = Belief { mean: m0, deviation: s0 }.update(Belief { mean: m, deviation: s });
        prop_assert!(u.posterior.deviation <= s0.min(s) + 1e-12);
        let (low, high) = (m0.min(m) - 1e-12, m0.max(m) + 1e-12);
        prop_assert!((low..=high).contains(&u.posterior.mean));
    }
}

#[test]
fn a_cost_list_that_is_none_is_refused_with_its_place() {
    let header = DEFAULT.lines().find(|line| line.starts_with("item,")).unwrap();
    let row = |low: &str, best: &str| {
        let text = format!("{header}\nAuger,field,,L2,metre,{low},{best},150,asked,unverified\n");
        parse_costs(&text).map_err(|error| error.to_string())
    };
    assert!(row("60", "120").is_ok());
    let text = row("60", "sixty").unwrap_err();
    assert!(text.starts_with("line 2, column best: "), "{text}");
    for (low, best) in [("-60", "100"), ("200", "100"), ("60", "NaN"), ("60", "200")] {
        assert!(row(low, best).unwrap_err().contains("is no range of costs"), "{low} {best}");
    }
    assert!(parse_costs(header).unwrap_err().to_string().contains("no line"));
    assert!(parse_costs("").is_err());
}

#[test]
fn contingency_and_fewest_holes_come_from_the_request() {
    let request =
        StudyRequest { holes: None, objective: Objective::MeanGrade { half_width: 0.9 }, ..pond() };
    let holes = |fewest| {
        let request = StudyRequest { fewest_per_stratum: fewest, ..request.clone() };
        plan(&request, &[]).unwrap().holes.len()
    };
    assert_eq!((holes(5), holes(9)), (5, 9));
    let lines = parse_costs(DEFAULT).unwrap();
    let best = |contingency| {
        plan(&StudyRequest { contingency, ..request.clone() }, &lines).unwrap().cost.best
    };
    assert!((best(0.3) / best(0.0) - 1.3).abs() < 1e-12);
}

#[test]
fn numbers_of_holes_and_samples_that_nobody_could_take_are_refused() {
    let refused = |request: StudyRequest| plan(&request, &[]).unwrap_err().to_string();
    let none = refused(StudyRequest { holes: Some(0), ..pond() });
    assert_eq!(none, "the number of holes must be from 1 to 400");
    assert_eq!(refused(StudyRequest { holes: Some(100_000), ..pond() }), none);
    let thin = refused(StudyRequest { interval_m: 1e-9, ..pond() });
    assert!(thin.starts_with("the sample length must be"), "{thin}");
}
