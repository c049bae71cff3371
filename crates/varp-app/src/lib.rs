//! The program varp: command line, public door, portal and jobs.

pub mod chart;
pub mod cli;
pub mod field;
pub mod http;
pub mod jobs;
pub mod portal;
