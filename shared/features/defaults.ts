import type { ListItem, ListName } from './list/record.ts';
import type { Unit } from './unit/record.ts';

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
    { code: 'symptoms', name: { zh: '症状或接触史', en: 'Symptoms or exposure' }, urgency: 'urgent', minutes: 30, unit: 'health' },
    { code: 'affectedArea', name: { zh: '涉疫地区来人', en: 'Came from an affected area' }, urgency: 'urgent', minutes: 60, unit: 'health' },
    { code: 'hazard', name: { zh: '险情事故', en: 'Hazard or accident' }, urgency: 'urgent', minutes: 30, unit: 'emergency' },
    { code: 'supplies', name: { zh: '物资需求', en: 'Supplies wanted' }, urgency: 'soon', minutes: 240, unit: 'supplies' },
    { code: 'restart', name: { zh: '企业复工', en: 'Restart of an enterprise' }, urgency: 'soon', minutes: 480, unit: 'economy' },
    { code: 'psychology', name: { zh: '心理援助', en: 'Psychological help' }, urgency: 'soon', minutes: 120, unit: 'health' },
    { code: 'complaint', name: { zh: '投诉举报', en: 'Complaint' }, urgency: 'soon', minutes: 1_440, unit: 'market' },
    // Answered where it is asked: nobody else need be sent.
    { code: 'advice', name: { zh: '咨询建议', en: 'Advice' }, urgency: 'normal', minutes: 1_440 },
    { code: 'other', name: { zh: '其他', en: 'Other' }, urgency: 'normal', minutes: 1_440 },
  ]),
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
    { code: 'alcohol', name: { zh: '75% 医用酒精', en: 'Medical alcohol, 75 %' }, measure: { zh: '升', en: 'litres' }, hazard: 'flammable' },
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
    { code: 'hands', name: { zh: '用工不足', en: 'Too few hands' }, unit: 'labour' },
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
};
