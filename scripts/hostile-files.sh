#!/usr/bin/env bash
# Files that want to do harm, given to varp: each must end with a clear error, in time and in bounded
# memory. Needs python3 and GNU time; makes its files in a folder of its own (some 2.3 GB) and removes
# them. Usage: scripts/hostile-files.sh [VARP]
set -euo pipefail
cd "$(dirname "$0")/.."
varp=$(realpath "${1:-target/release/varp}")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 - <<'PYTHON'
import os, struct, zipfile
MAPPING = 'dataset = "h"\ncountry = "SE"\n[source]\ntitle = "t"\n[[table]]\n%s[table.site]\nkey = "name"\n'
open('any.toml', 'w').write(MAPPING % '')
block = os.urandom(1 << 20)
with open('garbage.csv', 'wb') as f:
    for _ in range(2048): f.write(block)
with open('letters.csv', 'wb') as f:              # text, but no line: 300 MB
    for _ in range(300): f.write(b'a' * (1 << 20))
with open('line.csv', 'wb') as f:                 # one line of 100 MB with cells
    f.write(b'name\n' + b'x,' * (50 << 20) + b'\n')
with open('quote.csv', 'wb') as f:                # a quotation mark that nothing closes
    f.write(b'name\n"' + b'row\n' * (25 << 20))

TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
BOOK = '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
RELS = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s"/></Relationships>'
HEAD = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
def book(name, parts):
    with zipfile.ZipFile(name, 'w', zipfile.ZIP_DEFLATED, compresslevel=9) as z:
        z.writestr('[Content_Types].xml', TYPES)
        z.writestr('_rels/.rels', RELS % ('officeDocument', 'xl/workbook.xml'))
        z.writestr('xl/workbook.xml', BOOK)
        z.writestr('xl/_rels/workbook.xml.rels', RELS % ('worksheet', 'worksheets/sheet1.xml'))
        with z.open('xl/worksheets/sheet1.xml', 'w', force_zip64=True) as f:
            for part in parts: f.write(part)
# inflates to 3 GB of empty rows
book('bomb.xlsx', [(HEAD + '<sheetData>').encode()] + [b'<row></row>' * 95_325] * 3072)
# claims a billion rows
cell = '<row r="%d"><c r="A%d" t="inlineStr"><is><t>%s</t></is></c></row>'
book('rows.xlsx', [(HEAD + '<dimension ref="A1:XFD1000000000"/><sheetData>' + cell % (1, 1, 'name')
    + cell % (1000000000, 1000000000, 'far') + '</sheetData></worksheet>').encode()])
ODS = '<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="S"><table:table-row><table:table-cell office:value-type="string"><text:p>name</text:p></table:table-cell></table:table-row><table:table-row table:number-rows-repeated="1000000000"><table:table-cell office:value-type="string" table:number-columns-repeated="1000"><text:p>x</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>'
with zipfile.ZipFile('rows.ods', 'w', zipfile.ZIP_DEFLATED) as z:
    z.writestr('mimetype', 'application/vnd.oasis.opendocument.spreadsheet')
    z.writestr('META-INF/manifest.xml', '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>')
    z.writestr('content.xml', ODS)
open('nested.geojson', 'w').write('{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Polygon","coordinates":' + '[' * 50_000_000)
open('feature.geojson', 'w').write('{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"' + 'a' * 100_000_000 + '"},"geometry":null}]}')
head = struct.pack('>i', 9994) + bytes(20) + struct.pack('>i', 0x7fffffff) + bytes(72)
ring = struct.pack('<i', 5) + bytes(32) + struct.pack('<ii', 0x7fffffff, 0x7fffffff)
open('claims.shp', 'wb').write(head + struct.pack('>ii', 1, len(ring) // 2) + ring)
open('claims.dbf', 'wb').write(struct.pack('<BBBBIHH', 3, 99, 1, 1, 0xffffffff, 65, 11) + bytes(20) + b'name' + bytes(7) + b'C' + bytes(4) + bytes([10]) + bytes(15) + b'\r')
PYTHON

broken=0
for file in garbage.csv letters.csv line.csv quote.csv bomb.xlsx rows.xlsx rows.ods nested.geojson feature.geojson claims.shp; do
  code=0
  /usr/bin/time -f '%e %M' -o time.txt timeout 120 "$varp" -r "register-$file.gpkg" import "$file" --mapping any.toml >out.txt 2>&1 || code=$?
  read -r seconds kilobytes < <(tail -1 time.txt)
  printf '%-16s exit %-3s %6s s %5s MB  %s\n' "$file" "$code" "$seconds" "$((kilobytes / 1024))" "$(grep -m1 -v '^$' out.txt | cut -c1-150)"
  if [ "$code" != 1 ] || [ "$kilobytes" -gt $((600 * 1024)) ]; then broken=1; fi
done
exit "$broken"
