//! Censored, robust and compositional statistics against R, survival and statsmodels.

use crate::table::{Table, close};
use varp_geostat::stats::censored::{
    Family, KaplanMeier, LikelihoodFit, Observation, RegressionOnOrder, Remainder, substituted,
};
use varp_geostat::stats::{
    Order, PlaceTerms, Regression, StatsError, Summary, bootstrap, interquartile_range, median,
    median_absolute_deviation, sichel_mean,
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

/// `oracle/regression_statsmodels.py`: log zinc of Meuse on coordinates and √distance.
#[test]
fn a_regression_with_its_analysis_of_variance_equals_statsmodels() {
    let table = Table::read("meuse.csv");
    let logs: Vec<f64> = table.column("zinc").iter().map(|v| v.ln()).collect();
    let root: Vec<f64> = table.column("dist").iter().map(|v| v.sqrt()).collect();
    let places: Vec<[f64; 3]> =
        table.column("x").into_iter().zip(table.column("y")).map(|(x, y)| [x, y, 0.0]).collect();
    let terms = PlaceTerms::of(&places, Order::Linear);
    let columns = [&terms.columns[0][..], &terms.columns[1], &root];
    let fitted = Regression::fit(&columns, &logs).unwrap();
    let relative = |got: f64, want: f64| {
        assert!((got - want).abs() <= 1e-10 * want.abs(), "{got} is not {want}");
    };
    let want = [
        (6.932_152_781_910_933, 8.634_474_233_145_759e-2, 9.347_621_000_774_845e-126),
        (-2.139_447_139_004_097e-4, 1.065_440_329_717_968_8e-4, 4.642_235_223_828_228e-2),
        (9.690_449_896_997_545e-5, 7.766_215_094_500_029e-5, 2.140_468_454_478_45e-1),
        (-2.396_476_922_724_088_5, 1.855_657_874_837_963_2e-1, 3.557_352_163_111_723e-26),
    ];
    let probabilities = fitted.probabilities();
    for (i, (coefficient, error, probability)) in want.into_iter().enumerate() {
        relative(fitted.coefficients[i], coefficient);
        relative(fitted.standard_errors[i], error);
        relative(probabilities[i], probability);
    }
    relative(fitted.r_squared(), 0.651_835_422_139_027_6);
    relative(fitted.adjusted_r_squared(), 0.644_918_245_095_432);
    relative(fitted.f(), 94.234_312_354_713_13);
    relative(fitted.f_probability(), 2.027_167_206_985_243_6e-34);
    relative(fitted.unexplained, 27.940_655_828_565_347);
}
