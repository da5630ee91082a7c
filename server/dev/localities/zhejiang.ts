import type { Locality } from '../../../shared/features/locality/record.ts';

/** What a locality is before anything is published of it; the record adds its colour. */
export type LocalityData = Omit<Locality, 'colour' | 'colourDay'>;

/**
 * Zhejiang as it is now: the province, 11 cities, 90 counties and some of their streets, with the two counties of early
 * 2020 that have ended since. A drill of 2020 plays on the codes in force now (validTo null), whatever day it plays: what
 * the counties that ended had counts for their successors.
 *
 * Codes and names of the counties: GB/T 2260 as kept by the Ministry of Civil Affairs (民政部), checked against the
 * statistical division codes of the National Bureau of Statistics (国家统计局统计用区划代码) of 2023. validFrom is null
 * where a code is older than 2019; English names are standard pinyin. Centres are the points where the map writes
 * the name (GCJ-02, as the map that ships); a city's is that of the county where its government sits.
 */
const province: LocalityData = {
  code: '330000',
  name: { zh: '浙江省', en: 'Zhejiang Province' },
  short: { zh: '浙江', en: 'Zhejiang' },
  parent: null,
  level: 'province',
  validFrom: null,
  validTo: null,
  successors: [],
  centre: [120.239, 30.305],
};

/** Day on which Hangzhou's districts were redrawn (announced by the province; approved by the State Council). */
const redrawn = '2021-04-09';

/**
 * What the redrawing did to whole codes. A district that gave land away and kept its code (余杭 to 临平, 萧山 to 钱塘) has
 * not ended, and figures of 2020 under its code are those of the larger district.
 */
export const changes: readonly { day: string; from: string; to: readonly string[] }[] = [
  { day: redrawn, from: '330103', to: ['330105'] },
  { day: redrawn, from: '330104', to: ['330102', '330114'] },
  { day: redrawn, from: '330109', to: ['330109', '330114'] },
  { day: redrawn, from: '330110', to: ['330110', '330113'] },
];

const since: Record<string, string> = { '330113': redrawn, '330114': redrawn, '330383': '2019-09-25' };

function city(code: string, zh: string, en: string, centre: [number, number]): LocalityData {
  return {
    code,
    name: { zh: `${zh}市`, en: `${en} City` },
    short: { zh, en },
    parent: province.code,
    level: 'city',
    validFrom: null,
    validTo: null,
    successors: [],
    centre,
  };
}

const kinds: Record<string, string> = { 区: 'District', 县: 'County', 市: 'City', 畲族自治县: 'She Autonomous County' };

function county(code: string, zh: string, kind: string, en: string, centre: [number, number] | null): LocalityData {
  return {
    code,
    name: { zh: `${zh}${kind}`, en: `${en} ${kinds[kind]}` },
    short: { zh, en },
    parent: `${code.slice(0, 4)}00`,
    level: 'county',
    validFrom: since[code] ?? null,
    validTo: null,
    successors: [],
    centre,
  };
}

function ended(locality: LocalityData): LocalityData {
  const change = changes.find(({ from }) => from === locality.code);
  if (!change) throw new Error(`${locality.code} has not ended`);
  return { ...locality, validTo: change.day, successors: [...change.to] };
}

/** Streets have no outline on the map; they stand at tiles, so a centre is not claimed for them. */
function street(code: string, zh: string, en: string, validFrom: string | null = null): LocalityData {
  return {
    code,
    name: { zh: `${zh}街道`, en: `${en} Subdistrict` },
    short: { zh, en },
    parent: code.slice(0, 6),
    level: 'street',
    validFrom,
    validTo: null,
    successors: [],
    centre: null,
  };
}

const cities = [
  city('330100', '杭州', 'Hangzhou', [120.239, 30.305]),
  city('330200', '宁波', 'Ningbo', [121.691, 29.742]),
  city('330300', '温州', 'Wenzhou', [120.515, 28.086]),
  city('330400', '嘉兴', 'Jiaxing', [120.863, 30.701]),
  city('330500', '湖州', 'Huzhou', [120.048, 30.851]),
  city('330600', '绍兴', 'Shaoxing', [120.636, 30.038]),
  city('330700', '金华', 'Jinhua', [119.486, 28.959]),
  city('330800', '衢州', 'Quzhou', [118.792, 29.037]),
  city('330900', '舟山', 'Zhoushan', [122.076, 30.078]),
  city('331000', '台州', 'Taizhou', [121.446, 28.660]),
  city('331100', '丽水', 'Lishui', [119.871, 28.501]),
];

