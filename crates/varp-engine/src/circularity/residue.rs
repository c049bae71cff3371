//! What the residue is: its waste code and whether it may turn acid.
//!
//! Acid potential AP = 31.25 · S %, kg CaCO₃/t, all sulphur taken as pyrite; net neutralisation
//! NNP = AP · (NP/AP − 1). Material with S ≤ 0.1 %, or S ≤ 1 % and NP/AP > 3, counts as inert in
//! this respect (Commission Decision 2009/359/EC; recalled, unverified).

use serde::{Deserialize, Serialize};

use crate::profile::Profile;

/// kg CaCO₃ per tonne and per cent of sulphur.
const ACID_PER_SULPHUR: f64 = 31.25;

/// How the residue stands in the acid-base account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AcidBase {
    /// Sulphur is so low, or neutralisation so ample, that no acid is expected.
    NotExpected,
    /// Between the limits.
    Uncertain,
    /// More acid potential than neutralisation.
    Expected,
    /// Sulphur or neutralisation is not known: acid cannot be excluded.
    Unknown,
}

/// The residue of a scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Residue {
    /// List-of-Waste entry; absent where it cannot be told.
    pub list_of_waste: Option<String>,
    /// Whether the entry is the body's own or follows from kind and sulphur.
    pub entry_from: String,
    /// Acid-base status.
    pub acid_base: AcidBase,
    /// Net neutralisation potential, kg CaCO₃/t, where known.
    pub net_neutralisation: Option<f64>,
    /// In words.
    pub words: String,
}

/// The residue of a body as it lies: what processing changes is for tests to show.
pub fn residue(profile: &Profile) -> Residue {
    let sulphur = profile.grades.get("S").map(|g| g.figure.best * 100.0);
    let ratio = profile.neutralisation_ratio.as_ref().map(|f| f.best);
    let acid_base = match (sulphur, ratio) {
        (Some(s), _) if s <= 0.1 => AcidBase::NotExpected,
        (Some(s), Some(r)) if s <= 1.0 && r > 3.0 => AcidBase::NotExpected,
        (_, Some(r)) if r < 1.0 => AcidBase::Expected,
        (Some(_), Some(_)) => AcidBase::Uncertain,
        _ => AcidBase::Unknown,
    };
    let net = sulphur.zip(ratio).map(|(s, r)| ACID_PER_SULPHUR * s * (r - 1.0));
    let (list_of_waste, entry_from) = entry(profile, acid_base);
    let known = match (sulphur, ratio) {
        (Some(s), Some(r)) => format!("S {s:.2} %, NP/AP {r:.1}"),
        (Some(s), None) => format!("S {s:.2} %, NP/AP not known"),
        (None, Some(r)) => format!("S not known, NP/AP {r:.1}"),
        (None, None) => "S and NP/AP not known".to_owned(),
    };
    let verdict = match acid_base {
        AcidBase::NotExpected => "no acid expected",
        AcidBase::Uncertain => "between the limits: kinetic tests needed",
        AcidBase::Expected => "acid expected",
        AcidBase::Unknown => "acid cannot be excluded",
    };
    Residue {
        list_of_waste,
        entry_from,
        acid_base,
        net_neutralisation: net,
        words: format!("{known}: {verdict}"),
    }
}

fn entry(profile: &Profile, acid_base: AcidBase) -> (Option<String>, String) {
    if let Some(own) = &profile.list_of_waste {
        return (Some(own.clone()), "stated for the body".into());
    }
    if !profile.kind.contains("tailings") {
        return (None, "depends on the process; not determined".into());
    }
    match acid_base {
        AcidBase::Expected => {
            (Some("01 03 04*".into()), "tailings that generate acid; to be confirmed".into())
        }
        AcidBase::NotExpected => (
            Some("01 03 06".into()),
            "tailings without acid; hazardous substances still to be excluded".into(),
        ),
        AcidBase::Uncertain | AcidBase::Unknown => {
            (None, "01 03 04*, 01 03 05* or 01 03 06; acid-base account decides".into())
        }
    }
}
