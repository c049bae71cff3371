//! Areas that a person drew in degrees: strata, and where nobody may drill.

use varp_model::LonLat;

use super::ground::Ground;
use super::polygon::{Point, area, crossing};
use super::request::{RequestError, Wishes, ring};

/// Areas that must not be drilled, in metres.
pub(super) fn no_go(
    ground: Option<&Ground>,
    wishes: &Wishes,
) -> Result<Vec<Vec<Point>>, RequestError> {
    let areas = wishes.no_go.iter().enumerate();
    areas.map(|(k, corners)| drawn(ground, corners, &format!("no_go {}", k + 1))).collect()
}

/// An area that a person drew: at least three corners on Earth, and no edges that cross.
pub(super) fn drawn(
    ground: Option<&Ground>,
    corners: &[(f64, f64)],
    whose: &str,
) -> Result<Vec<Point>, RequestError> {
    let wrong = |wrong: String| RequestError::Area { whose: whose.to_owned(), wrong };
    if let Some((x, y)) = corners.iter().find(|(lon, lat)| LonLat::new(*lon, *lat).is_none()) {
        return Err(wrong(format!("the corner ({x}, {y}) is no place on Earth")));
    }
    if ground.is_none() {
        return Err(wrong("nobody knows where the body is, so nothing can be drawn on it".into()));
    }
    let ring = ring(ground, corners)?;
    if ring.len() < 3 || area(&ring) <= 0.0 {
        return Err(wrong(format!("its {} corners enclose no area", corners.len())));
    }
    match crossing(&ring) {
        Some((first, second)) => Err(wrong(format!(
            "it crosses itself: the edges after corners {} and {}",
            first + 1,
            second + 1
        ))),
        None => Ok(ring),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_that_enclose_nothing_are_refused_by_name() {
        let ground = Ground::around(LonLat::new(15.0, 60.0).unwrap()).unwrap();
        let corner = |x: f64, y: f64| (15.0 + 0.001 * x, 60.0 + 0.001 * y);
        let of = |corners: &[(f64, f64)]| drawn(Some(&ground), corners, "no_go 1");
        let square = [corner(0., 0.), corner(4., 0.), corner(4., 2.), corner(0., 2.)];
        assert_eq!(of(&square).unwrap().len(), 4);
        let said = |corners: &[(f64, f64)]| of(corners).unwrap_err().to_string();
        assert!(said(&[]).contains("no_go 1: its 0 corners enclose no area"));
        assert!(said(&square[..2]).contains("its 2 corners"));
        assert!(said(&[(95.0, 215.0)]).contains("(95, 215) is no place on Earth"));
        let [a, b, c, d] = square;
        assert!(said(&[a, b, d, c]).contains("crosses itself: the edges after corners 2 and 4"));
        assert!(drawn(None, &square, "no_go 1").is_err());
    }
}