const counties = [
  county('330102', '上城', '区', 'Shangcheng', [120.239, 30.305]),
  county('330105', '拱墅', '区', 'Gongshu', [120.157, 30.320]),
  county('330106', '西湖', '区', 'Xihu', [120.073, 30.141]),
  county('330108', '滨江', '区', 'Binjiang', [120.189, 30.179]),
  county('330109', '萧山', '区', 'Xiaoshan', [120.233, 30.025]),
  county('330110', '余杭', '区', 'Yuhang', [119.919, 30.352]),
  county('330111', '富阳', '区', 'Fuyang', [119.909, 29.999]),
  county('330112', '临安', '区', "Lin'an", [119.194, 30.142]),
  county('330113', '临平', '区', 'Linping', [120.264, 30.445]),
  county('330114', '钱塘', '区', 'Qiantang', [120.619, 30.314]),
  county('330122', '桐庐', '县', 'Tonglu', [119.467, 29.875]),
  county('330127', '淳安', '县', "Chun'an", [118.998, 29.680]),
  county('330182', '建德', '市', 'Jiande', [119.472, 29.572]),
  county('330203', '海曙', '区', 'Haishu', [121.320, 29.816]),
  county('330205', '江北', '区', 'Jiangbei', [121.443, 29.976]),
  county('330206', '北仑', '区', 'Beilun', [121.911, 29.833]),
  county('330211', '镇海', '区', 'Zhenhai', [121.634, 29.989]),
  county('330212', '鄞州', '区', 'Yinzhou', [121.691, 29.742]),
  county('330213', '奉化', '区', 'Fenghua', [121.318, 29.614]),
  county('330225', '象山', '县', 'Xiangshan', [121.832, 29.479]),
  county('330226', '宁海', '县', 'Ninghai', [121.451, 29.343]),
  county('330281', '余姚', '市', 'Yuyao', [121.202, 29.975]),
  county('330282', '慈溪', '市', 'Cixi', [121.370, 30.195]),
  county('330302', '鹿城', '区', 'Lucheng', [120.515, 28.086]),
  county('330303', '龙湾', '区', 'Longwan', [120.832, 27.881]),
  county('330304', '瓯海', '区', 'Ouhai', [120.665, 27.916]),
  county('330305', '洞头', '区', 'Dongtou', [121.121, 27.856]),
  county('330324', '永嘉', '县', 'Yongjia', [120.651, 28.328]),
  county('330326', '平阳', '县', 'Pingyang', [120.284, 27.630]),
  county('330327', '苍南', '县', 'Cangnan', [120.480, 27.383]),
  county('330328', '文成', '县', 'Wencheng', [120.033, 27.814]),
  county('330329', '泰顺', '县', 'Taishun', [119.881, 27.500]),
  county('330381', '瑞安', '市', "Rui'an", [120.421, 27.831]),
  county('330382', '乐清', '市', 'Yueqing', [121.022, 28.230]),
  county('330383', '龙港', '市', 'Longgang', [120.602, 27.547]),
  county('330402', '南湖', '区', 'Nanhu', [120.863, 30.701]),
  county('330411', '秀洲', '区', 'Xiuzhou', [120.633, 30.788]),
  county('330421', '嘉善', '县', 'Jiashan', [120.897, 30.912]),
  county('330424', '海盐', '县', 'Haiyan', [120.957, 30.466]),
  county('330481', '海宁', '市', 'Haining', [120.688, 30.461]),
  county('330482', '平湖', '市', 'Pinghu', [121.108, 30.693]),
  county('330483', '桐乡', '市', 'Tongxiang', [120.498, 30.596]),
  county('330502', '吴兴', '区', 'Wuxing', [120.048, 30.851]),
  county('330503', '南浔', '区', 'Nanxun', [120.360, 30.763]),
  county('330521', '德清', '县', 'Deqing', [119.979, 30.532]),
  county('330522', '长兴', '县', 'Changxing', [119.823, 31.007]),
  county('330523', '安吉', '县', 'Anji', [119.661, 30.699]),
  county('330602', '越城', '区', 'Yuecheng', [120.636, 30.038]),
  county('330603', '柯桥', '区', 'Keqiao', [120.644, 29.823]),
  county('330604', '上虞', '区', 'Shangyu', [120.905, 29.946]),
  county('330624', '新昌', '县', 'Xinchang', [120.942, 29.423]),
  county('330681', '诸暨', '市', 'Zhuji', [120.291, 29.725]),
  county('330683', '嵊州', '市', 'Shengzhou', [120.663, 29.573]),
  county('330702', '婺城', '区', 'Wucheng', [119.486, 28.959]),
  county('330703', '金东', '区', 'Jindong', [119.801, 29.148]),
  county('330723', '武义', '县', 'Wuyi', [119.689, 28.747]),
  county('330726', '浦江', '县', 'Pujiang', [119.889, 29.524]),
  county('330727', '磐安', '县', "Pan'an", [120.557, 28.984]),
  county('330781', '兰溪', '市', 'Lanxi', [119.429, 29.244]),
  county('330782', '义乌', '市', 'Yiwu', [120.022, 29.263]),
  county('330783', '东阳', '市', 'Dongyang', [120.324, 29.210]),
  county('330784', '永康', '市', 'Yongkang', [120.099, 28.938]),
  county('330802', '柯城', '区', 'Kecheng', [118.792, 29.037]),
  county('330803', '衢江', '区', 'Qujiang', [118.896, 28.730]),
  county('330822', '常山', '县', 'Changshan', [118.577, 28.967]),
  county('330824', '开化', '县', 'Kaihua', [118.358, 29.199]),
  county('330825', '龙游', '县', 'Longyou', [119.210, 29.029]),
  county('330881', '江山', '市', 'Jiangshan', [118.615, 28.630]),
  county('330902', '定海', '区', 'Dinghai', [122.076, 30.078]),
  county('330903', '普陀', '区', 'Putuo', [122.104, 29.750]),
  county('330921', '岱山', '县', 'Daishan', [122.178, 30.284]),
  county('330922', '嵊泗', '县', 'Shengsi', [122.063, 30.637]),
  county('331002', '椒江', '区', 'Jiaojiang', [121.446, 28.660]),
  county('331003', '黄岩', '区', 'Huangyan', [121.186, 28.610]),
  county('331004', '路桥', '区', 'Luqiao', [121.558, 28.539]),
  county('331022', '三门', '县', 'Sanmen', [121.532, 29.020]),
  county('331023', '天台', '县', 'Tiantai', [121.029, 29.179]),
  county('331024', '仙居', '县', 'Xianju', [120.740, 28.768]),
  county('331081', '温岭', '市', 'Wenling', [121.440, 28.388]),
  county('331082', '临海', '市', 'Linhai', [121.115, 28.874]),
  county('331083', '玉环', '市', 'Yuhuan', [121.242, 28.183]),
  county('331102', '莲都', '区', 'Liandu', [119.871, 28.501]),
  county('331121', '青田', '县', 'Qingtian', [120.140, 28.237]),
  county('331122', '缙云', '县', 'Jinyun', [120.190, 28.655]),
  county('331123', '遂昌', '县', 'Suichang', [119.058, 28.477]),
  county('331124', '松阳', '县', 'Songyang', [119.408, 28.411]),
  county('331125', '云和', '县', 'Yunhe', [119.537, 28.145]),
  county('331126', '庆元', '县', 'Qingyuan', [119.218, 27.589]),
  county('331127', '景宁', '畲族自治县', 'Jingning', [119.551, 27.803]),
  county('331181', '龙泉', '市', 'Longquan', [119.105, 28.035]),
];

