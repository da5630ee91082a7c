import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Desk } from '../actions/desk.ts';
import { AT_DESK, House, ON_WALL, PHONE } from '../setup/house.ts';
import { findings } from './axe.ts';

/**
 * Every page there is, in both languages, with what an ill-disposed person would type in every field that takes words:
 * - no serious or critical finding of axe (WCAG 2.2 AA);
 * - script, markup, formula and template text stands there as text, and nothing of it runs;
 * - nothing is asked of any other host, and nothing offends against the page's own policy.
 */
const SCRIPT = '<img src=x onerror="hacked=1">';
const TEMPLATE = '{{hacked=1}} @:a | ${hacked=1}';
const FORMULA = '=HYPERLINK("http://evil.example")';
const languages = ['zh', 'en'] as const;

let house: House;
const opened: Record<string, { user: string; password: string }> = {};
const ids: Record<string, string> = {};
const asked = new Set<string>();
const offences: string[] = [];

async function done(desk: Desk, type: string, body: Record<string, unknown>): Promise<Record<string, unknown>> {
  const answer = await desk.send(type, body);
  if (!answer.ok) throw new Error(`${type}: ${JSON.stringify(answer.error)}`);
  return answer.result;
}

beforeAll(async () => {
  house = await House.open(/status of (401|404)/, {});
  for (const role of ['operator', 'supplies', 'enterprises', 'leader'] as const) opened[role] = await house.chief.makePerson(role, `li-${role}`);
  opened.unit = await house.chief.makePerson('unit', 'li-unit', { units: ['supplies'], localities: null });
  opened.admin = house.admin;
  const desks = new Map<string, Desk>();
  for (const [role, who] of Object.entries(opened)) if (role !== 'admin') desks.set(role, await Desk.signIn(house.url, who.user, who.password));
  const as = (role: string): Desk => desks.get(role) ?? house.chief;
  const now = Date.now();
  const both = { zh: SCRIPT, en: SCRIPT };

  // Names the whole board shows.
  expect((await house.chief.rest('PATCH', '/boards/main', { name: both })).status).toBe(200);
  const units = await house.chief.rest('GET', '/units?limit=1');
  const unit = (units.json.records as { id: string; body: { name: unknown } }[])[0];
  await done(house.chief, 'unit.save', { code: unit?.id, changes: { name: { from: unit?.body.name, to: both } } });
  for (const list of ['topics', 'items', 'trades', 'difficulties']) {
    const { record } = (await house.chief.rest('GET', `/lists/${list}`)).json as { record: { body: { items: Record<string, unknown>[] } } };
    const [first] = record.body.items;
    ids[list] = String(first?.code);
    await done(house.chief, 'list.save', { name: list, items: [{ from: first, to: { ...first, name: both, ...(list === 'items' ? { measure: { zh: '<b>箱', en: '<b>box' } } : {}) } }] });
  }
  const made = await house.chief.rest('POST', '/people', { user: 'evil', name: SCRIPT, post: '<svg onload=1>', grants: [] });
  expect(made.status).toBe(201);

  // And what each desk types.
  const operator = as('operator');
  ids.call = String(
    (await done(operator, 'call.log', { rung: now - 60_000, answered: now - 55_000, topic: ids.topics, locality: '330102', callerName: SCRIPT, callerNumber: '13900000126', address: TEMPLATE, narrative: `${SCRIPT}\n${TEMPLATE}\n${FORMULA}` })).id,
  );
  const { record } = (await operator.rest('GET', `/calls/${ids.call}`)).json as { record: { body: { stage: string } } };
  if (record.body.stage === 'dispatched') await done(operator, 'call.move', { id: ids.call, from: 'dispatched', to: 'sentBack', reason: TEMPLATE });
  ids.ring = String((await done(operator, 'ring.report', { exchange: 'pbx', call: 'a-1', event: 'missed', at: now - 60_000, number: '13900000129', line: SCRIPT })).id);
  await done(operator, 'ring.callBack', { id: ids.ring, from: 'owed', to: 'tried' });
  await done(operator, 'ring.report', { exchange: 'pbx', call: 'a-2', event: 'ringing', at: now, number: '13900000130', line: SCRIPT });
  await done(operator, 'exchange.report', { exchange: 'pbx', state: 'lost', at: now });
  const load = await done(as('supplies'), 'shipment.announce', {
    from: { locality: null, place: FORMULA },
    to: { locality: '330212', place: SCRIPT },
    lines: [{ item: ids.items, announced: 10 }],
    arrivePlanned: now + 3_600_000,
    vehicle: '<b>浙B1',
    escort: TEMPLATE,
    driverName: SCRIPT,
    driverNumber: '13900000127',
  });
  ids.shipment = String(load.id);
  await done(as('supplies'), 'shipment.move', { id: ids.shipment, from: 'planned', to: 'departed' });
  const plant = await done(as('enterprises'), 'enterprise.register', {
    name: SCRIPT,
    creditCode: '91330211MA0DEM013F',
    locality: '330211',
    address: TEMPLATE,
    trade: ids.trades,
    headcount: 80,
    state: 'resumed',
    contactName: SCRIPT,
    contactNumber: '13900000128',
  });
  ids.enterprise = String(plant.id);
  // One that has not spoken today, with the button that reports zero for it.
  await done(as('enterprises'), 'enterprise.register', { name: `${SCRIPT}2`, creditCode: '91330102MA0DEM0214', locality: '330212', trade: ids.trades, headcount: 8 });
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(now);
  await done(as('enterprises'), 'enterprise.report', { id: ids.enterprise, day, capacity: 80, staff: 1, output: [{ product: SCRIPT, quantity: 1, unit: '<b>桶' }], difficulties: [ids.difficulties], words: TEMPLATE });
  await done(as('enterprises'), 'enterprise.resume', { id: ids.enterprise, from: 'resumed', to: 'stopped', reason: FORMULA });
  await done(as('leader'), 'level.declare', { from: 'none', level: 'II', grounds: SCRIPT, text: TEMPLATE });
  const incident = await done(as('leader'), 'incident.report', { title: SCRIPT, category: 'accident', locality: '330211', since: now, spot: TEMPLATE, summary: FORMULA, informant: SCRIPT, persons: TEMPLATE, records: [{ kind: 'call', id: ids.call }, { kind: 'enterprise', id: ids.enterprise }] });
  ids.incident = String(incident.id);
  await done(as('leader'), 'incident.note', { id: ids.incident, text: `${SCRIPT}\n${TEMPLATE}` });
  await done(as('leader'), 'upwardReport.draft', { incident: ids.incident, sort: 'first', title: SCRIPT, course: TEMPLATE, measures: FORMULA });
  const order = await done(as('leader'), 'order.give', { title: SCRIPT, text: TEMPLATE, units: ['supplies'], about: { kind: 'call', id: ids.call }, due: now + 3_600_000 });
  ids.order = String(order.id);
  await done(as('unit'), 'order.move', { id: ids.order, from: 'given', to: 'accepted' });
  await done(as('unit'), 'order.move', { id: ids.order, from: 'accepted', to: 'reported', report: FORMULA });
  expect((await house.chief.rest('POST', '/keys', { name: SCRIPT, use: 'board', board: 'main', role: 'leader', mayWrite: true, days: 30 })).json).toMatchObject({ key: { name: SCRIPT } });
  expect((await house.chief.rest('POST', '/webhooks', { name: TEMPLATE, board: 'main', url: 'http://127.0.0.1:9/' })).json).toMatchObject({ webhook: { name: TEMPLATE } });
  const quarter = Math.floor(now / 900_000) * 900_000;
  await done(as('leader'), 'shift.plan', { name: SCRIPT, from: quarter, to: quarter + 8 * 3_600_000, duty: [{ label: SCRIPT }, { label: TEMPLATE }] });
  await done(operator, 'alert.raise', { title: SCRIPT, level: 'critical', notes: TEMPLATE });
  const shelved = await done(operator, 'alert.raise', { title: `${SCRIPT}2`, level: 'low' });
  await done(as('leader'), 'alert.move', { id: shelved.id, from: 'new', to: 'shelved', until: now + 3_600_000, reason: FORMULA });
  await done(as('leader'), 'outage.record', { from: now - 7_200_000, to: now - 3_600_000, cause: 'power', reason: SCRIPT });
  await done(operator, 'paper.reserve', { count: 3 });
  expect(await as('leader').socket.emitWithAck('query', { name: 'reveal', board: 'main', kind: 'call', id: ids.call, purpose: 'other', words: SCRIPT })).toMatchObject({ ok: true });
  for (const desk of desks.values()) desk.leave();
});
afterAll(() => house?.close());

