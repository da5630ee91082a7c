import type { DecideContext } from '../feature.ts';
import { locality } from './record.ts';

/**
 * A list is searched by place names, but a record names its locality by code: the names go along as they were called
 * when it was written, of the locality and of those it lies in, up to the city.
 */
const above = (code: string): string[] => [...new Set([`${code.slice(0, 4)}00`, code.slice(0, 6), code])];

/** What a command must read to name these places. */
export const placeNeeds = (...codes: (string | null | undefined)[]): [string, string][] =>
  codes.flatMap((code) => (code ? above(code).map((c): [string, string] => ['locality', c]) : []));

/** `杭州市 上城区 湖滨街道 Hangzhou City …`; every place once. */
export function placeWords(c: Pick<DecideContext, 'get'>, ...codes: (string | null)[]): string {
  const names = codes.flatMap((code) => (code === null ? [] : above(code))).flatMap((code) => c.get(locality, code)?.body.name ?? []);
  return [...new Set([...names.map((n) => n.zh), ...names.map((n) => n.en)])].join(' ');
}
