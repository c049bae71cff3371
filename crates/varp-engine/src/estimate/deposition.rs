//! Samples by the years in which their material was laid down.

use super::product::Laid;
use super::sampled::Prepared;
use super::statement::YearMean;

/// Mean of the samples of each part, counted upwards from the base in shares of the column: as if every
/// column had risen in step with the whole. The middle of a sample decides.
pub(super) fn years(prepared: &Prepared<'_>) -> Vec<YearMean> {
    let total: f64 = prepared.plan.laid.iter().map(|l| l.amount.max(0.0)).sum();
    if !(total > 0.0 && total.is_finite()) {
        return Vec::new();
    }
    let samples = &prepared.screened.samples;
    let lists = prepared.imputed.lists.len() as f64;
    let placed: Vec<(f64, f64, f64)> = samples
        .iter()
        .enumerate()
        .map(|(i, s)| {
            let path = &prepared.screened.paths[s.hole as usize];
            let [x, y, z] = path.place(0.5 * (s.from_m + s.to_m));
            let depth = path.place(0.0)[2] - z;
            let height = 1.0 - depth / prepared.solid.thickness_at([x, y]);
            let value = prepared.imputed.lists.iter().map(|l| l[i]).sum::<f64>() / lists;
            (height.clamp(0.0, 1.0), s.to_m - s.from_m, value)
        })
        .collect();
    let mut base = 0.0;
    let part = |laid: &Laid| {
        let (from, to) = (base, base + laid.amount.max(0.0) / total);
        base = to;
        // what lies above the last part for want of digits belongs to it
        let own = placed.iter().filter(|p| p.0 >= from && (p.0 < to || to > 1.0 - 1e-9));
        let (count, length, metal) =
            own.fold((0, 0.0, 0.0), |(n, l, m), p| (n + 1, l + p.1, m + p.1 * p.2));
        YearMean {
            years: laid.years.clone(),
            from_share: from,
            to_share: to.min(1.0),
            samples: count,
            grade: (length > 0.0).then(|| metal / length),
        }
    };
    prepared.plan.laid.iter().map(part).collect()
}
