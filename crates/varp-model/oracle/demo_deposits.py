"""Writes demo/nordic/nordic_primary_deposits.csv.

    python demo_deposits.py NORDIC_DEPOSITS_CSV SITES_CSV

reads two compilations of databases of the U.S. Geological Survey (public domain): the first is
DARPA-CRITICALMAAS/ta2-minmod-data at 050de430, one row per deposit and commodity, the second rows
of the same volcanogenic massive sulphide database by record number. Only USGS rows are taken; names,
points, tonnages and grades are facts. Mines at more than one place stay as they are printed.
"""

import csv
import re
import sys
from pathlib import Path

OUT = Path(__file__).parents[3] / "demo" / "nordic" / "nordic_primary_deposits.csv"
COLUMNS = [
    "Record", "Deposit", "Country", "Longitude", "Latitude", "Accuracy_m", "Type", "Commodities",
    "Ore_Mt", "Cu_pct", "Zn_pct", "Pb_pct", "Ag_gpt", "Au_gpt", "Dataset", "Reference", "Remark",
]
SYMBOLS = {"copper": "Cu", "zinc": "Zn", "lead": "Pb", "silver": "Ag", "gold": "Au"}
COUNTRY = {"Kalaallit Nunaat (Greenland)": "Greenland"}
VMS = "USGS Volcanogenic massive sulfide deposits (mrdata vms)"
OTHERS = {
    "mrdata_nicrpge": ("USGS Nickel, chromium and platinum-group deposits (mrdata nicrpge)",
                       "https://mrdata.usgs.gov/nicrpge/", 2000),
    "mrdata_ree": ("USGS Rare earth element deposits (mrdata ree)", "https://mrdata.usgs.gov/ree/",
                   5000),
    "mrdata_major_deposits": ("USGS Major mineral deposits of the world (mrdata major-deposits)",
                              "https://mrdata.usgs.gov/major-deposits/", 10000),
    "mrdata_sedexmvt": ("USGS Sediment-hosted zinc-lead deposits (mrdata sedexmvt)",
                        "https://mrdata.usgs.gov/sedexmvt/", 5000),
}
# Records without tonnage that name critical raw materials at a point that is not a known fault.
POINTS = {
    ("mrdata_nicrpge", r) for r in
    "12153423 207152 12153387 12153344 12153310 12153299 12160860 12159804".split()
} | {
    ("mrdata_ree", r) for r in "28 204 181 186".split()
} | {("mrdata_major_deposits", r) for r in "1517 1518 2003 1319 1834 1379".split()
} | {("mrdata_sedexmvt", "51")}
RARE_EARTHS = set("""Cerium Dysprosium Erbium Europium Gadolinium Holmium Lanthanum Lutetium
    Neodymium Praseodymium Samarium Terbium Thulium Ytterbium Yttrium""".split())
KNOWN = {"Mica": "mica", "Thorium": "Th", "Uranium": "U", "Feldspar": "feldspar", "PGE": "PGM",
         "Tin": "Sn", "Zirconium": "Zr", "Pyrite": "pyrite", "olivine": "olivine"}


def commodity(text):
    if text in RARE_EARTHS:
        return "REE"
    return KNOWN.get(text, SYMBOLS.get(text.lower(), text))


def number(text, digits):
    return f"{round(float(text), digits):g}" if text else ""


def whole_degrees(row):
    return float(row["lon"]).is_integer() and float(row["lat"]).is_integer()


def empty():
    return dict.fromkeys(COLUMNS, "")


def from_minmod(path):
    rows = {}
    with open(path, encoding="utf-8", errors="replace", newline="") as file:
        for r in csv.DictReader(file):
            key = (r["dataset"], r["record_id"])
            tonnage = r["dataset"] == "mrdata_vms" and r["ore"]
            if not (tonnage or key in POINTS) or not r["lon"]:
                continue
            row = rows.setdefault(key, empty())
            title, reference, accuracy = OTHERS.get(
                r["dataset"],
                (VMS, f"https://mrdata.usgs.gov/vms/show-vms.php?rec_id={r['record_id']}", 5000))
            symbol = commodity(r["commodity_observed"])
            names = row["Commodities"].split(", ") if row["Commodities"] else []
            row |= {
                "Record": f"{r['dataset'].removeprefix('mrdata_')}-{r['record_id']}",
                "Deposit": r["name"], "Country": COUNTRY.get(r["country"], r["country"]),
                "Longitude": number(r["lon"], 4), "Latitude": number(r["lat"], 4),
                "Accuracy_m": 60000 if whole_degrees(r) else accuracy, "Type": r["deposit_type_observed"],
                "Commodities": ", ".join(dict.fromkeys([*names, symbol])),
                "Ore_Mt": r["ore"], "Dataset": title, "Reference": reference,
            }
            if r["grade"] and symbol in ("Cu", "Zn", "Pb", "Ag", "Au"):
                unit = "gpt" if symbol in ("Ag", "Au") else "pct"
                row[f"{symbol}_{unit}"] = number(r["grade"], 3)
    return rows


def from_sites(path):
    rows = {}
    with open(path, encoding="utf-8", newline="") as file:
        for r in csv.DictReader(file):
            record = re.search(r"vms/show-vms\.php\?rec_id=(\d+)", r["source_address"])
            if not record or r["confidence"] == "low":
                continue
            doubtful = "looks wrong" in r["notes"]
            row = empty() | {
                "Record": f"vms-{record[1]}", "Deposit": r["name"],
                "Country": {"FI": "Finland", "SE": "Sweden", "NO": "Norway"}[r["country"]],
                "Longitude": "" if doubtful else r["lon"], "Latitude": "" if doubtful else r["lat"],
                "Accuracy_m": "" if doubtful else 5000,
                "Commodities": r["commodity_mined"],
                "Ore_Mt": number(float(r["ore_t"]) / 1e6, 3), "Dataset": VMS,
                "Reference": r["source_address"],
                "Remark": "printed latitude looks wrong by a degree, left out" if doubtful else "",
            }
            for part in r["ore_grades"].split(";"):
                symbol, grade, unit = part.split(":")
                row[f"{symbol}_{'gpt' if unit == 'g/t' else 'pct'}"] = grade
            rows["mrdata_vms", record[1]] = row
    return rows


def main():
    rows = from_sites(sys.argv[2]) | from_minmod(sys.argv[1])
    ordered = sorted(rows.values(), key=lambda r: (r["Country"], r["Deposit"], r["Record"]))
    with open(OUT, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(ordered)
    print(len(ordered), "deposits,", sum(bool(r["Ore_Mt"]) for r in ordered), "with tonnage")


if __name__ == "__main__":
    main()
