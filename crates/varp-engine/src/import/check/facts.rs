//! Suspicions about what is claimed of a body: amounts that do not fit each other.

use std::collections::BTreeMap;

use varp_model::{
    Claim, ClaimValue, Element, PartialDate, References, SourceId, Subject, Substance,
};

use crate::import::run::{Row, Table};
use crate::import::{Code, Issue, Place, Severity};

/// Larger than any heap of waste there is.
const LARGEST_M3: f64 = 1.0e10;
/// Waste deeper than this on average does not occur.
const DEEPEST_M: f64 = 250.0;
/// Waste thinner than this on average is not a body.
const THINNEST_M: f64 = 0.1;

/// A number claimed, in canonical units, and where it stands.
#[derive(Clone, Debug)]
struct Stated {
    property: &'static str,
    substance: Option<Substance>,
    value: f64,
    place: Place,
    shown: String,
}

/// What one source says of one subject at one date.
type Key = (u128, SourceId, Option<PartialDate>);

/// Numbers claimed of bodies and sites.
#[derive(Default)]
pub(crate) struct Facts {
    stated: BTreeMap<Key, Vec<Stated>>,
    site_of_body: BTreeMap<u128, u128>,
    primary: std::collections::BTreeSet<u128>,
}

const WATCHED: &[&str] = &[
    "mass",
    "volume",
    "area",
    "thickness",
    "density",
    "grade",
    "contained",
    "ore_mined",
    "ore_grade",
    "product",
];

impl Facts {
    /// Notes to which site a body belongs and whether it lies where nature put it.
    pub(crate) fn body(&mut self, body: &varp_model::Body) {
        self.site_of_body.insert(body.id.0.as_u128(), body.site.0.as_u128());
        if body.kind.is_primary() {
            self.primary.insert(body.id.0.as_u128());
        }
    }

    /// Takes a claim of an accepted row.
    pub(crate) fn claim(&mut self, claim: &Claim, row: &mut Row<'_>, table: &Table) {
        let ClaimValue::Number(range) = &claim.value else { return };
        let Some(property) = WATCHED.iter().find(|p| **p == claim.property) else { return };
        let Some(value) = range.best.or(range.low()) else { return };
        let column = claim.locator.column.as_deref();
        let at = column.and_then(|c| table.headers.iter().position(|h| **h == *c));
        let subject = claim.subject.uuid().as_u128();
        if *property == "mass"
            && matches!(claim.subject, Subject::Body(_))
            && !self.primary.contains(&subject)
            && column.is_some_and(speaks_of_ore)
        {
            let message = "the header speaks of ore, but the claim is the mass of a body of waste";
            let hint = "map the column to the property ore_mined".to_owned();
            row.warning(Code::ORE_AS_WASTE, at, message.into(), hint);
        }
        let stated = Stated {
            property,
            substance: claim.substance.clone(),
            value: range.unit.to_canonical(value),
            place: table.place(Some(row.number), at),
            shown: format!("{value} {}", range.unit),
        };
        self.stated.entry((subject, claim.source, claim.date)).or_default().push(stated);
    }

    /// Compares what belongs together.
    pub(crate) fn finish(self, references: &References) -> Vec<Issue> {
        let mut issues = Vec::new();
        for ((subject, source, date), stated) in &self.stated {
            let primary = self.primary.contains(subject);
            sizes(stated, primary, &mut issues);
            balances(stated, references, &mut issues);
            if primary {
                continue;
            }
            let site = self.site_of_body.get(subject).map(|site| (*site, *source, *date));
            let of_site = site.and_then(|key| self.stated.get(&key)).into_iter().flatten();
            ore_as_waste(stated, stated.iter().chain(of_site), &mut issues);
        }
        issues
    }
}

/// Whether a header names ore in one of the languages.
fn speaks_of_ore(header: &str) -> bool {
    let lower = header.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
    words.iter().any(|w| matches!(*w, "ore" | "malm" | "malmi" | "malmia" | "málmgrýti"))
        || ["bruten malm", "malmproduktion", "malmproduksjon", "louhittu"]
            .iter()
            .any(|w| lower.contains(w))
}

fn warn(issues: &mut Vec<Issue>, at: &Stated, code: Code, message: String, hint: &str) {
    issues.push(Issue {
        severity: Severity::Warning,
        code,
        place: at.place.clone(),
        cell: None,
        message,
        hint: Some(hint.to_owned()),
    });
}

fn sizes(stated: &[Stated], primary: bool, issues: &mut Vec<Issue>) {
    let all = |property: &'static str| stated.iter().filter(move |s| s.property == property);
    for volume in all("volume") {
        let mut noted = false;
        for area in all("area").filter(|a| a.value > 0.0) {
            let depth = volume.value / area.value;
            if !primary && !(THINNEST_M..=DEEPEST_M).contains(&depth) {
                let message = format!(
                    "{} on {} would be {} m thick on average",
                    volume.shown,
                    area.shown,
                    crate::import::cell::number_text((depth * 100.0).round() / 100.0)
                );
                warn(issues, volume, Code::VOLUME_AREA, message, "is a unit wrong by 1000?");
                noted = true;
            }
        }
        if !noted && !primary && volume.value > LARGEST_M3 {
            let message = format!("{} is more than any heap of waste holds", volume.shown);
            warn(issues, volume, Code::VOLUME_AREA, message, "is \"million\" counted twice?");
        }
        for mass in all("mass").filter(|_| volume.value > 0.0) {
            let density = mass.value / volume.value;
            if !(0.5..=5.0).contains(&density) {
                let density = crate::import::cell::number_text((density * 1e4).round() / 1e4);
                let message = format!("{} in {} would be {density} t/m3", mass.shown, volume.shown);
                warn(
                    issues,
                    mass,
                    Code::DENSITY,
                    message,
                    "is a unit wrong, or is one of them of another body?",
                );
            }
        }
    }
    for density in all("density").filter(|d| !(0.5..=5.0).contains(&d.value)) {
        let message = format!("{} is not the density of rock or waste", density.shown);
        warn(issues, density, Code::DENSITY, message, "is it in kg/m3?");
    }
}

