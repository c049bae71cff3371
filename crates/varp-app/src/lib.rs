//! The program varp: command line, public door, portal and jobs.

pub mod chart;
pub mod http;
pub mod portal;
