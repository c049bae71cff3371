use thiserror::Error;

use crate::error::ModelError;
use crate::progress::Cancelled;
use crate::resolution::Unresolved;
use crate::stats::StatsError;

/// Why a simulation cannot be made.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum SimulationError {
    /// Values, weights or lists of the wrong kind.
    #[error(transparent)]
    Values(#[from] StatsError),
    /// An impossible covariance model or search ellipsoid.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A grid without nodes, or with a step that is not above zero.
    #[error("a grid of {count:?} nodes with steps {step:?} has no place to simulate")]
    Grid {
        /// Nodes along the axes.
        count: [usize; 3],
        /// Distances between them.
        step: [f64; 3],
    },
    /// Nothing to draw or to condition on.
    #[error("{name} is {value}, but must be {rule}")]
    OutOfRange {
        /// Name of the parameter.
        name: &'static str,
        /// Value given.
        value: f64,
        /// The rule it breaks.
        rule: &'static str,
    },
    /// Two samples at one place.
    #[error("samples {first} and {second} lie at {place:?}; merge them first")]
    Coincident {
        /// One sample, from 0.
        first: usize,
        /// The other.
        second: usize,
        /// Their place.
        place: [f64; 3],
    },
    /// Two samples whose nearest node is the same.
    #[error(
        "samples {first} and {second} are nearest to the same node at {node:?}\n  hint: a finer grid, \
         or sequential simulation, where samples keep their places"
    )]
    OneNode {
        /// One sample, from 0.
        first: usize,
        /// The other.
        second: usize,
        /// The node.
        node: [f64; 3],
    },
    /// Kriging systems without a unique answer.
    #[error(
        "{count} kriging systems are singular, the first at node {node} (pivot {pivot:e} of a sill of {sill}); \
         add a small nugget or take fewer neighbours"
    )]
    Singular {
        /// Systems that failed.
        count: usize,
        /// First node, in grid order.
        node: usize,
        /// Its smallest pivot.
        pivot: f64,
        /// Sill of the model.
        sill: f64,
    },
    /// No embedding of the covariance is positive.
    #[error(
        "negative eigenvalues hold {share:e} of the spectrum on an embedding of {size:?} nodes; \
         the ranges are too long for this grid: use sequential simulation"
    )]
    NotEmbeddable {
        /// Share of negative eigenvalues.
        share: f64,
        /// Largest embedding tried.
        size: [usize; 3],
    },
    /// Realisations of different grids, numbers or layouts.
    #[error("{found} realisations of {nodes} nodes do not fit {expected} of {expected_nodes}")]
    Mismatch {
        /// Realisations given.
        found: usize,
        /// Their nodes.
        nodes: usize,
        /// Realisations expected.
        expected: usize,
        /// Nodes expected.
        expected_nodes: usize,
    },
    /// Coordinates without digits for the distances.
    #[error(transparent)]
    Unresolved(#[from] Unresolved),
    /// Stopped by the caller.
    #[error("cancelled")]
    Cancelled,
}

impl SimulationError {
    pub(crate) fn no_realisations() -> Self {
        Self::OutOfRange { name: "number of realisations", value: 0.0, rule: "at least 1" }
    }
}

impl From<Cancelled> for SimulationError {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}
