//! Random garbage through the public API: an error of its own kind or finite numbers, never a
//! panic, never a NaN that no outcome explains.

use varp_geostat::decluster::{CellPlan, Extreme, cell, kriging, polygonal};
use varp_geostat::fit::{FitPlan, fit};
use varp_geostat::krige::{
    Cokriging, Grid, Kriging, Method, Outcome, Samples, Search, Targets, Trend,
};
use varp_geostat::model::{Coregionalisation, Ellipsoid, Model, Rotation, Shape, Structure};
use varp_geostat::progress::Progress;
use varp_geostat::search::Neighbourhood;
use varp_geostat::simulate::{Bound, Scores, SequentialGaussian, Spectral, draw_bounded};
use varp_geostat::stats::Summary;
use varp_geostat::stats::censored::{
    Family, KaplanMeier, LikelihoodFit, Observation, RegressionOnOrder,
};
use varp_geostat::transform::{Hermite, LowerTail, NormalScore, Tails, UpperTail};
use varp_geostat::validate::leave_one_out;
use varp_geostat::variogram::{Direction, Estimator, Lags, Plan, variogram, variogram_map};

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    /// Mostly small numbers, at times one that breaks things.
    fn number(&mut self) -> f64 {
        const BAD: [f64; 12] = [
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            0.0,
            -0.0,
            1e12,
            -1e300,
            1e308,
            1e-308,
            5e-324,
            -1.0,
            f64::MAX,
        ];
        match self.roll(16) {
            0 => BAD[self.roll(BAD.len())],
            1..8 => self.roll(10) as f64,
            _ => self.roll(1_000_000) as f64 * 1e-4,
        }
    }

    fn numbers(&mut self, n: usize) -> Vec<f64> {
        (0..n).map(|_| self.number()).collect()
    }

    fn places(&mut self, n: usize) -> Vec<[f64; 3]> {
        let flat = self.roll(2) == 0;
        (0..n)
            .map(|_| [self.number(), self.number(), if flat { 0.0 } else { self.number() }])
            .collect()
    }

    fn ellipsoid(&mut self) -> Ellipsoid {
        let rotation =
            Rotation { azimuth: self.number(), dip: self.number(), plunge: self.number() };
        Ellipsoid { radii: [self.number(), self.number(), self.number()], rotation }
    }

    fn model(&mut self) -> Option<Model> {
        let structures = (0..self.roll(3))
            .map(|_| {
                let shape = match self.roll(8) {
                    0 => Shape::Spherical,
                    1 => Shape::Cubic,
                    2 => Shape::Pentaspherical,
                    3 => Shape::Exponential,
                    4 => Shape::Gaussian,
                    5 => Shape::Matern { nu: self.number() },
                    6 => Shape::HoleEffect,
                    _ => Shape::Power { exponent: self.number() * 0.1 },
                };
                let ellipsoid = match self.roll(2) {
                    0 => Ellipsoid::ball(self.number()),
                    _ => self.ellipsoid(),
                };
                Structure { sill: self.number(), shape, ellipsoid }
            })
            .collect();
        Model::new(self.number(), structures).ok()
    }

    fn grid(&mut self) -> Grid {
        let mut step = [self.number(), self.number(), self.number()];
        if self.roll(2) == 0 {
            step = [1.0; 3];
        }
        let count = [self.roll(6), self.roll(6), 1 + self.roll(2)];
        Grid { origin: [self.number(), self.number(), 0.0], step, count }
    }
}

fn finite(values: &[f64]) -> bool {
    values.iter().all(|v| v.is_finite())
}

#[test]
fn kriging_of_garbage_is_refused_or_finite() {
    let mut dice = Dice(1);
    let mut estimated = 0;
    for round in 0..6_000 {
        let n = dice.roll(14);
        let (places, values) = (dice.places(n), dice.numbers(n));
        let (noise, drift) = (dice.numbers(n), dice.numbers(n));
        let holes: Vec<u32> = (0..n).map(|_| dice.roll(4) as u32).collect();
        let Some(model) = dice.model() else { continue };
        let method = match dice.roll(5) {
            0 => Method::Simple { mean: dice.number() },
            1 => Method::Universal(Trend::linear(dice.roll(4))),
            2 => Method::Universal(Trend::external(1)),
            _ => Method::Ordinary,
        };
        let search = match dice.roll(4) {
            0 => Search::Global,
            1 => Search::Shared { samples: dice.roll(6), targets: dice.roll(20) },
            _ => Search::Moving(Neighbourhood {
                max_samples: dice.roll(8),
                min_samples: dice.roll(3),
                ellipsoid: (dice.roll(2) == 0).then(|| dice.ellipsoid()),
                max_per_octant: (dice.roll(4) == 0).then(|| dice.roll(3)),
                max_per_hole: (dice.roll(4) == 0).then(|| dice.roll(3)),
            }),
        };
        let external = matches!(&method, Method::Universal(t) if t.external == 1);
        let columns: Vec<&[f64]> = if external { vec![&drift] } else { vec![] };
        let mut samples = Samples::new(&places, &values).with_external(&columns).with_holes(&holes);
        if dice.roll(3) == 0 {
            samples = samples.with_noise(&noise);
        }
        let kriging = Kriging { model, method, search };
        let Ok(fitted) = kriging.fit(&samples) else { continue };
        let grid = dice.grid();
        let at = dice.numbers(grid.len());
        let at: Vec<&[f64]> = if external { vec![&at] } else { vec![] };
        let mut targets = Targets::grid(grid).with_external(&at);
        if dice.roll(4) == 0 {
            let size = [dice.number(), dice.number(), dice.number()];
            targets = targets.blocks(size, [dice.roll(4), 1 + dice.roll(3), 1]);
        }
        let _ = leave_one_out(&fitted, &Progress::none());
        let Ok(found) = fitted.predict(&targets, &Progress::none()) else { continue };
        for i in 0..found.len() {
            let numbers = [found.estimate[i], found.variance[i]];
            let is_estimated = found.outcome[i] == Outcome::Estimated;
            assert_eq!(
                is_estimated,
                finite(&numbers),
                "round {round}: {kriging:?}\n{places:?}\n{values:?}\n{targets:?}\n{numbers:?}"
            );
            estimated += usize::from(is_estimated);
        }
    }
    assert!(estimated > 2_000, "only {estimated} targets: the garbage is too bad to test anything");
}

