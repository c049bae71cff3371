"""Writes the invented drilling of demo/nordic/exempeldammen_*.csv.

    python demo_synthetic.py

Exempeldammen does not exist; it lies in the Bothnian Sea on purpose. Fourteen vertical auger holes
on a grid of 150 m, samples of one metre, an oxidised top of about two metres that has lost copper,
zinc and sulphur, and a trend from the inlet in the west to the pool in the east. Grades are
log-normal around that with a coefficient of variation of 0.3 (random.seed(7), Python 3). Marks and
control samples are those that laboratories send.
"""

import csv
import json
import math
import random
from pathlib import Path

FOLDER = Path(__file__).parents[3] / "demo" / "nordic"
EAST, NORTH = 709_100, 6_881_300  # SWEREF 99 TM, near 62.0 N 19.0 E
ANALYTES = ["Cu", "Zn", "Pb", "Co", "S", "WO3", "As", "Au"]
UNITS = ["ppm", "ppm", "ppm", "ppm", "%", "%", "ppm", "ppb"]
METHODS = ["ME-MS61", "ME-MS61", "ME-MS61", "ME-MS61", "S-IR08", "ME-XRF26", "ME-MS61", "Au-AA24"]
FRESH = [950, 6800, 1300, 60, 4.2, 0.11, 210, 45]
TOP = [260, 1500, 1450, 12, 0.6, 0.13, 330, 60]
LIMITS = [0.2, 2, 0.5, 15, 0.01, 0.005, 0.2, 5]
DIGITS = [0, 0, 0, 0, 2, 3, 0, 0]


def grade(at, depth, across):
    share = 1 / (1 + math.exp(-(depth - 2.0) / 0.3))
    mean = TOP[at] * (1 - share) + FRESH[at] * share
    trend = 1.15 - 0.3 * across if ANALYTES[at] not in ("S", "WO3") else 0.9 + 0.2 * across
    return mean * trend * random.lognormvariate(-0.043, 0.294)


def shown(at, value):
    if value < LIMITS[at]:
        return "<LOD" if ANALYTES[at] == "Co" else f"<{LIMITS[at]:g}"
    if ANALYTES[at] == "Zn" and value > 10_000:
        return ">10000"
    return f"{value:.{DIGITS[at]}f}"


def write(name, rows):
    with open(FOLDER / name, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def main():
    random.seed(7)
    collars = [["HOLE_ID", "EAST", "NORTH", "ELEV", "DEPTH", "METHOD", "DATE"]]
    surveys = [["HOLE_ID", "AT", "AZIMUTH", "DIP"]]
    assays = [["SAMPLE_ID", "HOLE_ID", "FROM", "TO", "TYPE", *ANALYTES],
              ["", "", "m", "m", "", *UNITS], ["", "", "", "", "", *METHODS]]
    number = 1000
    for at in range(14):
        column, line = at % 5, at // 5
        hole, depth = f"EX{at + 1:03d}", 4 + (column * 2 + line) % 6
        x, y = EAST + 150 * column + random.randint(-9, 9), NORTH + 150 * line + random.randint(-9, 9)
        collars.append([hole, x, y, f"{12.4 + 0.3 * column:.1f}", depth, "auger", "2026-06-1" + str(line)])
        surveys.append([hole, 0, 0, -90])
        for metre in range(depth):
            number += 1
            values = [grade(i, metre + 0.5, column / 4) for i in range(8)]
            row = [f"EX{number}", hole, metre, metre + 1]
            assays.append([*row, "original", *[shown(i, v) for i, v in enumerate(values)]])
            if number % 20 == 0:
                again = [shown(i, v * random.lognormvariate(0, 0.05)) for i, v in enumerate(values)]
                assays.append([row[0] + "D", *row[1:], "field duplicate", *again])
            if number % 25 == 0:
                blank = [shown(i, 0.4 * limit) for i, limit in enumerate(LIMITS)]
                assays.append([f"EX{number}B", "", "", "", "blank", *blank])
                known = [shown(i, v * random.lognormvariate(0, 0.02)) for i, v in enumerate(FRESH)]
                assays.append([f"EX{number}S", "", "", "", "standard", *known])
    outline = [(-80, -80), (250, -100), (680, -70), (690, 180), (670, 330), (560, 390), (180, 400),
               (-70, 370), (-110, 120), (-80, -80)]
    ring = [[EAST + x, NORTH + y] for x, y in outline]
    shape = {"type": "Polygon", "coordinates": [ring]}
    pond = {"type": "FeatureCollection",
            "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3006"}},
            "features": [{"type": "Feature", "properties": {"ID": "EX-A"}, "geometry": shape}]}
    with open(FOLDER / "exempeldammen_outline.geojson", "w", encoding="utf-8") as file:
        file.write(json.dumps(pond, indent=1) + "\n")
    write("exempeldammen_collar.csv", collars)
    write("exempeldammen_survey.csv", surveys)
    write("exempeldammen_assay.csv", assays)
    print(len(collars) - 1, "holes,", len(assays) - 3, "samples")


if __name__ == "__main__":
    main()
