//! What may become of a body, as files: a page that needs nothing else, and a flow diagram per way.

use maud::html;
use varp_engine::circularity::report::Circularity;
use varp_engine::circularity::scenario::Fates;

use super::sheet::standalone;
use crate::chart::{Panel, document};
use crate::portal;

/// Name and text of each file.
pub fn files(report: &Circularity) -> Vec<(String, String)> {
    let letters = report.name.to_lowercase();
    let stem: Vec<&str> =
        letters.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let stem = format!("{}-{}", stem.join("-"), report.body.get(..8).unwrap_or_default());
    let title = format!("What may become of {}", report.name);
    let page = standalone(&title, |context| portal::circularity_sheet(report, context));
    let mut files = vec![(format!("{stem}-circularity.html"), page.into_string())];
    for fates in &report.fates {
        files.push((format!("{stem}-{}.svg", fates.way.id), diagram(report, fates)));
    }
    files
}

fn diagram(report: &Circularity, fates: &Fates) -> String {
    // the diagram fills the box around it
    let size = [760.0, 170.0 + 16.0 * fates.scenario.flows.len().max(4) as f64];
    let flows = portal::flows(fates);
    let chart = html! { svg width=(size[0]) height=(size[1]) { (flows) } };
    let panel = Panel { heading: fates.balance.headline.clone(), size, chart };
    document(&format!("{}: {}", report.name, fates.way.name), &fates.residue.words, &[panel], 1)
}
