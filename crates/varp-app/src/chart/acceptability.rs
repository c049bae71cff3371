//! Rank acceptability of hundreds of bodies: a row each, darker where a rank is likelier.

use std::fmt::Write;

use maud::{Markup, PreEscaped, html};

use super::px;

/// Upper ends of the shades, as probabilities; the first is left blank.
const SHADES: [f64; 5] = [0.01, 0.05, 0.15, 0.35, 1.01];
/// Columns at most: neighbouring ranks share one.
const COLUMNS: usize = 60;

/// One body: name, address, probabilities by rank.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Name.
    pub name: String,
    /// Address of its page.
    pub href: String,
    /// P(rank) by rank, or by group of ranks; sums to one.
    pub shares: Vec<f64>,
}

/// The map; `rank` writes the number of a rank under the axis.
pub fn acceptability(rows: &[Row], ranks: usize, width: f64, words: &str) -> Markup {
    let columns = ranks.clamp(1, COLUMNS);
    let (left, top) = (230.0, 18.0);
    let tall = if rows.len() > 60 { 9.0 } else { 15.0 };
    let wide = (width - left) / columns as f64;
    let mut shades: [String; SHADES.len()] = Default::default();
    for (line, row) in rows.iter().enumerate() {
        for (column, share) in grouped(&row.shares, columns).into_iter().enumerate() {
            let shade = SHADES.iter().position(|end| share < *end).unwrap_or(SHADES.len() - 1);
            if shade > 0 {
                let (x, y) = (left + wide * column as f64, top + tall * line as f64);
                let side = px(wide - 0.4);
                write!(shades[shade], "M{} {}h{side}v{}h-{side}z", px(x), px(y), px(tall - 0.8))
                    .expect("writing to a string");
            }
        }
    }
    let height = top + tall * rows.len() as f64 + 4.0;
    html! {
        svg class=(if tall < 12.0 { "acceptability fine" } else { "acceptability" }) role="group"
            aria-label=(words) viewBox=(format!("0 0 {} {}", px(width), px(height))) {
            title { (words) }
            @for k in [1, (ranks / 4).max(1), (ranks / 2).max(1), (3 * ranks / 4).max(1), ranks] {
                @let x = left + (k as f64 - 0.5) / ranks.max(1) as f64 * (width - left);
                text class="tick" x=(px(x)) y="12" text-anchor="middle" { (k) }
            }
            @for (shade, path) in shades.iter().enumerate().skip(1) {
                path class=(format!("shade-{shade}")) d=(PreEscaped(path.as_str())) {}
            }
            @for (line, row) in rows.iter().enumerate() {
                a href=(row.href) {
                    text class="name" x=(left - 6.0) y=(px(top + tall * line as f64 + tall * 0.78))
                        text-anchor="end" { (shortened(&row.name)) }
                }
            }
        }
    }
}

/// The legend of the shades.
pub fn shades() -> [(usize, String); 4] {
    let at = |k: usize| {
        let percent = |p: f64| (100.0 * p).round();
        let end = if k + 1 == SHADES.len() { 100.0 } else { percent(SHADES[k]) };
        (k, format!("{}–{end} %", percent(SHADES[k - 1])))
    };
    [at(1), at(2), at(3), at(4)]
}

/// Shares of ranks gathered into so many columns; a share that spans two goes to where its middle is.
fn grouped(shares: &[f64], columns: usize) -> Vec<f64> {
    let mut groups = vec![0.0; columns];
    for (k, share) in shares.iter().enumerate() {
        let place = (k as f64 + 0.5) / shares.len() as f64 * columns as f64;
        groups[(place as usize).min(columns - 1)] += share;
    }
    groups
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= 34 {
        return name.to_owned();
    }
    format!("{}…", name.chars().take(33).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hundreds_of_bodies_fit_into_a_small_drawing() {
        let row = |k: usize| {
            let mut shares = vec![0.0; 300];
            (0..20).for_each(|d| shares[(k + d) % 300] = 0.05);
            Row { name: format!("body {k}"), href: format!("/{k}"), shares }
        };
        let rows: Vec<Row> = (0..300).map(row).collect();
        let svg = acceptability(&rows, 300, 900.0, "ranks").into_string();
        assert!(svg.len() < 120_000, "{} bytes", svg.len());
        assert_eq!(svg.matches("<a href").count(), 300);
    }

    #[test]
    fn grouping_keeps_the_sum() {
        let groups = grouped(&[0.1, 0.2, 0.3, 0.4], 3);
        assert!((groups.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}
