//! Mass balance of a scenario: feed = products + residue by use + disposed residue + losses.

use serde::{Deserialize, Serialize};

/// Relative error up to which a balance closes.
pub const CLOSURE: f64 = 1e-9;
/// Share of the feed left as residue from which the headline says so.
const MOSTLY_RESIDUE: f64 = 0.95;

/// Where a part of the feed goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// Sold as a product.
    Product,
    /// Residue with a use: backfill, sand, filler.
    ResidueUsed,
    /// Residue that is placed.
    ResidueDisposed,
    /// Lost to water or air, or dissolved.
    Loss,
}

/// One outflow of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// Name, such as `Cu concentrate` or `backfill`.
    pub name: String,
    /// Fate.
    pub fate: Fate,
    /// Dry tonnes, from zero up.
    pub mass_t: f64,
    /// List-of-Waste code of a residue, where known.
    #[serde(default)]
    pub waste_code: Option<String>,
    /// Net neutralisation potential of a residue, kg CaCO₃/t, where tested.
    #[serde(default)]
    pub neutralisation: Option<f64>,
}

/// A scenario for one body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Name.
    pub name: String,
    /// Dry tonnes taken from the body.
    pub feed_t: f64,
    /// Dry tonnes of reagents and binders that end up in the outflows.
    #[serde(default)]
    pub added_t: f64,
    /// Outflows.
    pub flows: Vec<Flow>,
}

/// A closed balance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Balance {
    /// What must be seen first.
    pub headline: String,
    /// Shares of all inflow by fate, summing to one.
    pub product_share: f64,
    /// Residue with a use.
    pub used_share: f64,
    /// Residue placed.
    pub disposed_share: f64,
    /// Losses.
    pub loss_share: f64,
    /// Product and used residue: what really leaves the site as waste no more.
    pub removed_share: f64,
    /// Links of a Sankey diagram: body → feed → fates → flows.
    pub links: Vec<Link>,
}

/// One band of a Sankey diagram.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// From.
    pub from: String,
    /// To.
    pub to: String,
    /// Dry tonnes.
    pub mass_t: f64,
}

/// Why a scenario is refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BalanceError {
    /// A mass that is not a number from zero up.
    #[error("the mass of {name} is {mass_t} t, but must be a number from zero up")]
    Mass {
        /// Flow.
        name: String,
        /// Mass.
        mass_t: f64,
    },
    /// In and out differ.
    #[error(
        "{into_t} t go in and {out_t} t come out: a difference of {difference_t} t is unexplained"
    )]
    Open {
        /// In.
        into_t: f64,
        /// Out.
        out_t: f64,
        /// In less out.
        difference_t: f64,
    },
}

impl Scenario {
    /// Checks that the balance closes to 1e-9 of the feed and sums it up.
    pub fn balance(&self) -> Result<Balance, BalanceError> {
        for (name, mass_t) in [("the feed", self.feed_t), ("what is added", self.added_t)]
            .into_iter()
            .chain(self.flows.iter().map(|f| (f.name.as_str(), f.mass_t)))
        {
            if !(mass_t >= 0.0 && mass_t.is_finite()) {
                return Err(BalanceError::Mass { name: name.into(), mass_t });
            }
        }
        let into_t = self.feed_t + self.added_t;
        let out_t: f64 = self.flows.iter().map(|f| f.mass_t).sum();
        let difference_t = into_t - out_t;
        if difference_t.abs() > CLOSURE * into_t || into_t == 0.0 {
            return Err(BalanceError::Open { into_t, out_t, difference_t });
        }
        let share = |fate: Fate| {
            let of = self.flows.iter().filter(|f| f.fate == fate);
            // a sum of nothing is a negative zero
            (of.map(|f| f.mass_t).sum::<f64>() + 0.0) / into_t
        };
        let (product_share, used_share) = (share(Fate::Product), share(Fate::ResidueUsed));
        let disposed_share = share(Fate::ResidueDisposed);
        Ok(Balance {
            headline: self.headline(product_share, used_share, disposed_share),
            product_share,
            used_share,
            disposed_share,
            loss_share: share(Fate::Loss),
            removed_share: product_share + used_share,
            links: self.links(),
        })
    }

    fn headline(&self, product: f64, used: f64, disposed: f64) -> String {
        let percent = |share: f64| 100.0 * share;
        if disposed >= MOSTLY_RESIDUE {
            return format!(
                "{:.1} % of the mass stays as residue: {} recovers metal and removes no waste",
                percent(disposed),
                self.name
            );
        }
        format!(
            "{}: {:.1} % becomes product, {:.1} % is used as material, {:.1} % is placed again",
            self.name,
            percent(product),
            percent(used),
            percent(disposed)
        )
    }

    fn links(&self) -> Vec<Link> {
        let link =
            |from: &str, to: &str, mass_t: f64| Link { from: from.into(), to: to.into(), mass_t };
        let mut links = vec![link("body", "feed", self.feed_t)];
        if self.added_t > 0.0 {
            links.push(link("reagents", "feed", self.added_t));
        }
        for fate in [Fate::Product, Fate::ResidueUsed, Fate::ResidueDisposed, Fate::Loss] {
            let parts: Vec<&Flow> =
                self.flows.iter().filter(|f| f.fate == fate && f.mass_t > 0.0).collect();
            if parts.is_empty() {
                continue;
            }
            let name = fate.label();
            links.push(link("feed", name, parts.iter().map(|f| f.mass_t).sum()));
            links.extend(parts.iter().map(|f| link(name, &f.name, f.mass_t)));
        }
        links
    }
}

impl Fate {
    /// Name in words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Product => "products",
            Self::ResidueUsed => "residue used",
            Self::ResidueDisposed => "residue placed",
            Self::Loss => "losses",
        }
    }
}
