//! What the pages show, computed once per version of the register and question.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;
use varp_engine::circularity::scenario::{self, WaysDocument};
use varp_engine::pilot::cost::{self, CostLine};
use varp_engine::pilot::request::Wishes;
use varp_engine::pilot::sheet::Sheet;
use varp_engine::portfolio::candidates::{Basis, Choice, PortfolioDocument, choose};
use varp_engine::profile::Knowledge;
use varp_engine::rank::active::ActiveCriteria;
use varp_engine::rank::criteria::{self, Aim, CriteriaDocument, Level, Situation};
use varp_engine::rank::live::LiveTable;
use varp_engine::rank::ranking::{Ranking, RankingPlan, rank};
use varp_engine::rank::screen::{self, ScreenDocument};
use varp_model::{BodyId, Visibility};

use super::super::AppState;
use super::super::problem::Problem;
use crate::jobs::{self, PilotDocuments, PilotError, Shortlist, Wanted};

/// Draws of a page: Monte Carlo error of a probability at most 1.1 %.
const DRAWS: usize = 2000;
/// Draws of the core index of a page.
const CORE_DRAWS: usize = 40;
/// Bodies ranked at most while a reader waits.
const MOST_BODIES: usize = 3000;
/// Answers kept at most.
const MOST_KEPT: usize = 32;

/// The funnel.
#[derive(Debug)]
pub struct ScreeningPage<'a> {
    /// Screened bodies.
    pub shortlist: &'a Shortlist,
}

/// The ranking.
#[derive(Debug)]
pub struct RankingPage {
    /// Screened bodies.
    pub shortlist: Arc<Shortlist>,
    /// Their ranking.
    pub ranking: Ranking,
    /// Criteria that count.
    pub criteria: ActiveCriteria,
    /// What the page re-ranks from.
    pub live: LiveTable,
}

/// The portfolio.
#[derive(Debug)]
pub struct PortfolioPage {
    /// The ranking it rests on.
    pub ranking: Arc<RankingPage>,
    /// The choice.
    pub choice: Choice,
}

/// What is asked of the ranking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RankingQuestion {
    /// How many bodies are wanted.
    pub wanted: usize,
    /// Seed.
    pub seed: u64,
}

/// Answers of one version of the register.
#[derive(Debug, Default)]
pub struct Decisions(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    version: u64,
    shortlist: Option<Arc<Shortlist>>,
    rankings: BTreeMap<RankingQuestion, Arc<RankingPage>>,
    portfolios: BTreeMap<(RankingQuestion, u64), Arc<PortfolioPage>>,
    sheets: BTreeMap<BodyId, Arc<Sheet>>,
}

impl Decisions {
    /// Screened bodies of the public.
    pub fn shortlist(&self, state: &AppState) -> Result<Arc<Shortlist>, Problem> {
        self.locked(state)?.shortlist(state)
    }

    /// Their ranking.
    pub fn ranking(
        &self,
        state: &AppState,
        question: RankingQuestion,
    ) -> Result<Arc<RankingPage>, Problem> {
        self.locked(state)?.ranking(state, question)
    }

    /// The best portfolio of a budget in thousands of euros.
    pub fn portfolio(
        &self,
        state: &AppState,
        question: RankingQuestion,
        budget_k: u64,
    ) -> Result<Arc<PortfolioPage>, Problem> {
        let mut kept = self.locked(state)?;
        if let Some(known) = kept.portfolios.get(&(question, budget_k)) {
            return Ok(Arc::clone(known));
        }
        let ranking = kept.ranking(state, question)?;
        let page = Arc::new(portfolio(ranking, budget_k)?);
        keep(&mut kept.portfolios, (question, budget_k), &page);
        Ok(page)
    }

    /// The sheet of one body.
    pub fn sheet(&self, state: &AppState, id: BodyId) -> Result<Arc<Sheet>, Problem> {
        let mut kept = self.locked(state)?;
        if let Some(known) = kept.sheets.get(&id) {
            return Ok(Arc::clone(known));
        }
        let documents = PilotDocuments {
            costs: costs(),
            ways: WaysDocument::parse(scenario::DEFAULT).map_err(broken)?,
            wishes: Wishes::default(),
        };
        let public = Visibility::Public;
        let sheet = jobs::pilot(&*state.store, id, &documents, &state.references, public);
        let sheet = Arc::new(sheet.map_err(|error| match error {
            PilotError::Store(error) => Problem::from(error),
            PilotError::NoBody(_) => Problem::not_found(error),
            PilotError::Replay(_) => broken(error),
            PilotError::Sheet(error) => Problem::new(
                StatusCode::NOT_FOUND,
                "No study of this body can be planned yet",
                format!("{}. The page comes by itself when the register has it.", sentence(&error)),
            ),
        })?);
        keep(&mut kept.sheets, id, &sheet);
        Ok(sheet)
    }

