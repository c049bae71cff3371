import { describe, expect, it } from 'vitest';
import { NO_CONDITIONS, type Points, boxOf, choose, elementsOf, hyphenated } from './points';

/** Three bodies: a copper deposit in Sweden, tungsten sand in Finland, slag of which nothing is known. */
const points: Points = {
  kinds: ['deposit', 'slag', 'tailings'],
  countries: ['FI', 'SE'],
  commodities: ['Cu', 'W'],
  substances: ['Co', 'WO3'],
  lists: [{ list: 'EU-2024', commodities: [1], substances: [0, 1] }],
  id: ['0f1e2d3c4b5a69788796a5b4c3d2e1f0', 'b', 'c'],
  name: ['A', 'B', 'C'],
  lon: [15, 25, 20],
  lat: [60, 65, 62],
  kind: [0, 2, 1],
  country: [1, 0, 1],
  of_site: [0, 0, 1],
  mined: [[0], [], []],
  found: [[0], [1], []],
};
const where = (conditions: Partial<typeof NO_CONDITIONS>): number[] =>
  choose(points, { ...NO_CONDITIONS, ...conditions }, new Map([['Cu', ['Cu']], ['W', ['W']]]));

describe('choosing bodies', () => {
  it('shows all where nothing is asked', () => expect(where({})).toEqual([0, 1, 2]));
  it('takes conditions together', () => {
    expect(where({ country: 'SE' })).toEqual([0, 2]);
    expect(where({ country: 'SE', kind: 'slag' })).toEqual([2]);
  });
  it('finds a material where it was mined and where an oxide of it was found', () => {
    expect(where({ material: 'Cu' })).toEqual([0]);
    expect(where({ material: 'W' })).toEqual([1]);
  });
  it('finds what points to a list', () => expect(where({ crm: 'EU-2024' })).toEqual([0, 1]));
  it('shows nothing for a country that no body is in', () =>
    expect(where({ country: 'IS' })).toEqual([]));
});

describe('boxes', () => {
  it('holds all bodies, or none', () => {
    expect(boxOf(points, [0, 1, 2])).toEqual([15, 60, 25, 65]);
    expect(boxOf(points, [])).toBeNull();
  });
  it('leaves out the few that are far from the others', () => {
    expect(boxOf(points, [0, 1, 2], 0.6)).toEqual([15, 60, 20, 62]);
    expect(boxOf(points, [0, 1, 2], 0.01)).toEqual([15, 60, 15, 60]);
  });
});

it('reads elements from formulas', () => {
  expect(elementsOf('WO3')).toEqual(['W', 'O']);
  expect(elementsOf('Co')).toEqual(['Co']);
});

it('writes identities as addresses have them', () => {
  expect(hyphenated('0f1e2d3c4b5a69788796a5b4c3d2e1f0')).toBe('0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0');
  expect(hyphenated('0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0')).toBe('0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0');
});
