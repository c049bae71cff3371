//! Where next: `/screening`, `/ranking`, `/portfolio` and the pilot of a body, over public values.

mod answers;
mod kept;
mod tables;

pub use answers::{pilot, portfolio, ranking, screening};
pub use kept::{Decisions, PortfolioPage, RankingPage, ScreeningPage};
