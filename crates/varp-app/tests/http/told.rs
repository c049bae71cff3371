//! What two registers answered, made comparable.

use std::collections::BTreeSet;

/// Seals are counted, not compared.
pub fn without_seals(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("next=") {
        let after = &rest[at + 5..];
        let seal = after.bytes().take_while(u8::is_ascii_hexdigit).count();
        plain += &rest[..at + 5];
        plain += if seal == 66 { "…" } else { &after[..seal] };
        rest = &after[seal..];
    }
    plain += rest;
    match plain.find("\"timeStamp\":\"") {
        Some(at) => format!("{}{}", &plain[..at], plain[at + 13..].split_once('"').unwrap().1),
        None => plain,
    }
}

/// Addresses on this server in an answer of any form.
pub fn addresses(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (start, end) in [("href=\"", '"'), ("\"href\":\"", '"'), ("<http", '>')] {
        for part in text.split(start).skip(1) {
            let address = part.split(end).next().unwrap_or_default().replace("&amp;", "&");
            let local = address.strip_prefix("http://varp.test:8080").unwrap_or(&address);
            let local = local.strip_prefix("://varp.test:8080").unwrap_or(local);
            if local.starts_with('/') && !local.starts_with("/assets/") {
                found.insert(local.split('#').next().unwrap_or_default().to_owned());
            }
        }
    }
    found
}

/// Moments are those of the run.
pub fn without_moments(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('T') {
        let after = rest[at + 1..].bytes().take_while(|b| b.is_ascii_digit() || b":.".contains(b));
        let after = after.count();
        let moment = after >= 8 && rest[at + 1 + after..].starts_with('Z') && at >= 10;
        let end = if moment { at + 1 + after } else { at + 1 };
        plain += if moment { &rest[..at - 10] } else { &rest[..end] };
        rest = &rest[end..];
    }
    plain + rest
}
