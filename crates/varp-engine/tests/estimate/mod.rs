//! Estimates: published numbers that must fit, and input that must not pass.

mod acceptance;
mod bad_input;
mod geometry;
mod sampled;
mod trial;
