//! A refusal, with what to do.

use maud::{Markup, html};

use super::language::Message as M;
use super::view::{Head, View};
use crate::http::{PageContext, Problem};

/// A refusal, with what to do.
pub fn problem_page(value: &Problem, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let head = Head { title: value.title.to_owned(), ..Head::default() };
    view.page(
        &head,
        &html! {
            p .status { (value.status.as_u16()) }
            h1 { (value.title) }
            p .lead { (value.detail) }
            form .filters role="search" action="/search" {
                (view.kept_language())
                div .field .wide {
                    label for="q" { (view.say(M::Words)) }
                    input #q type="search" name="q";
                }
                button { (view.say(M::Search)) }
            }
            p { a href=(view.href("/")) { (view.say(M::NavMap)) } " · "
                a href=(view.href("/collections")) { (view.say(M::NavData)) } }
        },
    )
}
