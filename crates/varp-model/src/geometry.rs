//! Shapes on the ground, always longitude before latitude or east before north.

use geo_types::{MultiPolygon, Point, Polygon};

/// The shapes that a register keeps.
#[derive(Clone, Debug, PartialEq)]
pub enum Geometry {
    /// One place.
    Point(Point<f64>),
    /// One area.
    Polygon(Polygon<f64>),
    /// An area in parts.
    MultiPolygon(MultiPolygon<f64>),
}

/// A box west, south, east, north, in degrees or metres as its user says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bbox {
    /// Least x or longitude.
    pub west: f64,
    /// Least y or latitude.
    pub south: f64,
    /// Greatest x or longitude; less than `west` where the box crosses the antimeridian.
    pub east: f64,
    /// Greatest y or latitude.
    pub north: f64,
}

impl Bbox {
    /// The least box around all coordinates of `geometry`; `None` if it has none.
    pub fn of(geometry: &Geometry) -> Option<Self> {
        let mut bbox: Option<Self> = None;
        for (x, y) in geometry.coordinates() {
            let b = bbox.get_or_insert(Self { west: x, south: y, east: x, north: y });
            b.west = b.west.min(x);
            b.south = b.south.min(y);
            b.east = b.east.max(x);
            b.north = b.north.max(y);
        }
        bbox
    }

    /// Whether the point lies in the box or on its edge.
    pub fn contains(&self, x: f64, y: f64) -> bool {
        let inside_x = if self.west <= self.east {
            self.west <= x && x <= self.east
        } else {
            x >= self.west || x <= self.east
        };
        inside_x && self.south <= y && y <= self.north
    }
}

impl Geometry {
    /// All coordinates, outer rings first.
    pub fn coordinates(&self) -> Vec<(f64, f64)> {
        fn ring(polygon: &Polygon<f64>) -> impl Iterator<Item = (f64, f64)> + '_ {
            std::iter::once(polygon.exterior())
                .chain(polygon.interiors())
                .flat_map(|ring| ring.coords().map(|c| (c.x, c.y)))
        }
        match self {
            Self::Point(p) => vec![(p.x(), p.y())],
            Self::Polygon(p) => ring(p).collect(),
            Self::MultiPolygon(m) => m.iter().flat_map(ring).collect(),
        }
    }

    /// The same shape with each coordinate passed through `f`, or the first error of `f`.
    pub fn try_map<E>(
        &self,
        mut f: impl FnMut(f64, f64) -> Result<(f64, f64), E>,
    ) -> Result<Self, E> {
        Ok(match self {
            Self::Point(p) => Self::Point(f(p.x(), p.y())?.into()),
            Self::Polygon(p) => Self::Polygon(map_polygon(p, &mut f)?),
            Self::MultiPolygon(m) => Self::MultiPolygon(MultiPolygon(
                m.iter().map(|p| map_polygon(p, &mut f)).collect::<Result<_, E>>()?,
            )),
        })
    }
}

fn map_polygon<E>(
    polygon: &Polygon<f64>,
    f: &mut impl FnMut(f64, f64) -> Result<(f64, f64), E>,
) -> Result<Polygon<f64>, E> {
    let mut ring = |r: &geo_types::LineString<f64>| -> Result<geo_types::LineString<f64>, E> {
        r.coords().map(|c| f(c.x, c.y)).collect()
    };
    let exterior = ring(polygon.exterior())?;
    let interiors = polygon.interiors().iter().map(&mut ring).collect::<Result<_, E>>()?;
    Ok(Polygon::new(exterior, interiors))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_over_the_antimeridian_holds_both_sides() {
        let bbox = Bbox { west: 170.0, south: -10.0, east: -170.0, north: 10.0 };
        assert!(bbox.contains(175.0, 0.0) && bbox.contains(-175.0, 0.0));
        assert!(!bbox.contains(0.0, 0.0));
    }
}
