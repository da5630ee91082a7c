import { MapChart } from 'echarts/charts';
import { GeoComponent } from 'echarts/components';
import { init, registerMap, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { describe, expect, it } from 'vitest';
import { makeMap } from './build-map.mjs';
import { fit } from './fit.ts';
import { parseMap } from './map.ts';

const box = { left: 620, top: 120, width: 700, height: 830 };

describe('fit', () => {
  it('fills the box one way, keeps to its middle the other, and keeps shapes', () => {
    const frame = fit([120, 28, 122, 30], box);
    expect(frame.width).toBeCloseTo(700);
    expect(frame.left).toBeCloseTo(620);
    expect(frame.top + frame.height / 2).toBeCloseTo(120 + 830 / 2);
    expect(frame.width / frame.height).toBeCloseTo(Math.cos((29 * Math.PI) / 180));
    const flat = fit([120, 28, 122, 30], { ...box, height: 300 });
    expect(flat.height).toBeCloseTo(300);
    expect(flat.left + flat.width / 2).toBeCloseTo(620 + 700 / 2);
  });

  it('puts every county where ECharts draws it', async () => {
    const map = parseMap(JSON.parse(JSON.stringify(await makeMap())));
    use([GeoComponent, MapChart, SVGRenderer]);
    registerMap('fit', map.regions);
    const chart = init(null, null, { renderer: 'svg', ssr: true, width: 1920, height: 1080 });
    const { toPixel, ...frame } = fit(map.bounds, box);
    chart.setOption({ animation: false, geo: { map: 'fit', nameProperty: 'code', ...frame } });
    for (const [code, centre] of Object.entries(map.centres)) {
      const [x, y] = chart.convertToPixel('geo', centre) as unknown as [number, number];
      expect(toPixel(centre)[0], code).toBeCloseTo(x, 6);
      expect(toPixel(centre)[1], code).toBeCloseTo(y, 6);
    }
    chart.dispose();
  });
});
