//! Names of mines: folded to letters that all spellings share, and cut into tokens.

/// A name, folded and cut.
#[derive(Clone, Debug, PartialEq, Default)]
pub(crate) struct Name {
    /// Words that name the place.
    pub(crate) tokens: Vec<String>,
    /// Words that tell parts of one place apart: `norra`, `east`, `2`, `b`.
    pub(crate) parts: Vec<String>,
}

/// Words that say only that it is a mine, and of what.
const FILLERS: &[&str] = &[
    "mine",
    "mines",
    "deposit",
    "deposits",
    "project",
    "property",
    "properties",
    "prospect",
    "occurrence",
    "gruva",
    "gruvan",
    "gruvor",
    "gruvorna",
    "gruvfalt",
    "gruvfaltet",
    "faltet",
    "falt",
    "gruve",
    "gruver",
    "gruben",
    "grube",
    "gruber",
    "kaivos",
    "kaivoksen",
    "kaivosalue",
    "esintyma",
    "mina",
    "nama",
    "forekomst",
    "fyndighet",
    "malmfalt",
    "field",
    "area",
    "group",
    "intrusion",
    "complex",
    "showing",
    "tailings",
    "nickel",
    "coper",
    "zink",
    "zinc",
    "lithium",
    "gold",
    "kopar",
    "kober",
    "ni",
    "cu",
    "co",
    "zn",
    "pb",
    "au",
    "ag",
    "pge",
    "pgm",
    "fe",
    "ti",
    "v",
    "li",
    "platinum",
    "the",
    "of",
    "and",
    "och",
    "og",
    "ja",
    "claim",
    "claims",
    "areas",
    "sandmagasin",
    "sandmagasinet",
    "magasin",
    "magasinet",
    "klarningsmagasin",
    "dam",
    "damen",
    "avgang",
    "avgangsdeponi",
    "deponi",
    "deponiet",
    "rikastushieka",
    "hiekaalue",
    "alas",
    "altat",
    "sivukivi",
    "sivukivikasa",
    "kasa",
    "laskautusalas",
    "varp",
    "varphog",
    "varphogen",
    "hog",
    "hogar",
    "slagvarp",
    "slag",
    "gruvavfal",
    "avfal",
    "avfalsanlagning",
    "gruvavfalsanlagning",
    "graberg",
    "grabergstip",
    "tip",
    "uplag",
    "pond",
    "dump",
    "heap",
    "waste",
    "rock",
    "storage",
    "facility",
    "finland",
    "sweden",
    "norway",
    "grenland",
    "denmark",
    "iceland",
    "suomi",
    "sverige",
    "norge",
];

/// Words that tell parts of one place apart, folded.
const PARTS: &[&str] = &[
    "north", "south", "east", "west", "nora", "sodra", "ostra", "vastra", "nore", "sore", "ostre",
    "vestre", "nordre", "sondre", "pohjois", "etela", "ita", "lansi", "yla", "ala", "upper",
    "lower", "ovre", "nedre", "stora", "lila", "store", "lile", "iso", "piku", "gamle", "gamla",
    "vanha", "nya", "ny", "usi", "old", "new", "lc", "uc", "ulc", "main", "central", "inre",
    "ytre",
];

