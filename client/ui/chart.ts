import type { BarSeriesOption } from 'echarts/charts';
import type { GridComponentOption } from 'echarts/components';
import type { ComposeOption } from 'echarts/core';

export type ChartOption = ComposeOption<BarSeriesOption | GridComponentOption>;

/** What a chart needs of the screen it is drawn on: pixels of one unit, and the theme's colours as they are now. */
export interface ChartLook {
  unit: number;
  font: string;
  ink: string;
  dim: string;
  line: string;
  bar: string;
  barNow: string;
  barGround: string;
}
