//! `varp portfolio`: the studies that are worth most together.

use varp_engine::portfolio::candidates::{Choice, PortfolioDocument};
use varp_engine::portfolio::robust::Membership;
use varp_engine::portfolio::{Constraint, Outcome as Chosen};
use varp_model::References;

use super::arguments::Portfolio;
use super::{documents, keep};
use crate::cli::{Outcome, Settings, settings, show};
use crate::jobs::{self, PortfolioRecipe};

/// Chooses among the screened bodies of the register.
pub fn run(command: &Portfolio, settings: &Settings) -> anyhow::Result<Outcome> {
    if command.terms.weighing.weights.is_some() {
        anyhow::bail!(
            "a portfolio needs one set of weights, --weights keeps several apart; \
             write the one you mean into a file of criteria and give it as --criteria"
        );
    }
    let store = jobs::open(&settings.register)?;
    if let Some(id) = &command.replay {
        let replay = jobs::replay_portfolio(&store, keep::id(id)?, &References::embedded())?;
        return Ok(keep::compared(&replay, command.terms.json));
    }
    let shortlist = documents::shortlist(&store, &command.terms.selection)?;
    let mut document: PortfolioDocument = match &command.rules {
        Some(path) => documents::read(path)?,
        None => PortfolioDocument::default(),
    };
    document.budget = command.budget.unwrap_or(document.budget);
    let recipe = PortfolioRecipe {
        document,
        plan: documents::plan(&command.terms.weighing, shortlist.rows.len())?,
        rules: shortlist.rules.clone(),
        overrides: documents::overrides(&command.terms.selection)?,
        criteria: documents::criteria(&command.terms.weighing)?,
        costs: documents::costs(command.costs.as_deref())?,
    };
    let (ranking, choice) = recipe.carry_out(&shortlist)?;
    if command.terms.json {
        show::json(&serde_json::json!({
            "headline": ranking.headline,
            "criteria_version": ranking.criteria_version,
            "plan": recipe.plan,
            "choice": choice,
        }))?;
    } else {
        show::line(&ranking.headline.text);
        print(&choice);
    }
    if command.terms.keep {
        let actor = settings::actor(None);
        let id = jobs::keep_portfolio(&store, &recipe, &shortlist, &choice, &actor)?;
        show::note(format!("kept as portfolio {id}"));
    }
    let infeasible = matches!(choice.outcome, Chosen::Infeasible { .. });
    Ok(if infeasible { Outcome::Findings } else { Outcome::Clean })
}

fn print(choice: &Choice) {
    match &choice.outcome {
        Chosen::Infeasible { conflict } => {
            show::line("No portfolio meets all rules. These cannot hold together:");
            for constraint in conflict {
                show::line(format!("  {}", words(constraint)));
            }
        }
        Chosen::Optimal { portfolio } | Chosen::Limited { portfolio, .. } => {
            show::line(format!(
                "{} studies for {} k€ of {} k€, worth {:.2}",
                portfolio.chosen.len(),
                show::thousands(portfolio.cost),
                show::thousands(choice.document.budget),
                portfolio.worth
            ));
            if let Chosen::Limited { gap, .. } = &choice.outcome {
                show::line(format!(
                    "not proved to be the best: the search stopped at its limit (node_limit in \
                     the rules); {}",
                    better(*gap)
                ));
            }
            show::line("  cost k€ (range)           holes   worth   in optima        body");
            for candidate in &choice.candidates {
                let id = &candidate.candidate.id;
                if portfolio.chosen.contains(id) {
                    show::line(row(choice, candidate));
                }
            }
            let next = choice.core.iter().filter(|c| {
                c.membership == Membership::Borderline && !portfolio.chosen.contains(&c.id)
            });
            for index in next {
                if let Some(c) = choice.candidates.iter().find(|c| c.candidate.id == index.id) {
                    show::line(format!("{}  (not chosen, close)", row(choice, c)));
                }
            }
        }
    }
    print_frontier(choice);
    if !choice.without_size.is_empty() {
        let count = choice.without_size.len();
        show::line(format!("{count} bodies have neither area nor mass: no study can be priced"));
    }
}

/// What other budgets buy, and how far it is proved.
fn print_frontier(choice: &Choice) {
    if choice.core_unproved > 0 {
        show::line(format!(
            "shares of optima: {} of {} draws stopped at their limit; {}",
            choice.core_unproved,
            choice.document.draws,
            better(Some(choice.core_gap).filter(|gap| *gap < f64::MAX))
        ));
    }
    show::line("budget k€    worth   studies");
    for point in &choice.frontier {
        let said = match &point.outcome {
            Chosen::Optimal { portfolio } => {
                format!("{:>7.2} {:>9}", portfolio.worth, portfolio.chosen.len())
            }
            Chosen::Limited { portfolio, gap } => {
                let studies = portfolio.chosen.len();
                format!("{:>7.2} {studies:>9}   not proved, {}", portfolio.worth, better(*gap))
            }
            Chosen::Infeasible { .. } => "cannot meet the rules".into(),
        };
        show::line(format!("{:>9}  {said}", show::thousands(point.budget)));
    }
}

/// How much better another portfolio could be.
fn better(gap: Option<f64>) -> String {
    match gap {
        Some(gap) if gap < 0.001 => "none is better by more than 0.1 %".into(),
        Some(gap) => format!("none is better by more than {:.1} %", 100.0 * gap),
        None => "how much better another is is not known".into(),
    }
}

fn row(choice: &Choice, c: &varp_engine::portfolio::candidates::StudiedCandidate) -> String {
    let core = choice.core.iter().find(|core| core.id == c.candidate.id);
    let core = core.map_or(String::new(), |core| {
        let word = match core.membership {
            Membership::Core => "core",
            Membership::Borderline => "borderline",
            Membership::Exterior => "exterior",
        };
        format!("{:.0} % {word}", 100.0 * core.share)
    });
    format!(
        "{:>9} {:<16} {:>6} {:>7.3}   {core:<16} {} ({})",
        show::thousands(c.study.cost),
        format!("({}-{})", show::thousands(c.study.cost_low), show::thousands(c.study.cost_high)),
        c.study.holes,
        c.candidate.worth,
        c.name,
        c.candidate.id
    )
}

fn words(constraint: &Constraint) -> String {
    match constraint {
        Constraint::Budget { limit } => format!("a budget of {} k€", show::thousands(*limit)),
        Constraint::AtLeast { attribute, value, count } => {
            format!("at least {count} with {attribute} {value}")
        }
        Constraint::AtMost { attribute, value, count } => {
            format!("at most {count} with {attribute} {value}")
        }
        Constraint::Cluster { name } => format!("at most one of cluster {name}"),
        Constraint::Requires { site, needs } => format!("{site} only with {needs}"),
        Constraint::Must { site } => format!("{site} must be in"),
        Constraint::Never { site } => format!("{site} must not be in"),
    }
}
