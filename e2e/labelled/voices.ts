import type { MatterType, Said } from './matters.ts';

/** Three more authors to tune by (see `authors.ts`): of everyday trouble as much as of the illness. */
const m = (name: string, topics: readonly string[], reach: MatterType['reach'], slots: Readonly<Record<string, readonly string[]>>, ...said: string[]): MatterType => ({ name, topics, reach, slots, said });

/** Written into a form on the web: whole sentences, proper words. */
const formal: Said = {
  openers: ['', '', '尊敬的领导：', '本人系该处业主，', '现将情况反映如下：', '事由：', '特此反映，', '兹有一事求助，'],
  closers: ['', '', '，恳请有关部门予以解决', '，望予答复', '，特此申请', '，不胜感激', '，请依法处理', '，附件有照片'],
  chasers: ['此前已提交过工单，', '上次答复未落实，', '第三次留言，', '原工单被办结但问题依旧，', '现补充说明，'],
  estates: ['九堡佳苑', '丁桥锦园', '长河府邸', '半山田园', '临平新天', '良渚文苑', '闲林山水', '勾庄邻里', '之江诚品', '浦沿新街坊', '瓜沥七彩', '笕桥花城'],
  types: [
    m('cableCut', ['other', 'complaint'], 'street', { by: ['地铁施工方', '绿化养护队', '电信工程车'], what: ['通信光缆', '路灯电缆', '监控线'] }, '{by}作业时挖断{what}，至今无人接通', '{what}被{by}损坏，周边居民生活受到影响', '因{by}野蛮作业，{what}中断，修复时间未告知', '道路下方{what}遭挖断，责任单位为{by}'),
    m('restaurant', ['complaint'], 'street', { shop: ['川菜馆', '烤鱼店', '面馆', '炸鸡店'], what: ['油烟', '泔水', '排风机噪声'] }, '底商{shop}{what}直排，严重影响楼上住户', '{shop}未安装净化设施，{what}扰民', '多次与{shop}交涉{what}问题，对方置之不理', '请环保部门检测{shop}产生的{what}'),
    m('illegalBuild', ['complaint', 'hazard'], 'street', { floor: ['顶层', '一层', '六层'], what: ['阳光房', '地下室', '隔间'] }, '{floor}业主擅自搭建{what}，破坏承重结构', '{floor}违章搭建{what}，城管贴了告知书仍在继续', '有人在{floor}私自开挖改建{what}，请求拆除', '{what}系{floor}住户违法建设，已影响采光'),
    m('busLane', ['complaint', 'advice'], 'street', { at: ['学校北侧路口', '医院东侧路口', '立交桥下匝道'], what: ['信号灯配时', '隔离护栏', '左转标线'] }, '{at}{what}设置不合理，车辆积压严重', '建议调整{at}的{what}', '{at}因{what}问题已发生多起刮擦', '通过{at}须等三轮，原因是{what}'),
    m('isolationFee', ['advice', 'complaint'], 'home', { hotel: ['宜必思', '维也纳酒店', '格林豪泰'], n: ['两千八百元', '四千二百元', '三千元'] }, '本人在{hotel}集中隔离，被收取{n}，依据何在', '关于{hotel}隔离费用{n}的票据，酒店拒绝开具', '隔离结束后{hotel}仍要求补缴{n}', '对{hotel}隔离收费{n}有异议，申请减免'),
    m('refundTour', ['complaint', 'advice'], 'home', { firm: ['携途旅行社', '海鸥国旅', '康辉门市部'], to: ['三亚', '普吉岛', '哈尔滨'] }, '因疫情取消{to}行程，{firm}拒绝退还团费', '{firm}扣除百分之六十违约金，{to}团未成行', '与{firm}签订{to}旅游合同，请求协调全额退款', '{to}跟团游退费一事，{firm}一再推诿'),
    m('socialWork', ['advice'], 'home', { what: ['生育津贴', '工伤认定', '灵活就业参保', '失业登记'], why: ['窗口暂停', '系统报错', '材料退回'] }, '申办{what}，因{why}无法继续', '{what}办理期限将过，{why}，可否顺延', '网上提交{what}，提示{why}', '请告知{what}所需材料，上次{why}'),
    m('visa', ['advice', 'affectedArea'], 'home', { who: ['外籍配偶', '留学的女儿', '外派员工'], from: ['马来西亚', '德国', '伊朗'] }, '{who}拟由{from}返国，请问隔离政策', '{who}自{from}入境后须在何处报备', '{from}航班多次取消，{who}滞留，如何申请包机', '{who}持{from}居留许可，返回后能否居家观察'),
    m('riverFoam', ['complaint', 'hazard'], 'street', { what: ['白色泡沫', '油花', '死鱼', '黑水'], at: ['排口', '闸门处', '亲水平台'] }, '{at}出现大量{what}，疑有企业偷排', '发现{what}聚集于{at}，气味刺鼻', '河道{at}{what}已持续多日，请生态环境部门采样', '{what}自{at}涌出，水体浑浊'),
    m('childCare', ['advice', 'other'], 'home', { what: ['托班', '兴趣班', '夏令营'], n: ['六千元', '九千八百元', '一万二千元'] }, '{what}停课后预付{n}不予退还', '所报{what}倒闭，{n}无处追讨', '{what}机构失联，涉及本人{n}', '要求{what}退回剩余课时费，共计{n}'),
    m('waterMeter', ['complaint', 'other'], 'home', { what: ['水费', '电费', '燃气费'], n: ['一千多', '八百余元', '三倍'] }, '本户{what}异常，当月达{n}', '{what}账单为{n}，申请校表', '空置房仍产生{what}，金额{n}', '抄表员误抄，{what}多收{n}'),
    m('crowdTest', ['complaint', 'hazard'], 'street', { at: ['文化礼堂', '体育馆', '社区服务站'], n: ['上百人', '三百余人', '数十位老人'] }, '{at}核酸采样点{n}无间隔排队', '{at}采样组织混乱，{n}挤在一处', '{n}在{at}等候采样两小时，无人维持秩序', '建议{at}分时段采样，现场{n}扎堆'),
  ],
};

