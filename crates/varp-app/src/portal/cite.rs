//! How to cite a page, and the other forms of it.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::language::Message as M;
use super::view::View;

impl View<'_> {
    /// A citation of this page as text and as BibTeX.
    pub fn cite(&self, title: &str) -> Markup {
        let today = TimeZone::UTC.to_datetime(Timestamp::now()).date();
        let address = format!("{}{}", self.context.base, self.context.path);
        let plain = format!(
            "{title}. In: varp, a register of mine waste as a resource, version {}. {address} \
             (retrieved {today}).",
            env!("CARGO_PKG_VERSION")
        );
        html! {
            section .cite {
                h2 { (self.say(M::Cite)) }
                p .citation { (plain) }
                details {
                    summary { "BibTeX" }
                    pre tabindex="0" { (bibtex(title, &address, &today.to_string())) }
                }
                p .small { (self.say(M::CiteSources)) }
            }
        }
    }

    /// Buttons to the same in other forms: `(label, address)`.
    pub fn downloads(&self, further: &[(&str, String)]) -> Markup {
        let others = self.context.links.iter().filter(|link| link.rel == "alternate");
        html! {
            ul .downloads {
                @for link in others { li { a .button href=(link.href) { (link.title) } } }
                @for (label, address) in further { li { a .button href=(address) { (label) } } }
            }
        }
    }
}

fn bibtex(title: &str, address: &str, today: &str) -> String {
    let key: String = title.chars().filter(char::is_ascii_alphanumeric).take(24).collect();
    let escaped: String = title
        .chars()
        .flat_map(|c| {
            let special = matches!(c, '&' | '%' | '$' | '#' | '_' | '{' | '}');
            special.then_some('\\').into_iter().chain([c])
        })
        .collect();
    format!(
        "@misc{{varp:{key},\n  title = {{{{{escaped}}}}},\n  howpublished = {{varp, a register of \
         mine waste as a resource, version {}}},\n  url = {{{address}}},\n  urldate = {{{today}}}\n}}",
        env!("CARGO_PKG_VERSION")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bibtex_escapes_what_tex_would_read() {
        let entry = bibtex("Slag & sand 50 %", "http://x/y", "2026-01-02");
        assert!(entry.starts_with("@misc{varp:Slagsand50,\n  title = {{Slag \\& sand 50 \\%}}"));
        assert!(entry.ends_with("urldate = {2026-01-02}\n}"));
    }
}
