use super::*;

fn pond(name: &str, hectares: f64) -> Uncertain {
    Uncertain {
        body: name.into(),
        name: name.into(),
        kind: "tailings".into(),
        country: "SE".into(),
        hectares,
        product: "Co".into(),
        mass_t: 1e6,
        contained_t: [100.0, 200.0, 400.0],
        shares: vec![("mean thickness".into(), 0.6), ("grade of Co".into(), 0.4)],
        weight: 2.0,
        done: vec!["review".into()],
        stakes: None,
    }
}

#[test]
fn every_effect_belongs_to_a_step_and_every_step_can_be_reached() {
    let strategy = Strategy::embedded();
    for effect in &strategy.effects {
        assert!(strategy.step(&effect.step).is_some(), "{effect:?}");
        assert!(effect.residual > 0.0 && effect.residual < 1.0);
        assert!(class_of(&effect.constrains).is_some(), "{effect:?}");
    }
    for step in &strategy.steps {
        assert!(step.after.is_empty() || strategy.step(&step.after).is_some(), "{step:?}");
        assert!(strategy.effects_of(&step.step).next().is_some(), "{step:?}");
        let [low, best, high] = step.cost(10.0);
        assert!(low <= best && best <= high, "{step:?}");
    }
}

/// 1/(1/σ² + 1/τ²): a thickness of variance 0.6 V measured with 0.12 leaves what Bayes says.
#[test]
fn a_step_leaves_the_variance_that_bayes_leaves() {
    let strategy = Strategy::embedded();
    let item = pond("a", 10.0);
    let known = Knowledge::of(&item);
    let whole = (4.0_f64.ln() / (2.0 * Z80)).powi(2);
    assert!((known.variance() - whole).abs() < 1e-12);
    let (after, _) = known.after("geophysics", &strategy);
    let sigma2 = 0.6 * whole;
    let left = 1.0 / (1.0 / sigma2 + 1.0 / 0.0144);
    assert!((after.variance() - (0.4 * whole + left)).abs() < 1e-12);
}

#[test]
fn what_must_come_first_is_bought_along() {
    let mut item = pond("a", 10.0);
    item.done.clear();
    let offers = offers(&item, &Strategy::embedded());
    let auger = offers.iter().find(|o| o.steps.last().unwrap() == "auger").unwrap();
    assert_eq!(auger.steps, ["review", "auger"]);
    assert!(auger.access.contains(&"consent of the owner".to_owned()));
    assert!(auger.spread[1] < auger.spread[0]);
}

#[test]
fn a_programme_keeps_to_its_budget_and_never_buys_a_step_twice() {
    let items: Vec<Uncertain> =
        (0..20).map(|i| pond(&format!("pond {i}"), 2.0 + f64::from(i))).collect();
    let programme = programme(&items, &Strategy::embedded(), 100_000.0, Wanted::Variance);
    assert!(programme.spent_eur <= 100_000.0 && !programme.taken.is_empty());
    let mut seen = std::collections::BTreeSet::new();
    for offer in &programme.taken {
        for step in &offer.steps {
            assert!(seen.insert((offer.body.clone(), step.clone())), "{offer:?}");
        }
    }
    assert!(programme.spread[1] < programme.spread[0]);
    assert_eq!(programme.taken.first().map(|o| o.body.as_str()), Some("pond 0"), "the cheapest");
}

/// Perfect knowledge can never be worth less than a step, and a step never less than nothing.
#[test]
fn information_grows_with_the_drop_and_stops_at_perfect_knowledge() {
    let mut item = pond("a", 10.0);
    item.stakes = Some(Stakes { price: 30_000.0, recovery: 0.6, treatment: 4.0 });
    let variance = Knowledge::of(&item).variance();
    let some = information(&item, variance * 0.3, variance).unwrap();
    let all = information(&item, variance, variance).unwrap();
    assert!(0.0 < some && some < all, "{some} {all}");
}
