use super::{Observation, StatsError, check_detected, check_positive};
use crate::stats::distribution::normal_quantile;
use crate::stats::{Summary, median};

/// Robust regression on order statistics for lognormal-like values with any number of limits.
///
/// Plotting positions of Helsel & Cohn (1988); ln(detected) regressed on their normal quantiles;
/// censored values take the fitted line's values at their own positions, detected values stay.
#[derive(Debug, Clone, PartialEq)]
pub struct RegressionOnOrder {
    /// Detected values and, in the place of censored ones, modelled values; order of the data.
    pub values: Vec<f64>,
    /// Plotting position (probability of a smaller value); order of the data.
    pub positions: Vec<f64>,
    /// ln value at the normal quantile 0.
    pub intercept: f64,
    /// Slope of ln value against the normal quantile.
    pub slope: f64,
}

impl RegressionOnOrder {
    /// Fits the line and fills the censored values.
    ///
    /// Modelled values serve summaries of the whole list, never single samples.
    ///
    /// # Errors
    /// Numbers not finite or not above zero, more than 80 % censored, fewer than three detected,
    /// detected values all equal.
    ///
    /// Source: D. R. Helsel & T. A. Cohn, "Estimation of descriptive statistics for multiply
    /// censored water quality data", Water Resources Research 24 (1988), 1997–2004.
    pub fn fit(data: &[Observation]) -> Result<Self, StatsError> {
        check_detected(data)?;
        check_positive(data)?;
        let positions = positions(data);
        let (intercept, slope) = line(data, &positions)?;
        let fill = |o: &Observation, p: f64| match o {
            Observation::Exact(value) => *value,
            Observation::Below(_) => libm::exp(intercept + slope * normal_quantile(p)),
        };
        let values = data.iter().zip(&positions).map(|(o, p)| fill(o, *p)).collect();
        Ok(Self { values, positions, intercept, slope })
    }

    /// Arithmetic mean of the filled list.
    pub fn mean(&self) -> f64 {
        self.summary().mean
    }

    /// Median of the filled list.
    pub fn median(&self) -> f64 {
        median(&self.values).expect("a fit holds finite values")
    }

    /// Standard deviation of the filled list, divisor n − 1.
    pub fn standard_deviation(&self) -> f64 {
        self.summary().standard_deviation()
    }

    fn summary(&self) -> Summary {
        Summary::of(&self.values).expect("a fit holds finite values")
    }
}

/// Helsel–Cohn plotting positions, in the order of the data.
fn positions(data: &[Observation]) -> Vec<f64> {
    let mut limits: Vec<f64> = data.iter().filter(|o| o.is_below()).map(|o| o.number()).collect();
    limits.sort_by(f64::total_cmp);
    limits.dedup();
    let exceedance = exceedances(data, &limits);
    let upper = |j: usize| limits.get(j).copied().unwrap_or(f64::INFINITY);
    let mut out = vec![0.0; data.len()];
    // interval j holds detected values from limit j − 1 up to limit j; the first starts at −∞
    for j in 0..=limits.len() {
        let low = if j == 0 { f64::NEG_INFINITY } else { limits[j - 1] };
        let above_low = if j == 0 { 1.0 } else { exceedance[j - 1] };
        let above_high = exceedance[j];
        let inside = |o: &Observation| !o.is_below() && (low..upper(j)).contains(&o.number());
        let mut order: Vec<usize> = (0..data.len()).filter(|&i| inside(&data[i])).collect();
        order.sort_by(|&a, &b| data[a].number().total_cmp(&data[b].number()).then(a.cmp(&b)));
        let share = (above_low - above_high) / (order.len() + 1) as f64;
        for (rank, i) in order.into_iter().enumerate() {
            out[i] = (1.0 - above_low) + share * (rank + 1) as f64;
        }
    }
    for (limit, above) in limits.iter().zip(&exceedance) {
        let at = |o: &Observation| o.is_below() && o.number() == *limit;
        let places: Vec<usize> = (0..data.len()).filter(|&i| at(&data[i])).collect();
        let share = (1.0 - above) / (places.len() + 1) as f64;
        for (rank, i) in places.into_iter().enumerate() {
            out[i] = share * (rank + 1) as f64;
        }
    }
    out
}

/// Probability of exceeding each limit, with a final 0 for infinity.
fn exceedances(data: &[Observation], limits: &[f64]) -> Vec<f64> {
    let mut exceedance = vec![0.0; limits.len() + 1];
    for j in (0..limits.len()).rev() {
        let next = limits.get(j + 1).copied().unwrap_or(f64::INFINITY);
        let between = |o: &&Observation| !o.is_below() && (limits[j]..next).contains(&o.number());
        let under =
            |o: &&Observation| o.number() < limits[j] || (o.is_below() && o.number() == limits[j]);
        let above = data.iter().filter(between).count() as f64;
        let below = data.iter().filter(under).count() as f64;
        exceedance[j] = exceedance[j + 1] + above / (above + below) * (1.0 - exceedance[j + 1]);
    }
    exceedance
}

/// Least-squares line of ln(detected) on normal quantiles: (intercept, slope).
fn line(data: &[Observation], positions: &[f64]) -> Result<(f64, f64), StatsError> {
    let pairs: Vec<(f64, f64)> = data
        .iter()
        .zip(positions)
        .filter(|(o, _)| !o.is_below())
        .map(|(o, p)| (normal_quantile(*p), libm::log(o.number())))
        .collect();
    let n = pairs.len() as f64;
    let (zm, ym) = pairs.iter().fold((0.0, 0.0), |(a, b), (z, y)| (a + z / n, b + y / n));
    let (szz, szy) = pairs
        .iter()
        .fold((0.0, 0.0), |(a, b), (z, y)| (a + (z - zm) * (z - zm), b + (z - zm) * (y - ym)));
    if szy <= 0.0 {
        return Err(StatsError::NoSpread { count: pairs.len(), value: libm::exp(pairs[0].1) });
    }
    Ok((ym - szy / szz * zm, szy / szz))
}