#[test]
fn variograms_fits_and_transforms_of_garbage_are_refused_or_finite() {
    let mut dice = Dice(2);
    for round in 0..3_000 {
        let n = dice.roll(20);
        let (places, values, weights) = (dice.places(n), dice.numbers(n), dice.numbers(n));
        let lags = Lags::Regular { width: dice.number(), count: dice.roll(8) };
        let direction = Direction {
            azimuth: dice.number(),
            dip: dice.number(),
            tolerance: dice.number(),
            bandwidth: (dice.roll(3) == 0).then(|| dice.number()),
        };
        let estimator = [
            Estimator::Matheron,
            Estimator::CressieHawkins,
            Estimator::Genton,
            Estimator::Dowd,
            Estimator::Correlogram,
        ][dice.roll(5)];
        let plan = Plan { lags, directions: vec![direction, Direction::any()], estimator };
        if let Ok(found) = variogram(&places, &values, &plan) {
            let _ = fit(&found, &FitPlan::isotropic(vec![Shape::Spherical]));
        }
        let _ = variogram_map(&places, &values, dice.number(), dice.roll(6));
        let tails = Tails {
            lower: LowerTail::Linear { min: dice.number() - 5.0 },
            upper: UpperTail::Hyperbolic { max: 1e3 * dice.number(), exponent: dice.number() },
        };
        if let Ok(scores) = NormalScore::fit(&values, &weights, tails) {
            let there: Vec<f64> = values.iter().map(|v| scores.score(*v)).collect();
            assert!(finite(&there), "round {round}: {values:?}");
            let back: Vec<f64> = (-60..60).map(|i| scores.value(f64::from(i) * 0.15)).collect();
            assert!(back.iter().all(|v| !v.is_nan()), "round {round}: {values:?} {tails:?}");
        }
        if let Ok(hermite) = Hermite::fit(&values, &weights, dice.roll(30)) {
            let _ = hermite.of_blocks(dice.number());
            let _ = hermite.recovered(dice.number());
        }
        let _ = Summary::weighted(&values, &weights);
        let observed: Vec<Observation> = values
            .iter()
            .map(
                |v| if dice.roll(3) == 0 { Observation::Below(*v) } else { Observation::Exact(*v) },
            )
            .collect();
        let _ = KaplanMeier::fit(&observed);
        let _ = RegressionOnOrder::fit(&observed);
        let _ = LikelihoodFit::fit(&observed, Family::Lognormal);
        let cells = CellPlan {
            sizes: dice.numbers(3),
            proportions: [dice.number(), dice.number()],
            origins: dice.roll(4),
            take: Extreme::SmallestMean,
        };
        let _ = cell(&places, &values, &cells);
        let plane: Vec<[f64; 2]> = places.iter().map(|p| [p[0], p[1]]).collect();
        let _ = polygonal(&plane, &plane);
    }
}

#[test]
fn simulations_of_garbage_are_refused_or_finite() {
    let mut dice = Dice(3);
    let mut simulated = 0;
    for round in 0..2_000 {
        let n = dice.roll(8);
        let (places, values) = (dice.places(n), dice.numbers(n));
        let Some(model) = dice.model() else { continue };
        let grid = dice.grid();
        let plan = SequentialGaussian {
            search: if dice.roll(2) == 0 {
                Ellipsoid::ball(dice.number())
            } else {
                dice.ellipsoid()
            },
            ..SequentialGaussian::new(model.clone(), dice.roll(6))
        };
        let nobody = Progress::none();
        if let Ok(path) = plan.fit(&grid, &places, &nobody)
            && let Ok(fields) = path.simulate(Scores::Fixed(&values), dice.roll(4), 7, &nobody)
        {
            assert!(finite(&fields.field(0)), "round {round}: {plan:?}\n{places:?}\n{values:?}");
            simulated += 1;
        }
        if let Ok(spectral) = Spectral::fit(&grid, &model) {
            if let Ok(fields) = spectral.simulate(1, 7, &nobody) {
                assert!(finite(&fields.field(0)), "round {round}: {model}");
            }
            let _ = spectral.simulate_conditional(&places, Scores::Fixed(&values), 1, 7, &nobody);
        }
        let bounds: Vec<Bound> = values
            .iter()
            .map(|v| match dice.roll(3) {
                0 => Bound::Between { low: f64::NEG_INFINITY, high: *v },
                1 => Bound::Between { low: *v, high: dice.number() },
                _ => Bound::Exact(*v),
            })
            .collect();
        if let Ok(draws) = draw_bounded(&places, &bounds, &model, 3, 2, 1) {
            assert!(draws.iter().all(|d| finite(d)), "round {round}: {bounds:?} {model}");
        }
        let _ = kriging(&places, &places, &model);
        let matrix = dice.numbers(4);
        if let Ok(both) = Coregionalisation::new(2, matrix, vec![]) {
            let samples = [Samples::new(&places, &values), Samples::new(&places, &values)];
            let _ = Cokriging { model: both }.fit(&samples);
        }
    }
    assert!(
        simulated > 100,
        "only {simulated} simulations: the garbage is too bad to test anything"
    );
}
