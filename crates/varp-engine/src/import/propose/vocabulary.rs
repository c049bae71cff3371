//! What headers mean: words of `headers.csv` in six languages, substances, units and methods.

use std::collections::HashMap;

use serde::Deserialize;
use varp_model::{Dimension, Element, References, Substance, Unit};

use crate::import::run::header_key;

/// The words of headers that the program was built with.
const HEADERS: &str = include_str!("../../../reference/headers.csv");

#[derive(Deserialize)]
struct Word {
    word: String,
    language: String,
    meaning: String,
}

/// Oxides and other compounds that laboratories report, for headers in capitals.
const COMPOUNDS: &[&str] = &[
    "SiO2", "TiO2", "Al2O3", "Fe2O3", "FeO", "MnO", "MnO2", "MgO", "CaO", "Na2O", "K2O", "P2O5",
    "Cr2O3", "V2O5", "WO3", "MoO3", "SnO2", "BaO", "SrO", "ZrO2", "HfO2", "Nb2O5", "Ta2O5", "Li2O",
    "BeO", "Rb2O", "Cs2O", "Sc2O3", "Y2O3", "La2O3", "CeO2", "Ce2O3", "Pr6O11", "Pr2O3", "Nd2O3",
    "Sm2O3", "Eu2O3", "Gd2O3", "Tb4O7", "Tb2O3", "Dy2O3", "Ho2O3", "Er2O3", "Tm2O3", "Yb2O3",
    "Lu2O3", "ThO2", "U3O8", "UO2", "SO3", "SO4", "CO2", "CaF2", "MoS2", "FeS2", "NiO", "CoO",
    "CuO", "ZnO", "PbO", "GeO2", "Ga2O3", "As2O3", "Sb2O3", "TeO2", "Bi2O3",
];

/// What a header says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct HeaderGuess {
    /// A meaning of `headers.csv`.
    pub(crate) meaning: Option<String>,
    /// What is analysed in the column.
    pub(crate) substance: Option<String>,
    /// The unit in the header.
    pub(crate) unit: Option<Unit>,
    /// A method code in the header.
    pub(crate) method: Option<String>,
    /// The coordinate system that the header names, an EPSG code.
    pub(crate) system: Option<u16>,
}

/// Words of headers by meaning.
pub(crate) struct Vocabulary<'a> {
    words: HashMap<String, String>,
    /// Language of the words that only one language has.
    languages: HashMap<String, String>,
    substances: HashMap<String, String>,
    references: &'a References,
}

impl<'a> Vocabulary<'a> {
    pub(crate) fn new(references: &'a References) -> Self {
        let (mut words, mut languages) = (HashMap::new(), HashMap::new());
        let mut reader = csv::Reader::from_reader(HEADERS.as_bytes());
        for word in reader.deserialize::<Word>().flatten() {
            let own = languages.entry(fold(&word.word)).or_insert_with(|| word.language.clone());
            if *own != word.language {
                own.clear();
            }
            words.entry(fold(&word.word)).or_insert(word.meaning);
        }
        let mut substances = HashMap::new();
        for c in &references.commodities {
            let Some(first) = c.substances.split_whitespace().next() else { continue };
            for name in [&c.en, &c.fi, &c.sv, &c.nb, &c.da, &c.is] {
                if !name.is_empty() {
                    substances.entry(fold(name)).or_insert_with(|| first.to_owned());
                }
            }
        }
        Self { words, languages, substances, references }
    }

    /// What a word of a table means.
    pub(crate) fn meaning(&self, text: &str) -> Option<&str> {
        self.words.get(&fold(text)).map(String::as_str)
    }

