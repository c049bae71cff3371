#!/usr/bin/env bash
# Programs of others read the public door and the register: GDAL, OWSLib, schemathesis, QGIS, a
# GeoPackage validator. Prints one line each; exit 1 if one fails.
#
#   scripts/slow-clients.sh [REGISTER.gpkg]      default: the demonstration register, built anew
#
# VARP_BIN names a program that is built already. OWSLib, schemathesis and the validator are
# installed by pip into a temporary environment. GDAL and QGIS are the system's (apt-get install
# gdal-bin python3-gdal python3-qgis qgis-providers); what is missing is skipped, and says so.
set -uo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
server=
second=
trap 'kill $server $second 2>/dev/null; rm -rf "$work"' EXIT
failed=0

say() { printf '%-7s %-14s %s\n' "$1" "$2" "$3"; }
# check CLIENT WHAT COMMAND…: runs the command, shows its output only if it fails
check() {
  local client=$1 what=$2
  shift 2
  if "$@" >"$work/out" 2>&1; then
    say pass "$client" "$what"
  else
    say FAIL "$client" "$what"
    tail -n 200 "$work/out" | sed 's/^/        /'
    failed=1
  fi
}
skip() { say skip "$1" "$2"; }

varp=${VARP_BIN:-$PWD/target/release/varp}
[ -n "${VARP_BIN:-}" ] || cargo build --quiet --release || exit 2
register=${1:-}
if [ -z "$register" ]; then
  "$varp" demo --no-serve --dir "$work/demo" >"$work/out" 2>&1 || { cat "$work/out"; exit 2; }
  register=$(find "$work/demo" -name '*.gpkg' | head -n 1)
fi

port=${PORT:-18765}
url=http://127.0.0.1:$port
"$varp" -r "$register" serve --listen "127.0.0.1:$port" --quiet 2>"$work/server" &
server=$!
for _ in $(seq 100); do curl -fs "$url/conformance" >/dev/null && break; sleep 0.1; done
curl -fs "$url/conformance" >/dev/null || { cat "$work/server"; exit 2; }

matched() { curl -fs "$url/collections/$1/items?limit=1&${2:-}" | grep -o '"numberMatched":[0-9]*' | cut -d: -f2; }

