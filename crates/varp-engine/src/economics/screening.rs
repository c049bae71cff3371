//! Screening cash flow of a body: what its products would return, what it would cost, the NPV as a
//! distribution. It argues; it decides nothing.

use serde::Serialize;

use super::cash_flow::{level_flows, net_present_value, scaled_cost};
use super::defaults::ScreeningDefault;
use super::monte_carlo::{SimulationError, Summary, simulate};
use super::smelter::remediation_credit;
use crate::chance::distribution::normal_quantile;
use crate::profile::{Figure, Knowledge, ProductRow, ProductWorth, Profile};
use crate::rank::criteria::Status;
use crate::rank::table::{Cell, Evidence};

/// Exponent of capital costs in size (Williams 1947).
const SIX_TENTHS: f64 = 0.6;
const SQUARE_METRES_OF_A_HECTARE: f64 = 10_000.0;

/// The inputs that every screening has, in the order of their values.
const COMMON: [(&str, &str); 7] = [
    ("operating", "small Nordic plant, all in"),
    ("capital", "plant"),
    ("life", "of a project"),
    ("discount rate", "real"),
    ("remediation", "dry cover"),
    ("remediation", "share avoided"),
    ("remediation", "chance that it would be paid"),
];
const OPERATING: usize = 0;
const CAPITAL: usize = 1;
const LIFE: usize = 2;
const RATE: usize = 3;
const COVER: usize = 4;
const AVOIDED: usize = 5;
const PAID: usize = 6;
const MASS: usize = 7;
/// Grade, recovery and price of each product follow.
const FIRST: usize = 8;

/// One product of the screening.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UnitValue {
    /// Element symbol.
    pub element: String,
    /// Product that waste usually yields.
    pub product: String,
    /// Price, € per tonne of the contained element.
    pub price_eur_per_t: f64,
    /// Net smelter return at mean grade, recovery and price, € per tonne of waste.
    pub return_eur_per_t: f64,
    /// Price at which the NPV is zero with all else at its middle, € per tonne; `None` where none above
    /// zero does that.
    pub break_even_eur_per_t: Option<f64>,
}

/// An input of the screening: what it is drawn from, and what that rests on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Assumption {
    /// The input, as in the bars of the result.
    pub input: String,
    /// 10 % quantile.
    pub low: f64,
    /// Median.
    pub best: f64,
    /// 90 % quantile.
    pub high: f64,
    /// Unit.
    pub unit: String,
    /// What it rests on.
    pub evidence: Evidence,
    /// Source of a default, or how the figure came about.
    pub source: String,
    /// Whether nobody checked it against its source.
    pub unverified: bool,
}

/// The screening of a body.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Screening {
    /// Products, the largest return first.
    pub products: Vec<UnitValue>,
    /// Net smelter return, € per tonne.
    pub return_eur_per_t: f64,
    /// Cost of operation, € per tonne.
    pub operating_eur_per_t: f64,
    /// Remediation credit, € per tonne; 0 where no area is known.
    pub credit_eur_per_t: f64,
    /// Capital, €.
    pub capital_eur: f64,
    /// Tonnes a year.
    pub rate_t: f64,
    /// NPV, €, of real flows before tax.
    pub npv: Summary,
    /// Inputs that rest on defaults, in words.
    pub priors: Vec<String>,
    /// All inputs with what they are drawn from.
    pub inputs: Vec<Assumption>,
}

/// Why there is no screening.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ScreeningError {
    /// Nothing says how much material there is.
    #[error("nothing tells its mass")]
    NoMass,
    /// No product has a grade and a price.
    #[error("no product of it has a grade and a price")]
    NoProduct,
    /// A default is missing in the table.
    #[error("the screening defaults have no {0}")]
    NoDefault(String),
    /// The simulation is refused.
    #[error(transparent)]
    Simulation(#[from] SimulationError),
}

