import type { Calendar } from './calendar/record.ts';
import type { Limit } from './limit/record.ts';
import { firstPrompts } from './list/prompts.ts';
import type { ListItem, ListName } from './list/record.ts';
import type { Unit } from './unit/record.ts';
import { defaultRules } from './rule/defaults.ts';

/**
 * What a new board starts with, sent through the ordinary commands at a first run; from then on an administrator's to
 * change. Times are what district hotlines of early 2020 promised: symptoms within the half hour, the rest within the day.
 */

type Line = Omit<ListItem, 'active'>;
const on = (lines: Line[]): ListItem[] => lines.map((l) => ({ ...l, active: true }));

export const defaultUnits: readonly Pick<Unit, 'code' | 'name' | 'sort' | 'localities'>[] = [
  { code: 'command', name: { zh: '指挥中心', en: 'Command centre' }, sort: 'centre', localities: [] },
  { code: 'health', name: { zh: '卫生健康局', en: 'Health bureau' }, sort: 'department', localities: [] },
  { code: 'economy', name: { zh: '经济和信息化局', en: 'Economy bureau' }, sort: 'department', localities: [] },
  { code: 'emergency', name: { zh: '应急管理局', en: 'Emergency bureau' }, sort: 'department', localities: [] },
  { code: 'traffic', name: { zh: '交通运输局', en: 'Transport bureau' }, sort: 'department', localities: [] },
  { code: 'police', name: { zh: '公安局', en: 'Police' }, sort: 'department', localities: [] },
  { code: 'civil', name: { zh: '民政局', en: 'Civil affairs bureau' }, sort: 'department', localities: [] },
  { code: 'market', name: { zh: '市场监督管理局', en: 'Market bureau' }, sort: 'department', localities: [] },
  { code: 'labour', name: { zh: '人力资源和社会保障局', en: 'Labour bureau' }, sort: 'department', localities: [] },
  { code: 'supplies', name: { zh: '物资保障组', en: 'Supplies group' }, sort: 'team', localities: [] },
  { code: 'rescue', name: { zh: '应急救援队', en: 'Rescue team' }, sort: 'team', localities: [] },
  { code: 'hubin', name: { zh: '湖滨街道', en: 'Hubin Subdistrict' }, sort: 'street', localities: ['330102'] },
  { code: 'qingbo', name: { zh: '清波街道', en: 'Qingbo Subdistrict' }, sort: 'street', localities: ['330102'] },
  { code: 'xiaoying', name: { zh: '小营街道', en: 'Xiaoying Subdistrict' }, sort: 'street', localities: ['330102'] },
];

