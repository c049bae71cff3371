use super::{assert_close, number, numbers, oracle, table};
use varp_engine::rank::smaa::{Acceptability, Counting, accept, confidence};

fn weighted(rows: &[Vec<f64>], weights: &[f64], out: &mut [f64]) {
    for (total, row) in out.iter_mut().zip(rows) {
        *total = row.iter().zip(weights).map(|(v, w)| v * w).sum();
    }
}

fn shares(result: &Acceptability) -> Vec<f64> {
    let n = result.rank_counts.len();
    (0..n).flat_map(|i| (0..n).map(move |r| result.share(i, r))).collect()
}

#[test]
fn stored_draws_give_what_r_smaa_gives() {
    let data = oracle("smaa2_R");
    let measurements: Vec<Vec<Vec<f64>>> =
        data["measurements"].as_array().unwrap().iter().map(table).collect();
    let weights = table(&data["weights"]);
    let expected = &data["expected"];
    let counting = Counting { top: vec![1, 2], pairs: (0..6).collect() };
    let result = accept(6, &weights, &counting, |t, out| {
        weighted(&measurements[t], &weights[t], out);
    });
    assert_close(&shares(&result), &table(&expected["rank_acceptability"]).concat(), 1e-10);
    let wins: Vec<f64> =
        result.pair_counts.concat().iter().map(|c| f64::from(*c) / 200.0).collect();
    assert_close(&wins, &table(&expected["pairwise_winning"]).concat(), 1e-10);
    let entropy = result.first_rank_entropy().unwrap();
    // This number was stored with seven digits.
    assert!((entropy - number(&expected["entropy_choice_bits"])).abs() < 5e-7);
    let mut candidates = Vec::new();
    for (site, row) in table(&expected["central_weights"]).into_iter().enumerate() {
        match &result.central_weights[site] {
            Some(found) => {
                assert_close(found, &row, 1e-10);
                candidates.push((site, found.clone()));
            }
            None => assert!(row.iter().all(|w| w.is_nan())),
        }
    }
    let factors = confidence(6, 200, &candidates, |t, columns| {
        for (j, column) in columns.iter_mut().enumerate() {
            column.iter_mut().zip(&measurements[t]).for_each(|(v, row)| *v = row[j]);
        }
    });
    let all = numbers(&expected["confidence_factor"]);
    let wanted: Vec<f64> = candidates.iter().map(|c| all[c.0]).collect();
    assert_close(&factors, &wanted, 1e-10);
    for site in 0..6 {
        let both = result.share(site, 0) + result.share(site, 1);
        assert!((result.top_probability(site, 2).unwrap() - both).abs() < 1e-12);
    }
}

/// Three sites, two criteria: on w₁ = (t + ½)/N the shares are exact whatever N, because the
/// borders 0.4, 0.5 and 0.6 fall between two points of the grid.
#[test]
fn an_even_grid_of_weights_gives_the_analytic_answer_exactly() {
    let data = oracle("smaa2_analytic");
    let rows = table(&data["partial_values"]);
    let count = 10_000;
    let weights: Vec<Vec<f64>> =
        (0..count).map(|t| (t as f64 + 0.5) / count as f64).map(|w| vec![w, 1.0 - w]).collect();
    let counting = Counting { top: vec![], pairs: vec![0, 1, 2] };
    let result = accept(3, &weights, &counting, |t, out| weighted(&rows, &weights[t], out));
    let expected = &data["expected"];
    assert_eq!(shares(&result), table(&expected["rank_acceptability"]).concat());
    let central: Vec<f64> =
        result.central_weights.iter().flat_map(|w| w.clone().unwrap()).collect();
    assert_close(&central, &table(&expected["central_weights"]).concat(), 1e-12);
    let wins = |a: usize, b: usize| f64::from(result.pair_counts[a][b]) / count as f64;
    assert_eq!(wins(0, 1), number(&expected["pairwise_win_A_over_B"]));
    assert_eq!(wins(2, 0), number(&expected["pairwise_win_C_over_A"]));
    let entropy = result.first_rank_entropy().unwrap();
    assert!((entropy - number(&expected["first_rank_entropy_bits"])).abs() < 1e-11);
}

#[test]
fn equal_values_share_the_expected_rank_and_the_first_takes_the_better_place() {
    let weights = vec![vec![1.0]; 10];
    let result = accept(3, &weights, &Counting::default(), |_, out| {
        out.copy_from_slice(&[0.5, 0.7, 0.5]);
    });
    assert_eq!(result.expected_rank, [2.5, 1.0, 2.5]);
    assert_eq!(result.rank_counts[0], [0, 10, 0]);
    assert_eq!(result.rank_counts[2], [0, 0, 10]);
}
