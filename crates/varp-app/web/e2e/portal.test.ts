import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { base, items, launch, mainPages, open } from './browser';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const shots = resolve(import.meta.dirname, '../../../../target/screenshots');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

let browser: Browser;
let pages: Map<string, string>;

beforeAll(async () => {
  browser = await launch();
  pages = await mainPages();
  mkdirSync(shots, { recursive: true });
});
afterAll(() => browser.close());

async function mapIsIdle(page: Page): Promise<void> {
  await page.waitForSelector('#atlas[data-ready=true]', { timeout: 120_000 });
}

interface Finding {
  id: string;
  impact: string;
  nodes: { html: string }[];
}

interface Results {
  violations: Finding[];
  passes: { id: string }[];
}

async function findings(page: Page): Promise<string[]> {
  // the page's policy forbids scripts in the page; axe comes in through the debugger
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(
    async (tags) => {
      const { axe } = window as unknown as { axe: { run(o: object): Promise<Results> } };
      const { violations, passes } = await axe.run({ runOnly: tags });
      return { violations, passes: passes.map((rule) => rule.id) };
    },
    TAGS,
  );
  // a page on which no rule applied was not looked at
  expect(passes).toContain('color-contrast');
  return violations
    .filter((f) => f.impact === 'serious' || f.impact === 'critical')
    .map((f) => `${f.id}: ${f.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | ')}`);
}

/** Rows of tables whose content reaches into the row below. */
function crowdedRows(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    // text alone counts, and only what is seen: closed details keep their boxes
    const bottom = (row: Element): number => {
      const texts = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
      let lowest = 0;
      while (texts.nextNode()) {
        const text = texts.currentNode;
        if (!text.parentElement?.checkVisibility()) continue;
        const range = document.createRange();
        range.selectNodeContents(text);
        lowest = Math.max(lowest, range.getBoundingClientRect().bottom);
      }
      return lowest;
    };
    return [...document.querySelectorAll('tbody tr + tr')]
      .filter((row) => row.previousElementSibling && bottom(row.previousElementSibling) > row.getBoundingClientRect().top + 3)
      .map((row) => row.textContent?.slice(0, 60) ?? '');
  });
}

describe.each([
  ['wide', WIDE, 'light'],
  ['phone', PHONE, 'light'],
  ['dark', WIDE, 'dark'],
] as const)('every main page, %s', (name, viewport, colorScheme) => {
  it('is accessible, fits its window and loads nothing from elsewhere', async () => {
    const { page, faults } = await open(browser, { viewport, colorScheme });
    const wrong: string[] = [];
    for (const [title, path] of pages) {
      await page.goto(base + path);
      if (title === 'home') await mapIsIdle(page);
      wrong.push(...(await findings(page)).map((finding) => `${title}: ${finding}`));
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (beyond > 0) wrong.push(`${title} is ${beyond} px wider than its window`);
      const crowded = await crowdedRows(page);
      if (crowded.length > 0) wrong.push(`${title}: rows overlap: ${crowded.slice(0, 3).join(' | ')}`);
      await page.screenshot({ path: join(shots, `${title}-${name}.png`), fullPage: true });
    }
    await page.context().close();
    expect([...wrong, ...faults]).toEqual([]);
  });
});

