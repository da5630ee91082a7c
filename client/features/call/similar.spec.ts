import { describe, expect, it } from 'vitest';
import type { Call } from '../../../shared/features/call/record.ts';
import { samples } from '../../../shared/features/call/samples.ts';
import { DAY } from '../../../shared/time/zone.ts';
import { likeness } from './similar.ts';

const base = samples()[0]?.body as Call;
const now = base.rung + 3_600_000;
const call = (more: Partial<Call>): Call => ({ ...base, topic: 'supplies', ...more });

describe('why an earlier call is offered', () => {
  it('always by the same number, however old and wherever', () => {
    expect(likeness(call({ rung: now - 30 * DAY, locality: '331123' }), true, { locality: '330102', topic: 'symptoms', now })).toEqual(['number']);
  });
  it('by the same street of the last day', () => {
    const there = { locality: '330102003', topic: 'symptoms', now };
    expect(likeness(call({ locality: '330102003' }), false, there)).toEqual(['place']);
    expect(likeness(call({ locality: '330102003', topic: 'symptoms' }), false, there)).toEqual(['place', 'topic']);
    expect(likeness(call({ locality: '330102003', rung: now - 2 * DAY }), false, there)).toEqual([]);
    expect(likeness(call({ locality: '330102004' }), false, there)).toEqual([]);
  });
  it('by a whole county only with the same matter', () => {
    const there = { locality: '330102', topic: 'symptoms', now };
    expect(likeness(call({ locality: '330102003' }), false, there)).toEqual([]);
    expect(likeness(call({ locality: '330102' }), false, there)).toEqual([]);
    expect(likeness(call({ locality: '330102003', topic: 'symptoms' }), false, there)).toEqual(['place', 'topic']);
    expect(likeness(call({ locality: '330102', topic: 'symptoms' }), false, { ...there, locality: '330102003' })).toEqual(['place', 'topic']);
  });
  it('never by the matter alone, nor before there is anything to go by', () => {
    expect(likeness(call({ topic: 'symptoms', locality: '331123' }), false, { locality: '330102', topic: 'symptoms', now })).toEqual([]);
    expect(likeness(call({ topic: '' }), false, { locality: null, topic: '', now })).toEqual([]);
  });
});
