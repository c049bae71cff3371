//! What a screen reader finds in the file: language, title, headings in order, words for figures, headers of
//! tables.

use std::collections::BTreeMap;

use varp_report::to_pdf;

use super::pdf::report;

/// Objects of a file by number.
struct Objects(BTreeMap<u32, String>);

impl Objects {
    fn of(pdf: &[u8]) -> Self {
        let text = String::from_utf8_lossy(pdf);
        let object = |part: &str| {
            let (head, body) = part.split_once(" 0 obj")?;
            let number = head.rsplit(['\n', '\r', ' ']).next()?.parse().ok()?;
            Some((number, body.to_owned()))
        };
        Self(text.split("endobj").filter_map(object).collect())
    }

    /// Elements of the structure below one, in reading order: role and object.
    fn walk(&self, number: u32, found: &mut Vec<(String, u32)>) {
        let body = &self.0[&number];
        let Some((_, role)) = body.split_once("/S/") else { return };
        let role: String = role.chars().take_while(char::is_ascii_alphanumeric).collect();
        found.push((role, number));
        let Some((_, kids)) = body.split_once("/K[") else { return };
        let kids = kids.split(']').next().unwrap_or_default();
        let words: Vec<&str> = kids.split_whitespace().collect();
        for three in words.windows(3).filter(|three| three[1..] == ["0", "R"]) {
            let Ok(kid) = three[0].parse() else { continue };
            if self.0.get(&kid).is_some_and(|body| body.contains("/StructElem")) {
                self.walk(kid, found);
            }
        }
    }

    fn elements(&self) -> Vec<(String, u32)> {
        let is_root = |body: &&String| body.contains("/S/Document");
        let (root, _) = self.0.iter().find(|(_, body)| is_root(body)).expect("there is a document");
        let mut found = Vec::new();
        self.walk(*root, &mut found);
        found
    }
}

#[test]
fn a_screen_reader_finds_language_title_headings_figures_and_tables() {
    let pdf = to_pdf(&report(40)).unwrap();
    let objects = Objects::of(&pdf);
    let catalog = objects.0.values().find(|o| o.contains("/Type/Catalog")).unwrap();
    for part in ["/Lang(en)", "/DisplayDocTitle true", "/Marked true", "/Outlines"] {
        assert!(catalog.contains(part), "{part} is not in {catalog}");
    }
    let metadata = objects.0.values().find(|o| o.contains("pdfuaid:part")).unwrap();
    assert!(metadata.contains("Study of a pond"), "the title is in the metadata");
    let elements = objects.elements();
    let levels: Vec<u32> = elements
        .iter()
        .filter_map(|(role, _)| role.strip_prefix('H').and_then(|level| level.parse().ok()))
        .collect();
    assert_eq!(levels[0], 1, "the title comes first");
    assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1);
    assert!(levels.windows(2).all(|two| two[1] <= two[0] + 1), "no level is skipped: {levels:?}");
    let of = |wanted: &str| -> Vec<&String> {
        elements.iter().filter(|(role, _)| role == wanted).map(|(_, n)| &objects.0[n]).collect()
    };
    let (figures, headers) = (of("Figure"), of("TH"));
    assert_eq!(figures.len(), 1);
    assert!(figures.iter().all(|figure| figure.contains("/Alt")));
    assert!(headers.len() >= 2 && headers.iter().all(|header| header.contains("/Scope/")));
    for (table, part) in [("Table", 1), ("THead", 1), ("TBody", 1), ("Caption", 2)] {
        assert_eq!(of(table).len(), part, "{table}");
    }
    assert_eq!(of("LBody").len(), of("LI").len(), "each item of a list has a body");
    assert!(!of("Link").is_empty());
    let pages = objects.0.values().filter(|o| o.contains("/Type/Page/"));
    assert!(pages.into_iter().all(|page| page.contains("/Tabs/S")), "tabs follow the structure");
}

#[test]
fn a_heading_stays_with_the_figure_below_it() {
    for rows in 20..70 {
        let mut long = report(rows);
        let figure = long.blocks.pop().unwrap();
        long.push(varp_report::Block::heading(1, "Contained"));
        long.push(figure);
        let objects = Objects::of(&to_pdf(&long).unwrap());
        let elements = objects.elements();
        let page = |role: &str| {
            let (_, number) = elements.iter().rfind(|(own, _)| own == role).unwrap();
            let (_, page) = objects.0[number].split_once("/Pg ").unwrap();
            page.split_whitespace().next().unwrap().to_owned()
        };
        assert_eq!(page("H2"), page("Figure"), "{rows} rows");
    }
}
