import { z } from 'zod';
import type { Place } from '../../access/access.ts';
import { refuse, refuseField } from '../../protocol/errors.ts';
import { command, type DecideContext, type Decision, type Needs, type Stored } from '../feature.ts';
import { endedBy, clockNames, reportNeeds, stopClocks } from '../incident/clocks.ts';
import { existing as incidentOf } from '../incident/commands.ts';
import { figureNames, type FigureName, type Incident, type ReportRef } from '../incident/record.ts';
import { list } from '../list/record.ts';
import { merge } from '../merge.ts';
import { aheadOf, change, code, given, instant, text, uuid } from '../values.ts';
import { isOpen, moveOf } from './moves.ts';
import { means, sections, sort, state, upwardReport, type ReportFigures, type ReportState, type Section, type Sort, type UpwardReport } from './record.ts';

const desk = ['operator', 'leader'] as const;

const section = text(5_000);
const texts = Object.fromEntries(sections.map((s) => [s, section.default('')])) as Record<Section, z.ZodDefault<typeof section>>;
const amount = z.number().min(0).max(100_000_000).multipleOf(0.01).nullable();
const figures = z.strictObject(Object.fromEntries(figureNames.map((n) => [n, amount.default(null)])) as Record<FigureName, z.ZodDefault<typeof amount>>);

export const placeOf = (r: Pick<UpwardReport, 'locality' | 'units'>): Place => ({ units: r.units, localities: [r.locality] });

function existing(c: DecideContext, b: { id: string; incident?: string }): Stored<UpwardReport> {
  const found = c.get(upwardReport, b.id);
  if (!found || (b.incident !== undefined && found.body.incident !== b.incident)) throw refuse('notFound');
  return found;
}

const put = (now: Stored<UpwardReport>, body: UpwardReport): Decision['puts'][number] => ({ kind: 'upwardReport', id: now.id, body });
const putIncident = (now: Stored<Incident>, reports: ReportRef[]): Decision['puts'][number] => ({ kind: 'incident', id: now.id, body: { ...now.body, reports } });
const result = (now: Stored<UpwardReport>): Decision['result'] => ({ id: now.id, number: now.body.number });

/** First before all others and once; a final one when it is over; after the final one only what puts an earlier one right. */
function sortFits(i: Incident, wish: Sort): void {
  const standing = i.reports.filter((r) => !r.discarded && r.corrects === null);
  const has = (s: Sort): boolean => standing.some((r) => r.sort === s);
  if (wish === 'first' ? has('first') : !has('first')) throw refuseField('sort', 'notAllowedHere');
  if (wish !== 'first' && has('final')) throw refuseField('sort', 'notAllowedHere');
  if (wish === 'final' && !['underControl', 'closed', 'dismissed'].includes(i.standing)) throw refuseField('sort', 'notAllowedHere');
}

function figuresDated(c: DecideContext, r: { figures: ReportFigures; figuresAsOf: number | null }, path: string): void {
  if (r.figuresAsOf !== null && aheadOf(r.figuresAsOf, c.now)) throw refuseField(path, 'timeInFuture');
  if (r.figuresAsOf === null && figureNames.some((n) => r.figures[n] !== null)) throw refuseField(path, 'required');
}

