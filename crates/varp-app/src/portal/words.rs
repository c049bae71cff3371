//! Words that come from the engine and from reference files, in the languages of the portal.

use std::collections::HashMap;
use std::sync::LazyLock;

use maud::{Markup, html};

use super::language::Language;
use super::view::View;

/// A line a word: English, then the other languages of [`Language::ALL`] by the names of the first line.
const FILE: &str = include_str!("../../messages/words.tsv");

static WORDS: LazyLock<HashMap<&str, [&str; Language::ALL.len()]>> = LazyLock::new(|| {
    let mut lines = FILE.lines().map(|line| line.split('\t'));
    let codes: Vec<&str> = lines.next().map(Iterator::collect).unwrap_or_default();
    let column = |language: Language| codes.iter().position(|code| *code == language.code());
    lines
        .map(|cells| {
            let cells: Vec<&str> = cells.collect();
            let own = |language| column(language).and_then(|at| cells.get(at)).copied();
            (cells[0], Language::ALL.map(|language| own(language).unwrap_or_default()))
        })
        .collect()
});

/// The word in a language, if somebody translated it.
pub fn translated(word: &str, language: Language) -> Option<&'static str> {
    let all = WORDS.get(word)?;
    Some(all[language as usize]).filter(|own| !own.is_empty())
}

impl View<'_> {
    /// A word of the engine as part of the page; one without translation is marked as English.
    pub fn word(&self, word: &str) -> Markup {
        match translated(word, self.language) {
            Some(own) => html! { (own) },
            None if self.language == Language::En => html! { (word) },
            None => html! { span lang="en" { (word) } },
        }
    }

    /// A word of the engine as plain text, for attributes and sentences.
    pub fn word_text<'b>(&self, word: &'b str) -> &'b str {
        translated(word, self.language).unwrap_or(word)
    }
}

#[cfg(test)]
mod tests {
    use varp_engine::classify::RuleSet;
    use varp_engine::duty::{Duties, Group, Protocol};
    use varp_engine::rank::criteria::{self, CriteriaDocument};
    use varp_model::{BodyKind, Country, References};

    use super::*;

    #[test]
    fn every_line_has_all_languages() {
        for (word, own) in WORDS.iter() {
            assert!(own.iter().all(|w| !w.is_empty()), "{word}: {own:?}");
        }
    }

    #[test]
    fn what_reference_files_say_on_pages_is_translated() {
        let mut said: Vec<String> = Vec::new();
        said.extend(References::embedded().properties.iter().map(|p| p.en.clone()));
        let rules = RuleSet::embedded();
        said.extend(rules.categories.iter().map(|c| c.means.clone()));
        said.extend(rules.rules.iter().map(|r| r.says.clone()));
        said.extend(rules.steps.iter().map(|s| s.code.clone()));
        said.extend(rules.facts.iter().map(|f| f.factor.clone()));
        let duties = Duties::embedded();
        let today = jiff::civil::date(2027, 1, 1);
        for duty in ["operator study", "state database"] {
            said.extend(duties.calendar(duty, today).iter().map(|(d, _)| d.what.clone()));
        }
        let sweden: Country = "SE".parse().unwrap();
        for kind in &References::embedded().lists["body_kinds"].codes {
            said.push(duties.standing(&BodyKind(kind.code.clone()), sweden).ground);
        }
        said.extend(duties.contents().iter().map(|c| c.item.clone()));
        said.extend(duties.study().iter().map(|c| c.item.clone()));
        said.extend(Protocol::embedded().questions.iter().map(|q| q.asks.clone()));
        said.extend(Group::ALL.map(|group| group.word().to_owned()));
        for group in &CriteriaDocument::parse(criteria::DEFAULT).unwrap().groups {
            said.extend([group.name.clone(), group.note.clone()]);
        }
        said.retain(|text| !text.is_empty());
        let mut missing: Vec<_> =
            said.iter().filter(|w| translated(w, Language::Fi).is_none()).collect();
        missing.sort();
        missing.dedup();
        assert!(missing.is_empty(), "lines to add to messages/words.tsv: {missing:#?}");
    }
}
