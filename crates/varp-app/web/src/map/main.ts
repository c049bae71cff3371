import 'maplibre-gl/dist/maplibre-gl.css';
import './map.css';
import type { Feature, FeatureCollection, Point } from 'geojson';
import { type GeoJSONSource, Map as MapLibre, NavigationControl, ScaleControl, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import base from '../../basemap/nordic.json?url';
import { addIcon, readLegend } from './icons';
import { type Points, type ShownBy, boxOf, choose, hyphenated } from './points';
import { type State, readState, writeState } from './state';
import { LABEL_FONT, baseStyle, readInks } from './style';

/** Share of the bodies that the first view holds at least. */
const MOST = 0.9;
/** Bodies named beside the map; the list of the collection has all. */
const LISTED = 60;
const LIMITS: [number, number, number, number] = [-95, 46, 65, 85.05];

setWorkerUrl(workerUrl);

const frame = document.getElementById('atlas');
if (frame) start(frame).catch((error: unknown) => console.error(error));

async function start(frame: HTMLElement): Promise<void> {
  const [response] = await Promise.all([
    fetch(frame.dataset['points'] ?? '', { headers: { accept: 'application/json' } }),
    document.fonts.load(`14px "${LABEL_FONT}"`),
  ]);
  if (!response.ok) throw new Error(`/map/points: ${response.status}`);
  const points = (await response.json()) as Points;
  new Atlas(frame, points).show();
}

function readShownBy(form: HTMLFormElement): ShownBy {
  const options = form.querySelectorAll<HTMLOptionElement>('#material option[data-shown-by]');
  return new Map([...options].map((o) => [o.value, (o.dataset['shownBy'] ?? '').split(' ')]));
}

/** The map, its list twin and the form that asks both. */
class Atlas {
  private readonly form = document.getElementById('map-form') as HTMLFormElement;
  private readonly items = document.getElementById('map-items') as HTMLElement;
  private readonly says = document.getElementById('map-says') as HTMLElement;
  private readonly state: State = readState(location.search, location.hash);
  private readonly inks = readInks();
  private readonly legend = readLegend(document);
  private readonly map: MapLibre;
  private readonly shownBy: ShownBy;
  private readonly listRows: string;
  private chosen: number[] = [];

  constructor(
    private readonly frame: HTMLElement,
    private readonly points: Points,
  ) {
    this.listRows = this.says.textContent ?? '';
    this.shownBy = readShownBy(this.form);
    this.chosen = choose(points, this.state.conditions, this.shownBy);
    const holder = document.createElement('div');
    holder.setAttribute('aria-hidden', 'true');
    frame.append(holder);
    const [zoom, lat, lon] = this.state.view ?? [];
    // of all bodies, where most are; of those chosen, every one, be it at 83° north
    const inside = this.chosen.length === points.id.length ? MOST : 1;
    const bounds = boxOf(points, this.chosen, inside) ?? [4, 54.5, 32, 71];
    this.map = new MapLibre({
      container: holder,
      style: baseStyle(base, this.inks),
      ...(zoom !== undefined && lat !== undefined && lon !== undefined
        ? { center: [lon, lat] as [number, number], zoom }
        : { bounds, fitBoundsOptions: { padding: 30, maxZoom: 8, animate: false } }),
      maxBounds: LIMITS,
      maxZoom: 12,
      fadeDuration: 0,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      attributionControl: { compact: true },
      cooperativeGestures: false,
    });
  }

  show(): void {
    const { map } = this;
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
    map.addControl(new ScaleControl({ maxWidth: 90 }), 'bottom-left');
    map.once('load', () => this.addBodies());
    map.once('idle', () => this.ready());
    map.on('moveend', (event) => {
      if (event.originalEvent) this.remember();
      this.list();
    });
    this.bindForm();
  }

  /** The drawn map has done its duty once the live one is complete. */
  private ready(): void {
    this.frame.querySelector(':scope > svg')?.remove();
    const holder = this.map.getContainer();
    holder.removeAttribute('aria-hidden');
    this.map.getCanvas().setAttribute('aria-label', this.says.textContent ?? '');
    this.frame.dataset['ready'] = 'true';
    this.list();
  }

  private features(): FeatureCollection<Point> {
    const { points, state, legend } = this;
    const features = this.chosen.map((i): Feature<Point> => {
      const kind = points.kinds[points.kind[i] ?? 0] ?? '';
      const first = points.commodities[points.mined[i]?.[0] ?? -1];
      const group = (first && legend.groupOf.get(first)) ?? 'unstated';
      const icon = state.colour === 'kind' ? kind : `${kind}|${group}`;
      const what = state.colour === 'kind' ? kind : group;
      return {
        type: 'Feature',
        properties: { i, icon, what },
        geometry: { type: 'Point', coordinates: [points.lon[i] ?? 0, points.lat[i] ?? 0] },
      };
    });
    return { type: 'FeatureCollection', features };
  }

  private colourOf(what: string): string {
    return this.state.colour === 'kind'
      ? (this.legend.kinds.get(what)?.colour ?? this.inks.soft)
      : (this.legend.groups.get(what) ?? this.inks.soft);
  }

  /** Words that bodies are coloured by. */
  private words(): string[] {
    return [...(this.state.colour === 'kind' ? this.legend.kinds : this.legend.groups).keys()];
  }

  /** A cluster of one colour has it; a mixed one has the soft ink. */
  private clusterColour(): unknown[] {
    const cases = this.words().flatMap((word, n) => [
      ['==', ['get', `w${n}`], ['get', 'point_count']],
      this.colourOf(word),
    ]);
    return cases.length ? ['case', ...cases, this.inks.soft] : ['literal', this.inks.soft];
  }

  private addBodies(): void {
    const { map, inks } = this;
    map.on('styleimagemissing', ({ id }: { id: string }) => this.addIconNamed(id));
    const counts = this.words().map((word, n) => [
      `w${n}`,
      ['+', ['case', ['==', ['get', 'what'], word], 1, 0]],
    ]);
    map.addSource('bodies', {
      type: 'geojson',
      data: this.features(),
      cluster: true,
      clusterRadius: 38,
      clusterMaxZoom: 9,
      clusterProperties: Object.fromEntries(counts),
    });
    const colour = this.clusterColour() as never;
    map.addLayer({
      id: 'clusters',
      type: 'circle',
      source: 'bodies',
      filter: ['has', 'point_count'],
      paint: {
        'circle-color': inks.paper,
        'circle-radius': ['interpolate', ['linear'], ['log10', ['get', 'point_count']], 0.3, 10, 2, 15, 4, 24],
        'circle-stroke-width': 2,
        'circle-stroke-color': colour,
      },
    });
    map.addLayer({
      id: 'counts',
      type: 'symbol',
      source: 'bodies',
      filter: ['has', 'point_count'],
      layout: {
        'text-field': ['get', 'point_count_abbreviated'],
        'text-font': [LABEL_FONT],
        'text-size': 12,
        'text-allow-overlap': true,
      },
      paint: { 'text-color': inks.ink },
    });
    map.addLayer({
      id: 'bodies',
      type: 'symbol',
      source: 'bodies',
      filter: ['!', ['has', 'point_count']],
      layout: {
        'icon-image': ['get', 'icon'],
        'icon-size': ['interpolate', ['linear'], ['zoom'], 3, 0.7, 7, 1],
        'icon-allow-overlap': true,
      },
    });
    map.on('click', 'clusters', (event) => this.enter(event.features?.[0] as Feature<Point> | undefined));
    map.on('click', 'bodies', (event) => this.open(event.features?.[0]?.properties['i'] as number | undefined));
    for (const layer of ['clusters', 'bodies']) {
      map.on('mouseenter', layer, (event) => {
        map.getCanvas().style.cursor = 'pointer';
        const i = event.features?.[0]?.properties['i'] as number | undefined;
        map.getCanvas().title = i === undefined ? '' : (this.points.name[i] ?? '');
      });
      map.on('mouseleave', layer, () => {
        map.getCanvas().style.cursor = '';
        map.getCanvas().title = '';
      });
    }
  }

  private addIconNamed(name: string): void {
    const [kind, group] = name.split('|');
    const glyph = this.legend.kinds.get(kind ?? '');
    if (!glyph) return;
    const colour = group === undefined ? glyph.colour : (this.legend.groups.get(group) ?? this.inks.soft);
    addIcon(this.map, name, { path: glyph.path, colour }, this.inks.paper);
  }

  private async enter(cluster: Feature<Point> | undefined): Promise<void> {
    if (!cluster) return;
    const source = this.map.getSource('bodies') as GeoJSONSource;
    const zoom = await source.getClusterExpansionZoom(cluster.properties?.['cluster_id'] as number);
    const [lon, lat] = cluster.geometry.coordinates;
    this.map.jumpTo({ center: [lon ?? 0, lat ?? 0], zoom: Math.min(zoom + 0.4, 12) });
    this.remember();
  }

  private open(i: number | undefined): void {
    if (i !== undefined) location.assign(this.address(i));
  }

  private address(i: number): string {
    const [path, query] = (this.frame.dataset['items'] ?? '').split('?');
    const id = hyphenated(this.points.id[i] ?? '');
    return `${path}${id}${query ? `?${query}` : ''}`;
  }

  /** Puts state into the address bar, so that a copied address shows the same. */
  private remember(): void {
    const centre = this.map.getCenter();
    this.state.view = [this.map.getZoom(), centre.lat, centre.lng];
    this.writeAddress();
  }

  private writeAddress(): void {
    history.replaceState(null, '', location.pathname + writeState(this.state, location.search));
  }

  private bindForm(): void {
    for (const select of this.form.querySelectorAll<HTMLSelectElement>('select[data-filter]')) {
      const name = select.dataset['filter'] as keyof State['conditions'];
      select.value = this.state.conditions[name];
      select.addEventListener('change', () => {
        this.state.conditions[name] = select.value;
        this.refresh(true);
      });
    }
    const colours = this.form.querySelector<HTMLElement>('.colours');
    if (colours) colours.hidden = false;
    for (const radio of this.form.querySelectorAll<HTMLInputElement>('[data-colour]')) {
      radio.name = 'colour-choice';
      radio.checked = radio.value === this.state.colour;
      radio.addEventListener('change', () => {
        this.state.colour = radio.value === 'commodity' ? 'commodity' : 'kind';
        this.recolour();
      });
    }
    this.form.addEventListener('formdata', ({ formData }) => formData.delete('colour-choice'));
    this.showLegend();
  }

  private showLegend(): void {
    for (const list of document.querySelectorAll<HTMLElement>('[data-legend]')) {
      list.hidden = list.dataset['legend'] !== this.state.colour;
    }
  }

  private refresh(fit: boolean): void {
    this.chosen = choose(this.points, this.state.conditions, this.shownBy);
    (this.map.getSource('bodies') as GeoJSONSource | undefined)?.setData(this.features());
    const bounds = boxOf(this.points, this.chosen);
    if (fit && bounds) this.map.fitBounds(bounds, { padding: 30, maxZoom: 8, animate: false });
    delete this.state.view;
    this.writeAddress();
    this.list();
  }

  /** Colours are words of the clusters, so the source is made anew. */
  private recolour(): void {
    for (const layer of ['bodies', 'counts', 'clusters']) if (this.map.getLayer(layer)) this.map.removeLayer(layer);
    if (this.map.getSource('bodies')) this.map.removeSource('bodies');
    this.addBodies();
    this.showLegend();
    this.writeAddress();
  }

  /** Writes the bodies in view into the list beside the map. */
  private list(): void {
    const { points } = this;
    const bounds = this.map.getBounds();
    const seen = this.chosen.filter((i) => bounds.contains([points.lon[i] ?? 0, points.lat[i] ?? 0]));
    const rows = seen.slice(0, LISTED).map((i) => this.row(i));
    this.items.replaceChildren(...rows);
    this.says.textContent = this.listRows.replace(/^[\d.,\u00a0]+/, String(seen.length));
  }

  private row(i: number): HTMLLIElement {
    const { points } = this;
    const kind = points.kinds[points.kind[i] ?? 0] ?? '';
    const item = document.createElement('li');
    const link = document.createElement('a');
    link.href = this.address(i);
    const glyph = document.querySelector(`[data-legend="kind"] svg[data-kind="${kind}"]`);
    if (glyph) link.append(glyph.cloneNode(true), ' ');
    link.append(points.name[i] ?? '');
    const country = document.createElement('span');
    country.className = 'small';
    const code = points.countries[points.country[i] ?? 0] ?? '';
    country.textContent = this.form.querySelector(`#country option[value="${code}"]`)?.textContent ?? code;
    item.append(link, country);
    return item;
  }
}