/// Simulates the NPV of treating the whole body. All inputs are drawn independently of each other;
/// recoveries above 1 count as 1.
///
/// # Errors
/// If mass or grades are not known, or the table of defaults lacks a row.
pub fn screen(
    profile: &Profile,
    known: &Knowledge,
    draws: usize,
    seed: u64,
) -> Result<Screening, ScreeningError> {
    let model = Model::of(profile, known)?;
    let npv = simulate(&model.inputs, &[], draws, seed, |x| model.npv(x))?;
    let middle: Vec<f64> =
        model.inputs.iter().filter_map(|(_, cell)| cell.at_normal(0.0)).collect();
    let products = model.worth.iter().enumerate().map(|(at, (own, row))| UnitValue {
        element: own.element.clone(),
        product: own.product.clone(),
        price_eur_per_t: row.price_eur_per_t,
        return_eur_per_t: own.net.best,
        break_even_eur_per_t: model.break_even(&middle, at),
    });
    let products: Vec<UnitValue> = products.collect();
    Ok(Screening {
        return_eur_per_t: products.iter().map(|p| p.return_eur_per_t).sum(),
        products,
        operating_eur_per_t: middle[OPERATING],
        credit_eur_per_t: model.credit(&middle),
        capital_eur: model.capital(&middle),
        rate_t: middle[MASS] / middle[LIFE],
        npv,
        priors: model.priors(profile),
        inputs: model.assumptions(profile),
    })
}

/// What the simulation evaluates.
struct Model<'a> {
    inputs: Vec<(String, Cell)>,
    defaults: Vec<&'a ScreeningDefault>,
    worth: Vec<(&'a ProductWorth, &'a ProductRow)>,
    area_m2: f64,
    /// Tonnes a year of the plant whose capital the defaults state.
    plant_t: f64,
}

impl<'a> Model<'a> {
    fn of(profile: &'a Profile, known: &'a Knowledge) -> Result<Self, ScreeningError> {
        let mass = profile.size.mass_t.as_ref().filter(|m| m.best > 0.0);
        let mass = mass.ok_or(ScreeningError::NoMass)?;
        let worth: Vec<_> = profile
            .products
            .iter()
            .filter_map(|own| Some((own, known.products.get(&own.element)?)))
            .collect();
        if worth.is_empty() {
            return Err(ScreeningError::NoProduct);
        }
        let find = |group: &str, item: &str| {
            let found = known.defaults.iter().find(|d| d.group == group && d.item == item);
            found.ok_or_else(|| ScreeningError::NoDefault(format!("{group}, {item}")))
        };
        let mut inputs = Vec::with_capacity(FIRST + 3 * worth.len());
        let mut defaults = Vec::with_capacity(COMMON.len());
        for (group, item) in COMMON {
            let row = find(group, item)?;
            inputs.push((format!("{group}, {item}"), row.cell()));
            defaults.push(row);
        }
        let lognormal = |f: &Figure| Cell::Lognormal { mean: f.best, variation: f.variation };
        inputs.push(("mass".into(), lognormal(mass)));
        for (own, row) in &worth {
            let element = &own.element;
            let price = Cell::Lognormal { mean: row.price_eur_per_t, variation: row.variation };
            inputs.push((format!("grade of {element}"), lognormal(&own.grade)));
            inputs.push((format!("recovery of {element}"), lognormal(&own.recovery)));
            inputs.push((format!("price of {element}"), price));
        }
        let area_m2 = profile.size.area_m2.as_ref().map_or(0.0, |area| area.best);
        let plant_t = find("capital", "plant, tonnes a year")?.mode;
        Ok(Self { inputs, defaults, worth, area_m2, plant_t })
    }

    /// Grade × recovery × payable × price × (1 − charge), € per tonne of waste.
    fn product_return(&self, x: &[f64], at: usize) -> f64 {
        let [grade, recovery, price] = [0, 1, 2].map(|k| x[FIRST + 3 * at + k]);
        let row = self.worth[at].1;
        grade * recovery.min(1.0) * row.payable * price * (1.0 - row.charge_share)
    }

