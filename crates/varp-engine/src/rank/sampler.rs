//! Values of cells, draw by draw: each cell is prepared once so that a draw costs nanoseconds.

use super::active::ActiveCriteria;
use super::table::{Cell, Datum, Origin, Prior, Row, TableError};
use super::value::{Curve, Scale};
use crate::chance::{CellKey, Draw, Words};
use std::collections::BTreeSet;

/// Known sites needed before they stand for a missing one.
const ENOUGH_SITES: usize = 5;

/// A cell ready to be drawn; gives values within 0..=1.
#[derive(Debug, Clone)]
enum Sampler {
    Fixed(f64),
    /// Normal on the scale of the value function.
    Normal {
        mean: f64,
        deviation: f64,
    },
    /// Normal in x under a logarithmic value function.
    NormalThenLog {
        mean: f64,
        deviation: f64,
    },
    /// Lognormal under a linear value function.
    LognormalThenLinear {
        mean: f64,
        deviation: f64,
    },
    Uniform {
        low: f64,
        width: f64,
    },
    Triangular {
        low: f64,
        mode: f64,
        high: f64,
    },
    /// Cumulative probabilities and values.
    Classes(Vec<(f64, f64)>),
    AnyValue,
    OneOf(Vec<Self>),
}

impl Sampler {
    fn of(cell: &Cell, curve: &Curve) -> Self {
        match *cell {
            Cell::Exact { value } => Self::Fixed(curve.value(value)),
            Cell::Uniform { low, high } => Self::Uniform { low, width: high - low },
            Cell::Triangular { low, mode, high } => Self::Triangular { low, mode, high },
            Cell::Normal { mean, deviation } => match curve.scale() {
                Scale::Linear => Self::Normal { mean, deviation },
                Scale::Log => Self::NormalThenLog { mean, deviation },
            },
            Cell::Lognormal { mean, variation } => {
                let (mean, deviation) = Cell::lognormal_parameters(mean, variation);
                match curve.scale() {
                    Scale::Log => Self::Normal { mean, deviation },
                    Scale::Linear => Self::LognormalThenLinear { mean, deviation },
                }
            }
            Cell::Classes { ref classes } => {
                let mut sum = 0.0;
                let cumulative = classes.iter().map(|(class, probability)| {
                    sum += probability;
                    (sum, curve.value(*class))
                });
                Self::Classes(cumulative.collect())
            }
            Cell::Missing => Self::AnyValue,
        }
    }

    #[inline]
    fn value(&self, curve: &Curve, words: Words) -> f64 {
        match self {
            Self::Fixed(value) => *value,
            Self::Normal { mean, deviation } => {
                curve.value_on_scale(mean + deviation * words.normal(0))
            }
            Self::NormalThenLog { mean, deviation } => {
                curve.value(mean + deviation * words.normal(0))
            }
            Self::LognormalThenLinear { mean, deviation } => {
                curve.value(libm::exp(mean + deviation * words.normal(0)))
            }
            Self::Uniform { low, width } => curve.value(low + width * words.uniform(0)),
            Self::Triangular { low, mode, high } => {
                curve.value(triangular_quantile(*low, *mode, *high, words.uniform(0)))
            }
            Self::Classes(cumulative) => class_value(cumulative, words.uniform(0)),
            Self::AnyValue => words.uniform(0),
            Self::OneOf(samplers) => {
                let chosen = words.index(0, samplers.len());
                samplers[chosen].value(curve, words.branch(chosen as u64))
            }
        }
    }
}

/// Quantile of a triangular distribution.
pub(crate) fn triangular_quantile(low: f64, mode: f64, high: f64, u: f64) -> f64 {
    let width = high - low;
    if width <= 0.0 {
        return mode;
    }
    let left = (mode - low) / width;
    if u < left {
        low + (u * width * (mode - low)).sqrt()
    } else {
        high - ((1.0 - u) * width * (high - mode)).sqrt()
    }
}

fn class_value(cumulative: &[(f64, f64)], u: f64) -> f64 {
    let hit = cumulative.iter().find(|class| u < class.0).or(cumulative.last());
    hit.map_or(0.0, |class| class.1)
}

/// A table ready to be drawn; cells run criterion by criterion.
#[derive(Debug, Clone)]
pub struct PreparedTable {
    sites: usize,
    curves: Vec<Curve>,
    samplers: Vec<Sampler>,
    keys: Vec<CellKey>,
    origins: Vec<Origin>,
}

