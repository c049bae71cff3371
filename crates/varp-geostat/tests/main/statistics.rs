//! Censored, robust and compositional statistics against R, survival and statsmodels.

use crate::table::{Table, close};
use varp_geostat::stats::censored::{
    Family, KaplanMeier, LikelihoodFit, Observation, RegressionOnOrder, Remainder, substituted,
};
use varp_geostat::stats::{
    StatsError, Summary, bootstrap, interquartile_range, median, median_absolute_deviation,
    sichel_mean,
};

fn jura_cadmium() -> Vec<Observation> {
    let table = Table::read("cens_jura_Cd.csv");
    let flags = table.column("censored");
    let observe = |(value, flag): (f64, f64)| {
        if flag == 1.0 { Observation::Below(value) } else { Observation::Exact(value) }
    };
    table.column("obs").into_iter().zip(flags).map(observe).collect()
}

/// Rows: true, KM, MLE, ROS, half limit; columns: mean, median or mu, sd or sigma.
fn reference(row: usize) -> [f64; 3] {
    let table = Table::read("cens_results.csv");
    ["mean", "median_or_mu", "sd_or_sigma"].map(|name| table.column(name)[row])
}

#[test]
fn kaplan_meier_equals_survfit_on_flipped_data() {
    let [mean, median, _] = reference(1);
    let fit = KaplanMeier::fit(&jura_cadmium()).unwrap();
    close(fit.mean(Remainder::AtZero).unwrap(), mean, 1e-12);
    close(fit.median().unwrap(), median, 1e-12);
    assert!(fit.mean(Remainder::AtSmallestLimit).unwrap() > mean);
}

#[test]
fn lognormal_likelihood_equals_survreg() {
    let [mean, mu, sigma] = reference(2);
    let fit = LikelihoodFit::fit(&jura_cadmium(), Family::Lognormal).unwrap();
    close(fit.mean(), mean, 1e-8);
    close(fit.location, mu, 1e-8);
    close(fit.scale, sigma, 1e-8);
}

#[test]
fn robust_regression_on_order_statistics_equals_statsmodels() {
    let [mean, median, deviation] = reference(3);
    let fit = RegressionOnOrder::fit(&jura_cadmium()).unwrap();
    close(fit.mean(), mean, 1e-12);
    close(fit.median(), median, 1e-12);
    close(fit.standard_deviation(), deviation, 1e-12);
    // statsmodels.imputation.ros, all printed digits
    close(fit.mean(), 1.326_036_011_538_889_2, 1e-13);
    close(fit.standard_deviation(), 0.900_663_040_974_689_4, 1e-13);
}

#[test]
fn half_the_limit_is_available_when_asked_for() {
    let [mean, _, deviation] = reference(4);
    let summary = Summary::of(&substituted(&jura_cadmium(), 0.5).unwrap()).unwrap();
    close(summary.mean, mean, 1e-12);
    close(summary.standard_deviation(), deviation, 1e-12);
}

#[test]
fn the_bootstrap_interval_of_the_censored_mean_covers_the_true_mean() {
    let mean = |data: &[Observation]| RegressionOnOrder::fit(data).map(|fit| fit.mean());
    let interval = bootstrap(&jura_cadmium(), 500, 0.90, 1, mean).unwrap();
    assert!(interval.low < reference(0)[0] && reference(0)[0] < interval.high);
    assert!(interval.high - interval.low < 0.3);
}

#[test]
fn robust_measures_equal_r() {
    let zinc = Table::read("jura_prediction.csv").column("Zn");
    let want = Table::read("robust_jura_Zn.csv").column("value");
    let summary = Summary::of(&zinc).unwrap();
    close(summary.mean, want[0], 1e-12);
    close(summary.sample_variance(), want[1], 1e-12);
    close(median(&zinc).unwrap(), want[2], 1e-12);
    close(median_absolute_deviation(&zinc).unwrap(), want[3], 1e-12);
    close(interquartile_range(&zinc).unwrap(), want[4], 1e-12);
    close(sichel_mean(&zinc).unwrap().mean, want[6], 1e-12);
    // R's column divides the third moment by the sample, not the population deviation cubed
    let logs: Vec<f64> = zinc.iter().map(|v| libm::log(*v)).collect();
    let n = logs.len() as f64;
    let shrink = ((n - 1.0) / n).powf(1.5);
    close(Summary::of(&logs).unwrap().skewness * shrink, want[5], 1e-11);
}

#[test]
fn an_empty_or_infinite_list_is_named() {
    assert_eq!(KaplanMeier::fit(&[]), Err(StatsError::TooFew { found: 0, needed: 1 }));
    let bad = [Observation::Exact(1.0), Observation::Below(f64::INFINITY)];
    let expected = StatsError::NotFinite { index: 1, value: f64::INFINITY };
    assert_eq!(KaplanMeier::fit(&bad), Err(expected));
}
