import type { Bounds } from './map.ts';

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Where the map lies on the screen. The numbers go as they are into an ECharts geo component. */
export interface MapFrame extends Box {
  /** [[west, north], [east, south]] */
  boundingCoords: [[number, number], [number, number]];
  /** The same place ECharts puts it, without asking a chart. */
  toPixel(point: readonly [number, number]): [number, number];
}

/**
 * The map as large as the box allows, in its middle. A degree of longitude is drawn as long as it is at the middle of the
 * map (cosine of its latitude), so that shapes look as on a printed map; ECharts' own 0.75 is for the whole country.
 */
export function fit([west, south, east, north]: Bounds, box: Box): MapFrame {
  const across = (east - west) * Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = Math.min(box.width / across, box.height / (north - south));
  const width = across * scale;
  const height = (north - south) * scale;
  const left = box.left + (box.width - width) / 2;
  const top = box.top + (box.height - height) / 2;
  return {
    left,
    top,
    width,
    height,
    boundingCoords: [
      [west, north],
      [east, south],
    ],
    toPixel: ([lon, lat]) => [left + ((lon - west) / (east - west)) * width, top + ((north - lat) / (north - south)) * height],
  };
}
