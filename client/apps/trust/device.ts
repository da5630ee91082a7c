import type { Device } from './words.ts';

/** Only which of the five lists stands open; all can be opened. An iPad calls itself a Mac, and has a touch screen. */
export function deviceOf(agent: string, touch: number): Device {
  if (/iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && touch > 1)) return 'ios';
  if (/Android|HarmonyOS/.test(agent)) return 'android';
  if (/Windows/.test(agent)) return 'windows';
  if (/Macintosh/.test(agent)) return 'mac';
  return 'linux';
}