/** Young, on the run, in a flurry. */
const hasty: Said = {
  openers: ['', '', '哎你好你好，', '那个，', '急急急，', '我长话短说，', '我在外面呢，', '不知道该打哪儿，', '我跟你说啊，'],
  closers: ['', '', '，真的服了', '，快点行不行', '，我先挂了', '，拜托啦', '，有消息打我这个电话', '，到底归谁管啊', '，气死我了'],
  chasers: ['刚才打的断了，', '我又打过来了，', '你们不是说半小时吗，', '跟刚才那位同事说过了，', '催一下我那个单子，'],
  estates: ['蓝钻天成', '魔方公馆', '云谷青年社', '钱塘印象', '橡树湾', '宝龙城', '都市水乡', '江南实验家园', '赞成林风', '名城左岸', '东方郡', '泊林春天'],
  types: [
    m('stuckOut', ['affectedArea', 'advice'], 'home', { who: ['我对象', '我爸妈', '我合租的'], at: ['高速口', '火车东站', '小区门口'] }, '{who}被拦在{at}了，不让进，天都黑了', '{at}的人说要证明，{who}哪儿来的证明啊', '{who}从老家回来，在{at}站了仨小时', '人都到{at}了，{who}健康码就是变不了绿'),
    m('drunk', ['hazard', 'other'], 'street', { who: ['一个大叔', '俩小伙', '穿红衣服的女的'], at: ['绿化带里', '马路中间', '地下通道'] }, '有{who}躺{at}，怎么叫都不动', '{who}喝大了，在{at}吐了一地', '路过看到{who}倒在{at}，会不会出事啊', '{at}躺着{who}，这么冷别冻坏了'),
    m('glass', ['hazard'], 'street', { what: ['玻璃', '空调外机', '花盆', '窗框'], n: ['十几楼', '八楼', '顶楼'] }, '{n}掉下来一块{what}，差点砸着我', '{what}在{n}晃，风一吹就要下来了', '楼下全是碎的，{n}的{what}砸的', '谁家{what}没固定啊，{n}，底下还有小孩玩'),
    m('gymGone', ['complaint'], 'home', { firm: ['瘦身坊', '一号健身', '练瑜伽那家'], n: ['三千六', '五千', '两千八'] }, '{firm}跑路了，我刚充的{n}', '办的卡{n}，{firm}电话停机', '{firm}说不退，{n}呢，凭什么', '{firm}关门贴个条，我们会员{n}找谁要'),
    m('powerTrip', ['other'], 'street', { what: ['整栋楼', '这一片', '我们这层'], when: ['刚刚', '十分钟前', '洗澡洗一半'] }, '{what}黑了，{when}', '没电了啊，{what}，{when}突然就灭了', '{when}啪一声，{what}全停了', '电力局说没派到单，{what}{when}断的'),
    m('carBlocked', ['complaint', 'other'], 'street', { car: ['白色宝马', '黑色大众', '面包车'], at: ['消防通道', '车库出口', '单元门前'] }, '一辆{car}堵{at}，谁都出不去', '{car}横在{at}，没留电话', '{at}让{car}给占了，叫拖车吧', '挪车挪车，{car}，就停{at}'),
    m('catfight', ['complaint', 'hazard'], 'street', { what: ['吵架', '摔东西', '打孩子'], at: ['对门', '楼上', '隔壁单元'] }, '{at}在{what}，听着要出人命', '{what}的声音好大，{at}，一个多小时了', '{at}女的在喊救命，一直{what}', '天天{what}，{at}这家，能不能来个人'),
    m('pillRun', ['supplies', 'symptoms'], 'home', { who: ['我妈', '我老婆', '我外婆'], drug: ['优甲乐', '华法林', '倍他乐克', '安眠药'] }, '{who}的{drug}没了，药店都没有', '{drug}哪儿能买到，{who}一天不能停', '医院号约不上，{who}等着开{drug}', '{who}就剩一颗{drug}了，谁能给送'),
    m('maskScam', ['complaint'], 'home', { from: ['微信群', '闲鱼', '抖音', '朋友圈'], n: ['一千二', '四百', '三千'] }, '在{from}买口罩被骗{n}', '{from}那人收了{n}把我拉黑了', '转了{n}一个口罩没见着，{from}上的', '报警也没用，{from}骗了好多人，我{n}'),
    m('feverSelf', ['symptoms'], 'home', { degree: ['三十八度二', '三十七度八', '三十九'], when: ['今天早上', '昨晚', '下班回来'] }, '我{when}开始烧，{degree}，一个人住', '量出来{degree}，{when}还好好的，是不是中招了', '{degree}，嗓子冒烟，{when}到现在没吃东西', '自己测抗原两道杠，{degree}，要去方舱吗'),
    m('riderCrowd', ['complaint'], 'street', { at: ['奶茶店', '商场侧门', '便利店'], n: ['二三十个', '一堆', '十来个'] }, '{at}门口{n}外卖小哥挤一块儿抽烟', '{n}骑手把{at}那条道堵了，电动车乱放', '{at}那儿{n}送外卖的，没一个戴口罩', '外卖员扎{at}等单，{n}，保安也不管'),
    m('panic', ['psychology'], 'home', { who: ['我', '我妹', '我男朋友'], what: ['喘不上气', '手抖', '一闭眼就做噩梦'] }, '{who}老{what}，是不是得抑郁症了', '封在家里，{who}{what}，快疯了', '{what}，{who}这几天都没合眼', '有没有能聊聊的，{who}{what}'),
  ],
};

