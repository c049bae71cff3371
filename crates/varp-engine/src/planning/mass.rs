//! How much there is: a stated mass, a volume, an area and a thickness, or the mill's books.

use varp_model::{Basis as Water, Claim, Term};

use super::density::density;
use super::milled::{books, by_balance};
use super::reading::{Read, Reader, lognormal_of, middle, number, of_80};
use super::{Choice, Evidence, NoPlan, present, surfaces, thickness};
use crate::estimate::{Basis, Belief, MassFrom, PlannedAttachments, Quantity};

/// The mass of a proposal.
pub(super) struct Mass {
    pub from: MassFrom,
    pub choices: Vec<Choice>,
    /// Median dry tonnes, where they can be told before drawing.
    pub best_t: Option<f64>,
    /// Standard deviation of their logarithm.
    pub sigma: f64,
    /// What other grounds say.
    pub beside: Vec<String>,
    /// Attachments that it takes.
    pub attached: PlannedAttachments,
}

impl Mass {
    /// Whether grades come out of it by themselves.
    pub fn carries_products(&self) -> bool {
        matches!(&self.from, MassFrom::Balance { periods, .. } if periods.iter().any(|p| !p.flows.is_empty()))
    }
}

/// The strongest ground that there is: stated, volume, area, balance.
pub(super) fn choose(
    evidence: &Evidence<'_>,
    reader: &Reader<'_>,
    missing: &mut Vec<String>,
) -> Result<Mass, NoPlan> {
    let [surfaces, rim] = match surfaces::choose(evidence, reader) {
        Ok(found) if found.from_rim => [None, Some(found.mass)],
        Ok(found) => [Some(found.mass), None],
        Err(why) => {
            missing.extend(why.said());
            [None, None]
        }
    };
    let (stated, thickness) =
        (stated(evidence, reader), thickness::by_points(evidence, reader, missing));
    let first = match present(evidence.claims, "mass").iter().any(|c| c.preferred.is_some()) {
        true => [stated, surfaces, thickness, rim],
        false => [surfaces, thickness, rim, stated],
    };
    let others = [by_volume, by_area, by_balance].into_iter().filter_map(|g| g(evidence, reader));
    let mut found: Vec<Mass> = first.into_iter().flatten().chain(others).collect();
    if found.is_empty() {
        return Err(NoPlan::NoMass(why_not(evidence)));
    }
    let mut mass = found.remove(0);
    mass.beside = super::doubts::beside(&mass, &found);
    match &mass.from {
        MassFrom::Stated { .. } => {
            missing.push("a surveyed volume would check the stated mass".into())
        }
        MassFrom::Volume { density, .. }
        | MassFrom::Area { density, .. }
        | MassFrom::Thickness { density, .. }
        | MassFrom::Surfaces { density, .. }
            if !density.is_measured() =>
        {
            missing.push("dry density was never measured here: undisturbed cores give it".into());
        }
        _ => {}
    }
    if matches!(mass.from, MassFrom::Area { .. }) {
        missing
            .push("thickness at points (auger, resistivity) would replace one mean figure".into());
    }
    Ok(mass)
}

fn why_not(evidence: &Evidence<'_>) -> String {
    let mut said = Vec::new();
    if evidence.footprint_m2.is_some() || !present(evidence.claims, "area").is_empty() {
        said.push("the area is known, the thickness is not");
    }
    if !evidence.alone && !books(evidence).is_empty() {
        said.push("ore mined is stated, but the site has several bodies of residue and nothing says how it was shared");
    }
    if said.is_empty() {
        said.push("a document review, an air photo and one sounding would do");
    }
    said.join("; ")
}