/** 起草. A leader may sign what the leader writes in the same breath. */
export const draft = command({
  roles: desk,
  body: z.strictObject({
    incident: uuid,
    sort,
    corrects: uuid.nullable().default(null),
    correction: text(1_000).default(''),
    title: text(80).min(1),
    ...texts,
    figures: figures.prefault({}),
    figuresAsOf: instant.nullable().default(null),
    sign: z.boolean().default(false),
  }),
  needs: (b): Needs => ({ records: [['incident', b.incident], ...(b.corrects ? [['upwardReport', b.corrects] as [string, string]] : [])] }),
  decide(c, b) {
    const now = incidentOf(c, b.incident);
    const i = now.body;
    if (b.corrects === null) sortFits(i, b.sort);
    else {
      const wrong = existing(c, { id: b.corrects, incident: b.incident });
      if (wrong.body.state !== 'sent' || wrong.body.sort !== b.sort) throw refuseField('corrects', 'notAllowedHere');
      if (!b.correction) throw refuseField('correction', 'required');
    }
    if (i.reports.length >= 200) throw refuseField('incident', 'tooLong', { max: 200 });
    if (b.sign && c.author.role !== 'leader') throw refuse('notAllowed');
    figuresDated(c, b, 'figuresAsOf');
    const no = i.reports.length + 1;
    const body: UpwardReport = {
      number: `${i.number}-${String(no).padStart(2, '0')}`,
      incident: now.id,
      no,
      sort: b.sort,
      corrects: b.corrects,
      correction: b.corrects === null ? null : b.correction,
      title: b.title,
      category: i.category,
      grade: i.grade,
      locality: i.locality,
      units: [...new Set([i.lead, ...i.units].filter((u) => u !== null))],
      placeWords: i.placeWords,
      spot: i.spot,
      since: i.since,
      figures: b.figures,
      figuresAsOf: b.figuresAsOf,
      ...(Object.fromEntries(sections.map((s) => [s, b[s]])) as Record<Section, string>),
      state: b.sign ? 'signed' : 'draft',
      stateSince: c.now,
      stateReason: null,
      author: c.author.label,
      signedBy: b.sign ? c.author.label : null,
      signedAt: b.sign ? c.now : null,
      sendings: [],
    };
    const ref: ReportRef = { id: c.newId, no, sort: b.sort, corrects: b.corrects, sent: {}, discarded: false };
    return { puts: [{ kind: 'upwardReport', id: c.newId, body }, putIncident(now, [...i.reports, ref])], result: { id: c.newId, number: body.number } };
  },
});

/** Change a draft. What is signed has to be taken back first; what is sent is never changed. */
export const amend = command({
  roles: desk,
  body: z.strictObject({
    id: uuid,
    changes: z.strictObject({
      title: change(text(80).min(1)),
      correction: change(text(1_000).min(1)),
      ...(Object.fromEntries(sections.map((s) => [s, change(section)])) as Record<Section, ReturnType<typeof change<typeof section>>>),
      figures: change(figures),
      figuresAsOf: change(instant.nullable()),
    }),
  }),
  needs: (b): Needs => ({ records: [['upwardReport', b.id]] }),
  decide(c, b) {
    const now = existing(c, b);
    if (now.body.state !== 'draft') throw refuse('movedOn', { both: [{ field: 'state', yours: 'draft', theirs: now.body.state }] });
    if (b.changes.correction && now.body.corrects === null) throw refuseField('changes.correction.to', 'notAllowedHere');
    const taken = merge(now.body, given(b.changes));
    if (Object.keys(taken).length === 0) return { puts: [], result: result(now) };
    const body: UpwardReport = { ...now.body, ...(taken as Partial<UpwardReport>) };
    figuresDated(c, body, 'changes.figuresAsOf.to');
    return { puts: [put(now, body)], result: result(now) };
  },
});

function moved(c: DecideContext, now: Stored<UpwardReport>, to: ReportState, seen: ReportState, reason?: string): UpwardReport {
  if (now.body.state !== seen) throw refuse('movedOn', { both: [{ field: 'state', yours: to, theirs: now.body.state }] });
  const way = moveOf(seen, to);
  if (!way) throw refuseField('to', 'notAllowedHere');
  if (c.author.role === 'system' || !way.roles.includes(c.author.role)) throw refuse('notAllowed');
  if (way.needs.includes('reason') && !reason) throw refuseField('reason', 'required');
  return { ...now.body, state: to, stateSince: c.now, stateReason: reason || null };
}

/** 签发: of the very text that was on the leader's screen; a draft that changed meanwhile is not signed unseen. */
export const sign = command({
  roles: ['leader'],
  body: z.strictObject({ id: uuid, version: z.int().min(1) }),
  needs: (b): Needs => ({ records: [['upwardReport', b.id]] }),
  decide(c, b) {
    const now = existing(c, b);
    if (now.version !== b.version) throw refuse('movedOn', { both: [{ field: 'state', yours: 'signed', theirs: now.body.state }] });
    const body = moved(c, now, 'signed', 'draft');
    return { puts: [put(now, { ...body, signedBy: c.author.label, signedAt: c.now })], result: result(now) };
  },
});