export const defaultLists: Record<ListName, ListItem[]> = {
  topics: on([
    { code: 'symptoms', name: { zh: '症状或接触史', en: 'Symptoms or exposure' }, urgency: 'urgent', unit: 'health' },
    { code: 'affectedArea', name: { zh: '涉疫地区来人', en: 'From an affected area' }, urgency: 'urgent', unit: 'health' },
    { code: 'hazard', name: { zh: '险情事故', en: 'Hazard or accident' }, urgency: 'urgent', unit: 'emergency' },
    { code: 'supplies', name: { zh: '物资需求', en: 'Supplies needed' }, urgency: 'soon', unit: 'supplies' },
    { code: 'restart', name: { zh: '企业复工', en: 'Restarting a business' }, urgency: 'soon', unit: 'economy' },
    { code: 'psychology', name: { zh: '心理援助', en: 'Psychological help' }, urgency: 'soon', unit: 'health' },
    { code: 'complaint', name: { zh: '投诉举报', en: 'Complaint' }, urgency: 'soon', unit: 'market' },
    // Answered where it is asked: nobody else need be sent.
    { code: 'advice', name: { zh: '咨询建议', en: 'Advice' }, urgency: 'normal' },
    { code: 'other', name: { zh: '其他', en: 'Other' }, urgency: 'normal' },
  ]).map((t) => ({ ...t, prompts: firstPrompts[t.code] ?? [] })),
  items: on([
    { code: 'masks', name: { zh: '一次性医用口罩', en: 'Disposable medical masks' }, measure: { zh: '只', en: 'pieces' } },
    { code: 'n95', name: { zh: 'N95 口罩', en: 'N95 respirators' }, measure: { zh: '只', en: 'pieces' } },
    { code: 'protective', name: { zh: '医用防护服', en: 'Protective clothing' }, measure: { zh: '套', en: 'sets' } },
    { code: 'goggles', name: { zh: '护目镜', en: 'Goggles' }, measure: { zh: '副', en: 'pairs' } },
    { code: 'gloves', name: { zh: '医用手套', en: 'Medical gloves' }, measure: { zh: '双', en: 'pairs' } },
    // GB 12268: hypochlorite solution, UN 1791, class 8.
    { code: 'hypochlorite', name: { zh: '次氯酸钠消毒液', en: 'Sodium hypochlorite disinfectant' }, measure: { zh: '桶', en: 'barrels' }, hazard: 'corrosive' },
    // GB 12268: calcium hypochlorite, UN 1748, class 5.1.
    { code: 'bleachingPowder', name: { zh: '漂白粉', en: 'Bleaching powder' }, measure: { zh: '袋', en: 'bags' }, hazard: 'oxidising' },
    // GB 12268: ethanol solution, UN 1170, class 3.
    { code: 'alcohol', name: { zh: '75% 医用酒精', en: 'Medical alcohol, 75%' }, measure: { zh: '升', en: 'litres' }, hazard: 'flammable' },
    { code: 'thermometers', name: { zh: '测温枪', en: 'Thermometers' }, measure: { zh: '把', en: 'pieces' } },
    { code: 'food', name: { zh: '生活必需品', en: 'Food and necessities' }, measure: { zh: '箱', en: 'boxes' } },
  ]),
  trades: on([
    { code: 'medicalSupplies', name: { zh: '医用物资生产', en: 'Medical supplies' } },
    { code: 'disinfectants', name: { zh: '消毒用品生产', en: 'Disinfectants' } },
    { code: 'chemicals', name: { zh: '化工', en: 'Chemicals' } },
    { code: 'machinery', name: { zh: '机械制造', en: 'Machinery' } },
    { code: 'electronics', name: { zh: '电子信息', en: 'Electronics' } },
    { code: 'textiles', name: { zh: '纺织服装', en: 'Textiles and clothing' } },
    { code: 'food', name: { zh: '食品加工', en: 'Food processing' } },
    { code: 'building', name: { zh: '建筑施工', en: 'Building' } },
    { code: 'logistics', name: { zh: '物流仓储', en: 'Logistics and storage' } },
    { code: 'trade', name: { zh: '商贸服务', en: 'Trade and services' } },
    { code: 'otherTrade', name: { zh: '其他', en: 'Other' } },
  ]),
  difficulties: on([
    { code: 'hands', name: { zh: '用工不足', en: 'Staff shortage' }, unit: 'labour' },
    { code: 'materials', name: { zh: '原料短缺', en: 'Raw materials' }, unit: 'economy' },
    { code: 'transport', name: { zh: '运输受阻', en: 'Transport' }, unit: 'traffic' },
    { code: 'funds', name: { zh: '资金紧张', en: 'Funds' }, unit: 'economy' },
    { code: 'protective', name: { zh: '防护物资不足', en: 'Protective supplies' }, unit: 'supplies' },
    { code: 'permits', name: { zh: '手续待办', en: 'Permits' }, unit: 'economy' },
    { code: 'otherDifficulty', name: { zh: '其他', en: 'Other' } },
  ]),
  recipients: on([
    { code: 'provinceCommittee', name: { zh: '省委值班室', en: 'Provincial committee, duty room' } },
    { code: 'provinceGovernment', name: { zh: '省政府值班室', en: 'Provincial government, duty room' } },
    { code: 'provinceEmergency', name: { zh: '省应急管理厅', en: 'Provincial emergency department' } },
    { code: 'provinceHealth', name: { zh: '省卫生健康委', en: 'Provincial health commission' } },
    { code: 'provincePolice', name: { zh: '省公安厅', en: 'Provincial police department' } },
  ]),
  purposes: on([
    { code: 'callBack', name: { zh: '回拨核实', en: 'Calling back to check' } },
    { code: 'dispatch', name: { zh: '派单需要', en: 'Needed for dispatch' } },
    { code: 'review', name: { zh: '督办核查', en: 'Follow-up or review' } },
    { code: 'request', name: { zh: '本人要求', en: "At the person's own request" } },
    { code: 'other', name: { zh: '其他（须写明）', en: 'Other (say what for)' } },
  ]),
};

