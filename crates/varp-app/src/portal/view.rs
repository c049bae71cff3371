//! What every page is written with: language, labels, numbers, addresses; and the frame around it.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::Value;
use varp_model::{Commodity, References, SourceId};

use super::assets;
use super::language::{Language, Message, Message as M};
use super::number;
use crate::http::{PageContext, Params};

/// A page under way.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// Where the page stands.
    pub context: &'a PageContext<'a>,
    /// The language it is written in.
    pub language: Language,
}

/// What the head of a page says.
#[derive(Debug, Default)]
pub struct Head<'a> {
    /// Title, without the name of the program.
    pub title: String,
    /// What the page shows, for search engines.
    pub description: String,
    /// The door of the navigation that it belongs to: first path of its address.
    pub door: &'a str,
    /// The same as linked data, schema.org.
    pub data: Option<Value>,
    /// Whether it shows the interactive map.
    pub map: bool,
    /// Entry of a further script that the page uses, by its source file.
    pub island: Option<&'a str>,
}

/// Doors of the navigation: address and name.
const DOORS: [(&str, Message); 9] = [
    ("/", M::NavMap),
    ("/collections/bodies/items", M::NavBodies),
    ("/collections/sites/items", M::NavSites),
    ("/commodities", M::NavMaterials),
    ("/classes", M::Classes),
    ("/duties", M::Duties),
    ("/collections/sources/items", M::NavSources),
    ("/ranking", M::NavNext),
    ("/about", M::NavAbout),
];

const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 \
                    16'%3E%3Cpath d='M1 13L6 4l3 5 2-3 4 7z' fill='%23a4501f'/%3E%3C/svg%3E";

impl<'a> View<'a> {
    /// A page at `context`, in the language asked for there.
    pub fn new(context: &'a PageContext<'a>) -> Self {
        let asked = context.params.get("lang");
        Self { context, language: Language::choose(asked, context.languages) }
    }

