//! Why an estimate cannot be made.

use super::balance::BalanceError;
use super::belief::BeliefError;
use super::carry::CarryError;

/// Why an estimate cannot be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum EstimateError {
    /// A distribution is not one.
    #[error(transparent)]
    Belief(#[from] BeliefError),
    /// A number of the plan cannot be.
    #[error("{what}: {problem}")]
    Unsound {
        /// The number, by its name in the plan or the result.
        what: String,
        /// What is wrong with it, and how it is written.
        problem: String,
    },
    /// Carrying the uncertainty failed.
    #[error(transparent)]
    Carry(#[from] CarryError),
    /// The balance cannot be at the best values.
    #[error(transparent)]
    Balance(#[from] BalanceError),
    /// The plan asks for nothing.
    #[error("the plan has {0}")]
    Empty(&'static str),
    /// The plan needs what the body's data lack.
    #[error("the plan takes {needs}, but {lacks}")]
    Lacking {
        /// What the plan takes.
        needs: String,
        /// What is not there, with a hint.
        lacks: String,
    },
    /// A correction states its size not at all or twice.
    #[error("correction {0}: give one of mass_t, mass and share")]
    Correction(String),
    /// A correlation names an input that the plan does not have.
    #[error("no input is called \"{name}\"; the inputs are {inputs}")]
    UnknownInput {
        /// As written.
        name: String,
        /// All names.
        inputs: String,
    },
    /// Samples or holes contradict themselves.
    #[error(transparent)]
    Samples(#[from] super::samples::SampleError),
    /// A surface or a shape cannot be used.
    #[error(transparent)]
    Shape(#[from] super::volume::VolumeError),
    /// A prior of the plan does not exist.
    #[error("there is no prior {name}; there are {known}")]
    UnknownPrior {
        /// As written.
        name: String,
        /// All names.
        known: String,
    },
    /// The caller asked to stop.
    #[error("cancelled")]
    Cancelled,
}
