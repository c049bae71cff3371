import type { StyleSpecification } from 'maplibre-gl';

/** Colours of the page, so that the map follows its theme. */
export interface Inks {
  paper: string;
  ink: string;
  soft: string;
  sea: string;
  land: string;
  edge: string;
}

export function readInks(): Inks {
  const style = getComputedStyle(document.documentElement);
  const get = (name: string): string => style.getPropertyValue(name).trim();
  return {
    paper: get('--paper'),
    ink: get('--ink'),
    soft: get('--soft'),
    sea: get('--sea'),
    land: get('--land'),
    edge: get('--land-edge'),
  };
}

/** The font of labels, loaded by the page; the style has no glyphs, so MapLibre draws with it. */
export const LABEL_FONT = 'SourceSans';

/** The base map: sea, land, lakes, borders, names of places; bodies come on top. */
export function baseStyle(base: string, inks: Inks): StyleSpecification {
  const of = (layer: string): ['==', string, string] => ['==', 'layer', layer];
  return {
    version: 8,
    sources: {
      base: { type: 'geojson', data: base, tolerance: 0.2, attribution: 'Natural Earth · GeoNames' },
    },
    layers: [
      { id: 'sea', type: 'background', paint: { 'background-color': inks.sea } },
      { id: 'land', type: 'fill', source: 'base', filter: of('land'), paint: { 'fill-color': inks.land, 'fill-outline-color': inks.edge } },
      { id: 'lake', type: 'fill', source: 'base', filter: of('lake'), paint: { 'fill-color': inks.sea, 'fill-outline-color': inks.edge } },
      { id: 'coast', type: 'line', source: 'base', filter: of('land'), minzoom: 4, paint: { 'line-color': inks.edge, 'line-width': 0.8 } },
      { id: 'border', type: 'line', source: 'base', filter: of('border'), paint: { 'line-color': inks.soft, 'line-width': 0.9, 'line-dasharray': [4, 2, 1, 2], 'line-opacity': 0.7 } },
      {
        id: 'place',
        type: 'symbol',
        source: 'base',
        filter: of('place'),
        minzoom: 3.6,
        layout: {
          'text-field': ['get', 'name'],
          'text-font': [LABEL_FONT],
          'text-size': ['interpolate', ['linear'], ['zoom'], 4, 10, 8, 13],
          'symbol-sort-key': ['-', 0, ['get', 'n']],
          'text-padding': 6,
        },
        paint: { 'text-color': inks.soft, 'text-halo-color': inks.land, 'text-halo-width': 1.2 },
      },
    ],
  };
}
