//! Coordinate systems that headers name: `N (SWEREF99TM)`, `UTM33 Øst`, `X-koord RT90 2,5 gon V`.

use varp_model::References;

/// A header that names a coordinate system.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Named {
    /// EPSG code, where the name is that of one system.
    pub(crate) epsg: Option<u16>,
    /// The words of the header without the name.
    pub(crate) rest: Vec<String>,
}

/// Names besides those of the list of systems, letters and digits only; without a code they say
/// only that the column is one of coordinates.
const NAMES: &[(&str, Option<u16>)] = &[
    ("swereftm", Some(3006)),
    ("sweref99tm", Some(3006)),
    ("sweref99", None),
    ("sweref", None),
    ("rt9025gv", Some(3021)),
    ("rt9025", Some(3021)),
    ("rt90", None),
    ("tm35fin", Some(3067)),
    ("tm35", Some(3067)),
    ("etrs89tm35fin", Some(3067)),
    ("eureffintm35fin", Some(3067)),
    ("eureffin", None),
    ("kkjykj", Some(2393)),
    ("ykj", Some(2393)),
    ("kkj", None),
    ("isn93", Some(3057)),
    ("isn1993", Some(3057)),
    ("isn2004", Some(5325)),
    ("isn2016", Some(8088)),
    ("wgs84", Some(4326)),
    ("etrs89", None),
    ("euref89", None),
    ("utm", None),
];

/// Most words of a name.
const LONGEST: usize = 6;

/// The system that a header names and what else it says; `None` where it names none, or nothing
/// else.
pub(crate) fn named(header: &str, references: &References) -> Option<Named> {
    let lower = header.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    for length in (1..=LONGEST.min(words.len())).rev() {
        for start in 0..=words.len() - length {
            let name = words[start..start + length].concat();
            if let Some(epsg) = system(&name, references) {
                let rest = words[..start].iter().chain(&words[start + length..]);
                let rest: Vec<String> = rest.map(|w| (*w).to_owned()).collect();
                return (!rest.is_empty()).then_some(Named { epsg, rest });
            }
        }
    }
    None
}

/// The code of a name, letters and digits only; `Some(None)` for a name that several systems have.
fn system(name: &str, references: &References) -> Option<Option<u16>> {
    if let Some((_, epsg)) = NAMES.iter().find(|(known, _)| *known == name) {
        return Some(*epsg);
    }
    let plain = |text: &str| -> String {
        text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
    };
    let entry = references.crs.iter().find(|e| plain(&e.name) == name);
    let code = name.strip_prefix("epsg").and_then(|digits| digits.parse().ok());
    let by_code = code.filter(|epsg| references.crs_entry(*epsg).is_some());
    entry.map(|e| e.epsg).or(by_code).or_else(|| utm(name)).map(Some)
}

/// `utm33`, `utm33n`, `euref89utmsone33`, `wgs84utm33v`.
fn utm(name: &str) -> Option<u16> {
    let (datum, zone) = name.split_once("utm")?;
    let base = match datum {
        "" | "etrs89" | "euref89" | "etrs" | "euref" => 25_800,
        "wgs84" => 32_600,
        _ => return None,
    };
    let zone =
        ["zone", "sone", "sona", "zon"].iter().find_map(|w| zone.strip_prefix(w)).unwrap_or(zone);
    let digits = zone.trim_end_matches(['n', 'v', 'w']);
    digits.parse().ok().filter(|z| (19..=38).contains(z)).map(|z: u16| base + z)
}

/// Whether single letters mean an axis in a header that names a system; `true` is north.
pub(crate) fn letter(word: &str) -> Option<bool> {
    match word {
        "n" | "p" | "y" => Some(true),
        "e" | "i" | "ö" | "ø" | "o" | "x" | "a" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_are_known_by_the_names_that_headers_give_them() {
        let references = References::embedded();
        for (header, epsg, rest) in [
            ("N (SWEREF99TM)", Some(3006), "n"),
            ("SWEREF 99 TM Ö", Some(3006), "ö"),
            ("Northing_SWEREF99TM", Some(3006), "northing"),
            ("X (RT90 2,5 gon V)", Some(3021), "x"),
            ("ETRS-TM35FIN P", Some(3067), "p"),
            ("I-koordinaatti (ETRS-TM35FIN)", Some(3067), "i koordinaatti"),
            ("UTM33 Øst", Some(25_833), "øst"),
            ("Nord, EUREF89 UTM sone 32", Some(25_832), "nord"),
            ("Austur (ISN93)", Some(3057), "austur"),
            ("lat (WGS84)", Some(4326), "lat"),
            ("X SWEREF99 16 30", Some(3010), "x"),
            ("x [EPSG:3067]", Some(3067), "x"),
            ("N (SWEREF)", None, "n"),
        ] {
            let found = named(header, &references).unwrap_or_else(|| panic!("{header}"));
            assert_eq!((found.epsg, found.rest.join(" ").as_str()), (epsg, rest), "{header}");
        }
        for header in ["SWEREF99TM", "Cu_ppm", "N", "Mängd (Mt)"] {
            assert_eq!(named(header, &references), None, "{header}");
        }
    }
}
