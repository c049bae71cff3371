//! What the register is, its words, and the accessibility statement.

use maud::{Markup, html};

use super::claims::first_letter_up;
use super::kind;
use super::language::Message as M;
use super::view::{Head, View};
use crate::http::PageContext;

/// `/about`: what the register is and what its words mean.
pub fn about_page(context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let head = Head {
        title: view.text(M::NavAbout).to_owned(),
        description: view.text(M::AboutText).to_owned(),
        door: "/about",
        ..Head::default()
    };
    let words = [
        (M::Site, M::SiteMeaning),
        (M::Body, M::BodyMeaning),
        (M::Sample, M::SampleMeaning),
        (M::Quantity, M::QuantityMeaning),
        (M::LowBestHigh, M::LowBestHighMeaning),
        (M::Source, M::SourceMeaning),
        (M::Preferred, M::PreferredMeaning),
        (M::ElementPresentOnly, M::ElementPresentMeaning),
        (M::Unknown, M::UnknownMeaning),
    ];
    let kinds = view.references().list("body_kinds").map_or(&[][..], |list| &list.codes);
    view.page(
        &head,
        &html! {
            article .prose {
                h1 { (view.say(M::NavAbout)) }
                p .lead { (view.say(M::AboutText)) }
                p { (view.say(M::AboutTrust)) }
                p { (view.say(M::AboutVisibility)) }
                p { a href=(view.href("/matches")) { (view.say(M::Matches)) } }
                h2 #glossary { (view.say(M::Glossary)) }
                dl .glossary {
                    @for (word, meaning) in words { dt { (view.say(word)) } dd { (view.say(meaning)) } }
                }
                h2 #kinds { (view.say(M::KindsOfBodies)) }
                dl .glossary {
                    @for code in kinds {
                        dt { (kind::glyph(&code.code)) " " (first_letter_up(code.label(view.language.code()))) }
                        dd { (code.definition) }
                    }
                }
                h2 #properties { (view.say(M::Properties)) }
                dl .glossary {
                    @for property in &view.references().properties {
                        dt { (first_letter_up(&property.en)) } dd { (property.definition) }
                    }
                }
                h2 { (view.say(M::MapCredits)) }
                p { (view.say(M::MapCreditsText)) }
            }
        },
    )
}

/// `/accessibility`: how far everybody can use these pages.
pub fn accessibility_page(context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let head = Head { title: view.text(M::NavAccessibility).to_owned(), ..Head::default() };
    view.page(
        &head,
        &html! {
            article .prose {
                h1 { (view.say(M::NavAccessibility)) }
                p .lead { (view.say(M::AccessibilityAim)) }
                p { (view.say(M::AccessibilityHow)) }
                p { (view.say(M::AccessibilityMap)) }
                p { (view.say(M::AccessibilityLimits)) }
                p { (view.say(M::AccessibilityContact)) }
            }
        },
    )
}
