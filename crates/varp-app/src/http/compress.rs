//! Compression of answers that are kept; those made on the spot are compressed on their way out.

use std::io::Write;

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_ENCODING;
use flate2::Compression;
use flate2::write::GzEncoder;

/// An encoding of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// None.
    Plain,
    /// gzip.
    Gzip,
    /// Brotli.
    Brotli,
}

impl Encoding {
    /// The best encoding that the reader accepts.
    pub fn accepted(headers: &HeaderMap) -> Self {
        let accepts = |wanted: &str| {
            let values = headers.get_all(ACCEPT_ENCODING).iter();
            values.filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(',')).any(|item| {
                let mut parts = item.split(';').map(str::trim);
                let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(wanted));
                let refused = parts.any(|part| {
                    part.strip_prefix("q=").is_some_and(|q| q.parse().is_ok_and(|q: f32| q == 0.0))
                });
                named && !refused
            })
        };
        match (accepts("br"), accepts("gzip")) {
            (true, _) => Self::Brotli,
            (false, true) => Self::Gzip,
            (false, false) => Self::Plain,
        }
    }
}

/// The bytes with gzip.
pub fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(plain).expect("writing to memory cannot fail");
    encoder.finish().expect("writing to memory cannot fail")
}

/// The bytes with Brotli, quality 5: near gzip's time, smaller.
pub fn brotli(plain: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = brotli::CompressorWriter::new(&mut out, 1 << 16, 5, 22);
    encoder.write_all(plain).expect("writing to memory cannot fail");
    encoder.flush().expect("writing to memory cannot fail");
    drop(encoder);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_accepted_encoding_is_chosen() {
        let accepted = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, value.parse().unwrap());
            Encoding::accepted(&headers)
        };
        assert_eq!(accepted("gzip, deflate, br"), Encoding::Brotli);
        assert_eq!(accepted("br;q=0, gzip"), Encoding::Gzip);
        assert_eq!(accepted("identity"), Encoding::Plain);
        assert_eq!(Encoding::accepted(&HeaderMap::new()), Encoding::Plain);
    }
}
