/** Sliders that move the ranking: the order, the chances and how far each body moved. */

import { Looker } from './look';

interface Data {
  criteria: { id: string; group: string; weight: number }[];
  means: number[];
  variances: number[];
}

/** Rows shown while the order moves; the others follow when asked for. */
const SHOWN = 60;

const root = document.getElementById('live-ranking');
const source = document.getElementById('live-data');
if (root && source) start(root, JSON.parse(source.textContent ?? '') as Data);

function start(root: HTMLElement, data: Data): void {
  const form = root.querySelector<HTMLFormElement>('form.weights');
  const body = root.querySelector<HTMLTableSectionElement>('tbody');
  if (!form || !body) return;
  const looker = new Looker({
    criteria: data.criteria.length,
    means: Float64Array.from(data.means),
    variances: Float64Array.from(data.variances),
  });
  const rows: HTMLTableRowElement[] = [];
  for (const row of body.rows) rows[Number(row.dataset['site'])] = row;
  const parts = rows.map((row) => ({
    row,
    place: row.querySelector('.place'),
    share: row.querySelector('.share'),
    meter: row.querySelector<HTMLMeterElement>('meter'),
    moved: row.querySelector('.moved'),
  }));
  const wanted = Number(root.dataset['wanted']);
  const movedWords = root.dataset['moved'] ?? '';
  const sliders = [...form.querySelectorAll<HTMLInputElement>('input[data-group]')];
  const own = new Map<string, number>();
  for (const c of data.criteria) own.set(c.group, (own.get(c.group) ?? 0) + c.weight);
  const percent = new Intl.NumberFormat(document.documentElement.lang, { style: 'percent', maximumFractionDigits: 0 });
  const usual = placesOf(looker.look(data.criteria.map((c) => c.weight), wanted).order);

  const rank = (): void => {
    const began = performance.now();
    const total = sliders.reduce((sum, s) => sum + Number(s.value), 0);
    if (total === 0) return;
    const weights = new Map(sliders.map((s) => [s.dataset['group'] ?? '', Number(s.value) / total]));
    for (const slider of sliders) {
      const output = slider.parentElement?.querySelector('output');
      if (output) output.textContent = percent.format(weights.get(slider.dataset['group'] ?? '') ?? 0);
    }
    // sliders stand on whole per cents; untouched, they mean the method's weights themselves
    const untouched = sliders.every((s) => s.value === s.defaultValue);
    const each = data.criteria.map((c) => (untouched ? c.weight : ((weights.get(c.group) ?? 0) * c.weight) / (own.get(c.group) || 1)));
    const look = looker.look(each, wanted);
    const shown: HTMLTableRowElement[] = [];
    look.order.subarray(0, SHOWN).forEach((site, place) => {
      const part = parts[site];
      if (!part) return;
      if (part.place) part.place.textContent = String(place + 1);
      if (part.share) part.share.textContent = percent.format(look.top[site] ?? 0);
      if (part.meter) part.meter.value = look.top[site] ?? 0;
      const moved = (usual[site] ?? place) - place;
      if (part.moved) part.moved.textContent = moved ? `${moved > 0 ? '▲' : '▼'} ${movedWords.replace('{ $count }', String(Math.abs(moved)))}` : '';
      shown.push(part.row);
    });
    body.replaceChildren(...shown);
    root.dataset['milliseconds'] = (performance.now() - began).toFixed(2);
  };

  form.hidden = false;
  root.classList.add('moving');
  form.addEventListener('input', rank);
  form.addEventListener('reset', () => setTimeout(rank));
  root.dataset['ready'] = 'true';
}

function placesOf(order: Uint32Array): number[] {
  const places: number[] = [];
  order.forEach((site, place) => (places[site] = place));
  return places;
}
