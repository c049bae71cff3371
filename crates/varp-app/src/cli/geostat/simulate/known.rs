//! What the samples say: values, or bounds of values.

use anyhow::Context;
use varp_geostat::simulate::{Bound, SimulationError};
use varp_geostat::stats::censored::{Observation, RegressionOnOrder};
use varp_geostat::transform::NormalScore;

use crate::cli::geostat::table::Table;

/// What is known of a sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Known {
    /// Its value.
    Exact(f64),
    /// Bounds, of which one may be infinite.
    Between(f64, f64),
}

/// Reads numbers and the forms `<5`, `>5`, `2..5`.
pub fn read(table: &Table, column: &str) -> anyhow::Result<Vec<Known>> {
    let texts = table.texts(column)?;
    let known = |(row, text): (usize, &String)| {
        parse(text).with_context(|| {
            format!(
                "row {}, column {column}: \"{text}\" is none of 5, <5, >5, 2..5\n  hint: \
                 --skip-missing leaves out rows whose value is empty",
                table.line(row)
            )
        })
    };
    texts.iter().enumerate().map(known).collect()
}

/// An error about two samples of a part, `chosen` from all, as one about two of all.
pub fn of_all(error: SimulationError, chosen: &[usize]) -> SimulationError {
    match error {
        SimulationError::OneNode { first, second, node } => {
            SimulationError::OneNode { first: chosen[first], second: chosen[second], node }
        }
        other => other,
    }
}

/// The error with the rows of the file where it is about two samples.
pub fn with_rows(error: anyhow::Error, table: &Table) -> anyhow::Error {
    match error.downcast_ref() {
        Some(
            &(SimulationError::Coincident { first, second, .. }
            | SimulationError::OneNode { first, second, .. }),
        ) => {
            let rows = (table.line(first), table.line(second));
            error.context(format!("rows {} and {}", rows.0, rows.1))
        }
        _ => error,
    }
}

fn parse(text: &str) -> Option<Known> {
    let number = |t: &str| t.trim().parse::<f64>().ok().filter(|n| n.is_finite());
    if let Some(limit) = text.strip_prefix('<') {
        return Some(Known::Between(f64::NEG_INFINITY, number(limit)?));
    }
    if let Some(limit) = text.strip_prefix('>') {
        return Some(Known::Between(number(limit)?, f64::INFINITY));
    }
    if let Some((low, high)) = text.split_once("..") {
        let (low, high) = (number(low)?, number(high)?);
        return (low < high).then_some(Known::Between(low, high));
    }
    number(text).map(Known::Exact)
}

impl Known {
    /// The value, where it is known.
    pub fn exact(&self) -> Option<f64> {
        match self {
            Self::Exact(value) => Some(*value),
            Self::Between(..) => None,
        }
    }

    /// The same of the normal score.
    pub fn bound(&self, transform: &NormalScore) -> Bound {
        let score = |v: f64| if v.is_finite() { transform.score(v) } else { v };
        match *self {
            Self::Exact(value) => Bound::Exact(transform.score(value)),
            Self::Between(low, high) => match (score(low), score(high)) {
                (low, high) if low < high => Bound::Between { low, high },
                (at, _) => Bound::Exact(at),
            },
        }
    }
}

/// Values from which the distribution is built: exact ones, and in the place of bounds the values
/// of robust regression on order statistics where all are upper limits of positive numbers, else
/// the limit or the middle.
pub fn stand_ins(known: &[Known]) -> Vec<f64> {
    let below = |k: &Known| match *k {
        Known::Exact(value) => Some(Observation::Exact(value)),
        Known::Between(low, high) if low == f64::NEG_INFINITY => Some(Observation::Below(high)),
        Known::Between(..) => None,
    };
    let observations: Option<Vec<Observation>> = known.iter().map(below).collect();
    if let Some(data) = observations
        && data.iter().any(|o| o.is_below())
        && let Ok(fitted) = RegressionOnOrder::fit(&data)
    {
        // A modelled value above its own limit would contradict the sample.
        return fitted.values.iter().zip(&data).map(|(v, o)| v.min(o.number())).collect();
    }
    let value = |k: &Known| match *k {
        Known::Exact(value) => value,
        Known::Between(low, high) if low.is_finite() && high.is_finite() => 0.5 * (low + high),
        Known::Between(low, high) => {
            if low.is_finite() {
                low
            } else {
                high
            }
        }
    };
    known.iter().map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_bounds_are_told_apart() {
        assert_eq!(parse("5"), Some(Known::Exact(5.0)));
        assert_eq!(parse("< 5"), Some(Known::Between(f64::NEG_INFINITY, 5.0)));
        assert_eq!(parse(">5"), Some(Known::Between(5.0, f64::INFINITY)));
        assert_eq!(parse("2..5"), Some(Known::Between(2.0, 5.0)));
        for bad in ["", "5..2", "<", "<x", "1..", "nan"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn stand_ins_keep_exact_values_and_stay_below_limits() {
        let known = [1.0, 2.0, 3.0, 5.0, 8.0].map(Known::Exact);
        let mut all = known.to_vec();
        all.push(Known::Between(f64::NEG_INFINITY, 2.5));
        let values = stand_ins(&all);
        assert_eq!(values[..5], [1.0, 2.0, 3.0, 5.0, 8.0]);
        assert!(values[5] <= 2.5 && values[5] > 0.0);
    }
}
