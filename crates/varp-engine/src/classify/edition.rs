//! A frozen state of all classes, and what changed since an earlier one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::code::Code;

/// One class in an edition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditionLine {
    /// The body, by id.
    pub body: String,
    /// Its name when the edition was frozen.
    pub name: String,
    /// Country of its site.
    pub country: String,
    /// The product.
    pub product: String,
    /// The code that is published: the adopted one where there is one.
    pub code: Code,
    /// Class in words.
    pub class: String,
    /// `computed`, or how far people took it.
    pub standing: String,
    /// Who adopted it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// Whether a rule or class that decided it is unverified.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unverified: bool,
    /// Whether the evidence has changed since it was adopted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stale: bool,
    /// The result that it rests on.
    pub result: String,
    /// Best contained tonnes of the product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tonnes: Option<f64>,
}

/// A frozen state of all classes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// Its name, such as `2026`.
    pub name: String,
    /// Day of which it is the state, ISO 8601.
    pub effective: String,
    /// Classes by body and product.
    pub lines: Vec<EditionLine>,
}

/// A class that differs between two editions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// The body, by id.
    pub body: String,
    /// Its name.
    pub name: String,
    /// The product.
    pub product: String,
    /// Code before; `None` where it is new.
    pub before: Option<Code>,
    /// Code after; `None` where it is gone.
    pub after: Option<Code>,
    /// What changed, in words.
    pub why: String,
}

impl Edition {
    /// What differs from an earlier edition: codes, standings, what came and went.
    pub fn changes_since(&self, earlier: &Self) -> Vec<Change> {
        let key = |line: &EditionLine| (line.body.clone(), line.product.clone());
        let before: BTreeMap<_, _> = earlier.lines.iter().map(|l| (key(l), l)).collect();
        let after: BTreeMap<_, _> = self.lines.iter().map(|l| (key(l), l)).collect();
        let mut keys: Vec<_> = before.keys().chain(after.keys()).collect();
        keys.sort();
        keys.dedup();
        let change = |key: &(String, String)| {
            let (old, new) = (before.get(key).copied(), after.get(key).copied());
            let why = match (old, new) {
                (None, Some(_)) => "new".to_owned(),
                (Some(_), None) => "gone from the register".to_owned(),
                (Some(a), Some(b)) if a.code != b.code && a.result == b.result => {
                    "a person decided otherwise on the same computation".to_owned()
                }
                (Some(a), Some(b)) if a.code != b.code => "computed from other evidence".to_owned(),
                (Some(a), Some(b)) if a.standing != b.standing => {
                    format!("was {}, is {}", a.standing, b.standing)
                }
                (Some(a), Some(b)) if b.stale && !a.stale => {
                    "the evidence has changed since it was adopted".to_owned()
                }
                (Some(a), Some(b)) if a.stale && !b.stale => {
                    "adopted anew on the changed evidence".to_owned()
                }
                _ => return None,
            };
            let line = new.or(old)?;
            Some(Change {
                body: line.body.clone(),
                name: line.name.clone(),
                product: line.product.clone(),
                before: old.map(|l| l.code.clone()),
                after: new.map(|l| l.code.clone()),
                why,
            })
        };
        keys.into_iter().filter_map(change).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(body: &str, code: &str, standing: &str, result: &str) -> EditionLine {
        EditionLine {
            body: body.into(),
            name: body.into(),
            country: "FI".into(),
            product: "Cu".into(),
            code: code.parse().unwrap(),
            class: String::new(),
            standing: standing.into(),
            person: None,
            unverified: false,
            stale: false,
            result: result.into(),
            tonnes: None,
        }
    }

    fn edition(lines: Vec<EditionLine>) -> Edition {
        Edition { name: "x".into(), effective: "2026-12-31".into(), lines }
    }

    #[test]
    fn what_changed_is_told_with_its_reason() {
        let before = edition(vec![
            line("same", "E3.2;F3;G4", "computed", "1"),
            line("raised", "E3.2;F3;G4", "computed", "2"),
            line("adopted", "E3.2;F3;G4", "computed", "3"),
            line("gone", "E3.2;F3;G4", "computed", "4"),
            line("old", "E3.2;F3;G4", "adopted", "7"),
        ]);
        let after = edition(vec![
            line("same", "E3.2;F3;G4", "computed", "1"),
            line("raised", "E3.2;F2.2;G3", "computed", "5"),
            line("adopted", "E3.2;F3;G4", "adopted", "3"),
            line("new", "E3.2;F3;G4", "computed", "6"),
            EditionLine { stale: true, ..line("old", "E3.2;F3;G4", "adopted", "7") },
        ]);
        let changes = after.changes_since(&before);
        let told: Vec<(&str, &str)> = changes.iter().map(|c| (&*c.body, &*c.why)).collect();
        assert_eq!(
            told,
            [
                ("adopted", "was computed, is adopted"),
                ("gone", "gone from the register"),
                ("new", "new"),
                ("old", "the evidence has changed since it was adopted"),
                ("raised", "computed from other evidence"),
            ]
        );
    }
}
