//! What was accepted and is yet likely a mistake: told on stderr, and in the JSON of the result.

use serde_json::{Value, json};
use varp_geostat::krige::{Kriging, Method};
use varp_geostat::warning::{Warning, of_coincidence, of_mean, of_model, of_places, of_values};

use super::table::{Sampled, Table};
use crate::cli::show;

/// Tells every warning and returns them for the JSON of the result; samples are named by their
/// rows in `table`.
pub fn tell(warnings: &[Warning], table: Option<&Table>) -> Value {
    let told = warnings.iter().map(|warning| {
        let rows = match (warning, table) {
            (
                Warning::Coincident { first, second, .. } | Warning::Twins { first, second, .. },
                Some(table),
            ) => format!("rows {} and {}: ", table.line(*first), table.line(*second)),
            _ => String::new(),
        };
        let (name, message) = (warning.name(), format!("{rows}{warning}"));
        show::note(format!("warning: {name}: {message}"));
        json!({ "name": name, "message": message })
    });
    told.collect()
}

/// Doubts about samples that are compared in pairs or weighed.
pub fn of_samples(sampled: &Sampled) -> Vec<Warning> {
    let (places, values) = (&sampled.places, &sampled.values);
    let mut warnings = of_values(values);
    warnings.extend(of_places(places, values, sampled.axes.dimensions()));
    warnings.extend(of_coincidence(places, values));
    warnings
}

/// Doubts about samples and the kriging that is to estimate from them.
pub fn of_kriging(sampled: &Sampled, kriging: &Kriging) -> Vec<Warning> {
    let (places, values) = (&sampled.places, &sampled.values);
    let mut warnings = of_values(values);
    warnings.extend(of_places(places, values, sampled.axes.dimensions()));
    let is_of_values = !matches!(kriging.method, Method::Universal(_));
    warnings.extend(of_model(&kriging.model, places, values, is_of_values));
    warnings.extend(of_mean(&kriging.method, values));
    warnings
}
