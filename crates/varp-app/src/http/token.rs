//! Paging tokens: where a page goes on, bound to the question that it pages through.

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

/// Length of the check at the end of a token, bytes.
const CHECK: usize = 6;

impl Token {
    /// The token as text, valid only for this path and these parameters.
    pub fn to_text(&self, path: &str, params: &Params) -> String {
        let (matched, version) = match self.matched {
            Some((matched, version)) => (format!("{matched:x}"), format!("{version:x}")),
            None => (String::new(), String::new()),
        };
        let body = format!("{:x}-{matched}-{version}", self.after.0.cast_unsigned());
        let check = check(&body, path, params);
        format!("{body}-{check}")
    }

    /// Reads a token back.
    ///
    /// # Errors
    ///
    /// 400 if it was changed or belongs to another question.
    pub fn parse(text: &str, path: &str, params: &Params) -> Result<Self, Problem> {
        let refuse = || {
            Problem::bad_request(
                "next= is not a token of this question; follow the \"next\" link as it stands, or \
                 leave next= away to start at the first page",
            )
        };
        let (body, given) = text.rsplit_once('-').ok_or_else(refuse)?;
        if check(body, path, params) != given {
            return Err(refuse());
        }
        let number = |text: &str| u64::from_str_radix(text, 16).ok();
        let mut parts = body.split('-');
        let after = parts.next().and_then(number).ok_or_else(refuse)?;
        let matched = parts.next().and_then(number).zip(parts.next().and_then(number));
        Ok(Self { after: Cursor(after.cast_signed()), matched })
    }
}

/// Binds the body of a token to what it pages through: all but `next`, `limit`, `f`, `lang`.
fn check(body: &str, path: &str, params: &Params) -> String {
    let mut question: Vec<(&str, &str)> =
        params.iter().filter(|(name, _)| !["next", "limit", "f", "lang"].contains(name)).collect();
    question.sort_unstable();
    let mut hash = Sha256::new();
    for part in [body, path].into_iter().chain(question.into_iter().flat_map(|(n, v)| [n, v])) {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(CHECK).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: &str = "/collections/bodies/items";

    fn params(query: &str) -> Params {
        Params::parse(query).unwrap()
    }

    #[test]
    fn a_token_reads_back_for_the_same_question_in_any_order_size_and_form() {
        for matched in [None, Some((100_000, 7))] {
            let token = Token { after: Cursor(41), matched };
            let text = token.to_text(PATH, &params("country=SE&q=sand&limit=10"));
            let again = params("q=sand&country=SE&limit=50&f=html");
            assert_eq!(Token::parse(&text, PATH, &again).unwrap(), token);
        }
    }

    #[test]
    fn a_token_that_was_changed_or_belongs_elsewhere_is_refused() {
        let token = Token { after: Cursor(41), matched: None };
        let text = token.to_text(PATH, &params("q=sand"));
        assert!(Token::parse(&text, PATH, &params("q=slag")).is_err());
        assert!(Token::parse(&text, "/collections/sites/items", &params("q=sand")).is_err());
        assert!(Token::parse(&text.replacen("29", "2a", 1), PATH, &params("q=sand")).is_err());
        for text in ["", "-", "x", "---", "29", "ffffffffffffffffffff-1-1-1"] {
            assert!(Token::parse(text, PATH, &params("q=sand")).is_err(), "{text}");
        }
    }
}
