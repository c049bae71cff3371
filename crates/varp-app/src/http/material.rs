//! Raw materials: what a question for one means, and which lists name what a body holds.

use varp_model::{Commodity, CrmEntry, CrmList, Element, References, Substance};
use varp_store::{BodyItem, Filter};

/// Oxides that laboratories report, `E` standing for the element.
const OXIDES: [&str; 10] =
    ["E2O", "EO", "E2O3", "EO2", "E3O4", "EO3", "E2O5", "E3O8", "E4O7", "E6O11"];

/// How much a list says of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The element is there; the list asks for a form or grade that nobody has shown.
    Element,
    /// The listed material itself.
    Material,
}

impl Presence {
    /// In words, as written in answers.
    pub fn words(self) -> &'static str {
        match self {
            Self::Element => "element present",
            Self::Material => "listed material",
        }
    }
}

/// A list that names a material of a body.
#[derive(Clone, Debug, PartialEq)]
pub struct Membership<'a> {
    /// The entry, with its list.
    pub entry: &'a CrmEntry,
    /// Whether the listed material or only its element is there.
    pub presence: Presence,
    /// What in the body points to it, such as `Co found`, `Cu mined`.
    pub because: String,
}

/// The lists that name what was mined or found in a body: newest list first, in the list's order.
pub fn memberships<'a>(item: &BodyItem, references: &'a References) -> Vec<Membership<'a>> {
    let lists = references.crm_lists.iter().rev();
    lists.flat_map(|list| memberships_of_list(item, list, references)).collect()
}

fn memberships_of_list<'a>(
    item: &BodyItem,
    list: &'a CrmList,
    references: &'a References,
) -> Vec<Membership<'a>> {
    let mut found: Vec<Membership<'a>> = Vec::new();
    for code in &item.body.commodities {
        for entry in list.entries_of_commodity(code) {
            add(&mut found, entry, entry.form.is_empty(), &format!("{code} mined"));
        }
    }
    for code in &item.substances {
        let Ok(substance) = Substance::parse(code, references) else { continue };
        for listed in list.entries_of_substance(&substance, references) {
            add(&mut found, listed.entry, listed.any_form, &format!("{code} found"));
        }
    }
    let place = |m: &Membership<'_>| list.entries.iter().position(|entry| entry == m.entry);
    found.sort_by_key(place);
    found
}

fn add<'a>(found: &mut Vec<Membership<'a>>, entry: &'a CrmEntry, any_form: bool, because: &str) {
    match found.iter_mut().find(|known| known.entry == entry) {
        Some(known) => known.because = format!("{}, {because}", known.because),
        None => {
            let presence = if any_form { Presence::Material } else { Presence::Element };
            found.push(Membership { entry, presence, because: because.to_owned() });
        }
    }
}

/// Bodies where a commodity was mined or a substance that witnesses it was found.
///
/// `known`: the substances of the register, so that no spelling is missed.
pub fn filter_of_commodity(
    commodity: &Commodity,
    known: &[String],
    references: &References,
) -> Filter {
    let witnessed = |substance: &Substance| {
        references.commodities_of(substance).iter().any(|c| c.code == commodity.code)
    };
    let mut substances = witnesses(&commodity.substances);
    substances.extend(known_where(known, references, witnessed));
    Filter::Material { commodities: vec![commodity.code.clone()], substances: once(substances) }
}

/// Bodies with any material of a list.
///
/// `known`: the substances of the register.
pub fn filter_of_list(list: &CrmList, known: &[String], references: &References) -> Filter {
    let mut commodities: Vec<String> = Vec::new();
    let listed = |s: &Substance| !list.entries_of_substance(s, references).is_empty();
    let mut substances = known_where(known, references, listed);
    for code in list.entries.iter().flat_map(|entry| entry.commodities.split_whitespace()) {
        commodities.push(code.to_owned());
        if let Some(commodity) = references.commodity(code) {
            substances.extend(witnesses(&commodity.substances));
        }
    }
    Filter::Material { commodities: once(commodities), substances: once(substances) }
}

fn known_where(
    known: &[String],
    references: &References,
    wanted: impl Fn(&Substance) -> bool,
) -> Vec<String> {
    let matches = |code: &&String| Substance::parse(code, references).is_ok_and(|s| wanted(&s));
    known.iter().filter(matches).cloned().collect()
}

/// The words in order, each once.
fn once(mut words: Vec<String>) -> Vec<String> {
    words.sort_unstable();
    words.dedup();
    words
}

/// The substances named, and for each element its oxides: all that an assay may call it.
fn witnesses(substances: &str) -> Vec<String> {
    let codes = substances.split_whitespace();
    let spelled = codes.flat_map(|code| {
        let oxides = Element::from_symbol(code).map(|element| {
            OXIDES.iter().map(move |formula| formula.replacen('E', element.symbol(), 1))
        });
        std::iter::once(code.to_owned()).chain(oxides.into_iter().flatten())
    });
    spelled.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_for_tungsten_also_asks_for_its_oxide() {
        let found = witnesses("W scheelite");
        assert!(found.contains(&"W".to_owned()) && found.contains(&"WO3".to_owned()));
        assert!(found.contains(&"scheelite".to_owned()) && !found.contains(&"scheeliteO".into()));
    }
}
