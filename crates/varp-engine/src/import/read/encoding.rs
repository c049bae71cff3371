//! Encodings of text files: detection and streaming decoding.

use std::io::Read;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::ReadError;
use crate::import::Code;

/// An encoding that varp reads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum TextEncoding {
    /// One of the web's encodings.
    Standard(&'static Encoding),
    /// The encoding of DOS in northern and western Europe.
    Cp850,
}

/// Letters and signs of code page 850 from byte 128.
/// Source: IBM code page 850 as registered with the Unicode Consortium (CP850.TXT).
const CP850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

impl TextEncoding {
    /// The encoding that people call this.
    pub(super) fn named(name: &str) -> Option<Self> {
        let plain = name.trim().to_lowercase().replace(['_', ' '], "-");
        match plain.as_str() {
            "cp850" | "cp-850" | "ibm850" | "dos" | "cp858" => Some(Self::Cp850),
            "latin1" | "latin-1" | "ansi" | "cp1252" => Some(Self::Standard(WINDOWS_1252)),
            "utf-16" => Some(Self::Standard(UTF_16LE)),
            _ => Encoding::for_label(plain.as_bytes()).map(Self::Standard),
        }
    }

    pub(super) fn decoder(self) -> Decoder {
        match self {
            Self::Standard(encoding) if encoding == UTF_8 => {
                Decoder(Coder::Utf8 { left: Vec::new(), start: true, read: 0 })
            }
            Self::Standard(encoding) => Decoder(Coder::Standard(encoding.new_decoder())),
            Self::Cp850 => Decoder(Coder::Cp850(CP850.chars().collect())),
        }
    }
}

/// Decodes chunk by chunk.
pub(super) struct Decoder(Coder);

enum Coder {
    Utf8 { left: Vec<u8>, start: bool, read: u64 },
    Standard(encoding_rs::Decoder),
    Cp850(Vec<char>),
}

impl Decoder {
    /// Decodes a chunk behind `text`.
    pub(super) fn decode(
        &mut self,
        bytes: &[u8],
        last: bool,
        text: &mut String,
    ) -> Result<(), ReadError> {
        match &mut self.0 {
            Coder::Utf8 { left, start, read } => {
                let added = utf8(left, bytes, last, text, *read)?;
                *read += bytes.len() as u64;
                if *start && added > 0 {
                    *start = false;
                    if text.starts_with('\u{feff}') {
                        text.drain(..'\u{feff}'.len_utf8());
                    }
                }
            }
            Coder::Cp850(letters) => text.extend(bytes.iter().map(|&b| match b {
                0..128 => char::from(b),
                high => letters.get(usize::from(high) - 128).copied().unwrap_or('\u{fffd}'),
            })),
            Coder::Standard(decoder) => {
                let mut rest = bytes;
                loop {
                    text.reserve(rest.len() * 3 + 16);
                    let (result, used, _) = decoder.decode_to_string(rest, text, last);
                    rest = &rest[used..];
                    if result == CoderResult::InputEmpty {
                        break;
                    }
                }
            }
        }
        Ok(())
    }
}

/// Appends what is complete of `left` and `bytes`; keeps the rest in `left`.
fn utf8(
    left: &mut Vec<u8>,
    bytes: &[u8],
    last: bool,
    text: &mut String,
    before: u64,
) -> Result<usize, ReadError> {
    let joined: Vec<u8>;
    let whole = if left.is_empty() {
        bytes
    } else {
        joined = [left.as_slice(), bytes].concat();
        &joined
    };
    let valid = match std::str::from_utf8(whole) {
        Ok(valid) => valid,
        Err(error) if error.error_len().is_some() || last => {
            let at = before + error.valid_up_to() as u64;
            let message = format!("byte {at} is not UTF-8");
            return Err(ReadError::new(Code::ENCODING, message)
                .hint("say `encoding = \"windows-1252\"` in the table of the mapping"));
        }
        Err(error) => std::str::from_utf8(&whole[..error.valid_up_to()]).unwrap_or_default(),
    };
    text.push_str(valid);
    *left = whole[valid.len()..].to_vec();
    Ok(valid.len())
}

/// Reads a file once and tells what it is written in.
pub(super) fn detect(bytes: &mut dyn Read) -> std::io::Result<TextEncoding> {
    let mut buffer = vec![0; 256 << 10];
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let (mut tally, mut is_utf8, mut left) = (Tally::default(), true, Vec::new());
    let mut first = true;
    loop {
        let length = super::text::read_up_to(bytes, &mut buffer)?;
        let chunk = &buffer[..length];
        if first {
            if let Some(encoding) = marked(chunk) {
                return Ok(TextEncoding::Standard(encoding));
            }
            first = false;
        }
        let last = length < buffer.len();
        if is_utf8 {
            is_utf8 = utf8(&mut left, chunk, last, &mut String::new(), 0).is_ok();
        }
        if !chunk.is_ascii() {
            detector.feed(chunk, last);
            tally.add(chunk);
        }
        if last {
            break;
        }
    }
    Ok(match (is_utf8, tally.dos > tally.windows) {
        (true, _) => TextEncoding::Standard(UTF_8),
        (false, true) => TextEncoding::Cp850,
        (false, false) => match detector.guess(None, Utf8Detection::Allow) {
            // with few letters the detector may see any legacy encoding: Nordic letters decide
            _ if tally.windows > 0 => TextEncoding::Standard(WINDOWS_1252),
            guess if guess == UTF_8 => TextEncoding::Standard(WINDOWS_1252),
            guess => TextEncoding::Standard(guess),
        },
    })
}

