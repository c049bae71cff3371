//! Search by words in names and aliases; accents and case are ignored.

use std::fmt::Write;

use rusqlite::Connection;
use rusqlite::types::Value;
use uuid::Uuid;
use varp_model::Visibility;

use super::Doing;
use super::page::Select;
use super::row::{Cells, level};
use crate::Result;
use crate::query::{Collection, SearchHit};

/// Kinds of rows in the table `word`: rowid = fid * 4 + kind.
pub(super) const SOURCE: i64 = 0;
pub(super) const SITE: i64 = 1;
pub(super) const BODY: i64 = 2;

/// Most candidates that are compared with the words typed.
const CANDIDATES: usize = 2000;

/// Letters that Unicode does not take apart into a letter and an accent.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'ø' => folded.push('o'),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ð' | 'đ' => folded.push('d'),
            'þ' => folded.push_str("th"),
            'ł' => folded.push('l'),
            'ŋ' => folded.push('n'),
            'ŧ' => folded.push('t'),
            'ß' => folded.push_str("ss"),
            other => folded.push(other),
        }
    }
    folded
}

/// The same with the accents of Nordic and common European letters taken off, to compare names.
fn plain(text: &str) -> String {
    fold(text)
        .chars()
        .map(|c| match c {
            'à'..='å' => 'a',
            'è'..='ë' => 'e',
            'ì'..='ï' => 'i',
            'ò'..='ö' => 'o',
            'ù'..='ü' => 'u',
            'ý' | 'ÿ' => 'y',
            'ç' | 'č' => 'c',
            'ñ' => 'n',
            'š' => 's',
            'ž' => 'z',
            other => other,
        })
        .collect()
}

/// The words typed, folded.
pub(super) fn words(text: &str) -> Vec<String> {
    fold(text)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The question to FTS5: all words, each as the beginning of one. `None` without any word.
fn question(text: &str) -> Option<String> {
    let mut question = String::new();
    for word in words(text).iter().take(16) {
        let _ = write!(question, "\"{word}\"* ");
    }
    (!question.is_empty()).then_some(question)
}

/// Rows whose names hold the words; without a word, none.
pub(super) fn condition(select: &mut Select, key: &str, kind: i64, text: &str) {
    match question(text) {
        Some(question) => select.that(
            format!(
                "{key} IN (SELECT rowid / 4 FROM word WHERE word MATCH ? AND rowid % 4 = {kind})"
            ),
            [question.into()],
        ),
        None => select.that("FALSE", []),
    }
}

/// Claims about sites and bodies whose names hold the words.
pub(super) fn subject_condition(select: &mut Select, text: &str) {
    match question(text) {
        Some(question) => select.that(
            format!(
                "(s.fid IN (SELECT rowid / 4 FROM word WHERE word MATCH ? AND rowid % 4 = {SITE})
                  OR b.fid IN (SELECT rowid / 4 FROM word WHERE word MATCH ? AND rowid % 4 = {BODY}))"
            ),
            std::iter::repeat_n(Value::from(question), 2),
        ),
        None => select.that("FALSE", []),
    }
}

