//! Which samples take part in an estimate: exact neighbours in an ellipsoid, by octant and hole.

mod bins;
mod constrained;
mod nearest;

pub(crate) use bins::{Bins, bounds};
pub(crate) use constrained::{Around, Constrained};
pub(crate) use nearest::{Candidates, Nearest};

use crate::error::KrigingError;
use crate::model::Ellipsoid;

/// A moving neighbourhood: the nearest samples under rules.
///
/// Distance is Euclidean, or reduced by `ellipsoid`: then only samples inside it count, and nearer
/// means smaller reduced distance. Equal distances go to the sample that comes first.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbourhood {
    /// At most this many samples (of each variable), at least 1.
    pub max_samples: usize,
    /// With fewer samples (of the first variable) there is no estimate.
    pub min_samples: usize,
    /// Search radii and directions; `None` searches without limit.
    pub ellipsoid: Option<Ellipsoid>,
    /// At most this many samples in each octant of the ellipsoid's axes.
    pub max_per_octant: Option<usize>,
    /// At most this many samples of one hole; needs hole numbers with the samples.
    pub max_per_hole: Option<usize>,
}

impl Neighbourhood {
    /// The `count` nearest samples.
    pub fn nearest(count: usize) -> Self {
        Self {
            max_samples: count,
            min_samples: 1,
            ellipsoid: None,
            max_per_octant: None,
            max_per_hole: None,
        }
    }

    /// The `count` nearest samples within `radius`.
    pub fn within(count: usize, radius: f64) -> Self {
        Self { ellipsoid: Some(Ellipsoid::ball(radius)), ..Self::nearest(count) }
    }

    pub(crate) fn is_constrained(&self) -> bool {
        self.max_per_octant.is_some() || self.max_per_hole.is_some()
    }

    pub(crate) fn check(&self) -> Result<(), KrigingError> {
        for (limit, most) in
            [("in an octant", self.max_per_octant), ("of a hole", self.max_per_hole)]
        {
            if most == Some(0) {
                return Err(KrigingError::SearchLimit { limit });
            }
        }
        if self.max_samples == 0 || self.min_samples > self.max_samples {
            return Err(KrigingError::Search {
                min_samples: self.min_samples,
                max_samples: self.max_samples,
            });
        }
        match self.ellipsoid {
            Some(e) => e.check(0).map_err(KrigingError::SearchEllipsoid),
            None => Ok(()),
        }
    }

    /// Matrix into the space of search and the largest distance there.
    pub(crate) fn space(&self) -> ([[f64; 3]; 3], f64) {
        match self.ellipsoid {
            None => (Ellipsoid::ball(1.0).reduction(), f64::INFINITY),
            Some(Ellipsoid { radii: [a, b, c], rotation }) => {
                // First radius 1: a ball keeps plain distances.
                let radii = [1.0, b / a, c / a];
                (Ellipsoid { radii, rotation }.reduction(), a)
            }
        }
    }
}
