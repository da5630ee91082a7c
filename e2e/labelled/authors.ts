import type { MatterType, Said } from './matters.ts';

/**
 * More mouths to tune by, so that the matcher is not fitted to one writer's phrases: each of these writes of other matters, in a manner of their
 * own, with their own greetings and with other names of places. The weights are fitted to some of them and tried on one left out (`fit.ts`).
 */
const m = (name: string, topics: readonly string[], reach: MatterType['reach'], slots: Readonly<Record<string, readonly string[]>>, ...said: string[]): MatterType => ({ name, topics, reach, slots, said });

/** Notes of a dispatcher who has no time. */
const terse: Said = {
  openers: ['', '', '', '', '诉：', '报：', '询：', '男，', '女，', '匿名，'],
  closers: ['', '', '', '', '，诉求：核实', '，速办', '，需回电', '，已安抚', '，请转属地'],
  chasers: ['二次诉，', '重复件：', '续报：', '同前单，', '追单，'],
  estates: ['银马公寓', '南星雅苑', '复兴里', '海月花园', '紫花埠', '杨柳郡一期', '美政花苑', '五福新村', '彭埠家园', '元宝塘', '白马山庄', '水澄桥'],
  types: [
    m('pipe', ['other', 'complaint'], 'street', { at: ['路口', '人行道', '车库入口', '单元门前'], since: ['今晨', '昨夜', '午后'] }, '{at}水管爆裂，{since}起喷水', '自来水主管破损，{at}积水没脚，{since}', '{at}地下冒水，{since}发现，无人修', '爆管，{at}，{since}，水漫路面'),
    m('manhole', ['hazard'], 'street', { at: ['公交站', '校门', '菜场门口', '十字路口'], kind: ['雨水井|下水井', '电缆井', '污水井'] }, '{at}{kind}盖缺失，有人险些掉入', '{kind}没盖子，位置{at}，行人危险', '{at}处{kind}塌陷，仅放树枝示意', '窨井盖被压碎，{at}，{kind}'),
    m('lamp', ['other', 'complaint'], 'street', { n: ['五盏', '三盏', '一整排'], days: ['三天', '一周', '两晚'] }, '路灯{n}不亮，{days}', '{days}无照明，灭灯{n}，老人摔倒', '夜间漆黑，灯杆{n}失电，{days}', '照明设施损坏{n}，已{days}'),
    m('dog', ['complaint', 'hazard'], 'street', { n: ['两只', '四五只', '一群'], what: ['黑狗', '黄狗', '大型犬'] }, '流浪{what}{n}，追咬行人', '{what}伤人，{n}无主，在绿化带', '犬患，{n}{what}盘踞，孩童不敢过', '要求捕捉{n}野{what}'),
    m('ambulance', ['symptoms', 'other'], 'home', { who: ['老翁|七旬男子', '孕妇', '幼儿', '独居女'], what: ['胸痛', '抽搐', '昏迷', '呕血'] }, '{who}{what}，急救车久候未至', '{who}突发{what}，请调车', '{what}，{who}，家中无车，小区管控出不去', '急救：{who}，{what}，意识差'),
    m('pass', ['advice', 'other'], 'home', { what: ['货车', '私家车', '冷链车'], to: ['绍兴', '嘉兴', '湖州', '宁波'] }, '{what}去{to}，通行证何处办', '办{what}通行手续，目的地{to}', '{to}方向{what}被劝返，问所需材料', '询{what}能否上高速往{to}'),
    m('testResult', ['advice', 'symptoms'], 'home', { where: ['西溪医院', '市三医院', '疾控', '区中医院'], days: ['两日', '三日', '四天'] }, '{where}核酸结果{days}未出', '采样于{where}，{days}查无报告', '等检测报告{days}，{where}不答复，影响返岗', '报告丢失，{where}做的，{days}前'),
    m('rent', ['complaint', 'advice'], 'home', { who: ['房东', '中介', '二房东'], n: ['两千', '五千', '一个月'] }, '{who}不让返租客进门，押金{n}不退', '租房纠纷，{who}换锁，扣{n}', '{who}以疫情为由清退，索回{n}', '外地返回被{who}拒入，{n}押着'),
    m('flour', ['supplies'], 'street', { what: ['大米', '面粉', '食用油', '方便面'], shop: ['惠民超市', '供销社', '邻里便利店'] }, '{shop}{what}断供', '{what}抢空，{shop}限购，人多', '{shop}货架无{what}，求补', '居民抢购{what}，{shop}秩序乱'),
    m('gown', ['supplies'], 'home', { unit: ['卫生服务中心', '社区门诊', '派出所', '环卫所'], what: ['防护服', '护目镜', '手套', '面屏'] }, '{unit}缺{what}', '{what}告罄，{unit}求援', '{unit}一线无{what}可换', '申领{what}，单位{unit}'),
    m('wall', ['hazard'], 'street', { what: ['围墙', '广告牌', '脚手架', '外墙瓷砖'], n: ['十余米', '两块', '大片'] }, '{what}倒塌{n}', '{what}松脱{n}，下方是通道', '大风刮落{what}，{n}，砸车', '{what}摇摇欲坠，{n}，请围挡'),
    m('school', ['advice', 'complaint'], 'home', { what: ['网课', '学费', '课本', '校服'], grade: ['初三', '小学', '高二', '幼儿园'] }, '{grade}{what}问题，校方不理', '询{grade}{what}如何安排', '{what}收费不合理，{grade}家长', '{grade}孩子{what}没着落'),
  ],
};

