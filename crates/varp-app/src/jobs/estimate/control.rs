//! What claims say of holes and of control samples: whether a hole reached the base, what a reference
//! material is certified for, which sample a duplicate repeats.

use std::collections::{BTreeMap, HashMap};

use varp_model::{
    Claim, ClaimId, ClaimValue, Coverage, Hole, HoleId, QaRole, Sample, SampleId, Spread, Subject,
    Visibility,
};
use varp_store::{SampleItem, Store, StoreError};

/// What claims say of holes.
#[derive(Default)]
pub(super) struct OfHoles {
    /// Whether holes went through to natural ground; a hole that nothing is said of is not there.
    pub reached: HashMap<HoleId, bool>,
    /// The claims that say so.
    pub read: Vec<ClaimId>,
    /// What is said and cannot be read, in words.
    pub unread: Option<String>,
}

/// Reads whether holes went through to natural ground.
pub(super) fn of_holes(
    store: &dyn Store,
    holes: &[Hole],
    audience: Visibility,
) -> Result<OfHoles, StoreError> {
    let ids: Vec<uuid::Uuid> = holes.iter().map(|h| h.id.0).collect();
    let claims = if ids.is_empty() { Vec::new() } else { store.claims_of(&ids, audience)? };
    let mut said: HashMap<HoleId, (bool, bool)> = HashMap::new();
    let mut of = OfHoles::default();
    let mut strange: Vec<&str> = Vec::new();
    for claim in claims.iter().filter(|c| c.property == "reached_base") {
        let (Subject::Hole(id), ClaimValue::Text(text)) = (claim.subject, &claim.value) else {
            continue;
        };
        let Some(reached) = yes_or_no(text) else {
            strange.push(text);
            continue;
        };
        of.read.push(claim.id);
        let preferred = claim.preferred.is_some();
        // statements that differ: the preferred one, else the careful one
        let one = said.entry(id).or_insert((reached, preferred));
        *one = match (one.1, preferred) {
            (false, true) => (reached, true),
            (true, false) => *one,
            _ => (one.0 && reached, preferred),
        };
    }
    of.reached = said.into_iter().map(|(id, (reached, _))| (id, reached)).collect();
    of.unread = strange.iter().min().map(|first| {
        format!(
            "of {} holes it is neither yes nor no whether they reached natural ground (such as \
             \"{first}\"): they tell no thickness",
            strange.len()
        )
    });
    Ok(of)
}

/// Yes or no in the languages of the register.
fn yes_or_no(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "yes" | "y" | "ja" | "j" | "kyllä" | "joo" | "já" | "true" | "1" => Some(true),
        "no" | "n" | "nej" | "nei" | "ei" | "false" | "0" => Some(false),
        _ => None,
    }
}

/// What is known of control samples.
#[derive(Default)]
pub(super) struct Controls {
    certified: BTreeMap<(SampleId, String), (f64, f64)>,
    repeats: HashMap<SampleId, String>,
    originals: HashMap<Interval, String>,
    /// The claims that say so.
    pub read: Vec<ClaimId>,
}

/// Hole and ends, whole centimetres.
type Interval = (HoleId, i64, i64);

impl Controls {
    pub fn of(
        store: &dyn Store,
        items: &[SampleItem],
        audience: Visibility,
    ) -> Result<Self, StoreError> {
        let mut found = Self::default();
        let controls = items.iter().filter(|i| i.sample.role != QaRole::Original);
        let ids: Vec<uuid::Uuid> = controls.map(|i| i.sample.id.0).collect();
        if ids.is_empty() {
            return Ok(found);
        }
        let originals = items.iter().filter(|i| i.sample.role == QaRole::Original);
        found.originals =
            originals.filter_map(|i| Some((interval(&i.sample)?, i.sample.name.clone()))).collect();
        for claim in store.claims_of(&ids, audience)? {
            let Subject::Sample(id) = claim.subject else { continue };
            found.read.push(claim.id);
            match claim.property.as_str() {
                "certified" => found.certify(id, &claim),
                "repeats" => {
                    if let ClaimValue::Text(text) = &claim.value {
                        found.repeats.insert(id, text.clone());
                    }
                }
                _ => {}
            }
        }
        Ok(found)
    }

    fn certify(&mut self, id: SampleId, claim: &Claim) {
        let (Some(substance), ClaimValue::Number(range)) = (&claim.substance, &claim.value) else {
            return;
        };
        let own = |v: f64| range.unit.to_canonical(v);
        let deviation = match &range.spread {
            // read as 95 %, what certificates state, unless the source says otherwise
            Spread::Range { low, high, coverage } => {
                let z = match coverage {
                    Coverage::Stated(p) if (0.01..1.0).contains(p) => {
                        varp_engine::chance::distribution::normal_quantile(0.5 + p / 2.0)
                    }
                    _ => 1.96,
                };
                (own(*high) - own(*low)) / (2.0 * z)
            }
            Spread::Missing(_) => 0.0,
        };
        if let Some(value) = varp_engine::planning::middle_of(range) {
            self.certified.insert((id, substance.code().to_owned()), (value, deviation));
        }
    }

    /// Certified mass fraction and its standard deviation.
    pub fn certified(&self, id: SampleId, substance: &str) -> Option<(f64, f64)> {
        self.certified.get(&(id, substance.to_owned())).copied()
    }

    /// Label of the sample that a duplicate repeats: as stated, else the original of the same interval.
    pub fn repeats(&self, sample: &Sample) -> Option<String> {
        let is_duplicate = matches!(
            sample.role,
            QaRole::FieldDuplicate | QaRole::CoarseDuplicate | QaRole::PulpDuplicate
        );
        is_duplicate.then(|| {
            self.repeats.get(&sample.id).or_else(|| self.originals.get(&interval(sample)?)).cloned()
        })?
    }
}

fn interval(sample: &Sample) -> Option<Interval> {
    let centimetres = |m: f64| (m * 100.0).round() as i64;
    Some((sample.hole?, centimetres(sample.from_m?), centimetres(sample.to_m?)))
}
