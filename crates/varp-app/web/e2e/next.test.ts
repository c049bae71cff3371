import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { base, launch, open } from './browser';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const rows = '.ranking tbody tr';
const names = async (page: Awaited<ReturnType<typeof open>>['page']): Promise<string[]> =>
  page.locator(`${rows} th a:first-of-type`).allTextContents();

/** A ranking page with so many bodies, made of the real one. */
function enlarged(html: string, sites: number): string {
  const data = JSON.parse(/<script id="live-data" type="application\/json">(.*?)<\/script>/s.exec(html)?.[1] ?? '') as {
    criteria: unknown[];
    means: number[];
    variances: number[];
  };
  const cells = sites * data.criteria.length;
  const number = (k: number): number => ((k * 7919) % 10_007) / 10_007;
  data.means = Array.from({ length: cells }, (_, k) => number(k + 1));
  data.variances = Array.from({ length: cells }, (_, k) => number(k + 5) / 12);
  const row = /<tr data-site="\d+">.*?<\/tr>/s.exec(html)?.[0] ?? '';
  const all = Array.from({ length: sites }, (_, k) => row.replace(/data-site="\d+"/, `data-site="${k}"`));
  return html
    .replace(/(<script id="live-data" type="application\/json">).*?(<\/script>)/s, (_, a: string, b: string) => a + JSON.stringify(data) + b)
    .replace(/(<table class="list ranking">.*?<tbody>).*?(<\/tbody>)/s, (_, a: string, b: string) => a + all.join('') + b);
}

describe('the ranking', () => {
  it('follows the sliders, says how far bodies moved, and goes back', async () => {
    const { page, faults } = await open(browser, { viewport: { width: 1440, height: 900 } });
    await page.goto(`${base}/ranking`);
    await page.waitForSelector('#live-ranking[data-ready=true]');
    const before = await names(page);
    await page.locator('#weight-E').fill('60');
    await page.locator('#weight-R').fill('0');
    const after = await names(page);
    expect(after).not.toEqual(before);
    expect(await page.locator('.moved:not(:empty)').count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: /weights/ }).click();
    await page.waitForFunction(() => [...document.querySelectorAll('.moved')].every((m) => !m.textContent));
    expect(faults).toEqual([]);
  });

  it('ranks 1,000 bodies anew in less than 50 milliseconds', async () => {
    const { page } = await open(browser, { viewport: { width: 1440, height: 900 } });
    const address = `${base}/ranking`;
    await page.route(address, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: enlarged(await response.text(), 1000) });
    });
    await page.goto(address);
    await page.waitForSelector('#live-ranking[data-ready=true]');
    const times: number[] = [];
    for (let k = 0; k < 15; k++) {
      await page.locator('#weight-T').fill(String(5 + 3 * k));
      times.push(Number(await page.locator('#live-ranking').getAttribute('data-milliseconds')));
    }
    times.sort((a, b) => a - b);
    console.log(`re-ranking 1,000 bodies: median ${times[7]} ms, best ${times[0]} ms, worst ${times[14]} ms`);
    expect(times[0]).toBeGreaterThan(0);
    // the best of fifteen: the machine may be busy with other things
    expect(times[0]).toBeLessThan(50);
  });

  it('is complete without JavaScript', async () => {
    const { page } = await open(browser, { javaScriptEnabled: false });
    await page.goto(`${base}/ranking?wanted=5`);
    const { ranking } = (await (await fetch(`${base}/ranking?wanted=5&f=json`)).json()) as {
      ranking: { order: number[]; plan: { wanted: number } };
    };
    expect(await page.locator(rows).count()).toBe(ranking.order.length);
    expect(ranking.plan.wanted).toBe(5);
    expect(await page.locator('svg.acceptability a').count()).toBe(ranking.order.length);
  });
});

describe('from the portfolio to a pilot', () => {
  it('one click leads to a sheet with a map of its holes', async () => {
    const { page, faults } = await open(browser);
    await page.goto(`${base}/portfolio?budget=400`);
    await page.locator('.portfolio tr.chosen th a').first().click();
    await page.waitForURL(/\/pilot/);
    const { sheet } = (await (await fetch(`${page.url().split('?')[0]}?f=json`)).json()) as { sheet: { holes: unknown[] } };
    expect(await page.locator('.study-map .hole').count()).toBe(sheet.holes.length);
    expect(await page.locator('svg.sankey').count()).toBeGreaterThan(0);
    expect(faults).toEqual([]);
  });
});
