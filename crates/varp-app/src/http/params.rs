//! The query string, read strictly: UTF-8, no name twice.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What stays as it is in a name or value of a query string.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b',')
    .remove(b'/')
    .remove(b':');

/// Names and values of a query string in their order, decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params(Vec<(String, String)>);

/// Why a query string cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParamsError {
    /// Not text.
    #[error(
        "the query string is not UTF-8 after decoding; encode it as UTF-8 with % and two digits"
    )]
    NotUtf8,
    /// A name comes twice.
    #[error("the parameter \"{0}\" stands twice; give it once")]
    Twice(String),
}

impl Params {
    /// Reads what follows the `?` of an address.
    ///
    /// `+` is a space, `%xx` a byte; empty parts between `&` are skipped.
    pub fn parse(query: &str) -> Result<Self, ParamsError> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for part in query.split('&').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let (name, value) = (decode(name)?, decode(value)?);
            if pairs.iter().any(|(known, _)| *known == name) {
                return Err(ParamsError::Twice(name));
            }
            pairs.push((name, value));
        }
        Ok(Self(pairs))
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// All of them in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The same parameters with one set to another value, or taken away.
    pub fn with(&self, name: &str, value: Option<&str>) -> Self {
        let others = self.0.iter().filter(|(known, _)| known != name).cloned();
        let this = value.map(|value| (name.to_owned(), value.to_owned()));
        Self(others.chain(this).collect())
    }

    /// The same parameters without those that say nothing, as a form sends its empty fields.
    pub fn without_empty(&self) -> Self {
        Self(self.0.iter().filter(|(_, value)| !value.is_empty()).cloned().collect())
    }

    /// The query string that [`Params::parse`] reads back, with its `?` unless it is empty.
    pub fn to_query(&self) -> String {
        let mut text = String::new();
        for (name, value) in self.iter() {
            text.push(if text.is_empty() { '?' } else { '&' });
            text.extend(utf8_percent_encode(name, KEPT));
            text.push('=');
            text.extend(utf8_percent_encode(value, KEPT));
        }
        text
    }
}

fn decode(text: &str) -> Result<String, ParamsError> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8().map_err(|_| ParamsError::NotUtf8)?;
    Ok(decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_string_survives_reading_and_writing() {
        let params = Params::parse("q=R%C3%B6r%C3%A5s+sand&bbox=1,2,3,4&f").unwrap();
        assert_eq!(params.get("q"), Some("Rörås sand"));
        assert_eq!(params.get("f"), Some(""));
        assert_eq!(params.to_query(), "?q=R%C3%B6r%C3%A5s%20sand&bbox=1,2,3,4&f=");
        assert_eq!(Params::parse(&params.to_query()[1..]).unwrap(), params);
    }

    #[test]
    fn setting_a_parameter_replaces_it() {
        let params = Params::parse("a=1&b=2").unwrap();
        assert_eq!(params.with("a", Some("3")).to_query(), "?b=2&a=3");
        assert_eq!(params.with("a", None).with("b", None).to_query(), "");
    }

    #[test]
    fn bytes_that_are_no_text_and_doubled_names_are_refused() {
        assert_eq!(Params::parse("q=%FF"), Err(ParamsError::NotUtf8));
        assert_eq!(Params::parse("a=1&%61=2"), Err(ParamsError::Twice("a".into())));
    }
}
