/** What can be wrong with a map file, in words for the technician who put it in. */
const zh = {
  notAMap: '地图文件既不是 GeoJSON（FeatureCollection），也不是 TopoJSON（Topology）。',
  malformed: '地图文件格式有误：{path} 处 {detail}。',
  empty: '地图文件里没有任何区域。',
  whichObject: 'TopoJSON 里有多个图层（{names}），请把区县图层命名为 counties，或只留一个图层。',
  codeMissing: '第 {index} 个区域（{name}）没有行政区划代码：属性 adcode、code、id 都没有。',
  codeInvalid: '第 {index} 个区域（{name}）的代码“{code}”不是 6 位或 9 位数字（GB/T 2260）。',
  codeTwice: '代码 {code} 出现了两次（{name}）。',
  nameMissing: '区域 {code} 没有名称：属性 name 为空。',
  noOutline: '区域 {code}（{name}）没有边界：需要 Polygon 或 MultiPolygon。',
  notDegrees: '区域 {code}（{name}）的坐标 {point} 不是经纬度（度）：请先转换坐标系。',
  badArcs: 'TopoJSON 中区域 {code}（{name}）引用了不存在的弧段。',
};

export type MapProblem = keyof typeof zh;

const en: Record<MapProblem, string> = {
  notAMap: 'The map file is neither GeoJSON (FeatureCollection) nor TopoJSON (Topology).',
  malformed: 'The map file is malformed: at {path}, {detail}.',
  empty: 'The map file holds no region.',
  whichObject: 'The TopoJSON holds several layers ({names}): name the one with the counties "counties", or leave only one.',
  codeMissing: 'Region no. {index} ({name}) has no administrative code: none of the properties adcode, code, id is there.',
  codeInvalid: 'Region no. {index} ({name}) has the code "{code}", which is not 6 or 9 digits (GB/T 2260).',
  codeTwice: 'The code {code} appears twice ({name}).',
  nameMissing: 'Region {code} has no name: the property name is empty.',
  noOutline: 'Region {code} ({name}) has no outline: a Polygon or MultiPolygon is needed.',
  notDegrees: 'Region {code} ({name}) has the coordinates {point}, which are not degrees of longitude and latitude: convert them first.',
  badArcs: 'Region {code} ({name}) of the TopoJSON refers to arcs that are not there.',
};

export const words = { zh, en };
