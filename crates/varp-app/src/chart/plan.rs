//! A body in plan: its outline, holes and samples, and the grade of blocks as shade.

use maud::{Markup, html};

use super::px;

const WIDTH: f64 = 440.0;
const MOST_HEIGHT: f64 = 420.0;
const EDGE: f64 = 14.0;
const FOOT: f64 = 26.0;

/// What a plan shows, metres east and north.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    /// Rings of the outline.
    pub rings: &'a [Vec<[f64; 2]>],
    /// Holes with their names.
    pub holes: &'a [(String, [f64; 2])],
    /// Samples outside holes.
    pub surface: &'a [[f64; 2]],
    /// Middles of cells with 0 for the least to 1 for the greatest grade.
    pub cells: &'a [([f64; 2], f64)],
    /// Edge lengths of a cell.
    pub cell: [f64; 2],
}

/// The plan with a scale bar, north up. `None` where there is nothing to show.
pub fn plan(of: &Plan<'_>, metre: impl Fn(f64) -> String, words: &str) -> Option<Markup> {
    let half = [of.cell[0] / 2.0, of.cell[1] / 2.0];
    let [west, east, south, north] = extent(of)?;
    let (wide, tall) = ((east - west).max(1.0), (north - south).max(1.0));
    let unit = ((WIDTH - 2.0 * EDGE) / wide).min((MOST_HEIGHT - 2.0 * EDGE - FOOT) / tall);
    let height = tall * unit + 2.0 * EDGE + FOOT;
    let left = (WIDTH - wide * unit) / 2.0;
    let x = |e: f64| left + (e - west) * unit;
    let y = |n: f64| EDGE + (north - n) * unit;
    let ring = |points: &Vec<[f64; 2]>| {
        let verb = |i: usize| if i == 0 { 'M' } else { 'L' };
        let steps = points.iter().enumerate();
        steps
            .map(|(i, p)| format!("{}{} {}", verb(i), px(x(p[0])), px(y(p[1]))))
            .collect::<String>()
            + "Z"
    };
    let outline: String = of.rings.iter().map(ring).collect();
    let cells = shaded(of, |[e, n]| [x(e - half[0]), y(n + half[1])], unit);
    let bar = round_length(wide / 4.0);
    let foot = height - 8.0;
    Some(html! {
        svg class="plan" role="img" viewBox=(format!("0 0 {WIDTH} {}", px(height))) {
            title { (words) }
            @for (class, path) in cells.iter().enumerate().filter(|(_, path)| !path.is_empty()) {
                path class="cell" d=(path)
                    fill-opacity=(px(0.1 + 0.85 * class as f64 / (SHADES - 1) as f64)) {}
            }
            @if !outline.is_empty() { path class="outline" fill-rule="evenodd" d=(outline) {} }
            @for at in of.surface {
                rect class="surface" x=(px(x(at[0]) - 2.0)) y=(px(y(at[1]) - 2.0)) width="4" height="4" {}
            }
            @for (name, at) in of.holes {
                circle class="hole" cx=(px(x(at[0]))) cy=(px(y(at[1]))) r="4" { title { (name) } }
            }
            g class="scale" {
                path d=(format!("M{} {}v5h{}v-5", px(EDGE), px(foot - 5.0), px(bar * unit))) {}
                text x=(px(EDGE + bar * unit + 6.0)) y=(px(foot)) { (metre(bar)) }
            }
            g class="north" {
                path d=(format!("M{} {}l5 14l-5 -3l-5 3z", px(WIDTH - EDGE - 5.0), px(foot - 16.0))) {}
                text x=(px(WIDTH - EDGE - 5.0)) y=(px(foot - 19.0)) text-anchor="middle" { "N" }
            }
        }
    })
}

