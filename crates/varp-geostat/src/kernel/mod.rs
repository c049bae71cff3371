//! A covariance model made ready for speed: evaluated eight lags at a time, one row after another.

mod correlation;

use crate::linalg::{Arithmetic, F64x8, one_at_a_time};
use crate::model::{Coregionalisation, Ellipsoid, apply};
use correlation::{Form, Span};

/// Coordinates of one point (or eight, one in each lane) in one frame.
pub(crate) type Place = [F64x8; 3];

/// A point that stands for itself in all lanes, or for eight, one in each.
pub(crate) trait Spot {
    fn lanes(&self) -> Place;
}

impl Spot for Place {
    #[inline(always)]
    fn lanes(&self) -> Place {
        *self
    }
}

impl Spot for [f64; 3] {
    #[inline(always)]
    fn lanes(&self) -> Place {
        [F64x8::splat(self[0]), F64x8::splat(self[1]), F64x8::splat(self[2])]
    }
}

#[derive(Debug, Clone)]
struct Term {
    frame: usize,
    /// (1/range)² along the major axis.
    squared_scale: f64,
    form: Form,
    /// Row-major, one number for each pair of variables.
    sills: Vec<f64>,
}

/// A compiled model of one or several variables.
///
/// Structures whose ellipsoids are similar share a *frame*: coordinates turned and stretched so
/// that the ellipsoid is a ball. Each point is brought into each frame once.
#[derive(Debug, Clone)]
pub(crate) struct Kernel {
    pub variables: usize,
    pub nugget: Vec<f64>,
    /// `C(0)` with the nugget, row-major.
    pub total: Vec<f64>,
    pub frames: Vec<[[f64; 3]; 3]>,
    terms: Vec<Term>,
}

impl Kernel {
    /// `extent` bounds every lag that will be asked for; only models without a sill use it.
    pub fn new(model: &Coregionalisation, extent: f64) -> Self {
        let mut frames: Vec<[[f64; 3]; 3]> = Vec::new();
        let mut terms = Vec::new();
        let mut total = model.nugget().to_vec();
        for (structure, sills) in model.structures() {
            if sills.iter().all(|s| *s == 0.0) {
                continue;
            }
            let frame = frame_of(&structure.ellipsoid);
            let known = frames.iter().position(|f| is_same_frame(f, &frame));
            let index = known.unwrap_or_else(|| {
                frames.push(frame);
                frames.len() - 1
            });
            let [major, semi, minor] = structure.ellipsoid.radii;
            let reach = extent / major.min(semi).min(minor);
            let form = Form::new(structure.shape, reach);
            let at_zero = form.at_zero();
            total.iter_mut().zip(sills).for_each(|(t, s)| *t += s * at_zero);
            let squared_scale = 1.0 / (major * major);
            terms.push(Term { frame: index, squared_scale, form, sills: sills.clone() });
        }
        if frames.is_empty() {
            frames.push(frame_of(&Ellipsoid::ball(1.0)));
        }
        Self { variables: model.variables(), nugget: model.nugget().to_vec(), total, frames, terms }
    }

    /// A place in frame `f`.
    pub fn reduce(&self, f: usize, place: [f64; 3]) -> [f64; 3] {
        apply(&self.frames[f], place)
    }

    /// What eight covariances cost, in square roots of eight numbers.
    pub fn cost(&self) -> f64 {
        self.terms.iter().map(|term| term.form.cost()).sum()
    }

    /// `out[j] = C(from − points[j])` without nugget, between the variables of `pair`.
    ///
    /// `from[f]` and `points[f][j]` are places in frame `f`.
    #[inline(always)]
    pub fn row<A: Arithmetic, S: Spot>(
        &self,
        pair: (usize, usize),
        from: &[Place],
        points: &[&[S]],
        out: &mut [F64x8],
    ) {
        let at = pair.0 * self.variables + pair.1;
        let mut first = true;
        for term in &self.terms {
            let (from, points) = (from[term.frame], points[term.frame]);
            let scale = F64x8::splat(term.squared_scale);
            let sill = F64x8::splat(term.sills[at]);
            term.form.row::<A, S>(Span { from, points, scale, sill }, first, out);
            first = false;
        }
        if first {
            out.fill(F64x8::ZERO);
        }
    }

    /// `Σ weights[k]·C(points[k] − from)` without nugget, between the variables of `pair`.
    #[inline(always)]
    pub fn weighted<A: Arithmetic>(
        &self,
        pair: (usize, usize),
        from: &[Place],
        points: &[Vec<Place>],
        weights: &[F64x8],
    ) -> F64x8 {
        let at = pair.0 * self.variables + pair.1;
        let mut sum = F64x8::ZERO;
        for term in &self.terms {
            let (from, points) = (from[term.frame], points[term.frame].as_slice());
            let scale = F64x8::splat(term.squared_scale);
            let sill = F64x8::splat(term.sills[at]);
            sum = sum.add(term.form.weighted::<A>(Span { from, points, scale, sill }, weights));
        }
        sum
    }

