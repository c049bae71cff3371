//! How much speaks for two things being one.

use std::collections::HashMap;

use varp_model::Country;

use super::name::Name;
use super::{Candidate, Thing};

/// Tokens less similar than this are different words.
const SAME_WORD: f64 = 0.88;

/// Compares pairs, knowing how common each word is.
pub(crate) struct Judge<'a> {
    things: &'a [Thing],
    names: &'a [Vec<Name>],
    weights: HashMap<&'a str, f64>,
}

impl<'a> Judge<'a> {
    pub(crate) fn new(things: &'a [Thing], names: &'a [Vec<Name>]) -> Self {
        let mut counts: HashMap<&str, f64> = HashMap::new();
        for spellings in names {
            let mut seen: Vec<&str> =
                spellings.iter().flat_map(|n| n.tokens.iter().map(String::as_str)).collect();
            seen.sort_unstable();
            seen.dedup();
            for token in seen {
                *counts.entry(token).or_default() += 1.0;
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "a count of records")]
        let all = things.len().max(2) as f64;
        let weights = counts.into_iter().map(|(t, n)| (t, (all / n).ln() + 0.3)).collect();
        Self { things, names, weights }
    }

    /// The pair with score and reasons; `None` where nothing speaks for it.
    pub(crate) fn compare(&self, first: usize, second: usize) -> Option<Candidate> {
        let (a, b) = (&self.things[first], &self.things[second]);
        let (alike, parts) = self.names_alike(first, second);
        let mut reasons = Vec::new();
        let distance = distance_km(a, b);
        let mut score = if alike >= 0.55 {
            reasons.push(format!("names alike ({alike:.2}): {} / {}", a.name, b.name));
            by_name(alike, distance)
        } else {
            by_place(a, b, distance)?
        };
        if let Some(km) = distance {
            reasons.push(format!("{km:.1} km apart"));
        }
        if parts == Parts::Differ {
            reasons.push("the names tell different parts".into());
            score = f64::min(score, 0.35);
        } else if parts == Parts::OneOnly {
            score -= 0.06;
        }
        if let (Some(x), Some(y)) = (a.country, b.country)
            && !compatible(x, y)
        {
            reasons.push(format!("in different countries: {x} and {y}"));
            score -= 0.4;
        }
        score += self.footprints(a, b, &mut reasons) + periods(a, b, &mut reasons);
        let known = |kind: &str| !kind.is_empty() && kind != "unknown";
        if known(&a.kind) && known(&b.kind) && a.kind != b.kind {
            reasons.push(format!("of different kind: {} and {}", a.kind, b.kind));
            score = f64::min(score, 0.4);
        }
        Some(Candidate { first, second, score: score.clamp(0.0, 1.0), reasons })
    }

    /// The best likeness of any two spellings.
    fn names_alike(&self, first: usize, second: usize) -> (f64, Parts) {
        let mut best = (0.0, Parts::Same);
        for a in &self.names[first] {
            for b in &self.names[second] {
                let alike = self.alike(a, b);
                if alike > best.0 {
                    best = (alike, parts(a, b));
                }
            }
        }
        best
    }

    /// Soft TF-IDF of two names: 1 for the same words, 0 for none alike.
    fn alike(&self, a: &Name, b: &Name) -> f64 {
        let weight = |t: &String| self.weights.get(t.as_str()).copied().unwrap_or(1.0);
        let norm = |n: &Name| n.tokens.iter().map(|t| weight(t).powi(2)).sum::<f64>().sqrt();
        let mut sum = 0.0;
        for token in &a.tokens {
            let best = b
                .tokens
                .iter()
                .map(|other| (word_likeness(token, other), other))
                .max_by(|x, y| x.0.total_cmp(&y.0));
            if let Some((likeness, other)) = best.filter(|(l, _)| *l >= SAME_WORD) {
                sum += weight(token) * weight(other) * likeness;
            }
        }
        (sum / (norm(a) * norm(b))).min(1.0)
    }

