//! What the mill took in and what it kept, period by period.

use varp_model::{Claim, ClaimValue, Period};

use super::grades::ore_grades;
use super::mass::{Mass, median, sigma};
use super::reading::{Read, Reader, figure, of_80};
use super::{Choice, Evidence};
use crate::estimate::{
    Basis, Belief, MassFrom, PlannedAttachments, PlannedFlow, PlannedPeriod, Quantity,
};

/// Year whose priors stand in where nothing says when a mill ran; told where it does.
const YEAR_OF_UNKNOWN: i16 = 1980;

/// The years that a number is wanted for.
#[derive(Clone, Copy)]
pub(super) struct Years(Option<Period>);

impl Years {
    /// All years of the body.
    pub fn of_the_body(evidence: &Evidence<'_>) -> Self {
        Self(evidence.body.period)
    }

    fn last(self) -> Option<i16> {
        self.0.and_then(|p| p.end.or(p.start)).map(|d| d.year())
    }

    /// The statements of these years; else those that name no years; else all, which is said.
    fn own<'a>(self, claims: &[&'a Claim]) -> (Vec<&'a Claim>, Option<&'static str>) {
        let Some(years) = self.0 else { return (claims.to_vec(), None) };
        let pick = |fits: &dyn Fn(&Claim) -> bool| -> Vec<&'a Claim> {
            claims.iter().copied().filter(|c| fits(c)).collect()
        };
        let of_years = pick(&|c| c.period.is_some_and(|p| p.overlaps(years)));
        if !of_years.is_empty() {
            return (of_years, None);
        }
        let of_none = pick(&|c| c.period.is_none());
        match (of_none.is_empty(), claims.is_empty()) {
            (false, _) => (of_none, None),
            (true, true) => (Vec::new(), None),
            (true, false) => {
                (claims.to_vec(), Some("nothing is stated of these years: other years stand in"))
            }
        }
    }

    fn name(self) -> String {
        match self.0 {
            None => "all years".to_owned(),
            Some(Period { start: Some(a), end: Some(b) }) if a == b => a.to_string(),
            Some(period) => period.to_string(),
        }
    }
}

/// Ore milled: of the body, else its deposit, else its site.
pub(super) fn books<'a>(evidence: &Evidence<'a>) -> Vec<&'a Claim> {
    [evidence.claims, evidence.deposit, evidence.site]
        .into_iter()
        .map(|claims| claims.iter().filter(|c| c.property == "ore_mined").collect::<Vec<_>>())
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

/// The mill's books as a mass, where all of it lies in this body.
pub(super) fn by_balance(evidence: &Evidence<'_>, reader: &Reader<'_>) -> Option<Mass> {
    if evidence.body.kind.0 != "tailings" || !evidence.alone {
        return None;
    }
    let mut choices = Vec::new();
    let mut periods: Vec<PlannedPeriod> = Vec::new();
    let all = books(evidence);
    let mut kept = apart(all.clone());
    kept.sort_by_key(|c| (c.period.and_then(|p| p.start).map(|d| d.first_day()), c.id));
    for claim in &kept {
        let years = Years(claim.period.or(evidence.body.period));
        let beside: Vec<&Claim> =
            all.iter().copied().filter(|c| c.id != claim.id && meet(c, claim)).collect();
        let mut read = match claim.period {
            // statements without years may be years of a table, or one sum said twice
            None if !beside.is_empty() && claim.preferred.is_none() => {
                reader.of_claims(&all, "ore_mined", Basis::Records)?
            }
            _ => reader.of_claims(&[*claim], "ore_mined", Basis::Records)?,
        };
        let others = beside.iter().filter(|c| !read.claims.contains(&c.id));
        let of_other = |c: &&Claim| format!("{}: its years meet those taken", reader.cited(c));
        read.left_out.extend(others.map(of_other));
        read.because.push_str(
            "; all that was milled is taken to lie here, since no other residue, backfill, discharge \
             or removal is recorded: add corrections where you know of any",
        );
        let name = years.name();
        choices.push(read.choice(&format!("ore milled {name}"), "t"));
        let flows = flows(evidence, reader, years, &mut choices);
        periods.push(PlannedPeriod { name, ore_t: read.quantity, flows });
    }
    let best = periods.iter().map(|p| median(&p.ore_t)).sum();
    let widest = periods.iter().map(|p| sigma(&[&p.ore_t])).fold(0.0, f64::max);
    // books are wrong together more often than year by year
    let together = |what: &str| (periods.len() > 1).then(|| common_factor(reader, what)).flatten();
    let (ore_factor, grade_factor) = (together("ore_mined"), together("ore_grade"));
    (!periods.is_empty()).then_some(Mass {
        from: MassFrom::Balance { periods, corrections: Vec::new(), ore_factor, grade_factor },
        choices,
        best_t: Some(best),
        sigma: widest,
        beside: Vec::new(),
        attached: PlannedAttachments::default(),
    })
}

/// A factor around 1 by which all years of the books may be wrong together.
fn common_factor(reader: &Reader<'_>, what: &str) -> Option<Quantity> {
    let factor = reader.priors.factor(what);
    let source = format!(
        "all years may be wrong together: 80 % within a factor of {factor} either way (prior, unverified)"
    );
    (factor > 1.0).then(|| Quantity {
        belief: of_80(1.0 / factor, 1.0, factor),
        basis: Basis::Records,
        source,
    })
}

