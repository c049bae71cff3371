//! Assays: what was found of which analyte, how, and how far down the method sees.

use crate::{Basis, Measured, Reported, SizeFraction, Substance, Unit};

/// Number of a determination within one register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeterminationId(pub u32);

/// How the material was brought into solution, or that it was not.
///
/// The same element by aqua regia and by total digestion are two variables; codes of
/// `digestions.csv`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digestion(pub String);

/// One analyte by one method at one laboratory: what a column of an assay table is.
#[derive(Clone, Debug, PartialEq)]
pub struct Determination {
    /// What was looked for, as element, oxide, mineral or sum.
    pub substance: Substance,
    /// Unit of all its values: a mass fraction.
    pub unit: Unit,
    /// Dry or as received.
    pub basis: Basis,
    /// Digestion, where stated.
    pub digestion: Option<Digestion>,
    /// Instrument or the laboratory's method code, such as `ME-MS61`.
    pub method: Option<String>,
    /// Laboratory.
    pub laboratory: Option<String>,
    /// Lower limit of the method, in `unit`.
    pub detection_limit: Option<f64>,
    /// Upper limit of the method, in `unit`.
    pub upper_limit: Option<f64>,
    /// The grains analysed, where this is one fraction of the sample.
    pub size_fraction: Option<SizeFraction>,
    /// Header of the column it was read from.
    pub column: String,
}

/// The result of one determination on one sample, as printed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Assay {
    /// The determination, as an index into the batch or as number in the register.
    pub determination: DeterminationId,
    /// The number as printed, in the determination's unit, with its censoring.
    pub value: Measured<Reported>,
}
