//! Conditional simulation: many equally likely fields that honour the samples and the model.

mod error;
mod neighbours;
mod path;
mod realisations;
mod sequential;
mod sweep;
mod weights;

pub use error::SimulationError;
pub use realisations::{Chunk, Realisations};
pub use sequential::{Collocated, Scores, SequentialGaussian, SequentialPath};