/// West, east, south and north of all that is shown.
fn extent(of: &Plan<'_>) -> Option<[f64; 4]> {
    let half = [of.cell[0] / 2.0, of.cell[1] / 2.0];
    let corners = of
        .cells
        .iter()
        .flat_map(|(c, _)| [[c[0] - half[0], c[1] - half[1]], [c[0] + half[0], c[1] + half[1]]]);
    let rings = of.rings.iter().flatten().copied();
    let holes = of.holes.iter().map(|(_, at)| *at);
    let all: Vec<[f64; 2]> =
        rings.chain(holes).chain(of.surface.iter().copied()).chain(corners).collect();
    let least = |k: usize| all.iter().map(|p| p[k]).reduce(f64::min);
    let most = |k: usize| all.iter().map(|p| p[k]).reduce(f64::max);
    Some([least(0)?, most(0)?, least(1)?, most(1)?])
}

/// Steps of shade: more cannot be told apart.
const SHADES: usize = 8;

/// One path per step of shade; cells side by side of one shade are drawn as one.
fn shaded(of: &Plan<'_>, corner: impl Fn([f64; 2]) -> [f64; 2], unit: f64) -> [String; SHADES] {
    let mut paths: [String; SHADES] = Default::default();
    let class = |shade: f64| ((shade * SHADES as f64) as usize).min(SHADES - 1);
    let beside = |a: [f64; 2], b: [f64; 2]| {
        (b[1] - a[1]).abs() < 1e-6 && (b[0] - a[0] - of.cell[0]).abs() < 1e-6 * of.cell[0].max(1.0)
    };
    let mut at = 0;
    while let Some((first, shade)) = of.cells.get(at) {
        let mut end = at + 1;
        while of.cells.get(end).is_some_and(|(next, other)| {
            class(*other) == class(*shade) && beside(of.cells[end - 1].0, *next)
        }) {
            end += 1;
        }
        let [left, top] = corner(*first);
        let width = of.cell[0] * unit * (end - at) as f64;
        let height = of.cell[1] * unit;
        let path = &mut paths[class(*shade)];
        path.push_str(&format!(
            "M{} {}h{}v{}h-{}z",
            px(left),
            px(top),
            px(width),
            px(height),
            px(width)
        ));
        at = end;
    }
    paths
}

/// 1, 2 or 5 times a power of ten, at most `length`.
fn round_length(length: f64) -> f64 {
    let power = 10f64.powf(length.max(1e-3).log10().floor());
    let step = [5.0, 2.0, 1.0].into_iter().find(|s| s * power <= length).unwrap_or(1.0);
    step * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_shows_each_hole_and_keeps_north_up() {
        let holes = [("A".to_owned(), [0.0, 0.0]), ("B".to_owned(), [100.0, 50.0])];
        let of = Plan { rings: &[], holes: &holes, surface: &[], cells: &[], cell: [0.0, 0.0] };
        let svg = plan(&of, |m| format!("{m} m"), "two holes").unwrap().into_string();
        assert_eq!(svg.matches("class=\"hole\"").count(), 2);
        let low: f64 =
            svg.split("cy=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
        let high: f64 =
            svg.split("cy=\"").nth(2).unwrap().split('"').next().unwrap().parse().unwrap();
        assert!(low > high, "the southern hole stands lower");
        assert!(svg.contains("20 m"));
        let none = Plan { holes: &[], ..of };
        assert!(plan(&none, |m| m.to_string(), "nothing").is_none());
    }

    #[test]
    fn cells_side_by_side_of_one_shade_are_one_piece() {
        let cells = [([5.0, 5.0], 0.0), ([15.0, 5.0], 0.05), ([25.0, 5.0], 1.0)];
        let of = Plan { rings: &[], holes: &[], surface: &[], cells: &cells, cell: [10.0, 10.0] };
        let svg = plan(&of, |m| m.to_string(), "three cells").unwrap().into_string();
        assert_eq!(svg.matches("class=\"cell\"").count(), 2);
        assert_eq!(svg.matches('z').count(), 3, "two pieces and the arrow of north");
    }

    #[test]
    fn scale_bars_are_round() {
        assert_eq!(
            [round_length(37.0), round_length(8.0), round_length(140.0)],
            [20.0, 5.0, 100.0]
        );
    }
}
