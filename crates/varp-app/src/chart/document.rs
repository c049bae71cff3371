//! A figure of its own: charts side by side in one SVG file that carries its style.

use maud::{Markup, PreEscaped, html};

use super::px;

/// One chart of a figure.
pub struct Panel {
    /// Over the chart.
    pub heading: String,
    /// Width and height of the chart, user units.
    pub size: [f64; 2],
    /// The chart, an `svg` element.
    pub chart: Markup,
}

/// Colours of the pages' style sheet in their light form, so that figures print well.
const STYLE: &str = "
svg { font-family: 'Source Sans 3', 'Source Sans Pro', 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif; }
.paper { fill: #fbfaf7; }
.title { font-size: 19px; font-weight: 600; fill: #1d2125; }
.subtitle { font-size: 13px; fill: #595f66; }
.heading { font-size: 14px; font-weight: 600; fill: #1d2125; }
.tick { font-size: 12px; fill: #595f66; font-variant-numeric: tabular-nums; }
.name { font-size: 13px; fill: #1d2125; }
.note { font-size: 12px; fill: #595f66; }
.gridline { stroke: #e6e2d8; stroke-width: 1; }
.axis { stroke: #8b8f93; stroke-width: 1; }
.column { fill: #2f6f6a; }
.column.censored { fill: url(#hatch); stroke: #2f6f6a; stroke-width: 0.6; }
.hatch { stroke: #2f6f6a; stroke-width: 1.2; }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.s0 { stroke: #2f6f6a; } .s1 { stroke: #a4501f; } .s2 { stroke: #23618f; } .s3 { stroke: #7d4a94; } .s4 { stroke: #8f6a0a; } .s5 { stroke: #5b6470; }
.f0 { fill: #2f6f6a; } .f1 { fill: #a4501f; } .f2 { fill: #23618f; } .f3 { fill: #7d4a94; } .f4 { fill: #8f6a0a; } .f5 { fill: #5b6470; }
.band { fill-opacity: 0.16; stroke: none; }
.sankey text { font-size: 12px; fill: #1d2125; } .sankey .amount { fill: #595f66; } .sankey .node { fill: #1d2125; }
.sankey .band { fill-opacity: 0.55; } .band.feed { fill: #b9b2a2; } .band.useful { fill: #2f6f6a; } .band.placed { fill: #b0541f; } .band.lost { fill: #6b6b6b; }
.dot { stroke: #fbfaf7; stroke-width: 1; }
.sill { stroke: #8b8f93; stroke-width: 1; stroke-dasharray: 5 4; }
.sample { fill: #fbfaf7; stroke: #1d2125; stroke-width: 1; }
.frame { fill: none; stroke: #8b8f93; stroke-width: 1; }
";

const MARGIN: f64 = 24.0;
const GAP: f64 = 30.0;

/// The figure as text of an SVG file; charts stand in rows of at most `columns`.
pub fn document(title: &str, subtitle: &str, panels: &[Panel], columns: usize) -> String {
    let head = MARGIN + 26.0 + if subtitle.is_empty() { 0.0 } else { 20.0 } + 14.0;
    let (mut y, mut width, mut places) = (head, 0.0f64, Vec::new());
    for row in panels.chunks(columns.max(1)) {
        let mut x = MARGIN;
        for panel in row {
            places.push([x, y]);
            x += panel.size[0] + GAP;
        }
        width = width.max(x - GAP);
        y += row.iter().map(|p| p.size[1]).fold(0.0, f64::max) + 24.0 + GAP;
    }
    let least = 7.6 * title.chars().count().max(subtitle.chars().count() * 4 / 5) as f64;
    let (width, height) = (width.max(least + MARGIN) + MARGIN, y - GAP + MARGIN);
    let body = html! {
        svg xmlns="http://www.w3.org/2000/svg" width=(px(width)) height=(px(height))
            viewBox=(format!("0 0 {} {}", px(width), px(height))) role="img" {
            title { (title) }
            style { (PreEscaped(STYLE)) }
            rect class="paper" width="100%" height="100%" {}
            text class="title" x=(MARGIN) y=(MARGIN + 18.0) { (title) }
            @if !subtitle.is_empty() {
                text class="subtitle" x=(MARGIN) y=(MARGIN + 40.0) { (subtitle) }
            }
            @for (panel, [x, y]) in panels.iter().zip(&places) {
                g transform=(format!("translate({} {})", px(*x), px(*y))) {
                    text class="heading" x="0" y="12" { (panel.heading) }
                    g transform="translate(0 24)" { (panel.chart) }
                }
            }
        }
    };
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", body.into_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_names_its_space_and_escapes_its_words() {
        let chart = html! { svg class="plot" {} };
        let panel = Panel { heading: "a < b".into(), size: [100.0, 80.0], chart };
        let text = document("Zinc & lead", "", &[panel], 2);
        assert!(text.contains("xmlns=\"http://www.w3.org/2000/svg\""));
        assert!(text.contains("Zinc &amp; lead") && text.contains("a &lt; b"));
    }
}
