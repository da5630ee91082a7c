/**
 * What the matcher is tuned by (what it is judged by: `judged.ts`). What people ring a hotline about, each matter in several wordings by several mouths: whoever lives there, whoever passes
 * by, whoever rings for a parent. Written down as operators write: in half sentences. Nothing here is read by the matcher;
 * words in braces are filled in by `world.ts`.
 */
export interface MatterType {
  name: string;
  /** What operators have filed it under, the usual first. */
  topics: readonly string[];
  /** Whose it is: one household's, or something a whole neighbourhood can see. */
  reach: 'home' | 'street';
  said: readonly string[];
  /** Choices made once for a matter. `a|b`: one thing, called so by one and otherwise by another. */
  slots?: Readonly<Record<string, readonly string[]>>;
}

/** What callers say in a world: matters, and what is said before and after whatever it is about. */
export interface Said {
  types: readonly MatterType[];
  openers: readonly string[];
  closers: readonly string[];
  /** By whoever rings about it again. */
  chasers: readonly string[];
  /** Where they live, if not at the usual names. */
  estates?: readonly string[];
}

const types: readonly MatterType[] = [
  {
    name: 'fever',
    topics: ['symptoms', 'advice'],
    reach: 'home',
    slots: { who: ['老人|老父亲', '母亲|老妈', '父亲|老爸', '婆婆|婆母'], degree: ['37.9', '38.2', '38.5', '38.8', '39.1'], days: ['两天', '三天', '一天'] },
    said: [
      '同住{who}发热{degree}度已{days}，未出过门，问去哪家发热门诊',
      '家里{who}烧到{degree}，{days}了还不退，要不要送医院，能不能派车',
      '{who}发烧{days}，体温{degree}，近期没有外出，咨询就诊',
      '{who}体温{degree}℃，持续{days}，社区能不能安排车送去看病',
      '上午打过电话，{who}还是{degree}度没退，{days}了，催问派车',
    ],
  },
  {
    name: 'cough',
    topics: ['symptoms'],
    reach: 'home',
    slots: { who: ['孩子|小朋友', '女儿', '儿子|小孩', '本人|来电人'], where: ['幼儿园', '火车站', '菜市场', '超市'], days: ['一天', '两天', '四天'] },
    said: [
      '{who}干咳{days}，上周去过{where}，问要不要做检测',
      '{who}咳嗽乏力已{days}，之前到过{where}，担心感染，问在哪里查',
      '问{who}咳了{days}要怎么办，前几天在{where}待过',
      '{who}去{where}后开始咳，{days}了，没有发热，是否需要上医院',
    ],
  },
  {
    name: 'returned',
    topics: ['affectedArea', 'complaint'],
    reach: 'street',
    slots: { from: ['外省', '邻省', '疫情较重地区', '外地'], n: ['一家三口|三口人', '两个人|两人', '一个小伙子|一名年轻人', '一对夫妻|夫妻俩'] },
    said: [
      '楼上{n}刚从{from}回来，没有登记，没有人上门',
      '反映同楼{n}自{from}返回后照常进出，未做隔离',
      '{n}昨晚从{from}开车回来住在这里，邻居不放心，要求社区去查',
      '举报有{from}回来的{n}隐瞒行程，天天下楼',
    ],
  },
  {
    name: 'certificate',
    topics: ['affectedArea', 'advice'],
    reach: 'home',
    slots: { from: ['1月22日', '1月24日', '1月20日'], use: ['上班', '租房', '乘车'] },
    said: [
      '{from}返杭，居家满14天，问解除隔离证明在哪里开，{use}要用',
      '隔离期已满，{from}回来的，单位{use}要证明，社区不给开',
      '{from}到的家，已经观察了两周，要开{use}用的健康证明',
      '咨询居家观察期满后的证明，{from}返回，{use}需要',
    ],
  },
  {
    name: 'gateMasks',
    topics: ['supplies'],
    reach: 'street',
    slots: { left: ['一天', '两天', '半天'], n: ['6', '8', '12'] },
    said: [
      '小区门岗{n}个人值守，口罩只够{left}，问哪里领',
      '物业反映保安口罩快没了，还能撑{left}，{n}名门岗',
      '卡口值守{n}人，防护口罩剩{left}的量，请求补给',
      '我们门口站岗的{n}位志愿者没口罩换，最多再用{left}',
    ],
  },
  {
    name: 'pharmacy',
    topics: ['supplies', 'complaint'],
    reach: 'street',
    slots: { shop: ['老百姓药店', '九洲药房', '华东大药房', '天天好大药房'], hour: ['五点', '六点', '七点'] },
    said: [
      '{shop}早上{hour}就排队，排到了说没货，口罩到底哪里买',
      '在{shop}门口从{hour}等到现在买不到口罩，人挤人',
      '{shop}口罩预约后取不到，{hour}去的，店员说卖完了',
      '反映{shop}每天{hour}聚集很多人抢购口罩，没人管秩序',
    ],
  },
  {
    name: 'nursing',
    topics: ['supplies'],
    reach: 'street',
    slots: { home: ['夕阳红养老院', '康乐养老院', '金色年华颐养中心'], what: ['消毒液', '酒精', '84'], n: ['两桶', '三桶', '五桶'] },
    said: [
      '{home}{what}用完了，想先要{n}',
      '养老院来电，{home}急缺{what}，能否今天送{n}',
      '{home}里住着几十位老人，{what}见底，需要{n}',
      '家属反映{home}没有{what}做消杀，希望支援{n}',
    ],
  },
  {
    name: 'thermometer',
    topics: ['supplies'],
    reach: 'street',
    slots: { n: ['两把', '三把', '四把'], place: ['东门', '南门', '西门', '北门'] },
    said: [
      '社区{place}测温枪坏了{n}，现在排长队',
      '{place}口子体温枪失灵，要换{n}',
      '进小区{place}没法量体温，额温枪坏{n}了，堵了很多车',
      '志愿者反映{place}的测温仪{n}不能用，天冷测不出',
    ],
  },
  {
    name: 'gateClosed',
    topics: ['complaint', 'other'],
    reach: 'street',
    slots: { gate: ['东门|东大门', '西门|西侧门', '北门|北面的门', '后门|后面小门'], who: ['老人看病', '孩子上学', '急救车进来', '取快递'] },
    said: [
      '小区把{gate}封了，{who}要绕一大圈',
      '{gate}用铁皮围起来不让走，{who}很不方便，要求打开',
      '为什么关{gate}，只留一个口，{who}怎么办',
      '投诉物业私自封闭{gate}，{who}受影响',
    ],
  },
  {
    name: 'priceRise',
    topics: ['complaint'],
    reach: 'street',
    slots: { shop: ['世纪联华', '物美超市', '好又多', '农贸市场南区'], what: ['白菜', '土豆', '猪肉', '鸡蛋'], price: ['15元一斤', '涨了一倍', '翻了三番', '20块'] },
    said: [
      '{shop}{what}{price}，太离谱',
      '举报{shop}哄抬物价，{what}卖{price}',
      '在{shop}买{what}，昨天还正常今天{price}，没人管吗',
      '{what}{price}，地点{shop}，要求查处涨价',
    ],
  },
  {
    name: 'alcoholStore',
    topics: ['hazard', 'complaint'],
    reach: 'street',
    slots: { n: ['几十桶', '二十多桶', '上百箱'], at: ['地下车库|车库', '一楼楼道|楼道里', '底商仓库|沿街仓库'] },
    said: [
      '{at}堆了{n}酒精，味道很重，怕起火',
      '有人在{at}囤{n}医用酒精，没有通风，楼上住户害怕',
      '闻到{at}刺鼻的酒精味，里面放着{n}',
      '举报违规存放易燃品，{at}有{n}酒精',
    ],
  },
  {
    name: 'exitLocked',
    topics: ['hazard'],
    reach: 'street',
    slots: { hotel: ['如家酒店', '汉庭酒店', '锦江之星', '城市快捷酒店'], floor: ['三楼', '五楼', '六楼'] },
    said: [
      '隔离点{hotel}{floor}消防通道被锁',
      '{hotel}{floor}的安全出口用链条锁住了，万一着火跑不出去',
      '住在{hotel}隔离，{floor}疏散门打不开',
      '反映集中观察点{hotel}{floor}逃生门上锁',
    ],
  },
  {
    name: 'smoke',
    topics: ['hazard'],
    reach: 'street',
    slots: { what: ['配电房', '厨房', '废品堆', '电瓶车棚'], floor: ['一楼', '三楼', '楼下'] },
    said: [
      '{floor}{what}冒黑烟，看到明火',
      '{what}着火了，在{floor}，烟很大，快来人',
      '闻到焦味，{floor}{what}起火，楼里的人在往外跑',
      '对面{floor}{what}烧起来了，火苗往上蹿',
    ],
  },
  {
    name: 'gasSmell',
    topics: ['hazard'],
    reach: 'street',
    slots: { at: ['楼梯间', '地下室', '下水道口', '小饭馆后厨'] },
    said: [
      '{at}有很浓的煤气味，不敢开灯',
      '怀疑燃气泄漏，{at}味道很大',
      '{at}一股天然气的气味，从昨晚到现在',
      '走到{at}就闻到漏气，要求燃气公司来查',
    ],
  },
  {
    name: 'mixedBleach',
    topics: ['hazard', 'symptoms'],
    reach: 'home',
    slots: { who: ['保洁员|保洁阿姨', '妻子|老婆', '室友', '老母亲|母亲'], at: ['卫生间|厕所', '浴室|洗澡间', '厨房'] },
    said: [
      '{who}在{at}把84和洁厕灵混着用，头晕恶心',
      '消毒水跟洁厕剂混了，{at}气味呛人，{who}胸闷',
      '{who}打扫{at}后中毒样，说是两种消毒液倒在一起',
      '{at}里用错消毒剂产生气体，{who}咳得厉害要急救吗',
    ],
  },
  {
    name: 'restartFactory',
    topics: ['restart'],
    reach: 'home',
    slots: { firm: ['宏达机械厂', '新华纺织', '永兴包装', '华盛电子', '联丰五金', '三友食品厂'], day: ['10号', '12号', '15号'], n: ['80', '120', '45', '200'] },
    said: [
      '{firm}想{day}复工，{n}人，问要交哪些材料',
      '{firm}来电，{n}名员工计划{day}开工，手续怎么办',
      '我是{firm}的，申请{day}恢复生产，厂里{n}个工人，审批卡在街道',
      '咨询复工备案，{firm}，{n}人，拟{day}启动',
    ],
  },
  {
    name: 'workersBack',
    topics: ['restart'],
    reach: 'home',
    slots: { firm: ['光明针织厂', '恒信物流', '东方印务', '天成服饰'], n: ['30', '50', '16'], from: ['安徽', '江西', '河南', '贵州'] },
    said: [
      '{firm}{n}个{from}工人回不来，能不能包车接',
      '{from}的{n}名员工到了没地方隔离，{firm}求助',
      '{firm}反映用工难，{from}籍{n}人返岗要什么证明',
      '老板来电{firm}，{from}那边{n}人买好票了，到了怎么安排住',
    ],
  },
  {
    name: 'secretWork',
    topics: ['complaint', 'restart'],
    reach: 'street',
    slots: { shop: ['棋牌室', '理发店', '健身房', '装修工地', '快餐店'], n: ['十几个人', '七八个人', '二十来人'] },
    said: [
      '{shop}偷偷开门，里面{n}没戴口罩',
      '举报{shop}违规营业，聚了{n}',
      '{shop}拉着卷帘门在里面做生意，有{n}',
      '现在还有{shop}聚集{n}，没人来查吗',
    ],
  },
  {
    name: 'gathering',
    topics: ['complaint'],
    reach: 'street',
    slots: { what: ['打麻将', '办酒席', '跳广场舞', '下棋'], at: ['凉亭|亭子', '活动室', '门口空地|门前空地', '架空层'], n: ['二十多人', '十来个人', '三桌人'] },
    said: [
      '{at}有{n}聚众{what}',
      '{n}在{at}{what}，都不戴口罩，劝不听',
      '反映有人组织{what}，就在{at}，{n}',
      '{at}天天{what}，今天又来了{n}，请派人劝散',
    ],
  },
  {
    name: 'noWater',
    topics: ['other', 'complaint'],
    reach: 'street',
    slots: { since: ['早上六点', '昨晚', '中午', '凌晨'] },
    said: ['从{since}开始停水，没有通知', '家里没水了，{since}断的，整栋楼都这样', '{since}起自来水龙头放不出水，什么时候来水', '居家隔离没有水用，{since}停到现在'],
  },
  {
    name: 'noPower',
    topics: ['other'],
    reach: 'street',
    slots: { since: ['早上', '半夜两点', '傍晚', '刚才'], why: ['跳闸', '变压器响了一声', '线路检修'] },
    said: ['{since}突然停电，听说{why}', '没电了，{since}到现在，{why}，家里有老人吸氧', '整个单元{since}断电，物业说是{why}', '问什么时候恢复供电，{since}停的，好像{why}'],
  },
  {
    name: 'lift',
    topics: ['hazard', 'other'],
    reach: 'street',
    slots: { unit: ['一单元', '二单元', '三单元'], n: ['两个人', '一位老人', '母女俩'] },
    said: ['{unit}电梯困人，{n}在里面', '电梯卡在中间，{n}出不来，{unit}', '{unit}的梯子停了，里头关着{n}，物业电话打不通', '救援求助，{unit}升降梯故障，被困{n}'],
  },
  {
    name: 'garbage',
    topics: ['complaint'],
    reach: 'street',
    slots: { days: ['三天', '五天', '一个星期'], at: ['垃圾房|垃圾站', '楼下', '围墙边|墙根'] },
    said: ['{at}垃圾{days}没人收，发臭', '隔离户的垃圾堆在{at}，已经{days}', '{at}成山的垃圾，{days}未清运，要求处理', '废弃口罩和生活垃圾混在{at}，{days}了环卫不来'],
  },
  {
    name: 'alone',
    topics: ['psychology'],
    reach: 'home',
    slots: { days: ['十天', '十二天', '一周'], sign: ['整夜睡不着', '一直哭', '不想吃饭', '心慌'] },
    said: ['一个人隔离{days}，{sign}', '独自在家{days}了，{sign}，想找人说说话', '隔离{days}后情绪很差，{sign}，怕自己撑不住', '女儿替母亲来电，独居{days}，{sign}，要心理疏导'],
  },
  {
    name: 'afraid',
    topics: ['psychology'],
    reach: 'home',
    slots: { who: ['老伴', '孩子', '丈夫'], about: ['看了新闻', '小区有了病例', '邻居被拉走'] },
    said: ['{who}{about}后一直害怕，不敢出房门', '{about}，{who}焦虑得吃不下饭', '{who}自从{about}每天反复洗手消毒停不下来', '想咨询心理医生，{who}因为{about}吓坏了'],
  },
  {
    name: 'medicine',
    topics: ['other', 'supplies'],
    reach: 'home',
    slots: { who: ['老父亲', '本人', '岳母'], drug: ['胰岛素', '降压药', '透析', '化疗药', '抗癫痫药'], left: ['两天', '三天', '明天'] },
    said: ['{who}{drug}只够{left}，小区出不去怎么配', '慢性病断药，{who}要用{drug}，{left}就没了', '{who}需要{drug}，医院远没有车，{left}之内要用', '请社区代配药：{drug}，{who}，剩{left}'],
  },
  {
    name: 'pregnant',
    topics: ['other', 'advice'],
    reach: 'home',
    slots: { weeks: ['36周', '38周', '32周'], hosp: ['妇保院', '市一医院', '省妇产科'] },
    said: ['孕{weeks}，要去{hosp}产检，没车出不去', '妻子怀孕{weeks}，预约了{hosp}，问通行证', '{weeks}孕妇见红，{hosp}收不收，怎么过去', '家属咨询孕晚期{weeks}到{hosp}就诊如何出小区'],
  },
  {
    name: 'shelter',
    topics: ['other'],
    reach: 'street',
    slots: { who: ['一个流浪汉', '一位走失老人', '两个外地务工人员'], at: ['桥洞|桥下', '公园长椅', '银行门口|银行边上', '地铁口'] },
    said: ['{at}睡着{who}，天太冷', '{who}在{at}待了一天没吃东西', '路过{at}看到{who}，请救助站来看看', '{who}没地方去，蹲在{at}，旅馆都不收'],
  },
  {
    name: 'fence',
    topics: ['complaint', 'hazard'],
    reach: 'street',
    slots: { road: ['村口', '桥头', '机耕路'], what: ['土堆', '水泥墩', '大货车'] },
    said: ['{road}被{what}堵死，救护车进不来', '村里用{what}把{road}拦断了', '{road}横着{what}，过不去，菜运不出', '反映私设路障，{road}，{what}'],
  },
  {
    name: 'tap',
    topics: ['complaint'],
    reach: 'street',
    slots: { what: ['夜里施工', '装修打钻', '广场喇叭', '冷却塔'], hour: ['十一点', '凌晨一点', '十二点'] },
    said: ['{what}到{hour}还在响，睡不了', '噪音扰民，{what}，每天{hour}', '{hour}了{what}吵得孩子哭，没人管', '居民投诉{what}噪声大，一直到{hour}'],
  },
];

export const tuning: Said = {
  types,
  openers: ['', '', '', '您好，', '来电人称，', '市民来电反映：', '喂，你好我想问一下，', '来电咨询：', '群众反映，'],
  closers: ['', '', '', '，请尽快处理', '，希望回复', '。麻烦你们了', '，急', '。要求有人联系', '，谢谢'],
  chasers: ['之前打过电话，', '再次来电，', '第二次打了，', '还是那件事，', '催问：'],
};
