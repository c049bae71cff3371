//! The sheet as a file of its own: one HTML page that needs nothing else and prints.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use varp_engine::pilot::sheet::Sheet;
use varp_model::References;

use crate::http::{PageContext, Params};
use crate::portal;

const STYLE: &str = include_str!("sheet.css");

/// The page of a study.
pub fn page(sheet: &Sheet) -> Markup {
    let title = format!("Pilot study: {}", sheet.profile.name);
    standalone(&title, |context| portal::pilot_sheet(sheet, context))
}

/// A page in English that needs nothing else.
pub fn standalone(title: &str, content: impl FnOnce(&PageContext<'_>) -> Markup) -> Markup {
    let references = References::embedded();
    let params = Params::default();
    let context = PageContext {
        base: "",
        path: "",
        params: &params,
        links: &[],
        references: &references,
        languages: "en",
    };
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body { main .record .pilot { (content(&context)) } }
        }
    }
}