/// Letters without accents, with the two-letter spellings of å, ä, æ, ö and ø made one, and each
/// doubled letter once: `Flåt`, `Flaat` and `Flatt` are `flat`.
pub fn folded(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let letters: Vec<char> = text.chars().collect();
    for (at, &c) in letters.iter().enumerate() {
        let next = letters.get(at + 1).copied();
        // `á` before a capital or a sign is a hard space of DOS, read as Windows-1252
        let lost_space = c == 'á'
            && next.is_none_or(|n| {
                n.is_uppercase() || n.is_ascii_digit() || !n.is_alphabetic() || n == 'á'
            });
        if lost_space {
            plain.push(' ');
            continue;
        }
        for lower in c.to_lowercase() {
            match lower {
                'å' | 'ä' | 'á' | 'à' | 'â' | 'æ' | 'ã' => plain.push('a'),
                'ö' | 'ø' | 'ó' | 'ò' | 'ô' | 'õ' | '°' | 'œ' => plain.push('o'),
                'é' | 'è' | 'ê' | 'ë' => plain.push('e'),
                'í' | 'ì' | 'î' | 'ï' => plain.push('i'),
                'ú' | 'ù' | 'û' | 'ü' => plain.push('u'),
                'ý' | 'ÿ' => plain.push('y'),
                'ð' => plain.push('d'),
                'þ' => plain.push_str("th"),
                'š' => plain.push('s'),
                'č' | 'ç' => plain.push('c'),
                'ž' => plain.push('z'),
                'ŋ' | 'ñ' => plain.push('n'),
                'đ' => plain.push('d'),
                'ß' => plain.push('s'),
                '\'' | '’' | '´' | '`' => {}
                other => plain.push(other),
            }
        }
    }
    let joined = plain.replace("ae", "a").replace("oe", "o").replace("aa", "a").replace("oy", "o");
    let mut single = String::with_capacity(joined.len());
    for c in joined.chars() {
        if !(c.is_alphabetic() && single.ends_with(c)) {
            single.push(c);
        }
    }
    single
}

impl Name {
    pub(crate) fn new(text: &str) -> Self {
        let folded = folded(text);
        let mut name = Self::default();
        let mut fillers = Vec::new();
        let words = folded.split(|c: char| !(c.is_alphanumeric() || c == '\u{fffd}'));
        for word in words.filter(|w| !w.is_empty()) {
            let numbering = word.chars().count() == 1 || word.chars().all(|c| c.is_ascii_digit());
            if numbering || PARTS.contains(&word) {
                name.parts.push(word.to_owned());
            } else if FILLERS.contains(&word) {
                fillers.push(word.to_owned());
            } else {
                name.tokens.push(ending_cut(word));
            }
        }
        if name.tokens.is_empty() {
            // a place that is called by such a word only
            name.tokens =
                if fillers.is_empty() { std::mem::take(&mut name.parts) } else { fillers };
        }
        name
    }
}

/// A word without an ending that only says "mine": `Backegruvan` and `Backe` are one.
fn ending_cut(word: &str) -> String {
    for ending in ["gruvorna", "gruvan", "gruvor", "gruva", "gruven", "gruve", "kaivos", "faltet"] {
        if let Some(stem) = word.strip_suffix(ending)
            && stem.chars().count() >= 4
        {
            return stem.to_owned();
        }
    }
    word.to_owned()
}

/// First letter and consonants: the same for most misspellings of one word.
pub(crate) fn skeleton(token: &str) -> String {
    let consonant = |c: &char| !matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | '\u{fffd}' | 'h');
    let mut letters = token.chars();
    let first = letters.next().into_iter();
    let mut key: String = first.chain(letters.filter(consonant)).collect();
    key.truncate(key.floor_char_boundary(6));
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_fold_together() {
        for (a, b) in [
            ("Flåt", "Flaat"),
            ("Kylmäkoski", "Kylmaekoski"),
            ("Løkken", "Lokken"),
            ("Yxsjöberg", "YXSJÖBERG"),
            ("Brännorna", "Brannorna"),
            ("Kerettti", "Keretti"),
            ("S°ndre Sermilik", "Søndre Sermilik"),
            ("CitronenáFjord", "Citronen Fjord"),
        ] {
            assert_eq!(folded(a), folded(b), "{a} {b}");
        }
    }

    #[test]
    fn words_for_mine_are_no_part_of_a_name() {
        assert_eq!(Name::new("Hitura Nickel Mine").tokens, ["hitura"]);
        assert_eq!(Name::new("Kleva gruva").tokens, Name::new("Kleva").tokens);
        assert_eq!(Name::new("Backegruvan").tokens, ["backe"].map(folded));
        assert_eq!(Name::new("Norra Asen 2").parts, ["nora", "2"]);
    }

    #[test]
    fn misspelt_words_share_their_skeleton() {
        assert_eq!(skeleton("hautalampi"), skeleton("huatalampi"));
        assert_eq!(skeleton("kevitsa"), skeleton("keivitsa"));
        assert_eq!(skeleton("kovera"), skeleton("kovero"));
    }
}
