//! The documents that decide a shortlist or a ranking, read from files or taken as shipped.

use std::path::Path;

use anyhow::{Context, bail};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use varp_engine::circularity::scenario::{self, WaysDocument};
use varp_engine::pilot::cost::{self, CostLine};
use varp_engine::rank::criteria::{self, Aim, CriteriaDocument, Level, Situation};
use varp_engine::rank::elicit::StakeholderDocument;
use varp_engine::rank::ranking::RankingPlan;
use varp_engine::rank::screen::{self, Override, ScreenDocument};
use varp_engine::rank::weights::{WeightSpace, Within};
use varp_model::{Bbox, References, Visibility};

use super::arguments::{AimWord, LevelWord, Selection, Space, Weighing};
use crate::cli::rules::text;
use crate::jobs::{self, Shortlist, Store, Wanted};

/// Reads a TOML document.
pub fn read<T: DeserializeOwned>(path: &Path) -> anyhow::Result<T> {
    toml::from_str(&text(path)?).with_context(|| format!("understanding {}", path.display()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Overrides {
    overrides: Vec<Override>,
}

/// The bodies asked for, screened and filled.
pub fn shortlist(store: &dyn Store, selection: &Selection) -> anyhow::Result<Shortlist> {
    let document = match &selection.screen {
        Some(path) => ScreenDocument::parse(&text(path)?)
            .with_context(|| format!("understanding {}", path.display()))?,
        None => ScreenDocument::parse(screen::DEFAULT)?,
    };
    let overrides = overrides(selection)?;
    let wanted = wanted(selection)?;
    let references = References::embedded();
    let audience = Visibility::Private;
    Ok(jobs::shortlist(store, &wanted, &document, &overrides, &references, audience)?)
}

/// Bodies kept in spite of a rule.
pub fn overrides(selection: &Selection) -> anyhow::Result<Vec<Override>> {
    Ok(match &selection.overrides {
        Some(path) => read::<Overrides>(path)?.overrides,
        None => Vec::new(),
    })
}

fn wanted(selection: &Selection) -> anyhow::Result<Wanted> {
    let bbox = match selection.bbox[..] {
        [] => None,
        [west, south, east, north] if south <= north => Some(Bbox { west, south, east, north }),
        _ => bail!("--bbox takes west,south,east,north with south not above north"),
    };
    Ok(Wanted {
        countries: selection.country.iter().map(|c| c.to_uppercase()).collect(),
        kinds: selection.kind.clone(),
        commodities: selection.commodity.clone(),
        bbox,
    })
}

/// The criteria.
pub fn criteria(weighing: &Weighing) -> anyhow::Result<CriteriaDocument> {
    Ok(match &weighing.criteria {
        Some(path) => CriteriaDocument::parse(&text(path)?)
            .with_context(|| format!("understanding {}", path.display()))?,
        None => CriteriaDocument::parse(criteria::DEFAULT)?,
    })
}

/// The stakeholders, if any.
pub fn stakeholders(weighing: &Weighing) -> anyhow::Result<Option<StakeholderDocument>> {
    weighing.weights.as_deref().map(read).transpose()
}

/// The plan for so many bodies: of a file or the standard one, overruled by options.
pub fn plan(weighing: &Weighing, bodies: usize) -> anyhow::Result<RankingPlan> {
    let situation = Situation { level: Level::L0, aim: Aim::Pilots, credit_in_npv: false };
    let mut plan = match &weighing.plan {
        Some(path) => read(path)?,
        None => RankingPlan::standard(situation, 10),
    };
    if let Some(level) = weighing.level {
        plan.situation.level = match level {
            LevelWord::L0 => Level::L0,
            LevelWord::L1 => Level::L1,
            LevelWord::L2 => Level::L2,
            LevelWord::L3 => Level::L3,
        };
    }
    if let Some(aim) = weighing.aim {
        plan.situation.aim = match aim {
            AimWord::Pilots => Aim::Pilots,
            AimWord::Resources => Aim::Resources,
        };
    }
    if let Some(space) = weighing.space {
        plan.space = match space {
            Space::Fixed => WeightSpace::Fixed,
            Space::Dirichlet => WeightSpace::Dirichlet { concentration: 50.0 },
            Space::Uniform => WeightSpace::Uniform,
            Space::GroupOrder => WeightSpace::GroupOrder { within: Within::Fixed },
            Space::GroupOrderUniform => WeightSpace::GroupOrder { within: Within::Uniform },
        };
    }
    plan.wanted = weighing.wanted.unwrap_or(plan.wanted).min(bodies.max(1));
    plan.draws = weighing.draws.unwrap_or(plan.draws);
    plan.seed = weighing.seed.unwrap_or(plan.seed);
    Ok(plan)
}

/// The unit costs.
pub fn costs(path: Option<&Path>) -> anyhow::Result<Vec<CostLine>> {
    match path {
        Some(path) => cost::parse_costs(&text(path)?)
            .with_context(|| format!("understanding {}", path.display())),
        None => Ok(cost::parse_costs(cost::DEFAULT)?),
    }
}

/// The ways to treat a body.
pub fn ways(path: Option<&Path>) -> anyhow::Result<WaysDocument> {
    match path {
        Some(path) => WaysDocument::parse(&text(path)?)
            .with_context(|| format!("understanding {}", path.display())),
        None => Ok(WaysDocument::parse(scenario::DEFAULT)?),
    }
}
