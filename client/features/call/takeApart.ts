import type { ListItem } from '../../../shared/features/list/record.ts';
import type { Locality } from '../../../shared/features/locality/record.ts';
import { normalise } from '../../../shared/text/grams.ts';
import { telephone, withheld } from '../../../shared/text/telephone.ts';
import { placeAt } from '../parts/places.ts';

/**
 * A line typed or pasted at once (`王女士 199 0000 0126 上城区青年路3幢 发热咨询`) taken apart, in whatever order its parts come, with
 * signs between them or none. Only what is certain is taken; the rest stays as what was said: every character of the line
 * stands in one of the spans, and each span's text in its field.
 */
export interface TakenApart {
  callerNumber: string;
  callerName: string;
  locality: string | null;
  address: string;
  topic: string | null;
  narrative: string;
  /** Of the line as it was typed, in order, without holes. */
  spans: Span[];
}
export interface Span {
  /** `gap`: nothing but what stands between two parts. */
  field: 'callerNumber' | 'callerName' | 'place' | 'address' | 'narrative' | 'gap';
  from: number;
  to: number;
}

const SURNAMES =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝';
const COMPOUND = '欧阳|司马|上官|诸葛|司徒|夏侯|皇甫|尉迟|公孙|慕容|长孙|东方|令狐|宇文|端木|南宫|百里|钟离';
const TITLE = '女士|先生|小姐|阿姨|大爷|大妈|大叔|大伯|奶奶|爷爷|老师|师傅|同志|经理|医生|护士|主任|书记|老板';
/** `王女士`, `王小明先生`: told by its surname and title wherever it stands. */
const NAME = new RegExp(`(?:${COMPOUND}|[${SURNAMES}])\\p{Script=Han}{0,2}?(?:${TITLE})`, 'gu');
/** Between two signs, a title is enough: `房东阿姨`. */
const ALONE = new RegExp(`(?<=^|[\\s,;、。:])\\p{Script=Han}{1,3}(?:${TITLE})(?=$|[\\s,;、。:\\d])`, 'gu');

const MOBILE = '1[3-9]\\d(?:[ -]?\\d{4}[ -]?\\d{4}|[ -]?\\d{3}[ -]?\\d{5}|\\d[ -]?\\d{3}[ -]?\\d{4})';
const LANDLINE = '\\(?0(?:10|2\\d|[3-9]\\d{2})\\)?[ -]?[2-9]\\d{2,3}[ -]?\\d{4}';
const FREE = '[48]00[ -]?\\d{3,4}[ -]?\\d{3,4}';
const ABROAD = '\\+(?!86)[1-9]\\d{0,2}(?:[ -]?\\(?\\d{1,4}\\)?){2,5}';
const EXTENSION = '(?: ?(?:转|分机|ext\\.?|#) ?\\d{1,6}|-\\d{1,6})?';
const HOME = '(?:\\(?(?:\\+86|0086|86(?=[ -]?1[3-9]))\\)?[ -]?)?';
/** Bare local numbers look like dates and orders: taken only where they are called a number. */
const LOCAL = '(?<=(?:电话|号码|座机|致电|tel)[:： ]?)[2-9]\\d{2,3}[ -]?\\d{4}';
const NUMBER = new RegExp(`(?<![\\d+])(?:${HOME}(?:${MOBILE}(?: ?(?:转|分机) ?\\d{1,6})?|(?:${LANDLINE}|${FREE})${EXTENSION})|(?:\\+86|0086)[ -]?[1-9]\\d{1,2}[ -]?[2-9]\\d{2,3}[ -]?\\d{4}${EXTENSION}|${ABROAD}|${LOCAL}${EXTENSION})(?!\\d)`, 'gi');

const NAMED = '(?:路|街|巷|弄|大道|社区|小区|新村|公寓|花园|家园|人家|大厦|广场|苑|坊|村|园区|嘉园|名邸|里|园|庭|府|城)';
const HOUSE = '(?:号楼|号院|幢|栋|座|单元|室)';
const AFTER = `(?:[ ]?(?:\\d+|[一二三四五六七八九十]+)(?:-\\d+)*(?:号楼|号|幢|栋|座|弄|单元|室|层|楼|组)|-?\\d+(?!\\d*\\.))*`;
/** A road or an estate with its number; an estate's house; a road or estate alone. Never as far as a sign. */
const ADDRESS = [
  new RegExp(`^[\\p{Script=Han}\\w]{1,14}?${NAMED}[ ]?\\d+(?:-\\d+)*(?:号楼|号院|号|幢|栋|座|弄|单元|室|组)${AFTER}`, 'u'),
  new RegExp(`^[\\p{Script=Han}\\w]{1,12}?[ ]?\\d+(?:-\\d+)*${HOUSE}${AFTER}`, 'u'),
  /^(?:[\p{Script=Han}\w]{1,8}?(?:路|街|巷|大道|社区|小区|新村|公寓|花园|家园|人家|大厦|广场|苑|坊)(?!上|边|里)){1,3}/u,
];

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
export function looksLikeLine(text: string): boolean {
  const flat = halfWidth(text);
  if (flat.length < 8 || !/\p{Script=Han}/u.test(flat)) return false;
  // A number with its extension is one field's.
  return telephone(text) === null && !withheld(text) && /\d{7,}|[\s,;、。]/.test(flat.replace(/(\d)[ -](?=\d)/g, '$1'));
}

