use super::*;

fn prior(range: f64, nugget: f64) -> ContinuityPrior {
    ContinuityPrior {
        range: [range, range],
        vertical: [range, range],
        nugget: [nugget, nugget],
        layers: [0.0, 0.0],
        drift: 0.0,
        variation: 0.4,
        freedom: 0.001,
        candidates: 1,
    }
}

/// Without continuity the mean of independent values has Student's interval.
#[test]
fn without_continuity_the_answer_is_students() {
    let places: Vec<[f64; 3]> = (0..10).map(|i| [f64::from(i) * 1e6, 0.0, 0.0]).collect();
    let values: Vec<f64> = (0..10).map(|i| 10.0 + f64::from(i % 5)).collect();
    let nodes: Vec<[f64; 3]> = (0..50).map(|i| [f64::from(i) * 2e5 + 1e5, 1e6, 0.0]).collect();
    let region = Region::new((&places, &values), (&nodes, &[1.0; 50]), [1e5, 0.0]);
    let posterior = region.posterior(&prior(1.0, 0.5), &[(Scale::Linear, 1.0)]).unwrap();
    let [low, high] = posterior.quantiles(&[0.1, 0.9], f64::NEG_INFINITY)[..] else { panic!() };
    // t(9, 0.9) = 1.3830 times s/√10, s² = 20/9
    let half = 1.383_03 * (20.0_f64 / 9.0 / 10.0).sqrt();
    assert!((posterior.mean() - 12.0).abs() < 1e-9);
    assert!(((high - low) / (2.0 * half) - 1.0).abs() < 0.01, "{low} {high}");
}

/// Holes assayed from top to base know each layer that they cross: few cells with the slabs in them have the
/// interval of many small ones.
#[test]
fn few_cells_stand_for_many() {
    let place = |i: usize| {
        let (hole, slab) = (i / 8, i % 8);
        [61.0 * (hole % 4) as f64 + 20.0, 90.0 * (hole / 4) as f64 + 15.0, -0.5 - slab as f64]
    };
    let places: Vec<[f64; 3]> = (0..96).map(place).collect();
    let values: Vec<f64> = (0..96).map(|i| 5.0 + libm::sin(2.3 * i as f64)).collect();
    let layered = ContinuityPrior { vertical: [2.0, 2.0], layers: [0.5, 0.5], ..prior(150.0, 0.2) };
    let width = |across: usize, levels: usize, scale: Scale| {
        let (step, high) = (240.0 / across as f64, 8.0 / levels as f64);
        let middle = |k: usize, step: f64| (k as f64 + 0.5) * step;
        let nodes: Vec<[f64; 3]> = (0..across * across * levels)
            .map(|i| {
                let (column, level) = (i / levels, i % levels);
                let (east, north) = (column % across, column / across);
                [middle(east, step), middle(north, step), -middle(level, high)]
            })
            .collect();
        let weights = vec![1.0; nodes.len()];
        let region = Region {
            slab: 1.0,
            ..Region::new((&places, &values), (&nodes, &weights), [step, high])
        };
        let posterior = region.posterior(&layered, &[(scale, 1.0)]).unwrap();
        let q = posterior.quantiles(&[0.1, 0.9], 0.0);
        q[1] - q[0]
    };
    for scale in [Scale::Linear, Scale::Log] {
        let (few, many) = (width(5, 4, scale), width(16, 8, scale));
        assert!((few / many - 1.0).abs() < 0.05, "{scale:?}: {few} {many}");
    }
}