fn stated(evidence: &Evidence<'_>, reader: &Reader<'_>) -> Option<Mass> {
    let limit = reader.priors.find("greatest mass", "any").map_or(f64::INFINITY, |p| p.best);
    let (claims, mut impossible) = plausible(present(evidence.claims, "mass"), reader, limit, "t");
    let (claims, note) = match claims.is_empty() {
        false => (claims, None),
        true => {
            let original: Vec<&Claim> = evidence
                .claims
                .iter()
                .filter(|c| c.property == "mass" && c.term == Term::Original)
                .collect();
            (
                original,
                Some("only the original mass is stated, and nothing says what was taken since"),
            )
        }
    };
    let mut read = reader.of_claims(&claims, "mass", Basis::Records)?;
    read.left_out.append(&mut impossible);
    let wet = claims.iter().any(|c| read.claims.contains(&c.id) && c.basis == Water::Wet);
    if wet {
        read = dried(read, evidence, reader);
    } else if claims.iter().any(|c| read.claims.contains(&c.id) && c.basis == Water::Unstated) {
        read.because.push_str("; the source does not say dry or wet: taken as dry");
    }
    if let Some(note) = note {
        read.because = format!("{}; {note}", read.because);
    }
    Some(Mass {
        best_t: Some(median(&read.quantity)),
        sigma: sigma(&[&read.quantity]),
        beside: Vec::new(),
        attached: PlannedAttachments::default(),
        choices: vec![read.choice("dry mass", "t")],
        from: MassFrom::Stated { mass_t: read.quantity },
    })
}

/// Wet tonnes as dry ones.
fn dried(read: Read, evidence: &Evidence<'_>, reader: &Reader<'_>) -> Read {
    let stated =
        reader.of_claims(&present(evidence.claims, "moisture"), "density", Basis::Measured);
    let (belief, said) = match stated {
        Some(moisture) => (moisture.quantity.belief, moisture.quantity.source),
        None => match reader.priors.of_kind("moisture", &evidence.body.kind.0) {
            Some(p) => (of_80(p.low, p.best, p.high), p.said()),
            None => return read,
        },
    };
    let dry = |w: f64| 1.0 / (1.0 + w);
    let [low, best, high] = [0.9, 0.5, 0.1].map(|p| dry(belief.quantile(p)));
    let sigma = (high / low).ln() / (2.0 * crate::chance::Z80);
    let mut read = read.times(best, sigma);
    read.because.push_str(&format!("; stated wet, made dry by its moisture ({said})"));
    read
}

fn by_volume(evidence: &Evidence<'_>, reader: &Reader<'_>) -> Option<Mass> {
    let limit = reader.priors.find("greatest volume", "any").map_or(f64::INFINITY, |p| p.best);
    let (claims, mut impossible) =
        plausible(present(evidence.claims, "volume"), reader, limit, "m3");
    let mut volume = reader.of_claims(&claims, "volume", Basis::Records)?;
    volume.left_out.append(&mut impossible);
    let density = density(evidence, reader)?;
    Some(Mass {
        best_t: Some(median(&volume.quantity) * density.best()),
        sigma: density.sigma(&[&volume.quantity]),
        beside: Vec::new(),
        attached: PlannedAttachments::default(),
        choices: density.after(vec![volume.choice("volume", "m3")]),
        from: MassFrom::Volume { volume_m3: volume.quantity, density: density.from },
    })
}

/// Standard deviation of the logarithm of a product of independent quantities.
pub(super) fn sigma(quantities: &[&Quantity]) -> f64 {
    let squares = quantities.iter().map(|q| lognormal_of(&q.belief).1.powi(2));
    squares.sum::<f64>().sqrt()
}

pub(super) fn median(quantity: &Quantity) -> f64 {
    quantity.belief.quantile(0.5)
}

fn by_area(evidence: &Evidence<'_>, reader: &Reader<'_>) -> Option<Mass> {
    let area = reader
        .of_claims(&present(evidence.claims, "area"), "area", Basis::Records)
        .or_else(|| outline(evidence, reader))?;
    let thickness = mean_thickness(evidence, reader)?;
    let density = density(evidence, reader)?;
    Some(Mass {
        best_t: Some(median(&area.quantity) * median(&thickness.quantity) * density.best()),
        sigma: density.sigma(&[&area.quantity, &thickness.quantity]),
        beside: Vec::new(),
        attached: PlannedAttachments::default(),
        choices: density
            .after(vec![area.choice("area", "m2"), thickness.choice("mean thickness", "m")]),
        from: MassFrom::Area {
            area_m2: area.quantity,
            thickness_m: thickness.quantity,
            density: density.from,
        },
    })
}