/** Full-width signs as half-width ones and small letters, each in its place: positions stay those of the line. */
function halfWidth(line: string): string {
  return line.replace(/[\uff01-\uff5e\u3000A-Z]/g, (c) => (c === '\u3000' ? ' ' : c >= 'A' && c <= 'Z' ? c.toLowerCase() : String.fromCharCode(c.charCodeAt(0) - 0xfee0).toLowerCase()));
}

/** Who, where and from which number are said at the beginning; what comes behind is what was said. */
const LOOKED_AT = 600;

const GAP = /[\s,;、。:·]/;

export function takeApart(line: string, known: { localities: readonly Locality[]; topics: readonly ListItem[] }): TakenApart {
  const flat = halfWidth(line.slice(0, LOOKED_AT));
  const out: TakenApart = { callerNumber: '', callerName: '', locality: null, address: '', topic: topicOf(normalise(line), known.topics), narrative: '', spans: [] };
  const taken: Span[] = [];
  const free = (from: number, to: number): boolean => taken.every((t) => to <= t.from || from >= t.to);
  const take = (field: Span['field'], from: number, to: number): void => void taken.push({ field, from, to });
  /** A sign, an end of the line, or a part already taken. */
  const edge = (at: number): boolean => at < 0 || at >= flat.length || GAP.test(flat.charAt(at)) || !free(at, at + 1);

  for (const found of flat.matchAll(NUMBER)) {
    const number = telephone(found[0]);
    if (number === null) continue;
    out.callerNumber = number;
    take('callerNumber', found.index, found.index + found[0].length);
    break;
  }
  if (out.callerNumber === '') {
    for (const piece of flat.matchAll(/[^\s,;、。:]+/g)) {
      if (!withheld(piece[0])) continue;
      out.callerNumber = line.slice(piece.index, piece.index + piece[0].length);
      take('callerNumber', piece.index, piece.index + piece[0].length);
      break;
    }
  }

  const place = placeIn(flat, known.localities, edge, free);
  if (place) {
    out.locality = place.code;
    take('place', place.from, place.to);
    let from = place.to;
    while (from < flat.length && /[\s,;、。]/.test(flat.charAt(from))) from++;
    const rest = flat.slice(from, Math.min(...taken.filter((t) => t.from >= from).map((t) => t.from), flat.length));
    // Across a sign too, where it is plainly an address.
    const address = ADDRESS.map((of) => of.exec(rest)?.[0]).find((m) => m !== undefined);
    if (address !== undefined) {
      const to = from + address.trimEnd().length;
      out.address = line.slice(from, to);
      take('address', from, to);
    }
  }

  const names = [...flat.matchAll(ALONE), ...flat.matchAll(NAME)].filter((m) => free(m.index, m.index + m[0].length) && (edge(m.index - 1) || edge(m.index + m[0].length)));
  const [name] = names;
  if (name) {
    out.callerName = line.slice(name.index, name.index + name[0].length);
    take('callerName', name.index, name.index + name[0].length);
  }

  let at = 0;
  const said: string[] = [];
  for (const part of [...taken.sort((a, b) => a.from - b.from), { field: 'gap' as const, from: line.length, to: line.length }]) {
    if (part.from > at) {
      let [from, to] = [at, part.from];
      // What parts two fields belongs to neither; a full stop at the end of the line is the narrative's.
      while (from < to && GAP.test(flat.charAt(from))) from++;
      while (to > from && (part.to > part.from ? GAP : /\s/).test(flat.charAt(to - 1))) to--;
      if (from > at) out.spans.push({ field: 'gap', from: at, to: from });
      if (to > from) {
        said.push(line.slice(from, to));
        out.spans.push({ field: 'narrative', from, to });
      }
      if (part.from > to) out.spans.push({ field: 'gap', from: to, to: part.from });
    }
    if (part.to > part.from) out.spans.push(part);
    at = part.to;
  }
  out.narrative = said.join(' ');
  return out;
}

/** The place said most exactly; of two as exact the first. Inside a run of words only a name said in full counts. */
function placeIn(flat: string, localities: readonly Locality[], edge: (at: number) => boolean, free: (from: number, to: number) => boolean): { code: string; from: number; to: number } | null {
  let best: { code: string; from: number; to: number } | null = null;
  for (let from = 0; from < flat.length; from++) {
    if (!/\p{Script=Han}/u.test(flat.charAt(from)) || (best && from < best.to)) continue;
    const found = placeAt(flat, from, localities);
    if (!found || !free(from, found.end) || !(edge(from - 1) || found.full)) continue;
    if (!best || found.locality.code.replace(/0+$/, '').length > best.code.replace(/0+$/, '').length) best = { code: found.locality.code, from, to: found.end };
  }
  return best;
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
