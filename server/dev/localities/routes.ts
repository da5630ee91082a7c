/**
 * Ways of the scenario's trucks. Points lie near real roads but are ours, to within a kilometre or so, in GCJ-02 as the map
 * that ships: drawn on it they need no conversion; a telephone's WGS-84 would lie some 500 m beside.
 */

export type LonLat = [lon: number, lat: number];

export interface WayPoint {
  at: LonLat;
  /** County it lies in (GB/T 2260); null over water. */
  county: string | null;
}

export interface Route {
  id: string;
  /** Counties, by code. */
  from: string;
  to: string;
  system: 'GCJ-02';
  /** Kilometres on the road; the way through the points is shorter, as it cuts the bends. */
  roadKm: number;
  way: readonly WayPoint[];
}

function route(id: string, roadKm: number, ...points: [lon: number, lat: number, county: string | null][]): Route {
  const way = points.map(([lon, lat, county]): WayPoint => ({ at: [lon, lat], county }));
  const [from, to] = [way[0]?.county, way.at(-1)?.county];
  if (!from || !to) throw new Error(`route ${id} must begin and end in a county`);
  return { id, from, to, system: 'GCJ-02', roadKm, way };
}

/** 5 February 2020: the empty truck goes to fetch, by Fenghua, Xinchang, Shengzhou and Dongyang. */
export const yinzhouToYiwu = route('yinzhou-yiwu', 205,
  [121.556, 29.819, '330212'], [121.4, 29.68, '330213'], [121.2, 29.6, '330213'], [120.93, 29.52, '330624'],
  [120.8, 29.57, '330683'], [120.55, 29.42, '330683'], [120.27, 29.31, '330783'], [120.105, 29.335, '330782'],
);

/** And comes back with the masks, by Zhuji, Shaoxing, Shangyu and Yuyao: together over 400 km, as in the story. */
export const yiwuToYinzhou = route('yiwu-yinzhou', 228,
  [120.105, 29.335, '330782'], [120.13, 29.44, '330782'], [120.22, 29.64, '330681'], [120.3, 29.78, '330681'],
  [120.45, 29.9, '330681'], [120.6, 30.04, '330602'], [120.86, 30.04, '330604'], [121.13, 30.06, '330281'],
  [121.4, 29.95, '330205'], [121.5, 29.85, '330203'], [121.556, 29.819, '330212'],
);

export const routes: readonly Route[] = [
  yiwuToYinzhou,
  yinzhouToYiwu,
  route('yuhang-shangcheng', 30,
    [119.99, 30.28, '330110'], [120.09, 30.29, '330106'], [120.15, 30.29, '330105'], [120.205, 30.255, '330102'],
  ),
  route('zhenhai-haishu', 24,
    [121.62, 29.99, '330211'], [121.57, 29.93, '330205'], [121.53, 29.87, '330203'],
  ),
  route('yueqing-lucheng', 42,
    [120.965, 28.12, '330382'], [120.84, 28.06, '330382'], [120.72, 28.05, '330324'], [120.66, 28.01, '330302'],
  ),
  route('wenling-linhai', 74,
    [121.38, 28.38, '331081'], [121.38, 28.56, '331004'], [121.28, 28.65, '331003'], [121.14, 28.84, '331082'],
  ),
  route('kecheng-yiwu', 142,
    [118.87, 28.96, '330802'], [119.17, 29.04, '330825'], [119.6, 29.1, '330702'], [119.8, 29.16, '330703'],
    [120.06, 29.3, '330782'],
  ),
  route('nanhu-shangcheng', 92,
    [120.76, 30.74, '330402'], [120.56, 30.62, '330483'], [120.3, 30.43, '330113'], [120.23, 30.31, '330102'],
  ),
  route('lucheng-liandu', 125,
    [120.66, 28.01, '330302'], [120.5, 28.1, '330302'], [120.28, 28.16, '331121'], [120.05, 28.35, '331121'],
    [119.92, 28.45, '331102'],
  ),
  route('yinzhou-dinghai', 78,
    [121.556, 29.819, '330212'], [121.68, 29.96, '330211'], [121.8, 30.06, null], [121.88, 30.03, '330902'],
    [122.1, 30.03, '330902'],
  ),
];

/** Kilometres between two points, on a sphere. */
export function kilometres([lon1, lat1]: LonLat, [lon2, lat2]: LonLat): number {
  const rad = Math.PI / 180;
  const half = Math.sin(((lat2 - lat1) * rad) / 2) ** 2 + Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * Math.sin(((lon2 - lon1) * rad) / 2) ** 2;
  return 2 * 6371 * Math.asin(Math.sqrt(half));
}

/**
 * Where a truck is that has done that part of its way, counted in distance: 0 at the start, 1 at the end, before and
 * beyond it stands there. `passed` is the county of the last point behind it.
 */
export function positionAt({ way }: Pick<Route, 'way'>, fraction: number): { at: LonLat; passed: string | null } {
  const lengths = way.slice(1).map((point, i) => kilometres(way[i]!.at, point.at));
  let left = Math.min(1, Math.max(0, fraction)) * lengths.reduce((sum, length) => sum + length, 0);
  for (const [i, length] of lengths.entries()) {
    const [a, b] = [way[i]!, way[i + 1]!];
    if (left < length) {
      const part = left / length;
      return { at: [a.at[0] + (b.at[0] - a.at[0]) * part, a.at[1] + (b.at[1] - a.at[1]) * part], passed: lastCounty(way, i) };
    }
    left -= length;
  }
  return { at: [...way.at(-1)!.at], passed: lastCounty(way, way.length - 1) };
}

function lastCounty(way: readonly WayPoint[], upTo: number): string | null {
  return way.slice(0, upTo + 1).findLast((point) => point.county !== null)?.county ?? null;
}
