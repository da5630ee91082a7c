import { z } from 'zod';
import { workYear, type WorkYear } from '../../time/calendar.ts';
import { defineRecord, open, type Body } from '../fields.ts';

/** 工作日历: the working days of one year, id `2020`; what clocks of working time are counted by. */
export const calendar = defineRecord('calendar', {
  year: open(z.int().min(2000).max(2100)),
  week: open(workYear.shape.week),
  hours: open(workYear.shape.hours),
  off: open(workYear.shape.off),
  on: open(workYear.shape.on),
  /** The notice it follows. */
  source: open(z.string().max(200)),
});
export type Calendar = Body<typeof calendar>;

export const workYearOf = ({ week, hours, off, on }: Calendar): WorkYear => ({ week, hours, off, on });