/**
 * Time limits a new board starts with. Orders of an emergency are answered by the clock, day and night; what an office does
 * is counted in working days.
 */
export const defaultLimits: readonly Omit<Limit, 'active'>[] = [
  // Of calls: by the urgency of their topic, and for topics that have one of their own.
  { code: 'call-urgent', name: { zh: '紧急来电', en: 'Urgent calls' }, use: 'call', amount: 30, unit: 'minutes', remindBefore: 10, urgeAfter: 0, escalateAfter: 15 },
  { code: 'call-soon', name: { zh: '较急来电', en: 'Calls to answer soon' }, use: 'call', amount: 240, unit: 'minutes', remindBefore: 60, urgeAfter: 0, escalateAfter: 60 },
  { code: 'call-normal', name: { zh: '一般来电', en: 'Other calls' }, use: 'call', amount: 1_440, unit: 'minutes', remindBefore: 240, urgeAfter: 0, escalateAfter: 240 },
  { code: 'call-affectedArea', name: { zh: '涉疫地区来人', en: 'From an affected area' }, use: 'call', amount: 60, unit: 'minutes', remindBefore: 15, urgeAfter: 0, escalateAfter: 30 },
  { code: 'call-restart', name: { zh: '企业复工', en: 'Restarting a business' }, use: 'call', amount: 480, unit: 'minutes', remindBefore: 120, urgeAfter: 0, escalateAfter: 120 },
  { code: 'call-psychology', name: { zh: '心理援助', en: 'Psychological help' }, use: 'call', amount: 120, unit: 'minutes', remindBefore: 30, urgeAfter: 0, escalateAfter: 30 },
  { code: 'call-complaint', name: { zh: '投诉举报', en: 'Complaints' }, use: 'call', amount: 1_440, unit: 'minutes', remindBefore: 240, urgeAfter: 0, escalateAfter: 240 },
  { code: 'orderHour', name: { zh: '1 小时（特急）', en: '1 hour (most urgent)' }, use: 'order', amount: 60, unit: 'minutes', remindBefore: 15, urgeAfter: 0, escalateAfter: 15 },
  { code: 'orderFour', name: { zh: '4 小时（加急）', en: '4 hours (urgent)' }, use: 'order', amount: 240, unit: 'minutes', remindBefore: 60, urgeAfter: 0, escalateAfter: 60 },
  { code: 'orderDay', name: { zh: '24 小时', en: '24 hours' }, use: 'order', amount: 1_440, unit: 'minutes', remindBefore: 240, urgeAfter: 0, escalateAfter: 240 },
  { code: 'orderThreeDays', name: { zh: '3 个工作日', en: '3 working days' }, use: 'order', amount: 3, unit: 'workingDays', remindBefore: 210, urgeAfter: 0, escalateAfter: 420 },
  { code: 'orderFiveDays', name: { zh: '5 个工作日', en: '5 working days' }, use: 'order', amount: 5, unit: 'workingDays', remindBefore: 420, urgeAfter: 0, escalateAfter: 420 },
  { code: 'reportTelephone', name: { zh: '突发事件电话报告', en: 'Incident report by telephone' }, use: 'upwardReport', amount: 30, unit: 'minutes', remindBefore: 10, urgeAfter: 0, escalateAfter: 10 },
  { code: 'reportWritten', name: { zh: '突发事件书面报告', en: 'Incident report in writing' }, use: 'upwardReport', amount: 60, unit: 'minutes', remindBefore: 15, urgeAfter: 0, escalateAfter: 15 },
];

const festivals = {
  newYear: { zh: '元旦', en: 'New Year' },
  spring: { zh: '春节', en: 'Spring Festival' },
  qingming: { zh: '清明节', en: 'Qingming' },
  labour: { zh: '劳动节', en: 'Labour Day' },
  dragonBoat: { zh: '端午节', en: 'Dragon Boat Festival' },
  midAutumn: { zh: '中秋节', en: 'Mid-Autumn Festival' },
  national: { zh: '国庆节', en: 'National Day' },
  both: { zh: '国庆节、中秋节', en: 'National Day and Mid-Autumn' },
} as const;
const off = (name: keyof typeof festivals, from: string, to = from): Calendar['off'][number] => ({ from, to, name: festivals[name] });

