import type { Map as MapLibre } from 'maplibre-gl';

/** A shape of the legend and the colour that it has there. */
export interface Glyph {
  path: string;
  colour: string;
}

/** Shapes and colours as the server drew them in the legend: by kind, and by group of materials. */
export function readLegend(root: ParentNode): { kinds: Map<string, Glyph>; groups: Map<string, string>; groupOf: Map<string, string> } {
  const kinds = new Map<string, Glyph>();
  const groups = new Map<string, string>();
  const groupOf = new Map<string, string>();
  for (const svg of root.querySelectorAll<SVGElement>('[data-legend] svg')) {
    const colour = getComputedStyle(svg).color;
    const path = svg.querySelector('path')?.getAttribute('d') ?? '';
    const { kind, group } = svg.dataset;
    if (kind) kinds.set(kind, { path, colour });
    if (!group) continue;
    groups.set(group, colour);
    for (const data of svg.closest('li')?.querySelectorAll('data') ?? []) groupOf.set(data.value, group);
  }
  return { kinds, groups, groupOf };
}

/** Draws a shape of the legend for the map, with an edge in the colour of the paper. */
export function addIcon(map: MapLibre, name: string, glyph: Glyph, paper: string): void {
  if (map.hasImage(name)) return;
  const ratio = 2;
  const size = 20 * ratio;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size;
  const ink = canvas.getContext('2d');
  if (!ink) return;
  ink.translate(size / 2, size / 2);
  ink.scale(ratio, ratio);
  const shape = new Path2D(glyph.path);
  ink.lineWidth = 2.6;
  ink.lineJoin = 'round';
  ink.strokeStyle = paper;
  ink.stroke(shape);
  ink.fillStyle = glyph.colour;
  ink.fill(shape);
  map.addImage(name, ink.getImageData(0, 0, size, size), { pixelRatio: ratio });
}