    /// The country whose language most headers are in, if it is not English.
    pub(crate) fn country(&self, headers: &[String]) -> Option<&'static str> {
        let mut counts = std::collections::BTreeMap::<&str, usize>::new();
        for header in headers {
            let text = without_brackets(header).0;
            let words = text.split(['_', ' ']).chain([text.as_str()]);
            let mut known = words.filter_map(|word| self.languages.get(&fold(word)));
            if let Some(language) = known.rfind(|l| !l.is_empty()) {
                *counts.entry(language).or_default() += 1;
            }
        }
        let (language, _) = counts.into_iter().max_by_key(|(_, count)| *count)?;
        Some(match language {
            "sv" => "SE",
            "fi" => "FI",
            "nb" => "NO",
            "da" => "DK",
            "is" => "IS",
            _ => return None,
        })
    }

    /// What a header says; `capitals` is whether all headers of the table are in capitals.
    pub(crate) fn read(&self, header: &str, capitals: bool) -> HeaderGuess {
        if let Some(guess) = self.coordinate(header) {
            return guess;
        }
        let (text, in_brackets) = without_brackets(header);
        let bracket_unit = in_brackets.and_then(|u| unit_of(&u));
        let words = text.split(['_', ' ', ',', ';', ':', '\n']).filter(|t| !t.is_empty());
        let tokens: Vec<&str> = words.flat_map(without_filler).collect();
        let (unit, unit_at) = match bracket_unit {
            Some(unit) => (Some(unit), tokens.len()..tokens.len()),
            None => last_unit(&tokens),
        };
        if bracket_unit.is_none()
            && let Some(meaning) = self.meaning(header)
        {
            let alone = self.substance(header.trim(), capitals);
            let elemental = alone.is_some() && header.trim().len() > 1;
            if !elemental {
                return HeaderGuess {
                    meaning: Some(meaning.into()),
                    unit,
                    ..HeaderGuess::default()
                };
            }
        }
        let rest: Vec<&str> = tokens
            .iter()
            .enumerate()
            .filter(|(at, _)| !unit_at.contains(at))
            .map(|(_, token)| *token)
            .collect();
        let words = rest.join(" ");
        let meaning = self.meaning(&words).or_else(|| self.meaning(&text)).map(str::to_owned);
        // one letter without a unit is a direction before it is an element
        let direction = unit.is_none() && words.chars().count() == 1 && meaning.is_some();
        let grade = unit.is_none_or(|u| u.dimension() == Dimension::MassFraction);
        if grade
            && !direction
            && let Some((substance, method)) = self.analysed(&rest, capitals, unit.is_some())
        {
            return HeaderGuess {
                substance: Some(substance),
                unit,
                method,
                ..HeaderGuess::default()
            };
        }
        HeaderGuess { meaning, unit, ..HeaderGuess::default() }
    }

    /// What a single symbol is in a column of grades.
    pub(crate) fn graded(&self, header: &str, capitals: bool) -> Option<HeaderGuess> {
        let substance = self.substance(header.trim(), capitals)?;
        Some(HeaderGuess { substance: Some(substance), ..HeaderGuess::default() })
    }

    /// A header that names a coordinate system and an axis of it.
    fn coordinate(&self, header: &str) -> Option<HeaderGuess> {
        const AXES: [&str; 4] = ["x", "y", "lon", "lat"];
        let named = super::system::named(header, self.references)?;
        let axis = |word: &str| self.meaning(word).filter(|m| AXES.contains(m)).map(str::to_owned);
        let whole = [named.rest.join(" "), named.rest.join("-"), named.rest.join("_")];
        let word =
            whole.iter().find_map(|w| axis(w)).or_else(|| named.rest.iter().find_map(|w| axis(w)));
        let letter = || named.rest.iter().find_map(|w| super::system::letter(w));
        let meaning =
            word.or_else(|| letter().map(|north| if north { "y" } else { "x" }.into()))?;
        Some(HeaderGuess { meaning: Some(meaning), system: named.epsg, ..HeaderGuess::default() })
    }

    /// Substance and method of the words of a header.
    fn analysed(
        &self,
        words: &[&str],
        capitals: bool,
        has_unit: bool,
    ) -> Option<(String, Option<String>)> {
        let words: Vec<&str> = words.iter().copied().filter(|w| !is_filler(w)).collect();
        let (first, rest) = words.split_first()?;
        // laboratories put the method before or behind the element
        let (substance, others) = match self.substance(first, capitals) {
            Some(substance) => (substance, rest.to_vec()),
            None => {
                let (last, before) = rest.split_last()?;
                let is_method = before.is_empty() && looks_like_method(first);
                (self.substance(last, capitals).filter(|_| is_method)?, vec![*first])
            }
        };
        if others.is_empty() {
            let word = first.chars().count() > 2 && Element::from_symbol(first).is_none();
            let plain_word = word && substance.as_str() != *first && !capitals;
            return (has_unit || !plain_word).then_some((substance, None));
        }
        others.iter().all(|m| looks_like_method(m)).then(|| (substance, Some(others.join(" "))))
    }

    fn substance(&self, word: &str, capitals: bool) -> Option<String> {
        let common = |e: &Element| {
            // noble gases, "No" for number and what decays before it reaches a laboratory
            let never = ["He", "Ne", "Ar", "Kr", "Xe", "Rn", "No", "At", "Po", "Fr", "Ac", "Pa"];
            e.atomic_number() <= 92 && !never.contains(&e.symbol())
        };
        if let Some(element) = Element::from_symbol(word).filter(common) {
            return Some(element.symbol().to_owned());
        }
        let found = COMPOUNDS.iter().find(|c| **c == word || capitals && c.to_uppercase() == word);
        if let Some(compound) = found {
            return Some((*compound).to_owned());
        }
        if capitals && word.len() == 2 && word.is_ascii() {
            let symbol = format!("{}{}", &word[..1], word[1..].to_lowercase());
            if let Some(element) = Element::from_symbol(&symbol).filter(common) {
                return Some(element.symbol().to_owned());
            }
        }
        let references = self.references;
        if let Some(code) = references.defined_sum(word).or_else(|| references.mineral(word)) {
            return Some(code.to_owned());
        }
        let named = self.substances.get(&fold(word))?;
        Substance::parse(named, references).ok().map(|s| s.code().to_owned())
    }
}

