import type { MapColour } from '../../../shared/features/locality/record.ts';
import { localities } from './zhejiang.ts';

export interface FiveColourMap {
  /** Day of publication, in the board's zone. */
  day: string;
  /** For every county in force now, by code. */
  colours: Readonly<Record<string, MapColour>>;
}

/**
 * The first two five-colour maps (五色图) of 2020. Published were the counts: on 9 February 1 red, 12 orange, 12 yellow,
 * 53 blue, 12 green; on 12 February 1, 11, 13, 17, 48. **Which county had which colour is made up here** (it was not in
 * our ground), plausible and always the same: nobody may read a real county's past from it. The counts are of the counties as
 * they are now, which are 90 as they were then; the legend says so.
 */
const red = ['330382'];
const orange = [
  '330110', '330203', '330282', '330302', '330304', '330324', '330326', '330381', '330782', '331004', '331081', '331082',
];
const yellow = [
  '330105', '330106', '330109', '330113', '330212', '330303', '330327', '330402', '330681', '330783', '331002', '331083',
];
const green = [
  '330127', '330328', '330329', '330624', '330727', '330824', '330921', '330922', '331124', '331125', '331126', '331127',
];

/** Three days later: one orange had become yellow, and of the blue only these were still blue. */
const calmed = '330203';
const stillBlue = [
  '330102', '330108', '330114', '330205', '330206', '330281', '330305', '330383', '330481', '330483', '330502', '330602',
  '330603', '330604', '330702', '330784', '331003',
];

const counties = localities.filter((l) => l.level === 'county' && l.validTo === null).map((l) => l.code);

function colouring(colourOf: (code: string) => MapColour): Record<string, MapColour> {
  return Object.fromEntries(counties.map((code) => [code, colourOf(code)]));
}

const first = colouring((code) => {
  if (red.includes(code)) return 'red';
  if (orange.includes(code)) return 'orange';
  if (yellow.includes(code)) return 'yellow';
  return green.includes(code) ? 'green' : 'blue';
});

const second = colouring((code) => {
  if (code === calmed) return 'yellow';
  if (first[code] === 'blue') return stillBlue.includes(code) ? 'blue' : 'green';
  return first[code] ?? 'blue';
});

export const fiveColourMaps: readonly FiveColourMap[] = [
  { day: '2020-02-09', colours: first },
  { day: '2020-02-12', colours: second },
];
