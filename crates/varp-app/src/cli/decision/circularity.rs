//! `varp circularity`: what may become of bodies.

use std::path::Path;

use anyhow::Context;
use varp_engine::circularity::report::Circularity as Report;
use varp_engine::rank::criteria::Status;
use varp_model::{References, Visibility};

use super::arguments::Circularity;
use super::{documents, pilot};
use crate::cli::{Outcome, Settings, show};
use crate::{field, jobs};

/// Draws up the scenarios of each body named.
pub fn run(command: &Circularity, settings: &Settings) -> anyhow::Result<Outcome> {
    let store = jobs::open(&settings.register)?;
    let ways = documents::ways(command.scenarios.as_deref())?;
    let references = References::embedded();
    let mut reports = Vec::new();
    for name in &command.bodies {
        let id = jobs::find_body(&store, name)?;
        let report = jobs::circularity(&store, id, &ways, &references, Visibility::Private)
            .with_context(|| format!("no scenario of {name} can be drawn up"))?;
        if let Some(folder) = &command.out {
            write(&report, folder)?;
        }
        if !command.json {
            print(&report);
        }
        reports.push(report);
    }
    if command.json {
        show::json(&reports)?;
    }
    Ok(Outcome::Clean)
}

fn write(report: &Report, folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    for (name, text) in field::circularity::files(report) {
        let path = folder.join(name);
        std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
        show::note(format!("wrote {}", path.display()));
    }
    Ok(())
}

fn print(report: &Report) {
    show::line(format!("{}, {} ({})", report.name, report.site, report.body));
    for fates in &report.fates {
        show::line(format!("{}: {}", fates.way.id, pilot::of_fates(fates)));
        for flow in &fates.scenario.flows {
            show::line(format!("  {:>14} t     {}", show::digits(flow.mass_t, 3), flow.name));
        }
        for indicator in &fates.indicators {
            let share = indicator.unit == "1";
            let (factor, unit) = if share { (100.0, "%") } else { (1.0, indicator.unit.as_str()) };
            let value = indicator.value.map(|v| show::digits(factor * v, 3));
            let value = value.unwrap_or_else(|| "unknown".into());
            show::line(format!("  {value:>14} {unit:<5} {}", indicator.id));
        }
    }
    if let Some(first) = report.fates.first() {
        show::line("primary production avoided, kg CO2e/kg and MJ/kg:");
        for f in &first.avoided.factors {
            let mark = if f.status == Status::Unverified { ", unverified" } else { "" };
            let (gwp, energy) = (f.gwp_kg_per_kg, f.energy_mj_per_kg);
            show::line(format!("  {:<3} {gwp:>8} {energy:>8}  {}{mark}", f.element, f.source));
        }
        let gaps = &first.avoided.without_factor;
        if !gaps.is_empty() {
            show::line(format!("  no factor, left out: {}", gaps.join(", ")));
        }
    }
    show::line("rests on:");
    for ground in &report.rests_on {
        let figure = &ground.figure;
        let label = format!("{:?}", figure.evidence).to_lowercase();
        show::line(format!(
            "  {:<22} {} ({} to {})  {label}: {}",
            ground.what,
            show::digits(figure.best, 3),
            show::digits(figure.low, 3),
            show::digits(figure.high, 3),
            figure.how
        ));
    }
}
