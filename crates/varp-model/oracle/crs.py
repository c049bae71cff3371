"""Writes ../reference/crs.csv and ../reference/country_boxes.csv.

    python crs.py NATURAL_EARTH_COUNTRIES_GEOJSON

reads the outlines of the Nordic countries (Natural Earth, public domain) and projects their
vertices into each system with pyproj 3.7.2 (PROJ 9.5.1): the extent of a row is what can occur in
the countries named, cut to the system's area of use, with 2 km (0.05 degrees) to spare. Systems
that other countries share extend over their area of use in Europe, those of the world over the
world. Accuracies were measured with PROJ's transformer groups where the source says so.
"""

import csv
import json
import sys
from pathlib import Path

from pyproj import CRS, Transformer

REFERENCE = Path(__file__).parent.parent / "reference"
NAMES = {
    "Finland": "FI", "Sweden": "SE", "Norway": "NO", "Denmark": "DK", "Iceland": "IS",
    "Greenland": "GL", "Faeroe Is.": "FO", "Åland": "AX",
}
# Used across the whole country, whatever the area of use says.
NATIONWIDE = {3006: "SE", 3021: "SE", 3067: "FI", 2393: "FI", 25832: "DK", 25833: "NO", 32633: "NO"}
# Used by other countries too.
SHARED = {4326, 4258, 3857, 3034, 3035}.union(
    range(32618, 32637), range(25831, 25837), range(23031, 23036)) - set(NATIONWIDE)
ETRS = "null transformation ETRS89 to WGS 84, stated accuracy 1 m"
MEASURED = "PROJ 9.5.1 transformer groups, measured 2026-11"
SOURCE = "EPSG dataset in PROJ 9.5.1"


def etrs(code, name, countries):
    return (code, name, countries, 1, ETRS, MEASURED)


def other(code, name, countries, accuracy, operation, source=MEASURED):
    return (code, name, countries, accuracy, operation, source)


RT90 = "seven-parameter transformation to SWEREF 99, 0.1 m, then as ETRS89"
KKJ = "seven-parameter transformation to ETRS89, 0.5 m without the grid fi_nls_ykj_etrs35fin"
NGO = "seven-parameter transformation to ETRS89, 3 m without the grid no_kv_ETRS89NO_NGO48_TIN"
ISN = "null transformation; plates have moved decimetres since 1993, grids are not used"
GR96 = "null transformation GR96 to WGS 84"
ED50 = "one mean three-parameter shift for all Europe"
ROWS = [
    other(4326, "WGS 84", "SE FI NO DK IS GL FO AX", 0, "identity", SOURCE),
    etrs(4258, "ETRS89", "SE FI NO DK FO AX"),
    etrs(3006, "SWEREF 99 TM", "SE"),
    *[etrs(code, f"SWEREF 99 {zone}", "SE") for code, zone in zip(
        range(3007, 3019),
        "12 00;13 30;15 00;16 30;18 00;14 15;15 45;17 15;18 45;20 15;21 45;23 15".split(";"),
        strict=True)],
    other(3021, "RT90 2.5 gon V", "SE", 1, RT90),
    *[other(code, f"RT90 {zone}", "SE", 1, RT90) for code, zone in [
        (3019, "7.5 gon V"), (3020, "5 gon V"), (3022, "0 gon"), (3023, "2.5 gon O"),
        (3024, "5 gon O")]],
    etrs(3067, "ETRS-TM35FIN", "FI AX"),
    *[etrs(3854 + zone, f"ETRS-GK{zone}FIN", "FI AX") for zone in range(19, 32)],
    other(2393, "KKJ Finland Uniform Coordinate System (YKJ)", "FI AX", 1, KKJ),
    other(3386, "KKJ zone 0", "FI AX", 1, KKJ),
    *[other(2390 + zone, f"KKJ zone {zone}", "FI AX", 1, KKJ) for zone in (1, 2, 4)],
    other(3387, "KKJ zone 5", "FI", 1, KKJ),
    *[etrs(25800 + zone, f"ETRS89 / UTM {zone}N", "NO DK SE FI AX SJ") for zone in range(31, 37)],
    *[other(32600 + zone, f"WGS 84 / UTM {zone}N", "NO DK SE FI AX", 0, "identity", SOURCE)
      for zone in range(31, 37)],
    *[other(27390 + zone, f"NGO 1948 / Norway zone {'I II III IV V VI VII VIII'.split()[zone - 1]}",
            "NO", 3, NGO) for zone in range(1, 9)],
    *[other(23000 + zone, f"ED50 / UTM {zone}N", "NO DK", 11, ED50) for zone in range(31, 36)],
    etrs(3035, "ETRS89-LAEA Europe", "SE FI NO DK FO AX"),
    etrs(3034, "ETRS89-LCC Europe", "SE FI NO DK FO AX"),
    other(3857, "Web Mercator", "SE FI NO DK IS GL FO AX", 0, "identity", SOURCE),
    other(3057, "ISN93 / Lambert 1993", "IS", 1, ISN),
    other(5325, "ISN2004 / Lambert 2004", "IS", 1, ISN),
    other(8088, "ISN2016 / Lambert 2016", "IS", 1, ISN),
    *[other(32600 + zone, f"WGS 84 / UTM {zone}N", "IS", 0, "identity", SOURCE)
      for zone in (27, 28)],
    *[other(3178 + at, f"GR96 / UTM {18 + at}N", "GL", 1, GR96) for at in range(8)],
    *[other(32600 + zone, f"WGS 84 / UTM {zone}N", "GL", 0, "identity", SOURCE)
      for zone in range(18, 27)],
    etrs(5316, "ETRS89 / Faroe TM", "FO"),
    other(32629, "WGS 84 / UTM 29N", "FO", 0, "identity", SOURCE),
]


