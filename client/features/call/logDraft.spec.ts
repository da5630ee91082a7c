import { describe, expect, it } from 'vitest';
import { logBody } from '../../../shared/features/call/commands.ts';
import { useAttach } from './attach.ts';
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
  ring: null,
  reply: '',
  attached: null,
  urge: false,
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

describe('a caller who joins an earlier call', () => {
  const id = '0b0e1c6e-0001-4000-8000-000000000001';
  const earlier = { id, number: '20200205-0126', locality: '330102', topic: 'supplies', urgeable: true };
  it('is sent with it, and comes back with it', () => {
    const d = { ...full, attached: { id, number: '20200205-0126', topic: null, locality: null } };
    const body = bodyOf(d, now);
    expect(logBody.parse(body)).toMatchObject({ attachTo: id });
    expect(draftOf(JSON.parse(JSON.stringify(body)) as Record<string, unknown>, () => '上城区').attached).toMatchObject({ id });
    expect(bodyOf(full, now)).not.toHaveProperty('attachTo');
  });
  it('takes place and topic from it where none was given, and gives them back when undone', () => {
    const d = emptyLog();
    const { attach, undo } = useAttach(d, () => '上城区');
    attach(earlier);
    expect(d).toMatchObject({ topic: 'supplies', locality: '330102', placeText: '上城区', attached: { id } });
    attach(earlier);
    expect(d).toEqual(emptyLog());
    Object.assign(d, { topic: 'symptoms', placeText: '西' });
    attach(earlier);
    expect(d).toMatchObject({ topic: 'symptoms', locality: null, placeText: '西' });
    undo();
    expect(d).toEqual({ ...emptyLog(), topic: 'symptoms', placeText: '西' });
    attach({ ...earlier, topic: 'hazard' });
    d.placeText = '';
    attach({ ...earlier, id: '0b0e1c6e-0002-4000-8000-000000000002' });
    expect(d).toMatchObject({ locality: '330102', attached: { id: '0b0e1c6e-0002-4000-8000-000000000002' } });
    Object.assign(d, { locality: '330106', placeText: '西湖区' });
    undo();
    expect(d).toMatchObject({ locality: '330106', placeText: '西湖区', attached: null });
  });
});

describe('a number that is kept back', () => {
  it('is sent as none', () => expect(bodyOf({ ...full, callerNumber: '未显示号码' }, now).callerNumber).toBeUndefined());
});

describe('an empty form', () => {
  it('is blank until something is typed or timed', () => {
    expect(isBlank(emptyLog())).toBe(true);
    expect(isBlank({ ...emptyLog(), origin: 'missed' })).toBe(true);
    expect(isBlank({ ...emptyLog(), narrative: '.' })).toBe(false);
    expect(isBlank({ ...emptyLog(), rung: now })).toBe(false);
  });
});
