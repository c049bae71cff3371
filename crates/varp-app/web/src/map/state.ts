import type { Conditions } from './points';

/** What the address bar holds: conditions, colour, and where the map looks. */
export interface State {
  conditions: Conditions;
  colour: 'kind' | 'commodity';
  /** Zoom, latitude, longitude; absent until the reader moves the map. */
  view?: [number, number, number] | undefined;
}

/** Reads the state from the part of an address after `?`, and the view after `#`. */
export function readState(search: string, hash: string): State {
  const params = new URLSearchParams(search);
  const get = (name: string): string => params.get(name) ?? '';
  const numbers = hash.replace(/^#map=/, '').split('/').map(Number);
  const [zoom, lat, lon] = numbers;
  const view: [number, number, number] | undefined =
    hash.startsWith('#map=') && numbers.length === 3 && numbers.every(Number.isFinite)
      ? [zoom ?? 0, lat ?? 0, lon ?? 0]
      : undefined;
  return {
    conditions: {
      country: get('country'),
      kind: get('kind'),
      material: get('material'),
      crm: get('crm'),
    },
    colour: get('colour') === 'commodity' ? 'commodity' : 'kind',
    view,
  };
}

/** The address of a state; parameters that are not the map's stay as they are. */
export function writeState(state: State, search: string): string {
  const params = new URLSearchParams(search);
  for (const [name, value] of Object.entries(state.conditions)) {
    if (value) params.set(name, value);
    else params.delete(name);
  }
  if (state.colour === 'commodity') params.set('colour', 'commodity');
  else params.delete('colour');
  const query = params.toString();
  const view = state.view;
  const hash = view
    ? `#map=${view[0].toFixed(2)}/${view[1].toFixed(3)}/${view[2].toFixed(3)}`
    : '';
  return `${query ? `?${query}` : ''}${hash}`;
}
