use super::{assert_close, number, numbers, oracle};
use serde_json::Value;
use varp_engine::quality::calibration::{Calibration, CalibrationError, DataClass, Line};
use varp_engine::quality::{
    DuplicateKind, Duplicates, ReferenceMaterial, USUAL_INSERTIONS, contaminated_blanks,
};

fn zip(a: &[f64], b: &[f64]) -> Vec<(f64, f64)> {
    a.iter().copied().zip(b.iter().copied()).collect()
}

#[track_caller]
fn assert_calibration(found: &Calibration, expected: &Value) {
    let line = |l: Line| [l.slope, l.intercept];
    assert_close(&line(found.least_squares), &numbers(&expected["ols"]), 1e-10);
    assert_close(&line(found.reduced_major_axis), &numbers(&expected["rma"]), 1e-10);
    assert_close(&line(found.deming), &numbers(&expected["deming"]), 1e-10);
    assert_close(&line(found.theil_sen), &numbers(&expected["theil_sen"]), 1e-10);
    let scalars = [found.correlation, found.residual_deviation];
    assert_close(&scalars, &["r", "ols_resid_sd"].map(|k| number(&expected[k])), 1e-10);
}

#[test]
fn calibrations_equal_the_oracle_plain_and_in_logarithms() {
    let data = oracle("qaqc");
    let (lab, field) = (numbers(&data["lab"]), numbers(&data["pxrf"]));
    let plain = Calibration::of(&zip(&field, &lab), 1.0).unwrap();
    assert_calibration(&plain, &data["calib_lab_on_pxrf"]);
    assert_close(&[plain.concordance], &[number(&data["lin_concordance"])], 1e-10);
    let log = |v: &[f64]| v.iter().map(|x| libm::log10(*x)).collect::<Vec<_>>();
    let logs = Calibration::of(&zip(&log(&field), &log(&lab)), 1.0).unwrap();
    assert_calibration(&logs, &data["calib_log10"]);
    assert_eq!(logs.data_class(8.0), DataClass::Definitive);
    assert_eq!(logs.data_class(15.0), DataClass::Screening);
    assert_eq!(logs.data_class(30.0), DataClass::Qualitative);
}

#[test]
fn pairs_that_determine_no_line_are_refused() {
    assert_eq!(Calibration::of(&[(1.0, 1.0); 2], 1.0), Err(CalibrationError::TooFew(2)));
    assert_eq!(Calibration::of(&[(1.0, 1.0); 5], 1.0), Err(CalibrationError::Degenerate));
    let broken = [(1.0, 1.0), (2.0, f64::NAN), (3.0, 2.0)];
    assert_eq!(Calibration::of(&broken, 1.0), Err(CalibrationError::Degenerate));
}

#[test]
fn duplicates_equal_the_oracle() {
    let data = oracle("qaqc");
    let pairs = zip(&numbers(&data["lab"]), &numbers(&data["duplicate"]));
    let found = Duplicates::of(&pairs).unwrap();
    assert_close(&found.hard, &numbers(&data["HARD_pct"]), 1e-10);
    let scalars = [found.hard_p90, found.variation, found.mean_difference];
    let expected = ["HARD_p90", "cv_rms_pct", "AMPD_mean_pct"].map(|k| number(&data[k]));
    assert_close(&scalars, &expected, 1e-10);
    assert!(found.acceptable(DuplicateKind::Pulp));
    assert_eq!(Duplicates::of(&[(0.0, 0.0)]), None);
    assert_eq!(Duplicates::of(&[(0.0, 0.0), (1.0, 1.0)]).unwrap().left_out, 1);
}

#[test]
fn reference_materials_are_judged_as_the_oracle_says() {
    let data = &oracle("qaqc")["crm"];
    let judge = |values: &[f64]| ReferenceMaterial::judge(values, 500.0, 10.0).unwrap();
    let found = judge(&numbers(&data["values"]));
    assert_close(&found.z, &numbers(&data["z"]), 1e-11);
    assert_close(&[found.bias], &[number(&data["bias_pct"])], 1e-10);
    let failures: Vec<f64> = found.failures.iter().map(|i| *i as f64).collect();
    assert_eq!(failures, numbers(&data["fail_3sd"]));
    assert_eq!(!found.runs.is_empty(), data["two_consecutive_2sd_same_side"].as_bool().unwrap());
    assert_eq!(judge(&[500.0, 521.0, 522.0]).runs, [2]);
    assert!(judge(&[500.0, 521.0, 478.0]).acceptable(), "opposite sides are no run");
    assert_eq!(judge(&[531.0]).failures, [0]);
    assert_eq!(ReferenceMaterial::judge(&[], 500.0, 10.0), None);
}

#[test]
fn control_samples_never_round_down_to_none() {
    let counts = USUAL_INSERTIONS.counts(10);
    assert_eq!([counts.field_duplicates, counts.standards, counts.blanks], [1, 1, 1]);
    let pond = USUAL_INSERTIONS.counts(108);
    assert_eq!(pond.analyses(), 125);
    assert_eq!(contaminated_blanks(&[0.1, 4.0, 2.9], 1.0, 3.0), [1]);
}