    /// € per tonne.
    fn credit(&self, x: &[f64]) -> f64 {
        let hectares = self.area_m2 / SQUARE_METRES_OF_A_HECTARE;
        remediation_credit(hectares, x[COVER], x[AVOIDED], x[PAID], x[MASS])
    }

    /// €, by six tenths from the plant of the defaults.
    fn capital(&self, x: &[f64]) -> f64 {
        scaled_cost(x[CAPITAL], x[MASS] / x[LIFE] / self.plant_t, SIX_TENTHS, 1.0)
    }

    fn npv(&self, x: &[f64]) -> f64 {
        let returns: f64 = (0..self.worth.len()).map(|at| self.product_return(x, at)).sum();
        let net = returns - x[OPERATING] + self.credit(x);
        let flows = level_flows(x[MASS], x[MASS] / x[LIFE], net, self.capital(x), 0.0);
        net_present_value(x[RATE] / 100.0, &flows)
    }

    /// The NPV is linear in a price.
    fn break_even(&self, middle: &[f64], at: usize) -> Option<f64> {
        let of = |price: f64| {
            let mut x = middle.to_vec();
            x[FIRST + 3 * at + 2] = price;
            self.npv(&x)
        };
        let slope = of(1.0) - of(0.0);
        let price = -of(0.0) / slope;
        (slope > 0.0 && price > 0.0).then_some(price)
    }

    /// The inputs in their order, with what each rests on. Mass and grades are figures of the body, without
    /// a status of their own; recoveries and prices are rows of reference files.
    fn assumptions(&self, profile: &Profile) -> Vec<Assumption> {
        let default = |row: &&ScreeningDefault| {
            let status = row.status == Status::Unverified;
            (row.unit.clone(), Evidence::Prior, row.source.clone(), status)
        };
        let figure = |f: &Figure, unit: &str| {
            (unit.to_owned(), f.evidence, f.how.clone(), f.evidence == Evidence::Prior)
        };
        let mut about: Vec<_> = self.defaults.iter().map(default).collect();
        about.extend(profile.size.mass_t.as_ref().map(|mass| figure(mass, "t")));
        for (own, row) in &self.worth {
            let price = (row.source.clone(), row.status == Status::Unverified);
            about.push(figure(&own.grade, "kg/kg"));
            about.push(figure(&own.recovery, "1"));
            about.push(("EUR/t".to_owned(), Evidence::Prior, price.0, price.1));
        }
        let z = normal_quantile(0.9);
        let at = |cell: &Cell, z: f64| cell.at_normal(z).unwrap_or(f64::NAN);
        let each = self.inputs.iter().zip(about);
        let assumption = |((input, cell), (unit, evidence, source, unverified)): (
            &(String, Cell),
            (String, Evidence, String, bool),
        )| Assumption {
            input: input.clone(),
            low: at(cell, -z),
            best: at(cell, 0.0),
            high: at(cell, z),
            unit,
            evidence,
            source,
            unverified,
        };
        each.map(assumption).collect()
    }

    /// What rests on defaults, the costs always.
    fn priors(&self, profile: &Profile) -> Vec<String> {
        let is_prior = |figure: &Figure| figure.evidence == Evidence::Prior;
        let mut all: Vec<String> = COMMON.iter().map(|(g, i)| format!("{g}, {i}")).collect();
        all.extend(profile.size.mass_t.as_ref().filter(|m| is_prior(m)).map(|_| "mass".into()));
        for (own, _) in &self.worth {
            let element = &own.element;
            all.extend(is_prior(&own.grade).then(|| format!("grade of {element}")));
            all.extend(is_prior(&own.recovery).then(|| format!("recovery of {element}")));
        }
        all
    }
}
