//! A covariance model made ready for speed: evaluated eight lags at a time, one row after another.

use crate::linalg::{Arithmetic, F64x8, LANES, one_at_a_time};
use crate::model::{Coregionalisation, Ellipsoid, Shape, apply, matern_mixture};

/// Coordinates of one point (or eight, one in each lane) in one frame.
pub(crate) type Place = [F64x8; 3];

/// The formula of a structure, with what it needs precomputed.
#[derive(Debug, Clone)]
enum Form {
    Spherical,
    Cubic,
    Pentaspherical,
    Exponential,
    Gaussian,
    MaternThreeHalves,
    MaternFiveHalves,
    /// Any other Matérn: `Σ weight·exp(−rate·t²)`.
    Mixture(Vec<(f64, f64)>),
    HoleEffect,
    /// `shift − t^exponent`: positive definite on the data's extent for unbiased estimators.
    Power {
        exponent: f64,
        shift: f64,
    },
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
            let form = form_of(structure.shape, reach);
            let at_zero = if let Form::Power { shift, .. } = form { shift } else { 1.0 };
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

    /// `out[j] = (0 or out[j]) + weight·C(from − points[j])` without nugget, between variables `pair`.
    ///
    /// `from[f]` and `points[f][j]` are places in frame `f`; `ADD` keeps what `out` holds.
    #[inline(always)]
    pub fn row<A: Arithmetic, const ADD: bool>(
        &self,
        pair: (usize, usize),
        weight: F64x8,
        from: &[Place],
        points: &[&[Place]],
        out: &mut [F64x8],
    ) {
        let at = pair.0 * self.variables + pair.1;
        let mut first = !ADD;
        for term in &self.terms {
            let (p, q) = (from[term.frame], points[term.frame]);
            let scale = F64x8::splat(term.squared_scale);
            let sill = F64x8::splat(term.sills[at]).mul(weight);
            term.form.row::<A>(Span { from: p, points: q, scale, sill, first }, out);
            first = false;
        }
        if first {
            out.fill(F64x8::ZERO);
        }
    }
}

/// One term's work on one row.
struct Span<'a> {
    from: Place,
    points: &'a [Place],
    scale: F64x8,
    sill: F64x8,
    first: bool,
}

impl Form {
    #[inline(always)]
    fn row<A: Arithmetic>(&self, span: Span<'_>, out: &mut [F64x8]) {
        match self {
            Self::Spherical => span.fill::<A, _>(out, &Spherical),
            Self::Cubic => span.fill::<A, _>(out, &Cubic),
            Self::Pentaspherical => span.fill::<A, _>(out, &Pentaspherical),
            Self::Exponential => span.fill::<A, _>(out, &Exponential),
            Self::Gaussian => span.fill::<A, _>(out, &Gaussian),
            Self::MaternThreeHalves => span.fill::<A, _>(out, &MaternThreeHalves),
            Self::MaternFiveHalves => span.fill::<A, _>(out, &MaternFiveHalves),
            Self::Mixture(terms) => span.fill::<A, _>(out, &Mixture(terms)),
            Self::HoleEffect => span.fill::<A, _>(out, &HoleEffect),
            Self::Power { exponent, shift } => {
                span.fill::<A, _>(out, &Power { exponent: *exponent, shift: *shift });
            }
        }
    }
}

const ONE: F64x8 = F64x8([1.0; 8]);

/// A correlation of the squared reduced distance. A trait, not a closure: closures are compiled
/// for the baseline unless the compiler happens to inline them.
trait Correlation {
    fn at<A: Arithmetic>(&self, squared: F64x8) -> F64x8;
}

impl Span<'_> {
    #[inline(always)]
    fn fill<A: Arithmetic, C: Correlation>(self, out: &mut [F64x8], correlation: &C) {
        if self.first {
            for (value, q) in out.iter_mut().zip(self.points) {
                let q = one_at_a_time(q);
                *value = self.sill.mul(correlation.at::<A>(self.squared::<A>(q)));
            }
        } else {
            for (value, q) in out.iter_mut().zip(self.points) {
                let q = one_at_a_time(q);
                let rho = correlation.at::<A>(self.squared::<A>(q));
                *value = self.sill.mul_add::<A>(rho, *value);
            }
        }
    }

    #[inline(always)]
    fn squared<A: Arithmetic>(&self, q: &Place) -> F64x8 {
        let x = self.from[0].sub(q[0]);
        let y = self.from[1].sub(q[1]);
        let z = self.from[2].sub(q[2]);
        x.mul_add::<A>(x, y.mul_add::<A>(y, z.mul(z))).mul(self.scale)
    }
}

#[inline(always)]
fn negative(x: F64x8) -> F64x8 {
    F64x8::ZERO.sub(x)
}

struct Spherical;
impl Correlation for Spherical {
    #[inline(always)]
    fn at<A: Arithmetic>(&self, squared: F64x8) -> F64x8 {
        let t = squared.sqrt().min(ONE);
        let p = t.mul(t).mul_add::<A>(F64x8::splat(0.5), F64x8::splat(-1.5));
        p.mul_add::<A>(t, ONE)
    }
}

