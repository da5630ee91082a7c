import type { Page } from 'playwright';
import type { Book } from './book.ts';
import type { Seat } from './seats.ts';

/** Two hands that never touch the mouse, and count what they press. */
class Hands {
  count = 0;
  constructor(private readonly page: Page) {}
  async press(...keys: string[]): Promise<void> {
    for (const key of keys) {
      this.count++;
      await this.page.keyboard.press(key);
    }
  }
  async type(text: string): Promise<void> {
    this.count += [...text].length;
    await this.page.keyboard.type(text);
  }
}

const text = async (page: Page, where: string): Promise<string> => (await page.locator(where).allTextContents()).join(' ');

/** Waits until what is said there matches; fails with what it says instead. */
export async function until(page: Page, where: string, words: RegExp, ms = 30_000): Promise<string> {
  const there = ({ where, source, flags }: { where: string; source: string; flags: string }): boolean =>
    new RegExp(source, flags).test([...document.querySelectorAll(where)].map((e) => e.textContent).join(' '));
  try {
    await page.waitForFunction(there, { where, source: words.source, flags: words.flags }, { timeout: ms });
  } catch (cause) {
    throw new Error(`${where} says “${(await text(page, where)).slice(0, 200)}”, not ${words}`, { cause });
  }
  return text(page, where);
}

const said = [
  ['199 0000 0126', '王女士', 'sc', '青年路社区 3 幢', '1', '同住老人 38.2℃ 两天，问去哪个发热门诊。', '已告知就近发热门诊，社区派车接送。'],
  ['19900000231', '李师傅', '余杭', '仓前街道 12 号', '3', '小区消毒液用完了，物业问哪里能领。', '已联系街道，明早八点送到物业。'],
  ['19900000387', '陈先生', '鄞州', '下应工业园', '4', '厂里想复工，问要交哪些材料。', '已发复工备案清单，企业自行申报。'],
  ['19900000455', '', '义乌', '稠江街道', '5', '仓库有很重的刺鼻气味，像漂白水。', '应急管理局已到场，通风处置。'],
] as const;

/** A call from the first ring to the answer, by keyboard alone. @returns its number. */
export async function operatorsCall({ page }: Seat, book: Book, turn: number): Promise<string> {
  const [number, name, place, address, topic, words, reply] = said[turn % said.length] as (typeof said)[number];
  const hands = new Hands(page);
  const began = Date.now();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  const before = await text(page, '.callform .outcome .saved');
  await hands.press('n', 'Space');
  await hands.type(number);
  await hands.press('Enter');
  await hands.type(name);
  await hands.press('Enter');
  await hands.type(place);
  await hands.press('Enter');
  await hands.type(address);
  await hands.press('Enter', topic);
  await hands.type(words);
  await hands.press('F4', 'Control+Enter');
  book.took('a call logged, first key to “saved”, without the speaking', await untilChanged(page, '.callform .outcome .saved', before).then(() => Date.now() - began));
  book.pressed('a call logged', hands.count);
  const saved = /\d{8}-\d{4}/.exec(await text(page, '.callform .outcome .saved'))?.[0] ?? '';

  const walking = new Hands(page);
  // Every other one as a person does who has meanwhile done something else: found again by its number.
  if (turn % 2 === 0) await walking.press('F6');
  else {
    await walking.press('Escape', '/');
    await walking.type(saved);
    await walking.press('Enter');
    await page.locator('.left .list-rows li:focus').waitFor();
    await walking.press('Enter');
  }
  await page.locator('.calldetail .history').waitFor();
  await until(page, '.calldetail-status', new RegExp(saved));
  const stages: string[] = [];
  for (let step = 0; step < 3; step++) {
    const stage = await text(page, '.calldetail-status .stage');
    stages.push(stage);
    await page.locator('.moves-ways button:enabled').first().waitFor();
    await walking.press('1');
    const asked = page.locator('#move-reply');
    const moved = until(page, '.calldetail-status .stage', new RegExp(`^(?!${escaped(stage)}$)`));
    await Promise.race([asked.waitFor(), moved]);
    if (await asked.isVisible()) {
      await walking.type(reply);
      await walking.press('Control+Enter');
      await moved;
      break;
    }
    await moved;
  }
  book.pressed(turn % 2 === 0 ? 'the one just saved opened, walked on and answered' : 'a call found by its number, walked on and answered', walking.count);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  book.note(`operator: ${saved} logged and answered (${stages.join(' → ')})`);
  return saved;
}

