//! Formulas of the structures, eight lags at a time.

use super::{Place, Spot, squared_distance};
use crate::linalg::{Arithmetic, F64x8, LANES, one_at_a_time};
use crate::model::{Shape, matern_mixture};

/// The formula of a structure, with what it needs precomputed.
#[derive(Debug, Clone)]
pub(super) enum Form {
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

/// One structure's work: a place, others, and the scale and sill between them.
pub(super) struct Span<'a, S> {
    pub from: Place,
    pub points: &'a [S],
    pub scale: F64x8,
    pub sill: F64x8,
}

/// Calls a method of a span with the correlation of a form.
macro_rules! with_correlation {
    ($form:expr, $name:ident => $call:expr) => {
        match $form {
            Form::Spherical => {
                let $name = &Spherical;
                $call
            }
            Form::Cubic => {
                let $name = &Cubic;
                $call
            }
            Form::Pentaspherical => {
                let $name = &Pentaspherical;
                $call
            }
            Form::Exponential => {
                let $name = &Exponential;
                $call
            }
            Form::Gaussian => {
                let $name = &Gaussian;
                $call
            }
            Form::MaternThreeHalves => {
                let $name = &MaternThreeHalves;
                $call
            }
            Form::MaternFiveHalves => {
                let $name = &MaternFiveHalves;
                $call
            }
            Form::Mixture(terms) => {
                let $name = &Mixture(terms);
                $call
            }
            Form::HoleEffect => {
                let $name = &HoleEffect;
                $call
            }
            Form::Power { exponent, shift } => {
                let $name = &Power { exponent: *exponent, shift: *shift };
                $call
            }
        }
    };
}

impl Form {
    /// `reach` is the largest lag in ranges; only forms without a sill use it.
    pub fn new(shape: Shape, reach: f64) -> Self {
        match shape {
            Shape::Spherical => Self::Spherical,
            Shape::Cubic => Self::Cubic,
            Shape::Pentaspherical => Self::Pentaspherical,
            Shape::Exponential => Self::Exponential,
            Shape::Gaussian => Self::Gaussian,
            Shape::Matern { nu: 0.5 } => Self::Exponential,
            Shape::Matern { nu: 1.5 } => Self::MaternThreeHalves,
            Shape::Matern { nu: 2.5 } => Self::MaternFiveHalves,
            Shape::Matern { nu } => Self::Mixture(matern_mixture(nu)),
            Shape::HoleEffect => Self::HoleEffect,
            Shape::Power { exponent } => {
                // Twice the largest semivariance; it cancels in every unbiased estimate.
                Self::Power { exponent, shift: 2.0 * libm::pow(reach, exponent) }
            }
        }
    }

    /// Covariance at lag 0 by unit of sill.
    pub fn at_zero(&self) -> f64 {
        if let Self::Power { shift, .. } = self { *shift } else { 1.0 }
    }

    /// What eight correlations cost, in square roots of eight numbers.
    pub fn cost(&self) -> f64 {
        match self {
            Self::Gaussian | Self::Spherical | Self::Cubic | Self::Pentaspherical => 1.0,
            Self::Exponential | Self::MaternThreeHalves | Self::MaternFiveHalves => 2.0,
            Self::Mixture(terms) => terms.len() as f64,
            Self::HoleEffect | Self::Power { .. } => 10.0,
        }
    }

    /// Sill times correlation with each point, into `out` or on top of it.
    #[inline(always)]
    pub fn row<A: Arithmetic, S: Spot>(&self, span: Span<'_, S>, first: bool, out: &mut [F64x8]) {
        with_correlation!(self, c => span.fill::<A, _>(first, out, c));
    }

    /// Sill times the weighted sum of the correlations.
    #[inline(always)]
    pub fn weighted<A: Arithmetic>(&self, span: Span<'_, Place>, weights: &[F64x8]) -> F64x8 {
        with_correlation!(self, c => span.sum::<A, _>(weights, c))
    }
}

const ONE: F64x8 = F64x8([1.0; 8]);

/// A correlation of the squared reduced distance. A trait, not a closure: closures are compiled
/// for the baseline unless the compiler happens to inline them.
trait Correlation {
    fn at<A: Arithmetic>(&self, squared: F64x8) -> F64x8;
}

impl<S: Spot> Span<'_, S> {
    #[inline(always)]
    fn fill<A: Arithmetic, C: Correlation>(self, first: bool, out: &mut [F64x8], correlation: &C) {
        if first {
            for (value, q) in out.iter_mut().zip(self.points) {
                let q = one_at_a_time(q).lanes();
                *value = self.sill.mul(correlation.at::<A>(self.squared::<A>(&q)));
            }
        } else {
            for (value, q) in out.iter_mut().zip(self.points) {
                let q = one_at_a_time(q).lanes();
                let rho = correlation.at::<A>(self.squared::<A>(&q));
                *value = self.sill.mul_add::<A>(rho, *value);
            }
        }
    }

    #[inline(always)]
    fn sum<A: Arithmetic, C: Correlation>(self, weights: &[F64x8], correlation: &C) -> F64x8 {
        let mut sum = F64x8::ZERO;
        for (weight, q) in weights.iter().zip(self.points) {
            let q = one_at_a_time(q).lanes();
            sum = weight.mul_add::<A>(correlation.at::<A>(self.squared::<A>(&q)), sum);
        }
        self.sill.mul(sum)
    }

    #[inline(always)]
    fn squared<A: Arithmetic>(&self, q: &Place) -> F64x8 {
        squared_distance::<A>(&self.from, q).mul(self.scale)
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