fn outline(evidence: &Evidence<'_>, reader: &Reader<'_>) -> Option<Read> {
    let area = evidence.footprint_m2.filter(|a| *a > 0.0)?;
    let factor = reader.priors.factor("footprint");
    Some(Read {
        quantity: Quantity {
            belief: of_80(area / factor, area, area * factor),
            basis: Basis::Records,
            source: "outline of the body in the register".into(),
        },
        because: format!("area of the outline in the register; 80 % within a factor of {factor}"),
        claims: Vec::new(),
        left_out: Vec::new(),
    })
}

fn mean_thickness(evidence: &Evidence<'_>, reader: &Reader<'_>) -> Option<Read> {
    let mean = present(evidence.claims, "thickness");
    if let Some(read) = reader.of_claims(&mean, "thickness", Basis::Records) {
        return Some(read);
    }
    if let Some(read) = depth_of_holes(evidence) {
        return Some(read);
    }
    let share = reader.priors.of_kind("share of greatest thickness", &evidence.body.kind.0)?;
    let greatest = ["thickness_max", "height", "dam_height", "hole_depth"].iter().find_map(|p| {
        reader.of_claims(&present(evidence.claims, p), "thickness", Basis::Records).map(|r| (*p, r))
    });
    let (property, read) = greatest?;
    let sigma = (share.high / share.low).ln() / (2.0 * crate::chance::Z80);
    let mut read = read.times(share.best, sigma);
    read.quantity.basis = Basis::Analogue;
    read.because = format!(
        "only {} is stated; its mean is taken as {} ({} to {}) of it ({})",
        property.replace('_', " "),
        share.best,
        share.low,
        share.high,
        share.said()
    );
    Some(read)
}

/// Mean depth of the holes, where at least three tell theirs.
fn depth_of_holes(evidence: &Evidence<'_>) -> Option<Read> {
    let depths: Vec<f64> =
        evidence.data.holes.iter().filter_map(|h| h.depth_m).filter(|d| *d > 0.0).collect();
    if depths.len() < 3 {
        return None;
    }
    let count = depths.len() as f64;
    let mean = depths.iter().sum::<f64>() / count;
    let spread = depths.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / (count - 1.0);
    let sigma = (spread.sqrt() / mean / count.sqrt()).max(0.15);
    Some(Read {
        quantity: Quantity {
            belief: Belief::Lognormal { median: mean, sigma },
            basis: Basis::Records,
            source: format!("depths of {} holes in the register", depths.len()),
        },
        because: format!(
            "mean depth of {} holes; whether they reached natural ground is not stated, so the mean is \
             taken to be within {:.0} % (one deviation)",
            depths.len(),
            sigma * 100.0
        ),
        claims: Vec::new(),
        left_out: Vec::new(),
    })
}

/// Statements within what can be, and the others with the reason.
fn plausible<'a>(
    claims: Vec<&'a Claim>,
    reader: &Reader<'_>,
    limit: f64,
    unit: &str,
) -> (Vec<&'a Claim>, Vec<String>) {
    let over = |c: &&&Claim| number(c).and_then(middle).is_some_and(|m| m > limit);
    let refused = claims.iter().filter(over).map(|c| {
        let reported = number(c).map_or("", |r| r.reported.as_str());
        format!(
            "{reported} ({}): more than any body can hold ({limit:e} {unit}), a slip of the unit",
            reader.cited(c)
        )
    });
    let refused: Vec<String> = refused.collect();
    (claims.into_iter().filter(|c| !over(&c)).collect(), refused)
}
