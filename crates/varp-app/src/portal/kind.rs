//! How kinds of bodies look: a shape and a colour each, the same on map, list and page.

use maud::{Markup, html};

/// The shape of a kind, as a path around 0, 0 within ±7.
pub fn path(kind: &str) -> &'static str {
    match kind {
        "deposit" => "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z",
        "tailings" => "M-7 -3.4H7V3.4H-7z",
        "waste rock" => "M0 -6.2L6.8 5.4H-6.8z",
        "slag" => "M0 -7L6.4 0L0 7L-6.4 0z",
        "ash" => "M-2.2 -6.6h4.4v4.4h4.4v4.4h-4.4v4.4h-4.4v-4.4h-4.4v-4.4h4.4z",
        "red mud" => "M-3.4 -7H3.4V7H-3.4z",
        "leach residue" => "M0 -6.8L6.6 -2L4.1 5.8H-4.1L-6.6 -2z",
        "stockpile" => "M-5.5 -5.5H5.5V5.5H-5.5z",
        "sludge" => "M0 6.2L6.8 -5.4H-6.8z",
        "overburden" => "M-6.8 0L-3.4 -5.9H3.4L6.8 0L3.4 5.9H-3.4z",
        "backfill" => "M-6 0a6 6 0 0 1 12 0z M-6 1.6H6V4.2H-6z",
        "submarine tailings" => {
            "M-7 -4.6q1.75 -3 3.5 0t3.5 0t3.5 0t3.5 0v3.2q-1.75 3 -3.5 0t-3.5 0t-3.5 0t-3.5 0z \
             M-7 2.2q1.75 -3 3.5 0t3.5 0t3.5 0t3.5 0v3.2q-1.75 3 -3.5 0t-3.5 0t-3.5 0t-3.5 0z"
        }
        _ => "M-5 -6.4L0 -1.4L5 -6.4L6.4 -5L1.4 0L6.4 5L5 6.4L0 1.4L-5 6.4L-6.4 5L-1.4 0L-6.4 -5z",
    }
}

/// Class that colours a kind: `k-waste-rock`.
pub fn class(kind: &str) -> String {
    format!("k-{}", kind.replace(' ', "-"))
}

/// Class that colours a group of commodities: `g-base-metals`.
pub fn group_class(group: &str) -> String {
    format!("g-{}", group.replace(' ', "-"))
}

/// The shape in a line of text; hidden from screen readers, since the word stands beside it.
pub fn glyph(kind: &str) -> Markup {
    html! {
        svg class=(format!("glyph {}", class(kind))) viewBox="-8 -8 16 16" width="16" height="16"
            aria-hidden="true" data-kind=(kind) { path d=(path(kind)) {} }
    }
}

/// A disc in the colour of a group of commodities.
pub fn group_glyph(group: &str) -> Markup {
    html! {
        svg class=(format!("glyph {}", group_class(group))) viewBox="-8 -8 16 16" width="16"
            height="16" aria-hidden="true" data-group=(group) { path d=(path("deposit")) {} }
    }
}
