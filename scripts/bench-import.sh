#!/usr/bin/env bash
# What does an import cost? A million samples by twelve analytes (85 MB, 3 % of the rows dirty) go
# through `varp import`, with every check and provenance to the cell, beside
# `ogr2ogr -f GPKG`, which loads the same CSV as strings. The bars: at most 4 times the wall time,
# under 1 GB of memory, a register at most 3 times the CSV.
#
#   scripts/bench-import.sh         needs ogr2ogr (apt-get install gdal-bin)
#
# ROWS and PAIRS set other numbers; each pair runs one after the other, the medians are compared.
# VARP_BIN names a program that is built already.
set -euo pipefail
cd "$(dirname "$0")/.."
rows=${ROWS:-1000000}
pairs=${PAIRS:-3}
command -v ogr2ogr >/dev/null || { echo "ogr2ogr is missing: apt-get install gdal-bin" >&2; exit 2; }

varp=${VARP_BIN:-$PWD/${CARGO_TARGET_DIR:-target}/release/varp}
[ -n "${VARP_BIN:-}" ] || cargo build -q --release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo run -q --release -p varp-engine --example make_big_csv -- "$work" "$rows"

python3 - "$varp" "$work" "$pairs" <<'PY'
import os, pathlib, statistics, subprocess, sys, time

varp, work, pairs = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
table, mapping = work / "big.csv", work / "big.toml"


def run(name, register, *command):
    """Wall and processor seconds, greatest memory in MB, size of what was written."""
    for old in work.glob(register.name + "*"):
        old.unlink()
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=open(work / "said", "w"))
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    code = os.waitstatus_to_exitcode(status)
    if code > 1:  # 1 is findings: the dirty rows
        sys.exit(f"{name} ended with {code}:\n" + (work / "said").read_text())
    cpu, memory = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
    size = register.stat().st_size
    print(f"{name:8} {wall:6.2f} s wall {cpu:6.2f} s CPU {memory:6.0f} MB {size / 1e6:6.0f} MB written", flush=True)
    return wall, memory, size


theirs, ours = [], []
for _ in range(pairs):
    other = work / "strings.gpkg"
    theirs.append(run("ogr2ogr", other, "ogr2ogr", "-f", "GPKG", str(other), str(table)))
    register = work / "register.gpkg"
    ours.append(
        run("varp", register, varp, "-r", str(register), "import", str(table), "--mapping", str(mapping), "--accept-valid")
    )
print((work / "said").read_text().strip().splitlines()[-2])
csv = table.stat().st_size
wall = statistics.median(o[0] for o in ours) / statistics.median(t[0] for t in theirs)
memory, size = max(o[1] for o in ours), ours[-1][2] / csv
good = True
for name, value, bar, unit in [
    ("wall time against ogr2ogr", wall, 4, "times"),
    ("memory", memory, 1000, "MB"),
    ("register against the CSV", size, 3, "times"),
]:
    good &= value <= bar
    print(f"{'ok' if value <= bar else 'FAIL':4} {name}: {value:.2f} {unit}, bar {bar}")
sys.exit(0 if good else 1)
PY
