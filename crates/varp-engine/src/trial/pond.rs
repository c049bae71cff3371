//! Ponds of known truth.

use varp_geostat::regional::Continuity;

use crate::chance::{CellKey, Draws, Purpose, Words};
use crate::estimate::Variability;

/// Shape of a pond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PondShape {
    /// A rectangle of even depth, as behind four dams.
    Paddock,
    /// An ellipse with a bowl below.
    Bowl,
    /// A valley closed by a dam: deep at the dam, thin at its head.
    Valley,
}

impl PondShape {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Paddock => "paddock",
            Self::Bowl => "bowl",
            Self::Valley => "valley",
        }
    }
}

/// Where the numbers of ponds come from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recipe<'a> {
    /// How material varies.
    pub variability: &'a Variability,
    /// Factor on the coefficient of variation: 1 is as the prior says.
    pub variation: f64,
    /// Factor on ranges.
    pub range: f64,
    /// What ore grades of the production tables followed.
    pub heads: super::campaign::Heads,
    /// Seed.
    pub seed: u64,
}

/// A pond with its truth on a fine grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Pond {
    /// Shape.
    pub shape: PondShape,
    /// Corners of the outline.
    pub outline: Vec<[f64; 2]>,
    /// Columns of the grid: place and thickness.
    pub columns: Vec<([f64; 2], f64)>,
    /// Layers of equal height in each column.
    pub layers: usize,
    /// Grade, mass fraction: layers of the first column from the top, then of the next.
    pub grade: Vec<f64>,
    /// Area, m².
    pub area_m2: f64,
    /// Dry tonnes per cubic metre.
    pub density: f64,
    /// Whether logarithms of grades are Gaussian.
    pub lognormal: bool,
}

impl Pond {
    /// Mean thickness, metres.
    pub fn thickness(&self) -> f64 {
        self.columns.iter().map(|c| c.1).sum::<f64>() / self.columns.len() as f64
    }

    /// Dry tonnes.
    pub fn mass_t(&self) -> f64 {
        self.area_m2 * self.thickness() * self.density
    }

    /// Mean grade of the whole.
    pub fn mean_grade(&self) -> f64 {
        let total: f64 = self.columns.iter().map(|c| c.1).sum();
        let sum: f64 = self
            .columns
            .iter()
            .zip(self.grade.chunks(self.layers))
            .map(|(c, own)| c.1 * own.iter().sum::<f64>() / own.len() as f64)
            .sum();
        sum / total
    }
}

const FEATURES: usize = 300;
const SIDE: usize = 26;

/// Pond `number` of a recipe.
pub fn pond(recipe: &Recipe<'_>, number: u64) -> Pond {
    let draw = Draws::new(recipe.seed, Purpose::Values).draw(number);
    let words = |what: &str| draw.words(CellKey::new("pond", what));
    let size = words("size");
    let area = 2e4 * (30.0_f64).powf(size.uniform(0));
    let mean_thickness = 3.0 * (5.0_f64).powf(size.uniform(1));
    let ratio = 1.0 + 1.5 * size.uniform(2);
    let shape = [PondShape::Paddock, PondShape::Bowl, PondShape::Valley][size.index(3, 3)];
    let lognormal = size.uniform(4) < 0.7;
    let (outline, columns) = columns(shape, area, ratio, mean_thickness, words("thickness"));
    let v = recipe.variability;
    let layers = 8;
    let continuity = continuity(recipe, area, mean_thickness, words("continuity"));
    let places: Vec<[f64; 3]> = columns
        .iter()
        .flat_map(|(at, thickness)| {
            (0..layers).map(move |k| [at[0], at[1], -(k as f64 + 0.5) / layers as f64 * thickness])
        })
        .collect();
    let scores = field(&places, &continuity, words("field"));
    // variance by the prior: scaled inverse χ², here through its sum of squares
    let chance = words("variance");
    let freedom = v.freedom.round() as u64;
    let chi: f64 = (0..freedom).map(|i| chance.branch(i).normal(0).powi(2)).sum();
    let factor = (freedom as f64 / chi.max(0.35)).min(6.0);
    let expected = v.composite_variation * recipe.variation;
    let centre = 1e-3 * (3.0 * size.normal(10)).exp().clamp(0.05, 20.0);
    let grade = scores
        .iter()
        .map(|y| match lognormal {
            true => {
                let sigma = (factor * (expected * expected).ln_1p()).sqrt().min(1.5);
                centre * (sigma * y - 0.5 * sigma * sigma).exp()
            }
            false => centre * (1.0 + (factor.sqrt() * expected).min(0.45) * y).max(0.02),
        })
        .map(|g| g.min(0.5))
        .collect();
    let density = 1.3 + 0.5 * words("density").uniform(0);
    Pond { shape, outline, columns, layers, grade, area_m2: area, density, lognormal }
}

fn continuity(recipe: &Recipe<'_>, area: f64, thickness: f64, u: Words) -> Continuity {
    let v = recipe.variability;
    let magnitude = |low: f64, high: f64, u: f64| low * (high / low).powf(u);
    Continuity {
        range: recipe.range * area.sqrt() * magnitude(v.range_low, v.range_high, u.uniform(0)),
        vertical: recipe.range
            * thickness
            * magnitude(v.vertical_low, v.vertical_high, u.uniform(1)),
        nugget: v.nugget_low + (v.nugget_high - v.nugget_low) * u.uniform(2),
        layers: v.layers_low + (v.layers_high - v.layers_low) * u.uniform(3),
        drift: v.drift * (2.0 * u.uniform(4) - 1.0).max(0.0),
    }
}

