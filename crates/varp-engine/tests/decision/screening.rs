use proptest::prelude::*;
use varp_engine::rank::screen::{DEFAULT, Fact, Override, ScreenDocument, ScreenError, SiteFacts};

fn rules() -> ScreenDocument {
    ScreenDocument::parse(DEFAULT).unwrap()
}

fn site(id: &str, facts: &[(&str, Fact)]) -> SiteFacts {
    let facts = facts.iter().map(|(name, fact)| (name.to_string(), fact.clone())).collect();
    SiteFacts { id: id.into(), facts }
}

fn sites() -> Vec<SiteFacts> {
    let (yes, no, number) = (Fact::Flag(true), Fact::Flag(false), Fact::Number);
    vec![
        site("nothing known", &[]),
        site("refused", &[("owner_refuses", yes.clone())]),
        site(
            "refused and flooded",
            &[("owner_refuses", yes.clone()), ("water_over_waste_m", number(5.0))],
        ),
        site(
            "small",
            &[
                ("tonnage_mt", number(0.005)),
                ("recoverable_value_meur", number(0.2)),
                ("in_cluster", no.clone()),
            ],
        ),
        site("small, value unknown", &[("tonnage_mt", number(0.005)), ("in_cluster", no)]),
        site(
            "small in a cluster",
            &[
                ("tonnage_mt", number(0.005)),
                ("recoverable_value_meur", number(0.2)),
                ("in_cluster", yes),
            ],
        ),
    ]
}

#[test]
fn what_is_not_known_removes_nobody() {
    let result = rules().screen(&sites(), &[]).unwrap();
    let left: Vec<&str> = result.survivors().collect();
    assert_eq!(left, ["nothing known", "small, value unknown", "small in a cluster"]);
    assert_eq!(result.sites[4].unknown.iter().filter(|c| *c == "too-small").count(), 1);
    assert_eq!(result.sites[0].unknown.len(), rules().rules.len());
}

#[test]
fn the_funnel_counts_own_and_marginal_removals() {
    let result = rules().screen(&sites(), &[]).unwrap();
    let line = |code: &str| result.funnel.iter().find(|l| l.code == code).unwrap();
    let refused = line("owner-refuses");
    assert_eq!((refused.own, refused.marginal, refused.left), (2, 1, 4));
    let water = line("deep-water");
    assert_eq!((water.own, water.marginal, water.left), (1, 0, 3));
    assert_eq!(line("too-small").own, 1);
}

#[test]
fn an_override_needs_a_note_and_keeps_the_site() {
    let mut over =
        Override { site: "refused".into(), code: "owner-refuses".into(), note: " ".into() };
    let error = rules().screen(&sites(), std::slice::from_ref(&over)).unwrap_err();
    assert!(matches!(error, ScreenError::NoNote { .. }));
    over.note = "New owner, letter of 3 May".into();
    let result = rules().screen(&sites(), std::slice::from_ref(&over)).unwrap();
    assert!(result.survivors().any(|id| id == "refused"));
    assert_eq!(result.sites[1].overridden, ["owner-refuses"]);
    over.site = "elsewhere".into();
    assert_eq!(
        rules().screen(&sites(), &[over]).unwrap_err(),
        ScreenError::Unknown("elsewhere".into())
    );
}

#[test]
fn places_and_words_filter_too() {
    let text = r#"
        version = "t"
        [[rules]]
        code = "outside"
        reason = "Outside the county"
        removes-when = { not = { inside = [[14.0, 60.0], [16.0, 60.0], [16.0, 61.0], [14.0, 61.0]] } }
        source = "order of the day"
        [[rules]]
        code = "kind"
        reason = "No ponds asked for"
        removes-when = { one-of = { fact = "kind", words = ["tailings"] } }
        source = "order of the day"
    "#;
    let document = ScreenDocument::parse(text).unwrap();
    let at = |id: &str, lon: f64, kind: &str| {
        site(
            id,
            &[
                ("lon", Fact::Number(lon)),
                ("lat", Fact::Number(60.6)),
                ("kind", Fact::Text(kind.into())),
            ],
        )
    };
    let list =
        [at("Falun", 15.6, "slag"), at("Røros", 11.4, "slag"), at("Garpenberg", 15.9, "tailings")];
    let result = document.screen(&list, &[]).unwrap();
    assert_eq!(result.survivors().collect::<Vec<_>>(), ["Falun"]);
}

proptest! {
    #[test]
    fn the_order_of_rules_does_not_change_the_survivors(
        order in Just((0..7).collect::<Vec<usize>>()).prop_shuffle()
    ) {
        let rules = rules();
        let mut shuffled = rules.clone();
        shuffled.rules = order.iter().map(|k| rules.rules[*k].clone()).collect();
        let survivors = |d: &ScreenDocument| -> Vec<String> {
            d.screen(&sites(), &[]).unwrap().survivors().map(String::from).collect()
        };
        prop_assert_eq!(survivors(&rules), survivors(&shuffled));
    }
}
