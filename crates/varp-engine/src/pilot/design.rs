//! Places of holes in the strata of a body, and the variance they leave.

use super::coverage::coverage;
use super::polygon::{Point, area, box_area, cells, contains};
use super::sample_size::neyman_shares;
use super::spatial::Area;
use super::study::{Objective, StudyError, StudyRequest};
use super::swaps::{Target, improve};

/// Cells a stratum is divided into, about.
const CELLS: f64 = 1000.0;
/// Area of the box around an outline, in areas of the outline, beyond which its grid would be endless.
const LARGEST_BOX: f64 = 1e4;
/// Starts of the coverage search for the final design, and while the number of holes is searched.
const STARTS: u64 = 10;
const STARTS_WHILE_SEARCHING: u64 = 3;
/// Moves tried per hole when places are improved.
const MOVES_PER_HOLE: usize = 25;

/// A body ready for designs.
pub(super) struct Site {
    parts: Vec<Part>,
}

struct Part {
    area: Area,
    /// Cells that may be drilled.
    allowed: Vec<Point>,
    existing: Vec<Point>,
    /// Share of the volume.
    share: f64,
    variation: f64,
}

/// Places by stratum.
pub(super) struct Design {
    pub places: Vec<Vec<Point>>,
}

impl Site {
    pub(super) fn new(request: &StudyRequest) -> Result<Self, StudyError> {
        let volumes: Vec<f64> =
            request.strata.iter().map(|s| area(&s.outline) * s.thickness_m).collect();
        let total: f64 = volumes.iter().sum();
        let parts = request
            .strata
            .iter()
            .zip(&volumes)
            .map(|(stratum, volume)| {
                let step = (area(&stratum.outline) / CELLS).sqrt();
                let no_place = || StudyError::NoPlace(stratum.name.clone());
                if !(step > 0.0 && step.is_finite()) {
                    return Err(no_place());
                }
                if box_area(&stratum.outline) > LARGEST_BOX * area(&stratum.outline) {
                    return Err(StudyError::Thread(stratum.name.clone()));
                }
                let allowed = cells(&stratum.outline, &request.no_go, step);
                if allowed.is_empty() {
                    return Err(no_place());
                }
                let inside = |p: &&Point| contains(&stratum.outline, **p);
                Ok(Part {
                    area: Area::new(cells(&stratum.outline, &[], step), request.variogram),
                    existing: request.existing.iter().filter(inside).copied().collect(),
                    share: volume / total,
                    variation: stratum.variation,
                    allowed,
                })
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { parts })
    }

    /// Root of the volume-weighted mean square of the strata's coefficients of variation.
    pub(super) fn pooled_variation(&self) -> f64 {
        self.parts.iter().map(|p| p.share * p.variation * p.variation).sum::<f64>().sqrt()
    }

    /// Relative variance of the mean grade: Σ share²·CV²·σ²; strata are independent.
    pub(super) fn grade_variance(&self, design: &Design) -> f64 {
        self.sum(design, |part| part.variation)
    }

    /// The same for a variable with coefficient of variation one in all strata.
    pub(super) fn shape_variance(&self, design: &Design) -> f64 {
        self.sum(design, |_| 1.0)
    }

    fn sum(&self, design: &Design, variation: impl Fn(&Part) -> f64) -> f64 {
        let each = |(part, places): (&Part, &Vec<Point>)| {
            let all: Vec<Point> = part.existing.iter().chain(places).copied().collect();
            // Two holes at one place: fall back on the plain mean, which allows it.
            let variance = part
                .area
                .kriging_variance(&all)
                .unwrap_or_else(|_| part.area.extension_variance(&all));
            (part.share * variation(part)).powi(2) * variance.max(0.0)
        };
        self.parts.iter().zip(&design.places).map(each).sum()
    }
}

/// Places for `count` new holes: coverage in each stratum, improved on kriging variance if asked.
pub(super) fn design(
    site: &Site,
    request: &StudyRequest,
    count: usize,
    improved: bool,
) -> Result<Design, StudyError> {
    let numbers = allocate(site, count, request.fewest_per_stratum);
    let starts = if improved { STARTS } else { STARTS_WHILE_SEARCHING };
    let target = match request.objective {
        Objective::ZoneMap { .. } => Target::Map,
        _ => Target::Mean,
    };
    let mut all = Vec::new();
    for (part, holes) in site.parts.iter().zip(numbers) {
        let places = coverage(&part.allowed, &part.existing, holes, starts, request.seed);
        let free = part.existing.is_empty() && places.is_empty();
        if free || !improved || places.is_empty() {
            all.push(places);
            continue;
        }
        let moves = MOVES_PER_HOLE * places.len();
        let kept = places.clone();
        let better =
            improve(&part.area, &part.allowed, &part.existing, places, target, moves, request.seed);
        all.push(better.map_or(kept, |b| b.places));
    }
    Ok(Design { places: all })
}

/// Neyman's allocation by volume and variation, at least `fewest` per stratum where it suffices, and
/// one at any rate.
fn allocate(site: &Site, count: usize, fewest: usize) -> Vec<usize> {
    let strata = site.parts.len();
    let floor = (count / strata).clamp(1, fewest.max(1));
    let sizes: Vec<f64> = site.parts.iter().map(|p| p.share).collect();
    let deviations: Vec<f64> = site.parts.iter().map(|p| p.variation).collect();
    let shares = neyman_shares(&sizes, &deviations);
    let mut numbers = vec![floor; strata];
    for _ in floor * strata..count {
        // The stratum furthest below its share.
        let lack = |k: usize| shares[k] * count as f64 - numbers[k] as f64;
        let next = (0..strata).max_by(|a, b| lack(*a).total_cmp(&lack(*b)).then(b.cmp(a)));
        numbers[next.unwrap_or(0)] += 1;
    }
    numbers
}
