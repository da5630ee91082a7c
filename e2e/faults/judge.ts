import { errorCodes } from '../../shared/protocol/errors.ts';
import type { Answer } from '../../shared/protocol/messages.ts';
import type { Entry, History, Picture, Seen, Sent } from './history.ts';
import type { Model, ModelCall } from './model.ts';

/**
 * What the histories of all clients and the record together may not be (issue: "The spine proven", 3). Pure: it reads
 * what everybody sent, was told and saw, and names every contradiction. The model is taken on to the end of the history.
 */
export interface Verdict {
  wrong: string[];
  acknowledged: number;
  refused: number;
  /** Never answered to the end, by whoever did not ask again. */
  unknown: number;
  /** Questions that brought no answer or "later": each was asked again under its id, or given up. */
  revisions: number;
  pictures: number;
  /** The oldest picture that a screen showed as fresh, in milliseconds. */
  longestLie: number;
}

/** What is promised to the eye. */
const FRESH = 5_000;
/** Milliseconds between the hub's and PostgreSQL's idea of one moment, beyond which a wrong clock got in. A frozen server accounts for some. */
const APART = 30_000;
/** Milliseconds a commit may be under way when PostgreSQL is stopped. */
const WRITING = 500;
const MOST = 20;

const final = (a: Answer): boolean => a.ok || errorCodes[a.error.code] !== 'retry';
const told = (a: Answer): string => (a.ok ? `taken at ${a.revision}` : a.error.code);

export function judge(history: History, model: Model): Verdict {
  const wrong: string[] = [];
  const complain = (what: string): void => {
    if (wrong.length < MOST) wrong.push(what);
  };
  const { entries, sent, screens } = history;

  judgeLog(history, complain);
  const byId = new Map(entries.map((e) => [`${e.author} ${e.commandId}`, e]));
  const counts = { acknowledged: 0, refused: 0, unknown: 0 };
  const idle = new Map<number, { one: Sent; result: Record<string, unknown> }[]>();
  const makers = new Map<string, Sent>();
  for (const one of sent) {
    const entry = one.borrowed ? undefined : byId.get(`${one.by} ${one.id}`);
    if (!one.borrowed) makers.set(`${one.by} ${one.id}`, one);
    const answer = judgeAnswers(one, entry, complain);
    if (!answer) counts.unknown += 1;
    else if (!answer.ok) counts.refused += 1;
    else {
      counts.acknowledged += 1;
      if (!entry) idle.set(answer.revision, [...(idle.get(answer.revision) ?? []), { one, result: answer.result }]);
    }
  }

  const pictures = new Map<number, { seen: Seen; picture: Picture }[]>();
  for (const seen of screens) for (const picture of seen.pictures) pictures.set(picture.revision, [...(pictures.get(picture.revision) ?? []), { seen, picture }]);
  const look = (revision: number): void => {
    for (const { one, result } of idle.get(revision) ?? []) {
      const effect = model.effect(one, result);
      if (effect !== null) complain(`${one.type} ${one.id} was acknowledged at ${revision}, which it did not make: ${typeof effect === 'string' ? effect : 'it had something to change'}`);
    }
    idle.delete(revision);
    for (const { seen, picture } of pictures.get(revision) ?? []) compare(seen, picture, model, complain);
  };
  look(history.after);
  for (const entry of entries) {
    take(entry, makers.get(`${entry.author} ${entry.commandId}`), model, complain);
    look(entry.revision);
  }
  for (const [revision, those] of idle) for (const { one } of those) complain(`${one.type} ${one.id} was acknowledged at ${revision}, which is not of this history`);

  const longestLie = Math.max(0, ...screens.map((seen) => judgeScreen(seen, history, complain)));
  return { wrong, ...counts, revisions: entries.length, pictures: screens.reduce((n, s) => n + s.pictures.length, 0), longestLie };
}

function judgeLog({ entries, after }: History, complain: (what: string) => void): void {
  const seen = new Set<string>();
  let [revision, recorded] = [after, -Infinity];
  for (const e of entries) {
    if (e.revision !== revision + 1) complain(`the record has a hole before ${e.revision}`);
    if (e.recorded < recorded) complain(`what was recorded goes back at ${e.revision}`);
    if (Math.abs(e.recorded - e.committed) > APART) complain(`revision ${e.revision} was recorded ${Math.round((e.recorded - e.committed) / 1_000)} s from when it was committed`);
    const name = `${e.author} ${e.commandId}`;
    if (seen.has(name)) complain(`${e.command} ${e.commandId} is in the record twice`);
    seen.add(name);
    [revision, recorded] = [e.revision, e.recorded];
  }
}

