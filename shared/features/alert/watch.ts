import type { Instant } from '../../time/clock.ts';
import { hourOf } from '../../time/zone.ts';
import type { Ask, Change, Present, Watcher } from '../feature.ts';
import { Failed } from '../rule/expression.ts';
import type { Flaw } from '../rule/flaws.ts';
import { eachOf, figureOver, figures, holdsFrom, inputsOf, isOver, lookedAt, titleParams, whenHolds } from '../rule/judge.ts';
import type { Rule } from '../rule/record.ts';
import { add, inOrder, remove, sorted } from '../sorted.ts';
import { ofRecord, standingKey } from './commands.ts';
import type { Alert } from './record.ts';

/**
 * Notices what the rules that are switched on say of each change, at a cost of the rules of that kind, and keeps what
 * will be so at a later moment in one queue: 100,000 trucks whose silence is thirty minutes away are 100,000 entries in
 * order of time, looked at when their moment comes and not before.
 */

interface Standing {
  alert: string;
  raised: Instant;
  least: number;
  rule: string;
  about: Alert['about'];
  key: string | null;
}

interface Waiting extends Ask {
  at: Instant;
}

/** So many of one rule at once are a rule that is wrong, not so many alerts. */
export const MOST = 500;

export function watch(): Watcher {
  const rules = new Map<string, Rule>();
  const standing = new Map<string, Standing>();
  const counts = new Map<string, number>();
  /** What waits, in order of its moment, by what it is about. */
  const order = sorted();
  const waiting = new Map<string, Waiting>();
  const names = new Map<string, string>();
  /** Said already, by rule and edition. */
  const troubled = new Set<string>();
  const wanted = ['rule', 'alert'];
  /** While records are gone through: what has changed meanwhile is newer than what is read. */
  const newer = new Map<string, number>();

  const put = (name: string, at: Instant, ask: Ask): void => {
    drop(name);
    waiting.set(name, { ...ask, at });
    names.set(ask.key, name);
    add(order, at, name);
  };
  const drop = (name: string): void => {
    const was = waiting.get(name);
    if (!was) return;
    waiting.delete(name);
    names.delete(was.key);
    remove(order, was.at, name);
  };

  /** The first may be half gone through: then it is gone through again. */
  function want(kind: string | null): void {
    if (kind !== null && !wanted.slice(1).includes(kind)) wanted.push(kind);
  }

  function setRule(code: string, next: Rule): void {
    const was = rules.get(code);
    if (next.active) rules.set(code, next);
    else rules.delete(code);
    if (was?.edition === next.edition && was.active === next.active) return;
    // What an earlier edition foresaw is let go when its moment comes.
    for (const s of standing.values()) {
      if (s.rule === code) endOf(s, next.savedAt, `edition ${next.edition}`, !next.active || next.looks !== (s.about ? 'records' : 'figures') || (s.about?.kind ?? null) !== next.kind);
    }
    if (next.active && next.looks === 'records') want(next.kind);
  }

  /** Let go at once where the rule no longer stands behind it; else its record is looked at again by going through them. */
  function endOf(s: Standing, at: Instant, key: string, goes: boolean): void {
    if (goes) put(`end ${s.alert}`, at, { key: `end ${s.alert} ${key}`, command: 'alert.end', body: { id: s.alert, rule: s.rule, about: s.about } });
  }

  function setAlert(id: string, a: Alert): void {
    if (a.rule === null) return;
    const key = standingKey(a.rule.code, a.about ? ofRecord(a.about.kind, a.about.id) : (a.key ?? ''));
    const had = standing.get(key);
    if (a.holds === true) {
      if (!had) counts.set(a.rule.code, (counts.get(a.rule.code) ?? 0) + 1);
      const now: Standing = { alert: id, raised: a.raised, least: a.least, rule: a.rule.code, about: a.about, key: a.key };
      standing.set(key, now);
      if (!rules.has(a.rule.code) && !wanted.includes('rule')) endOf(now, a.stateSince, 'off', true);
    } else if (had?.alert === id) {
      standing.delete(key);
      counts.set(a.rule.code, (counts.get(a.rule.code) ?? 1) - 1);
      drop(`end ${id}`);
    }
  }

  function fails(code: string, r: Rule, at: Instant, flaw: Flaw, id: string | null): void {
    const name = `trouble ${code} ${r.edition}`;
    if (troubled.has(name) || r.trouble !== null) return;
    troubled.add(name);
    put(name, at, { key: name, command: 'rule.trouble', body: { code, edition: r.edition, at, flaw, id } });
  }

  const unreadable: Flaw = { code: 'failed', at: 0, to: 0 };
  function guarded(code: string, r: Rule, at: Instant, id: string | null, work: () => void): void {
    try {
      work();
    } catch (error) {
      fails(code, r, at, error instanceof Failed ? error.flaw : unreadable, id);
    }
  }

  function look(kind: string, id: string, revision: number, changed: Instant, body: Record<string, unknown>): void {
    let values: Record<string, unknown> | undefined;
    for (const [code, r] of rules) {
      if (r.looks !== 'records' || r.kind !== kind) continue;
      const name = `found ${code} ${kind}/${id}`;
      const on = (values ??= lookedAt(kind, body));
      drop(name);
      guarded(code, r, changed, id, () => {
        const from = holdsFrom(r, on, changed);
        const s = standing.get(standingKey(code, ofRecord(kind, id)));
        if (from !== null && (!s || from > changed)) put(name, from, { key: `${name} ${r.edition} ${revision}`, command: 'alert.found', body: { rule: code, edition: r.edition, kind, id } });
        if (!s) return;
        if (isOver(r, on, changed)) put(`end ${s.alert}`, Math.max(changed, s.raised + s.least * 60_000), { key: `end ${s.alert} ${revision}`, command: 'alert.end', body: { id: s.alert, rule: code, about: s.about } });
        else drop(`end ${s.alert}`);
      });
    }
  }

  return {
    change(change: Change<Record<string, unknown>>) {
      const { kind, id, after, revision, recorded } = change;
      if (wanted.length > 0) newer.set(`${kind}/${id}`, revision);
      if (kind === 'rule') setRule(id, after as Rule);
      else if (kind === 'alert') setAlert(id, after as Alert);
      else look(kind, id, revision, recorded, after);
    },
    wants: () => wanted[0] ?? null,
    saw(record: Present, now: Instant) {
      if ((newer.get(`${record.kind}/${record.id}`) ?? -1) >= record.revision) return;
      if (record.kind === 'rule') setRule(record.id, record.body as Rule);
      else if (record.kind === 'alert') setAlert(record.id, record.body as Alert);
      else look(record.kind, record.id, record.revision, now, record.body);
    },
    sawAll(kind: string) {
      const at = wanted.indexOf(kind);
      if (at >= 0) wanted.splice(at, 1);
      if (wanted.length === 0) newer.clear();
    },
    figuresOf: () => [...new Set([...rules.values()].filter((r) => r.looks === 'figures').flatMap((r) => kindsOf(r)))],
    figures(viewOf, now, zone) {
      const hour = hourOf(now, zone);
      for (const [code, r] of rules) {
        if (r.looks !== 'figures') continue;
        guarded(code, r, now, null, () => {
          const board = figures(r, viewOf, hour);
          const seen = new Set<string>();
          const one = (key: string | null, values: Record<string, unknown>): void => {
            seen.add(key ?? '');
            const s = standing.get(standingKey(code, key ?? ''));
            const name = `found ${code} figure ${key ?? ''}`;
            if (!s && whenHolds(r, values)) {
              if (!waiting.has(name)) put(name, now, { key: `${name} ${r.edition} ${Math.floor(now / 1_000)}`, command: 'alert.figure', body: { rule: code, edition: r.edition, key, params: titleParams(r, values), inputs: inputsOf(r, values) } });
            } else if (!s) drop(name);
            else if (figureOver(r, values)) {
              if (!waiting.has(`end ${s.alert}`)) put(`end ${s.alert}`, Math.max(now, s.raised + s.least * 60_000), { key: `end ${s.alert} ${Math.floor(now / 1_000)}`, command: 'alert.end', body: { id: s.alert, rule: code, about: null } });
            } else drop(`end ${s.alert}`);
          };
          if (r.each === null) one(null, board);
          else {
            for (const [key, value] of eachOf(r, viewOf)) one(key, { ...board, key, value });
            // What is no longer counted at all counts nothing.
            for (const s of standing.values()) if (s.rule === code && !seen.has(s.key ?? '')) one(s.key, { ...board, key: s.key ?? '', value: 0 });
          }
        });
      }
    },
    due(now, limit, inHand) {
      const out: Ask[] = [];
      const idle: string[] = [];
      for (const [at, name] of inOrder(order)) {
        if (at > now || out.length >= limit) break;
        const ask = waiting.get(name);
        if (!ask || inHand(ask.key)) continue;
        const code = /^found (\S+) /.exec(name)?.[1];
        const r = code === undefined ? undefined : rules.get(code);
        if (code !== undefined && ask.body.edition !== r?.edition) idle.push(name);
        else if (code !== undefined && r && (counts.get(code) ?? 0) >= MOST) {
          idle.push(name);
          fails(code, r, now, { code: 'tooMany', at: 0, to: 0 }, null);
        } else out.push({ key: ask.key, command: ask.command, body: ask.body });
        if (idle.length >= limit) break;
      }
      idle.forEach(drop);
      return out;
    },
    done(key) {
      const name = names.get(key);
      if (name !== undefined) drop(name);
    },
  };
}

function kindsOf(r: Rule): string[] {
  const text = [r.when, r.clear ?? '', r.each ?? ''].join(' ');
  return [...text.matchAll(/\b([a-z]\w*)\.[a-z]\w*/g)].map(([, kind]) => kind ?? '');
}