/** An old caller who tells the whole story. */
const elderly: Said = {
  openers: ['', '同志啊，我跟你讲，', '是政府热线吧，', '不好意思打扰了，我是一个退休工人，', '我今年七十八了，耳朵不太好，', '姑娘你听我说，', '小伙子，是这么个事情，'],
  closers: ['', '，你们给管一管吧', '，我们老百姓也没有别的办法', '，真是不像话', '，拜托拜托', '，你帮我记下来好吧', '，我就说这么多'],
  chasers: ['我前头跟你们一个姑娘讲过的，', '怎么到现在都没人理我，', '我又来麻烦你们了，', '上午那个电话也是我，', '说好要给我回话的，'],
  estates: ['机床厂宿舍', '丝绸新村', '茅家埠村', '龙井山园', '红石板社区', '铁路新村', '卖鱼桥里', '香积寺巷宿舍', '闸弄口新村', '三里亭苑', '大塘新村', '朝晖六区'],
  types: [
    m('heating', ['other', 'complaint'], 'street', { days: ['两天', '三四天', '一个礼拜'], what: ['暖气', '热水', '地暖'] }, '我们这栋楼的{what}不热了，有{days}了，老人家冻得受不了', '家里冷得像冰窖一样，{what}坏掉{days}，找了物业也不来修', '烧锅炉的人说没气了，{what}停了{days}，大家都在抱怨', '屋里只有八九度，{what}一点温度都没有，{days}了啊'),
    m('roof', ['other', 'complaint'], 'home', { at: ['卧室', '阳台', '客厅', '灶间|厨房'], why: ['下雨', '楼上装修', '太阳能坏了'] }, '楼上往下漏水漏到我家{at}，{why}以后就这样，墙皮都掉下来了', '我家{at}天花板滴滴答答地渗水，{why}弄的，被子都湿了', '{at}顶上一大块水渍，发霉了，找楼上他不承认，就是{why}', '因为{why}，我这个{at}里面拿脸盆在接水'),
    m('pension', ['advice', 'other'], 'home', { what: ['养老金', '医保卡', '高龄补贴', '抚恤金'], where: ['银行', '邮局', '社保大厅'] }, '我这个月的{what}没有到账，去{where}人家关着门', '{what}要怎么领，{where}又不开，我也不会用手机', '{where}说要本人去办{what}，我腿脚不好走不动', '老头子的{what}停发了，跑了{where}几趟都没有结果'),
    m('fireworks', ['complaint', 'hazard'], 'street', { when: ['大半夜', '傍晚', '天没亮'], at: ['河边', '操场上', '停车场', '天台'] }, '有人{when}在{at}放炮仗，吓得我心脏病都要犯了', '{at}那里{when}放烟花，火星子乱飞，危险得很', '不是禁放的吗，{when}还在{at}噼里啪啦的，烟味呛死人', '{when}一帮小年轻在{at}点鞭炮，没有人出来管'),
    m('vegetables', ['supplies', 'other'], 'home', { who: ['我和老伴', '我一个人', '我们老两口', '我跟孙子'], what: ['青菜', '米', '肉', '牛奶'] }, '{who}隔离在家里，{what}吃光了，社区说送一直没送来', '没有{what}了，{who}又不能下楼，叫谁帮忙买一点', '{who}等志愿者送{what}，等了好几天影子都没有', '冰箱里空空的，{what}也没得吃，{who}都是老年人'),
    m('bus', ['complaint', 'advice'], 'street', { line: ['12路', '51路', '28路', '195路'], when: ['早上', '晚上', '一整天'] }, '{line}公交车{when}一班都没有来，站台上冻得发抖', '我等{line}等了一个多钟头，{when}，到底还开不开', '{line}停运怎么也不贴个通知，{when}好多人白等', '司机看我没戴口罩不让上{line}，{when}的事情，态度很凶'),
    m('smokeStove', ['complaint', 'hazard'], 'street', { what: ['煤炉', '树叶', '塑料', '纸钱'], at: ['弄堂里', '楼道口', '后山', '空地上'] }, '有人在{at}烧{what}，烟都飘到屋里来，气都透不过来', '{at}天天烧{what}，一股子怪味，我有气管炎的', '那个烧{what}的又来了，就在{at}，说他还骂人', '{what}点着了没人看，在{at}，万一烧到房子怎么得了'),
    m('dizzy', ['symptoms', 'advice'], 'home', { who: ['老头子', '我自己', '我妹妹'], what: ['头晕', '胸口闷', '拉肚子', '喉咙痛'], days: ['两天', '三天', '昨天开始'] }, '{who}{what}，{days}了，医院也不敢去，怕传染', '{days}的，{who}老是{what}，吃了药也不见好，你说要不要紧', '{who}身上不舒服，主要是{what}，{days}，热度倒是没有', '想请个医生来看看，{who}{what}得厉害，{days}'),
    m('lonely', ['psychology'], 'home', { who: ['儿子', '女儿', '孙女'], where: ['武汉', '国外', '温州'] }, '{who}在{where}回不来，我天天担心得睡不着觉', '我想{who}想得直掉眼泪，人在{where}，电话也打不通', '{where}那么严重，{who}在那里工作，我这心里七上八下的', '过年{who}也没回，困在{where}，我一个人闷得慌'),
    m('stairs', ['hazard', 'complaint'], 'street', { what: ['电动车|电瓶车', '旧家具|破沙发', '纸箱', '自行车'], floor: ['二楼', '四楼', '底楼'] }, '{floor}的人把{what}堆在楼道里，走路都要侧着身子', '楼梯上都是{what}，{floor}那一户放的，着起火来往哪里跑', '{what}挡在{floor}过道，我昨天绊了一跤', '跟他讲了几回，{floor}就是不把{what}搬走'),
    m('barber', ['advice', 'complaint'], 'street', { what: ['菜场', '理发店', '浴室', '茶馆'], when: ['初十', '十五', '下个月'] }, '{what}什么时候开门，人家讲{when}，是不是真的', '我们这边{what}关了，说要到{when}，不方便得很', '{what}门口贴的是{when}，去了又没有开，骗人', '{when}能不能让{what}开起来，大家头发也要剪菜也要买'),
    m('tree', ['hazard', 'other'], 'street', { what: ['樟树', '梧桐', '水杉'], on: ['电线', '汽车', '房顶'] }, '一棵大{what}倒下来了，压在{on}上面', '{what}的枝丫断了，挂在{on}上，看着怕人', '昨天那个风把{what}刮歪了，快要碰到{on}', '{on}被{what}砸到了，树还横在那里'),
  ],
};

