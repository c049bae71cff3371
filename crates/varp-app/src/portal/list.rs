//! Lists: a form that asks, what was found, the next page, downloads. Works without JavaScript.

use maud::{Markup, html};
use varp_store::Page;

use super::language::{Message, Message as M};
use super::view::{Head, View};

/// A column of a list.
#[derive(Clone, Copy, Debug)]
pub enum Column {
    /// Words.
    Words(Message),
    /// Numbers, aligned to the right.
    Numbers(Message),
}

/// How a list is written.
#[derive(Debug)]
pub struct List<'a> {
    /// Title.
    pub title: Message,
    /// What it holds, in a sentence.
    pub about: Message,
    /// The door of the navigation that it belongs to.
    pub door: &'a str,
    /// Its columns.
    pub columns: &'a [Column],
}

/// Parameters that the form sets itself; others of the address are kept as they are.
const FIELDS: [&str; 7] = ["q", "country", "kind", "material", "crm", "next", "lang"];

impl List<'_> {
    /// The page of a list; `row` writes the cells of an item.
    pub fn page<T>(&self, view: &View<'_>, page: &Page<T>, row: impl Fn(&T) -> Markup) -> Markup {
        let head = Head {
            title: view.text(self.title).to_owned(),
            description: view.text(self.about).to_owned(),
            door: self.door,
            ..Head::default()
        };
        view.page(&head, &self.body(view, page, &html! {}, row))
    }

    /// The main part of such a page, with something between form and table.
    pub fn body<T>(
        &self,
        view: &View<'_>,
        page: &Page<T>,
        before: &Markup,
        row: impl Fn(&T) -> Markup,
    ) -> Markup {
        html! {
            h1 { (view.say(self.title)) }
            p .lead { (view.say(self.about)) }
            (self.form(view))
            @if page.items.is_empty() {
                p #found .empty role="status" { (view.say(M::ListEmpty)) }
                @if view.context.params.iter().any(|(name, _)| !["f", "lang"].contains(&name)) {
                    p { a .button href=(view.href(view.context.path)) { (view.say(M::ListAll)) } }
                }
            } @else {
                div .found {
                    p #found role="status" { (view.showing(page)) }
                    (view.list_downloads(page.matched))
                }
                (before)
                (self.table(view, page, row))
                @if let Some(next) = view.context.link("next") {
                    p .pager { a .button rel="next" href=(next.href) { (view.say(M::NextPage)) " →" } }
                }
            }
        }
    }

    fn table<T>(&self, view: &View<'_>, page: &Page<T>, row: impl Fn(&T) -> Markup) -> Markup {
        html! {
            table .list {
                caption .hidden { (view.say(self.title)) }
                thead { tr {
                    @for column in self.columns {
                        @match column {
                            Column::Words(name) => th scope="col" { (view.say(*name)) },
                            Column::Numbers(name) => th scope="col" .number { (view.say(*name)) },
                        }
                    }
                } }
                tbody { @for item in &page.items { tr { (row(item)) } } }
            }
        }
    }

    fn form(&self, view: &View<'_>) -> Markup {
        let collection = view.context.path.split('/').nth(2).unwrap_or_default();
        let (words, country, kinds) = match collection {
            "bodies" => (true, true, true),
            "sites" => (true, true, false),
            "samples" | "sources" => (true, false, false),
            _ => (false, false, false),
        };
        let kept = view.context.params.iter().filter(|(name, _)| !FIELDS.contains(name));
        html! {
            @if words {
                form .filters action=(view.context.path) {
                    (view.kept_language())
                    @for (name, value) in kept { input type="hidden" name=(name) value=(value); }
                    div .field .wide {
                        label for="q" { (view.say(M::Words)) }
                        input #q type="search" name="q" value=[view.context.params.get("q")];
                    }
                    @if country { (view.country_field()) }
                    @if kinds { (view.kind_field()) (view.material_field()) (view.crm_field()) }
                    button { (view.say(M::Show)) }
                }
            }
            (view.active_filters())
        }
    }
}

/// An option of a select field.
struct Choice<'a> {
    value: &'a str,
    text: String,
    /// Substances that show a raw material, separated by spaces.
    shown_by: Option<&'a str>,
}