/// Brings the words of a row up to date.
pub(super) fn refresh(connection: &Connection, kind: i64, fid: i64) -> Result<()> {
    let (table, columns) = match kind {
        SOURCE => ("source", "title, coalesce(authors, '')"),
        SITE => ("site", "name, coalesce(aliases, '')"),
        _ => ("body", "name, coalesce(aliases, '')"),
    };
    let rowid = fid * 4 + kind;
    connection
        .prepare_cached("DELETE FROM word WHERE rowid = ?1")
        .and_then(|mut s| s.execute([rowid]))
        .doing("forgetting words")?;
    let names: Vec<(String, String)> = connection
        .prepare_cached(&format!("SELECT {columns} FROM {table} WHERE fid = ?1"))
        .and_then(|mut s| s.query_map([fid], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
        .doing("reading names")?;
    for (name, aliases) in names {
        connection
            .prepare_cached("INSERT INTO word (rowid, name, aliases) VALUES (?1, ?2, ?3)")
            .and_then(|mut s| s.execute((rowid, fold(&name), fold(&aliases))))
            .doing("listing words")?;
    }
    Ok(())
}

/// Sites, bodies and sources by words, best first: the whole name, its beginning, a word in it,
/// another name.
pub(super) fn search(
    connection: &Connection,
    text: &str,
    limit: usize,
    audience: Visibility,
) -> Result<Vec<SearchHit>> {
    let Some(question) = question(text) else { return Ok(Vec::new()) };
    let typed = plain(text);
    let typed = typed.trim();
    let mut rows = candidates(connection, &format!("name : ^ {question}"))?;
    if rows.len() < CANDIDATES {
        rows.extend(candidates(connection, &question)?);
    }
    rows.sort_unstable();
    rows.dedup();
    let mut hits = Vec::new();
    for row in rows {
        if let Some(hit) = hit(connection, row, typed, audience)? {
            hits.push(hit);
        }
    }
    hits.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(hits.into_iter().take(limit).map(|(_, hit)| hit).collect())
}

fn candidates(connection: &Connection, question: &str) -> Result<Vec<i64>> {
    connection
        .prepare_cached(&format!("SELECT rowid FROM word WHERE word MATCH ?1 LIMIT {CANDIDATES}"))
        .and_then(|mut s| s.query_map([question], |row| row.get(0))?.collect())
        .doing("searching")
}

/// How well a hit fits: less is better; then kind, length and name.
type Fit = (u8, u8, usize, String);

fn hit(
    connection: &Connection,
    row: i64,
    typed: &str,
    audience: Visibility,
) -> Result<Option<(Fit, SearchHit)>> {
    let a = level(audience);
    let (fid, kind) = (row / 4, row % 4);
    let (collection, order, sql) = match kind {
        SOURCE => (
            Collection::Sources,
            2,
            format!("SELECT id, title, NULL, NULL FROM source WHERE fid = ?1 AND shown <= {a}"),
        ),
        SITE => (
            Collection::Sites,
            0,
            format!("SELECT id, name, aliases, country FROM site WHERE fid = ?1 AND shown <= {a}"),
        ),
        _ => (
            Collection::Bodies,
            1,
            format!(
                "SELECT b.id, b.name, b.aliases, s.country FROM body b JOIN site s ON s.id = b.site
                 WHERE b.fid = ?1 AND b.shown <= {a}"
            ),
        ),
    };
    let mut statement = connection.prepare_cached(&sql).doing("reading a hit")?;
    let mut rows = statement.query([fid]).doing("reading a hit")?;
    let Some(row) = rows.next().doing("reading a hit")? else { return Ok(None) };
    let mut cells = Cells::new(row, 0, "word");
    let id: Uuid = cells.uuid()?;
    let (name, aliases, country) = (cells.text()?, cells.list()?, cells.opt_word()?);
    let fit = |name: &str| fit(&plain(name), typed);
    let of_name = fit(&name);
    let best = aliases.into_iter().map(|alias| (fit(&alias) + 1, alias)).min();
    let (grade, alias) = match best {
        Some((grade, alias)) if grade < of_name => (grade, Some(alias)),
        _ => (of_name, None),
    };
    let fit = (grade, order, name.len(), name.clone());
    Ok(Some((fit, SearchHit { collection, id: id.to_string(), name, alias, country })))
}

fn fit(name: &str, typed: &str) -> u8 {
    if name == typed {
        0
    } else if name.starts_with(typed) {
        2
    } else if name.split(|c: char| !c.is_alphanumeric()).any(|word| word == typed) {
        4
    } else if name.contains(typed) {
        6
    } else {
        8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_hold_no_syntax_of_the_engine() {
        assert_eq!(
            question("Yxsjö \"OR\" NEAR(x*"),
            Some("\"yxsjö\"* \"or\"* \"near\"* \"x\"* ".into())
        );
        assert_eq!(question(" - *"), None);
    }

    #[test]
    fn nordic_letters_fold() {
        assert_eq!(plain("Grängesberg Bjørkåsen Ægir Þórr"), "grangesberg bjorkasen aegir thorr");
    }
}
