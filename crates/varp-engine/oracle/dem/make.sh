#!/bin/sh
# Two small height models and their difference by GDAL's raster calculator.
# GDAL 3.6.2 of Debian 12: gdal_translate, gdal_calc.py. GDAL reads ASCII grids as 32-bit numbers: expect differences of 1e-5 m.
set -e
cd "$(dirname "$0")"
awk 'BEGIN {
  print "ncols 24\nnrows 18\nxllcorner 500000\nyllcorner 6700000\ncellsize 5\nNODATA_value -9999" > "top.asc"
  print "ncols 24\nnrows 18\nxllcorner 500000\nyllcorner 6700000\ncellsize 5\nNODATA_value -9999" > "base.asc"
  for (r = 0; r < 18; r++) { t = ""; b = ""
    for (c = 0; c < 24; c++) {
      top = 120 + 0.013 * c - 0.007 * r
      base = 108.25 + 3 * sin(c / 5) + 2.5 * cos(r / 4) + 0.021 * c * r / 10
      if (c == 3 && r == 4) top = -9999
      if (c == 20 && r > 14) base = -9999
      t = t sprintf("%.3f ", top); b = b sprintf("%.3f ", base) }
    print t > "top.asc"; print b > "base.asc" } }'
gdal_translate -q -ot Float32 -co COMPRESS=DEFLATE -co PREDICTOR=1 top.asc top.tif
gdal_translate -q -ot Float64 -co COMPRESS=LZW -co TILED=YES -co BLOCKXSIZE=16 -co BLOCKYSIZE=16 base.asc base.tif
gdal_calc.py --quiet -A top.asc -B base.asc --outfile=/tmp/difference.tif --calc="A.astype(float)-B.astype(float)" --type=Float64 --NoDataValue=-9999
gdal_translate -q -of AAIGrid -co DECIMAL_PRECISION=6 /tmp/difference.tif difference.asc
# the first corner with a system, as pixels that are points, and in degrees
cut="-q -srcwin 0 0 8 6 -co COMPRESS=DEFLATE base.tif"
gdal_translate -a_srs EPSG:3006 $cut area.tif
gdal_translate -a_srs EPSG:3006 -mo AREA_OR_POINT=Point $cut point.tif
gdal_translate -a_srs EPSG:4326 -a_ullr 15 61 15.008 60.994 $cut degrees.tif
rm -f ./*.aux.xml difference.prj
# heights of area.tif in feet as vertical system, as unit of the band and as US survey feet with one of their own; in decimetres
# above 100 m; and places in feet
feet() { gdal_calc.py --quiet -A area.tif --outfile=/tmp/feet.tif --calc="A.astype(float)/($1)" --type=Float64 --NoDataValue=-9999 --overwrite; }
feet 0.3048
gdal_translate -q -a_srs EPSG:3006+8228 -co COMPRESS=DEFLATE /tmp/feet.tif feet_system.tif
gdal_translate -q -a_srs EPSG:3006 -co COMPRESS=DEFLATE /tmp/feet.tif feet_band.tif
gdal_edit.py -units ft feet_band.tif
gdal_translate -q -a_srs EPSG:2263 -co COMPRESS=DEFLATE /tmp/feet.tif feet_places.tif
feet 1200.0/3937.0
gdal_translate -q -a_srs EPSG:3006+6360 -co COMPRESS=DEFLATE /tmp/feet.tif feet_survey.tif
gdal_calc.py --quiet -A area.tif --outfile=/tmp/scaled.tif --calc="numpy.rint((A-100)*10)" --type=Int16 --NoDataValue=-9999 --overwrite
gdal_translate -q -a_scale 0.1 -a_offset 100 -co COMPRESS=DEFLATE /tmp/scaled.tif scaled.tif
rm -f ./*.aux.xml
