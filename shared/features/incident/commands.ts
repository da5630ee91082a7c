import { z } from 'zod';
import { within, type Place } from '../../access/access.ts';
import { refuse, refuseField } from '../../protocol/errors.ts';
import type { Instant } from '../../time/clock.ts';
import { stepBody } from '../../time/dueClock.ts';
import { DAY, dayOf } from '../../time/zone.ts';
import { command, type DecideContext, type Decision, type Needs, type NeedsContext, type Stored } from '../feature.ts';
import { placeNeeds, placeWords } from '../locality/named.ts';
import { locality } from '../locality/record.ts';
import { clockNeeds, stepped } from '../limit/clocks.ts';
import { merge, same } from '../merge.ts';
import { unit as unitDef } from '../unit/record.ts';
import { aheadOf, change, code, given, instant, localityCode, text, uuid } from '../values.ts';
import { reportNeeds, restartClocks, startClocks, stopClocks, clockNames } from './clocks.ts';
import { attachable, attachableKinds, linkKey, type AttachableKind } from './links.ts';
import { moveOf } from './moves.ts';
import { category, figureNames, grade, incident, LINKS, standing, unknownFigures, type FigureName, type Incident, type Link } from './record.ts';

const desk = ['operator', 'leader'] as const;

/** How far back it may have happened, and have become known: it came to light late, or was written down late. */
const BACK = 30 * DAY;

const words = {
  title: text(60),
  spot: text(120),
  summary: text(5_000),
  reason: text(500),
  informant: text(200),
  persons: text(5_000),
};
const personalNames = ['informant', 'persons'] as const;
const unitCodes = z.array(code).max(30).transform((all) => [...new Set(all)]);
const record = z.strictObject({ kind: z.enum(attachableKinds), id: z.string().min(1).max(80) });
type RecordName = z.infer<typeof record>;

export const placeOf = (i: Pick<Incident, 'lead' | 'units' | 'locality'>): Place => ({
  units: [...new Set([i.lead, ...i.units].filter((u) => u !== null))],
  localities: [i.locality],
});

const counterOf = (x: NeedsContext): string => `incident:${dayOf(x.now, x.zone)}`;
const unitNeeds = (...codes: (string | null | undefined)[]): [string, string][] => codes.flatMap((u) => (u ? [['unit', u] as [string, string]] : []));
const linkNeeds = (all: readonly RecordName[]): Needs => ({
  records: all.map((l): [string, string] => [l.kind, l.id]),
  keys: all.map((l): [string, string] => ['incident', linkKey(l.kind, l.id)]),
});

export function existing(c: DecideContext, id: string): Stored<Incident> {
  const found = c.get(incident, id);
  if (!found) throw refuse('notFound');
  return found;
}

const done = (now: Stored<Incident>, body?: Incident, personal?: Record<string, string | null>): Decision => ({
  puts: body ? [{ kind: 'incident', id: now.id, body, ...(personal && { personal }) }] : [],
  result: { id: now.id, number: now.body.number },
});

function unitsKnown(c: DecideContext, codes: readonly (string | null)[], path: string): void {
  for (const u of codes) if (u !== null && !c.get(unitDef, u)?.body.active) throw refuseField(path, 'unknownUnit');
}
function localityKnown(c: DecideContext, at: string, path: string): void {
  const found = c.get(locality, at);
  if (!found || found.body.validTo !== null) throw refuseField(path, 'unknownLocality');
}
function timesInOrder(c: DecideContext, t: { since: Instant; knownAt: Instant }): void {
  for (const name of ['since', 'knownAt'] as const) {
    if (aheadOf(t[name], c.now)) throw refuseField(name, 'timeInFuture');
    if (t[name] < c.now - BACK) throw refuseField(name, 'timeTooOld');
  }
  // What is known has happened; a foreseen storm is an alert, not an incident.
  if (t.knownAt < t.since) throw refuseField('knownAt', 'badTime');
}

