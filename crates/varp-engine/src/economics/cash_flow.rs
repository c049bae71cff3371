//! Net present value, internal rate of return, scaled capital cost.

/// Σ c_t/(1 + r)^t, real terms, the first flow undiscounted.
pub fn net_present_value(rate: f64, flows: &[f64]) -> f64 {
    // Horner in 1/(1 + r).
    flows.iter().rev().fold(0.0, |sum, flow| sum / (1.0 + rate) + flow)
}

/// The rate above −99 % at which the NPV is zero.
///
/// Absent where the flows never change sign, and where they change sign more than once (then
/// there may be several such rates, and none of them means anything).
pub fn internal_rate_of_return(flows: &[f64]) -> Option<f64> {
    let signs: Vec<bool> = flows.iter().filter(|f| **f != 0.0).map(|f| *f > 0.0).collect();
    if signs.windows(2).filter(|pair| pair[0] != pair[1]).count() != 1 {
        return None;
    }
    let (mut low, mut high) = (-0.99, 1.0);
    let at_low = net_present_value(low, flows) > 0.0;
    while (net_present_value(high, flows) > 0.0) == at_low {
        low = high;
        high = 2.0 * high + 1.0;
        if high > 1e12 {
            return None;
        }
    }
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if (net_present_value(middle, flows) > 0.0) == at_low {
            low = middle
        } else {
            high = middle
        }
    }
    Some(0.5 * (low + high))
}

/// Capital cost of another size and year: C₁·(Q₂/Q₁)^exponent·(I₂/I₁); the exponent is usually
/// 0.6 (Williams 1947).
pub fn scaled_cost(cost: f64, size_ratio: f64, exponent: f64, index_ratio: f64) -> f64 {
    cost * libm::pow(size_ratio, exponent) * index_ratio
}

/// Flows of a project that treats a body at a constant rate.
///
/// Capital is spent in year 0; then full years, then what is left; then closure one year later.
///
/// - `feed_t`: tonnes in the body; `rate_t`: tonnes per year, both above zero
/// - `net_value`: € per tonne; `capital`, `closure`: €
pub fn level_flows(
    feed_t: f64,
    rate_t: f64,
    net_value: f64,
    capital: f64,
    closure: f64,
) -> Vec<f64> {
    let mut flows = vec![-capital];
    let mut left = feed_t;
    while left > 0.0 {
        let treated = left.min(rate_t);
        flows.push(treated * net_value);
        left -= rate_t;
    }
    flows.push(-closure);
    flows
}