/// Words that say only that a column holds grades.
fn is_filler(word: &str) -> bool {
    const FILLERS: &[&str] = &[
        "total",
        "tot",
        "grade",
        "content",
        "halt",
        "pitoisuus",
        "innhold",
        "gehalt",
        "indhold",
        "styrkur",
        "gehalter",
        "halter",
    ];
    FILLERS.contains(&word.trim_end_matches('.').to_lowercase().as_str())
}

/// `Cu-gehalt` as `Cu`.
fn without_filler(word: &str) -> Option<&str> {
    match word.rsplit_once('-') {
        Some((substance, filler)) if is_filler(filler) => Some(substance),
        _ => Some(word),
    }
}

/// Lower case, single spaces, underscores as spaces.
fn fold(text: &str) -> String {
    header_key(&text.replace(['_', '.'], " "))
}

/// The header without its first bracket, and what stood in it.
fn without_brackets(header: &str) -> (String, Option<String>) {
    for (open, close) in [('(', ')'), ('[', ']')] {
        if let Some(start) = header.find(open)
            && let Some(length) = header[start..].find(close)
        {
            let inner = header[start + 1..start + length].trim().to_owned();
            let rest = format!("{} {}", &header[..start], &header[start + length + 1..]);
            return (rest.trim().to_owned(), Some(inner));
        }
    }
    (header.trim().to_owned(), None)
}