struct Cubic;
impl Correlation for Cubic {
    #[inline(always)]
    fn at<A: Arithmetic>(&self, squared: F64x8) -> F64x8 {
        let s = squared.min(ONE);
        let t = s.sqrt();
        let inner = s.mul_add::<A>(F64x8::splat(0.75), F64x8::splat(-3.5));
        let middle = s.mul_add::<A>(inner, F64x8::splat(8.75));
        middle.mul_add::<A>(t, F64x8::splat(-7.0)).mul_add::<A>(s, ONE)
    }
}

struct Pentaspherical;
impl Correlation for Pentaspherical {
    #[inline(always)]
    fn at<A: Arithmetic>(&self, squared: F64x8) -> F64x8 {
        let s = squared.min(ONE);
        let t = s.sqrt();
        let inner = s.mul_add::<A>(F64x8::splat(-0.375), F64x8::splat(1.25));
        s.mul_add::<A>(inner, F64x8::splat(-1.875)).mul_add::<A>(t, ONE)
    }
}

struct Exponential;
impl Correlation for Exponential {
    #[inline(always)]
    fn at<A: Arithmetic>(&self, squared: F64x8) -> F64x8 {
        negative(squared.sqrt()).exp::<A>()
    }
}

struct Gaussian;
impl Correlation for Gaussian {
    #[inline(always)]
    fn at<A: Arithmetic>(&self, squared: F64x8) -> F64x8 {
        negative(squared).exp::<A>()
    }
}

struct MaternThreeHalves;
impl Correlation for MaternThreeHalves {
    #[inline(always)]
    fn at<A: Arithmetic>(&self, squared: F64x8) -> F64x8 {
        let t = squared.sqrt();
        t.add(ONE).mul(negative(t).exp::<A>())
    }
}

struct MaternFiveHalves;
impl Correlation for MaternFiveHalves {
    #[inline(always)]
    fn at<A: Arithmetic>(&self, squared: F64x8) -> F64x8 {
        let t = squared.sqrt();
        let third = F64x8::splat(1.0 / 3.0);
        squared.mul_add::<A>(third, t.add(ONE)).mul(negative(t).exp::<A>())
    }
}

/// Stops once every further term has vanished in all lanes: rates rise along the list.
struct Mixture<'a>(&'a [(f64, f64)]);
impl Correlation for Mixture<'_> {
    #[inline(always)]
    fn at<A: Arithmetic>(&self, squared: F64x8) -> F64x8 {
        let mut nearest = f64::INFINITY;
        for l in 0..LANES {
            if squared.0[l] > 0.0 && squared.0[l] < nearest {
                nearest = squared.0[l];
            }
        }
        let mut sum = F64x8::ZERO;
        for &(weight, rate) in self.0 {
            if rate * nearest > 745.0 {
                break;
            }
            let e = squared.mul(F64x8::splat(-rate)).exp::<A>();
            sum = e.mul_add::<A>(F64x8::splat(weight), sum);
        }
        for l in 0..LANES {
            if squared.0[l] == 0.0 {
                sum.0[l] = 1.0;
            }
        }
        sum
    }
}

struct HoleEffect;
impl Correlation for HoleEffect {
    #[inline(always)]
    fn at<A: Arithmetic>(&self, squared: F64x8) -> F64x8 {
        F64x8(squared.0.map(|s| Shape::HoleEffect.correlation(s.sqrt())))
    }
}

struct Power {
    exponent: f64,
    shift: f64,
}
impl Correlation for Power {
    #[inline(always)]
    fn at<A: Arithmetic>(&self, squared: F64x8) -> F64x8 {
        F64x8(squared.0.map(|s| self.shift - libm::pow(s, 0.5 * self.exponent)))
    }
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

fn form_of(shape: Shape, reach: f64) -> Form {
    match shape {
        Shape::Spherical => Form::Spherical,
        Shape::Cubic => Form::Cubic,
        Shape::Pentaspherical => Form::Pentaspherical,
        Shape::Exponential => Form::Exponential,
        Shape::Gaussian => Form::Gaussian,
        Shape::Matern { nu: 0.5 } => Form::Exponential,
        Shape::Matern { nu: 1.5 } => Form::MaternThreeHalves,
        Shape::Matern { nu: 2.5 } => Form::MaternFiveHalves,
        Shape::Matern { nu } => Form::Mixture(matern_mixture(nu)),
        Shape::HoleEffect => Form::HoleEffect,
        Shape::Power { exponent } => {
            // Twice the largest semivariance; it cancels in every unbiased estimate.
            Form::Power { exponent, shift: 2.0 * libm::pow(reach, exponent) }
        }
    }
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
            self.0.row::<A, false>((0, 0), F64x8::splat(1.0), self.1, &points, self.3);
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
