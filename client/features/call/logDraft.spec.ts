import { describe, expect, it } from 'vitest';
import { logBody } from '../../../shared/features/call/commands.ts';
import { bodyOf, draftOf, emptyLog, isBlank, type LogDraft } from './logDraft.ts';

const now = 1_580_840_000_000;
const full: LogDraft = {
  origin: 'telephone',
  rung: now - 9_000,
  answered: now - 6_000,
  ended: null,
  callerNumber: ' 199 0000 0126 ',
  callerName: '王女士',
  locality: '330102',
  placeText: '上城区',
  address: '青年路 3 幢',
  topic: 'symptoms',
  unit: null,
  narrative: '发热两天',
  reply: '',
};

describe('what is sent of a form', () => {
  it('is what the hub takes, and nothing that was left empty', () => {
    const body = bodyOf({ ...full, address: '  ' }, now);
    expect(logBody.parse(body)).toMatchObject({ callerNumber: '19900000126', topic: 'symptoms', locality: '330102', rung: now - 9_000 });
    expect(JSON.parse(JSON.stringify(body))).not.toHaveProperty('address');
    expect(body).not.toHaveProperty('unit');
  });
  it('rang when it was answered, or now, if nobody took the time', () => {
    expect(bodyOf({ ...full, rung: null }, now).rung).toBe(now - 6_000);
    expect(bodyOf({ ...full, rung: null, answered: null }, now).rung).toBe(now);
  });
  it('comes back into the form as it was', () => {
    expect(draftOf(JSON.parse(JSON.stringify(bodyOf(full, now))) as Record<string, unknown>, () => '上城区')).toEqual({ ...full, callerNumber: '199 0000 0126' });
  });
});

describe('an empty form', () => {
  it('is blank until something is typed or timed', () => {
    expect(isBlank(emptyLog())).toBe(true);
    expect(isBlank({ ...emptyLog(), origin: 'missed' })).toBe(true);
    expect(isBlank({ ...emptyLog(), narrative: '.' })).toBe(false);
    expect(isBlank({ ...emptyLog(), rung: now })).toBe(false);
  });
});
