//! Paging tokens: where a page goes on, bound to the question that it pages through, and sealed:
//! keys and versions count records that are not public, too.

use sha2::{Digest, Sha256};

use varp_store::Cursor;

use super::params::Params;
use super::problem::Problem;

/// What `next=` carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where the page goes on.
    pub after: Cursor,
    /// How many items matched, and in which version of the register, if they were counted.
    pub matched: Option<(u64, u64)>,
}

/// Length of the check at the beginning of a token, bytes.
const CHECK: usize = 8;
/// Length of what is sealed: a cursor, whether items were counted, how many, in which version.
const BODY: usize = 25;

impl Token {
    /// The token as text, valid only for this path and these parameters.
    ///
    /// The check is a hash of the secret, the question and the plain body; the body is sealed with
    /// a stream that follows from secret and check.
    pub fn seal(&self, secret: u64, path: &str, params: &Params) -> String {
        let (matched, version) = self.matched.unwrap_or_default();
        let mut body = [0; BODY];
        body[..8].copy_from_slice(&self.after.0.to_le_bytes());
        body[8] = u8::from(self.matched.is_some());
        body[9..17].copy_from_slice(&matched.to_le_bytes());
        body[17..].copy_from_slice(&version.to_le_bytes());
        let check = check(secret, &body, path, params);
        stream(secret, check, &mut body);
        check.iter().chain(&body).map(|byte| format!("{byte:02x}")).collect()
    }

    /// Reads a token back.
    ///
    /// # Errors
    ///
    /// 400 if it was changed or belongs to another question or register.
    pub fn open(text: &str, secret: u64, path: &str, params: &Params) -> Result<Self, Problem> {
        let refuse = || {
            Problem::bad_request(
                "next= is not a token of this question; follow the \"next\" link as it stands, or \
                 leave next= away to start at the first page",
            )
        };
        let bytes = bytes(text).ok_or_else(refuse)?;
        let (mut given, mut body) = ([0; CHECK], [0; BODY]);
        given.copy_from_slice(&bytes[..CHECK]);
        body.copy_from_slice(&bytes[CHECK..]);
        stream(secret, given, &mut body);
        if check(secret, &body, path, params) != given {
            return Err(refuse());
        }
        let number = |at: usize| {
            let mut eight = [0; 8];
            eight.copy_from_slice(&body[at..at + 8]);
            u64::from_le_bytes(eight)
        };
        let matched = (body[8] == 1).then(|| (number(9), number(17)));
        Ok(Self { after: Cursor(number(0).cast_signed()), matched })
    }
}

fn bytes(text: &str) -> Option<[u8; CHECK + BODY]> {
    let mut bytes = [0; CHECK + BODY];
    if text.len() != 2 * bytes.len() || !text.is_ascii() {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(bytes)
}

/// Mixes `body` with a stream of bytes that only the secret gives; twice is as it was.
fn stream(secret: u64, check: [u8; CHECK], body: &mut [u8; BODY]) {
    let mut hash = Sha256::new_with_prefix(b"stream");
    hash.update(secret.to_le_bytes());
    hash.update(check);
    body.iter_mut().zip(hash.finalize()).for_each(|(byte, mask)| *byte ^= mask);
}

/// Binds a token to the register and to what it pages through: all but `next`, `limit`, `f`,
/// `lang`.
fn check(secret: u64, body: &[u8], path: &str, params: &Params) -> [u8; CHECK] {
    let mut question: Vec<(&str, &str)> =
        params.iter().filter(|(name, _)| !["next", "limit", "f", "lang"].contains(name)).collect();
    question.sort_unstable();
    let mut hash = Sha256::new_with_prefix(b"check");
    hash.update(secret.to_le_bytes());
    hash.update(body);
    for part in [path].into_iter().chain(question.into_iter().flat_map(|(n, v)| [n, v])) {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let mut check = [0; CHECK];
    check.copy_from_slice(&hash.finalize()[..CHECK]);
    check
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: &str = "/collections/bodies/items";
    const SECRET: u64 = 0x1234_5678_9abc_def0;

    fn params(query: &str) -> Params {
        Params::parse(query).unwrap()
    }

    #[test]
    fn a_token_reads_back_for_the_same_question_in_any_order_size_and_form() {
        for (after, matched) in [(41, None), (-1, Some((100_000, 7))), (i64::MAX, Some((0, 0)))] {
            let token = Token { after: Cursor(after), matched };
            let text = token.seal(SECRET, PATH, &params("country=SE&q=sand&limit=10"));
            let again = params("q=sand&country=SE&limit=50&f=html");
            assert_eq!(Token::open(&text, SECRET, PATH, &again).unwrap(), token);
        }
    }

    #[test]
    fn a_token_that_was_changed_or_belongs_elsewhere_is_refused() {
        let token = Token { after: Cursor(41), matched: None };
        let text = token.seal(SECRET, PATH, &params("q=sand"));
        let refused = |text: &str, secret, path, query| {
            assert!(Token::open(text, secret, path, &params(query)).is_err(), "{text} {path}");
        };
        refused(&text, SECRET, PATH, "q=slag");
        refused(&text, SECRET, "/collections/sites/items", "q=sand");
        refused(&text, SECRET + 1, PATH, "q=sand");
        for at in 0..text.len() {
            let mut other = text.clone().into_bytes();
            other[at] = if other[at] == b'0' { b'1' } else { b'0' };
            refused(&String::from_utf8(other).unwrap(), SECRET, PATH, "q=sand");
        }
        for text in ["", "-", "x", "---", "29", &"é".repeat(33), &text[2..]] {
            refused(text, SECRET, PATH, "q=sand");
        }
    }

    /// Keys of rows have gaps where records are not public.
    #[test]
    fn a_token_tells_neither_its_key_nor_how_far_apart_two_keys_are() {
        let text = |after| {
            let token = Token { after: Cursor(after), matched: Some((25, 3)) };
            token.seal(SECRET, PATH, &params("limit=1"))
        };
        let bits = |a: &str, b: &str| -> u32 {
            let (a, b) = (bytes(a).unwrap(), bytes(b).unwrap());
            a.iter().zip(b).map(|(a, b)| (a ^ b).count_ones()).sum()
        };
        for after in 1..50 {
            let differing = bits(&text(after), &text(after + 1));
            assert!((70..200).contains(&differing), "{differing} of 264 bits differ");
        }
    }
}
