//! Planned holes as a table.

use varp_engine::pilot::sheet::Sheet;

/// One line per hole, after a header.
pub fn csv(sheet: &Sheet) -> String {
    let mut text =
        String::from("hole,stratum,longitude,latitude,east_m,north_m,epsg,depth_m,samples\n");
    for hole in &sheet.holes {
        let stratum = hole.stratum.replace('"', "\"\"");
        let degrees = |of: fn((f64, f64)) -> f64| {
            hole.degrees.map_or(String::new(), |place| format!("{:.7}", of(place)))
        };
        let epsg = sheet.epsg.map_or(String::new(), |code| code.to_string());
        text.push_str(&format!(
            "{},\"{stratum}\",{},{},{:.2},{:.2},{epsg},{:.2},{}\n",
            hole.name,
            degrees(|p| p.0),
            degrees(|p| p.1),
            hole.east_m,
            hole.north_m,
            hole.depth_m,
            hole.samples
        ));
    }
    text
}
