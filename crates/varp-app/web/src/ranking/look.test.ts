import { describe, expect, it } from 'vitest';
import golden from './golden.json';
import { Looker, mixed } from './look';

describe('a look', () => {
  it('gives the very numbers that the ranking engine gives', () => {
    const looker = new Looker({
      criteria: golden.table.criteria.length,
      means: Float64Array.from(golden.table.means),
      variances: Float64Array.from(golden.table.variances),
    });
    for (const { weights, k, look } of golden.looks) {
      const found = looker.look(weights, k);
      expect([...found.order]).toEqual(look.order);
      expect([...found.values]).toEqual(look.values);
      expect([...found.top]).toEqual(look.top);
    }
  });

  it('counts exactly k bodies in every draw', () => {
    const looker = new Looker({ criteria: 2, means: new Float64Array(10).fill(0.5), variances: new Float64Array(10) });
    const { top } = looker.look([1, 1], 3);
    expect([...top]).toEqual([1, 1, 1, 0, 0]);
  });

  it('mixes bits as published', () => {
    expect(mixed(0)).toBe(0);
    expect(mixed(1)).toBe(1753845952);
  });
});
