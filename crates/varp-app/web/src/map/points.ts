/** The columns of `/map/points`: one entry a body, words as numbers into lists. */
export interface Points {
  kinds: string[];
  countries: string[];
  commodities: string[];
  substances: string[];
  lists: { list: string; commodities: number[]; substances: number[] }[];
  id: string[];
  name: string[];
  lon: number[];
  lat: number[];
  kind: number[];
  country: number[];
  of_site: number[];
  mined: number[][];
  found: number[][];
}

/** What the reader asked the map to show. */
export interface Conditions {
  country: string;
  kind: string;
  material: string;
  crm: string;
}

/** Substances that show a raw material, by its code: from the options of the form. */
export type ShownBy = ReadonlyMap<string, readonly string[]>;

export const NO_CONDITIONS: Conditions = { country: '', kind: '', material: '', crm: '' };

/** The symbols of elements in a substance such as `WO3`. */
export function elementsOf(substance: string): string[] {
  return substance.match(/[A-Z][a-z]?/g) ?? [];
}

/** Numbers of the bodies that meet all conditions, in their order. */
export function choose(points: Points, asked: Conditions, shownBy: ShownBy): number[] {
  const country = points.countries.indexOf(asked.country);
  const kind = points.kinds.indexOf(asked.kind);
  const list = points.lists.find((l) => l.list === asked.crm);
  const named = new Set(list?.commodities);
  const witnessing = new Set(list?.substances);
  const mined = points.commodities.indexOf(asked.material);
  const witnesses = shownBy.get(asked.material) ?? [];
  const shows = new Set(points.substances.flatMap((s, i) => (isShown(s, witnesses) ? [i] : [])));
  const chosen: number[] = [];
  for (let i = 0; i < points.id.length; i++) {
    if (asked.country && points.country[i] !== country) continue;
    if (asked.kind && points.kind[i] !== kind) continue;
    const [ofMined, ofFound] = [points.mined[i] ?? [], points.found[i] ?? []];
    if (asked.material && !ofMined.includes(mined) && !ofFound.some((s) => shows.has(s))) continue;
    if (asked.crm && !ofMined.some((c) => named.has(c)) && !ofFound.some((s) => witnessing.has(s)))
      continue;
    chosen.push(i);
  }
  return chosen;
}

/** Whether an analysis of a substance, itself or by its elements, is one of the witnesses. */
function isShown(substance: string, witnesses: readonly string[]): boolean {
  return [substance, ...elementsOf(substance)].some((part) => witnesses.includes(part));
}

/** The identity as in addresses: five groups of hexadecimal digits. */
export function hyphenated(id: string): string {
  if (id.includes('-')) return id;
  return id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export type Box = [west: number, south: number, east: number, north: number];

/**
 * Box around bodies: in each direction the shortest interval that holds the share `inside` of
 * them, so that a few far away do not make all others small. Null if there are none.
 */
export function boxOf(points: Points, chosen: number[], inside = 1): Box | null {
  if (!chosen.length) return null;
  const ends = (column: number[]): [number, number] => {
    const values = chosen.map((i) => column[i] ?? 0).sort((a, b) => a - b);
    const steps = Math.max(Math.ceil(values.length * inside), 1) - 1;
    let best = 0;
    const width = (at: number): number => (values[at + steps] ?? 0) - (values[at] ?? 0);
    for (let at = 1; at + steps < values.length; at++) if (width(at) < width(best)) best = at;
    return [values[best] ?? 0, values[best + steps] ?? 0];
  };
  const [west, east] = ends(points.lon);
  const [south, north] = ends(points.lat);
  return [west, south, east, north];
}
