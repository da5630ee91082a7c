import { z } from 'zod';
import { defineRecord, internal, open, type Body } from '../fields.ts';

const instant = z.int();

/** Forms of one batch: a ream of them is several. */
export const MOST_FORMS = 40;

export const formStates = ['reserved', 'used', 'voided'] as const;
export const form = z.object({
  /** The call's own number, reserved: what is told to the caller over the telephone holds. */
  number: z.string(),
  state: z.enum(formStates),
  /** The call that was entered from it. */
  call: z.string().nullable(),
  /** When and by whom it was used or voided, and why it was voided. */
  at: instant.nullable(),
  by: z.string().nullable(),
  reason: z.string().nullable(),
});
export type Form = z.infer<typeof form>;

/** 纸质登记单: blank forms printed with numbers nobody else gets, for hours without the board. Each number is accounted for. */
export const paper = defineRecord('paper', {
  first: open(z.string()),
  last: open(z.string()),
  reserved: open(instant),
  by: internal(z.string()),
  forms: internal(z.array(form).min(1).max(MOST_FORMS)),
});
export type Paper = Body<typeof paper>;

export const unusedOf = (p: Pick<Paper, 'forms'>): Form[] => p.forms.filter((f) => f.state === 'reserved');
export const numberKey = (number: string): string => `number:${number}`;
