//! A computation that is stopped in the middle ends at once with the error of its kind.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use varp_geostat::error::KrigingError;
use varp_geostat::krige::{Grid, Kriging, Method, Samples, Search, Targets};
use varp_geostat::model::{Ellipsoid, Model};
use varp_geostat::progress::Progress;
use varp_geostat::search::Neighbourhood;
use varp_geostat::simulate::{Scores, SequentialGaussian, SimulationError, SpacingStudy, Spectral};

const MODEL: &str = "0.1 nug + 0.9 sph(40)";
/// Far above what a step takes, far below what the whole takes.
const PROMPT: Duration = Duration::from_secs(5);

fn grid(side: usize) -> Grid {
    Grid { origin: [0.0; 3], step: [1.0; 3], count: [side, side, 1] }
}

fn samples(n: usize, side: usize) -> Vec<[f64; 3]> {
    let place = |i: usize| {
        [(i * 7919 % (side * 10)) as f64 / 10.0, (i * 104_729 % (side * 10)) as f64 / 10.0, 0.0]
    };
    let mut places: Vec<[f64; 3]> = (0..n).map(place).collect();
    places.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    places.dedup();
    places
}

/// Runs `work`, stopped once a share of it is done; its answer, how far it got, and how long it
/// took to end after the stop.
fn stopped<T>(share: f64, work: impl FnOnce(&Progress<'_>) -> T) -> (T, f64, Duration) {
    let stop = AtomicBool::new(false);
    let seen: Mutex<(f64, Option<Instant>)> = Mutex::new((0.0, None));
    let report = |done: f64| {
        let mut seen = seen.lock().unwrap();
        assert!(seen.1.is_none(), "reported {done} after the stop");
        assert!((seen.0..=1.0).contains(&done), "{done} after {}", seen.0);
        seen.0 = done;
        if done >= share {
            seen.1 = Some(Instant::now());
            stop.store(true, Ordering::Relaxed);
        }
    };
    let answer = work(&Progress::none().reporting(&report).cancelled_by(&stop));
    let (done, since) = *seen.lock().unwrap();
    (answer, done, since.expect("there was time to stop it").elapsed())
}

#[test]
fn kriging_stops_in_the_middle_whatever_its_neighbourhood() {
    let model: Model = MODEL.parse().unwrap();
    let places = samples(400, 700);
    let values: Vec<f64> = places.iter().map(|p| (p[0] / 30.0).sin()).collect();
    for search in [
        Search::Moving(Neighbourhood::nearest(24)),
        Search::Shared { samples: 32, targets: 25 },
        Search::Global,
    ] {
        let kriging = Kriging { model: model.clone(), method: Method::Ordinary, search };
        let fitted = kriging.fit(&Samples::new(&places, &values)).unwrap();
        let work = |progress: &Progress<'_>| fitted.predict(&Targets::grid(grid(700)), progress);
        let (answer, done, took) = stopped(0.2, work);
        assert_eq!(answer.err(), Some(KrigingError::Cancelled), "{:?}", kriging.search);
        assert!((0.2..1.0).contains(&done), "{:?}: stopped at {done}", kriging.search);
        assert!(took < PROMPT, "{:?}: {took:?}", kriging.search);
    }
}

#[test]
fn simulations_stop_in_the_middle_of_weights_and_of_realisations() {
    let plan = SequentialGaussian::new(MODEL.parse().unwrap(), 16);
    let places = samples(60, 200);
    let scores: Vec<f64> = places.iter().map(|p| (p[1] / 30.0).sin()).collect();
    let weights = |progress: &Progress<'_>| plan.fit(&grid(200), &places, progress).map(|_| ());
    let (answer, done, took) = stopped(0.3, weights);
    assert_eq!(answer, Err(SimulationError::Cancelled));
    assert!((0.3..1.0).contains(&done) && took < PROMPT, "{done} {took:?}");
    let path = plan.fit(&grid(200), &places, &Progress::none()).unwrap();
    let draws = |progress: &Progress<'_>| {
        path.simulate(Scores::Fixed(&scores), 2_000, 1, progress).map(|_| ())
    };
    let (answer, done, took) = stopped(0.1, draws);
    assert_eq!(answer, Err(SimulationError::Cancelled));
    assert!((0.1..1.0).contains(&done) && took < PROMPT, "{done} {took:?}");
    let spectral = Spectral::fit(&grid(200), &MODEL.parse().unwrap()).unwrap();
    let draws = |progress: &Progress<'_>| spectral.simulate(200, 1, progress).map(|_| ());
    let (answer, done, took) = stopped(0.5, draws);
    assert_eq!(answer, Err(SimulationError::Cancelled));
    assert!((0.5..1.0).contains(&done) && took < PROMPT, "{done} {took:?}");
}

/// The flag is raised by another thread, in the middle of one spacing.
#[test]
fn a_drill_spacing_study_stops_within_a_spacing() {
    let simulation = SequentialGaussian {
        search: Ellipsoid::ball(60.0),
        ..SequentialGaussian::new(MODEL.parse().unwrap(), 24)
    };
    let grid = grid(300);
    let path = simulation.fit(&grid, &[], &Progress::none()).unwrap();
    let truths = path.simulate(Scores::Fixed(&[]), 4, 1, &Progress::none()).unwrap();
    let study = SpacingStudy {
        simulation,
        grid,
        masses: &vec![1.0; grid.len()],
        periods: &vec![0; grid.len()],
        spacings: &[[5, 5]],
        realisations: 20_000,
        coverage: 0.9,
        tolerance: 0.15,
        seed: 1,
    };
    let stop = AtomicBool::new(false);
    let raised: Mutex<Option<Instant>> = Mutex::new(None);
    let answer = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(300));
            *raised.lock().unwrap() = Some(Instant::now());
            stop.store(true, Ordering::Relaxed);
        });
        study.run(&truths, |score| (0.5 * score).exp(), &Progress::none().cancelled_by(&stop))
    });
    assert_eq!(answer.err(), Some(SimulationError::Cancelled));
    let took = raised.lock().unwrap().expect("the flag was raised").elapsed();
    assert!(took < PROMPT, "{took:?}");
}