/// Mass times grade against content, and ore times its grade against product.
fn balances(stated: &[Stated], references: &References, issues: &mut Vec<Issue>) {
    for (mass, grade, content) in
        [("mass", "grade", "contained"), ("ore_mined", "ore_grade", "product")]
    {
        let all = |property: &'static str| stated.iter().filter(move |s| s.property == property);
        for content in all(content) {
            let Some(substance) = &content.substance else { continue };
            let grades = all(grade).filter(|g| same_element(g, substance) && g.value > 0.0);
            for grade in grades {
                for mass in all(mass).filter(|m| m.value > 0.0) {
                    balance(mass, grade, content, references, issues);
                }
            }
        }
    }
}

fn first_element(substance: &Substance) -> Option<Element> {
    substance.elements().into_iter().find(|e| e.symbol() != "O")
}

fn same_element(stated: &Stated, substance: &Substance) -> bool {
    let own = stated.substance.as_ref().and_then(first_element);
    own.is_some() && own == first_element(substance)
}

fn balance(
    mass: &Stated,
    grade: &Stated,
    content: &Stated,
    references: &References,
    issues: &mut Vec<Issue>,
) {
    let (Some(of_grade), Some(of_content)) = (&grade.substance, &content.substance) else { return };
    let Some(element) = first_element(of_grade) else { return };
    let fraction = |s: &Substance| s.exact_fraction_of(element, references);
    let (Some(in_grade), Some(in_content)) = (fraction(of_grade), fraction(of_content)) else {
        return;
    };
    // both sides as the element
    let ratio = content.value * in_content / (mass.value * grade.value * in_grade);
    let produced = content.property == "product";
    // products are less than what was mined; contents are what is there
    if (0.9..=1.1).contains(&ratio) || produced && ratio < 1.1 {
        return;
    }
    let factor = [of_grade, of_content]
        .into_iter()
        .filter_map(fraction)
        .find(|f| *f < 0.97)
        .or_else(|| usual_oxide(element, references));
    let near = |x: f64| (ratio / x - 1.0).abs() < 0.05;
    if let Some(factor) = factor
        && (near(factor) || near(1.0 / factor))
    {
        let message = format!(
            "{} at {} {of_grade} makes {ratio:.2} times the {} of {of_content} that is stated",
            mass.shown, grade.shown, content.shown
        );
        let hint = "the ratio is that of oxide to element: one of the two is stated as the other";
        warn(issues, grade, Code::OXIDE, message, hint);
    } else if !(0.6..=1.6).contains(&ratio) {
        let message = format!(
            "{} at {} {of_grade} does not make {} {of_content}",
            mass.shown, grade.shown, content.shown
        );
        warn(issues, content, Code::BALANCE, message, "is a unit wrong, or is it of another body?");
    }
}

/// Share of an element in the oxide that trade names it by.
fn usual_oxide(element: Element, references: &References) -> Option<f64> {
    let oxide = usual_oxide_of(element)?;
    Substance::parse(oxide, references).ok()?.exact_fraction_of(element, references)
}

/// The oxide that trade names an element by.
pub(crate) fn usual_oxide_of(element: Element) -> Option<&'static str> {
    const OXIDES: &[(&str, &str)] = &[
        ("W", "WO3"),
        ("Ti", "TiO2"),
        ("P", "P2O5"),
        ("V", "V2O5"),
        ("Li", "Li2O"),
        ("Nb", "Nb2O5"),
        ("Ta", "Ta2O5"),
        ("U", "U3O8"),
        ("Mn", "MnO2"),
        ("Cr", "Cr2O3"),
        ("Sn", "SnO2"),
        ("Fe", "Fe2O3"),
        ("Zr", "ZrO2"),
        ("Be", "BeO"),
        ("Mo", "MoO3"),
        ("Sb", "Sb2O3"),
        ("Al", "Al2O3"),
        ("Mg", "MgO"),
        ("Y", "Y2O3"),
        ("La", "La2O3"),
        ("Ce", "CeO2"),
        ("Nd", "Nd2O3"),
    ];
    OXIDES.iter().find(|(e, _)| *e == element.symbol()).map(|(_, oxide)| *oxide)
}

/// The mass of waste is exactly the ore that was mined.
fn ore_as_waste<'s>(
    stated: &[Stated],
    all: impl Iterator<Item = &'s Stated>,
    issues: &mut Vec<Issue>,
) {
    let mined: Vec<&Stated> = all.filter(|s| s.property == "ore_mined").collect();
    for mass in stated.iter().filter(|s| s.property == "mass") {
        if mined.iter().any(|ore| (ore.value - mass.value).abs() <= 1e-9 * mass.value) {
            let message = format!("the mass of waste, {}, is exactly the ore mined", mass.shown);
            let hint = "ore mined is not what was left: products and losses are missing";
            warn(issues, mass, Code::ORE_AS_WASTE, message, hint);
        }
    }
}
