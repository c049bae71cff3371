"""Writes ../reference/elements.csv from the element table of mendeleev.

    python elements.py ELEMENTS_CSV

ELEMENTS_CSV holds symbol, name, atomic_weight, atomic_weight_uncertainty of mendeleev 1.3.0 (MIT),
one row per element. Elements without a standard atomic weight get none: there the table holds the
mass number of the longest-lived isotope, which is no property of a material found in the ground.
"""

import csv
import sys
from pathlib import Path

NO_STANDARD_WEIGHT = set("Tc Pm Po At Rn Fr Ra Ac".split())
FIRST_WITHOUT = 93  # neptunium and everything after it
ENGLISH = {"Al": "Aluminium", "Cs": "Caesium", "S": "Sulphur"}


def main():
    rows = []
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        for element in csv.DictReader(file):
            symbol = element["symbol"]
            none = symbol in NO_STANDARD_WEIGHT or int(element["atomic_number"]) >= FIRST_WITHOUT
            uncertainty = element["atomic_weight_uncertainty"]
            source = "mendeleev 1.3.0 (IUPAC standard atomic weight)"
            if none:
                source = "mendeleev 1.3.0; IUPAC gives no standard atomic weight"
            elif not uncertainty:
                source = "mendeleev 1.3.0 (IUPAC conventional weight of an interval)"
            rows.append({
                "symbol": symbol,
                "name": ENGLISH.get(symbol, element["name"]),
                "atomic_weight": "" if none else element["atomic_weight"],
                "uncertainty": "" if none or not uncertainty else f"{float(uncertainty):.0e}",
                "source": source,
                "status": "verified",
            })
    assert len(rows) == 118
    path = Path(__file__).parent.parent / "reference" / "elements.csv"
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
