//! Dry density of a body: stated dry, or wet with the moisture that makes it dry, else the prior of its kind.

use varp_model::{Basis as Water, Claim};

use super::mass::{median, sigma};
use super::reading::{Read, Reader, figure, number, of_80};
use super::{Choice, Evidence, present};
use crate::estimate::{Basis, DensityFrom, Quantity};

/// A density with the reasons for it.
pub(super) struct Density {
    pub from: DensityFrom,
    choices: Vec<Choice>,
}

impl Density {
    /// Dry tonnes per cubic metre at the medians.
    pub fn best(&self) -> f64 {
        let medians: Vec<f64> = self.from.quantities().iter().map(|(_, q)| median(q)).collect();
        self.from.dry(&medians)
    }

    /// Standard deviation of the logarithm of this times other quantities.
    pub fn sigma(&self, others: &[&Quantity]) -> f64 {
        let own = match &self.from {
            // moisture of a fifth moves density by a fifth of its own spread
            DensityFrom::Wet { wet, .. } => vec![wet],
            other => other.quantities().into_iter().map(|(_, q)| q).collect(),
        };
        let all: Vec<&Quantity> = others.iter().copied().chain(own).collect();
        sigma(&all)
    }

    /// Its reasons behind others.
    pub fn after(&self, mut choices: Vec<Choice>) -> Vec<Choice> {
        choices.extend(self.choices.iter().cloned());
        choices
    }
}

/// The density that the register states, else the prior of the kind.
pub(super) fn density(evidence: &Evidence<'_>, reader: &Reader<'_>) -> Option<Density> {
    let all = present(evidence.claims, "density");
    let (wet, claims): (Vec<&Claim>, Vec<&Claim>) =
        all.into_iter().partition(|c| c.basis == Water::Wet);
    if let Some(mut read) = reader.of_claims(&claims, "density", Basis::Measured) {
        let unstated = |c: &&Claim| read.claims.contains(&c.id) && c.basis == Water::Unstated;
        if claims.iter().any(unstated) {
            read.because.push_str("; the source does not say dry or wet: taken as dry");
        }
        read.left_out.extend(refused(&wet, reader, "a dry density is stated"));
        return Some(dry(read));
    }
    let moisture = present(evidence.claims, "moisture");
    let both = reader.of_claims(&wet, "density", Basis::Measured).zip(reader.of_claims(
        &moisture,
        "density",
        Basis::Measured,
    ));
    if let Some((mut density, moisture)) = both {
        density.because.push_str("; stated wet, made dry by the moisture stated");
        return Some(Density {
            choices: vec![
                density.choice("wet density", "t/m3"),
                moisture.choice("moisture, water over dry solids", ""),
            ],
            from: DensityFrom::Wet { wet: density.quantity, moisture: moisture.quantity },
        });
    }
    let mut read = prior(evidence, reader)?;
    let why = "it is wet and no moisture is stated, so no dry density follows from it; state the moisture";
    read.left_out = refused(&wet, reader, why);
    Some(dry(read))
}

fn dry(read: Read) -> Density {
    let choices = vec![read.choice("dry density", "t/m3")];
    Density { choices, from: DensityFrom::Dry(read.quantity) }
}

fn refused(claims: &[&Claim], reader: &Reader<'_>, why: &str) -> Vec<String> {
    let told = |c: &&&Claim| number(c).and_then(super::middle_of);
    let say = |c: &&Claim| {
        let value = told(&c).map_or_else(String::new, |v| format!("{} t/m3 ", figure(v)));
        format!("{value}wet ({}): {why}", reader.cited(c))
    };
    claims.iter().map(say).collect()
}

fn prior(evidence: &Evidence<'_>, reader: &Reader<'_>) -> Option<Read> {
    let kind = evidence.body.kind.0.as_str();
    let shipped = reader.shipped.density(kind, "dry density");
    let (belief, source) = match (shipped, reader.priors.of_kind("density", kind)) {
        (Some(prior), _) => {
            let source = format!("prior for {kind}, unverified: {}", prior.source);
            (prior.belief(), source)
        }
        (None, Some(prior)) => (of_80(prior.low, prior.best, prior.high), prior.said()),
        (None, None) => return None,
    };
    Some(Read {
        quantity: Quantity { belief, basis: Basis::Analogue, source },
        because: format!("no dry density of this body is stated: the prior for {kind}"),
        claims: Vec::new(),
        left_out: Vec::new(),
    })
}
