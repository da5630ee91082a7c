/**
 * What every audience must see of a board of notes, worked out from what was acknowledged and nothing else.
 *
 * Independent on purpose: it shares no code with hub or client (no fold, no scope rule, no merge, no step), only the
 * meaning of the notes' commands, written down a second time. Where the two disagree, one of them is wrong.
 */

export interface Somebody {
  id: string;
  role: string;
  scope: { units: string[] | null; localities: string[] | null };
}

export interface Acknowledged {
  commandId: string;
  by: Somebody;
  type: string;
  body: Record<string, unknown>;
  revision: number;
  recorded: number;
  result: Record<string, unknown>;
}

/** What the board wrote by itself when a due time had passed. */
export interface Lapse {
  note: string;
  revision: number;
  recorded: number;
}

interface Note {
  id: string;
  number: number;
  title: string;
  unit: string;
  remark: string;
  done: boolean;
  due: number | null;
  lapsed: boolean;
  who: number | null;
  version: number;
  revision: number;
}

export interface Seen {
  /** By id: every field a console must hold. */
  records: Record<string, Record<string, unknown>>;
  byUnit: Record<string, number>;
  done: number;
  recent: Record<string, unknown>[];
}

export const sees = (who: Somebody, unit: string): boolean => {
  if (!['operator', 'leader', 'admin'].includes(who.role)) return false;
  if (who.scope.units === null && who.scope.localities === null) return true;
  if (unit === '') return true;
  return who.scope.units !== null && who.scope.units.indexOf(unit) >= 0;
};

type Effect = Map<string, Note>;

export class Model {
  private notes = new Map<string, Note>();
  private added: { id: string; number: number; revision: number; recorded: number }[] = [];
  private lastRecorded = 0;
  revision = 0;
  readonly wrong: string[] = [];

  /** Takes the next revision: what was acknowledged with it, or the board's own lapse. */
  take(revision: number, acknowledged: Acknowledged[], lapse: Lapse | undefined): void {
    this.revision = revision;
    const recorded = lapse?.recorded ?? Math.min(...acknowledged.map((a) => a.recorded));
    if (recorded < this.lastRecorded) this.wrong.push(`recorded went back at revision ${revision}`);
    this.lastRecorded = recorded;
    if (lapse) {
      const note = this.notes.get(lapse.note);
      if (!note || note.due === null || note.due > lapse.recorded) this.wrong.push(`revision ${revision} lapses ${lapse.note}, which was not due`);
      else this.put(new Map([[note.id, { ...note, due: null, lapsed: true }]]), revision);
      this.idle(acknowledged, revision);
      return;
    }
    // Several may name one revision: one of them made it, the others found nothing left to do after it.
    for (const [i, one] of acknowledged.entries()) {
      const effect = this.effect(one);
      if (typeof effect === 'string' || effect.size === 0) continue;
      const others = acknowledged.filter((_, j) => j !== i);
      const before = this.notes;
      const addedBefore = this.added.length;
      this.notes = new Map(before);
      this.put(effect, revision);
      if (one.type === 'note.add') this.added.push({ id: String(one.result.id), number: Number(one.result.number), revision, recorded: one.recorded });
      const fits = others.every((other) => {
        const more = this.effect(other);
        return typeof more !== 'string' && more.size === 0;
      });
      if (fits) return;
      this.notes = before;
      this.added.length = addedBefore;
    }
    const told = acknowledged.map((a) => `${a.type} ${JSON.stringify(a.body)} → ${String(this.effect(a))}`).join(' | ');
    this.wrong.push(`revision ${revision} is explained by nothing that was acknowledged: ${told || 'nothing was'}`);
  }

  private idle(acknowledged: Acknowledged[], revision: number): void {
    for (const one of acknowledged) {
      const effect = this.effect(one);
      if (typeof effect === 'string' || effect.size > 0) this.wrong.push(`${one.type} was acknowledged at ${revision}, which it did not make`);
    }
  }