def outlines(path):
    """Vertices of each country as (longitude, latitude)."""
    with open(path, encoding="utf-8") as file:
        features = json.load(file)["features"]
    found = {}
    for feature in features:
        name = next(v for v in feature["properties"].values() if v in NAMES)
        points = found.setdefault(NAMES[name], [])
        geometry = feature["geometry"]
        polygons = geometry["coordinates"]
        for polygon in [polygons] if geometry["type"] == "Polygon" else polygons:
            points += [tuple(p[:2]) for ring in polygon for p in ring]
    # Norway has Svalbard and Jan Mayen in it, which are SJ, and an island in the far south.
    found["SJ"] = [p for p in found["NO"] if p[1] > 74 or 70 < p[1] < 72 and p[0] < 0]
    found["NO"] = [p for p in found["NO"] if 55 < p[1] < 74 and p[0] > 0]
    return found


def used(area, points, spare):
    """Points inside the area of use with some degrees to spare."""
    west, south, east, north = area.bounds
    return [
        (x, y) for x, y in points
        if west - spare <= x <= east + spare and south - spare <= y <= north + spare
    ]


def grid(area):
    """Points of the area of use north of 34 degrees, or of the world for a system of the world."""
    west, south, east, north = area.bounds
    south = south if south < -70 else max(south, 34)
    return [
        (west + (east - west) * i / 20, south + (north - south) * j / 20)
        for i in range(21) for j in range(21)
    ]


def row(entry, countries):
    code, name, names, accuracy, operation, source = entry
    crs = CRS.from_epsg(code)
    points = [p for country in names.split() for p in countries[country]]
    if code in SHARED:
        points = grid(crs.area_of_use)
    elif code in NATIONWIDE:
        points = countries[NATIONWIDE[code]] + used(crs.area_of_use, points, 0.5)
        points += grid(crs.area_of_use) if code in (25832, 25833, 32633) else []
    elif not crs.is_geographic:
        points = used(crs.area_of_use, points, 0.5)
    assert points, code
    transformer = Transformer.from_crs(4326, crs, always_xy=True)
    places = [transformer.transform(x, y) for x, y in points]
    xs, ys = [p[0] for p in places], [p[1] for p in places]
    spare, digits = (0.05, 2) if crs.is_geographic else (2000, -3)
    bounds = [min(xs) - spare, max(xs) + spare, min(ys) - spare, max(ys) + spare]
    if crs.is_geographic:
        bounds = [max(bounds[0], -180), min(bounds[1], 180), max(bounds[2], -90), min(bounds[3], 90)]
    bounds = [round(b, digits) if digits > 0 else int(round(b, digits)) for b in bounds]
    north_first = crs.axis_info[0].direction == "north"
    return [code, name, names, *bounds, str(north_first).lower(), accuracy, operation, source,
            "verified"]


def write(name, header, rows):
    with open(REFERENCE / name, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)


def main():
    countries = outlines(sys.argv[1])
    columns = "x_min,x_max,y_min,y_max"
    write(
        "crs.csv",
        f"epsg,name,countries,{columns},north_first,accuracy_m,operation,source,status",
        [row(entry, countries) for entry in ROWS],
    )
    boxes = []
    for code, points in sorted(countries.items()):
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        bounds = [min(xs) - 0.05, max(xs) + 0.05, min(ys) - 0.05, max(ys) + 0.05]
        boxes.append([code, *[f"{b:.2f}" for b in bounds],
                      "Natural Earth 4.1 1:10 million (public domain)", "verified"])
    write("country_boxes.csv", "country,west,east,south,north,source,status", boxes)


if __name__ == "__main__":
    main()
