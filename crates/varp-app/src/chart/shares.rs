//! Shares of one whole as bars under each other, the greatest first: which input makes the uncertainty.

use maud::{Markup, html};

use super::px;

const WIDTH: f64 = 300.0;

/// One bar per share, with its name before and its text behind; a list, so that it reads without a
/// picture.
pub fn shares(rows: &[(Markup, f64, String)]) -> Markup {
    let most = rows.iter().map(|(_, share, _)| *share).fold(0.0, f64::max).max(1e-9);
    html! {
        ol .shares {
            @for (name, share, text) in rows {
                li {
                    span .share-name { (name) }
                    svg viewBox=(format!("0 0 {WIDTH} 12")) preserveAspectRatio="none"
                        aria-hidden="true" {
                        rect class="span" x="0" y="1" height="10"
                            width=(px((WIDTH * share / most).max(1.0))) {}
                    }
                    span .share-value { (text) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_share_fills_the_width() {
        let rows = [(html! { "a" }, 0.6, "60 %".into()), (html! { "b" }, 0.3, "30 %".into())];
        let list = shares(&rows).into_string();
        assert!(list.contains("width=\"300\"") && list.contains("width=\"150\""));
        assert!(list.contains("60 %"));
    }
}
