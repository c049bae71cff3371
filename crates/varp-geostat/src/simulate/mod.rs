//! Conditional simulation: many equally likely fields that honour the samples and the model.

mod error;
mod fourier;
mod gibbs;
mod indicator;
mod neighbours;
mod path;
mod production;
mod realisations;
mod sequential;
mod spacing;
mod spectral;
mod summary;
mod sweep;
mod weights;

pub use error::SimulationError;
pub(crate) use gibbs::truncated_normal;
pub use gibbs::{Bound, draw_bounded};
pub use indicator::{Category, IndicatorPath, SequentialIndicator};
pub use production::{NEVER, PeriodError};
pub use realisations::{Chunk, Realisations};
pub use sequential::{Correlated, Scores, SequentialGaussian, SequentialPath};
pub use spacing::{SpacingResult, SpacingStudy};
pub use spectral::{Conditioned, Spectral};
pub use summary::{Band, GradeTonnage};
