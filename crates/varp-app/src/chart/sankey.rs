//! Flows of a scenario: bands from the feed to what becomes of it.

use maud::{Markup, html};

use super::px;

/// A band.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// Where it comes from.
    pub from: String,
    /// Where it goes.
    pub to: String,
    /// Amount, any one unit.
    pub amount: f64,
}

/// A node as it is drawn.
struct Node {
    name: String,
    column: usize,
    amount: f64,
    y: f64,
}

const BAR: f64 = 10.0;
const GAP: f64 = 16.0;
/// Height of a node so that its label can be read.
const LEAST: f64 = 3.0;

/// The diagram; `label` writes an amount. Nodes stand in columns by how many steps they are from
/// a node that nothing flows into.
pub fn sankey(bands: &[Band], width: f64, label: &dyn Fn(f64) -> String, words: &str) -> Markup {
    let mut nodes = nodes(bands);
    let columns = nodes.iter().map(|n| n.column).max().unwrap_or(0) + 1;
    let total = nodes.iter().filter(|n| n.column == 0).map(|n| n.amount).sum::<f64>().max(1e-12);
    let most = (0..columns).map(|c| nodes.iter().filter(|n| n.column == c).count()).max();
    let height = 170.0 + GAP * most.unwrap_or(1) as f64;
    let scale = 150.0 / total;
    for column in 0..columns {
        let mut y = 8.0;
        for node in nodes.iter_mut().filter(|n| n.column == column) {
            node.y = y;
            y += (node.amount * scale).max(LEAST) + GAP;
        }
    }
    let step = (width - 190.0) / (columns.max(2) - 1) as f64;
    let x = |column: usize| 4.0 + column as f64 * step;
    let place = |name: &str| nodes.iter().position(|n| n.name == name).unwrap_or(0);
    let (mut out, mut into) = (vec![0.0; nodes.len()], vec![0.0; nodes.len()]);
    let mut drawn = Vec::new();
    // what goes over into a node of its own name ends there
    for band in bands.iter().filter(|band| band.from != band.to) {
        let (a, b) = (place(&band.from), place(&band.to));
        let thick = band.amount * scale;
        let (y0, y1) = (nodes[a].y + out[a], nodes[b].y + into[b]);
        out[a] += thick;
        into[b] += thick;
        drawn.push((x(nodes[a].column) + BAR, y0, x(nodes[b].column), y1, thick, band));
    }
    html! {
        svg class="sankey" role="img" aria-label=(words)
            viewBox=(format!("0 0 {} {}", px(width), px(height))) {
            title { (words) }
            @for (x0, y0, x1, y1, thick, band) in &drawn {
                path class=(format!("band {}", class(&band.to))) d=(ribbon(*x0, *y0, *x1, *y1, *thick)) {
                    title { (band.from) " → " (band.to) ": " (label(band.amount)) }
                }
            }
            @for node in &nodes {
                @let tall = (node.amount * scale).max(LEAST);
                rect class="node" x=(px(x(node.column))) y=(px(node.y)) width=(BAR) height=(px(tall)) {}
                text x=(px(x(node.column) + BAR + 5.0)) y=(px(node.y + (tall / 2.0).min(10.0) + 4.0)) {
                    (node.name) " "
                    tspan class="amount" { (label(node.amount)) }
                }
            }
        }
    }
}

/// A class by the fate at the end of a band.
fn class(to: &str) -> &'static str {
    match to {
        "residue placed" => "placed",
        "losses" => "lost",
        "feed" => "feed",
        _ => "useful",
    }
}

fn ribbon(x0: f64, y0: f64, x1: f64, y1: f64, thick: f64) -> String {
    let middle = px((x0 + x1) / 2.0);
    let thick = thick.max(0.6);
    let (a, b, c, d) = (px(y0), px(y1), px(y1 + thick), px(y0 + thick));
    let (x0, x1) = (px(x0), px(x1));
    format!(
        "M{x0} {a}C{middle} {a} {middle} {b} {x1} {b}L{x1} {c}C{middle} {c} {middle} {d} {x0} {d}z"
    )
}

fn nodes(bands: &[Band]) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    for name in bands.iter().flat_map(|b| [&b.from, &b.to]) {
        if nodes.iter().any(|n| n.name == *name) {
            continue;
        }
        let sum = |at: &dyn Fn(&Band) -> bool| -> f64 {
            bands.iter().filter(|b| at(b)).map(|b| b.amount).sum()
        };
        let amount = sum(&|b| b.to == *name && b.from != *name).max(sum(&|b| b.from == *name));
        let column = steps(bands, name, bands.len());
        nodes.push(Node { name: name.clone(), column, amount, y: 0.0 });
    }
    nodes
}

/// Longest way to a node; bounded, so that a circle ends.
fn steps(bands: &[Band], name: &str, left: usize) -> usize {
    if left == 0 {
        return 0;
    }
    let before = bands.iter().filter(|b| b.to == name && b.from != name);
    before.map(|b| steps(bands, &b.from, left - 1) + 1).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_band_and_node_is_drawn_with_its_amount() {
        let band = |from: &str, to: &str, amount| Band { from: from.into(), to: to.into(), amount };
        let bands = [
            band("body", "feed", 100.0),
            band("feed", "products", 5.0),
            band("feed", "residue placed", 95.0),
            band("residue placed", "residue placed", 95.0),
        ];
        let svg = sankey(&bands, 600.0, &|t| format!("{t} t"), "flows").into_string();
        assert_eq!(svg.matches("class=\"band").count(), 3);
        assert_eq!(svg.matches("<rect").count(), 4);
        assert!(svg.contains("95 t") && svg.contains("band placed"));
    }

    #[test]
    fn a_circle_of_bands_ends() {
        let band = |from: &str, to: &str| Band { from: from.into(), to: to.into(), amount: 1.0 };
        assert!(
            !sankey(&[band("a", "b"), band("b", "a")], 400.0, &|_| String::new(), "")
                .into_string()
                .is_empty()
        );
    }
}