/** What is logged while its hub is dead waits for it in the outbox. */
const PATIENT = 180_000;
/** Waits for other words than before. */
const untilChanged = (page: Page, where: string, before: string): Promise<string> => until(page, where, before === '' ? /./ : new RegExp(`^(?!${escaped(before)}$).`), PATIENT);
const escaped = (words: string): string => words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Presses Tab until the focus is where it should be: what a person without a mouse does. */
async function tabTo(page: Page, hands: Hands, where: string, most = 60): Promise<void> {
  for (let i = 0; i < most; i++) {
    if (await page.evaluate((s) => document.activeElement?.matches(s) ?? false, where)) return;
    await hands.press('Tab');
  }
  throw new Error(`no way by Tab to ${where}`);
}

/** A load of two sorts announced at the desk, by keyboard. @returns its number. */
export async function clerkAnnounces({ page }: Seat, book: Book): Promise<string> {
  const hands = new Hands(page);
  await page.keyboard.press('Escape');
  await hands.press('3');
  await page.locator('#announce-item-0').waitFor();
  await tabTo(page, hands, '#announce-item-0');
  await hands.type('一次性');
  await page.locator('#announce-item-0-list [role=option]').first().waitFor();
  await hands.press('Enter');
  await tabTo(page, hands, '#announce-quantity-0');
  await hands.type('4.8万');
  await tabTo(page, hands, '#announce-from');
  await hands.type('义乌');
  await page.locator('#announce-from-list [role=option]').first().waitFor();
  await hands.press('Enter');
  await tabTo(page, hands, '#announce-from-place');
  await hands.type('义乌国际物流中心');
  await tabTo(page, hands, '#announce-to');
  await hands.type('上城');
  await page.locator('#announce-to-list [role=option]').first().waitFor();
  await hands.press('Enter');
  await tabTo(page, hands, '#announce-to-place');
  await hands.type('上城区应急物资库');
  await hands.press('Control+Enter');
  const number = /S\d{8}-\d{3}/.exec(await until(page, '.form', /S\d{8}-\d{3}/))?.[0] ?? '';
  book.pressed('a load announced', hands.count);
  book.note(`supplies: ${number} announced`);
  return number;
}

/** Beside the truck, with a thumb: one state on, whatever the table offers, until it can be counted. */
export async function clerkMoves({ page }: Seat, book: Book, number: string, wanted: string): Promise<void> {
  await openLoad(page, number);
  for (let step = 0; step < 6; step++) {
    const state = (await text(page, '.steps .now')).trim();
    if (new RegExp(wanted).test(state)) return book.note(`supplies-phone: ${number} is ${state}`);
    await page.locator('.record .moves .acts .primary').tap();
    const ask = page.locator('.moves .ask');
    const moved = until(page, '.steps .now', new RegExp(`^(?!\\s*${state.slice(0, 3)})`));
    await Promise.race([ask.waitFor(), moved]);
    if (await ask.isVisible()) {
      await ask.locator('input').fill('浙A·60606');
      await ask.locator('.primary').tap();
    }
    await moved;
  }
}

async function openLoad(page: Page, number: string): Promise<void> {
  if ((await text(page, '.record')).includes(number)) return;
  const back = page.locator('.pages-back');
  if (await back.isVisible()) await back.tap();
  await page.locator('.pages-nav button').nth(1).tap();
  await page.locator('.list input[type=search]').fill(number);
  await page.locator('.list-rows li').first().waitFor();
  // Its whole number finds it alone.
  await page.waitForFunction(() => document.querySelectorAll('.list-rows li').length === 1);
  await page.locator('.list-rows li').tap();
  await until(page, '.record', new RegExp(number));
}

/** Three cartons short, with its reason, then into the store. */
export async function clerkCounts({ page }: Seat, book: Book, number: string): Promise<void> {
  await openLoad(page, number);
  const row = page.locator('.count-row').first();
  await row.locator('input').first().fill('42000');
  await row.locator('.chips button').first().tap();
  await row.locator('button.primary').tap();
  await row.locator('.count-done').waitFor();
  await page.locator('.count-foot .primary').tap();
  await page.locator('.record .moves .acts .primary').waitFor();
  await page.locator('.record .moves .acts .primary').tap();
  await until(page, '.record', /已结束|closed|over/i);
  book.note(`supplies-phone: ${number} counted six thousand short and stored`);
}

