//! Where next: screening, criteria, robust ranking under uncertain data and weights, classes,
//! and the foils that show how far other methods agree.
//!
//! Additive value: V_i = Σ_j w_j · v_j(x_ij), with v_j within 0..=1 and Σ_j w_j = 1.

pub mod active;
pub mod agreement;
pub mod classes;
pub mod criteria;
pub mod distillation;
pub mod electre;
pub mod elicit;
pub mod foils;
pub mod headline;
pub mod information;
pub mod live;
pub mod promethee;
pub mod ranking;
pub mod sampler;
pub mod screen;
pub mod smaa;
pub mod table;
pub mod topsis;
pub mod value;
pub mod views;
pub mod vikor;
pub mod weights;
