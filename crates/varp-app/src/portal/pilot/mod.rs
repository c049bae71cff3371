//! The sheet of a pilot: the page of the portal, and what is printed for the field.

mod fates;
mod study;

use maud::{Markup, html};
use varp_engine::circularity::report::Circularity;
use varp_engine::circularity::scenario::Fates;
use varp_engine::pilot::sheet::Sheet;
use varp_engine::rank::table::Evidence;

use super::language::{Language, Message as M};
use super::number;
use super::view::{Head, View};
use crate::http::PageContext;

/// The page of a pilot.
pub fn pilot_page(sheet: &Sheet, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let title = format!("{}: {}", view.text(M::NextPilot), sheet.profile.name);
    let head = Head {
        description: sheet.headline.clone(),
        title,
        door: "/ranking",
        data: None,
        map: false,
        island: None,
    };
    let body = view.item("bodies", &sheet.profile.id);
    view.page(
        &head,
        &html! {
            article .record .pilot {
                nav .crumbs aria-label=(view.text(M::NavCrumbs)) {
                    ol {
                        li { a href=(view.href("/ranking")) { (view.say(M::NextRanking)) } }
                        li { a href=(body) { (sheet.profile.name) } }
                    }
                }
                h1 { (view.say(M::NextPilot)) ": " (sheet.profile.name) }
                (content(sheet, &view))
                section {
                    h2 { (view.say(M::Download)) }
                    (view.downloads(&[]))
                    (super::next::command(&view, &format!("varp pilot {} --out study", sheet.profile.id)))
                }
            }
        },
    )
}

/// The sheet without the frame of a page.
pub fn content(sheet: &Sheet, view: &View<'_>) -> Markup {
    html! {
        p .lead { (sheet.profile.site) ", " (view.country(&sheet.profile.country)) }
        p .headline lang="en" { (sheet.headline) }
        p .small { (view.say(M::PilotAbout)) }
        div .sheet {
            (study::figures(sheet, view))
            (study::map(sheet, view))
            (study::counts(sheet, view))
            (study::precision(sheet, view))
            (study::class(sheet, view))
            (study::rests_on(sheet, view))
            (study::news(sheet, view))
            (study::holes(sheet, view))
            (study::costs(sheet, view))
            (study::gates(sheet, view))
        }
        (fates::section(
            sheet.no_fates.as_deref().map_or(Ok(&sheet.fates[..]), Err),
            &sheet.scenarios_version,
            view,
        ))
    }
}

/// The sheet in English, as part of a file of its own.
pub fn printed(sheet: &Sheet, context: &PageContext<'_>) -> Markup {
    let view = View { context, language: Language::En };
    html! {
        h1 { "Pilot study: " (sheet.profile.name) }
        (content(sheet, &view))
    }
}

/// What may become of a body, in English, as part of a file of its own.
pub fn circularity(report: &Circularity, context: &PageContext<'_>) -> Markup {
    let view = View { context, language: Language::En };
    html! {
        h1 { "What may become of " (report.name) }
        p .lead { (report.site) }
        (fates::section(Ok(&report.fates), &report.scenarios_version, &view))
        section {
            h2 { "What it rests on" }
            table {
                tbody {
                    @for ground in &report.rests_on {
                        @let figure = &ground.figure;
                        tr {
                            th scope="row" { (ground.what) }
                            td { (view.three(figure.best)) " (" (view.three(figure.low)) "–" (view.three(figure.high)) ")" }
                            td { (view.evidence(Some(figure.evidence))) " " span .small { (figure.how) } }
                        }
                    }
                }
            }
        }
    }
}

/// The flows of a scenario as a diagram, in English.
pub fn flows(fates: &Fates) -> Markup {
    fates::diagram(fates, &fates.way.name, Language::En)
}

impl View<'_> {
    /// A chip that says what a number rests on; `None` where the user gave it.
    pub(super) fn evidence(&self, evidence: Option<Evidence>) -> Markup {
        let (class, words) = match evidence {
            Some(Evidence::Measured) => ("measured", M::EvidenceMeasured),
            Some(Evidence::Derived) => ("derived", M::EvidenceDerived),
            Some(Evidence::Prior) => ("prior", M::EvidencePrior),
            None => ("given", M::EvidenceGiven),
        };
        html! { span class=(format!("evidence {class}")) { (self.say(words)) } }
    }

    /// A number with so many decimals, in the language of the page.
    pub(super) fn fixed(&self, value: f64, decimals: i32) -> String {
        number::fixed(value, decimals, self.language)
    }

    /// A share as per cent without decimals.
    pub(super) fn percent(&self, share: f64) -> String {
        format!("{} %", number::fixed(100.0 * share, 0, self.language))
    }

    /// An amount with three significant digits.
    fn three(&self, amount: f64) -> String {
        number::significant(amount, 3, self.language)
    }
}