    /// Reference data.
    pub fn references(&self) -> &'a References {
        self.context.references
    }

    /// A message as plain text, for attributes.
    pub fn text(&self, message: Message) -> &'static str {
        self.language.text(message)
    }

    /// A message as part of the page; English that stands in for it is marked as English.
    pub fn say(&self, message: Message) -> Markup {
        match self.language.own_text(message) {
            Some(text) => html! { (text) },
            None => html! { span lang="en" { (self.language.text(message)) } },
        }
    }

    /// A message with arguments.
    pub fn fill(&self, message: Message, arguments: &[(&str, &str)]) -> String {
        self.language.fill(message, arguments)
    }

    /// An address of this server in the language chosen in the address of this page.
    pub fn href(&self, path: &str) -> String {
        match self.context.params.get("lang") {
            Some(lang) => {
                let joint = if path.contains('?') { '&' } else { '?' };
                format!("{path}{joint}lang={lang}")
            }
            None => path.to_owned(),
        }
    }

    /// The address of a path with these parameters, and the language of this page.
    pub fn href_with(&self, path: &str, params: &[(&str, &str)]) -> String {
        let lang = Params::default().with("lang", self.context.params.get("lang"));
        let all = params.iter().rev().fold(lang, |all, (name, value)| all.with(name, Some(value)));
        format!("{path}{}", all.to_query())
    }

    /// The page of a record.
    pub fn item(&self, collection: &str, id: impl std::fmt::Display) -> String {
        self.href(&format!("/collections/{collection}/items/{id}"))
    }

    /// The page of a source.
    pub fn source(&self, id: SourceId) -> String {
        self.item("sources", id)
    }

    /// The label of a code of a list, or the code itself.
    pub fn label(&self, list: &str, code: &'a str) -> &'a str {
        let entry = self.references().list(list).and_then(|list| list.get(code));
        entry.map_or(code, |entry| entry.label(self.language.code()))
    }

    /// The name of a kind of body.
    pub fn kind(&self, code: &'a str) -> &'a str {
        self.label("body_kinds", code)
    }

    /// The name of a country.
    pub fn country(&self, code: &'a str) -> &'a str {
        self.label("countries", code)
    }

    /// The name of a commodity.
    pub fn commodity(&self, commodity: &'a Commodity) -> &'a str {
        let name = match self.language {
            Language::En => &commodity.en,
            Language::Sv => &commodity.sv,
            Language::Fi => &commodity.fi,
            Language::Nb => &commodity.nb,
            Language::Da => &commodity.da,
            Language::Is => &commodity.is,
        };
        if name.is_empty() { &commodity.en } else { name }
    }

    /// A count as people write it.
    pub fn count(&self, value: u64) -> String {
        number::count(value, self.language)
    }

    /// What is not known, and why.
    pub fn unknown(&self, why: Message) -> Markup {
        html! { span .unknown { (self.say(M::Unknown)) } " " span .why { (self.say(why)) } }
    }

    /// The whole page around `body`.
    pub fn page(&self, head: &Head<'_>, body: &Markup) -> Markup {
        let title = if head.door == "/" && self.context.path == "/" {
            format!("varp · {}", head.title)
        } else {
            format!("{} · varp", head.title)
        };
        html! {
            (DOCTYPE)
            html lang=(self.language.code()) {
                (self.head(head, &title))
                body {
                    a .skip href="#content" { (self.say(M::SkipToContent)) }
                    (self.header(head.door))
                    main #content tabindex="-1" { (body) }
                    (self.footer())
                }
            }
        }
    }

    fn head(&self, head: &Head<'_>, title: &str) -> Markup {
        let page = assets::page();
        html! {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                @if !head.description.is_empty() {
                    meta name="description" content=(head.description);
                }
                link rel="icon" href=(ICON);
                @for style in &page.styles { link rel="stylesheet" href=(style); }
                @if head.map {
                    @for style in &assets::map().styles { link rel="stylesheet" href=(style); }
                }
                @for link in self.context.links.iter().filter(|l| l.rel == "alternate") {
                    link rel="alternate" type=(link.media) href=(link.href) title=(link.title);
                }
                @for language in Language::ALL {
                    link rel="alternate" hreflang=(language.code()) href=(self.in_language(language));
                }
                @if let Some(data) = &head.data {
                    script type="application/ld+json" { (PreEscaped(json_for_page(data))) }
                }
                script type="module" src=(page.script) {}
                @if head.map { script type="module" src=(assets::map().script) {} }
                @if let Some(island) = head.island {
                    script type="module" src=(assets::island(island).script) {}
                }
            }
        }
    }

    fn in_language(&self, language: Language) -> String {
        let params = self.context.params.with("lang", Some(language.code()));
        format!("{}{}", self.context.path, params.to_query())
    }

    fn header(&self, door: &str) -> Markup {
        html! {
            header .top {
                a .name href=(self.href("/")) {
                    svg viewBox="0 0 16 16" width="20" height="20" aria-hidden="true" {
                        path d="M1 13L6 4l3 5 2-3 4 7z" {}
                    }
                    "varp"
                }
                nav aria-label=(self.text(M::NavMain)) {
                    ul {
                        @for (path, name) in DOORS {
                            @let here = if path == door { Some("page") } else { None };
                            li { a href=(self.href(path)) aria-current=[here] { (self.say(name)) } }
                        }
                    }
                }
                form .find role="search" action="/search" {
                    (self.kept_language())
                    label .hidden for="find" { (self.say(M::Search)) }
                    input #find type="search" name="q" placeholder=(self.text(M::Search))
                        value=[self.searched()];
                }
            }
        }
    }

    fn searched(&self) -> Option<&str> {
        self.context.params.get("q").filter(|_| self.context.path == "/search")
    }

    /// The language of the address as a hidden field, so that a form keeps it.
    pub fn kept_language(&self) -> Markup {
        html! {
            @if let Some(lang) = self.context.params.get("lang") {
                input type="hidden" name="lang" value=(lang);
            }
        }
    }

    fn footer(&self) -> Markup {
        html! {
            footer .bottom {
                nav .languages aria-label=(self.text(M::NavLanguage)) {
                    ul {
                        @for language in Language::ALL {
                            @let here = if language == self.language { Some("true") } else { None };
                            li {
                                a href=(self.in_language(language)) hreflang=(language.code())
                                    lang=(language.code()) aria-current=[here] {
                                    (language.own_name())
                                }
                            }
                        }
                    }
                }
                @if self.language != Language::En {
                    p .drafted { (self.say(M::MachineDrafted)) }
                }
                ul .doors {
                    li { a href=(self.href("/about")) { (self.say(M::NavAbout)) } }
                    li { a href=(self.href("/accessibility")) { (self.say(M::NavAccessibility)) } }
                    li { a href=(self.href("/collections")) { (self.say(M::NavData)) } }
                    li { a href=(self.href("/api.html")) { "API" } }
                }
                p .small {
                    (self.say(M::FooterMap)) " Natural Earth, GeoNames (CC BY 4.0). "
                    "varp " (env!("CARGO_PKG_VERSION"))
                }
            }
        }
    }
}

/// JSON that can stand in a page: nothing in it ends the script element.
pub fn json_for_page(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linked_data_cannot_end_its_element() {
        let value = serde_json::json!({ "name": "</script><script>alert(1)" });
        assert!(!json_for_page(&value).contains('<'));
    }
}
