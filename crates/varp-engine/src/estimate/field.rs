//! Blocks of a body and their grades: by inverse distance, kriging, conditional simulation.

use rayon::prelude::*;
use varp_geostat::krige::{Grid, Kriging, Samples, Targets};
use varp_geostat::model::{Ellipsoid, Model, Rotation, Shape, Structure};
use varp_geostat::progress::Progress;
use varp_geostat::regional::{Component, Posterior};

use super::blocks::{BlockGrades, Blocks};
use super::error::EstimateError;
use super::outline::contains;
use super::product::{SampleMethod, Vertical};
use super::sampled::{Prepared, statistics};

/// Blocks inside a body.
pub(super) struct Field {
    pub(super) grid: Grid,
    /// Cells inside the body.
    pub(super) cells: Vec<u32>,
    /// Share of the volume of each.
    pub(super) shares: Vec<f64>,
    vertical: &'static str,
}

/// What a block method yields.
#[derive(Default)]
pub(super) struct FieldFound {
    /// The method's own mean grade.
    pub grade: f64,
    /// Mean grade of each realisation; empty without simulation.
    pub means: Vec<f64>,
    /// Weight of each composite in the mean of all blocks, where blocks are plain weighted means.
    pub weights: Vec<f64>,
    /// Model of the blocks in words.
    pub model: String,
    /// Blocks with shares of mass in the place of mass.
    pub blocks: Option<(Blocks, BlockGrades)>,
    /// Contained share of each period of production in each realisation.
    pub periods: Vec<Vec<f64>>,
    /// What lies above cut-offs in each realisation; nothing without simulation.
    pub above: Option<AboveCutoffs>,
}

/// Number of steps from a cut-off of zero to the highest.
pub(super) const CUTOFF_STEPS: usize = 12;

/// What lies above cut-offs at equal steps, realisation by realisation.
#[derive(Clone)]
pub(super) struct AboveCutoffs {
    /// Between two cut-offs, mass fraction.
    pub step: f64,
    /// Share of the mass and contained share above each cut-off, in each realisation.
    pub shares: Vec<[[f64; 2]; CUTOFF_STEPS + 1]>,
}

impl Field {
    /// A grid over the outline with the blocks whose centre lies inside and above the base.
    pub fn new(prepared: &Prepared<'_>) -> Result<Self, EstimateError> {
        let solid = &prepared.solid;
        let corners = || solid.outline.iter().flat_map(|p| p.exterior().coords());
        let fold = |f: fn(&geo_types::Coord<f64>) -> f64, start: f64, pick: fn(f64, f64) -> f64| {
            corners().map(f).fold(start, pick)
        };
        let west = fold(|c| c.x, f64::INFINITY, f64::min);
        let east = fold(|c| c.x, f64::NEG_INFINITY, f64::max);
        let south = fold(|c| c.y, f64::INFINITY, f64::min);
        let north = fold(|c| c.y, f64::NEG_INFINITY, f64::max);
        let side = (east - west).max(north - south) / 40.0;
        let step = prepared.plan.block_m.unwrap_or([side, side, solid.thickness_m / 6.0]);
        let lean = |z: f64| if prepared.flat { 0.0 } else { z };
        let (low, high) = vertical_reach(prepared);
        let size = [step[0], step[1], if prepared.flat { solid.thickness_m } else { step[2] }];
        let count = [
            ((east - west) / size[0]).ceil().max(1.0) as usize,
            ((north - south) / size[1]).ceil().max(1.0) as usize,
            if prepared.flat { 1 } else { ((high - low) / size[2]).ceil().max(1.0) as usize },
        ];
        if count.iter().product::<usize>() > 20_000_000 {
            return Err(EstimateError::Lacking {
                needs: format!("{} × {} × {} blocks", count[0], count[1], count[2]),
                lacks: "at most 20 million are made; choose larger blocks".into(),
            });
        }
        let origin = [west + 0.5 * size[0], south + 0.5 * size[1], lean(low + 0.5 * size[2])];
        let grid = Grid { origin, step: size, count };
        let (cells, weights) = inside(prepared, &grid);
        let total: f64 = weights.iter().sum();
        if cells.is_empty() || total <= 0.0 {
            return Err(EstimateError::Lacking {
                needs: "blocks inside the body".into(),
                lacks: "no block has its centre inside; choose smaller blocks".into(),
            });
        }
        let vertical = match prepared.plan.vertical {
            Vertical::Height => "height, metres",
            Vertical::Depth => "minus depth below the surface, metres",
            Vertical::Stage => "minus depth at mean thickness, metres",
        };
        let shares = weights.iter().map(|w| w / total).collect();
        Ok(Self { grid, cells, shares, vertical })
    }

