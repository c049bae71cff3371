//! Conditional simulation: many equally likely fields that honour the samples and the model.

mod error;
mod fourier;
mod neighbours;
mod path;
mod realisations;
mod sequential;
mod spectral;
mod sweep;
mod weights;

pub use error::SimulationError;
pub use realisations::{Chunk, Realisations};
pub use sequential::{Correlated, Scores, SequentialGaussian, SequentialPath};
pub use spectral::{Conditioned, Spectral};
