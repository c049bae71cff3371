//! What the reader of a ranking must see first, and the data that would decide most.

use serde::{Deserialize, Serialize};

use super::information::{CellInformation, cell_information};
use super::ranking::{Call, RankedSite, RankingPlan};
use super::sampler::PreparedTable;

/// Share of the rank weight on priors above which data come before ranks.
const TOO_MANY_PRIORS: f64 = 0.5;
/// Missing cells for which the value of knowing them is computed at most.
const CELLS_EXAMINED: usize = 200;

/// What the reader must see first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Headline {
    /// In words.
    pub text: String,
    /// Safe sites.
    pub safe: usize,
    /// Contested sites.
    pub contested: usize,
    /// Sites that are out.
    pub out: usize,
    /// Share of the rank weight that rests on priors or nothing, over all sites.
    pub prior_share: f64,
    /// Whether that share exceeds one half: collect data before choosing.
    pub data_campaign_first: bool,
}

pub(super) fn headline(sites: &[RankedSite], plan: &RankingPlan) -> Headline {
    let count = |call: Call| sites.iter().filter(|s| s.call == call).count();
    let (safe, contested, out) = (count(Call::Safe), count(Call::Contested), count(Call::Out));
    let known: f64 = sites.iter().map(|s| s.known_share).sum();
    let prior_share = 1.0 - known / sites.len() as f64;
    let data_campaign_first = prior_share > TOO_MANY_PRIORS;
    let mut text = format!(
        "{safe} of the {} wanted sites are safe picks whatever the weights; {contested} are \
         contested, {out} are out",
        plan.wanted
    );
    if data_campaign_first {
        text = format!(
            "Data campaign first: {:.0} % of the rank weight rests on priors. {text}",
            100.0 * prior_share
        );
    }
    Headline { text, safe, contested, out, prior_share, data_campaign_first }
}

/// Value of knowing the cells that contested sites lack; the heaviest cells first if many.
pub(super) fn deciding_data(
    table: &PreparedTable,
    weights: &[Vec<f64>],
    plan: &RankingPlan,
    sites: &[RankedSite],
) -> Vec<CellInformation> {
    let count = weights.len() as f64;
    let mean = |j: usize| weights.iter().map(|w| w[j]).sum::<f64>() / count;
    let weight: Vec<f64> = (0..table.criteria()).map(mean).collect();
    let mut cells: Vec<(usize, usize)> = sites
        .iter()
        .enumerate()
        .filter(|(_, site)| site.call == Call::Contested)
        .flat_map(|(i, site)| {
            let unknown = site.origins.iter().enumerate().filter(|(_, o)| !o.is_known());
            unknown.map(move |(j, _)| (i, j)).collect::<Vec<_>>()
        })
        .collect();
    cells.sort_by(|a, b| weight[b.1].total_cmp(&weight[a.1]).then(a.cmp(b)));
    cells.truncate(CELLS_EXAMINED);
    cell_information(table, weights, plan.seed, plan.wanted, &cells)
}