if command -v ogrinfo >/dev/null; then
  lists_all() { [ "$(ogrinfo -ro -so "OAPIF:$url" | grep -c '^[1-6]: ')" = 6 ]; }
  check GDAL "OAPIF lists six collections" lists_all
  reads_all() {
    ogr2ogr -f GPKG "$work/read.gpkg" "OAPIF:$url" bodies -oo PAGE_SIZE=1000 &&
      [ "$(ogrinfo -ro -so "$work/read.gpkg" bodies | sed -n 's/^Feature Count: //p')" = "$(matched bodies)" ] &&
      ogrinfo -ro -so "$work/read.gpkg" bodies | grep -q '^mass_t: Real'
  }
  check GDAL "ogr2ogr over OAPIF reads every body, masses as numbers" reads_all
  box=$(curl -fs "$url/collections/bodies" | python3 -c '
import json, sys
w, s, e, n = json.load(sys.stdin)["extent"]["spatial"]["bbox"][0]
print(w, s, (w + e) / 2, (s + n) / 2)')
  box_agrees() {
    # shellcheck disable=SC2086
    ogr2ogr -f GPKG "$work/box.gpkg" "OAPIF:$url" bodies -oo PAGE_SIZE=1000 -spat $box
    python3 - "$url" $box <<'PY' >"$work/count"
import json, sys, urllib.request
url, *box = sys.argv[1:]
next_url, count = f"{url}/collections/bodies/items?limit=1000&bbox={','.join(box)}", 0
while next_url:
    page = json.load(urllib.request.urlopen(next_url))
    count += sum(1 for f in page["features"] if f["geometry"])
    next_url = next((l["href"] for l in page["links"] if l["rel"] == "next"), None)
print(count)
PY
    got=$(ogrinfo -ro -q "$work/box.gpkg" -sql "SELECT count(*) AS n FROM bodies WHERE geom IS NOT NULL" | sed -n 's/.*n (Integer.*) = //p')
    [ "$got" = "$(cat "$work/count")" ]
  }
  check GDAL "a box over OAPIF holds what the API says" box_agrees
  check GDAL "ogrinfo opens the register while it is served" ogrinfo -ro -so -al "$register"
else
  skip GDAL "not installed: apt-get install gdal-bin"
fi

python3 -m venv "$work/venv" && "$work/venv/bin/pip" install -q 'OWSLib==0.35.0' 'schemathesis==4.32.5' >"$work/out" 2>&1
if [ -x "$work/venv/bin/schemathesis" ]; then
  cat >"$work/reads_owslib.py" <<'PY'
import sys
from owslib.ogcapi.features import Features

door = Features(sys.argv[1] + "/")
assert any(c.endswith("conf/core") for c in door.conformance()["conformsTo"])
assert door.api()["openapi"].startswith("3.0")
names = door.feature_collections()
stored = ["sites", "bodies", "samples", "assays", "quantities", "sources"]
assert names == [*stored, "estimates", "classifications"], names
for name in names:
    page = door.collection_items(name, limit=2)
    for feature in page["features"]:
        assert door.collection_item(name, feature["id"])["id"] == feature["id"]
PY
  check OWSLib "conformance, description, every collection, items" "$work/venv/bin/python" "$work/reads_owslib.py" "$url"
  # positive_data_acceptance is left out: the standard's own schema of bbox allows five numbers,
  # and no schema can say which paging tokens exist. An address of some kilobytes is a refusal, too.
  cat >"$work/schemathesis.toml" <<'TOML'
[checks.negative_data_rejection]
expected-statuses = ["400", "404", "406", "414"]
TOML
  check schemathesis "the OpenAPI document holds (all checks but positive_data_acceptance)" \
    env -C "$work" "$work/venv/bin/schemathesis" --config-file "$work/schemathesis.toml" run "$url/api" --max-examples "${EXAMPLES:-50}" \
    --exclude-checks positive_data_acceptance --output-truncate false
else
  say FAIL pip "OWSLib and schemathesis could not be installed"
  sed 's/^/        /' "$work/out"
  failed=1
fi

if /usr/bin/python3 -c 'import osgeo' 2>/dev/null; then
  "$varp" -r "$register" backup "$work/copy.gpkg" >"$work/out" 2>&1
  /usr/bin/python3 -m venv --system-site-packages "$work/gpkg" &&
    "$work/gpkg/bin/pip" install -q 'pdok-geopackage-validator==0.14.5' >"$work/out" 2>&1
  # Left out: rules of the Dutch profile that the standard does not have (no empty layer, no view,
  # no feature without a place, tables by a list of one's own), and older forms of the same rules.
  valid() {
    "$work/gpkg/bin/geopackage-validator" validate --gpkg-path "$work/copy.gpkg" --exit-on-fail \
      --validations "${RULES:-RQ1,RQ6,RQ7,RQ9,RQ10,RQ11,RQ13,RQ14,RQ15,RQ21,RQ22,RQ23,RQ26,RC17,RC18,RC19,RC20}"
  }
  check validator "a backup of the register is a valid GeoPackage" valid
else
  skip validator "needs apt-get install python3-gdal"
fi

if /usr/bin/python3 -c 'import qgis.core' 2>/dev/null; then
  export QT_QPA_PLATFORM=offscreen XDG_RUNTIME_DIR=$work
  cat >"$work/reads_qgis.py" <<'PY'
import os, sys
from qgis.core import QgsApplication, QgsVectorLayer

url, register, expected = sys.argv[1], sys.argv[2], int(sys.argv[3])
application = QgsApplication([], False)
application.initQgis()
remote = QgsVectorLayer(f"url='{url}' typename='bodies'", "bodies", "OAPIF")
assert remote.isValid(), remote.error().message()
assert sum(1 for _ in remote.getFeatures()) == expected
local = QgsVectorLayer(f"{register}|layername=body", "body", "ogr")
assert local.isValid() and local.featureCount() >= expected
os._exit(0)  # QGIS may crash while it takes itself apart
PY
  check QGIS "reads every body over OAPIF and opens the register while it is served" \
    /usr/bin/python3 "$work/reads_qgis.py" "$url" "$(realpath "$register")" "$(matched bodies)"

  # Edits are made in a copy, which is served, too.
  "$varp" -r "$register" backup "$work/edited.gpkg" >"$work/out" 2>&1
  "$varp" -r "$work/edited.gpkg" serve --listen "127.0.0.1:$((port + 1))" --quiet 2>"$work/second" &
  second=$!
  edited=http://127.0.0.1:$((port + 1))
  for _ in $(seq 100); do curl -fs "$edited/conformance" >/dev/null && break; sleep 0.1; done
  cat >"$work/edit.py" <<'PY'
import json, os, sqlite3, sys, urllib.request
from qgis.core import QgsApplication, QgsGeometry, QgsPointXY, QgsVectorLayer

url, register = sys.argv[1:]
application = QgsApplication([], False)
application.initQgis()


def read(address):
    return json.load(urllib.request.urlopen(url + address))


before = read("/collections/bodies/items?limit=1")["features"][0]
address = f"/collections/bodies/items/{before['id']}"
layer = QgsVectorLayer(f"{register}|layername=body", "body", "ogr")
assert layer.isValid(), layer.error().message()
[feature] = [f for f in layer.getFeatures() if f["id"] == before["id"]]


def edit(**values):
    """Edits the body as a person does in the attribute table; returns what QGIS reports."""
    assert layer.startEditing()
    for name, value in values.items():
        if name == "place":
            layer.changeGeometry(feature.id(), QgsGeometry.fromPointXY(QgsPointXY(*value)))
        else:
            assert layer.changeAttributeValue(feature.id(), layer.fields().indexOf(name), value)
    if layer.commitChanges():
        return []
    errors = layer.commitErrors()
    layer.rollBack()
    return errors


assert edit(name="Edited in QGIS", place=(24.5, 65.25)) == []
after = read(address)
assert after["properties"]["name"] == "Edited in QGIS", after["properties"]["name"]
assert after["geometry"]["coordinates"] == [24.5, 65.25], after["geometry"]
assert [h["name"] for h in read("/search?q=edited+in+qgis")["results"]] == ["Edited in QGIS"]
log = sqlite3.connect(f"file:{register}?mode=ro", uri=True)
record = """SELECT json_extract(before, '$.name'), json_extract(after, '$.name'),
  json_extract(before, '$.geom') <> json_extract(after, '$.geom')
FROM change WHERE row = ? AND actor IS NULL ORDER BY fid"""
rows = log.execute(record, [before["id"]]).fetchall()  # QGIS writes places and fields one by one
assert (before["properties"]["name"], "Edited in QGIS", 0) in rows, rows
assert any(moved for _, _, moved in rows), rows
# What nobody could read is refused at once, and changes nothing.
assert any("CHECK" in e for e in edit(visibility=7)), "a visibility that does not exist"
assert any("CHECK" in e for e in edit(commodities="W, Cu")), "a list that is none"
assert any("identity" in e for e in edit(id="x")), "an identity that changes"
assert read(address)["properties"]["name"] == "Edited in QGIS"
# A record closed in QGIS is closed at once.
assert edit(visibility=2) == []
try:
    read(address)
    raise AssertionError("a closed body is shown")
except urllib.error.HTTPError as error:
    assert error.code == 404
# A code that no list knows is told by the doctor, not mended in silence.
assert edit(visibility=0, kind="sandbox") == []
del layer  # closes the file
os._exit(0)
PY
  check QGIS "edits a body of a served register: shown, recorded, what is wrong refused" \
    /usr/bin/python3 "$work/edit.py" "$edited" "$work/edited.gpkg"
  finds_it() { ! "$varp" -r "$work/edited.gpkg" doctor >"$work/doctor" && grep -q sandbox "$work/doctor"; }
  check varp "the doctor names the code that QGIS brought in" finds_it
  kill "$second"
  wait "$second" 2>/dev/null
  plain() { [ ! -e "$work/edited.gpkg-wal" ] && [ "$(sqlite3 "$work/edited.gpkg" 'PRAGMA integrity_check')" = ok ]; }
  if command -v sqlite3 >/dev/null; then
    check varp "after both have gone, the register is one sound file" plain
  fi
else
  skip QGIS "needs apt-get install python3-qgis qgis-providers"
fi

exit $failed