impl PreparedTable {
    /// Prepares every cell; missing ones by prior, by the known sites, or by ignorance.
    pub fn new(
        criteria: &ActiveCriteria,
        rows: &[Row],
        priors: &[Prior],
    ) -> Result<Self, TableError> {
        check(criteria, rows, priors)?;
        let mut table = Self {
            sites: rows.len(),
            curves: criteria.curves.clone(),
            samplers: Vec::new(),
            keys: Vec::new(),
            origins: Vec::new(),
        };
        for (criterion, curve) in criteria.criteria.iter().zip(&criteria.curves) {
            let id = criterion.id.as_str();
            let known: Vec<Sampler> = rows
                .iter()
                .filter_map(|row| row.data.get(id))
                .filter(|datum| datum.cell != Cell::Missing)
                .map(|datum| Sampler::of(&datum.cell, curve))
                .collect();
            for row in rows {
                let (sampler, origin) = match row.data.get(id) {
                    Some(Datum { cell, evidence }) if *cell != Cell::Missing => {
                        (Sampler::of(cell, curve), Origin::Site { evidence: *evidence })
                    }
                    _ => substitute(id, row, priors, &known, curve),
                };
                table.samplers.push(sampler);
                table.origins.push(origin);
                table.keys.push(CellKey::new(&row.id, id));
            }
        }
        Ok(table)
    }

    /// Number of sites.
    pub fn sites(&self) -> usize {
        self.sites
    }

    /// Number of criteria.
    pub fn criteria(&self) -> usize {
        self.curves.len()
    }

    /// Where a cell's distribution came from.
    pub fn origin(&self, site: usize, criterion: usize) -> Origin {
        self.origins[criterion * self.sites + site]
    }

    /// Value of one cell in one draw.
    pub fn value(&self, site: usize, criterion: usize, draw: Draw) -> f64 {
        let cell = criterion * self.sites + site;
        self.samplers[cell].value(&self.curves[criterion], draw.words(self.keys[cell]))
    }

    /// Values of one criterion at all sites in one draw.
    pub fn values(&self, criterion: usize, draw: Draw, out: &mut [f64]) {
        let (curve, cells) = self.column(criterion);
        for (value, (sampler, key)) in out.iter_mut().zip(cells) {
            *value = sampler.value(curve, draw.words(*key));
        }
    }

    /// Adds weight × value of one criterion to every site's total.
    pub fn add_values(&self, criterion: usize, weight: f64, draw: Draw, totals: &mut [f64]) {
        let (curve, cells) = self.column(criterion);
        for (total, (sampler, key)) in totals.iter_mut().zip(cells) {
            *total += weight * sampler.value(curve, draw.words(*key));
        }
    }

    fn column(&self, criterion: usize) -> (&Curve, impl Iterator<Item = (&Sampler, &CellKey)>) {
        let range = criterion * self.sites..(criterion + 1) * self.sites;
        (&self.curves[criterion], self.samplers[range.clone()].iter().zip(&self.keys[range]))
    }
}

fn check(criteria: &ActiveCriteria, rows: &[Row], priors: &[Prior]) -> Result<(), TableError> {
    if rows.is_empty() {
        return Err(TableError::Empty);
    }
    let mut ids = BTreeSet::new();
    for row in rows {
        if !ids.insert(&row.id) {
            return Err(TableError::Twice(row.id.clone()));
        }
        for (criterion, datum) in &row.data {
            datum.cell.check().map_err(|problem| TableError::Cell {
                site: row.id.clone(),
                criterion: criterion.clone(),
                problem,
            })?;
        }
    }
    for prior in priors.iter().filter(|p| criteria.position(&p.criterion).is_some()) {
        prior.cell.check().map_err(|problem| TableError::Cell {
            site: prior.source.clone(),
            criterion: prior.criterion.clone(),
            problem,
        })?;
    }
    Ok(())
}

fn substitute(
    criterion: &str,
    row: &Row,
    priors: &[Prior],
    known: &[Sampler],
    curve: &Curve,
) -> (Sampler, Origin) {
    let fits = |prior: &Prior| {
        prior.criterion == criterion
            && prior.attributes.iter().all(|(name, value)| row.attributes.get(name) == Some(value))
    };
    // The most specific prior; of equals the first.
    let best = priors
        .iter()
        .enumerate()
        .filter(|(_, prior)| fits(prior))
        .max_by_key(|(index, prior)| (prior.attributes.len(), std::cmp::Reverse(*index)));
    if let Some((index, prior)) = best {
        return (Sampler::of(&prior.cell, curve), Origin::Prior { index });
    }
    if known.len() >= ENOUGH_SITES {
        return (Sampler::OneOf(known.to_vec()), Origin::OtherSites);
    }
    (Sampler::AnyValue, Origin::Ignorance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn triangular_quantiles_hit_ends_and_mode() {
        assert_eq!(triangular_quantile(2.0, 3.0, 6.0, 0.0), 2.0);
        assert_eq!(triangular_quantile(2.0, 3.0, 6.0, 0.25), 3.0);
        assert_eq!(triangular_quantile(2.0, 3.0, 6.0, 1.0), 6.0);
        assert_eq!(triangular_quantile(2.0, 2.0, 2.0, 0.7), 2.0);
    }

    #[test]
    fn classes_are_drawn_by_their_probability() {
        let cumulative = [(0.2, 0.0), (0.7, 0.5), (1.0, 1.0)];
        assert_eq!(class_value(&cumulative, 0.1), 0.0);
        assert_eq!(class_value(&cumulative, 0.2), 0.5);
        assert_eq!(class_value(&cumulative, 0.999), 1.0);
    }
}
