//! Sites with coordinates: clean, with swapped axes, and in another system than stated.

use varp_model::{Crs, LonLat};

use super::Case;
use super::random::Random;

/// Country, boxes of land well inside it, system of its tables, and systems it is mistaken for.
struct Land {
    country: &'static str,
    lon: (f64, f64),
    lat: (f64, f64),
    crs: u16,
    wrong: &'static [u16],
}

const LANDS: &[Land] = &[
    Land { country: "SE", lon: (13.5, 16.5), lat: (58.5, 62.0), crs: 3006, wrong: &[3021, 25832] },
    Land { country: "SE", lon: (18.0, 22.0), lat: (65.5, 67.5), crs: 3006, wrong: &[3021, 25835] },
    Land { country: "FI", lon: (25.0, 28.5), lat: (61.5, 64.8), crs: 3067, wrong: &[2393, 25833] },
    Land { country: "NO", lon: (7.5, 10.5), lat: (60.0, 62.0), crs: 25832, wrong: &[25833, 25835] },
    Land {
        country: "NO",
        lon: (23.5, 25.3),
        lat: (69.3, 69.9),
        crs: 25833,
        wrong: &[25832, 25835],
    },
    Land { country: "IS", lon: (-20.5, -16.0), lat: (64.3, 65.6), crs: 3057, wrong: &[5325, 8088] },
    Land {
        country: "GL",
        lon: (-50.0, -49.0),
        lat: (65.0, 68.5),
        crs: 3182,
        wrong: &[25832, 3006],
    },
    Land { country: "FI", lon: (25.0, 28.5), lat: (61.5, 64.8), crs: 4326, wrong: &[] },
    Land { country: "NO", lon: (7.5, 10.5), lat: (60.0, 62.0), crs: 4326, wrong: &[] },
    Land { country: "SE", lon: (13.5, 16.5), lat: (58.5, 62.0), crs: 4326, wrong: &[] },
];

struct Places {
    land: &'static Land,
    points: Vec<(f64, f64)>,
    stated: u16,
}

impl Places {
    fn new(random: &mut Random, projected: bool) -> Self {
        let land = loop {
            let land = random.pick(LANDS);
            if !projected || land.crs != 4326 {
                break land;
            }
        };
        let converter = Crs::from_epsg(land.crs).unwrap().converter().unwrap();
        let points = (0..5 + random.below(20))
            .map(|_| {
                let lon = random.between(land.lon.0, land.lon.1);
                let lat = random.between(land.lat.0, land.lat.1);
                let local = converter.local_from_lonlat(LonLat::new(lon, lat).unwrap()).unwrap();
                (local.east, local.north)
            })
            .collect();
        Self { land, points, stated: land.crs }
    }

    fn case(self, codes: &'static [&'static str], fault: String) -> Case {
        let digits = if self.land.crs == 4326 { 5 } else { 0 };
        let mut table = String::from("site,country,x,y\n");
        for (at, (x, y)) in self.points.iter().enumerate() {
            table += &format!("Site {at},{},{x:.digits$},{y:.digits$}\n", self.land.country);
        }
        let mapping = format!(
            "dataset = \"d\"\n[source]\ntitle = \"t\"\n[[table]]\ncrs = {}\n[table.site]\n\
             key = \"site\"\ncountry = \"country\"\n[table.site.place]\nx = \"x\"\ny = \"y\"\n",
            self.stated
        );
        Case { table, mapping, codes, fault, rows: Vec::new(), column: String::new() }
    }
}

pub fn clean(random: &mut Random) -> Case {
    Places::new(random, false).case(&[], String::new())
}

/// All rows, or one, with east and north exchanged.
pub fn axis_fault(random: &mut Random) -> Case {
    let mut places = Places::new(random, false);
    let one = random.below(places.points.len());
    let all = random.share() < 0.5;
    for (at, point) in places.points.iter_mut().enumerate() {
        if all || at == one {
            *point = (point.1, point.0);
        }
    }
    let fault = format!("{} in {} swapped, all: {all}", places.land.country, places.stated);
    let mut case = places.case(&["V042", "V040"], fault);
    if !all {
        case.rows = vec![one as u32 + 2];
    }
    case
}

/// The table in one system, the mapping states another.
pub fn crs_fault(random: &mut Random) -> Case {
    let mut places = Places::new(random, true);
    places.stated = *random.pick(places.land.wrong);
    let fault = format!("{} {} stated as {}", places.land.country, places.land.crs, places.stated);
    places.case(&["V041", "V042", "V043", "V040"], fault)
}
