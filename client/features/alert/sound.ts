import type { AlertLevel } from '../../../shared/features/rule/record.ts';

/**
 * What an alert sounds like: made here, so that nothing is fetched. Levels are told apart by rhythm and by how many, not
 * by pitch alone: five quick and two, three, two slow, one long. After IEC 60601-1-8, whose bursts are known from wards.
 */
export interface Note {
  /** Seconds from the beginning of the burst. */
  at: number;
  length: number;
  hertz: number;
}
export interface Pattern {
  notes: readonly Note[];
  /** Milliseconds from one burst to the next, until somebody acknowledges. */
  every: number;
}

const row = (count: number, step: number, length: number, hertz: number, from = 0): Note[] => Array.from({ length: count }, (_, i) => ({ at: from + i * step, length, hertz }));

export const patterns: Record<AlertLevel, Pattern> = {
  critical: { notes: [...row(3, 0.16, 0.11, 880), ...row(2, 0.16, 0.11, 660, 0.6), ...row(3, 0.16, 0.11, 880, 1.2)], every: 5_000 },
  high: { notes: row(3, 0.28, 0.18, 784), every: 10_000 },
  medium: { notes: row(2, 0.5, 0.25, 587), every: 25_000 },
  low: { notes: row(1, 0, 0.5, 440), every: 60_000 },
};

/** The part of the browser's sound that is used; a test gives its own. */
export interface Speaker {
  /** Whether the browser lets this page be heard now. */
  allowed(): boolean;
  /** Asks to be let; works from a press of the hand, and on screens whose browser was started to allow it. */
  allow(): Promise<boolean>;
  play(notes: readonly Note[], volume: number): void;
  onChange(told: () => void): () => void;
}

export function webSpeaker(): Speaker {
  let context: AudioContext | null = null;
  const listeners = new Set<() => void>();
  const open = (): AudioContext | null => {
    if (context || typeof AudioContext === 'undefined') return context;
    context = new AudioContext();
    context.addEventListener('statechange', () => listeners.forEach((l) => l()));
    return context;
  };
  return {
    allowed: () => open()?.state === 'running',
    async allow() {
      const c = open();
      if (!c) return false;
      // A browser that does not allow it leaves the promise open until somebody presses something.
      await Promise.race([c.resume(), new Promise((done) => setTimeout(done, 300))]);
      return c.state === 'running';
    },
    play(notes, volume) {
      const c = open();
      if (!c || c.state !== 'running') return;
      const out = c.createGain();
      out.gain.value = volume;
      out.connect(c.destination);
      const begin = c.currentTime + 0.02;
      for (const n of notes) {
        const tone = c.createOscillator();
        const edge = c.createGain();
        tone.type = 'triangle';
        tone.frequency.value = n.hertz;
        // Without soft edges a tone clicks.
        edge.gain.setValueAtTime(0, begin + n.at);
        edge.gain.linearRampToValueAtTime(0.5, begin + n.at + 0.012);
        edge.gain.setValueAtTime(0.5, begin + n.at + n.length - 0.03);
        edge.gain.linearRampToValueAtTime(0, begin + n.at + n.length);
        tone.connect(edge).connect(out);
        tone.start(begin + n.at);
        tone.stop(begin + n.at + n.length);
      }
    },
    onChange(told) {
      listeners.add(told);
      return () => listeners.delete(told);
    },
  };
}

/**
 * Sounds the loudest level nobody has acknowledged, at once when it rises and then again and again; stops when somebody
 * has. What must hold: one burst at a time, and none while the browser forbids it or the volume is nothing.
 */
export class Sounder {
  private level: AlertLevel | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  constructor(
    private readonly speaker: Speaker,
    private readonly volume: () => number,
    private readonly wait: (work: () => void, ms: number) => ReturnType<typeof setTimeout> = (work, ms) => setTimeout(work, ms),
  ) {}

  set(level: AlertLevel | null): void {
    if (level === this.level) return;
    this.level = level;
    clearTimeout(this.timer);
    if (level !== null) this.burst();
  }

  /** The browser has just begun to allow it: what stands is heard now, not at the end of its pause. */
  again(): void {
    clearTimeout(this.timer);
    if (this.level !== null) this.burst();
  }

  private burst(): void {
    if (this.level === null) return;
    const { notes, every } = patterns[this.level];
    if (this.speaker.allowed() && this.volume() > 0) this.speaker.play(notes, this.volume());
    this.timer = this.wait(() => this.burst(), every);
  }

  stop(): void {
    this.level = null;
    clearTimeout(this.timer);
  }
}
