//! What holds for every estimate, and what is refused.

use crate::kriging::{kriging, log_zinc, model};
use crate::table::close;
use varp_geostat::error::KrigingError;
use varp_geostat::krige::{
    Estimates, Grid, Kriging, Method, Outcome, Samples, Search, Targets, Trend,
};
use varp_geostat::model::{Ellipsoid, Rotation};
use varp_geostat::progress::Progress;
use varp_geostat::search::Neighbourhood;

const MODEL: &str = "0.05 nug + 0.4 sph(900, 500; azimuth=30) + 0.2 exp(a=200)";

fn predict(kriging: &Kriging, samples: &Samples<'_>, targets: &Targets<'_>) -> Estimates {
    kriging.fit(samples).unwrap().predict(targets, &Progress::none()).unwrap()
}

fn searches() -> [Search; 3] {
    [
        Search::Moving(Neighbourhood::nearest(24)),
        Search::Shared { samples: 48, targets: 16 },
        Search::Global,
    ]
}

fn nodes() -> Grid {
    Grid { origin: [178_500.0, 329_800.0, 0.0], step: [170.0, 190.0, 0.0], count: [16, 18, 1] }
}

fn ordinary(text: &str, search: Search) -> Kriging {
    kriging(text, Method::Ordinary, search)
}

#[test]
fn samples_are_honoured_with_variance_zero() {
    let (data, values, _) = log_zinc();
    for search in searches() {
        let out = predict(
            &ordinary(MODEL, search.clone()),
            &Samples::new(&data, &values),
            &Targets::points(&data),
        );
        // A tile shares samples near its middle and may leave out its own members.
        let exact = |i: &usize| !matches!(search, Search::Shared { .. }) || out.variance[*i] < 1e-9;
        let honoured: Vec<usize> = (0..values.len()).filter(exact).collect();
        assert!(honoured.len() * 4 > values.len() * 3, "{}", honoured.len());
        for i in honoured {
            close(out.estimate[i], values[i], 1e-10);
            assert!(out.variance[i] < 1e-10);
        }
    }
}

#[test]
fn a_constant_is_kept_as_weights_sum_to_one() {
    let (data, values, _) = log_zinc();
    for search in searches() {
        let kriging = ordinary(MODEL, search);
        let plain = predict(&kriging, &Samples::new(&data, &values), &Targets::grid(nodes()));
        let raised: Vec<f64> = values.iter().map(|v| v + 1000.0).collect();
        let moved = predict(&kriging, &Samples::new(&data, &raised), &Targets::grid(nodes()));
        for i in 0..plain.len() {
            close(moved.estimate[i] - 1000.0, plain.estimate[i], 1e-9);
        }
    }
}

#[test]
fn translation_rotation_and_units_change_nothing() {
    let (data, values, _) = log_zinc();
    let places: Vec<[f64; 3]> = (0..nodes().len()).map(|i| nodes().place(i)).collect();
    let turn = |p: &[f64; 3]| {
        // 90° clockwise about the first sample, and 1e12 away, both exact.
        let (x, y) = (p[0] - data[0][0], p[1] - data[0][1]);
        [y + 1e12, -x - 1e12, p[2]]
    };
    for search in searches() {
        let plain = predict(
            &ordinary(MODEL, search.clone()),
            &Samples::new(&data, &values),
            &Targets::points(&places),
        );
        let turned: Vec<[f64; 3]> = data.iter().map(turn).collect();
        let there: Vec<[f64; 3]> = places.iter().map(turn).collect();
        let text = MODEL.replace("azimuth=30", "azimuth=120");
        let out = predict(
            &ordinary(&text, search.clone()),
            &Samples::new(&turned, &values),
            &Targets::points(&there),
        );
        let scaled: Vec<[f64; 3]> = data.iter().map(|p| p.map(|x| x / 1024.0)).collect();
        let here: Vec<[f64; 3]> = places.iter().map(|p| p.map(|x| x / 1024.0)).collect();
        let grams: Vec<f64> = values.iter().map(|v| v * 1000.0).collect();
        let text =
            "50000 nug + 400000 sph(0.87890625, 0.48828125; azimuth=30) + 200000 exp(a=0.1953125)";
        let units = predict(
            &ordinary(text, search.clone()),
            &Samples::new(&scaled, &grams),
            &Targets::points(&here),
        );
        for i in 0..plain.len() {
            // Tiles follow the axes, so a turned grid is cut into other tiles.
            if !matches!(search, Search::Shared { .. }) {
                close(out.estimate[i], plain.estimate[i], 1e-9);
                close(out.variance[i], plain.variance[i], 1e-9);
            }
            close(units.estimate[i] / 1000.0, plain.estimate[i], 1e-10);
            close(units.variance[i] / 1e6, plain.variance[i], 1e-10);
        }
    }
}

