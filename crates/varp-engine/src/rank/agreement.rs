//! How far two orders agree.

/// Kendall's τ-b of two lists of scores in O(n log n) (Knight 1966); 0 where one list is
/// constant. Only the order of the scores matters.
pub fn kendall_tau(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len().min(b.len());
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|i, j| a[*i].total_cmp(&a[*j]).then(b[*i].total_cmp(&b[*j])));
    let pairs = |count: usize| (count * count.saturating_sub(1) / 2) as f64;
    let runs = |same: &dyn Fn(usize, usize) -> bool, order: &[usize]| {
        let mut tied = 0.0;
        let mut length = 1;
        for pair in order.windows(2) {
            if same(pair[0], pair[1]) {
                length += 1;
            } else {
                tied += pairs(length);
                length = 1;
            }
        }
        tied + pairs(length)
    };
    let tied_a = runs(&|i, j| a[i] == a[j], &order);
    let tied_both = runs(&|i, j| a[i] == a[j] && b[i] == b[j], &order);
    let mut values: Vec<f64> = order.iter().map(|i| b[*i]).collect();
    let mut space = vec![0.0; n];
    let swaps = merge_sort(&mut values, &mut space) as f64;
    order.sort_by(|i, j| b[*i].total_cmp(&b[*j]));
    let tied_b = runs(&|i, j| b[i] == b[j], &order);
    let all = pairs(n);
    let concordant_less_discordant = all - tied_a - tied_b + tied_both - 2.0 * swaps;
    let scale = ((all - tied_a) * (all - tied_b)).sqrt();
    if scale > 0.0 { concordant_less_discordant / scale } else { 0.0 }
}

/// Sorts and counts exchanges of neighbours.
fn merge_sort(values: &mut [f64], space: &mut [f64]) -> u64 {
    let n = values.len();
    if n < 2 {
        return 0;
    }
    let half = n / 2;
    let mut swaps = merge_sort(&mut values[..half], &mut space[..half]);
    swaps += merge_sort(&mut values[half..], &mut space[half..]);
    let (mut i, mut j) = (0, half);
    for out in space.iter_mut() {
        if j >= n || (i < half && values[i] <= values[j]) {
            *out = values[i];
            i += 1;
        } else {
            *out = values[j];
            j += 1;
            swaps += (half - i) as u64;
        }
    }
    values.copy_from_slice(space);
    swaps
}

/// Rank of each score, 1 for the highest; equal scores share the better rank.
pub fn ranks(scores: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|i, j| scores[*j].total_cmp(&scores[*i]));
    let mut ranks = vec![0; scores.len()];
    let mut rank = 1;
    for (k, i) in order.iter().enumerate() {
        if k > 0 && scores[*i] != scores[order[k - 1]] {
            rank = k + 1;
        }
        ranks[*i] = rank;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn slow_tau(a: &[f64], b: &[f64]) -> f64 {
        let (mut score, mut left, mut right) = (0.0, 0.0, 0.0);
        let sign = |d: f64| {
            if d > 0.0 {
                1.0
            } else if d < 0.0 {
                -1.0
            } else {
                0.0
            }
        };
        for i in 0..a.len() {
            for j in 0..i {
                let (x, y) = (sign(a[i] - a[j]), sign(b[i] - b[j]));
                score += x * y;
                left += x * x;
                right += y * y;
            }
        }
        let scale: f64 = left * right;
        if scale > 0.0 { score / scale.sqrt() } else { 0.0 }
    }

    proptest! {
        #[test]
        fn tau_equals_the_count_of_pairs(
            pairs in prop::collection::vec((0_i32..9, 0_i32..9), 2..40)
        ) {
            let a: Vec<f64> = pairs.iter().map(|p| f64::from(p.0)).collect();
            let b: Vec<f64> = pairs.iter().map(|p| f64::from(p.1)).collect();
            prop_assert!((kendall_tau(&a, &b) - slow_tau(&a, &b)).abs() < 1e-12);
        }
    }

    #[test]
    fn equal_scores_share_the_better_rank() {
        assert_eq!(ranks(&[3.0, 9.0, 3.0, 1.0]), [2, 1, 2, 4]);
    }
}