    fn footprints(&self, a: &Thing, b: &Thing, reasons: &mut Vec<String>) -> f64 {
        let (Some(x), Some(y)) = (a.footprint, b.footprint) else { return 0.0 };
        let apart = x.east < y.west || y.east < x.west || x.north < y.south || y.north < x.south;
        if apart {
            return -0.1;
        }
        reasons.push("outlines overlap".into());
        0.2
    }
}

/// How two names tell parts of a place.
#[derive(Clone, Copy, PartialEq)]
enum Parts {
    Same,
    OneOnly,
    Differ,
}

fn parts(a: &Name, b: &Name) -> Parts {
    match (a.parts.is_empty(), b.parts.is_empty()) {
        (true, true) => Parts::Same,
        (false, false) => {
            let shared = a.parts.iter().all(|p| b.parts.contains(p))
                || b.parts.iter().all(|p| a.parts.contains(p));
            if shared { Parts::Same } else { Parts::Differ }
        }
        _ => Parts::OneOnly,
    }
}

/// Likeness of two words; letters that were lost (`\u{fffd}`) fit any letter.
fn word_likeness(a: &str, b: &str) -> f64 {
    if a == b {
        return 1.0;
    }
    if a.contains('\u{fffd}') || b.contains('\u{fffd}') {
        let same = a.chars().count() == b.chars().count()
            && a.chars().zip(b.chars()).all(|(x, y)| x == y || x == '\u{fffd}' || y == '\u{fffd}');
        return if same { 0.98 } else { 0.0 };
    }
    // short words differ by a letter and are different places
    let shortest = a.chars().count().min(b.chars().count());
    let edits = strsim::osa_distance(a, b);
    let most = match shortest {
        0..=3 => 0,
        4..=6 => 1,
        _ => 2,
    };
    if edits > most { 0.0 } else { strsim::jaro_winkler(a, b) }
}

fn distance_km(a: &Thing, b: &Thing) -> Option<f64> {
    let nowhere = |p: varp_model::LonLat| p.longitude() == 0.0 && p.latitude() == 0.0;
    let (x, y) = (a.place?, b.place?);
    (!nowhere(x) && !nowhere(y)).then(|| x.distance_m(y) / 1000.0)
}

/// Names alike: near places confirm, far ones weaken, but coordinates of mines are often wrong.
fn by_name(alike: f64, distance: Option<f64>) -> f64 {
    let place = match distance {
        Some(km) if km < 3.0 => 0.15,
        Some(km) if km < 15.0 => 0.10,
        Some(km) if km < 60.0 => 0.0,
        Some(km) if km < 250.0 => -0.12,
        Some(_) => -0.25,
        None => 0.0,
    };
    0.95 * alike - 0.08 + place
}

/// Names differ: only things at one place are candidates.
fn by_place(a: &Thing, b: &Thing, distance: Option<f64>) -> Option<f64> {
    let km = distance?;
    let slack = (a.accuracy_m.unwrap_or(0.0) + b.accuracy_m.unwrap_or(0.0)) / 1000.0;
    match km {
        km if km <= 0.3 + slack.min(1.0) => Some(0.45),
        km if km <= 1.0 => Some(0.3),
        _ => None,
    }
}

/// Greenland and the Faroes stand under Denmark in many lists, Åland under Finland.
fn compatible(a: Country, b: Country) -> bool {
    let realm = |c: Country| match c.code() {
        "GL" | "FO" | "DK" => "DK".to_owned(),
        "AX" | "FI" => "FI".to_owned(),
        "SJ" | "NO" => "NO".to_owned(),
        other => other.to_owned(),
    };
    a == b || realm(a) == realm(b)
}

fn periods(a: &Thing, b: &Thing, reasons: &mut Vec<String>) -> f64 {
    match (a.period, b.period) {
        (Some(x), Some(y)) if x.overlaps(y) => {
            reasons.push(format!("worked at the same time: {x} and {y}"));
            0.05
        }
        (Some(x), Some(y)) => {
            reasons.push(format!("worked at different times: {x} and {y}"));
            -0.15
        }
        _ => 0.0,
    }
}
