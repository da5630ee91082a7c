/**
 * Finding among 1,000,000 calls on the real PostgreSQL, by kind of question: number, telephone, name, place, text (two
 * characters too), topic, unit, stage, time and mixtures, as a unit's desk sees them, and pages further down.
 *
 * Filled in slices (`insert … select` from JSON) with made-up calls in Chinese: sentences of nine topics put together from
 * parts, names, numbers, streets, replies; what each is found by is reckoned by the hub's own code. Asked of the hub's own
 * `Queries`, each question with another value, one after another, on a warm database; every question is run once before.
 * Run: `npm run bench -- finding` (`CALLS=1000000 ROUNDS=40 SEED=5`). Prints JSON lines; figures are copied into RESULTS.md.
 */
import { loadavg } from 'node:os';
import { Client, Pool } from 'pg';
import { stages } from '../../shared/features/call/record.ts';
import { asPattern } from '../../shared/features/index.ts';
import { everywhere, type Scope } from '../../shared/access/access.ts';
import { queryMessage } from '../../shared/protocol/messages.ts';
import { migrate } from '../../server/migrate.ts';
import { Queries } from '../../server/record/queries.ts';
import { Pair } from '../setup/pair.ts';
import { print, spread } from './measure.ts';
import { fill } from './finding/fill.ts';
import { Caller, DAYS, LAST, localities, topics, units } from './finding/callers.ts';

const CALLS = Number(process.env.CALLS ?? 1_000_000);
const ROUNDS = Number(process.env.ROUNDS ?? 40);
const SEED = Number(process.env.SEED ?? 5);
const LIMIT = Number(process.env.LIMIT ?? 100);
const load = (): number => Math.round((loadavg()[0] ?? 0) * 10) / 10;

type Ask = Record<string, unknown> & { scope?: Scope };
const at = (days: number): number => LAST - days * 86_400_000;

/** By kind of question; `n` counts the rounds, so that each is asked with other values. */
function questions(): Record<string, (n: number) => Ask> {
  const call = (n: number): ReturnType<Caller['call']> => new Caller(SEED).at((n * 24_593 + 7) % CALLS, CALLS);
  const text = ['口罩', '发热', '隔离', '酒精', '复工', '投诉', '失眠', '消毒', '核酸', '药店'];
  const rare = ['湖北', '氯气', '孕妇', '中毒', '透析', '泄漏', '轮椅', '哮喘'];
  const one = <T>(of: readonly T[], n: number): T => of[n % of.length] as T;
  return {
    'nothing asked, newest first': () => ({}),
    'record number, whole': (n) => ({ q: String(call(n).body.number) }),
    'record number, its last four': (n) => ({ q: String(call(n).body.number).slice(-4) }),
    'telephone, whole': (n) => ({ q: call(n).personal.callerNumber }),
    'telephone, written with +86 and spaces': (n) => ({ q: `+86 ${String(call(n).personal.callerNumber).replace(/(...)(....)/, '$1 $2 ')}` }),
    'telephone, its last four': (n) => ({ q: String(call(n).personal.callerNumber).slice(-4) }),
    'name, whole': (n) => ({ q: call(n).personal.callerName }),
    'address': (n) => ({ q: call(n).personal.address }),
    'text, two characters of every tenth call': (n) => ({ q: one(text, n) }),
    'text, two characters of few': (n) => ({ q: one(rare, n) }),
    'text, six and more characters in a row': (n) => ({ q: String(call(n).personal.narrative).slice(4, 11).replace(/\s/g, '') }),
    'text, two terms': (n) => ({ q: `${one(text, n)} ${one(rare, n + 1)}` }),
    'text that is nowhere': (n) => ({ q: one(['热发罩', '鲸鱼', '龘龘', '火星人'], n) }),
    'topic': (n) => ({ where: { topic: [one(topics, n)] } }),
    'stage': (n) => ({ where: { stage: [one(stages, n)] } }),
    'unit and stage': (n) => ({ where: { unit: [one(units, n)], stage: [one(stages, n)] } }),
    'place, a county': (n) => ({ where: { locality: [one(localities, n).slice(0, 6)] } }),
    'place, a street, by its name': (n) => ({ q: String(call(n).body.placeWords).split(' ').find((w) => /[街道镇]$/.test(w)) }),
    'a week': (n) => ({ range: [at(n * 7 + 7), at(n * 7)] }),
    'a quarter and a topic': (n) => ({ range: [at(n * 5 + 90), at(n * 5)], where: { topic: [one(topics, n)] } }),
    'text of a day': (n) => ({ q: one(text, n), range: [at(n * 5 + 1), at(n * 5)] }),
    'text, topic, place, stage and a month': (n) => ({ q: one(text, n), range: [at(n + 30), at(n)], where: { topic: [one(topics, n)], locality: ['330100'], stage: ['rated'] } }),
    'open calls': () => ({ held: true }),
    'open calls with a text': (n) => ({ held: true, q: one(text, n) }),
    'a unit’s own calls': (n) => ({ scope: { units: [one(units, n)], localities: null } }),
    'a unit’s own calls with a text': (n) => ({ scope: { units: [one(units, n)], localities: null }, q: one(text, n) }),
    'a county’s desk, text': (n) => ({ scope: { units: null, localities: [one(localities, n).slice(0, 6)] }, q: one(text, n) }),
    'oldest first, with a text': (n) => ({ sort: 'oldest', q: one(text, n) }),
    'the page after 100,000 rows': (n) => ({ after: `${at((DAYS * 0.1) + n * 0.01)}~x` }),
  };
}

const pair = await Pair.start({ shared_buffers: process.env.BUFFERS ?? '1GB' });
try {
  const pool = new Pool({ ...pair.connection, max: 4 });
  await migrate(pool);
  const db = new Client(pair.connection);
  await db.connect();
  await db.query(`insert into board (id, name, zone, exercise, epoch, revision, recorded) values ('main', '{"zh":"台","en":"B"}', 'Asia/Shanghai', false, 1, $1, now())`, [CALLS]);
  await fill(db, CALLS, new Caller(SEED));
  const queries = new Queries(pool, asPattern, () => LAST);
  const all: number[] = [];
  for (const [name, of] of Object.entries(questions())) {
    const times: number[] = [];
    const found: number[] = [];
    for (let n = -3; n < ROUNDS; n++) {
      const { scope = everywhere, ...ask } = of(n + 3);
      const message = queryMessage.parse({ name: 'list', board: 'main', kind: 'call', limit: LIMIT, masked: ['callerName', 'callerNumber'], ...ask });
      const began = performance.now();
      const answer = await queries.ask({ author: { id: 'bench', label: 'bench', role: 'leader', scope }, scope }, message);
      const took = performance.now() - began;
      if (!answer.ok) throw new Error(JSON.stringify(answer.error));
      if (n < 0) continue;
      times.push(took);
      found.push(answer.total ?? 0);
      all.push(took);
    }
    print(name, { ...spread(times), found: [Math.min(...found), Math.max(...found)], load: load() });
  }
  print('all questions', { ...spread(all), load: load() });
  await db.end();
  await pool.end();
} finally {
  await pair.stop();
}
