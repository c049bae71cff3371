/**
 * A quick look while weights move: the same arithmetic as `varp_engine::rank::live`, held equal to
 * it by a file of numbers that both check. Only + − × ÷ and √ are used, in the same order.
 */

export const DRAWS = 128;

/** What is ranked: site by site, criteria within. */
export interface Table {
  criteria: number;
  means: Float64Array;
  variances: Float64Array;
}

export interface Look {
  /** Sites, largest mean value first; of equals the one that stands first. */
  order: Uint32Array;
  values: Float64Array;
  /** Share of the draws in which a site is among the best k. */
  top: Float64Array;
}

/** 32 mixed bits of a number. */
export function mixed(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

function uniform(stream: number, k: number): number {
  return (mixed(stream ^ mixed(Math.imul(k, 0x9e3779b9))) + 0.5) / 4294967296;
}

/** Numbers that do not depend on the weights, made once. */
export class Looker {
  readonly sites: number;
  private readonly noise: Float64Array;
  private readonly factors: Float64Array;
  private readonly drawn: Float64Array;

  constructor(private readonly table: Table) {
    const { criteria, means } = table;
    this.sites = criteria ? means.length / criteria : 0;
    this.noise = new Float64Array(DRAWS * this.sites);
    this.factors = new Float64Array(DRAWS * criteria);
    this.drawn = new Float64Array(this.sites);
    for (let t = 0; t < DRAWS; t++) {
      const stream = mixed(0x51ed270b ^ t);
      for (let i = 0; i < this.sites; i++) {
        let sum = -6;
        for (let k = 0; k < 12; k++) sum += uniform(stream, 12 * i + k);
        this.noise[t * this.sites + i] = sum;
      }
      const wavering = mixed(0x1234abcd ^ t);
      for (let j = 0; j < criteria; j++) {
        const u = (2 * uniform(wavering, j) - 1) / 3;
        this.factors[t * criteria + j] = (1 + u) / (1 - u);
      }
    }
  }

  /** Ranks by `weights`, from zero up and rescaled here. */
  look(weights: ArrayLike<number>, k: number): Look {
    const { criteria } = this.table;
    let total = 0;
    for (let j = 0; j < criteria; j++) total += weights[j] ?? 0;
    const central = Float64Array.from({ length: criteria }, (_, j) => (weights[j] ?? 0) / total);
    const values = new Float64Array(this.sites);
    for (let i = 0; i < this.sites; i++) values[i] = this.sum(central, this.table.means, i);
    return { order: descending(values), values, top: this.top(central, Math.min(k, this.sites)) };
  }

  private top(central: Float64Array, k: number): Float64Array {
    const { criteria, means, variances } = this.table;
    const counts = new Float64Array(this.sites);
    const w = new Float64Array(criteria);
    const squares = new Float64Array(criteria);
    for (let t = 0; t < DRAWS; t++) {
      let all = 0;
      for (let j = 0; j < criteria; j++) {
        w[j] = central[j]! * this.factors[t * criteria + j]!;
        all += w[j]!;
      }
      for (let j = 0; j < criteria; j++) {
        w[j] = w[j]! / all;
        squares[j] = w[j]! * w[j]!;
      }
      for (let i = 0; i < this.sites; i++) {
        const spread = Math.sqrt(this.sum(squares, variances, i));
        this.drawn[i] = this.sum(w, means, i) + spread * this.noise[t * this.sites + i]!;
      }
      countBest(this.drawn, k, counts);
    }
    return counts.map((count) => count / DRAWS);
  }

  private sum(weights: Float64Array, cells: Float64Array, site: number): number {
    const start = site * weights.length;
    let sum = 0;
    for (let j = 0; j < weights.length; j++) sum += weights[j]! * cells[start + j]!;
    return sum;
  }
}

/** Adds one to the count of each of the best k; of equals those that stand first. */
function countBest(values: Float64Array, k: number, counts: Float64Array): void {
  if (k <= 0) return;
  if (k >= values.length) {
    for (let i = 0; i < counts.length; i++) counts[i] = counts[i]! + 1;
    return;
  }
  const sorted = Float64Array.from(values).sort();
  const least = sorted[values.length - k]!;
  let left = k;
  for (let i = 0; i < values.length; i++) {
    if (values[i]! > least) {
      counts[i] = counts[i]! + 1;
      left--;
    }
  }
  for (let i = 0; i < values.length && left > 0; i++) {
    if (values[i] === least) {
      counts[i] = counts[i]! + 1;
      left--;
    }
  }
}

function descending(values: Float64Array): Uint32Array {
  const order = Uint32Array.from(values, (_, i) => i);
  return order.sort((a, b) => values[b]! - values[a]! || a - b);
}