fn meet(a: &Claim, b: &Claim) -> bool {
    a.period.zip(b.period).is_none_or(|(a, b)| a.overlaps(b))
}

/// Statements whose periods do not overlap, the preferred and the longest first.
pub(super) fn apart(mut claims: Vec<&Claim>) -> Vec<&Claim> {
    let length = |c: &Claim| {
        let years = |p: Period| Some(p.end?.year() - p.start?.year());
        c.period.and_then(years).unwrap_or(0)
    };
    claims
        .sort_by_key(|c| (c.preferred.is_none(), c.period.is_none(), -i32::from(length(c)), c.id));
    let mut kept: Vec<&Claim> = Vec::new();
    for claim in claims {
        if !kept.iter().any(|k| meet(k, claim)) {
            kept.push(claim);
        }
    }
    kept
}

/// Flows of a period: head grades and recoveries of its years.
fn flows(
    evidence: &Evidence<'_>,
    reader: &Reader<'_>,
    years: Years,
    choices: &mut Vec<Choice>,
) -> Vec<PlannedFlow> {
    let period = years.name();
    let mut flows = Vec::new();
    for (substance, claims) in ore_grades(evidence) {
        let (claims, doubt) = years.own(&claims);
        let Some(mut head) = reader.of_claims(&claims, "ore_grade", Basis::Records) else {
            continue;
        };
        say(&mut head, doubt);
        let taken = recovery(evidence, reader, &substance, years);
        choices.push(head.choice(&format!("head grade of {substance} {period}"), "kg/kg"));
        choices.push(taken.choice(&format!("recovery of {substance} {period}"), ""));
        flows.push(PlannedFlow {
            substance,
            head_grade: head.quantity,
            recovery: taken.quantity,
            concentrate_grade: None,
        });
    }
    flows
}

fn say(read: &mut Read, doubt: Option<&str>) {
    if let Some(doubt) = doubt {
        read.because.push_str("; ");
        read.because.push_str(doubt);
    }
}

/// Recovery of a substance in some years: stated, else the prior of its process and era, else nothing
/// was recovered.
pub(super) fn recovery(
    evidence: &Evidence<'_>,
    reader: &Reader<'_>,
    substance: &str,
    years: Years,
) -> Read {
    let all = [evidence.claims, evidence.deposit, evidence.site];
    let of = |property: &'static str| {
        all.into_iter().flatten().filter(move |c| c.property == property).collect::<Vec<_>>()
    };
    let same = |c: &&Claim| c.substance.as_ref().is_some_and(|s| s.code() == substance);
    let stated: Vec<&Claim> = of("recovery").into_iter().filter(same).collect();
    let (stated, doubt) = years.own(&stated);
    if let Some(mut read) = reader.of_claims(&stated, "recovery", Basis::Records) {
        say(&mut read, doubt);
        return within_one(read);
    }
    let mined = evidence.body.commodities.iter().any(|c| c == substance);
    let year = i32::from(years.last().unwrap_or(YEAR_OF_UNKNOWN));
    let processes = years.own(&of("process")).0;
    let words: Vec<&str> = processes.iter().filter_map(|c| word(c)).collect();
    let prior = reader.shipped.recovery_by(substance, &words, year);
    let (belief, because, source) = match (mined, prior, reader.priors.find("recovery", "unknown"))
    {
        (true, Some(p), _) => {
            let era = format!("{} {}-{}", p.process, p.from, p.to);
            let said = format!("prior for {era}, {:?}: {}", p.status, p.source).to_lowercase();
            let mut why = format!("no recovery is stated: the prior of its era, {era}");
            if years.last().is_none() {
                why.push_str(&format!("; no year is known, {YEAR_OF_UNKNOWN} stands in"));
            }
            (p.belief(), why, said)
        }
        (true, None, any) => {
            let (from, to) = any.map_or((0.0, 1.0), |p| (p.low, p.high));
            let said = any.map_or_else(|| "anything".to_owned(), super::priors::Prior::said);
            let why = format!("no recovery is stated and no prior fits: {from} to {to}");
            (Belief::Uniform { from, to }, why, said)
        }
        (false, ..) => {
            let why = "it is not among what was mined: nothing was recovered".to_owned();
            (Belief::Exact(0.0), why, "commodities of the body in the register".to_owned())
        }
    };
    let quantity = Quantity { belief, basis: Basis::Analogue, source };
    Read { quantity, because, claims: Vec::new(), left_out: Vec::new() }
}

fn word(claim: &Claim) -> Option<&str> {
    match &claim.value {
        ClaimValue::Code(word) | ClaimValue::Text(word) => Some(word),
        _ => None,
    }
}

/// A recovery whose range would reach beyond all there is: its upper end is put half way to it.
fn within_one(mut read: Read) -> Read {
    let belief = &read.quantity.belief;
    let [low, best, high] = [0.02, 0.5, 0.98].map(|p| belief.quantile(p));
    if best < 1.0 && belief.quantile(1.0 - 1e-6) > 1.0 {
        let to = high.min(f64::midpoint(best, 1.0));
        read.because.push_str(&format!("; its upper end is put at {}", figure(to)));
        read.quantity.belief = Belief::Triangular { from: low, mode: best, to };
    }
    read
}