/// A unit as headers write it: `pct`, `gpt` and `g_t` besides what units are anywhere.
pub(crate) fn unit_of(text: &str) -> Option<Unit> {
    let plain = text.trim().to_lowercase();
    let known = match plain.as_str() {
        "perc" | "procent" | "prosentti" | "prosent" => "%",
        "g t" | "g_t" => "g/t",
        "mg kg" | "mg_kg" => "mg/kg",
        "mton" | "miljoner ton" | "milj.t" => "Mt",
        _ => text,
    };
    Unit::parse(known).ok()
}

/// The last words that are a unit, and where they stand: `milj. ton` before `ton`.
fn last_unit(tokens: &[&str]) -> (Option<Unit>, std::ops::Range<usize>) {
    let nowhere = tokens.len()..tokens.len();
    if tokens.len() < 2 {
        // "TiO2%" without a space
        let unit = tokens.first().and_then(|t| t.ends_with('%').then(|| unit_of("%")).flatten());
        return (unit, nowhere);
    }
    for start in 1..tokens.len() {
        if let Some(unit) = unit_of(&tokens[start..].join(" ")).filter(|_| start + 1 < tokens.len())
        {
            return (Some(unit), start..tokens.len());
        }
    }
    for at in (1..tokens.len()).rev() {
        // a single letter is an element or a direction unless it is a unit of length or mass
        let single = tokens[at].len() == 1 && !matches!(tokens[at], "m" | "t" | "%");
        if !single && let Some(unit) = unit_of(tokens[at]) {
            return (Some(unit), at..at + 1);
        }
    }
    (None, nowhere)
}