#[test]
fn more_samples_never_raise_the_variance_and_it_is_never_negative() {
    let (data, values, _) = log_zinc();
    let mut before = vec![f64::INFINITY; nodes().len()];
    for n in [20, 60, 155] {
        let out = predict(
            &ordinary(MODEL, Search::Global),
            &Samples::new(&data[..n], &values[..n]),
            &Targets::grid(nodes()),
        );
        for (v, b) in out.variance.iter().zip(&before) {
            assert!(*v >= 0.0 && *v <= b + 1e-12);
        }
        before = out.variance;
    }
}

#[test]
fn bytes_are_the_same_for_any_number_of_threads() {
    let (data, values, _) = log_zinc();
    for search in searches() {
        let kriging = ordinary(MODEL, search);
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                predict(&kriging, &Samples::new(&data, &values), &Targets::grid(nodes()))
            })
        };
        assert_eq!(with(1), with(3));
    }
}

#[test]
fn octants_and_holes_limit_their_share() {
    let data: Vec<[f64; 3]> =
        (0..40).map(|i| [f64::from(i % 4) * 30.0, 0.0, -f64::from(i / 4)]).collect();
    let values: Vec<f64> = (0..40).map(f64::from).collect();
    let holes: Vec<u32> = (0..40).map(|i| i % 4).collect();
    let rules = Neighbourhood { max_per_hole: Some(2), ..Neighbourhood::nearest(6) };
    let samples = Samples::new(&data, &values).with_holes(&holes);
    let target = [[1.0, 0.0, -3.2]];
    let search = Search::Moving(rules.clone());
    let out =
        predict(&ordinary("0.1 nug + 1 sph(200)", search), &samples, &Targets::points(&target));
    assert_eq!(out.samples[0], 6);
    // The two nearest of each of the three nearest holes: the same as kriging from them alone.
    let near: Vec<usize> = (0..40).filter(|i| i % 4 < 3 && [3, 4].contains(&(i / 4))).collect();
    let (places, kept): (Vec<[f64; 3]>, Vec<f64>) =
        near.iter().map(|i| (data[*i], values[*i])).unzip();
    let alone = ordinary("0.1 nug + 1 sph(200)", Search::Global);
    let wanted = predict(&alone, &Samples::new(&places, &kept), &Targets::points(&target));
    close(out.estimate[0], wanted.estimate[0], 1e-11);
    close(out.variance[0], wanted.variance[0], 1e-11);
    let without = ordinary("1 sph(200)", Search::Moving(rules)).fit(&Samples::new(&data, &values));
    assert!(matches!(without, Err(KrigingError::NoHoles)));
}

#[test]
fn octant_search_takes_at_most_its_share_on_every_side() {
    let line: Vec<[f64; 3]> =
        (1..30).map(|i| [f64::from(i), 0.5, 0.0]).chain([[-20.0, 0.5, 0.0]]).collect();
    let values: Vec<f64> = (0..30).map(f64::from).collect();
    let rules = Neighbourhood { max_per_octant: Some(2), ..Neighbourhood::nearest(8) };
    let out = predict(
        &ordinary("1 sph(50)", Search::Moving(rules)),
        &Samples::new(&line, &values),
        &Targets::points(&[[0.0; 3]]),
    );
    assert_eq!(out.samples, [3]);
}