/** Somebody who may not read a kind cannot find out by attaching whether a record of it is there. */
function linkTo(c: DecideContext, { kind, id }: RecordName, path: string, to: string | null): Link {
  const rule = attachable[kind as AttachableKind];
  if (c.author.role === 'system' || !rule.readers.includes(c.author.role)) throw refuse('notAllowed');
  const name = rule.name(c, id);
  if (name === null) throw refuseField(path, 'notInList');
  const owner = rule.one ? c.find(incident, linkKey(kind, id)) : undefined;
  if (owner && owner.id !== to) throw refuse('alreadyExists', { fields: [{ path, code: 'inIncident', params: { number: owner.body.number } }] });
  return { kind, id, name };
}

/** 报事件: somebody says that something happened. It gets its number and waits for a leader to confirm it. */
export const report = command({
  roles: desk,
  body: z.strictObject({
    title: words.title.min(1),
    category,
    locality: localityCode,
    spot: words.spot.optional(),
    since: instant,
    /** Left out: now. */
    knownAt: instant.optional(),
    lead: code.nullable().default(null),
    units: unitCodes.default([]),
    summary: words.summary.optional(),
    informant: words.informant.optional(),
    persons: words.persons.optional(),
    records: z.array(record).max(20).default([]),
  }),
  needs: (b, x): Needs => {
    const links = linkNeeds(b.records);
    return { ...links, records: [...placeNeeds(b.locality), ...unitNeeds(b.lead, ...b.units), ...(links.records ?? []), ...reportNeeds(x)], counters: [counterOf(x)] };
  },
  decide(c, b) {
    const times = { since: b.since, knownAt: b.knownAt ?? Math.min(Math.max(b.since, c.occurred), c.now) };
    timesInOrder(c, times);
    localityKnown(c, b.locality, 'locality');
    unitsKnown(c, [b.lead, ...b.units], 'units');
    const number = `E${dayOf(c.now, c.zone).replaceAll('-', '')}-${String(c.take(counterOf(c))).padStart(3, '0')}`;
    const body: Incident = {
      number,
      title: b.title,
      category: b.category,
      grade: null,
      gradeReason: null,
      locality: b.locality,
      placeWords: placeWords(c, b.locality),
      spot: b.spot || null,
      ...times,
      standing: 'reported',
      standingSince: c.now,
      standingReason: null,
      figures: unknownFigures(),
      figuresSource: null,
      lead: b.lead,
      units: b.units.filter((u) => u !== b.lead),
      summary: b.summary || null,
      links: b.records.map((r, i) => linkTo(c, r, `records.${i}`, null)),
      reports: [],
      clocks: startClocks(c, times.knownAt),
      waived: null,
      note: null,
      reportedBy: c.author.label,
      informant: null,
      persons: null,
    };
    if (!within(c.author.scope, placeOf(body))) throw refuseField('locality', 'notAllowedHere');
    const personal = Object.fromEntries(personalNames.flatMap((n) => (b[n] ? [[n, b[n]]] : [])));
    return { puts: [{ kind: 'incident', id: c.newId, body, personal }], result: { id: c.newId, number } };
  },
});

/** Correct what is known of it. Personal fields compare by reference: `from` is the version the editor saw. */
export const amend = command({
  roles: desk,
  body: z.strictObject({
    id: uuid,
    changes: z.strictObject({
      title: change(words.title.min(1)),
      category: change(category),
      locality: change(localityCode),
      spot: change(words.spot),
      since: change(instant),
      knownAt: change(instant),
      lead: change(code.nullable()),
      units: change(unitCodes),
      summary: change(words.summary),
      informant: change(words.informant),
      persons: change(words.persons),
    }),
  }),
  needs: (b, x): Needs => ({
    records: [['incident', b.id], ...placeNeeds(b.changes.locality?.to), ...unitNeeds(b.changes.lead?.to, ...(b.changes.units?.to ?? [])), ...(b.changes.knownAt ? reportNeeds(x) : [])],
  }),
  decide(c, b) {
    const now = existing(c, b.id);
    const edits = given(b.changes);
    // An emptied text is none: null on the record.
    for (const name of ['spot', 'summary'] as const) if (edits[name]) edits[name] = { from: edits[name].from, to: edits[name].to || null };
    const taken = merge(now.body, edits);
    if (Object.keys(taken).length === 0) return done(now);
    const personal: Record<string, string | null> = {};
    for (const name of personalNames) {
      if (!(name in taken)) continue;
      personal[name] = (taken[name] as string | undefined) || null;
      delete taken[name];
    }
    const body: Incident = { ...now.body, ...(taken as Partial<Incident>) };
    if ('locality' in taken) {
      localityKnown(c, body.locality, 'changes.locality.to');
      body.placeWords = placeWords(c, body.locality);
    }
    if ('lead' in taken) unitsKnown(c, [body.lead], 'changes.lead.to');
    if ('units' in taken) unitsKnown(c, body.units.filter((u) => !now.body.units.includes(u)), 'changes.units.to');
    body.units = body.units.filter((u) => u !== body.lead);
    if ('since' in taken || 'knownAt' in taken) timesInOrder(c, body);
    // Known earlier or later than was thought: what is owed is due by that.
    if ('knownAt' in taken) body.clocks = startClocks(c, body.knownAt, now.body.clocks);
    return done(now, body, personal);
  },
});

