import type { ListItem } from '../../../shared/features/list/record.ts';
import type { Locality } from '../../../shared/features/locality/record.ts';
import { normalise } from '../../../shared/text/grams.ts';
import { telephone } from '../../../shared/text/telephone.ts';
import { takePlace } from '../parts/places.ts';

/**
 * A line typed or pasted at once (`王女士 199 0000 0126 上城区青年路3幢 发热咨询`) taken apart. Only what is certain is
 * taken; the rest stays as what was said, so that nothing is lost.
 */
export interface TakenApart {
  callerNumber: string;
  callerName: string;
  locality: string | null;
  address: string;
  topic: string | null;
  narrative: string;
}

const NAME = /(?:^|[\s,;])([\p{Script=Han}]{1,3}(?:女士|先生|小姐|阿姨|大爷|大妈|老师|师傅|同志|经理|医生))(?=$|[\s,;:\d])/u;
const NUMBER = /(?:\+86|0086)?[ -]?(?:1[3-9]\d(?:[ -]?\d{4}){2}|0\d{2,3}[ -]?\d{7,8}(?:转\d{1,6})?)(?!\d)/;

/** Words of the field that name a topic beyond its own name. */
const SIGNS: Record<string, readonly string[]> = {
  symptoms: ['发热', '发烧', '咳嗽', '体温', '密接', '接触史', '确诊'],
  affectedArea: ['武汉回', '湖北回', '自武汉', '疫区', '外地返', '返杭', '返浙'],
  hazard: ['泄漏', '爆炸', '起火', '着火', '事故', '险情', '坍塌'],
  supplies: ['口罩', '防护服', '消毒液', '酒精', '物资'],
  restart: ['复工', '开工', '复产'],
  psychology: ['失眠', '焦虑', '心理', '害怕'],
  complaint: ['投诉', '举报', '涨价', '聚集'],
};

/** Whether a text is more than one field's worth. */
export const looksLikeLine = (text: string): boolean => text.length >= 8 && /\p{Script=Han}/u.test(text) && /\d{7,}|[\s,，;；]/.test(text.replace(/(\d)[ -](?=\d)/g, '$1'));

export function takeApart(line: string, known: { localities: readonly Locality[]; topics: readonly ListItem[] }): TakenApart {
  let rest = ` ${line.normalize('NFKC').trim()} `;
  const out: TakenApart = { callerNumber: '', callerName: '', locality: null, address: '', topic: null, narrative: '' };

  const number = NUMBER.exec(rest)?.[0];
  if (number && telephone(number) !== null) {
    out.callerNumber = telephone(number) ?? '';
    rest = rest.replace(number, ' ');
  }
  const name = NAME.exec(rest)?.[1];
  if (name) {
    out.callerName = name;
    rest = rest.replace(name, ' ');
  }
  const pieces = rest.split(/[\s,;。]+/).filter(Boolean);
  const said: string[] = [];
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i] as string;
    const place = out.locality === null ? takePlace(piece, known.localities) : null;
    if (!place) {
      said.push(piece);
      continue;
    }
    // `杭州 上城区 青年路3幢`: names that follow belong to the same place.
    let whole = piece;
    let best = place;
    while (i + 1 < pieces.length) {
      const more = takePlace(`${whole} ${pieces[i + 1]}`, known.localities);
      if (!more || more.locality.code === best.locality.code) break;
      best = more;
      whole = `${whole} ${pieces[++i]}`;
    }
    out.locality = best.locality.code;
    let address = best.rest;
    const next = pieces[i + 1];
    if (address === '' && next !== undefined && /[路街巷弄里村号幢栋楼室院苑社区镇乡]/.test(next)) {
      address = next;
      i++;
    }
    out.address = address;
  }
  out.narrative = said.join(' ');
  out.topic = topicOf(normalise(line), known.topics);
  return out;
}

function topicOf(line: string, topics: readonly ListItem[]): string | null {
  const named = topics.find((t) => line.includes(normalise(t.name.zh)));
  if (named) return named.code;
  const hits = topics
    .map((t) => ({ code: t.code, n: (SIGNS[t.code] ?? []).filter((sign) => line.includes(sign)).length }))
    .filter(({ n }) => n > 0)
    .sort((a, b) => b.n - a.n);
  // Two topics named equally often: the person decides.
  return hits[0] && hits[0].n !== hits[1]?.n ? hits[0].code : null;
}
