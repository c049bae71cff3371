//! Dossiers that people classify without seeing what the rules say, as a file to fill in.

use std::fmt::Write;

use serde::Deserialize;

use super::code::Code;
use super::dossier::{Dossier, Fact};
use super::rules::{FactKind, RuleSet};

/// A dossier with the code that a person gave it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlindDossier {
    /// Its name, which tells nothing of the body.
    pub name: String,
    /// The product classified.
    pub product: String,
    /// The code that a person gave it; empty as long as nobody did.
    #[serde(default)]
    pub code: String,
    /// What is known.
    pub dossier: Dossier,
}

impl BlindDossier {
    /// Reads a file of dossiers: `[[dossier]]` tables.
    ///
    /// # Errors
    /// What the reader of the document says; a code that is none.
    pub fn parse_all(text: &str) -> Result<Vec<Self>, String> {
        #[derive(Deserialize)]
        struct File {
            dossier: Vec<BlindDossier>,
        }
        let all = toml::from_str::<File>(text).map_err(|e| e.to_string())?.dossier;
        for one in &all {
            one.given().map_err(|why| format!("{}: {why}", one.name))?;
        }
        Ok(all)
    }

    /// The code that a person gave it; `None` as long as nobody did.
    ///
    /// # Errors
    /// If what stands there is no code.
    pub fn given(&self) -> Result<Option<Code>, String> {
        if self.code.trim().is_empty() {
            return Ok(None);
        }
        self.code.parse().map(Some).map_err(|e: super::code::CodeError| e.to_string())
    }
}

/// Writes dossiers as a file to fill in: each fact under its question with its levels, what is not known
/// said so, and no code. What the facts rest on is left out, for it names the body.
pub fn blind_text(dossiers: &[(String, Dossier)], rules: &RuleSet) -> String {
    let mut text = format!(
        "# Dossiers to be classified by UNFC-2019 without seeing another code; facts of {}.\n\
         # Write the code that you give into `code`, such as E3.2;F2.2;G3. Change nothing else.\n\
         # What is not known is not false. Grounds: evidence is stated of this body, derived computed\n\
         # from that, prior a default or an analogue.\n",
        rules.title()
    );
    for (at, (product, dossier)) in dossiers.iter().enumerate() {
        let _ = write!(
            text,
            "\n[[dossier]]\nname = \"dossier {}\"\nproduct = {}\ncode = \"\"\n[dossier.dossier]\n",
            at + 1,
            quoted(product)
        );
        if dossier.project.is_some() {
            text.push_str("project = \"a project is known\"\n");
        }
        let own = dossier.products.get(product).map(|p| &p.facts);
        text.push_str("[dossier.dossier.facts]\n");
        facts(&mut text, rules, false, |name| dossier.facts.get(name));
        let _ = writeln!(text, "[dossier.dossier.products.{}.facts]", quoted(product));
        facts(&mut text, rules, true, |name| own.and_then(|own| own.get(name)));
    }
    text
}

fn facts<'a>(
    text: &mut String,
    rules: &RuleSet,
    of_product: bool,
    known: impl Fn(&str) -> Option<&'a Fact>,
) {
    for rule in rules.facts.iter().filter(|rule| rule.per_product == of_product) {
        let answers = match &rule.kind {
            FactKind::Levels(levels) => levels.join(" < "),
            FactKind::More(unit) => format!("a number, {unit}, more is better"),
            FactKind::Less(unit) => format!("a number, {unit}, less is better"),
        };
        let _ = writeln!(text, "# {} ({answers})", rule.question);
        let Some(fact) = known(&rule.fact) else {
            let _ = writeln!(text, "#   {}: not known", rule.fact);
            continue;
        };
        let value = match (&fact.level, fact.number) {
            (Some(level), _) => format!("level = {}", quoted(level)),
            (None, Some(number)) => format!("number = {number:?}"),
            (None, None) => continue,
        };
        let grounds = format!("{:?}", fact.grounds).to_lowercase();
        let _ = writeln!(text, "{} = {{ {value}, grounds = \"{grounds}\" }}", rule.fact);
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::super::{WorkedCase, classify};
    use super::*;

    #[test]
    fn a_dossier_in_the_file_gets_the_same_class_as_before_and_shows_none() {
        let rules = RuleSet::embedded();
        let cases = WorkedCase::embedded();
        let dossiers: Vec<(String, Dossier)> =
            cases.iter().map(|c| (c.product.clone(), c.dossier.clone())).collect();
        let text = blind_text(&dossiers, &rules);
        let read = BlindDossier::parse_all(&text).unwrap();
        assert_eq!(read.len(), cases.len());
        for (one, case) in read.iter().zip(&cases) {
            assert_eq!(one.given(), Ok(None));
            assert_eq!(
                classify(&one.dossier, &one.product, &rules).code,
                case.expect,
                "{}",
                case.name
            );
            assert!(!text.contains(&format!("\"{}\"", case.expect)), "{}", case.expect);
        }
        let filled = text.replacen("code = \"\"", "code = \"E2F2G2\"", 1);
        let given = BlindDossier::parse_all(&filled).unwrap()[0].given().unwrap().unwrap();
        assert_eq!(given.to_string(), "E2;F2;G2");
        let wrong = text.replacen("code = \"\"", "code = \"E9\"", 1);
        assert!(BlindDossier::parse_all(&wrong).unwrap_err().starts_with("dossier 1"));
    }

    #[test]
    fn what_a_hand_mistyped_is_told() {
        let rules = RuleSet::embedded();
        let told = |facts: &str, product: &str| {
            let text = format!(
                "[[dossier]]\nname = \"a\"\nproduct = \"{product}\"\ncode = \"E3.2;F3;G4\"\n[dossier.dossier.facts]\n\
                 {facts}\n[dossier.dossier.products.Cu.facts]\n"
            );
            let all = BlindDossier::parse_all(&text).unwrap();
            all[0].dossier.check(&all[0].product, &rules)
        };
        let fact = |name: &str, level: &str| {
            format!("{name} = {{ level = \"{level}\", grounds = \"evidence\" }}")
        };
        assert_eq!(told(&fact("activity", "ongoing"), "Cu"), Ok(()));
        for (facts, product, word) in [
            (fact("activty", "ongoing"), "Cu", "no fact activty"),
            (fact("activity", "perhaps"), "Cu", "no level \"perhaps\""),
            (fact("activity", "ongoing"), "Zn", "nothing of the product Zn"),
            ("activity = { number = 1.0, grounds = \"evidence\" }".into(), "Cu", "needs a level"),
        ] {
            let error = told(&facts, product).unwrap_err();
            assert!(error.contains(word), "{error}");
        }
    }
}
