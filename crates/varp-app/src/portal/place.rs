//! Where a thing is: a small map, coordinates in the systems in use there, and their accuracy.

use maud::{Markup, html};
use varp_model::{Country, Crs, CrsEntry, LocalPoint, LonLat, Position};

use super::kind;
use super::language::Message as M;
use super::number;
use super::view::View;
use crate::chart;

impl View<'_> {
    /// A map around a place with the shape of `kind_code` in the middle.
    pub fn locator_map(&self, place: LonLat, kind_code: &str, name: &str) -> Markup {
        let words = self.fill(M::LocatorMap, &[("name", name)]);
        let drawing = html! {
            circle class="halo" r="13" {}
            path class=(format!("shape {}", kind::class(kind_code))) d=(kind::path(kind_code)) {}
        };
        chart::locator(place.longitude(), place.latitude(), drawing, &words)
    }

    /// Coordinates in the systems of the country, and how well they are known.
    pub fn coordinates(&self, position: Option<&Position>, country: Country) -> Markup {
        let Some(position) = position else {
            return html! { p { (self.unknown(M::WhyNoPosition)) } };
        };
        let original = position.original.crs.epsg();
        html! {
            table .coordinates .crossed {
                caption .hidden { (self.say(M::Coordinates)) }
                thead { tr {
                    th scope="col" { (self.say(M::CoordinateSystem)) }
                    th scope="col" { "N" } th scope="col" { "E" }
                } }
                tbody {
                    @for (entry, point) in self.systems(position.place, country, original) {
                        @let degrees = point.east.abs() <= 180.0 && point.north.abs() <= 90.0;
                        @let decimals = if degrees { 5 } else { 0 };
                        tr {
                            th scope="row" {
                                (entry.name) " " span .unit { "EPSG:" (entry.epsg) }
                                @if entry.epsg == original {
                                    " " span .chip { (self.say(M::AsReported)) }
                                }
                            }
                            td { (number::fixed(point.north, decimals, self.language)) }
                            td { (number::fixed(point.east, decimals, self.language)) }
                        }
                    }
                }
            }
            p .small {
                (self.say(M::StatedAccuracy)) ": "
                @match position.accuracy_m {
                    Some(metres) => { (number::shortest(metres.round(), self.language)) " m" }
                    None => (self.unknown(M::WhyNotStated)),
                }
            }
        }
    }

    /// WGS 84, the system of the source, and those of the country where the place is in use.
    fn systems(
        &self,
        place: LonLat,
        country: Country,
        original: u16,
    ) -> Vec<(&CrsEntry, LocalPoint)> {
        let used = |entry: &&CrsEntry| {
            entry.epsg == 4326 || entry.epsg == original || is_current(entry, country)
        };
        let placed = self.references().crs.iter().filter(used).filter_map(|entry| {
            let converter = Crs::from_epsg(entry.epsg).ok()?.converter().ok()?;
            let point = converter.local_from_lonlat(place).ok()?;
            let inside = (entry.x_min..=entry.x_max).contains(&point.east)
                && (entry.y_min..=entry.y_max).contains(&point.north);
            (inside || entry.epsg == original || entry.epsg == 4326).then_some((entry, point))
        });
        placed.collect()
    }
}

/// The systems that authorities use for whole countries today.
fn is_current(entry: &CrsEntry, country: Country) -> bool {
    let codes: &[u16] = match country.code() {
        "SE" => &[3006, 3035],
        "FI" | "AX" => &[3067, 3035],
        "NO" | "SJ" => &[25832, 25833, 25835, 3035],
        "DK" => &[25832, 3035],
        "IS" => &[8088, 3057],
        "GL" => &[3182, 3183, 3184],
        "FO" => &[5316, 3035],
        _ => &[3035],
    };
    codes.contains(&entry.epsg)
}