/// Byte order marks, and UTF-16 without one.
fn marked(chunk: &[u8]) -> Option<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(chunk) {
        return Some(encoding);
    }
    let head = &chunk[..chunk.len().min(4096)];
    let nulls = |skip: usize| head.iter().skip(skip).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (nulls(0), nulls(1));
    if odd * 4 > head.len() && even * 20 < odd {
        Some(UTF_16LE)
    } else if even * 4 > head.len() && odd * 20 < even {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Nordic letters between ASCII letters, read as DOS and as Windows.
#[derive(Default)]
struct Tally {
    dos: u64,
    windows: u64,
}

impl Tally {
    fn add(&mut self, chunk: &[u8]) {
        for window in chunk.windows(3) {
            let [before, letter, after] = [window[0], window[1], window[2]];
            if letter < 128 || !(before.is_ascii_alphabetic() || after.is_ascii_alphabetic()) {
                continue;
            }
            match letter {
                // ä å ö Ä Å Ö æ Æ ø(0x9b) Ø(0x9d)
                0x84 | 0x86 | 0x94 | 0x8e | 0x8f | 0x99 | 0x91 | 0x92 | 0x9b | 0x9d => {
                    self.dos += 1;
                }
                0xe4 | 0xe5 | 0xf6 | 0xc4 | 0xc5 | 0xd6 | 0xe6 | 0xc6 | 0xf8 | 0xd8 | 0xf0
                | 0xfe | 0xe9 | 0xfc | 0xe1 | 0xed | 0xf3 => self.windows += 1,
                _ => {}
            }
        }
    }
}

/// What the text was before it went through a wrong encoding, if it shows the traces of one.
///
/// Known traces: UTF-8 read as Windows-1252 (`Ã¶`), DOS letters read as Windows-1252 (`S°ndre`,
/// `áFjord` do not turn up by chance inside words), and letters lost for good (`\u{fffd}`).
pub(crate) fn mojibake(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    if text.contains('\u{fffd}') {
        return Some(text.replace('\u{fffd}', "?"));
    }
    if text.contains(['Ã', 'Â', 'â']) {
        let (bytes, _, lossy) = WINDOWS_1252.encode(text);
        if !lossy && let Ok(repaired) = std::str::from_utf8(&bytes) {
            return Some(repaired.to_owned());
        }
    }
    let letters: Vec<char> = text.chars().collect();
    let inside = |at: usize| {
        let letter = |i: Option<&char>| i.is_some_and(|c| c.is_alphabetic());
        letter(at.checked_sub(1).and_then(|i| letters.get(i))) && letter(letters.get(at + 1))
    };
    let odd = |c: char| {
        matches!(c, '°' | '„' | '”' | '†' | '‡' | '™' | '›' | '‘' | '¢' | '\u{84}'..='\u{9d}')
    };
    letters.iter().enumerate().any(|(at, &c)| odd(c) && inside(at)).then(|| from_dos(&letters))
}

/// The letters as DOS meant them, where their bytes were read as Windows-1252.
fn from_dos(letters: &[char]) -> String {
    letters
        .iter()
        .map(|&c| match c {
            '°' | '›' | '¢' => 'ø',
            '„' | '\u{84}' => 'ä',
            '”' | '\u{94}' => 'ö',
            '†' | '\u{86}' => 'å',
            '‘' | '\u{91}' => 'æ',
            '™' | '\u{99}' => 'Ö',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detected(bytes: &[u8]) -> TextEncoding {
        detect(&mut std::io::Cursor::new(bytes)).unwrap()
    }

    fn decoded(bytes: &[u8]) -> String {
        let mut text = String::new();
        let mut decoder = detected(bytes).decoder();
        for chunk in bytes.chunks(3) {
            decoder.decode(chunk, false, &mut text).unwrap();
        }
        decoder.decode(&[], true, &mut text).unwrap();
        text
    }

    #[test]
    fn nordic_text_is_read_in_every_encoding_it_comes_in() {
        let text = "namn;ämne\nYxsjöberg;Åland, Sjødeponi, Þór, gråberg och malm\n";
        assert_eq!(decoded(text.as_bytes()), text);
        assert_eq!(decoded(&WINDOWS_1252.encode(text).0), text);
        assert_eq!(decoded(format!("\u{feff}{text}").as_bytes()), text);
        let dos: Vec<u8> = text
            .chars()
            .map(|c| match CP850.chars().position(|d| d == c) {
                Some(at) => u8::try_from(at + 128).unwrap(),
                None => c as u8,
            })
            .collect();
        assert_eq!(decoded(&dos), text);
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decoded(&wide), text);
        let marked: Vec<u8> = [0xfe, 0xff]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_be_bytes))
            .collect();
        assert_eq!(decoded(&marked), text);
    }

    #[test]
    fn code_page_850_has_128_letters() {
        assert_eq!(CP850.chars().count(), 128);
    }

    #[test]
    fn damaged_letters_are_seen_and_whole_ones_are_not() {
        assert_eq!(mojibake("YxsjÃ¶berg").unwrap(), "Yxsjöberg");
        assert_eq!(mojibake("S°ndre Sermilik").unwrap(), "Søndre Sermilik");
        assert!(mojibake("Siilinj\u{fffd}rvi").is_some());
        for text in ["Yxsjöberg", "Þór", "Café", "60° N", "Blåberget Â", "ÂNGE", "Château"]
        {
            assert_eq!(mojibake(text), None, "{text}");
        }
    }
}