/** A page of a browser of its own, signed in where somebody is named; everything it asks for is written down. */
async function visit(path: string, language: string, who?: { user: string; password: string }, size: Parameters<House['page']>[0] = AT_DESK): Promise<Page> {
  const page = await house.page(size);
  page.on('request', (request) => void asked.add(request.url()));
  page.on('websocket', (socket) => void asked.add(socket.url()));
  await page.exposeFunction('offended', (what: string) => offences.push(`${path}: ${what}`));
  await page.addInitScript((lang) => {
    localStorage.setItem('language', lang);
    document.addEventListener('securitypolicyviolation', (e) => (window as unknown as { offended(what: string): void }).offended(`${e.violatedDirective} ${e.blockedURI}`));
  }, language);
  if (who) {
    const signed = await page.context().request.post(`${house.url}/api/v1/session`, { data: { user: who.user, password: who.password }, headers: { origin: house.url } });
    expect(signed.ok()).toBe(true);
  }
  await page.goto(`${house.url}${path}`);
  return page;
}

/** To another place of the desk as the browser's own back and forward go there: the page stays, what it shows changes. */
async function go(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate', { state: null }));
    return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  }, path);
  await page.locator('.line.good').waitFor();
}

/** Nothing of what was typed has become part of the page. */
async function harmless(page: Page): Promise<void> {
  const grown = await page.evaluate(() => ({
    ran: 'hacked' in window,
    elements: [...document.querySelectorAll('img, svg[onload], script:not([src]), iframe, object')].map((e) => e.outerHTML.slice(0, 80)),
    links: [...document.querySelectorAll('a[href]')].map((a) => (a as HTMLAnchorElement).href).filter((href) => !href.startsWith(location.origin)),
  }));
  expect(grown).toEqual({ ran: false, elements: [], links: [] });
}

