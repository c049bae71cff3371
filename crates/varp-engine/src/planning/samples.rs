//! What is known of holes and samples, told before an estimate is made of them.

use super::Evidence;
use crate::estimate::samples::quality_summary;
use crate::estimate::{EstimationPlan, GradeFrom};

/// A sentence for holes, and for the control samples of each product from samples.
pub(super) fn told(evidence: &Evidence<'_>, plan: &EstimationPlan) -> Vec<String> {
    let data = evidence.data;
    let mut said = Vec::new();
    if !data.holes.is_empty() {
        let count = |of: Option<bool>| data.holes.iter().filter(|h| h.reached_base == of).count();
        said.push(format!(
            "holes: {} reached natural ground, {} stopped short of it, of {} nothing says",
            count(Some(true)),
            count(Some(false)),
            count(None)
        ));
    }
    for product in plan.products.iter().filter(|p| matches!(p.grade, GradeFrom::Samples(_))) {
        said.push(quality_summary(data, &product.substance).words());
    }
    said.extend(data.unread.clone());
    said
}