/// With a known range the interval is that of kriging the region (dense grid, same model).
#[test]
fn with_a_known_model_the_centre_is_that_of_kriging_the_region() {
    let places: Vec<[f64; 3]> =
        [[10.0, 10.0], [80.0, 20.0], [30.0, 70.0], [75.0, 75.0], [50.0, 45.0]]
            .map(|[x, y]| [x, y, 0.0])
            .to_vec();
    let values = [3.0, 5.0, 2.0, 4.0, 3.5];
    let nodes: Vec<[f64; 3]> = (0..100)
        .map(|i| [5.0 + 10.0 * f64::from(i % 10), 5.0 + 10.0 * f64::from(i / 10), 0.0])
        .collect();
    let region = Region::new((&places, &values), (&nodes, &[1.0; 100]), [10.0, 0.0]);
    let posterior = region.posterior(&prior(100.0, 0.0), &[(Scale::Linear, 1.0)]).unwrap();
    let model: crate::model::Model = "1 exp(practical=100)".parse().unwrap();
    let kriging = crate::krige::Kriging::ordinary_global(model);
    let fitted = kriging.fit(&crate::krige::Samples::new(&places, &values)).unwrap();
    // a denser set of points than the cells that the answer is made of
    let dense = |i: u32| [1.25 + 2.5 * f64::from(i % 40), 1.25 + 2.5 * f64::from(i / 40), 0.0];
    let areas = [(0..1600).map(dense).collect::<Vec<_>>()];
    let targets = crate::krige::Targets::areas(&areas);
    let kriged = fitted.predict(&targets, &crate::progress::Progress::none()).unwrap();
    assert!((posterior.mean() - kriged.estimate[0]).abs() < 2e-3);
    // Student's with 4 degrees of freedom: the scale is that of kriging with the variance estimated
    let q = posterior.quantiles(&[0.1, 0.9], f64::NEG_INFINITY);
    assert!(q[0] < kriged.estimate[0] && kriged.estimate[0] < q[1]);
}

#[test]
fn more_samples_narrow_the_interval_and_a_skewed_one_leans_upwards() {
    let at = |n: usize| -> (Vec<[f64; 3]>, Vec<f64>) {
        let place = |i: usize| [37.0 * (i % 7) as f64, 41.0 * (i / 7) as f64, 0.0];
        let value = |i: usize| libm::exp(0.9 * libm::sin(3.7 * (i + 1) as f64));
        (0..n).map(|i| (place(i), value(i))).unzip()
    };
    let nodes: Vec<[f64; 3]> =
        (0..49).map(|i| [37.0 * f64::from(i % 7), 41.0 * f64::from(i / 7), 0.0]).collect();
    let wide = ContinuityPrior {
        range: [20.0, 400.0],
        nugget: [0.0, 0.6],
        freedom: 3.0,
        candidates: 48,
        ..prior(100.0, 0.2)
    };
    let width = |n: usize| {
        let (places, values) = at(n);
        let region = Region::new((&places, &values), (&nodes, &[1.0; 49]), [40.0, 0.0]);
        let posterior = region.posterior(&wide, &[(Scale::Log, 1.0)]).unwrap();
        let q = posterior.quantiles(&[0.1, 0.5, 0.9], 0.0);
        assert!(q[2] - q[1] > q[1] - q[0], "{q:?}");
        q[2] / q[0]
    };
    assert!(width(6) > width(14) && width(14) > width(42));
}

#[test]
fn one_sample_speaks_with_the_variation_of_the_prior() {
    let region = Region::new(
        (&[[0.0; 3]], &[2.0]),
        (&[[10.0, 0.0, 0.0], [60.0, 0.0, 0.0]], &[1.0, 1.0]),
        [50.0, 0.0],
    );
    let own = ContinuityPrior { freedom: 4.0, ..prior(50.0, 0.2) };
    let posterior = region.posterior(&own, &[(Scale::Log, 1.0)]).unwrap();
    let q = posterior.quantiles(&[0.1, 0.9], 0.0);
    assert!(q[0] < 2.0 && 2.0 < q[1] && q[1] / q[0] > 1.5, "{q:?}");
}

#[test]
fn what_is_not_a_number_is_refused() {
    let region = Region::new((&[[0.0; 3]], &[f64::NAN]), (&[[0.0; 3]], &[1.0]), [1.0, 1.0]);
    assert!(region.posterior(&prior(1.0, 0.0), &[(Scale::Log, 1.0)]).is_err());
}