/**
 * 国务院办公厅关于…年部分节假日安排的通知, one a year; `source` names each by its number, which an administrator's page
 * shows. Every day below was compared with the notices' own text, in November 2026: 国办发明电〔2019〕16号 (21 November 2019) with
 * 〔2020〕1号 (26 January 2020, the Spring Festival lasts until 2 February, so that 1 February was no longer worked), 〔2023〕7号
 * (25 October 2023), 〔2024〕12号 (12 November 2024), 〔2025〕7号 (4 November 2025). Other years are the administrator's to enter.
 */
export const defaultCalendars: readonly Pick<Calendar, 'year' | 'off' | 'on' | 'source'>[] = [
  {
    year: 2020,
    source: '国办发明电〔2019〕16号、国办发明电〔2020〕1号',
    off: [
      off('newYear', '2020-01-01'),
      off('spring', '2020-01-24', '2020-02-02'),
      off('qingming', '2020-04-04', '2020-04-06'),
      off('labour', '2020-05-01', '2020-05-05'),
      off('dragonBoat', '2020-06-25', '2020-06-27'),
      off('both', '2020-10-01', '2020-10-08'),
    ],
    on: ['2020-01-19', '2020-04-26', '2020-05-09', '2020-06-28', '2020-09-27', '2020-10-10'],
  },
  {
    year: 2024,
    source: '国办发明电〔2023〕7号',
    off: [
      off('newYear', '2024-01-01'),
      off('spring', '2024-02-10', '2024-02-17'),
      off('qingming', '2024-04-04', '2024-04-06'),
      off('labour', '2024-05-01', '2024-05-05'),
      off('dragonBoat', '2024-06-10'),
      off('midAutumn', '2024-09-15', '2024-09-17'),
      off('national', '2024-10-01', '2024-10-07'),
    ],
    on: ['2024-02-04', '2024-02-18', '2024-04-07', '2024-04-28', '2024-05-11', '2024-09-14', '2024-09-29', '2024-10-12'],
  },
  {
    year: 2025,
    source: '国办发明电〔2024〕12号',
    off: [
      off('newYear', '2025-01-01'),
      off('spring', '2025-01-28', '2025-02-04'),
      off('qingming', '2025-04-04', '2025-04-06'),
      off('labour', '2025-05-01', '2025-05-05'),
      off('dragonBoat', '2025-05-31', '2025-06-02'),
      off('both', '2025-10-01', '2025-10-08'),
    ],
    on: ['2025-01-26', '2025-02-08', '2025-04-27', '2025-09-28', '2025-10-11'],
  },
  {
    year: 2026,
    source: '国办发明电〔2025〕7号',
    off: [
      off('newYear', '2026-01-01', '2026-01-03'),
      off('spring', '2026-02-15', '2026-02-23'),
      off('qingming', '2026-04-04', '2026-04-06'),
      off('labour', '2026-05-01', '2026-05-05'),
      off('dragonBoat', '2026-06-19', '2026-06-21'),
      off('midAutumn', '2026-09-25', '2026-09-27'),
      off('national', '2026-10-01', '2026-10-07'),
    ],
    on: ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'],
  },
];

const set = <T>(to: T): { from: null; to: T } => ({ from: null, to });
const setAll = (fields: object): Record<string, unknown> => Object.fromEntries(Object.entries(fields).map(([field, to]) => [field, set(to)]));

/** Units, lists, limits and calendars as the commands that bring them onto a board, each with a name of its own. */
export function defaultCommands(): [type: string, name: string, body: Record<string, unknown>][] {
  return [
    ...defaultUnits.map(({ code, ...rest }): [string, string, Record<string, unknown>] => ['unit.save', code, { code, create: true, changes: setAll(rest) }]),
    ...Object.entries(defaultLists).map(([name, items]): [string, string, Record<string, unknown>] => ['list.save', name, { name, items: items.map((to) => ({ from: null, to })) }]),
    ...defaultLimits.map(({ code, ...rest }): [string, string, Record<string, unknown>] => ['limit.save', code, { code, create: true, changes: setAll(rest) }]),
    ...defaultCalendars.map(({ year, ...rest }): [string, string, Record<string, unknown>] => ['calendar.save', String(year), { year, create: true, changes: setAll(rest) }]),
    ...defaultRules.map(({ code, ...rest }): [string, string, Record<string, unknown>] => ['rule.save', code, { code, create: true, changes: setAll(rest) }]),
  ];
}