    /// Grades of the blocks by the plan's method.
    pub fn estimate(
        &self,
        prepared: &Prepared<'_>,
        posterior: &Posterior,
        seed: u64,
        progress: &Progress<'_>,
    ) -> Result<FieldFound, EstimateError> {
        match prepared.plan.method {
            SampleMethod::Simulation { realisations, neighbours } => {
                self.simulate(prepared, posterior, (realisations, neighbours, seed), progress)
            }
            SampleMethod::Kriging { neighbours } => {
                self.krige(prepared, posterior, neighbours, progress)
            }
            SampleMethod::InverseDistance { power, neighbours } => {
                Ok(self.inverse_distance(prepared, power, neighbours))
            }
            SampleMethod::Mean => unreachable!("a mean needs no blocks"),
        }
    }

    fn found(&self, prepared: &Prepared<'_>, best: Vec<f64>, model: String) -> FieldFound {
        let grade = best.iter().zip(&self.shares).map(|(g, s)| g * s).sum();
        let own = BlockGrades {
            substance: prepared.substance.to_owned(),
            low: Vec::new(),
            best,
            high: Vec::new(),
        };
        let blocks = Some((self.blocks(), own));
        FieldFound {
            grade,
            means: Vec::new(),
            weights: Vec::new(),
            model,
            blocks,
            periods: Vec::new(),
            above: None,
        }
    }

    pub(super) fn blocks(&self) -> Blocks {
        Blocks {
            origin: self.grid.origin,
            size: self.grid.step,
            count: self.grid.count,
            vertical: self.vertical.into(),
            cells: self.cells.clone(),
            mass_t: self.shares.clone(),
            products: Vec::new(),
        }
    }

    fn inverse_distance(
        &self,
        prepared: &Prepared<'_>,
        power: f64,
        neighbours: usize,
    ) -> FieldFound {
        let values = mean_values(prepared);
        let one = |cell: &u32| {
            let at = self.grid.place(*cell as usize);
            let square =
                |p: [f64; 3]| (0..3).map(|d| (p[d] - at[d]).powi(2)).sum::<f64>().max(1e-6);
            let mut near: Vec<(f64, usize)> =
                prepared.placed.iter().enumerate().map(|(i, p)| (square(p.place), i)).collect();
            near.sort_by(|a, b| a.0.total_cmp(&b.0));
            near.truncate(neighbours.max(1));
            let weight = |d: f64| libm::pow(d, -0.5 * power);
            let total: f64 = near.iter().map(|n| weight(n.0)).sum();
            near.iter().map(|n| (n.1, weight(n.0) / total)).collect()
        };
        let near: Vec<Vec<(usize, f64)>> = self.cells.par_iter().map(one).collect();
        let grade = |own: &Vec<(usize, f64)>| own.iter().map(|(i, w)| w * values[*i]).sum();
        let mut weights = vec![0.0; values.len()];
        for (own, share) in near.iter().zip(&self.shares) {
            own.iter().for_each(|(i, w)| weights[*i] += share * w);
        }
        let found = self.found(
            prepared,
            near.iter().map(grade).collect(),
            format!("inverse distance, power {power}"),
        );
        FieldFound { weights, ..found }
    }

