//! Where next: the three pages between the register and a study, and what they share.

use maud::{Markup, html};

use super::language::Message as M;
use super::view::View;

/// The pages in the order of the work: address and name.
const STEPS: [(&str, M); 3] = [
    ("/screening", M::NextScreening),
    ("/ranking", M::NextRanking),
    ("/portfolio", M::NextPortfolio),
];

/// The steps, the present one marked.
pub fn steps(view: &View<'_>, here: &str) -> Markup {
    html! {
        nav .steps aria-label=(view.text(M::NavNext)) {
            ol {
                @for (path, name) in STEPS {
                    @let current = if path == here { Some("step") } else { None };
                    li { a href=(view.href(path)) aria-current=[current] { (view.say(name)) } }
                }
            }
        }
    }
}

/// The command that gives the same, and the version and seed that it rests on.
pub fn reproduce(view: &View<'_>, version: &str, seed: u64, line: &str) -> Markup {
    html! {
        section .reproduce {
            p .small {
                (view.fill(M::NextPublicOnly, &[("version", version), ("seed", &seed.to_string())]))
            }
            (command(view, line))
        }
    }
}

/// A command to copy.
pub fn command(view: &View<'_>, line: &str) -> Markup {
    html! {
        p .small { (view.say(M::NextReproduce)) ":" }
        pre tabindex="0" { code { (line) } }
    }
}
