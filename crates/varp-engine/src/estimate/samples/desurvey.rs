//! From lengths along a hole to places in space, by minimum curvature.

use varp_model::Survey;

use super::SampleError;
use crate::estimate::data::HoleData;

/// A hole as a chain of arcs.
#[derive(Clone, Debug, PartialEq)]
pub struct HolePath {
    /// Depth, place and direction of each station.
    stations: Vec<(f64, [f64; 3], [f64; 3])>,
}

/// The path of a hole; without surveys it goes straight down.
///
/// Between two stations the hole is an arc: with β the angle between their directions t₁ and t₂ and L
/// the length between them, the displacement is L·tan(β/2)/β·(t₁ + t₂).
///
/// Source: S. J. Sawaryn and J. L. Thorogood, "A compendium of directional calculations based on the
/// minimum curvature method", SPE Drilling & Completion 20 (2005), 24–36.
///
/// # Errors
/// A collar or a survey that is not a number.
pub fn desurvey(hole: &HoleData, collar: [f64; 3]) -> Result<HolePath, SampleError> {
    let bad = |what: &'static str, value: f64| SampleError::NotANumber {
        what,
        of: format!("hole {}", hole.name),
        value,
    };
    if let Some(value) = collar.iter().find(|c| !c.is_finite()) {
        return Err(bad("a collar coordinate", *value));
    }
    let mut surveys = hole.surveys.clone();
    for s in &surveys {
        let numbers = [("depth", s.depth_m), ("azimuth", s.azimuth), ("dip", s.dip)];
        if let Some((what, value)) = numbers.into_iter().find(|n| !n.1.is_finite()) {
            return Err(bad(what, value));
        }
    }
    surveys.sort_by(|a, b| a.depth_m.total_cmp(&b.depth_m));
    surveys.dedup_by(|b, a| a.depth_m == b.depth_m);
    let first = surveys.first().map_or([0.0, 0.0, -1.0], direction);
    let mut path = HolePath { stations: vec![(0.0, collar, first)] };
    for survey in surveys.iter().filter(|s| s.depth_m > 0.0) {
        let (depth, place, from) = path.stations[path.stations.len() - 1];
        let to = direction(survey);
        let step = arc(from, to, survey.depth_m - depth);
        path.stations.push((survey.depth_m, [0, 1, 2].map(|d| place[d] + step[d]), to));
    }
    Ok(path)
}

/// How far below its collar a length along a hole ends, metres; the length itself where a survey is not a
/// number, which [`desurvey`] refuses by name.
pub fn depth_below(hole: &HoleData, length_m: f64) -> f64 {
    desurvey(hole, [0.0; 3]).map_or(length_m, |path| -path.place(length_m)[2])
}

impl HolePath {
    /// The place at a length along the hole; beyond the last station it goes on straight.
    pub fn place(&self, depth_m: f64) -> [f64; 3] {
        let next = self.stations.partition_point(|s| s.0 <= depth_m);
        let (depth, place, from) = self.stations[next.max(1) - 1];
        let length = depth_m - depth;
        let step = match self.stations.get(next.max(1)) {
            Some((end, _, to)) => arc(from, between(from, *to, length / (end - depth)), length),
            None => from.map(|t| t * length),
        };
        [0, 1, 2].map(|d| place[d] + step[d])
    }
}

fn direction(survey: &Survey) -> [f64; 3] {
    let (dip, azimuth) = (survey.dip.to_radians(), survey.azimuth.to_radians());
    let flat = libm::cos(dip);
    [flat * libm::sin(azimuth), flat * libm::cos(azimuth), -libm::sin(dip)]
}

fn angle(a: [f64; 3], b: [f64; 3]) -> f64 {
    let cross = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
    let sine = cross.iter().map(|c| c * c).sum::<f64>().sqrt();
    libm::atan2(sine, a.iter().zip(b).map(|(x, y)| x * y).sum())
}

fn arc(from: [f64; 3], to: [f64; 3], length: f64) -> [f64; 3] {
    let beta = angle(from, to);
    let factor = if beta < 1e-6 { 0.5 } else { libm::tan(0.5 * beta) / beta };
    [0, 1, 2].map(|d| length * factor * (from[d] + to[d]))
}

/// Direction at a share of the arc.
fn between(from: [f64; 3], to: [f64; 3], share: f64) -> [f64; 3] {
    let beta = angle(from, to);
    if beta < 1e-9 {
        return from;
    }
    let (a, b) = (libm::sin((1.0 - share) * beta), libm::sin(share * beta));
    [0, 1, 2].map(|d| (a * from[d] + b * to[d]) / libm::sin(beta))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hole(surveys: &[(f64, f64, f64)]) -> HoleData {
        let survey = |&(depth_m, azimuth, dip)| Survey { depth_m, azimuth, dip };
        HoleData {
            name: "h".into(),
            collar: None,
            surveys: surveys.iter().map(survey).collect(),
            depth_m: None,
            reached_base: None,
        }
    }

    /// A quarter of a circle of length 100 from straight down to level, due east: radius 200/π.
    #[test]
    fn a_quarter_of_a_circle_ends_at_its_radius() {
        let path = desurvey(&hole(&[(0.0, 90.0, 90.0), (100.0, 90.0, 0.0)]), [0.0; 3]).unwrap();
        let radius = 200.0 / std::f64::consts::PI;
        let close = |p: [f64; 3], q: [f64; 3]| p.iter().zip(q).all(|(a, b)| (a - b).abs() < 1e-9);
        assert!(close(path.place(100.0), [radius, 0.0, -radius]));
        let half = std::f64::consts::FRAC_1_SQRT_2;
        assert!(close(path.place(50.0), [radius * (1.0 - half), 0.0, -radius * half]));
        assert!(close(path.place(110.0), [radius + 10.0, 0.0, -radius]));
    }

    #[test]
    fn without_surveys_a_hole_is_vertical_and_with_one_it_is_straight() {
        let path = desurvey(&hole(&[]), [5.0, 6.0, 100.0]).unwrap();
        assert_eq!(path.place(7.0), [5.0, 6.0, 93.0]);
        let path = desurvey(&hole(&[(0.0, 0.0, 30.0)]), [0.0; 3]).unwrap();
        assert!((path.place(10.0)[2] + 5.0).abs() < 1e-12);
        assert!((path.place(10.0)[1] - 75.0_f64.sqrt()).abs() < 1e-12);
    }

    /// The sine of the dip where straight, two over π of the length over a quarter of a circle.
    #[test]
    fn the_depth_of_an_inclined_hole_is_less_than_its_length() {
        assert!((depth_below(&hole(&[(0.0, 40.0, 30.0)]), 12.0) - 6.0).abs() < 1e-12);
        let curved = hole(&[(0.0, 90.0, 90.0), (100.0, 90.0, 0.0)]);
        assert!((depth_below(&curved, 100.0) - 200.0 / std::f64::consts::PI).abs() < 1e-9);
        assert_eq!(depth_below(&hole(&[(0.0, 0.0, 90.0)]), 12.3), 12.3);
        assert_eq!(depth_below(&hole(&[(0.0, f64::NAN, 90.0)]), 12.3), 12.3);
    }

    #[test]
    fn what_is_not_a_number_is_named() {
        let error = desurvey(&hole(&[(0.0, f64::NAN, 90.0)]), [0.0; 3]).unwrap_err();
        assert!(error.to_string().contains("azimuth of hole h"), "{error}");
    }
}