impl<'a> Choice<'a> {
    fn new(value: &'a str, text: &str) -> Self {
        Self { value, text: text.to_owned(), shown_by: None }
    }
}

/// Countries whose sites the register is about.
const COUNTRIES: [&str; 8] = ["SE", "FI", "NO", "DK", "IS", "GL", "FO", "AX"];

impl View<'_> {
    fn showing<T>(&self, page: &Page<T>) -> String {
        let shown = self.count(page.items.len() as u64);
        match page.matched {
            Some(all) => self.fill(M::ListShowing, &[("shown", &shown), ("all", &self.count(all))]),
            None => self.fill(M::ListShowingSome, &[("shown", &shown)]),
        }
    }

    fn list_downloads(&self, matched: Option<u64>) -> Markup {
        let params = self.context.params.with("next", None).with("lang", None);
        let address = |form: &str, limit: Option<&str>| {
            let params = params.with("f", Some(form)).with("limit", limit);
            format!("{}{}", self.context.path, params.to_query())
        };
        html! {
            p .downloads-line {
                @match matched {
                    Some(all) => (self.fill(M::DownloadThese, &[("count", &self.count(all))])),
                    None => (self.say(M::Download)),
                } " "
                a .button href=(address("csv", None)) { "CSV" } " "
                a .button href=(address("geojson", Some("1000"))) { "GeoJSON" }
            }
        }
    }

    fn select(&self, name: &str, label: Message, options: &[Choice<'_>]) -> Markup {
        let chosen = self.context.params.get(name).unwrap_or_default();
        html! {
            div .field {
                label for=(name) { (self.say(label)) }
                select id=(name) name=(name) data-filter=(name) {
                    option value="" { (self.say(M::Any)) }
                    @for Choice { value, text, shown_by } in options {
                        option value=(value) selected[*value == chosen] data-shown-by=[shown_by] {
                            (text)
                        }
                    }
                }
            }
        }
    }

    /// Choice of a country.
    pub fn country_field(&self) -> Markup {
        let options = COUNTRIES.map(|code| Choice::new(code, self.country(code)));
        self.select("country", M::Country, &options)
    }

    /// Choice of a kind of body.
    pub fn kind_field(&self) -> Markup {
        let codes = self.references().list("body_kinds").map_or(&[][..], |list| &list.codes);
        let options = codes.iter().map(|c| Choice::new(&c.code, c.label(self.language.code())));
        self.select("kind", M::Kind, &options.collect::<Vec<_>>())
    }

    /// Choice of a raw material; each says which substances show it, for the map.
    pub fn material_field(&self) -> Markup {
        let mut options: Vec<Choice<'_>> = self
            .references()
            .commodities
            .iter()
            .map(|c| Choice {
                shown_by: Some(&c.substances),
                ..Choice::new(&c.code, self.commodity(c))
            })
            .collect();
        options.sort_by_key(|choice| choice.text.to_lowercase());
        self.select("material", M::Material, &options)
    }

    /// Choice of a list of critical raw materials.
    pub fn crm_field(&self) -> Markup {
        let lists = self.references().crm_lists.iter().rev();
        let options = lists.map(|l| Choice {
            text: format!("{} {}", l.jurisdiction, l.year),
            ..Choice::new(&l.list, "")
        });
        self.select("crm", M::CrmList, &options.collect::<Vec<_>>())
    }

    /// Conditions of the address that no field of the form shows, each with a link without it.
    fn active_filters(&self) -> Markup {
        let known = ["f", "lang", "limit", "next", "q", "country", "kind", "material", "crm"];
        let others: Vec<_> =
            self.context.params.iter().filter(|(name, _)| !known.contains(name)).collect();
        html! {
            @if !others.is_empty() {
                ul .active-filters {
                    @for (name, value) in others {
                        @let without = self.context.params.with(name, None).with("next", None);
                        li {
                            span .small { (name) } " " (value) " "
                            a href=(format!("{}{}", self.context.path, without.to_query()))
                                aria-label=(self.fill(M::RemoveFilter, &[("name", name)])) { "×" }
                        }
                    }
                }
            }
        }
    }
}
