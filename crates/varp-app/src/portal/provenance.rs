//! Where a value came from: document, page, file, sheet, row, column.

use maud::{Markup, html};
use varp_model::{Claim, ClaimValue, Licence, Locator, Source, SourceId};

use super::language::Message as M;
use super::number;
use super::view::View;

/// A source as people cite it in a line: authors, year, title.
pub fn citation(source: &Source) -> String {
    let authors = source.authors.as_deref().map(|a| format!("{a} ")).unwrap_or_default();
    let year = source.date.map(|d| format!("({}) ", d.year())).unwrap_or_default();
    format!("{authors}{year}{}", source.title)
}

impl View<'_> {
    /// A link to a source with its citation.
    pub fn source_link(&self, id: SourceId, sources: &[Source]) -> Markup {
        let known = sources.iter().find(|source| source.id == id);
        html! {
            a href=(self.source(id)) {
                @match known { Some(source) => (citation(source)), None => (self.say(M::Source)) }
            }
        }
    }

    /// Page, file, sheet, row and column, as far as known.
    pub fn locator(&self, locator: &Locator) -> Markup {
        let row = locator.row.map(|row| row.to_string());
        let parts = [
            (M::LocatorPage, &locator.page),
            (M::LocatorFile, &locator.file),
            (M::LocatorSheet, &locator.sheet),
            (M::LocatorRow, &row),
            (M::LocatorColumn, &locator.column),
        ];
        let known = parts.iter().filter_map(|(name, part)| {
            part.as_deref().filter(|part| !part.is_empty()).map(|part| (*name, part))
        });
        html! {
            @for (name, part) in known { dt { (self.say(name)) } dd { (part) } }
        }
    }

    /// Where a record stands in its source, folded away.
    pub fn record_origin(
        &self,
        source: SourceId,
        locator: &Locator,
        licence: Option<&Licence>,
        sources: &[Source],
    ) -> Markup {
        html! {
            details .origin {
                summary { (self.say(M::WhereFrom)) }
                dl .facts {
                    dt { (self.say(M::Source)) } dd { (self.source_link(source, sources)) }
                    (self.locator(locator))
                    (self.licence(source, licence, sources))
                }
            }
        }
    }

    /// Everything about a claim beside its value, folded away.
    pub fn claim_origin(&self, claim: &Claim, sources: &[Source]) -> Markup {
        html! {
            details .origin {
                summary { (self.say(M::WhereFrom)) }
                dl .facts {
                    dt { (self.say(M::Source)) } dd { (self.source_link(claim.source, sources)) }
                    (self.locator(&claim.locator))
                    @if let ClaimValue::Number(range) = &claim.value {
                        @if !range.reported.is_empty() {
                            dt { (self.say(M::AsReported)) } dd { code { (range.reported) } }
                        }
                        dt { (self.say(M::Uncertainty)) } dd { (self.spread(&range.spread)) }
                    }
                    @if let Some(method) = &claim.method {
                        dt { (self.say(M::HowFound)) } dd { (method) }
                    }
                    @if let Some(note) = &claim.note { dt { (self.say(M::Note)) } dd { (note) } }
                    (self.licence(claim.source, claim.licence.as_ref(), sources))
                    dt { (self.say(M::Identity)) }
                    dd {
                        @if matches!(claim.value, ClaimValue::Number(_)) {
                            a href=(self.item("quantities", claim.id)) { code { (claim.id) } }
                        } @else {
                            code { (claim.id) }
                        }
                    }
                }
            }
        }
    }

    fn licence(&self, id: SourceId, own: Option<&Licence>, sources: &[Source]) -> Markup {
        let of_source = || sources.iter().find(|s| s.id == id).and_then(|s| s.licence.as_ref());
        html! {
            @if let Some(licence) = own.or_else(of_source) {
                dt { (self.say(M::Licence)) } dd { (licence.0) }
            }
        }
    }

    /// Sources as a list of citations.
    pub fn source_list(&self, sources: &[Source]) -> Markup {
        html! {
            ol .sources {
                @for source in sources {
                    li {
                        a href=(self.source(source.id)) { (source.title) }
                        @if let Some(authors) = &source.authors { ". " (authors) }
                        @if let Some(date) = source.date {
                            ", " (number::date(date, self.language))
                        }
                        @if let Some(licence) = &source.licence {
                            " " span .term { (licence.0) }
                        }
                    }
                }
            }
        }
    }
}
