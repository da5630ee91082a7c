import { seeded } from '../../../server/testing/seeded.ts';
import type { Call } from '../../../shared/features/call/record.ts';

/** Made-up calls in Chinese; the numbers lie in ranges that are not in service. Call `i` of a seed is always the same. */
export const topics = ['symptoms', 'affectedArea', 'supplies', 'restart', 'hazard', 'complaint', 'advice', 'psychology', 'other'] as const;
export const units = Array.from({ length: 40 }, (_, i) => `unit${i}`);
export const DAYS = 400;
export const LAST = Date.UTC(2021, 1, 5, 4);
const counties = ['上城区', '下城区', '江干区', '拱墅区', '西湖区', '滨江区', '萧山区', '余杭区', '富阳区', '临安区'];
const streets = ['湖滨街道', '清波街道', '小营街道', '望江街道', '南星街道', '紫阳街道', '凯旋街道', '采荷街道', '米市巷街道', '祥符街道', '文新街道', '北山街道', '转塘街道', '浦沿街道', '河庄镇', '瓜沥镇', '塘栖镇', '良渚街道', '新登镇', '昌化镇'];
/** Nine digits, county and street: `330102003`. */
export const localities = counties.flatMap((_, c) => streets.map((__, s) => `3301${String(c + 2).padStart(2, '0')}${String(s + 1).padStart(3, '0')}`));

const surnames = '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙史陶贺毛郝顾龚邵万钱严武戴莫孔向汤';
const given = '伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲建国华志红梅波鹏飞鑫宇浩然子轩雨桐欣怡梓涵思远嘉怡佳琪晨曦一诺';
const roads = ['青年路', '解放路', '延安路', '文三路', '古墩路', '建国北路', '秋涛路', '凤起路', '体育场路', '莫干山路', '学院路', '江南大道', '市心路', '人民大道', '环城西路', '朝晖路'];
const who = ['本人', '家中老人', '同住的父亲', '孩子', '丈夫', '邻居', '同事', '房东', '一名租客', '小区保安', '孕妇', '一位独居老人'];
const since = ['昨晚起', '今早起', '两天前开始', '三天了', '上周五起', '刚才', '一直'];
const parts: Record<(typeof topics)[number], readonly (readonly string[])[]> = {
  symptoms: [['发热 38.2℃', '发热 37.6℃', '咳嗽、乏力', '发烧伴咽痛', '腹泻、没有胃口', '胸闷气短', '哮喘发作'], ['近期未外出', '去过菜场', '从外地返杭', '与确诊者同乘过地铁', '在药店买过退烧药'], ['问去哪个发热门诊', '问能否上门做核酸', '问要不要隔离', '请派救护车']],
  affectedArea: [['从湖北返杭', '从温州返杭', '自武汉驾车回来', '刚下火车'], ['同行三人', '独自一人', '带一个孩子'], ['问如何报备', '问隔离几天', '社区不让进小区', '健康码显示黄码']],
  supplies: [['口罩只剩一天', '酒精用完了', '防护服不够', '消毒液缺货', '额温枪坏了', '急需胰岛素', '透析病人缺药'], ['药店都买不到', '网上不发货', '门岗要用', '养老院要用'], ['问哪里能领', '请求调拨', '问能否配送到家']],
  restart: [['企业申请复工', '厂里准备复工', '工地要开工', '餐馆想恢复堂食'], ['两百名工人在外地', '口罩储备五天', '宿舍不够隔离', '审批表已交'], ['问卡在哪个环节', '问找谁审核', '问员工要不要核酸']],
  hazard: [['仓库闻到氯气味', '有人囤放酒精', '消毒液和洁厕灵混用中毒', '管道泄漏', '电瓶车楼道充电冒烟'], ['附近有学校', '楼上有人居住', '暂无人员受伤', '一人头晕'], ['请派人查看', '已报 119', '问如何疏散']],
  complaint: [['投诉药店口罩涨价', '投诉邻居聚众打牌', '投诉物业不消毒', '投诉快递不让进小区', '投诉公司强制上班'], ['已反映两次', '有照片', '不愿留联系方式'], ['要求答复', '要求查处', '请转相关部门']],
  advice: [['问高速是否封路', '问公交何时恢复', '问开学时间', '问婚礼能否办', '问宠物能否寄养'], ['查过公告没看懂', '各处说法不一'], ['请解释政策', '请给联系电话']],
  psychology: [['失眠多日', '整天害怕', '隔离在家情绪低落', '孩子不肯出房间', '与家人争吵'], ['没有伤害自己的念头', '家人陪着', '独居'], ['想找人说说', '问心理热线', '请回电']],
  other: [['找不到走失的老人', '轮椅借用', '丢了身份证', '想做志愿者', '捐款捐物'], ['在小区门口', '在医院', '在单位'], ['问怎么办', '请记录', '请回电']],
};
const replies = ['已告知就近发热门诊及乘车注意事项', '已联系社区上门', '已转药监部门核查', '已说明政策并发送链接', '已安排配送', '建议居家观察，如加重再来电'];
const stagesOf = (r: number): Call['stage'] => (r < 0.9 ? 'rated' : r < 0.95 ? 'calledBack' : r < 0.97 ? 'finished' : r < 0.98 ? 'answered' : r < 0.99 ? 'sentBack' : 'calledBack');