/** As it is spoken around here. */
const spoken: Said = {
  openers: ['', '', '喏，', '师傅我问声看，', '我话拨你听，', '是格个样子，', '伢这里，', '本地口音，'],
  closers: ['', '', '，格末怎么弄弄', '，吃不消了', '，你们来看看呢', '，有没有人管的啦', '，毛急的', '，晓得伐'],
  chasers: ['日里打过一个了，', '还没有人来过啦，', '格个事体我讲过了，', '老早跟你们说了，', '我是刚刚那个，'],
  estates: ['骆家庄', '五联西苑', '益乐新村', '府苑新村', '石桥头', '华丰新苑', '皋塘运都', '沈塘苑', '新天地公馆', '长睦苑', '昙花庵弄', '石塘公寓'],
  types: [
    m('toilet', ['complaint', 'other'], 'street', { at: ['公厕', '化粪池', '弄堂口'], days: ['两天', '三天', '长远'] }, '{at}粪水漫出来，臭得来饭都吃不落，{days}了', '{at}堵牢了，{days}没人通，一塌糊涂', '污水从{at}溢出来淌了一地，{days}', '{days}了，{at}里头脏水倒灌，踏脚都没地方踏'),
    m('mahjong', ['complaint'], 'street', { what: ['搓麻将', '打牌', '吃老酒'], n: ['七八个', '十多个', '两桌'] }, '楼下老头老太{n}还在{what}，口罩也不戴', '{n}人聚拢来{what}，劝他们不睬我', '棋牌室关了门，里头{n}照样{what}', '车棚里{n}人一道{what}，声音哇啦哇啦'),
    m('stranger', ['affectedArea', 'complaint'], 'street', { from: ['湖北', '温州', '台州'], n: ['一家门', '两夫妻', '三个人'] }, '隔壁{n}{from}来的，进进出出没人登记', '{from}牌照的车停在楼下，下来{n}，我们吓煞了', '租房子的{n}是{from}人，前天刚到，也不关起来', '有{n}从{from}逃回来，瞒牢不讲'),
    m('feverKid', ['symptoms'], 'home', { who: ['囡囡|女儿', '伢儿|儿子', '毛毛头|婴儿'], degree: ['38.3', '39', '37.8', '38.7'] }, '{who}身上烫，量了{degree}，夜里要不要送儿保', '屋里{who}热度{degree}退不下去，哭煞', '{degree}了，{who}鼻涕咳嗽都有，医院敢不敢去', '{who}寒热{degree}，退烧药吃了又上来'),
    m('knife', ['hazard'], 'street', { who: ['酒鬼', '疯子|精神病人', '夫妻两个'], what: ['菜刀', '棍子', '酒瓶'] }, '{who}拿把{what}在外面乱挥', '有个{who}手里捏着{what}，见人就骂', '打相打了，{who}，用{what}，血都出来', '{who}发神经，{what}敲人家门'),
    m('hoard', ['complaint', 'supplies'], 'street', { shop: ['烟酒店', '五金店', '水果摊', '微店老板'], what: ['口罩', '酒精', '消毒水', '体温计'], price: ['二十五一只', '五十块', '八十块'] }, '{shop}{what}卖{price}，黑心伐', '{price}的{what}，就是那个{shop}，抢钞票', '{shop}囤了{what}慢慢卖，{price}', '在{shop}买的{what}是假货，还要{price}'),
    m('wage', ['complaint', 'restart'], 'home', { firm: ['饭店', '制衣厂', '快递站', '工地老板', '网吧'], n: ['三个月', '八千块', '两万'] }, '{firm}欠我{n}工钿，过年也没拿到', '做了一年，{firm}{n}不发，人寻不着', '{n}工资拖牢，{firm}讲没钞票', '要讨{firm}的{n}，劳动局电话没人接'),
    m('internet', ['other'], 'home', { what: ['宽带', '电视', '手机信号'], days: ['两天', '四天', '一个礼拜'] }, '屋里{what}断掉{days}了，小人要上课', '{what}没有，报修{days}师傅进不来小区', '{days}看不了，{what}坏了，门口不让装维进', '修{what}的人来不来，{days}了'),
    m('quarantineHotel', ['complaint', 'affectedArea'], 'home', { hotel: ['七天', '布丁', '全季', '莫泰'], what: ['饭菜冰冷', '没有热水', '被子有味道', '不给换房间'] }, '关在{hotel}隔离，{what}', '{hotel}里{what}，服务员叫不应', '我住{hotel}观察的，{what}，寻谁讲', '隔离费收了，{hotel}{what}，什么道理'),
    m('pig', ['complaint', 'hazard'], 'street', { what: ['鸡鸭', '死猪', '野味', '活禽'], at: ['桥边', '菜场后头', '河道里', '弄口'] }, '{at}有人偷卖{what}', '看见{at}丢了{what}，一股腥气', '{what}在{at}现杀，血水乱淌', '{at}摆摊头卖{what}，城管走了又来'),
    m('sleepless', ['psychology', 'advice'], 'home', { who: ['我老公', '我姆妈', '我'], what: ['困不着', '乱发脾气', '疑神疑鬼', '想不开'] }, '{who}关了半个月，{what}', '{what}，{who}这样子下去要出事体的', '心理老师有没有，{who}{what}', '{who}总觉得自己染上了，{what}'),
    m('boiler', ['hazard'], 'street', { at: ['小吃店', '出租房', '地下车库', '屋顶'], what: ['煤气瓶', '电线', '热水器', '充电桩'] }, '{at}{what}爆了一声，烟冒出来', '{at}里{what}漏，味道难闻，不敢走进去', '{what}拉得乱七八糟，{at}，早晚要出事', '{at}的{what}火花直冒'),
  ],
};