/** The first that has not reported, from its last report, by keyboard. */
export async function inspectorReports({ page }: Seat, book: Book): Promise<void> {
  const hands = new Hands(page);
  await page.keyboard.press('Escape');
  await hands.press('3', '/');
  await hands.type('演练氯碱');
  await hands.press('Enter');
  await until(page, '.list-rows', /演练氯碱/);
  await hands.press('Enter', 'Enter');
  await until(page, '.record', /演练氯碱/);
  book.pressed('a plant found and opened', hands.count);
  const report = page.locator('.record button', { hasText: /填日报|Report/ }).first();
  await report.focus();
  await hands.press('Enter');
  await page.locator('#report-capacity').waitFor();
  await tabTo(page, hands, '#report-capacity');
  await hands.press('Control+a');
  await hands.type('82');
  await tabTo(page, hands, '#report-staff');
  await hands.press('Control+a');
  await hands.type('331');
  await hands.press('Control+Enter');
  await page.locator('.report').waitFor({ state: 'detached' });
  book.pressed('a plant’s day reported', hands.count);
  book.note('enterprises: the plant of Zhenhai reported');
}

/** 督办 of the longest late call. */
export async function leaderUrges({ page }: Seat, book: Book): Promise<void> {
  const row = page.locator('.late .with-act', { has: page.locator('.urge button:enabled') }).first();
  if ((await row.count()) === 0) return book.note('leader: nothing to urge');
  const id = await row.locator('[data-id]').getAttribute('data-id');
  const mine = page.locator(`.late .with-act:has([data-id="${id}"])`);
  const which = ((await mine.textContent()) ?? '').replace(/\s+/g, ' ').trim();
  await mine.locator('.urge button').focus();
  await page.keyboard.press('Enter');
  await mine.locator('.urge').waitFor({ state: 'detached' });
  book.note(`leader: urged ${which}`);
}

/** A level is never declared in one press. */
export async function leaderDeclares({ page }: Seat, book: Book, level: string, grounds: string): Promise<void> {
  const nav = page.locator('.pages-nav button');
  await nav.nth(await levelTab(page)).tap();
  await page.locator('.level-now').waitFor();
  await page.locator('.form form [role=radio]').nth(['I', 'II', 'III', 'IV'].indexOf(level)).tap();
  await page.locator('#declare-grounds').fill(grounds);
  await page.locator('.form form .primary').tap();
  await page.locator('.confirm').waitFor();
  await page.locator('.confirm .primary').tap();
  await until(page, '.outcome-line', /已存|Saved/);
  await nav.first().tap();
  book.note(`leader-phone: level ${level} declared`);
}
async function levelTab(page: Page): Promise<number> {
  const labels = await page.locator('.pages-nav button').allTextContents();
  return labels.findIndex((l) => /响应|level/i.test(l));
}

/** An order to the labour bureau, with a thumb. @returns what it is about. */
export async function leaderOrders({ page }: Seat, book: Book): Promise<string> {
  const matter = '夜间值守人员到岗情况';
  const nav = page.locator('.pages-nav button');
  await nav.filter({ hasText: /指令|Orders/ }).tap();
  await page.getByRole('button', { name: /^\+ / }).tap();
  await page.locator('.give .chips button', { hasText: /人力资源|Human Resources|Labour/i }).first().tap();
  await page.locator('#give-title').fill(matter);
  await page.locator('.give button.primary').tap();
  const number = /D\d{8}-\d{3}/.exec(await until(page, '.give', /D\d{8}-\d{3}/))?.[0] ?? '';
  await nav.first().tap();
  book.note(`leader-phone: order ${number} given`);
  return matter;
}

/** It is there, and accepted; the demo's own bureau may have been quicker. */
export async function unitAccepts({ page }: Seat, book: Book, matter: string): Promise<void> {
  await until(page, '.open-orders', new RegExp(matter));
  await page.locator('.open-orders .rows button', { hasText: matter }).first().tap();
  const state = await until(page, '.record .steps .now', /./);
  if (/待签收|To accept/.test(state)) await page.locator('.record .moves .acts .primary').first().tap();
  await until(page, '.record .steps .now', /^(?!.*(待签收|To accept))/);
  book.note(`unit-phone: order accepted (was ${state.trim()})`);
}