/** From the village, by whoever happens to hold the telephone. */
const rural: Said = {
  openers: ['', '', '我是村里的，', '我们这个自然村，', '替我邻居说一声，', '领导同志，', '哦接通了，', '我不识字，叫我侄子打的，', '请讲普通话？好，'],
  closers: ['', '', '，你看怎么个办法', '，大队里说管不了', '，等你们消息啊', '，不然要闹出事情', '，辛苦辛苦', '，就这个意思', '，镇上也报了'],
  chasers: ['前两天打过的，', '老问题又来了，', '你们上次派的人走到半路回去了，', '接着刚才说，', '头一回没讲清楚，'],
  estates: ['上泗村', '东溪自然村', '下姜坞', '石马头', '许家埭', '双浦新村', '龙坞里', '转塘北山', '新沙岛', '桐坑', '葛巷', '外桐坞'],
  types: [
    m('landslide', ['hazard'], 'street', { at: ['山脚', '进村那段', '茶山边'], what: ['泥石流', '石头', '土方'] }, '{at}夜里滚下来{what}，把沟都填平了', '下了雨{at}松了，{what}一直往下掉', '{what}压了{at}的路，三轮车开不过', '怕得很，{at}背后的山在动，{what}快到屋檐了'),
    m('pigFever', ['other', 'hazard'], 'home', { what: ['母猪', '湖羊', '土鸭', '肉鸽'], n: ['三头', '二十来只', '半栏'] }, '我养的{what}一夜死了{n}，是不是瘟病', '{n}{what}不吃食，兽医站没人', '{what}拉稀倒了{n}，怎么处理才合规', '要赔偿的，{what}死掉{n}，保险公司不认'),
    m('tea', ['restart', 'advice'], 'home', { from: ['衢州', '阜阳', '上饶'], n: ['十五个', '四十个', '八个'] }, '采茶工从{from}来{n}，村口不让下车', '明前茶等不了人，{n}{from}采茶的要怎么进来', '雇了{from}{n}帮手，住我家里行不行', '{from}那批采茶阿姨{n}，体检在哪里做'),
    m('ditch', ['complaint', 'other'], 'street', { what: ['灌溉渠', '水闸', '抽水机埠'], why: ['被填了', '漏了', '钥匙找不到'] }, '{what}{why}，秧田要干死了', '几百亩等水，{what}{why}', '{why}，就是那个{what}，两个组为它差点动手', '春耕了{what}还{why}，水利站说不归他们'),
    m('fowlSmell', ['complaint'], 'street', { at: ['养鸡场', '牛棚', '有机肥厂'], when: ['一到傍晚', '南风天', '天热起来'] }, '{at}{when}熏得人吃不下饭', '{when}苍蝇满屋，{at}飞来的', '{at}粪堆露天，{when}整个村都闻得到', '早就说要搬，{at}，{when}还是那样'),
    m('shop', ['supplies', 'complaint'], 'street', { what: ['盐', '挂面', '肥料', '种子'], shop: ['代销店', '农资站', '阿娟超市'] }, '{shop}{what}卖光了，进货车上不来', '{what}要到镇里买，路卡着，{shop}空了', '{shop}把{what}锁起来不卖给外组的', '村里{shop}的{what}涨到没法买'),
    m('old', ['other', 'symptoms'], 'home', { who: ['五保户老徐', '我大伯', '后屋阿婆'], what: ['脚烂了', '起不了床', '好几顿没烧饭'] }, '{who}{what}，子女封在城里', '{who}这两天{what}，村医隔离去了', '去看了{who}，{what}，敬老院不收', '{what}，{who}没人照应'),
    m('wedding', ['complaint', 'advice'], 'street', { what: ['丧事', '上梁酒', '做寿', '庙会'], n: ['八九桌', '几十号人', '一百多人'] }, '有家办{what}，来了{n}', '{n}吃{what}，吹吹打打', '劝他家{what}不要办，已经到了{n}', '{what}停在祠堂里，{n}守夜'),
    m('road', ['complaint', 'hazard'], 'street', { at: ['村道', '桥头坡', '晒场边'], by: ['拉沙车', '水泥车', '挖机'] }, '{at}给{by}压烂了，电瓶车天天摔', '{by}半夜从{at}过，房子都抖', '{at}全是浆，{by}不冲轮子', '组里想拦{by}，{at}都成烂泥塘了'),
    m('landFight', ['complaint', 'other'], 'home', { with: ['隔壁老王家', '我亲兄弟', '承包大户'], what: ['宅基地', '自留地', '毛竹山'] }, '{what}界桩被{with}拔了', '{with}占我{what}，村干部和稀泥', '{what}的证写的是我，{with}硬说他的', '为{what}跟{with}打了一架，派出所叫我找你们'),
    m('oxygen', ['symptoms', 'supplies'], 'home', { who: ['我爹', '嫂子', '孙囝'], what: ['尘肺', '哮喘', '肺气肿'] }, '{who}{what}犯了，制氧机坏了', '{who}是{what}，喷的药没处配', '{what}，{who}嘴唇都紫了，救护车说要一个钟头', '卫生室给{who}的{what}药停了'),
    m('lonelyFarm', ['psychology'], 'home', { who: ['我屋里女人', '我娘', '儿媳妇'], what: ['整天念叨要死', '不认人了', '半夜往外跑'] }, '{who}关得{what}', '{what}，{who}前阵子还好好的', '{who}自从村里封了就{what}，请个医生开导', '看着{who}{what}，我也没主意'),
  ],
};

export const voices: Readonly<Record<string, Said>> = { formal, hasty, rural };