    fn krige(
        &self,
        prepared: &Prepared<'_>,
        posterior: &Posterior,
        neighbours: usize,
        progress: &Progress<'_>,
    ) -> Result<FieldFound, EstimateError> {
        let values = mean_values(prepared);
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / values.len() as f64;
        let fail = |e: &dyn std::fmt::Display| statistics(prepared.substance, &e.to_string());
        let best = posterior.best();
        let model = model_of(best, variance.max(1e-12 * mean * mean)).map_err(|e| fail(&e))?;
        let words = model.to_string();
        let places: Vec<[f64; 3]> = prepared.placed.iter().map(|p| p.place).collect();
        let kriging = Kriging::ordinary(model, neighbours.max(1));
        let fitted = kriging.fit(&Samples::new(&places, &values)).map_err(|e| fail(&e))?;
        let nodes: Vec<[f64; 3]> =
            self.cells.iter().map(|c| self.grid.place(*c as usize)).collect();
        let targets = Targets::points(&nodes).blocks(self.grid.step, [3, 3, 2]);
        let kriged = fitted.predict(&targets, progress).map_err(|e| match e {
            varp_geostat::error::KrigingError::Cancelled => EstimateError::Cancelled,
            other => fail(&other).into(),
        })?;
        Ok(self.found(prepared, kriged.estimate, words))
    }
}

/// Mean over imputations of each composite's value.
pub(super) fn mean_values(prepared: &Prepared<'_>) -> Vec<f64> {
    let lists = prepared.values.len() as f64;
    (0..prepared.placed.len())
        .map(|i| prepared.values.iter().map(|l| l[i]).sum::<f64>() / lists)
        .collect()
}

/// Lowest and highest vertical coordinate of the body.
fn vertical_reach(prepared: &Prepared<'_>) -> (f64, f64) {
    let solid = &prepared.solid;
    let ends = solid.footprint.nodes.iter().flat_map(|at| {
        let thickness = solid.thickness_at(*at);
        [0.0, thickness].map(|depth| solid.vertical(*at, depth, prepared.plan.vertical))
    });
    ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), z| (l.min(z), h.max(z)))
}

/// Cells inside the outline and between surface and base, with their volumes (columns of whole holes
/// by thickness).
fn inside(prepared: &Prepared<'_>, grid: &Grid) -> (Vec<u32>, Vec<f64>) {
    let solid = &prepared.solid;
    let [nx, ny, nz] = grid.count;
    let columns: Vec<Vec<(u32, f64)>> = (0..nx * ny)
        .into_par_iter()
        .map(|column| {
            let place = grid.place(column);
            let at = [place[0], place[1]];
            if !contains(&solid.outline, at) {
                return Vec::new();
            }
            let thickness = solid.thickness_at(at);
            if prepared.flat {
                return vec![(column as u32, thickness)];
            }
            let rule = prepared.plan.vertical;
            let (top, base) = (solid.vertical(at, 0.0, rule), solid.vertical(at, thickness, rule));
            let share = thickness / (top - base); // of a stage in true metres
            (0..nz)
                .filter_map(|k| {
                    let z = grid.origin[2] + k as f64 * grid.step[2];
                    let half = 0.5 * grid.step[2];
                    let height = (z + half).min(top) - (z - half).max(base);
                    let cell = (k * nx * ny + column) as u32;
                    (height > 0.25 * grid.step[2]).then_some((cell, height * share))
                })
                .collect()
        })
        .collect();
    let mut all: Vec<(u32, f64)> = columns.into_iter().flatten().collect();
    all.sort_unstable_by_key(|c| c.0);
    all.into_iter().unzip()
}

/// The covariance model of a component with this sill.
pub(super) fn model_of(
    component: &Component,
    sill: f64,
) -> Result<Model, varp_geostat::error::ModelError> {
    let c = &component.continuity;
    let structure = |share: f64, flat: f64| Structure {
        sill: share * sill,
        shape: Shape::Exponential,
        ellipsoid: Ellipsoid {
            radii: [flat / 3.0, flat / 3.0, c.vertical / 3.0],
            rotation: Rotation::default(),
        },
    };
    let rest = 1.0 - c.nugget;
    let mut structures = vec![structure(rest * (1.0 - c.layers), c.range)];
    if c.layers > 0.02 {
        structures.push(structure(rest * c.layers, 30.0 * c.range));
    } else {
        structures[0].sill = rest * sill;
    }
    Model::new(c.nugget * sill, structures)
}
