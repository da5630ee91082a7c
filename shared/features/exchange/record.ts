import { z } from 'zod';
import { defineRecord, open, type Body } from '../fields.ts';

export const exchangeStates = ['connected', 'lost'] as const;

/** 话务交换机: whether the telephone exchange can be heard, and since when. One record an exchange; its id is its code. */
export const exchange = defineRecord('exchange', {
  code: open(z.string()),
  state: open(z.enum(exchangeStates)),
  /** Connected, or lost, since. */
  since: open(z.int()),
});
export type Exchange = Body<typeof exchange>;