/** @returns what the sender may rely on: the one answer that is final, or null. */
function judgeAnswers(one: Sent, entry: Entry | undefined, complain: (what: string) => void): Answer | null {
  const answers = one.answers.filter(final);
  const [answer] = answers;
  const what = `${one.type} ${one.id}`;
  for (const a of one.answers) if (!a.ok && a.error.code === 'internal') complain(`${what} met a fault of ours: internal ${a.error.ref ?? ''}`);
  if (!answer) return null;
  for (const other of answers) if (told(other) !== told(answer)) complain(`${what} was told two things: ${told(answer)} and ${told(other)}`);
  if (one.must && (answer.ok || !one.must.includes(answer.error.code))) complain(`${what} had to be refused as ${one.must.join(' or ')}, and was told: ${told(answer)}`);
  if (!answer.ok && entry) complain(`${what} was refused as ${answer.error.code} and is in the record at ${entry.revision}`);
  if (answer.ok && entry && entry.revision !== answer.revision) complain(`${what} was acknowledged at ${answer.revision} and is in the record at ${entry.revision}`);
  return answer;
}

function take(entry: Entry, one: Sent | undefined, model: Model, complain: (what: string) => void): void {
  model.revision = entry.revision;
  const calls = entry.puts.filter((p) => p.kind === 'call');
  if (!one) {
    if (entry.author !== 'system') complain(`revision ${entry.revision} (${entry.command}) was sent by nobody`);
    // What the board writes by itself is taken as it is: only that it moved a version on is known here.
    for (const put of calls) {
      const now = model.get(put.id);
      if (now) model.put({ ...now, version: put.version, revision: entry.revision });
    }
    return;
  }
  const effect = model.effect(one, { id: calls[0]?.id });
  if (effect === null || typeof effect === 'string') return complain(`revision ${entry.revision} holds ${one.type} ${one.id}, which the model would not have: ${effect ?? 'it changes nothing'}`);
  const made: ModelCall = { ...effect, revision: entry.revision };
  model.put(made);
  const put = calls[0];
  if (!put || calls.length !== 1) return complain(`revision ${entry.revision} (${one.type}) puts ${calls.length} calls`);
  differ(`the record at revision ${entry.revision}`, { id: put.id, version: put.version, revision: entry.revision, body: put.body }, made, complain);
}

const fields = ['stage', 'topic', 'urgency', 'locality', 'unit', 'rung', 'answered'] as const;

function differ(where: string, is: { id: string; version: number; revision: number; body: Record<string, unknown> }, must: ModelCall, complain: (what: string) => void): void {
  const found = [
    ...(is.version === must.version && is.revision === must.revision ? [] : [`version ${is.version} of revision ${is.revision} for ${must.version} of ${must.revision}`]),
    ...fields.filter((f) => is.body[f] !== must[f]).map((f) => `${f} ${JSON.stringify(is.body[f])} for ${JSON.stringify(must[f])}`),
  ];
  if (found.length > 0) complain(`${where} has of call ${must.id} ${found.join(', ')}`);
}

function compare(seen: Seen, picture: Picture, model: Model, complain: (what: string) => void): void {
  const where = `${seen.name} at revision ${picture.revision}`;
  if (picture.calls && seen.units !== 'wall') {
    const must = model.held(seen.units);
    for (const record of picture.calls) {
      const call = must.get(record.id);
      if (!call) complain(`${where} held call ${record.id}, which is closed, not yet made or outside its scope`);
      else differ(where, record, call, complain);
      must.delete(record.id);
    }
    for (const id of must.keys()) complain(`${where} lacked call ${id}`);
  }
  if (picture.view) {
    const must = model.figures();
    const view = picture.view as { open: { value: number | null }; stages: Record<string, number>; topics: { topic: string; count: number }[] };
    const is = { open: view.open.value, stages: Object.fromEntries(Object.entries(view.stages).filter(([, n]) => n > 0)), topics: Object.fromEntries(view.topics.map((t) => [t.topic, t.count])) };
    if (sorted(is) !== sorted(must)) complain(`${where} showed ${sorted(is)}, must be ${sorted(must)}`);
  }
}

const sorted = (of: unknown): string =>
  JSON.stringify(of, (_, v: unknown) => (typeof v === 'object' && v !== null && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1))) : v));

/** @returns the age of the oldest picture it showed as fresh. */
function judgeScreen(seen: Seen, { entries, stall, away }: History, complain: (what: string) => void): number {
  // PostgreSQL notes the moment before it has written it out, and lets it be seen after.
  const visible = (at: number): number => away.reduce((until, [from, to]) => (at > from - WRITING && at < to ? Math.max(until, to) : until), at);
  const committed = new Map(entries.map((e) => [e.revision, visible(e.committed)]));
  let before = -Infinity;
  let longest = 0;
  seen.steps.forEach((step, i) => {
    if (step.revision === null) {
      if (step.fresh) complain(`${seen.name} called itself fresh before it showed anything`);
      return;
    }
    if (step.revision < before) complain(`${seen.name} went back from ${before} to ${step.revision}`);
    before = step.revision;
    const until = seen.steps[i + 1]?.at;
    const newer = committed.get(step.revision + 1);
    if (!step.fresh || until === undefined || newer === undefined) return;
    const age = until - newer;
    longest = Math.max(longest, age);
    if (age > FRESH + stall) complain(`${seen.name} showed revision ${step.revision} as fresh ${Math.round(age)} ms after it was not the newest (this process stood still for ${Math.round(stall)} ms at most)`);
  });
  return Math.round(longest);
}
