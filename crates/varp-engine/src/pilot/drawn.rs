//! Areas that a person drew: strata, where nobody may drill, and outlines of the register.

use varp_model::LonLat;

use super::ground::Ground;
use super::polygon::{Point, area, box_area, cells, crossing};
use super::request::{RequestError, Wishes};

pub(super) fn ring(
    ground: Option<&Ground>,
    corners: &[(f64, f64)],
) -> Result<Vec<Point>, RequestError> {
    ground.map_or(Ok(Vec::new()), |ground| {
        ground.ring(corners).map_err(|error| RequestError::Place(error.to_string()))
    })
}

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

/// Share of an outline's area that crossing edges may take or add; beyond, it is no outline.
const MOST_LOST: f64 = 0.05;
/// Cells of the grid that tells that share, at least and at most.
const CELLS: (f64, f64) = (40_000.0, 400_000.0);

/// How the outline of a body came about that the register has, and whether its edges cross.
///
/// # Errors
/// If a ring encloses no area, or its edges cross so that the area is not that of what they enclose.
pub(super) fn in_register(rings: &[Vec<Point>], body: &str) -> Result<String, RequestError> {
    let mut how = "outline in the register".to_owned();
    for (k, ring) in rings.iter().enumerate() {
        let part =
            if rings.len() == 1 { body.to_owned() } else { format!("part {} of {body}", k + 1) };
        if let Some(edges) = slip(ring, &part)? {
            how += &format!("; that of {part} crosses itself: {edges}");
        }
    }
    Ok(how)
}

/// The edges of a ring that cross, where little of its area is lost; none where none cross.
fn slip(ring: &[Point], body: &str) -> Result<Option<String>, RequestError> {
    let wrong = |wrong: String| RequestError::Outline { body: body.to_owned(), wrong };
    let crossed = crossing(ring);
    let square_metres = area(ring);
    let Some((first, second)) = crossed else {
        return match ring.len() > 2 && square_metres > 0.0 {
            true => Ok(None),
            false => Err(wrong("encloses no area".into())),
        };
    };
    let edges = format!("the edges after corners {} and {}", first + 1, second + 1);
    let box_area = box_area(ring);
    let count = (0.1 * CELLS.0 * box_area / square_metres).clamp(CELLS.0, CELLS.1);
    let step = (box_area / count).sqrt();
    let enclosed = cells(ring, &[], step).len() as f64 * step * step;
    if (enclosed - square_metres).abs() > MOST_LOST * enclosed {
        return Err(wrong(format!("crosses itself: {edges}")));
    }
    Ok(Some(edges))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outline_that_crosses_itself_is_refused_where_its_area_is_lost() {
        let square = [(0.0, 0.0), (400.0, 0.0), (400.0, 200.0), (0.0, 200.0)];
        let of = |ring: &[Point]| in_register(&[ring.to_vec()], "Pond");
        assert_eq!(of(&square).unwrap(), "outline in the register");
        let [a, b, c, d] = square;
        let said = of(&[a, b, d, c]).unwrap_err().to_string();
        let start =
            "the outline of Pond in the register crosses itself: the edges after corners 2 and 4\n";
        assert!(said.starts_with(start) && said.contains("  hint: "), "{said}");
        // a slip of the pen of two metres in a pond of eight hectares
        let slip = [a, b, c, (200.0, 200.0), (198.0, 202.0), (198.0, 198.0), (200.0, 200.5), d];
        assert!(crossing(&slip).is_some());
        let how = in_register(&[square.to_vec(), slip.to_vec()], "Pond").unwrap();
        assert!(
            how.contains("register; that of part 2 of Pond crosses itself: the edges"),
            "{how}"
        );
        for nothing in [&square[..2], &[a, a, a]] {
            let said = of(nothing).unwrap_err().to_string();
            assert!(
                said.contains("the outline of Pond in the register encloses no area"),
                "{said}"
            );
        }
    }

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
