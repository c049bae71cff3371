//! `varp pilot`: the study of a body, on one sheet and in files for the field.

use varp_engine::circularity::scenario::Fates;
use varp_engine::pilot::request::Wishes;
use varp_engine::pilot::sheet::Sheet;
use varp_engine::pilot::study::Study;
use varp_model::{References, Visibility};

use super::arguments::Pilot;
use super::{documents, keep};
use crate::cli::{Outcome, Settings, settings, show};
use crate::field;
use crate::jobs::{self, PilotDocuments};

/// Plans the study of each body named.
pub fn run(command: &Pilot, settings: &Settings) -> anyhow::Result<Outcome> {
    let store = jobs::open(&settings.register)?;
    let references = References::embedded();
    if let Some(id) = &command.replay {
        let replay = jobs::replay_pilot(&store, keep::id(id)?, &references)?;
        return Ok(keep::compared(&replay, command.json));
    }
    let documents = PilotDocuments {
        costs: documents::costs(command.costs.as_deref())?,
        ways: documents::ways(command.scenarios.as_deref())?,
        wishes: command
            .study
            .as_deref()
            .map(documents::read::<Wishes>)
            .transpose()?
            .unwrap_or_default(),
    };
    let mut sheets = Vec::new();
    for name in &command.bodies {
        let id = jobs::find_body(&store, name)?;
        let sheet = jobs::pilot(&store, id, &documents, &references, Visibility::Private)?;
        if let Some(folder) = &command.out {
            for file in field::write(&sheet, folder)? {
                show::note(format!("wrote {}", file.display()));
            }
        }
        if command.keep {
            let actor = settings::actor(None);
            let id = jobs::keep_pilot(&store, id, &documents, &sheet, &references, &actor)?;
            show::note(format!("kept as pilot {id}"));
        }
        if !command.json {
            print(&sheet);
        }
        sheets.push(sheet);
    }
    if command.json {
        show::json(&sheets)?;
    }
    Ok(Outcome::Clean)
}

fn print(sheet: &Sheet) {
    show::line(format!("{}, {} ({})", sheet.profile.name, sheet.profile.site, sheet.profile.id));
    show::line(&sheet.headline);
    print_study(&sheet.study);
    show::line("rests on:");
    for basis in &sheet.rests_on {
        let label = basis.evidence.map_or("given".into(), |e| format!("{e:?}").to_lowercase());
        show::line(format!("  {:<32} {:<34} {label}: {}", basis.what, basis.value, basis.how));
    }
    print_outlook(sheet);
}

fn print_study(study: &Study) {
    let counts = &study.counts;
    let number = |n: Option<usize>| n.map_or("-".into(), |n| n.to_string());
    show::line(format!(
        "holes: independent {}, spatial {}, threshold {}, value of information {}, at least {}; chosen {}",
        number(counts.classical),
        number(counts.spatial),
        number(counts.threshold),
        number(counts.information.map(|i| i.holes)),
        counts.fewest,
        counts.reason
    ));
    for p in &study.precision {
        show::line(format!(
            "at {:.0} %: grade ±{:.0} %, tonnes ±{:.0} %, contained ±{:.0} %",
            100.0 * p.confidence,
            100.0 * p.grade,
            100.0 * p.tonnage,
            100.0 * p.contained
        ));
    }
    show::line(format!(
        "{} samples, {} analyses with controls, {} to the umpire",
        study.samples.primary,
        study.samples.analyses(),
        study.samples.umpire
    ));
    if let Some(mass) = study.mass {
        show::line(format!(
            "a sample weighs at least {} for ±5 % sampling error; 1 kg gives ±{} %",
            weight(mass.minimum_g),
            show::digits(100.0 * mass.error_of_one_kg, 2)
        ));
    }
}

/// What the field told already, the gates, and the scenarios.
fn print_outlook(sheet: &Sheet) {
    for news in &sheet.news {
        let before = news.update.before.as_ref();
        let before = before.map_or("nothing stated".into(), |f| ppm(f.low, f.best, f.high));
        let data = &news.update.data;
        show::line(format!(
            "{} ppm: before {before}; {} holes {}; now {}",
            news.element,
            news.update.holes,
            ppm(data.low, data.best, data.high),
            ppm(news.now.0, news.now.1, news.now.2)
        ));
    }
    for gate in &sheet.verdict.gates {
        let state = format!("{:?}", gate.state).to_lowercase();
        show::line(format!("gate {}: {state:<8} {}", gate.letter, gate.question));
    }
    match &sheet.no_fates {
        Some(why) => show::line(format!("no scenarios: {why}")),
        None => sheet.fates.iter().for_each(|fates| show::line(of_fates(fates))),
    }
}

/// A scenario in a line.
pub(super) fn of_fates(fates: &Fates) -> String {
    format!(
        "{}; residue {}; net CO2e {} t (factors cover {:.0} % of the metal)",
        fates.balance.headline,
        fates.residue.words,
        show::digits(fates.avoided.net_t, 3),
        100.0 * fates.avoided.coverage_by_mass
    )
}

/// A mass that someone has to carry.
fn weight(gram: f64) -> String {
    match gram {
        g if g < 1.0 => "1 g".into(),
        g if g < 1000.0 => format!("{} g", show::digits(g, 2)),
        g => format!("{} kg", show::digits(g / 1e3, 2)),
    }
}

fn ppm(low: f64, best: f64, high: f64) -> String {
    format!("{:.0} ({:.0}-{:.0})", best * 1e6, low * 1e6, high * 1e6)
}