  private put(effect: Effect, revision: number): void {
    for (const [id, note] of effect) this.notes.set(id, { ...note, version: note.version + 1, revision });
  }

  /** What a command changes as things stand; a text when it should have been refused. */
  private effect(a: Acknowledged): Effect | string {
    const out: Effect = new Map();
    switch (a.type) {
      case 'note.add': {
        const b = a.body as { title: string; unit: string; remark?: string; who?: string; due?: number | null };
        const id = String(a.result.id);
        if (this.notes.has(id)) return 'made before';
        if (this.titled(b.title)) return 'title taken';
        if (!sees(a.by, b.unit)) return 'outside the scope';
        if (a.result.number !== this.notes.size + 1) return `numbered ${String(a.result.number)}, not ${this.notes.size + 1}`;
        const who = b.who ? 1 : null;
        const note = { id, number: this.notes.size + 1, title: b.title, unit: b.unit, remark: b.remark ?? '', done: false, due: b.due ?? null };
        return out.set(id, { ...note, lapsed: false, who, version: 0, revision: 0 });
      }
      case 'note.edit': {
        const b = a.body as { id: string; changes: Record<string, { from?: unknown; to: unknown }> };
        const now = this.notes.get(b.id);
        if (!now) return 'no such note';
        if (!sees(a.by, now.unit)) return 'outside the scope';
        const next = { ...now } as unknown as Record<string, unknown>;
        let changed = false;
        for (const field of Object.keys(b.changes)) {
          const { from, to } = b.changes[field] as { from?: unknown; to: unknown };
          const is = (now as unknown as Record<string, unknown>)[field];
          if (is === to) continue;
          if (is !== (from === undefined ? null : from)) return `${field} had moved`;
          if (field === 'title' && this.titled(String(to))) return 'title taken';
          next[field] = field === 'who' && to !== null ? now.version + 1 : to;
          changed = true;
        }
        return changed ? out.set(b.id, next as unknown as Note) : out;
      }
      case 'note.hand': {
        const b = a.body as { ids: string[]; to: string };
        for (const id of b.ids) {
          const now = this.notes.get(id);
          if (!now) return 'no such note';
          if (now.unit === b.to) continue;
          if (!sees(a.by, now.unit)) return 'outside the scope';
          out.set(id, { ...now, unit: b.to });
        }
        return out;
      }
      default:
        return 'no such command';
    }
  }

  private titled(title: string): boolean {
    for (const note of this.notes.values()) if (note.title === title) return true;
    return false;
  }

  /** What somebody must see at the revision last taken. */
  seenBy(who: Somebody): Seen {
    const records: Seen['records'] = {};
    const byUnit: Record<string, number> = {};
    let done = 0;
    for (const { id, version, revision, ...body } of this.notes.values()) {
      byUnit[body.unit] = (byUnit[body.unit] ?? 0) + 1;
      if (body.done) done += 1;
      else if (sees(who, body.unit)) records[id] = { id, version, revision, ...body };
    }
    const recent = this.added
      .slice(-20)
      .reverse()
      .map((n) => ({ revision: n.revision, at: n.recorded, kind: 'note', id: n.id, code: 'noteAdded', tone: 'plain', params: { number: n.number } }));
    return { records, byUnit, done, recent };
  }

  /** How many notes were added in the last ten seconds, counted by whole seconds. */
  fresh(now: number): number {
    return this.added.filter((n) => {
      const second = n.recorded - (n.recorded % 1000);
      return second >= now - 10_000 && second < now + 1000;
    }).length;
  }

  dueBy(now: number): string[] {
    return [...this.notes.values()].filter((n) => n.due !== null && n.due <= now).map((n) => n.id);
  }

  /** All notes somebody may find, closed ones too. */
  findable(who: Somebody): string[] {
    return [...this.notes.values()].filter((n) => sees(who, n.unit)).map((n) => n.id);
  }
}