    /// What is kept, emptied if the register has moved on.
    fn locked(&self, state: &AppState) -> Result<std::sync::MutexGuard<'_, Kept>, Problem> {
        let version = state.store.version()?;
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.version != version {
            *kept = Kept { version, ..Kept::default() };
        }
        Ok(kept)
    }
}

impl Kept {
    fn shortlist(&mut self, state: &AppState) -> Result<Arc<Shortlist>, Problem> {
        if let Some(known) = &self.shortlist {
            return Ok(Arc::clone(known));
        }
        let points = state.snapshot()?.points.len();
        if points > MOST_BODIES {
            return Err(Problem::not_found(format!(
                "{points} bodies are too many to rank while you wait; use varp rank"
            )));
        }
        let rules = ScreenDocument::parse(screen::DEFAULT).map_err(broken)?;
        let list = jobs::shortlist(
            &*state.store,
            &Wanted::default(),
            &rules,
            &[],
            &state.references,
            Visibility::Public,
        );
        let list = Arc::new(list.map_err(|error| match error {
            jobs::ShortlistError::Store(error) => Problem::from(error),
            jobs::ShortlistError::Screen(error) => broken(error),
        })?);
        self.shortlist = Some(Arc::clone(&list));
        Ok(list)
    }

    fn ranking(
        &mut self,
        state: &AppState,
        question: RankingQuestion,
    ) -> Result<Arc<RankingPage>, Problem> {
        if let Some(known) = self.rankings.get(&question) {
            return Ok(Arc::clone(known));
        }
        let shortlist = self.shortlist(state)?;
        if shortlist.rows.is_empty() {
            return Err(Problem::not_found("No body stays in the running; see /screening."));
        }
        let document = CriteriaDocument::parse(criteria::DEFAULT).map_err(broken)?;
        let plan = plan(question, shortlist.rows.len());
        let ranking = rank(&document, &shortlist.rows, &shortlist.priors, &plan).map_err(broken)?;
        let criteria = document.active(&plan.situation).map_err(broken)?;
        let live = LiveTable::of_ranking(&ranking);
        let page = Arc::new(RankingPage { shortlist, ranking, criteria, live });
        keep(&mut self.rankings, question, &page);
        Ok(page)
    }
}

/// The plan of a page; the command line gives the same with the same numbers.
fn plan(question: RankingQuestion, bodies: usize) -> RankingPlan {
    let situation = Situation { level: Level::L0, aim: Aim::Pilots, credit_in_npv: false };
    RankingPlan {
        draws: DRAWS,
        seed: question.seed,
        ..RankingPlan::standard(situation, question.wanted.min(bodies))
    }
}

fn portfolio(ranking: Arc<RankingPage>, budget_k: u64) -> Result<PortfolioPage, Problem> {
    let document = CriteriaDocument::parse(criteria::DEFAULT).map_err(broken)?;
    let wanted = PortfolioDocument {
        budget: budget_k as f64 * 1e3,
        draws: CORE_DRAWS,
        ..PortfolioDocument::default()
    };
    let known = Knowledge::embedded();
    let costs = costs();
    let basis = Basis {
        criteria: &document,
        rows: &ranking.shortlist.rows,
        priors: &ranking.shortlist.priors,
        plan: &ranking.ranking.plan,
        profiles: &ranking.shortlist.profiles,
        costs: &costs,
        known: &known,
    };
    let choice = choose(&ranking.ranking, &wanted, &basis).map_err(broken)?;
    Ok(PortfolioPage { ranking, choice })
}

fn costs() -> Vec<CostLine> {
    cost::parse_costs(cost::DEFAULT).expect("the shipped list is read in a test")
}

/// With a capital letter in front.
fn sentence(error: &impl std::fmt::Display) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    first + letters.as_str()
}

/// Keeps an answer; an earlier one goes where there are many.
fn keep<K: Ord + Copy, V>(all: &mut BTreeMap<K, Arc<V>>, key: K, value: &Arc<V>) {
    if all.len() >= MOST_KEPT {
        all.pop_first();
    }
    all.insert(key, Arc::clone(value));
}

/// A shipped document or a computation that must not fail.
fn broken(error: impl std::fmt::Display) -> Problem {
    eprintln!("varp: {error}");
    Problem::internal()
}