/// Codes such as `511P`, `ME-MS61`, `ICP`, `XRF`, `AR`.
pub(crate) fn looks_like_method(word: &str) -> bool {
    let known = [
        "XRF",
        "ICP",
        "ICPMS",
        "ICP-MS",
        "ICPAES",
        "ICP-AES",
        "ICP-OES",
        "INAA",
        "AAS",
        "FA",
        "AR",
        "4A",
        "LECO",
        "PXRF",
        "LA-ICP-MS",
        "IC",
        "MS",
        "AES",
        "OES",
    ];
    let upper = word.to_uppercase();
    if known.contains(&upper.as_str()) {
        return true;
    }
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let letters = word.bytes().filter(u8::is_ascii_uppercase).count();
    let others = word.chars().any(|c| !c.is_ascii_uppercase() && !c.is_ascii_digit() && c != '-');
    !others && letters >= 1 && (digits >= 2 || word.contains('-') && letters >= 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(
        header: &str,
    ) -> (Option<String>, Option<String>, Option<&'static str>, Option<String>) {
        let references = References::embedded();
        let guess = Vocabulary::new(&references).read(header, false);
        (guess.meaning, guess.substance, guess.unit.map(Unit::symbol), guess.method)
    }

    fn assay(header: &str) -> (String, Option<&'static str>, Option<String>) {
        let (meaning, substance, unit, method) = read(header);
        assert_eq!(meaning, None, "{header}");
        (substance.unwrap_or_else(|| panic!("{header} is no assay")), unit, method)
    }

    #[test]
    fn assay_columns_tell_element_unit_and_method() {
        assert_eq!(assay("Cu_ppm"), ("Cu".into(), Some("ppm"), None));
        assert_eq!(assay("Cu (ppm)"), ("Cu".into(), Some("ppm"), None));
        assert_eq!(assay("Cu [mg/kg]"), ("Cu".into(), Some("ppm"), None));
        assert_eq!(assay("TiO2 %"), ("TiO2".into(), Some("%"), None));
        assert_eq!(assay("Fe_pct"), ("Fe".into(), Some("%"), None));
        assert_eq!(assay("Au_gpt"), ("Au".into(), Some("ppm"), None));
        assert_eq!(assay("Ni_511P"), ("Ni".into(), None, Some("511P".into())));
        assert_eq!(assay("ME-MS61 Cu ppm"), ("Cu".into(), Some("ppm"), Some("ME-MS61".into())));
        assert_eq!(assay("Al_XRF"), ("Al".into(), None, Some("XRF".into())));
        assert_eq!(assay("WO3"), ("WO3".into(), None, None));
        assert_eq!(assay("Halt Cu (%)"), ("Cu".into(), Some("%"), None));
        assert_eq!(assay("Cu-gehalt"), ("Cu".into(), None, None));
        assert_eq!(assay("Co-pitoisuus ppm"), ("Co".into(), Some("ppm"), None));
    }

    #[test]
    fn header_words_are_known_in_six_languages() {
        for (header, meaning) in [
            ("Sample ID", "sample"),
            ("Provnr", "sample"),
            ("Näytetunnus", "sample"),
            ("Prøvenummer", "sample"),
            ("Sýni", "sample"),
            ("Kaivos", "site"),
            ("Gruve", "site"),
            ("Mängd", "mass"),
            ("Rúmmál", "volume"),
            ("Pinta-ala (ha)", "area"),
            ("Volym m3", "volume"),
            ("tonnage_t", "mass"),
            ("from_m", "from"),
            ("HOLE_ID", "hole"),
        ] {
            assert_eq!(read(header).0.as_deref(), Some(meaning), "{header}");
        }
    }

    #[test]
    fn coordinates_tell_their_axis_and_their_system() {
        let references = References::embedded();
        let vocabulary = Vocabulary::new(&references);
        for (header, meaning, system) in [
            ("N (SWEREF99TM)", "y", Some(3006)),
            ("E (SWEREF99TM)", "x", Some(3006)),
            ("N-koordinat SWEREF 99 TM", "y", Some(3006)),
            ("I (ETRS-TM35FIN)", "x", Some(3067)),
            ("P-koordinaatti (ETRS-TM35FIN)", "y", Some(3067)),
            ("UTM33 Øst", "x", Some(25_833)),
            ("Nord (UTM 32N)", "y", Some(25_832)),
            ("Østkoordinat, EUREF89 UTM sone 32", "x", Some(25_832)),
            ("Norður (ISN93)", "y", Some(3057)),
            ("Breddegrad WGS84", "lat", Some(4326)),
            ("Longitud (WGS 84)", "lon", Some(4326)),
            ("N (meter)", "y", None),
        ] {
            let guess = vocabulary.read(header, false);
            assert_eq!(guess.meaning.as_deref(), Some(meaning), "{header}");
            assert_eq!((guess.system, guess.substance), (system, None), "{header}");
        }
    }

    #[test]
    fn units_of_several_words_are_read_whole() {
        for (header, meaning, unit) in [
            ("Mängd, milj. ton", "mass", "Mt"),
            ("Mängd (1000 ton)", "mass", "kt"),
            ("Volym milj. m3", "volume", "Mm3"),
            ("Tilavuus (milj. m³)", "volume", "Mm3"),
            ("Mengde mill. tonn", "mass", "Mt"),
            ("Rúmmál (þús. m3)", "volume", "1000 m3"),
            ("Pinta-ala ha", "area", "ha"),
        ] {
            let (found, substance, in_header, _) = read(header);
            assert_eq!((found.as_deref(), in_header), (Some(meaning), Some(unit)), "{header}");
            assert_eq!(substance, None, "{header}");
        }
    }

    #[test]
    fn words_are_not_taken_for_elements() {
        for header in ["No", "X", "Y", "N", "E", "At", "Dip", "Comment", "N (meter)", "Y (m)"] {
            assert_eq!(read(header).1, None, "{header}");
        }
        let references = References::embedded();
        let vocabulary = Vocabulary::new(&references);
        assert_eq!(vocabulary.read("CU", true).substance.as_deref(), Some("Cu"));
        assert_eq!(vocabulary.read("TIO2", true).substance.as_deref(), Some("TiO2"));
        assert_eq!(vocabulary.read("CO", true).substance.as_deref(), Some("Co"));
    }
}