/** 定级、调级: a leader's word on how grave it is. */
export const grading = command({
  roles: ['leader'],
  body: z.strictObject({ id: uuid, from: grade.nullable(), to: grade, reason: words.reason.min(1) }),
  needs: (b): Needs => ({ records: [['incident', b.id]] }),
  decide(c, b) {
    const now = existing(c, b.id);
    if (now.body.grade !== b.from) throw refuse('conflict', { both: [{ field: 'grade', yours: b.to, theirs: now.body.grade }] });
    if (b.to === b.from) throw refuseField('to', 'notAllowedHere');
    return done(now, { ...now.body, grade: b.to, gradeReason: b.reason });
  },
});

const figureChanges = z.strictObject(
  Object.fromEntries(figureNames.map((n) => [n, change((n === 'loss' ? z.number().multipleOf(0.01) : z.int()).min(0).max(100_000_000).nullable())])) as Record<
    FigureName,
    ReturnType<typeof change<z.ZodNullable<z.ZodNumber>>>
  >,
);

/**
 * Casualties and losses, figure by figure. `from` is the value the editor saw. A count of an earlier moment never
 * replaces a later one, and null says that it is not known any more.
 */
export const count = command({
  roles: desk,
  body: z.strictObject({ id: uuid, asOf: instant, source: text(120).default(''), changes: figureChanges }),
  needs: (b): Needs => ({ records: [['incident', b.id]] }),
  decide(c, b) {
    const now = existing(c, b.id);
    if (aheadOf(b.asOf, c.now)) throw refuseField('asOf', 'timeInFuture');
    const is = Object.fromEntries(figureNames.map((n) => [n, now.body.figures[n].value]));
    const edits = given(b.changes);
    merge(is, edits);
    const figures = { ...now.body.figures };
    for (const [name, { to }] of Object.entries(edits) as [FigureName, { to: number | null }][]) {
      if ((figures[name].asOf ?? 0) > b.asOf) throw refuseField('asOf', 'timeTooOld');
      // The same value counted again is as of now: that nothing changed is news too.
      figures[name] = { value: to, asOf: b.asOf };
    }
    if (Object.keys(edits).length === 0) return done(now);
    return done(now, { ...now.body, figures, figuresSource: b.source || null });
  },
});