/** Copied from a group chat, with its manners. */
const pasted: Said = {
  openers: ['', '【转】', '@社区小王 ', '各位领导好！', '业主群消息：', '求扩散！！', '亲们，', '大家帮忙看看：', 'hi，'],
  closers: ['', '', '🙏🙏', '！！！', '，有图有视频', '，看到请回', '，在线等', '，谢谢各位🌹', '，求转给相关部门'],
  chasers: ['顶一下，', '再发一遍，', '还是没解决！', '@所有人 昨天那个事，', '怎么没人回我？'],
  estates: ['绿城桂花城', '万科西庐', '滨江金色江南', '阳光郡', '融创金成府', '中海寰宇', '锦绣江南', '龙湖春江', '九月森林', '星洲翠谷', '西溪蝶园', '东方润园'],
  types: [
    m('parcel', ['complaint', 'other'], 'street', { at: ['岗亭', '丰巢柜', '南门货架', '驿站'], n: ['几百个', '一大堆', '上千件'] }, '快递全堆在{at}，{n}，找不到自己的，聚集风险太大', '{at}拿件的人排了50米，{n}包裹没人理货', '能不能别让人都挤在{at}拆包裹，{n}扔一地', '{n}件滞留{at}，雨淋湿了谁赔'),
    m('positive', ['affectedArea', 'advice'], 'street', { n: ['一例', '两例', '一家三口'], bldg: ['前排', '最里面那栋', '东边高层'] }, '听说{bldg}确诊{n}，是真的吗，为什么不通报', '{bldg}来了120和穿白衣服的，群里讲{n}阳性', '求官方辟谣：{bldg}有{n}感染', '{bldg}拉了警戒线，是不是出了{n}病例，我们要不要做核酸'),
    m('charging', ['hazard', 'complaint'], 'street', { at: ['架空层', '楼梯口', '电梯里', '消防车道'], what: ['飞线充电', '电瓶上楼', '私装充电桩'] }, '{at}又有人{what}，想炸死全楼吗', '拍到{what}，就在{at}，物管装看不见', '{what}的是租客，位置{at}，已经冒过一次烟', '{at}{what}，强烈要求拔线清理'),
    m('property', ['complaint'], 'street', { what: ['电梯消毒', '门禁登记', '地库保洁', '楼道通风'], days: ['三天', '五天', '一周'] }, '物业{days}没做{what}，费照收', '{what}形同虚设，已经{days}', '管家说{what}每天做，监控里{days}一次都没有', '业委会问责：{what}缺失{days}'),
    m('babyFormula', ['supplies', 'other'], 'home', { what: ['奶粉', '尿不湿', '辅食', '益生菌'], age: ['6个月', '10个月', '刚满月'] }, '宝宝{age}，{what}断货了，谁家能匀一点', '宝妈求助：{age}的娃{what}只剩一点，快递停了', '京东{what}发不进来，{age}宝宝等着用', '{age}，只吃一个牌子的{what}，社区能帮采购吗'),
    m('dialysis', ['symptoms', 'other'], 'home', { who: ['我爸', '我舅舅', '邻居阿姨'], hosp: ['浙一', '邵逸夫', '红会医院', '树兰'], when: ['周二', '周四', '明早'] }, '{who}要去{hosp}透析，{when}，没有车肯接', '{hosp}不收外来病人，{who}{when}的血透怎么办啊', '{when}必须做血透，{who}，{hosp}让等通知', '求车，{when}送{who}到{hosp}'),
    m('flightback', ['affectedArea', 'advice'], 'home', { from: ['泰国', '日本', '意大利', '韩国'], when: ['7号', '9号', '11号'] }, '{when}从{from}飞萧山，落地要隔离吗', '家人{from}留学，{when}的机票，到家需要报备不', '问下{from}回来{when}到，小区让不让进', '{when}入境，{from}出发，能居家吗还是去酒店'),
    m('office', ['restart', 'complaint'], 'home', { firm: ['直播公司', '电商园', '设计院', '培训机构', '软件公司'], n: ['60人', '15人', '200多人'] }, '{firm}强制到岗，{n}一个办公室，不戴口罩', '老板不让线上办公，{firm}，{n}挤着吃饭', '{firm}没批文就上班，{n}，求查', '吐槽{firm}，{n}共用一部空调，有人发烧还瞒着'),
    m('donate', ['supplies', 'other'], 'home', { what: ['护目镜', '口罩', '苹果', '牛奶'], n: ['500个', '100箱', '2000只'] }, '想捐{what}{n}给一线，联系谁', '{n}{what}在仓库，个人捐赠，要什么手续', '校友会募到{what}，{n}，送哪个医院', '爱心企业有{n}{what}，没渠道送出去'),
    m('crack', ['hazard', 'other'], 'street', { what: ['路面', '河堤', '桥面', '地铁工地旁边'], size: ['一个大坑', '长裂缝', '塌了半边'] }, '{what}{size}，车掉进去就完了', '惊！{what}出现{size}，目测还在扩大', '路过{what}看到{size}，没有警示', '{size}，就在{what}，昨天还好好的'),
    m('loud', ['complaint'], 'street', { what: ['大喇叭广播', '无人机喊话', '跳操音乐', '装卸货'], when: ['早上六点', '午休', '晚上十一点'] }, '{when}{what}，娃刚睡着', '{what}能不能换个点，{when}吵翻了', '神经衰弱了，{when}就开始{what}', '投票：反对{when}{what}的举手'),
    m('depressed', ['psychology'], 'home', { who: ['室友', '闺蜜', '我弟', '前同事'], what: ['割腕', '说不想活', '把自己锁起来', '写了遗书'] }, '{who}{what}，怎么劝都没用，急！', '谁认识心理医生，{who}{what}', '刚收到{who}信息，{what}，定位在家', '{who}被隔离后{what}，快派人去看看'),
  ],
};

export const authors: Readonly<Record<string, Said>> = { terse, elderly, spoken, pasted };