/** Where each desk can be: its pages, an open record, and what of the typed text stands there. */
const places: Record<string, () => [path: string, shows: string[]][]> = {
  operator: () => [
    ['/operator', [SCRIPT]],
    [`/operator?call=${ids.call}`, [SCRIPT]],
    ['/operator?all=1&w.stage=sentBack', [SCRIPT]],
    ['/operator?mid=back', []],
    ['/operator?mid=paper', []],
    [`/operator?ring=${ids.ring}`, [SCRIPT]],
    [`/operator?incident=${ids.incident}`, [SCRIPT, TEMPLATE, FORMULA]],
  ],
  supplies: () => [
    ['/supplies', [SCRIPT]],
    ['/supplies?tab=all', [SCRIPT]],
    ['/supplies?tab=announce', []],
    [`/supplies?id=${ids.shipment}`, [SCRIPT, TEMPLATE, FORMULA]],
  ],
  enterprises: () => [
    ['/enterprises', [`${SCRIPT}2`]],
    ['/enterprises?tab=open', [SCRIPT]],
    ['/enterprises?tab=all', [SCRIPT]],
    ['/enterprises?tab=register', []],
    [`/enterprises?tab=all&id=${ids.enterprise}`, [SCRIPT, TEMPLATE, FORMULA]],
  ],
  leader: () => [
    ['/leader', [SCRIPT]],
    ['/leader?tab=find', []],
    ['/leader?tab=figures', [SCRIPT]],
    ['/leader?tab=level', [SCRIPT]],
    ['/leader?tab=colours', []],
    ['/leader?tab=orders', [SCRIPT]],
    [`/leader?tab=orders&kind=order&id=${ids.order}`, [SCRIPT, TEMPLATE, FORMULA]],
    ['/leader?tab=incidents', [SCRIPT]],
    ['/leader?tab=alerts', [SCRIPT, `${SCRIPT}2`]],
    ['/leader?tab=roster', [SCRIPT, TEMPLATE]],
    ['/leader?tab=outages', [SCRIPT]],
    ['/leader?tab=looks', [SCRIPT]],
    [`/leader?id=${ids.call}`, [SCRIPT]],
    [`/leader?tab=incidents&kind=incident&id=${ids.incident}`, [SCRIPT, TEMPLATE, FORMULA]],
  ],
  unit: () => [
    ['/unit', []],
    ['/unit?tab=open', [SCRIPT]],
    ['/unit?tab=allCalls', []],
    ['/unit?tab=all', [SCRIPT]],
    ['/unit?tab=incidents', []],
    [`/unit?id=${ids.order}`, [SCRIPT, TEMPLATE, FORMULA]],
  ],
  admin: () => [['/admin', [SCRIPT]], ['/admin?tab=programs', [SCRIPT, TEMPLATE]], ['/admin?tab=outages', [SCRIPT]], ['/admin?tab=log', [SCRIPT]], ...['screens', 'sessions', 'units', 'localities', 'lists', 'limits', 'limits&kind=limit&id=orderFiveDays&do=edit', 'limits&kind=limit&id=new', 'calendars', 'calendars&kind=calendar&id=2026&do=edit', 'calendars&kind=calendar&id=new', 'centre', 'rules', 'rules&kind=rule&id=redCode', 'rules&kind=rule&id=redCode&do=edit', 'rules&kind=rule&id=new'].map((tab): [string, string[]] => [`/admin?tab=${tab}`, []])],
};
const desks = Object.keys(places);