#[test]
fn targets_out_of_reach_are_named_not_numbered() {
    let (data, values, _) = log_zinc();
    let kriging = ordinary(MODEL, Search::Moving(Neighbourhood::within(10, 300.0)));
    let targets = [data[0], [0.0; 3]];
    let out = predict(&kriging, &Samples::new(&data, &values), &Targets::points(&targets));
    assert_eq!(out.outcome, [Outcome::Estimated, Outcome::TooFewSamples]);
    assert!(out.estimate[1].is_nan() && out.samples[1] == 0);
    let fitted = kriging.fit(&Samples::new(&data, &values)).unwrap();
    let empty = fitted.predict(&Targets::points(&targets[1..]), &Progress::none());
    assert!(matches!(empty, Err(KrigingError::EmptySearch { targets: 1, .. })));
}

#[test]
fn bad_samples_are_refused_with_their_numbers() {
    let places = [[0.0; 3], [1.0, 0.0, 0.0], [0.0; 3]];
    let refuse = |places: &[[f64; 3]], values: &[f64]| {
        ordinary(MODEL, Search::Global).fit(&Samples::new(places, values)).unwrap_err()
    };
    match refuse(&places, &[1.0, 2.0, 3.0]) {
        KrigingError::Duplicates {
            first: 0,
            second: 2,
            first_value,
            second_value,
            pairs: 1,
            ..
        } => {
            assert_eq!([first_value, second_value], [1.0, 3.0]);
        }
        other => panic!("{other}"),
    }
    assert!(matches!(
        refuse(&places[..2], &[1.0, f64::NAN]),
        KrigingError::NotFinite { row: 1, .. }
    ));
    assert!(matches!(refuse(&[], &[]), KrigingError::TooFewSamples { found: 0, needed: 1 }));
    assert!(matches!(refuse(&places[..2], &[1.0]), KrigingError::Length { .. }));
    let noisy = Samples::new(&places[..2], &[1.0, 2.0]).with_noise(&[0.1, -0.1]);
    let refused = ordinary(MODEL, Search::Global).fit(&noisy).unwrap_err();
    assert!(matches!(refused, KrigingError::Noise { row: 1, .. }));
    let power = kriging("1 pow(1.5)", Method::Simple { mean: 0.0 }, Search::Global);
    let refused = power.fit(&Samples::new(&places[..2], &[1.0, 2.0])).unwrap_err();
    assert!(matches!(refused, KrigingError::NoSill { .. }));
}

#[test]
fn one_sample_needs_a_known_mean_and_equal_samples_are_estimated() {
    for search in searches() {
        let one = Samples::new(&[[5.0; 3]], &[7.0]);
        let refused = ordinary("1 sph(10)", search.clone()).fit(&one);
        let few = KrigingError::TooFewSamples { found: 1, needed: 2 };
        assert_eq!(refused.map(|_| ()), Err(few));
        let simple = kriging("1 sph(10)", Method::Simple { mean: 3.0 }, search.clone());
        let near = predict(&simple, &one, &Targets::points(&[[6.0, 5.0, 5.0]]));
        close(near.estimate[0], 3.0 + 4.0 * (1.0 - 0.15 + 0.0005), 1e-14);
        let places: Vec<[f64; 3]> = (0..30).map(|i| [f64::from(i), 0.0, 0.0]).collect();
        let same = predict(
            &ordinary("1 sph(10)", search),
            &Samples::new(&places, &[3.0; 30]),
            &Targets::points(&[[4.5, 2.0, 0.0]]),
        );
        close(same.estimate[0], 3.0, 1e-12);
    }
}