type Columns = (Vec<[f64; 2]>, Vec<([f64; 2], f64)>);

/// Columns of a square grid inside the outline; thickness by the shape with a rough base.
fn columns(shape: PondShape, area: f64, ratio: f64, mean: f64, u: Words) -> Columns {
    let (wide, high) = ((area * ratio).sqrt(), (area / ratio).sqrt());
    let outline: Vec<[f64; 2]> = match shape {
        PondShape::Bowl => {
            let scale = (4.0 / std::f64::consts::PI).sqrt();
            let (a, b) = (0.5 * wide * scale, 0.5 * high * scale);
            let corner = |i: usize| std::f64::consts::TAU * i as f64 / 72.0;
            (0..72).map(|i| [a * corner(i).cos(), b * corner(i).sin()]).collect()
        }
        _ => vec![
            [-0.5 * wide, -0.5 * high],
            [0.5 * wide, -0.5 * high],
            [0.5 * wide, 0.5 * high],
            [-0.5 * wide, 0.5 * high],
        ],
    };
    let ring: Vec<(f64, f64)> = outline.iter().map(|p| (p[0], p[1])).collect();
    let step = (area / (SIDE * SIDE) as f64).sqrt();
    let cells = crate::pilot::polygon::cells(&ring, &[], step);
    let rough = Continuity {
        range: 0.5 * area.sqrt(),
        vertical: 1.0,
        nugget: 0.02,
        layers: 0.0,
        drift: 0.0,
    };
    let places: Vec<[f64; 3]> = cells.iter().map(|c| [c.0, c.1, 0.0]).collect();
    let bumps = field(&places, &rough, u);
    let raw: Vec<f64> = cells
        .iter()
        .zip(bumps)
        .map(|((x, y), bump)| {
            let (across, along) = (2.0 * x / wide, 2.0 * y / high);
            let form = match shape {
                PondShape::Paddock => 1.0,
                PondShape::Bowl => 1.15 - 0.6 * (across * across + along * along).min(1.6) / 1.3,
                PondShape::Valley => 0.3 + 0.7 * (1.0 - along) * 0.5 + 0.3 * (1.0 - across.abs()),
            };
            form * (0.15 * bump).exp()
        })
        .collect();
    let scale = mean * raw.len() as f64 / raw.iter().sum::<f64>();
    let columns = cells.iter().zip(raw).map(|((x, y), t)| ([*x, *y], t * scale)).collect();
    (outline, columns)
}

/// Standard normal field with exponential continuity: a sum of waves whose directions and lengths
/// follow its spectrum (Student's with one degree of freedom), layers by waves in the vertical alone,
/// nugget by independent numbers, drift by a plane.
fn field(places: &[[f64; 3]], c: &Continuity, u: Words) -> Vec<f64> {
    let waves = |flat: f64, up: f64, branch: u64| -> Vec<([f64; 3], f64)> {
        let w = u.branch(branch);
        (0..FEATURES as u64)
            .map(|k| {
                let own = w.branch(k);
                let g = own.branch(9).normal(0).abs().max(1e-3);
                let wave = |i: u64, range: f64| 3.0 / range * own.branch(i).normal(0) / g;
                let vector = [
                    if flat > 0.0 { wave(0, flat) } else { 0.0 },
                    if flat > 0.0 { wave(1, flat) } else { 0.0 },
                    wave(2, up),
                ];
                (vector, std::f64::consts::TAU * own.branch(3).uniform(0))
            })
            .collect()
    };
    let sum = |p: &[f64; 3], waves: &[([f64; 3], f64)]| {
        let one =
            |(k, phase): &([f64; 3], f64)| (k[0] * p[0] + k[1] * p[1] + k[2] * p[2] + phase).cos();
        (2.0 / FEATURES as f64).sqrt() * waves.iter().map(one).sum::<f64>()
    };
    let (body, layers) = (waves(c.range, c.vertical, 1), waves(0.0, c.vertical, 2));
    let count = places.len() as f64;
    let centre = [0, 1].map(|d| places.iter().map(|p| p[d]).sum::<f64>() / count);
    let square = |p: &[f64; 3]| (0..2).map(|d| (p[d] - centre[d]).powi(2)).sum::<f64>();
    let spread = (places.iter().map(square).sum::<f64>() / count).sqrt();
    let slope = [4, 5].map(|b| c.drift.sqrt() * u.branch(b).normal(0) / spread);
    let rest = 1.0 - c.nugget;
    let of = |(i, p): (usize, &[f64; 3])| {
        let smooth = (rest * (1.0 - c.layers)).sqrt() * sum(p, &body)
            + if c.layers > 0.0 { (rest * c.layers).sqrt() * sum(p, &layers) } else { 0.0 };
        let plane: f64 = (0..2).map(|d| slope[d] * (p[d] - centre[d])).sum();
        smooth + c.nugget.sqrt() * u.branch(6).branch(i as u64).normal(0) + plane
    };
    places.iter().enumerate().map(of).collect()
}
