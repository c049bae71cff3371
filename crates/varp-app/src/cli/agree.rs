//! `varp rules dossiers` and `varp rules agree`: dossiers out, to be classified blind, and how far people and
//! rules agree.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use varp_engine::classify::{
    Axis, BlindDossier, Code, Dossier, Prepared, RuleSet, WorkedCase, blind_text, classify, kappa,
};
use varp_model::Visibility;

use super::rules::{read, text};
use super::{Outcome, Settings, show};
use crate::jobs::{self, classes::classify_register};

/// Writes dossiers of the register as a file to fill in, and a key beside it.
pub fn write(to: &Path, count: usize, settings: &Settings) -> anyhow::Result<Outcome> {
    let key = to.with_extension("key.csv");
    for path in [to, &key] {
        if path.exists() {
            bail!("{} exists; name another with --to", path.display());
        }
    }
    let store = jobs::open(&settings.register)?;
    let references = settings.read_references()?;
    let rules = RuleSet::embedded();
    let mut found: Vec<(usize, String, String, Dossier)> = Vec::new();
    classify_register(
        &store,
        &Prepared::new(&rules),
        &references,
        Visibility::Private,
        |computed| {
            let dossier = &computed.record.dossier;
            let id = computed.item.body.id.to_string();
            // of a body the product of which most is known
            let best = dossier.products.iter().max_by_key(|(_, own)| own.facts.len());
            if let Some((product, own)) = best {
                let known = dossier.facts.len() + own.facts.len();
                found.push((known, id, product.clone(), dossier.clone()));
            }
        },
    )?;
    found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    found.truncate(count);
    if found.is_empty() {
        bail!("the register has no body with a product to classify");
    }
    found.sort_by(|a, b| a.1.cmp(&b.1)); // their order tells nothing of how much is known
    let dossiers: Vec<_> = found.iter().map(|(_, _, p, d)| (p.clone(), d.clone())).collect();
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["dossier", "body", "product"])?;
    for (at, (_, body, product, _)) in found.iter().enumerate() {
        table.write_record([&format!("dossier {}", at + 1), body, product])?;
    }
    let table = table.into_inner().map_err(|e| anyhow::anyhow!("writing the key: {e}"))?;
    std::fs::write(to, blind_text(&dossiers, &rules))
        .with_context(|| format!("writing {}", to.display()))?;
    std::fs::write(&key, table).with_context(|| format!("writing {}", key.display()))?;
    show::note(format!(
        "{} dossiers in {}, each body once, those of which most is known; the key is {}: keep it from those who \
         classify",
        found.len(),
        to.display(),
        key.display()
    ));
    Ok(Outcome::Clean)
}

/// A file of codes: who gave them, and for each dossier the code given and computed.
struct Coder {
    name: String,
    codes: Vec<(String, Code, Code)>,
}

/// How the rules agree with people, and people among each other, axis by axis.
pub fn agree(files: &[PathBuf], rules: Option<&Path>) -> anyhow::Result<Outcome> {
    let rules = read(rules)?;
    let coders: Vec<Coder> =
        files.iter().map(|file| coder(file, &rules)).collect::<anyhow::Result<_>>()?;
    for coder in &coders {
        for (name, given, computed) in coder.codes.iter().filter(|(_, a, b)| a != b) {
            show::line(format!("{name}: {} gave {given}, computed {computed}", coder.name));
        }
        let pairs =
            coder.codes.iter().map(|(_, given, computed)| (given.clone(), computed.clone()));
        print(&format!("{} and the rules", coder.name), &pairs.collect::<Vec<_>>());
    }
    for (at, first) in coders.iter().enumerate() {
        for second in &coders[at + 1..] {
            let of = |name: &String| second.codes.iter().find(|(other, ..)| other == name);
            let pairs: Vec<_> = first
                .codes
                .iter()
                .filter_map(|(name, given, _)| Some((given.clone(), of(name)?.1.clone())))
                .collect();
            print(&format!("{} and {}", first.name, second.name), &pairs);
        }
    }
    Ok(Outcome::Clean)
}

fn coder(file: &Path, rules: &RuleSet) -> anyhow::Result<Coder> {
    let content = text(file)?;
    let understanding = || format!("understanding {}", file.display());
    let computed = |name: &str, dossier: &Dossier, product: &str| -> anyhow::Result<Code> {
        let known = dossier.check(product, rules);
        known.map_err(|why| anyhow::anyhow!("{}, {name}: {why}", file.display()))?;
        Ok(classify(dossier, product, rules).code)
    };
    let mut codes = Vec::new();
    if content.contains("[[dossier]]") {
        let all = BlindDossier::parse_all(&content).map_err(anyhow::Error::msg);
        for one in all.with_context(understanding)? {
            let Some(given) = one.given().map_err(anyhow::Error::msg)? else { continue };
            let own = computed(&one.name, &one.dossier, &one.product)?;
            codes.push((one.name, given, own));
        }
    } else {
        let all = WorkedCase::parse_all(&content).map_err(anyhow::Error::msg);
        for case in all.with_context(understanding)? {
            let Some(given) = case.published else { continue };
            let own = computed(&case.name, &case.dossier, &case.product)?;
            codes.push((case.name, given, own));
        }
    }
    if codes.is_empty() {
        bail!(
            "{}: no dossier has a code yet\n  hint: write one into its line `code`",
            file.display()
        );
    }
    let names: BTreeSet<&String> = codes.iter().map(|(name, ..)| name).collect();
    if names.len() < codes.len() {
        bail!("{}: two dossiers have one name", file.display());
    }
    let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Coder { name, codes })
}

fn print(who: &str, pairs: &[(Code, Code)]) {
    show::line(format!("{who}: {} dossiers", pairs.len()));
    for axis in Axis::ALL {
        let label = |code: &Code| match axis {
            Axis::E => code.e().whole(),
            Axis::F => code.f().whole(),
            Axis::G => code.g()[0].whole(),
        };
        let same = pairs.iter().filter(|(a, b)| label(a) == label(b)).count();
        let kappa = kappa(pairs, axis).map_or("none".to_owned(), |k| format!("{k:.2}"));
        show::line(format!("  {axis}: {same} of {} agree, kappa {kappa}", pairs.len()));
    }
}