    /// Adds the nugget to `out[j]` where `points[j]` is within `touch` of `from`, both places in
    /// the first frame.
    #[inline(always)]
    pub fn add_nugget<A: Arithmetic, S: Spot>(
        &self,
        pair: (usize, usize),
        touch: f64,
        from: &Place,
        points: &[S],
        out: &mut [F64x8],
    ) {
        let nugget = F64x8::splat(self.nugget[pair.0 * self.variables + pair.1]);
        if nugget == F64x8::ZERO {
            return;
        }
        let touch = F64x8::splat(touch * touch);
        for (value, q) in out.iter_mut().zip(points) {
            let squared = squared_distance::<A>(from, &one_at_a_time(q).lanes());
            *value = value.add(squared.at_most(touch, nugget));
        }
    }
}

#[inline(always)]
pub(crate) fn squared_distance<A: Arithmetic>(p: &Place, q: &Place) -> F64x8 {
    let (x, y, z) = (p[0].sub(q[0]), p[1].sub(q[1]), p[2].sub(q[2]));
    x.mul_add::<A>(x, y.mul_add::<A>(y, z.mul(z)))
}

/// Reduction whose first radius is 1: similar ellipsoids have the same frame.
fn frame_of(ellipsoid: &Ellipsoid) -> [[f64; 3]; 3] {
    let [major, semi, minor] = ellipsoid.radii;
    let radii = [1.0, semi / major, minor / major];
    Ellipsoid { radii, rotation: ellipsoid.rotation }.reduction()
}

fn is_same_frame(a: &[[f64; 3]; 3], b: &[[f64; 3]; 3]) -> bool {
    let largest = a.iter().flatten().fold(0.0f64, |m, x| m.max(x.abs()));
    a.iter().flatten().zip(b.iter().flatten()).all(|(x, y)| (x - y).abs() <= 4e-16 * largest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linalg::{Job, Level, run_at};
    use crate::model::Model;

    struct Row<'a>(&'a Kernel, &'a [Place], &'a [Vec<Place>], &'a mut [F64x8]);
    impl Job for Row<'_> {
        type Output = ();
        #[inline(always)]
        fn run<A: Arithmetic>(self) {
            let points: Vec<&[Place]> = self.2.iter().map(Vec::as_slice).collect();
            self.0.row::<A, Place>((0, 0), self.1, &points, self.3);
        }
    }

    #[test]
    fn rows_equal_the_scalar_model_for_every_shape_and_level() {
        let texts = [
            "1 sph(7)",
            "1 cub(7) + 2 pen(9, 5; azimuth=20)",
            "1 exp(a=3) + 0.5 gau(a=4)",
            "1 mat(1.5, a=2) + 1 mat(2.5, a=3) + 1 mat(0.8, a=3)",
            "1 hol(a=2)",
            "1 sph(9, 5, 3; azimuth=30, dip=20, plunge=10) + 1 exp(a=18, 10, 6; azimuth=30, dip=20, plunge=10)",
        ];
        for text in texts {
            let model: Model = text.parse().unwrap();
            let kernel = Kernel::new(&Coregionalisation::from(&model), 100.0);
            let lags: Vec<[f64; 3]> = (0..40)
                .map(|i| [f64::from(i) * 0.3, f64::from(i % 7) - 3.0, f64::from(i % 5) - 2.0])
                .collect();
            let frames = 0..kernel.frames.len();
            let from: Vec<Place> = frames.clone().map(|_| [F64x8::ZERO; 3]).collect();
            let points: Vec<Vec<Place>> = frames
                .map(|f| lags.iter().map(|p| kernel.reduce(f, *p).map(F64x8::splat)).collect())
                .collect();
            for level in [Level::Baseline, Level::Avx2, Level::Avx512] {
                let mut out = vec![F64x8::ZERO; lags.len()];
                run_at(level, Row(&kernel, &from, &points, &mut out));
                for (lag, value) in lags.iter().zip(&out) {
                    let wanted = model.continuous_covariance(*lag);
                    assert!((value.0[5] - wanted).abs() < 2e-14, "{text} at {lag:?} {level:?}");
                }
            }
        }
    }

    #[test]
    fn similar_ellipsoids_share_a_frame() {
        let text = "1 sph(9, 6; azimuth=30) + 1 exp(a=18, 12; azimuth=30) + 1 sph(4)";
        let model: Model = text.parse().unwrap();
        assert_eq!(Kernel::new(&Coregionalisation::from(&model), 1.0).frames.len(), 2);
    }
}