/** One step by the table in moves.ts. */
export const move = command({
  roles: desk,
  body: z.strictObject({ id: uuid, from: standing, to: standing, grade: grade.optional(), lead: code.optional(), reason: words.reason.optional() }),
  needs: (b, x): Needs => ({ records: [['incident', b.id], ...unitNeeds(b.lead), ...reportNeeds(x)] }),
  decide(c, b) {
    const now = existing(c, b.id);
    if (now.body.standing !== b.from) throw refuse('movedOn', { both: [{ field: 'standing', yours: b.to, theirs: now.body.standing }] });
    const way = moveOf(b.from, b.to);
    if (!way) throw refuseField('to', 'notAllowedHere');
    if (c.author.role === 'system' || !way.roles.includes(c.author.role)) throw refuse('notAllowed');
    for (const need of way.needs) {
      if (need !== 'reason' && now.body[need] !== null) continue;
      if (!b[need]) throw refuseField(need, 'required');
    }
    for (const name of ['grade', 'lead'] as const) if (b[name] !== undefined && !way.needs.includes(name)) throw refuseField(name, 'notAllowedHere');
    unitsKnown(c, [b.lead ?? null], 'lead');
    const lead = b.lead ?? now.body.lead;
    const clocks = b.to === 'dismissed' ? stopClocks(c, now.body.clocks, c.now) : b.from === 'dismissed' && now.body.waived === null ? restartClocks(c, now.body) : now.body.clocks;
    return done(now, {
      ...now.body,
      clocks,
      standing: b.to,
      standingSince: c.now,
      standingReason: b.reason || null,
      grade: b.grade ?? now.body.grade,
      lead,
      units: now.body.units.filter((u) => u !== lead),
    });
  },
});

/** 归入事件: one record more. Attaching what is attached already changes nothing. */
export const attach = command({
  roles: desk,
  body: z.strictObject({ id: uuid, record }),
  needs: (b): Needs => {
    const links = linkNeeds([b.record]);
    return { ...links, records: [['incident', b.id], ...(links.records ?? [])] };
  },
  decide(c, b) {
    const now = existing(c, b.id);
    const link = linkTo(c, b.record, 'record', now.id);
    if (now.body.links.some((l) => l.kind === link.kind && l.id === link.id)) return done(now);
    if (now.body.links.length >= LINKS) throw refuseField('record', 'tooLong', { max: LINKS });
    return done(now, { ...now.body, links: [...now.body.links, link] });
  },
});

/** 移出事件: it does not belong to it after all. The log keeps that it did. */
export const detach = command({
  roles: desk,
  body: z.strictObject({ id: uuid, record: z.strictObject({ kind: code, id: z.string().min(1).max(80) }) }),
  needs: (b): Needs => ({ records: [['incident', b.id]] }),
  decide(c, b) {
    const now = existing(c, b.id);
    const links = now.body.links.filter((l) => l.kind !== b.record.kind || l.id !== b.record.id);
    if (links.length === now.body.links.length) return done(now);
    return done(now, { ...now.body, links });
  },
});

/** A note by hand on its timeline: one entry each, never changed. No private person in it: those have a field of their own. */
export const note = command({
  roles: desk,
  body: z.strictObject({ id: uuid, text: text(2_000).min(1) }),
  needs: (b): Needs => ({ records: [['incident', b.id]] }),
  decide(c, b) {
    const now = existing(c, b.id);
    return done(now, { ...now.body, note: { n: (now.body.note?.n ?? 0) + 1, text: b.text } });
  },
});

/** 免报: a leader says that it need not be told upwards, and why. What was late already stays said. */
export const waive = command({
  roles: ['leader'],
  body: z.strictObject({ id: uuid, reason: words.reason.min(1) }),
  needs: (b, x): Needs => ({ records: [['incident', b.id], ...reportNeeds(x)] }),
  decide(c, b) {
    const now = existing(c, b.id);
    const clocks = stopClocks(c, now.body.clocks, c.now);
    if (now.body.waived !== null || same(clocks, now.body.clocks)) throw refuseField('id', 'notAllowedHere');
    return done(now, { ...now.body, clocks, waived: { by: c.author.label, at: c.now, reason: b.reason } });
  },
});

/** A report clock has come to a moment: written once by the board itself, whichever hub notices first (rule 15). */
export const clock = command({
  roles: ['system'],
  body: z.strictObject({ id: uuid, which: z.enum(clockNames), ...stepBody }),
  needs: (b, x): Needs => ({ records: [['incident', b.id], ...clockNeeds(x)] }),
  decide(c, b) {
    const now = existing(c, b.id);
    const next = stepped(c, now.body.clocks[b.which], b);
    return next === null ? { puts: [] } : done(now, { ...now.body, clocks: { ...now.body.clocks, [b.which]: next } });
  },
});