describe.each(languages)('in %s', (language) => {
  it('signing in, and an address that leads nowhere', async () => {
    for (const path of ['/', '/no/such/page']) {
      const page = await visit(path, language);
      await page.locator('h1, h2').first().waitFor();
      expect([path, await findings(page)]).toEqual([path, []]);
      await page.context().close();
    }
  });

  it.each(desks)('every page of the %s desk', async (role) => {
    const all = places[role]?.() ?? [];
    const page = await visit(all[0]?.[0] ?? '', language, opened[role]);
    for (const [path, shows] of all) {
      await go(page, path);
      // A form is there when its record has come.
      if (/&do=edit|&id=new/.test(path)) await page.locator('form.ask input').first().waitFor();
      for (const text of shows) await page.getByText(text).first().waitFor();
      expect([path, await findings(page)]).toEqual([path, []]);
      await harmless(page);
    }
    await page.context().close();
  });

  it.each(desks)('the %s desk on a telephone', async (role) => {
    const page = await visit(`/${role}`, language, opened[role], PHONE);
    await page.locator('.line.good').waitFor();
    expect(await findings(page)).toEqual([]);
    await page.context().close();
  });

  it('the wall: the code it shows, then the picture', async () => {
    const page = await visit('/wall', language, undefined, ON_WALL);
    const shown = page.locator('.pairing-code');
    await shown.waitFor();
    expect(await findings(page)).toEqual([]);
    const code = await shown.getAttribute('aria-label');
    expect((await house.chief.rest('POST', '/screens', { code, name: SCRIPT, board: 'main' })).status).toBe(201);
    await page.locator('html[data-revision]').waitFor({ state: 'attached' });
    // The centre's name, what just happened, the load's store: all typed by somebody.
    await page.getByText(SCRIPT).first().waitFor();
    expect(await findings(page)).toEqual([]);
    await harmless(page);
    for (const key of '12345') {
      await page.keyboard.press(key);
      await harmless(page);
    }
    await page.context().close();
  });
});

describe('all of them together', () => {
  it('asked nothing of any other host', () => {
    const own = new URL(house.url).host;
    const elsewhere = [...asked].filter((url) => /^(https?|wss?):/.test(url) && new URL(url).host !== own);
    expect(asked.size).toBeGreaterThan(20);
    expect(elsewhere).toEqual([]);
  });
  it('offended against no policy of the page, and met no error', () => {
    expect(offences).toEqual([]);
    expect(house.faults).toEqual([]);
  });
  it('are sent with a policy that lets in no inline script or style and no eval', async () => {
    for (const path of ['/', '/wall', '/operator', '/no/such/page', '/assets/none.js', '/healthz', '/api/v1/session']) {
      const policy = (await fetch(house.url + path, { headers: { accept: 'text/html' } })).headers.get('content-security-policy') ?? '';
      expect([path, policy]).toEqual([path, expect.stringContaining("default-src 'none'") as string]);
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
    }
  });
});
