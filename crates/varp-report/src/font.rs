//! The letters: Noto Sans, from the crate `notosans`; widths and broken lines.

use std::ops::Range;

use skrifa::instance::{LocationRef, Size};
use skrifa::raw::FileRef;
use skrifa::{FontRef, MetadataProvider};

/// What stands for a letter that no font has.
const STRANGER: char = '?';

/// A font.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// Plain words.
    Regular,
    /// Strong words.
    Bold,
}

impl Face {
    /// All fonts.
    pub const ALL: [Self; 2] = [Self::Regular, Self::Bold];

    /// The file.
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Self::Regular => notosans::REGULAR_TTF,
            Self::Bold => notosans::BOLD_TTF,
        }
    }
}

/// A letter as it is drawn; its advance is a share of the size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Letter {
    /// Its font.
    pub face: Face,
    /// Its number in the font.
    pub glyph: u32,
    /// How far the next one stands.
    pub advance: f32,
}

/// The fonts, read once.
pub struct Fonts {
    fonts: [FontRef<'static>; 2],
}

impl Fonts {
    /// Reads the embedded fonts.
    pub fn new() -> Self {
        let read = |face: Face| match FileRef::new(face.bytes()) {
            Ok(FileRef::Font(font)) => font,
            _ => unreachable!("the embedded fonts are tested"),
        };
        Self { fonts: Face::ALL.map(read) }
    }

    /// The letter of a character in regular or bold, or its stand-in.
    pub fn letter(&self, character: char, strong: bool) -> Letter {
        let own = if strong { Face::Bold } else { Face::Regular };
        let character = match character {
            '\u{a0}' | '\t' | '\n' | '\r' => ' ',
            '₀'..='₉' => char::from(b'0' + (character as u32 - '₀' as u32) as u8), // the font has none
            other => other,
        };
        let found = self.find(own, character);
        found.or_else(|| self.find(own, STRANGER)).expect("the embedded fonts have a question mark")
    }

    fn find(&self, face: Face, character: char) -> Option<Letter> {
        let font = &self.fonts[face as usize];
        let glyph = font.charmap().map(character).filter(|g| g.to_u32() != 0)?;
        let metrics = font.glyph_metrics(Size::new(1.0), LocationRef::default());
        Some(Letter { face, glyph: glyph.to_u32(), advance: metrics.advance_width(glyph)? })
    }

    /// Width of a text at size 1.
    pub fn width(&self, text: &str, strong: bool) -> f32 {
        text.chars().map(|c| self.letter(c, strong).advance).sum()
    }
}

/// A stretch of one run on one line.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// Which run.
    pub run: usize,
    /// Bytes of its text.
    pub bytes: Range<usize>,
}

/// Breaks runs of text, `(text, strong)`, into lines no wider than `width` at `size`.
///
/// Lines break at spaces, after hyphens and slashes, and within a word that is wider than a line. A
/// space at the end of a line belongs to it and may stand beyond its width.
pub fn broken(fonts: &Fonts, runs: &[(&str, bool)], size: f32, width: f32) -> Vec<Vec<Piece>> {
    let mut lines: Vec<Vec<Piece>> = vec![Vec::new()];
    let mut used = 0.0;
    for (run, (text, strong)) in runs.iter().enumerate() {
        for word in words(text) {
            let visible = text[word.clone()].trim_end_matches(' ');
            let wide = fonts.width(visible, *strong) * size;
            if used + wide > width && used > 0.0 {
                lines.push(Vec::new());
                used = 0.0;
            }
            if wide > width {
                for part in chopped(fonts, &text[word.clone()], *strong, size, width) {
                    let bytes = word.start + part.start..word.start + part.end;
                    let wide = fonts.width(&text[bytes.clone()], *strong) * size;
                    if used > 0.0 && used + wide > width {
                        lines.push(Vec::new());
                        used = 0.0;
                    }
                    add(&mut lines, run, bytes);
                    used += wide;
                }
                continue;
            }
            used += fonts.width(&text[word.clone()], *strong) * size;
            add(&mut lines, run, word);
        }
    }
    lines
}

fn add(lines: &mut [Vec<Piece>], run: usize, bytes: Range<usize>) {
    let line = lines.last_mut().expect("there is always a line");
    match line.last_mut() {
        Some(last) if last.run == run && last.bytes.end == bytes.start => {
            last.bytes.end = bytes.end
        }
        _ => line.push(Piece { run, bytes }),
    }
}

/// Words with the spaces after them.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let end = at + character.len_utf8();
        let next = characters.peek().map(|(_, c)| *c);
        let breaks = match character {
            ' ' | '\n' => next.is_some_and(|n| n != ' ' && n != '\n'),
            '-' | '/' => next.is_some_and(char::is_alphabetic) && at > start,
            _ => false,
        };
        if breaks {
            found.push(start..end);
            start = end;
        }
    }
    if start < text.len() {
        found.push(start..text.len());
    }
    found
}

/// Parts of a word, each as long as fits.
fn chopped(fonts: &Fonts, word: &str, strong: bool, size: f32, width: f32) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let (mut start, mut used) = (0, 0.0);
    for (at, character) in word.char_indices() {
        let wide = fonts.letter(character, strong).advance * size;
        if used + wide > width && at > start {
            parts.push(start..at);
            start = at;
            used = 0.0;
        }
        used += wide;
    }
    parts.push(start..word.len());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fonts_have_what_reports_say() {
        let fonts = Fonts::new();
        for character in "aåäöøæÅÄÖØÆðþŊŋđŧžčšáé₂±×·–—…€°²³µ≤≥≈→−σ½“”„".chars()
        {
            let letter = fonts.letter(character, false);
            let stranger = fonts.letter(STRANGER, false);
            assert!(letter != stranger, "{character}");
        }
    }

    #[test]
    fn lines_hold_all_words_and_fit() {
        let fonts = Fonts::new();
        let text = "Bergslagen has more than 10 500 known historic mines, Donaudampfschifffahrt-\
                    gesellschaftskapitänswitwenrentenauszahlungsstelle included";
        let lines = broken(&fonts, &[(text, false)], 10.0, 120.0);
        let joined: String =
            lines.iter().flatten().map(|piece| &text[piece.bytes.clone()]).collect();
        assert_eq!(joined, text);
        for line in &lines {
            let shown: String = line.iter().map(|p| &text[p.bytes.clone()]).collect();
            assert!(fonts.width(shown.trim_end(), false) * 10.0 <= 120.01, "{shown}");
        }
    }
}
