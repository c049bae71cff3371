use varp_engine::rank::criteria::{
    Aim, CriteriaDocument, CriteriaError, DEFAULT, Level, Situation,
};

fn document() -> CriteriaDocument {
    CriteriaDocument::parse(DEFAULT).unwrap()
}

fn situation(level: Level) -> Situation {
    Situation { level, aim: Aim::Pilots, credit_in_npv: false }
}

#[test]
fn a_criteria_document_survives_a_round_trip() {
    let text = toml::to_string(&document()).unwrap();
    assert_eq!(CriteriaDocument::parse(&text).unwrap(), document());
}

#[test]
fn one_aim_sees_23_criteria_before_the_level_decides() {
    let document = document();
    assert_eq!(document.criteria.len(), 24, "R5 and R6 take turns");
    let sum: f64 = document.criteria.iter().filter(|c| c.id != "R5").map(|c| c.weight).sum();
    assert!((sum - 1.0).abs() < 1e-12);
}

#[test]
fn value_and_npv_never_count_together() {
    for level in [Level::L0, Level::L1, Level::L2, Level::L3] {
        for credit_in_npv in [false, true] {
            let s = Situation { credit_in_npv, ..situation(level) };
            let active = document().active(&s).unwrap();
            let has = |id| active.position(id).is_some();
            assert!(has("C1") != has("R1") && has("R1") == has("R4"), "{level:?}");
            assert!(!(credit_in_npv && has("C1") && has("C3")), "credit twice at {level:?}");
            assert!(level >= Level::L2 || !has("C3"), "a default on the hazards of E1 to E4");
            assert!((active.weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }
}

#[test]
fn poor_data_are_no_fault_of_a_pilot() {
    let pilots = document().active(&situation(Level::L0)).unwrap();
    assert!(pilots.position("R5").is_none() && pilots.position("R6").is_some());
    let resources = Situation { aim: Aim::Resources, ..situation(Level::L0) };
    let resources = document().active(&resources).unwrap();
    assert!(resources.position("R5").is_some() && resources.position("R6").is_none());
}

#[test]
fn a_guard_leaves_the_trade_offs_between_the_others() {
    let all = document();
    let active = all.active(&situation(Level::L0)).unwrap();
    let raw = |id: &str| all.criteria.iter().find(|c| c.id == id).unwrap().weight;
    let now = |id: &str| active.weights[active.position(id).unwrap()];
    assert!((now("R1") / now("C2") - raw("R1") / raw("C2")).abs() < 1e-12);
}

#[test]
fn names_that_are_not_defined_are_refused() {
    let text = DEFAULT.replace("drop = [\"R5\"]", "drop = [\"R9\"]");
    let error = CriteriaDocument::parse(&text).unwrap_err();
    assert_eq!(
        error,
        CriteriaError::Unknown { user: "ignorance-is-no-fault".into(), id: "R9".into() }
    );
    let twice = DEFAULT.replace("id = \"T2\"", "id = \"T1\"");
    assert_eq!(
        CriteriaDocument::parse(&twice).unwrap_err(),
        CriteriaError::Twice { id: "T1".into() }
    );
}