#[test]
fn a_trend_that_collinear_holes_cannot_tell_is_named() {
    let line: Vec<[f64; 3]> = (0..30).map(|i| [f64::from(i), 2.0 * f64::from(i), 0.0]).collect();
    let values: Vec<f64> = (0..30).map(f64::from).collect();
    let samples = Samples::new(&line, &values);
    let targets = [[3.0, 3.0, 0.0]];
    let trend = Method::Universal(Trend::linear(2));
    let global =
        kriging("0.1 nug + 1 sph(9)", trend.clone(), Search::Global).fit(&samples).unwrap();
    let refused = global.predict(&Targets::points(&targets), &Progress::none());
    assert!(matches!(refused, Err(KrigingError::Trend { functions: 3, .. })), "{refused:?}");
    let local = kriging("0.1 nug + 1 sph(9)", trend, Search::Moving(Neighbourhood::nearest(8)));
    let refused =
        local.fit(&samples).unwrap().predict(&Targets::points(&targets), &Progress::none());
    assert!(matches!(refused, Err(KrigingError::EmptySearch { .. })), "{refused:?}");
}

#[test]
fn samples_too_close_for_a_smooth_model_make_a_named_singular_system() {
    let places: Vec<[f64; 3]> = (0..60).map(|i| [0.01 * f64::from(i), 0.0, 0.0]).collect();
    let values = vec![1.0; 60];
    let targets = [[0.3, 1.0, 0.0]];
    for search in [Search::Global, Search::Moving(Neighbourhood::nearest(40))] {
        let fitted = ordinary("1 gau(a=50)", search).fit(&Samples::new(&places, &values)).unwrap();
        let refused = fitted.predict(&Targets::points(&targets), &Progress::none());
        let named = matches!(
            refused,
            Err(KrigingError::Singular { target: 0, .. } | KrigingError::SingularSamples { .. })
        );
        assert!(named, "{refused:?}");
    }
}

#[test]
fn a_power_model_gives_the_same_estimate_in_every_search() {
    let (data, values, _) = log_zinc();
    let global = predict(
        &ordinary("0.05 nug + 0.001 pow(0.9)", Search::Global),
        &Samples::new(&data, &values),
        &Targets::grid(nodes()),
    );
    let moving = Search::Moving(Neighbourhood::nearest(200));
    let local = predict(
        &ordinary("0.05 nug + 0.001 pow(0.9)", moving),
        &Samples::new(&data, &values),
        &Targets::grid(nodes()),
    );
    for i in 0..global.len() {
        close(local.estimate[i], global.estimate[i], 1e-10);
        close(local.variance[i], global.variance[i], 1e-10);
    }
}

#[test]
fn cancelling_stops_with_an_error() {
    let (data, values, _) = log_zinc();
    let flag = std::sync::atomic::AtomicBool::new(true);
    for search in searches() {
        let fitted = ordinary(MODEL, search).fit(&Samples::new(&data, &values)).unwrap();
        let out = fitted.predict(&Targets::grid(nodes()), &Progress::none().cancelled_by(&flag));
        assert_eq!(out, Err(KrigingError::Cancelled));
    }
}

#[test]
fn a_turned_search_ellipsoid_reaches_along_its_major_axis() {
    let data = [[8.0, 8.0, 0.0], [-8.0, 8.0, 0.0]];
    let ellipsoid = Ellipsoid { radii: [15.0, 3.0, 3.0], rotation: Rotation::from_azimuth(45.0) };
    let rules = Neighbourhood { ellipsoid: Some(ellipsoid), ..Neighbourhood::nearest(5) };
    let kriging =
        Kriging { search: Search::Moving(rules), ..Kriging::ordinary(model("1 sph(30)"), 5) };
    let out = predict(&kriging, &Samples::new(&data, &[1.0, 2.0]), &Targets::points(&[[0.0; 3]]));
    assert_eq!((out.samples[0], out.estimate[0]), (1, 1.0));
}
