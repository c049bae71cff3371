//! Screening, ranking and portfolio as tables.

use varp_engine::portfolio::Outcome;

use super::super::feature::neutral;
use super::kept::{PortfolioPage, RankingPage};
use crate::jobs::Shortlist;

/// A line per body: removed by what, what could not be told.
pub fn screening(list: &Shortlist) -> Vec<u8> {
    let mut table = Table::new(&["id", "name", "stays", "removed_by", "unknown"]);
    for site in &list.screening.sites {
        table.line(&[
            site.id.clone(),
            name(list, &site.id),
            site.removed_by.is_empty().to_string(),
            site.removed_by.join("; "),
            site.unknown.join("; "),
        ]);
    }
    table.bytes()
}

/// A line per body in the order of the ranking.
pub fn ranking(page: &RankingPage) -> Vec<u8> {
    let mut table = Table::new(&[
        "id",
        "name",
        "expected_rank",
        "rank_low",
        "rank_high",
        "among_wanted",
        "error",
        "call",
        "known_share",
        "class",
        "class_probability",
    ]);
    let ranking = &page.ranking;
    for at in &ranking.order {
        let site = &ranking.sites[*at];
        let class = ranking.classes.as_ref().map(|classes| {
            let class = classes.most_likely(*at);
            (classes.names[class].clone(), classes.probability(*at, class).to_string())
        });
        let (class, probability) = class.unwrap_or_default();
        table.line(&[
            site.id.clone(),
            name(&page.shortlist, &site.id),
            site.expected_rank.to_string(),
            site.rank_low.to_string(),
            site.rank_high.to_string(),
            site.top_probability.to_string(),
            site.top_probability_error.to_string(),
            format!("{:?}", site.call).to_lowercase(),
            site.known_share.to_string(),
            class,
            probability,
        ]);
    }
    table.bytes()
}

/// A line per candidate.
pub fn portfolio(page: &PortfolioPage) -> Vec<u8> {
    let mut table = Table::new(&[
        "id",
        "name",
        "chosen",
        "share_of_optima",
        "worth",
        "cost_eur",
        "cost_low_eur",
        "cost_high_eur",
        "holes",
        "metres",
    ]);
    let choice = &page.choice;
    let chosen: &[String] = match &choice.outcome {
        Outcome::Optimal { portfolio } | Outcome::Limited { portfolio, .. } => &portfolio.chosen,
        Outcome::Infeasible { .. } => &[],
    };
    for c in &choice.candidates {
        let id = &c.candidate.id;
        let share = choice.core.iter().find(|core| core.id == *id).map(|core| core.share);
        table.line(&[
            id.clone(),
            c.name.clone(),
            chosen.contains(id).to_string(),
            share.map_or(String::new(), |s| s.to_string()),
            c.candidate.worth.to_string(),
            c.study.cost.to_string(),
            c.study.cost_low.to_string(),
            c.study.cost_high.to_string(),
            c.study.holes.to_string(),
            c.study.metres.to_string(),
        ]);
    }
    table.bytes()
}

fn name(list: &Shortlist, id: &String) -> String {
    list.names.get(id).unwrap_or(id).clone()
}

struct Table(csv::Writer<Vec<u8>>);

impl Table {
    fn new(header: &[&str]) -> Self {
        let mut writer =
            csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        writer.write_record(header).expect("writing to memory");
        Self(writer)
    }

    fn line(&mut self, cells: &[String]) {
        let cells = cells.iter().map(|cell| neutral(cell).into_owned());
        self.0.write_record(cells).expect("writing to memory");
    }

    fn bytes(self) -> Vec<u8> {
        self.0.into_inner().expect("writing to memory")
    }
}
