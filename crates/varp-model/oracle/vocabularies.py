"""Writes the reference files that are mapped to the CGI and INSPIRE vocabularies.

    python vocabularies.py FOLDER_OF_CGI_TTL

reads CommodityCode.ttl, MineStatus.ttl, WasteStorage.ttl, EnvironmentalImpact.ttl and
ProcessingActivity.ttl of CGI-IUGS/cgi-vocabs (CC BY 4.0) and the words in `words/`, and writes
the CSV files of the same names into `../reference/`. Needs rdflib (7.6.0 was used).

URIs, Finnish and Swedish labels come from the Turtle files; a word in `words/` overrides a label,
because some labels there were matched by machine to the wrong sense. INSPIRE concepts come from
skos:exactMatch, except those listed in WRONG, which were matched by spelling and mean another
thing.
"""

import csv
import sys
from pathlib import Path

import rdflib
from rdflib.namespace import RDF, SKOS

HERE = Path(__file__).parent
REFERENCE = HERE.parent / "reference"
CGI = "http://resource.geosciml.org/classifier/cgi/"
# Matches by spelling that say a different thing: coal is not cobalt.
WRONG = {
    "coal": "cobalt",
    "granite": "graphite",
    "industrial-material": "industrialMineral",
    "iridium": "rubidium",
    "radium": "uranium",
    "sapphire": "sapphirine",
    "zircon": "zirconia",
}
CODE_COLUMNS = [
    "code", "broader", "uri_cgi", "uri_inspire", "en", "fi", "sv", "nb", "da", "is",
    "spellings", "definition", "source", "status",
]


class Vocabulary:
    """Concepts of one Turtle file by the last part of their URI."""

    def __init__(self, folder, file):
        graph = rdflib.Graph()
        graph.parse(folder / file)
        self.concepts = {}
        for uri in graph.subjects(RDF.type, SKOS.Concept):
            name = str(uri).rsplit("/", 1)[1]
            labels = {label.language: str(label) for label in graph.objects(uri, SKOS.prefLabel)}
            broader = sorted(str(b).rsplit("/", 1)[1] for b in graph.objects(uri, SKOS.broader))
            matches = sorted(str(m) for m in graph.objects(uri, SKOS.exactMatch))
            matches = [
                m for m in matches
                if m.startswith("http://inspire.ec.europa.eu/codelist/")
                and WRONG.get(name) != m.rsplit("/", 1)[1]
            ]
            assert len(matches) <= 1, (name, matches)
            self.concepts[name] = {
                "uri_cgi": str(uri),
                "uri_inspire": matches[0] if matches else "",
                "labels": labels,
                "broader": broader[0] if broader else "",
            }

    def get(self, name):
        empty = {"uri_cgi": "", "uri_inspire": "", "labels": {}, "broader": ""}
        return self.concepts[name] if name in self.concepts else empty


def read(name):
    with open(HERE / "words" / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(name, columns, rows):
    with open(REFERENCE / name, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def source_and_status(concept, listname, own):
    if concept["uri_cgi"]:
        text = f"CGI {listname} (CC BY 4.0): concept and matches"
        return f"{text}; own labels: {own}" if own else text, "verified"
    return "varp vocabulary", "unverified"


def code_list(folder, ttl, listname, name):
    vocabulary = Vocabulary(folder, ttl)
    rows = []
    for word in read(name):
        concept = vocabulary.get(word["cgi"])
        labels = concept["labels"]
        row = {key: word[key] for key in ("fi", "sv", "nb", "da", "is")}
        own = " ".join(key for key, value in row.items() if value and labels.get(key) != value)
        source, status = source_and_status(concept, listname, own)
        row |= {
            "code": word["cgi"],
            "broader": concept["broader"],
            "uri_cgi": concept["uri_cgi"],
            "uri_inspire": concept["uri_inspire"],
            "en": labels.get("en", word["cgi"].replace("-", " ")),
            "spellings": word["spellings"],
            "definition": word["definition"],
            "source": source,
            "status": status,
        }
        rows.append(row)
    missing = set(vocabulary.concepts) - {row["code"] for row in rows}
    assert not missing, f"{name}: no words for {missing}"
    write(name, CODE_COLUMNS, rows)


def commodities(folder):
    vocabulary = Vocabulary(folder, "CommodityCode.ttl")
    rows = []
    for word in read("commodities.csv"):
        concept = vocabulary.concepts[word["cgi"]] if word["cgi"] else vocabulary.get("")
        labels = concept["labels"]
        row = {key: word[key] or labels.get(key, "") for key in ("fi", "sv", "nb", "da", "is")}
        own = " ".join(key for key, value in row.items() if value and labels.get(key) != value)
        source, status = source_and_status(concept, "commodity-code", own)
        row |= {key: word[key] for key in ("code", "group", "substances", "en")}
        row |= {"uri_cgi": concept["uri_cgi"], "uri_inspire": concept["uri_inspire"]}
        row |= {"source": source, "status": status}
        rows.append(row)
    columns = [
        "code", "group", "substances", "uri_cgi", "uri_inspire", "en", "fi", "sv", "nb", "da",
        "is", "source", "status",
    ]
    write("commodities.csv", columns, rows)


def main():
    folder = Path(sys.argv[1])
    commodities(folder)
    for ttl, listname, name in [
        ("MineStatus.ttl", "mine-status", "mine_status.csv"),
        ("WasteStorage.ttl", "waste-storage", "waste_storage.csv"),
        ("EnvironmentalImpact.ttl", "environmental-impact", "environmental_impacts.csv"),
        ("ProcessingActivity.ttl", "mining-processing-activity", "processing_activities.csv"),
    ]:
        code_list(folder, ttl, listname, name)


if __name__ == "__main__":
    main()
