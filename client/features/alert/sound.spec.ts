import { describe, expect, it } from 'vitest';
import { alertLevels, type AlertLevel } from '../../../shared/features/rule/record.ts';
import { patterns, Sounder, type Note, type Speaker } from './sound.ts';

function ward(allowed = true): { sounder: Sounder; heard: (readonly Note[])[]; later(): number; speaker: { allowed: boolean; volume: number } } {
  const heard: (readonly Note[])[] = [];
  const state = { allowed, volume: 1 };
  let next: { work: () => void; ms: number } | null = null;
  const speaker: Speaker = { allowed: () => state.allowed, allow: () => Promise.resolve(state.allowed), play: (notes) => void heard.push(notes), onChange: () => () => undefined };
  const sounder = new Sounder(
    speaker,
    () => state.volume,
    (work, ms) => {
      next = { work, ms };
      return 0 as unknown as ReturnType<typeof setTimeout>;
    },
  );
  return {
    sounder,
    heard,
    speaker: state,
    later() {
      const due = next;
      next = null;
      due?.work();
      return due?.ms ?? 0;
    },
  };
}

describe('the sound of alerts', () => {
  it('each level has a rhythm of its own: told apart without hearing how high it is', () => {
    const rhythm = (l: AlertLevel): string => patterns[l].notes.map((n) => `${n.at.toFixed(2)}+${n.length}`).join(' ');
    expect(new Set(alertLevels.map(rhythm)).size).toBe(alertLevels.length);
    expect(new Set(alertLevels.map((l) => patterns[l].notes.length)).size).toBe(alertLevels.length);
  });

  it('a burst has ended before the next begins', () => {
    for (const l of alertLevels) expect(Math.max(...patterns[l].notes.map((n) => n.at + n.length)) * 1_000).toBeLessThan(patterns[l].every);
  });

  it('is heard at once, again until somebody acknowledges, and no more after that', () => {
    const { sounder, heard, later } = ward();
    sounder.set('high');
    expect(heard).toEqual([patterns.high.notes]);
    expect(later()).toBe(patterns.high.every);
    sounder.set('critical');
    expect(heard.at(-1)).toBe(patterns.critical.notes);
    sounder.set(null);
    later();
    expect(heard).toHaveLength(3);
  });

  it('the same level told again begins nothing anew', () => {
    const { sounder, heard } = ward();
    sounder.set('low');
    sounder.set('low');
    expect(heard).toHaveLength(1);
  });

  it('kept quiet by the browser it waits, and is heard as soon as it may be', () => {
    const { sounder, heard, speaker } = ward(false);
    sounder.set('critical');
    expect(heard).toHaveLength(0);
    speaker.allowed = true;
    sounder.again();
    expect(heard).toHaveLength(1);
  });

  it('mute is mute', () => {
    const { sounder, heard, speaker } = ward();
    speaker.volume = 0;
    sounder.set('critical');
    expect(heard).toHaveLength(0);
  });
});