describe('the map', () => {
  it('is idle soon, and a drawn map and a list stand there before it', async () => {
    const html = await (await fetch(base, { headers: { accept: 'text/html' } })).text();
    expect(html).toMatch(/<svg class="map"[\s\S]*class="land" d="M/);
    expect(html).toMatch(/id="map-items"[\s\S]*<li><a href="\/collections\/bodies\/items\//);
    const { page, faults } = await open(browser, { viewport: WIDE });
    await page.goto(base);
    await mapIsIdle(page);
    expect(await page.locator('canvas').getAttribute('aria-label')).toMatch(/\d/);
    expect(faults).toEqual([]);
  });

  it('keeps what is asked in the address, also when the address is opened again', async () => {
    const { page } = await open(browser, { viewport: WIDE });
    await page.goto(base);
    await mapIsIdle(page);
    await page.selectOption('#country', 'FI');
    await page.getByLabel('Raw material', { exact: true }).last().check();
    await page.waitForFunction(() => location.search.includes('colour=commodity'));
    expect(new URL(page.url()).searchParams.get('country')).toBe('FI');
    await page.reload();
    await mapIsIdle(page);
    expect(await page.inputValue('#country')).toBe('FI');
    const countries = await page.locator('#map-items .small').allTextContents();
    expect(new Set(countries)).toEqual(new Set(['Finland']));
    expect(await page.locator('[data-legend=commodity]').isVisible()).toBe(true);
  });

  it('shows only bodies of the country that was asked for', async () => {
    const { page } = await open(browser, { viewport: WIDE });
    await page.goto(`${base}/?country=FI`);
    await mapIsIdle(page);
    const rows = await page.locator('#map-items li').allTextContents();
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.filter((row) => !row.endsWith('Finland'))).toEqual([]);
  });
});

describe('without JavaScript', () => {
  it('the first page, a question and a body can be read', async () => {
    const { page } = await open(browser, { viewport: PHONE, javaScriptEnabled: false });
    await page.goto(base);
    expect(await page.locator('#atlas svg.map path.land').count()).toBe(1);
    await page.selectOption('#country', 'SE');
    await page.selectOption('#kind', 'tailings');
    await page.getByRole('button', { name: 'Show as a list' }).click();
    expect(page.url()).toContain('country=SE');
    expect(await page.locator('h1').textContent()).toBe('Bodies');
    const rows = page.locator('table.list tbody tr');
    expect(await rows.count()).toBe((await items('bodies', '&country=SE&kind=tailings')).length);
    await rows.first().getByRole('link').first().click();
    expect(await page.locator('h1').count()).toBe(1);
    await page.locator('.origin summary').first().click();
    expect(await page.locator('.origin[open] dt').first().isVisible()).toBe(true);
  });
});

describe('by keyboard', () => {
  it('the first stop skips to the content, and all doors follow', async () => {
    const { page } = await open(browser, { viewport: WIDE });
    await page.goto(`${base}/collections/bodies/items`);
    const focused = (): Promise<string> =>
      page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('q');
    await page.keyboard.type('tailings');
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=tailings/);
    expect(page.url()).not.toContain('country=');
  });

  it('every stop on the first page can be seen, and none is a trap', async () => {
    const { page } = await open(browser, { viewport: WIDE });
    await page.goto(base);
    await mapIsIdle(page);
    const stops: string[] = [];
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement;
        const box = element.getBoundingClientRect();
        return { name: element.outerHTML.slice(0, 80), seen: box.width > 1 && box.height > 1 };
      });
      expect(stop.seen, stop.name).toBe(true);
      stops.push(stop.name);
    }
    expect(new Set(stops).size).toBeGreaterThan(30);
    expect(stops.some((stop) => stop.startsWith('<canvas'))).toBe(true);
  });

  it('the arrow keys move the map', async () => {
    const { page } = await open(browser, { viewport: WIDE });
    await page.goto(base);
    await mapIsIdle(page);
    await page.locator('canvas').focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => location.hash.startsWith('#map='));
  });
});

describe('languages', () => {
  it('follow the browser, and the address before it', async () => {
    const { page } = await open(browser, { locale: 'fi-FI' });
    await page.goto(`${base}/collections/bodies/items`);
    expect(await page.locator('html').getAttribute('lang')).toBe('fi');
    expect(await page.locator('h1').textContent()).toBe('Muodostumat');
    await page.getByRole('link', { name: 'Svenska' }).click();
    expect(await page.locator('html').getAttribute('lang')).toBe('sv');
    await page.locator('table.list tbody a').first().click();
    expect(new URL(page.url()).searchParams.get('lang')).toBe('sv');
  });
});

describe('a quantity', () => {
  it('says where it comes from when a link points to it', async () => {
    const { page } = await open(browser);
    await page.goto(base + pages.get('body'));
    await page.locator('.key-figures a').first().click();
    const target = page.locator('.claim:target');
    expect(await target.locator('details').getAttribute('open')).not.toBeNull();
    expect(await target.locator('dt').allTextContents()).toEqual(expect.arrayContaining(['Source', 'File', 'Row']));
  });
});

describe('at 320 px and in forced colours', () => {
  it('nothing is lost', async () => {
    const { page } = await open(browser, { viewport: { width: 320, height: 640 }, forcedColors: 'active' });
    for (const name of ['home', 'bodies', 'body', 'material', 'api']) {
      await page.goto(base + pages.get(name));
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(beyond, name).toBeLessThanOrEqual(0);
    }
  });
});
