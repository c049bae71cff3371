//! What the values of a column tell.

use std::collections::BTreeMap;

use varp_model::CellValue;

use super::vocabulary::HeaderGuess;
use crate::import::measured::{Marks, Side, split_bound};

/// A column of a preview: its header and what its cells look like.
#[derive(Clone, Debug, Default)]
pub(crate) struct Column {
    pub(crate) index: usize,
    pub(crate) header: String,
    pub(crate) guess: HeaderGuess,
    /// Cells that hold something.
    pub(crate) filled: usize,
    /// Cells that are numbers or bounds of numbers.
    pub(crate) numbers: usize,
    /// Numbers with one comma and no point, that are decimal for sure.
    pub(crate) commas: usize,
    /// Numbers with a point.
    pub(crate) points: usize,
    /// Numbers such as `1,407`, that can be read in two ways.
    pub(crate) unsure_commas: usize,
    /// Marks of laboratories and how often they stand.
    pub(crate) marks: BTreeMap<String, usize>,
    /// Zeros.
    pub(crate) zeros: usize,
    /// Negative numbers and how often each stands.
    pub(crate) negatives: BTreeMap<String, usize>,
    /// The numbers, read with a decimal point or comma as they come.
    pub(crate) values: Vec<f64>,
    /// Numbers with a unit behind them.
    pub(crate) units: usize,
    /// Different words, up to some.
    pub(crate) words: BTreeMap<String, usize>,
    /// Dates with slashes: day first for sure, month first for sure, unsure.
    pub(crate) slashes: (usize, usize, usize),
}

/// How many different words of a column are kept.
const WORDS: usize = 50;

impl Column {
    pub(crate) fn new(index: usize, header: &str, guess: HeaderGuess) -> Self {
        Self { index, header: header.to_owned(), guess, ..Self::default() }
    }

    /// Whether most of its cells are numbers.
    pub(crate) fn is_numeric(&self) -> bool {
        self.filled > 0 && self.numbers * 10 >= self.filled * 6
    }

    /// The meaning of the header.
    pub(crate) fn meaning(&self) -> &str {
        self.guess.meaning.as_deref().unwrap_or("")
    }

    /// The middle value.
    pub(crate) fn median(&self) -> Option<f64> {
        let mut sorted = self.values.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied()
    }

    /// Takes a cell into account.
    pub(crate) fn add(&mut self, cell: &CellValue) {
        match cell {
            CellValue::Empty | CellValue::Geometry(_) | CellValue::Error(_) => {}
            CellValue::Number(number) => {
                self.filled += 1;
                self.number(*number, &crate::import::cell::number_text(*number));
            }
            CellValue::Date(_) | CellValue::Bool(_) => self.filled += 1,
            CellValue::Text(text) => {
                let text = crate::import::cell::trim(text);
                if !text.is_empty() {
                    self.filled += 1;
                    self.text(text);
                }
            }
        }
    }

    fn number(&mut self, number: f64, text: &str) {
        self.numbers += 1;
        self.values.push(number);
        if number == 0.0 {
            self.zeros += 1;
        } else if number < 0.0 {
            *self.negatives.entry(text.to_owned()).or_default() += 1;
        }
    }

    fn text(&mut self, text: &str) {
        let lower = text.to_lowercase();
        if Marks::ALWAYS_MISSING.contains(&lower.as_str()) {
            self.filled -= 1;
            return;
        }
        let fixed = Marks::ALWAYS_BELOW.contains(&lower.as_str());
        if Marks::AMBIGUOUS.contains(&lower.as_str()) || fixed {
            self.numbers += 1;
            if !fixed {
                *self.marks.entry(text.to_owned()).or_default() += 1;
            }
            return;
        }
        self.slashed(text);
        let bare = split_bound(text).1.trim_start_matches('~').trim();
        match (bare.matches(',').count(), bare.matches('.').count()) {
            (1, 0) if is_number(&bare.replace(',', ".")) => {
                let decimals = bare.len() - bare.find(',').unwrap_or(0) - 1;
                if decimals == 3 && !bare.starts_with("0,") {
                    self.unsure_commas += 1;
                } else {
                    self.commas += 1;
                }
                self.number_text(&bare.replace(',', "."), text);
            }
            (_, 1) if is_number(bare) => {
                self.points += 1;
                self.number_text(bare, text);
            }
            (0, 0) if is_number(&bare.replace([' ', '\u{a0}'], "")) => {
                self.number_text(&bare.replace([' ', '\u{a0}'], ""), text);
            }
            _ if self.with_unit(text) => {}
            _ => {
                if self.words.len() < WORDS || self.words.contains_key(text) {
                    *self.words.entry(text.to_owned()).or_default() += 1;
                }
            }
        }
    }

    /// A number or range with a unit behind it, such as `0,5-1,0 %` and `ca 1,2 milj. ton`.
    fn with_unit(&mut self, text: &str) -> bool {
        let start = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
        let (digits, unit) = crate::import::measured::split_unit(&text[start..]);
        let known =
            varp_model::multiplier(unit).is_some() || super::vocabulary::unit_of(unit).is_some();
        // a word before the digits says "about"; a name with a number is no quantity
        let about = start <= 6 && !text[..start].ends_with(|c: char| c.is_alphabetic());
        if digits.is_empty() || !known || !about {
            return false;
        }
        self.numbers += 1;
        self.units += 1;
        if digits.matches(',').count() == 1 && !digits.contains('.') {
            self.commas += 1;
        }
        true
    }

    fn number_text(&mut self, plain: &str, text: &str) {
        match plain.parse() {
            Ok(number) if split_bound(text).0 == Side::At => self.number(number, text),
            _ => self.numbers += 1,
        }
    }

    fn slashed(&mut self, text: &str) {
        let parts: Vec<&str> = text.split('/').collect();
        let [a, b, year] = parts.as_slice() else { return };
        let (Ok(a), Ok(b), 4) = (a.parse::<u32>(), b.parse::<u32>(), year.len()) else { return };
        match (a, b) {
            (13.., _) => self.slashes.0 += 1,
            (_, 13..) => self.slashes.1 += 1,
            _ => self.slashes.2 += 1,
        }
    }
}

fn is_number(text: &str) -> bool {
    text.parse::<f64>().is_ok_and(f64::is_finite)
        && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'))
}
