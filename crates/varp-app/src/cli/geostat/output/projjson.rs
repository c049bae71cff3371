//! Coordinate systems as PROJJSON, the form that GeoParquet wants, from well-known text.
//!
//! Names and numbers of methods and parameters are those of the EPSG register. Systems of other
//! projections than those listed, or with extensions, are given up.

use serde_json::{Value, json};
use varp_model::Crs;

/// A projection's name in WKT 1, its name and EPSG number, and its parameters.
type Method = (&'static str, &'static str, u16, &'static [Parameter]);
/// Name in WKT 1, name and number in the EPSG register, and kind of quantity.
type Parameter = (&'static str, &'static str, u16, Quantity);

#[derive(Clone, Copy)]
enum Quantity {
    Angle,
    Length,
    Scale,
}
use Quantity::{Angle, Length, Scale};

const ORIGIN: &[Parameter] = &[
    ("latitude_of_origin", "Latitude of natural origin", 8801, Angle),
    ("central_meridian", "Longitude of natural origin", 8802, Angle),
    ("scale_factor", "Scale factor at natural origin", 8805, Scale),
    ("false_easting", "False easting", 8806, Length),
    ("false_northing", "False northing", 8807, Length),
];
const CENTRE: &[Parameter] = &[
    ("latitude_of_center", "Latitude of natural origin", 8801, Angle),
    ("longitude_of_center", "Longitude of natural origin", 8802, Angle),
    ("false_easting", "False easting", 8806, Length),
    ("false_northing", "False northing", 8807, Length),
];
const PARALLELS: &[Parameter] = &[
    ("latitude_of_origin", "Latitude of false origin", 8821, Angle),
    ("central_meridian", "Longitude of false origin", 8822, Angle),
    ("standard_parallel_1", "Latitude of 1st standard parallel", 8823, Angle),
    ("standard_parallel_2", "Latitude of 2nd standard parallel", 8824, Angle),
    ("false_easting", "Easting at false origin", 8826, Length),
    ("false_northing", "Northing at false origin", 8827, Length),
];
const METHODS: &[Method] = &[
    ("Transverse_Mercator", "Transverse Mercator", 9807, ORIGIN),
    ("Lambert_Conformal_Conic_1SP", "Lambert Conic Conformal (1SP)", 9801, ORIGIN),
    ("Oblique_Stereographic", "Oblique Stereographic", 9809, ORIGIN),
    ("Lambert_Azimuthal_Equal_Area", "Lambert Azimuthal Equal Area", 9820, CENTRE),
    ("Lambert_Conformal_Conic_2SP", "Lambert Conic Conformal (2SP)", 9802, PARALLELS),
];

/// The system with this EPSG number, if it is known and can be told.
pub fn projjson(epsg: u32) -> Option<Value> {
    let code = u16::try_from(epsg).ok()?;
    let node = Node::parse(Crs::from_epsg(code).ok()?.definition())?;
    let mut system = match node.word.as_str() {
        "GEOGCS" => geographic(&node)?,
        "PROJCS" => projected(&node)?,
        _ => return None,
    };
    system["$schema"] = json!("https://proj.org/schemas/v0.7/projjson.schema.json");
    system["id"] = json!({ "authority": "EPSG", "code": code });
    Some(system)
}

fn geographic(node: &Node) -> Option<Value> {
    let datum = node.child("DATUM")?;
    let spheroid = datum.child("SPHEROID")?;
    let meridian = node.child("PRIMEM")?;
    let unit = angle_unit(node)?;
    let axis = |name, abbreviation, direction| json!({ "name": name, "abbreviation": abbreviation, "direction": direction, "unit": unit });
    let ellipsoid = json!({
        "name": spheroid.name()?,
        "semi_major_axis": spheroid.number(0)?,
        "inverse_flattening": spheroid.number(1)?,
    });
    let mut frame = json!({
        "type": "GeodeticReferenceFrame",
        "name": datum.name()?.replace('_', " "),
        "ellipsoid": ellipsoid,
    });
    if meridian.number(0)? != 0.0 {
        let longitude = json!({ "value": meridian.number(0)?, "unit": unit });
        frame["prime_meridian"] = json!({ "name": meridian.name()?, "longitude": longitude });
    }
    identify(&mut frame, datum);
    let mut system = json!({
        "type": "GeographicCRS",
        "name": node.name()?,
        "datum": frame,
        "coordinate_system": { "subtype": "ellipsoidal", "axis": [
            axis("Geodetic latitude", "Lat", "north"),
            axis("Geodetic longitude", "Lon", "east"),
        ] },
    });
    identify(&mut system, node);
    Some(system)
}

fn projected(node: &Node) -> Option<Value> {
    if node.child("EXTENSION").is_some() {
        return None;
    }
    let base = node.child("GEOGCS")?;
    let (angle, length) = (angle_unit(base)?, length_unit(node)?);
    let wanted = node.child("PROJECTION")?.name()?;
    let (_, method, number, parameters) = METHODS.iter().find(|m| m.0 == wanted)?;
    let given = |name: &str| {
        let of = |c: &&Node| c.word == "PARAMETER" && c.name() == Some(name);
        node.children.iter().find(of).and_then(|c| c.number(0))
    };
    let known = |c: &&Node| parameters.iter().any(|p| c.name() == Some(p.0));
    let count = node.children.iter().filter(|c| c.word == "PARAMETER").filter(known).count();
    if count != node.children.iter().filter(|c| c.word == "PARAMETER").count() {
        return None;
    }
    let parameter = |(old, name, number, quantity): &Parameter| {
        let unit = match quantity {
            Angle => angle.clone(),
            Length => length.clone(),
            Scale => json!("unity"),
        };
        let absent = if matches!(quantity, Scale) { 1.0 } else { 0.0 };
        let id = json!({ "authority": "EPSG", "code": number });
        json!({ "name": name, "value": given(old).unwrap_or(absent), "unit": unit, "id": id })
    };
    let axis = |name, abbreviation, direction| json!({ "name": name, "abbreviation": abbreviation, "direction": direction, "unit": length });
    // Well-known text leaves out the axes of systems that count north first.
    let (east, north) = (axis("Easting", "E", "east"), axis("Northing", "N", "north"));
    let axes = if node.child("AXIS").is_some() { [east, north] } else { [north, east] };
    Some(json!({
        "type": "ProjectedCRS",
        "name": node.name()?,
        "base_crs": geographic(base)?,
        "conversion": {
            "name": method,
            "method": { "name": method, "id": { "authority": "EPSG", "code": number } },
            "parameters": parameters.iter().map(parameter).collect::<Vec<_>>(),
        },
        "coordinate_system": { "subtype": "Cartesian", "axis": axes },
    }))
}

/// Takes over the EPSG number of a part.
fn identify(value: &mut Value, node: &Node) {
    let Some(authority) = node.child("AUTHORITY") else { return };
    if let (Some("EPSG"), Some(Ok(code))) =
        (authority.name(), authority.texts.get(1).map(|t| t.parse::<u32>()))
    {
        value["id"] = json!({ "authority": "EPSG", "code": code });
    }
}

fn angle_unit(node: &Node) -> Option<Value> {
    unit(node, "degree", std::f64::consts::PI / 180.0, "AngularUnit")
}

fn length_unit(node: &Node) -> Option<Value> {
    unit(node, "metre", 1.0, "LinearUnit")
}

fn unit(node: &Node, common: &str, factor: f64, kind: &str) -> Option<Value> {
    let unit = node.child("UNIT")?;
    let found = unit.number(0)?;
    Some(if (found / factor - 1.0).abs() < 1e-12 {
        json!(common)
    } else {
        json!({ "type": kind, "name": unit.name()?, "conversion_factor": found })
    })
}

/// `WORD["text",number,CHILD[…],…]`.
struct Node {
    word: String,
    texts: Vec<String>,
    numbers: Vec<f64>,
    children: Vec<Node>,
}

impl Node {
    fn parse(text: &str) -> Option<Self> {
        let (node, rest) = Self::read(text)?;
        rest.is_empty().then_some(node)
    }

    fn read(text: &str) -> Option<(Self, &str)> {
        let (word, mut rest) = text.split_once('[')?;
        let (mut texts, mut numbers, mut children) = (Vec::new(), Vec::new(), Vec::new());
        loop {
            if let Some(quoted) = rest.strip_prefix('"') {
                let (value, after) = quoted.split_once('"')?;
                texts.push(value.to_owned());
                rest = after;
            } else {
                let end = rest.find([',', '[', ']'])?;
                if rest[end..].starts_with('[') {
                    let (child, after) = Self::read(rest)?;
                    children.push(child);
                    rest = after;
                } else {
                    // A word such as EAST has no use here.
                    numbers.extend(rest[..end].parse::<f64>());
                    rest = &rest[end..];
                }
            }
            match rest.split_at_checked(1)? {
                (",", after) => rest = after,
                ("]", after) => {
                    let word = word.to_owned();
                    return Some((Self { word, texts, numbers, children }, after));
                }
                _ => return None,
            }
        }
    }

    fn child(&self, word: &str) -> Option<&Self> {
        self.children.iter().find(|c| c.word == word)
    }

    fn name(&self) -> Option<&str> {
        self.texts.first().map(String::as_str)
    }

    fn number(&self, at: usize) -> Option<f64> {
        self.numbers.get(at).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_national_grid_is_told_with_its_projection_and_datum() {
        let system = projjson(3067).unwrap();
        assert_eq!(system["name"], "ETRS89 / TM35FIN(E,N)");
        assert_eq!(system["id"]["code"], 3067);
        assert_eq!(system["base_crs"]["datum"]["id"]["code"], 6258);
        let parameters = system["conversion"]["parameters"].as_array().unwrap();
        let values: Vec<f64> = parameters.iter().map(|p| p["value"].as_f64().unwrap()).collect();
        assert_eq!(values, [0.0, 27.0, 0.9996, 500_000.0, 0.0]);
        let first = |epsg| projjson(epsg).unwrap()["coordinate_system"]["axis"][0]["name"].clone();
        assert_eq!((first(3067), first(3006)), (json!("Easting"), json!("Northing")));
    }

    #[test]
    fn what_cannot_be_told_is_given_up() {
        // A pseudo-Mercator with an extension, a geocentric system, a number of no system.
        assert_eq!(projjson(3857), None);
        assert_eq!(projjson(4978), None);
        assert_eq!(projjson(99_999), None);
    }
}
