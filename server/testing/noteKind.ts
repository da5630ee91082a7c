import { z } from 'zod';
import { buckets, bump, sum, type Buckets } from '../../shared/features/buckets.ts';
import { command, defineFeature, type Decision, type Feature } from '../../shared/features/feature.ts';
import { defineRecord, internal, open, personal, type Body } from '../../shared/features/fields.ts';
import { merge } from '../../shared/features/merge.ts';
import { refuse } from '../../shared/protocol/errors.ts';

/**
 * A kind for the spine's own tests: the spine knows no kind, so its tests bring one that is none of the product's.
 * It has everything the pattern offers: scope, a personal field, a counter, a natural key, a due time, figures.
 */
export const note = defineRecord('note', {
  number: open(z.int()),
  title: open(z.string()),
  unit: open(z.string()),
  remark: internal(z.string()),
  done: open(z.boolean()),
  due: open(z.int().nullable()),
  lapsed: open(z.boolean()),
  who: personal(),
});
export type Note = Body<typeof note>;

const add = command({
  roles: ['operator', 'leader', 'admin'],
  body: z.strictObject({
    title: z.string().min(1).max(200),
    unit: z.string().max(20),
    remark: z.string().default(''),
    who: z.string().optional(),
    due: z.int().nullable().default(null),
  }),
  needs: (b) => ({ counters: ['note'], keys: [['note', `title:${b.title}`]] }),
  decide(c, b): Decision {
    if (c.find(note, `title:${b.title}`)) throw refuse('alreadyExists', { fields: [{ path: 'title', code: 'taken' }] });
    const body: Note = { number: c.take('note'), title: b.title, unit: b.unit, remark: b.remark, done: false, due: b.due, lapsed: false, who: null };
    const personal: Record<string, string> = b.who ? { who: b.who } : {};
    return { puts: [{ kind: 'note', id: c.newId, body, personal }], result: { id: c.newId, number: body.number } };
  },
});

const change = <S extends z.ZodType>(to: S): z.ZodOptional<z.ZodObject<{ from: z.ZodUnknown; to: S }>> =>
  z.strictObject({ from: z.unknown(), to }).optional();
const edit = command({
  roles: ['operator', 'leader', 'admin'],
  body: z.strictObject({
    id: z.string(),
    changes: z.strictObject({
      title: change(z.string().min(1).max(200)),
      unit: change(z.string().max(20)),
      remark: change(z.string()),
      done: change(z.boolean()),
      due: change(z.int().nullable()),
      who: change(z.string().min(1).nullable()),
    }),
  }),
  needs: (b) => ({ records: [['note', b.id]] }),
  decide(c, b): Decision {
    const now = c.get(note, b.id);
    if (!now) throw refuse('notFound');
    const given = Object.fromEntries(Object.entries(b.changes).filter(([, v]) => v !== undefined)) as Record<string, { from: unknown; to: unknown }>;
    const { who, ...rest } = merge(now.body, given);
    if (who === undefined && Object.keys(rest).length === 0) return { puts: [] };
    const personal: Record<string, string | null> = who === undefined ? {} : { who: who as string | null };
    return { puts: [{ kind: 'note', id: b.id, body: { ...now.body, ...rest }, personal }] };
  },
});

/** Several records in one entry. */
const hand = command({
  roles: ['operator', 'leader', 'admin'],
  body: z.strictObject({ ids: z.array(z.string()).min(1).max(20), to: z.string().max(20) }),
  needs: (b) => ({ records: b.ids.map((id): [string, string] => ['note', id]) }),
  decide(c, b): Decision {
    const notes = b.ids.map((id) => {
      const found = c.get(note, id);
      if (!found) throw refuse('notFound');
      return found;
    });
    return { puts: notes.filter((n) => n.body.unit !== b.to).map((n) => ({ kind: 'note', id: n.id, body: { ...n.body, unit: b.to } })) };
  },
});

const lapse = command({
  roles: ['system'],
  body: z.strictObject({ id: z.string() }),
  needs: (b) => ({ records: [['note', b.id]] }),
  decide(c, b): Decision {
    const now = c.get(note, b.id);
    if (!now || now.body.due === null || c.now < now.body.due) return { puts: [] };
    return { puts: [{ kind: 'note', id: b.id, body: { ...now.body, lapsed: true, due: null } }] };
  },
});

const SECOND = 1_000;

interface State {
  byUnit: Record<string, number>;
  done: number;
  added: Buckets;
}

export const noteFeature = defineFeature({
  kind: 'note',
  plural: 'notes',
  version: 1,
  upgrade: (b) => b,
  record: note,
  commands: { 'note.add': add, 'note.edit': edit, 'note.hand': hand, 'note.lapse': lapse },
  readers: ['operator', 'leader', 'admin'],
  revealers: ['operator'],
  mask: (_field, value) => `${value.slice(0, 1)}**`,
  place: (n) => ({ units: n.unit === '' ? [] : [n.unit], localities: [] }),
  held: (n) => !n.done,
  words: (n) => [String(n.number), n.title, n.remark],
  order: (n) => n.number,
  keys: (n) => [`title:${n.title}`],
  filters: ['unit', 'done'],
  dues: (n) => (n.due === null ? [] : [{ clock: 'due', at: n.due, command: 'note.lapse', body: {} }]),
  fold: {
    version: 1,
    empty: (): State => ({ byUnit: {}, done: 0, added: buckets(SECOND, 600) }),
    apply(s, { before, after, recorded }) {
      const tally = (n: Note, by: number): void => {
        s.byUnit[n.unit] = (s.byUnit[n.unit] ?? 0) + by;
        if (s.byUnit[n.unit] === 0) delete s.byUnit[n.unit];
        if (n.done) s.done += by;
      };
      if (before) tally(before, -1);
      else bump(s.added, recorded);
      tally(after, 1);
    },
    // `fresh` changes with time alone: what was added in the last ten seconds.
    view: (s, now) => ({ byUnit: s.byUnit, done: s.done, fresh: sum(s.added, now - 10 * SECOND, now + SECOND) }),
  },
  headline: ({ before, after }) => (before ? null : { code: 'noteAdded', tone: 'plain', params: { number: after.number } }),
  samples: () => [],
});

export const noteFeatures: Record<string, Feature> = { note: noteFeature as unknown as Feature };
