#!/usr/bin/env bash
# What does a page of 100 bodies cost over 100,000 bodies? Processor time of the server per request
# (user and system, /proc/PID/stat), warm, uncompressed, 8 connections; the bar is 1 ms.
#
#   scripts/bench-api.sh            needs wrk (apt-get install wrk)
#
# BODIES, SECONDS_EACH and PORT set other numbers; KEEP names a folder for the register, which is
# made if it is not there; VARP_BIN a program that is built already.
set -euo pipefail
cd "$(dirname "$0")/.."
bodies=${BODIES:-100000}
seconds=${SECONDS_EACH:-5}
port=${PORT:-18766}
url=http://127.0.0.1:$port

work=$(mktemp -d)
server=
trap '[ -n "$server" ] && kill "$server" 2>/dev/null; rm -rf "$work"' EXIT

varp=${VARP_BIN:-${CARGO_TARGET_DIR:-target}/release/varp}
[ -n "${VARP_BIN:-}" ] || cargo build -q --release
register=${KEEP:-$work}/bodies.gpkg
if [ ! -e "$register" ]; then
  echo "making a register of $bodies bodies"
  BODIES=$bodies KEEP=$(dirname "$register") cargo bench -q -p varp-store --bench register -- bodies
fi
"$varp" -r "$register" serve --quiet --listen "127.0.0.1:$port" 2>"$work/log" &
server=$!
for _ in $(seq 100); do curl -fs "$url/conformance" >/dev/null && break; sleep 0.1; done

tick=$(getconf CLK_TCK)
# milliseconds on the processor so far
spent() { awk -v tick="$tick" '{ print ($14 + $15) * 1000 / tick }' "/proc/$server/stat"; }
# the address of a page far into a question: follows next a hundred pages of 1000
deep() {
  python3 - "$1" "$2" <<'PY'
import json, sys, urllib.request
address, pages = sys.argv[1], int(sys.argv[2])
for _ in range(pages):
    page = json.load(urllib.request.urlopen(address + "&limit=1000" if "next=" not in address else address))
    following = next((l["href"] for l in page["links"] if l["rel"] == "next"), None)
    if following is None:
        break
    address = following
print(address.replace("limit=1000", "limit=100"))
PY
}
# measure NAME ADDRESS [HEADER]
measure() {
  local name=$1 address=$2 header=${3:-accept: */*}
  curl -fs -H "$header" "$address" >"$work/page"
  wrk -t1 -c8 -d1s -H "$header" "$address" >/dev/null
  local before after
  before=$(spent)
  wrk -t1 -c8 -d"${seconds}s" --latency -H "$header" "$address" >"$work/wrk"
  after=$(spent)
  awk -v before="$before" -v after="$after" -v name="$name" -v bytes="$(wc -c <"$work/page")" '
    / requests in / { n = $1 }
    /Requests\/sec/ { rate = $2 }
    /50%/ { p50 = $2 }
    /99%/ { p99 = $2 }
    /Non-2xx/ { bad = " " $0 }
    END { printf "%-34s %6.3f CPU-ms/request  %7.0f requests/s  p50 %s p99 %s  %d kB%s\n",
          name, (after - before) / n, rate, p50, p99, bytes / 1000, bad }' "$work/wrk"
}

items="$url/collections/bodies/items?f=geojson"
measure "no box, first page" "$items&limit=100"
measure "box of 0.1 %" "$items&bbox=14,60,14.6,60.8&limit=100"
measure "box of 0.9 %" "$items&bbox=14,60,16.3,61.6&limit=100"
measure "box of 0.9 %, last page" "$(deep "$items&bbox=14,60,16.3,61.6" 1)"
measure "box of 10 %" "$items&bbox=10,58,18.5,63&limit=100"
measure "box of 100 %" "$items&bbox=0,50,40,80&limit=100"
measure "box of 100 %, deep page" "$(deep "$items&bbox=0,50,40,80" 60)"
measure "country and kind" "$items&country=SE&kind=slag&limit=100"
measure "search" "$url/search?q=grangesberg"
measure "one body" "$(curl -fs "$items&limit=1" | python3 -c '
import json, sys
print("'"$url"'/collections/bodies/items/" + json.load(sys.stdin)["features"][0]["id"])')"
measure "list as page" "$url/collections/bodies/items?f=html&limit=100"
measure "/map/points, Brotli" "$url/map/points" "accept-encoding: br"