export class Caller {
  /** `last`: when the last of them rang, milliseconds since 1970; `days`: how far back the first lies; `places`: codes of a board, instead of made-up ones. */
  constructor(private readonly seed: number, private readonly last = LAST, private readonly days = DAYS, private readonly places: readonly string[] | null = null) {}

  at(i: number, of: number): ReturnType<Caller['call']> {
    return this.call(i, of);
  }

  call(i: number, of: number): { body: Partial<Call> & { number: string; placeWords: string }; personal: Record<string, string> } {
    const { next } = seeded(this.seed * 1_000_003 + i);
    const one = <T>(list: ArrayLike<T>): T => list[Math.floor(next() * list.length)] as T;
    const ago = ((of - 1 - i) / of) * this.days;
    const rung = Math.floor(this.last - ago * 86_400_000);
    const topic = one(topics);
    const c = Math.floor(next() * counties.length);
    const s = Math.floor(next() * streets.length);
    const day = new Date(rung + 8 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '');
    const recent = ago < 3;
    const told = parts[topic].map((p) => one(p));
    const personal: Record<string, string> = {
      callerNumber: `199${String(Math.floor(next() * 1e8)).padStart(8, '0')}`,
      callerName: next() < 0.5 ? `${one(surnames)}${one(['女士', '先生'])}` : `${one(surnames)}${one(given)}${next() < 0.7 ? one(given) : ''}`,
      address: `${one(roads)} ${1 + Math.floor(next() * 400)} 号 ${1 + Math.floor(next() * 30)} 幢 ${101 + Math.floor(next() * 1800)} 室`,
      narrative: `${one(who)}${one(since)}${told.join('，')}。${next() < 0.4 ? `${one(who)}${one(parts[one(topics)][1] ?? [])}，${one(['请尽快', '不急', '已等很久', '第二次来电'])}。` : ''}`,
    };
    if (!recent && next() < 0.6) personal.reply = one(replies);
    return {
      body: {
        number: `${day}-${String(1 + (i % 2_600)).padStart(4, '0')}`,
        rung,
        answered: rung + 5_000,
        ended: rung + 150_000,
        topic,
        urgency: next() < 0.1 ? 'urgent' : 'normal',
        locality: this.places ? one(this.places) : `3301${String(c + 2).padStart(2, '0')}${String(s + 1).padStart(3, '0')}`,
        placeWords: `杭州市 ${counties[c]} ${streets[s]} Hangzhou City County ${c} Street ${s}`,
        unit: next() < 0.9 ? one(units) : null,
        stage: recent && next() < 0.3 ? one(['accepted', 'dispatched', 'inHand', 'urged'] as const) : stagesOf(next()),
        stageSince: rung + 3_600_000,
        operator: `接线员 ${one(surnames)}`,
      },
      personal,
    };
  }
}