/** In force until 8 April 2021. */
const endedCounties = [
  ended(county('330103', '下城', '区', 'Xiacheng', null)),
  ended(county('330104', '江干', '区', 'Jianggan', null)),
];

/**
 * The nine digits are those of the National Bureau of Statistics' list of 2023 (as of 30 June 2023); that of the Ministry
 * of Civil Affairs may differ in the last three. The centre confirms them against its own list before it works with them.
 */
const streets = [
  // 上城, all fourteen. The last eight were 江干's until the redrawing, under 330104.
  street('330102001', '清波', 'Qingbo'),
  street('330102003', '湖滨', 'Hubin'),
  street('330102004', '小营', 'Xiaoying'),
  street('330102008', '南星', 'Nanxing'),
  street('330102009', '紫阳', 'Ziyang'),
  street('330102010', '望江', 'Wangjiang'),
  street('330102011', '凯旋', 'Kaixuan', redrawn),
  street('330102012', '采荷', 'Caihe', redrawn),
  street('330102013', '闸弄口', 'Zhalongkou', redrawn),
  street('330102014', '四季青', 'Sijiqing', redrawn),
  street('330102015', '彭埠', 'Pengbu', redrawn),
  street('330102016', '笕桥', 'Jianqiao', redrawn),
  street('330102017', '丁兰', 'Dinglan', redrawn),
  street('330102018', '九堡', 'Jiubao', redrawn),
  // 鄞州 and 义乌: only those the scenario goes to.
  street('330212006', '首南', 'Shounan'),
  street('330212007', '潘火', 'Panhuo'),
  street('330782003', '稠江', 'Choujiang'),
  street('330782008', '福田', 'Futian'),
];

/** All of the above, parents before their children. */
export const localities: readonly LocalityData[] = [province, ...cities, ...counties, ...endedCounties, ...streets];
