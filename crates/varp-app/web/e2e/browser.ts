import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, type Page, chromium } from 'playwright-core';
import { inject } from 'vitest';

export const base = inject('base');

const FLAGS = [
  '--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/** The system's Chromium, or the one named by `CHROMIUM`. */
export async function launch(): Promise<Browser> {
  const paths = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  const executablePath = paths.find((path) => path && existsSync(path));
  if (!executablePath) throw new Error('no Chromium; install it (apt install chromium) or set CHROMIUM');
  return chromium.launch({ executablePath, args: FLAGS });
}

/** A page that keeps count of what went wrong on it. */
export interface Watched {
  page: Page;
  /** Requests that left the server, errors of scripts, files that were not there. */
  faults: string[];
}

export async function open(browser: Browser, options: BrowserContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000); // a busy machine is no fault of the page
  const faults: string[] = [];
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(base) && !url.startsWith('data:') && !url.startsWith('blob:')) faults.push(`request to ${url}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${response.status()} ${response.url()}`);
  });
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  return { page, faults };
}

interface Feature {
  id: string;
  geometry: unknown;
  properties: Record<string, unknown>;
}

/** Items of a collection as the API has them. */
export async function items(collection: string, query = ''): Promise<Feature[]> {
  const response = await fetch(`${base}/collections/${collection}/items?f=json&limit=500${query}`);
  return ((await response.json()) as { features: Feature[] }).features;
}

/** The main pages, by name. */
export async function mainPages(): Promise<Map<string, string>> {
  const bodies = await items('bodies');
  const sampled = bodies.find((b) => (b.properties['substances'] as string[]).includes('WO3'));
  const drilled = bodies.find((b) => String(b.properties['name']).startsWith('Exempeldammen'));
  const massive = bodies.find((b) => typeof b.properties['mass_low_t'] === 'number');
  const [site] = await items('sites');
  const [source] = await items('sources');
  const [quantity] = await items('quantities');
  const [sample] = await items('samples');
  const estimate = (await items('estimates')).find((e) => e.properties['body'] === drilled?.id);
  const page = (collection: string, item: Feature | undefined): string => {
    if (!item) throw new Error(`the demonstration has no item of ${collection}`);
    return `/collections/${collection}/items/${item.id}`;
  };
  return new Map([
    ['home', '/'],
    ['bodies', '/collections/bodies/items?limit=25'],
    ['classes', '/classes?material=Cu'],
    ['inventory', '/inventory?material=Cu'],
    ['compare', '/classes/compare'],
    ['lists', '/classes/lists'],
    ['duties', '/duties?country=SE'],
    ['desk', '/duties/desk'],
    ['protocol', '/duties/protocol?country=FI&Q6=5'],
    ['protocol-of-body', `/duties/protocol/${massive?.id}`],
    ['class', `/collections/classifications/items/${drilled?.id}`],
    ['economics', `${page('bodies', drilled)}/economics`],
    ['body', page('bodies', massive)],
    ['body-with-samples', page('bodies', sampled)],
    ['estimates', '/collections/estimates/items?limit=25'],
    ['estimate', page('estimates', estimate)],
    ['sites', '/collections/sites/items?limit=25'],
    ['site', page('sites', site)],
    ['sources', '/collections/sources/items?limit=25'],
    ['source', page('sources', source)],
    ['quantities', '/collections/quantities/items?limit=25'],
    ['quantity', page('quantities', quantity)],
    ['samples', '/collections/samples/items?limit=25'],
    ['sample', page('samples', sample)],
    ['assays', `/collections/assays/items?body=${sampled?.id}&substance=WO3&limit=1000`],
    ['materials', '/commodities'],
    ['material', '/commodities/Cu'],
    ['screening', '/screening'],
    ['ranking', '/ranking'],
    ['portfolio', '/portfolio?budget=600'],
    ['pilot', `${page('bodies', sampled)}/pilot`],
    ['search', '/search?q=a'],
    ['data', '/collections'],
    ['api', '/api.html'],
    ['about', '/about?lang=sv'],
    ['accessibility', '/accessibility?lang=is'],
  ]);
}