/** Back to a draft, or discarded, while it has not gone out. */
export const move = command({
  roles: desk,
  body: z.strictObject({ id: uuid, incident: uuid, from: state, to: z.enum(['draft', 'discarded']), reason: text(500).optional() }),
  needs: (b): Needs => ({ records: [['upwardReport', b.id], ['incident', b.incident]] }),
  decide(c, b) {
    const now = existing(c, b);
    const body = moved(c, now, b.to, b.from, b.reason);
    if (b.to === 'draft') return { puts: [put(now, { ...body, signedBy: null, signedAt: null })], result: result(now) };
    const at = incidentOf(c, b.incident);
    const reports = at.body.reports.map((r) => (r.id === now.id ? { ...r, discarded: true } : r));
    return { puts: [put(now, body), putIncident(at, reports)], result: result(now) };
  },
});

/** 报送: it went out, to whom, by what means, when. The first time makes it final; it may go to more, or again by other means. */
export const send = command({
  roles: desk,
  body: z.strictObject({
    id: uuid,
    incident: uuid,
    to: z.array(code).min(1).max(20).refine((all) => new Set(all).size === all.length, { params: { field: 'duplicate' } }),
    means,
    /** When it really went out; left out: now. */
    at: instant.optional(),
    /** Taken on the spot, as on the telephone: by whom there. */
    receivedBy: text(40).optional(),
  }),
  needs: (b, x): Needs => ({ records: [['upwardReport', b.id], ['incident', b.incident], ['list', 'recipients'], ...reportNeeds(x)] }),
  decide(c, b) {
    const now = existing(c, b);
    const at = incidentOf(c, b.incident);
    const known = c.get(list, 'recipients')?.body.items ?? [];
    b.to.forEach((to, i) => {
      if (!known.some((x) => x.code === to && x.active)) throw refuseField(`to.${i}`, 'notInList');
    });
    const when = b.at ?? Math.min(c.occurred, c.now);
    if (aheadOf(when, c.now)) throw refuseField('at', 'timeInFuture');
    if (when < at.body.since) throw refuseField('at', 'badTime');
    const body = now.body.state === 'sent' ? now.body : moved(c, now, 'sent', 'signed');
    const n = body.sendings.length;
    if (n + b.to.length > 50) throw refuseField('to', 'tooLong', { max: 50 });
    const receipt = b.receivedBy ? { who: b.receivedBy, at: when, by: c.author.label } : null;
    const sendings = [...body.sendings, ...b.to.map((to, i) => ({ n: n + i + 1, to, means: b.means, at: when, by: c.author.label, receipt }))];
    const reports = at.body.reports.map((r) => (r.id === now.id ? { ...r, sent: { ...r.sent, [b.means]: Math.min(when, r.sent[b.means] ?? when) } } : r));
    // It is in time by when it went out, whenever that was written down.
    const ended = body.sort === 'first' ? clockNames.filter((n) => endedBy[n].includes(b.means)) : [];
    const clocks = stopClocks(c, at.body.clocks, when, ended);
    return { puts: [put(now, { ...body, sendings }), { kind: 'incident', id: at.id, body: { ...at.body, reports, clocks } }], result: result(now) };
  },
});

/** 签收: who there took it, and when. Written once a sending. */
export const receive = command({
  roles: desk,
  body: z.strictObject({ id: uuid, n: z.int().min(1), who: text(40).min(1), at: instant.optional() }),
  needs: (b): Needs => ({ records: [['upwardReport', b.id]] }),
  decide(c, b) {
    const now = existing(c, b);
    const sent = now.body.sendings.find((s) => s.n === b.n);
    if (!sent) throw refuseField('n', 'notInList');
    const at = b.at ?? Math.max(sent.at, Math.min(c.occurred, c.now));
    if (aheadOf(at, c.now)) throw refuseField('at', 'timeInFuture');
    if (at < sent.at) throw refuseField('at', 'badTime');
    if (sent.receipt) throw refuse('conflict', { both: [{ field: 'receipt', yours: b.who, theirs: sent.receipt.who }] });
    const sendings = now.body.sendings.map((s) => (s.n === b.n ? { ...s, receipt: { who: b.who, at, by: c.author.label } } : s));
    return { puts: [put(now, { ...now.body, sendings })], result: result(now) };
  },
});

/** In hand while it is to be signed or sent, and until everybody has acknowledged it. */
export const inHand = (r: UpwardReport): boolean => isOpen(r.state) || (r.state === 'sent' && r.sendings.some((s) => s.receipt === null));
