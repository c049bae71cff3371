//! Screening economics: net smelter return, cash flow, scaled capital cost, Monte Carlo NPV.
//! A screening result argues; it decides nothing.

pub mod cash_flow;
pub mod criticality;
pub mod deck;
pub mod defaults;
pub mod monte_carlo;
pub mod screening;
pub mod smelter;
