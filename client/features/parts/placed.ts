import type { Names } from './names.ts';

/** `上城区 应急物资库`; a place that begins with its locality's name says it once. */
export function placed(names: Pick<Names, 'localityName'>, at: { locality: string | null; place: string }): string {
  const name = names.localityName(at.locality);
  return name === '' || at.place.startsWith(name) ? at.place || name : [name, at.place].filter(Boolean).join(' ');
}
