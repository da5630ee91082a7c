import { z } from 'zod';
import { defineRecord, open, type Body } from '../fields.ts';

export const localityLevels = ['province', 'city', 'county', 'street'] as const;
/** Five-colour map of 2020 (五色图); a scheme of its own, not the warning colours. */
export const mapColours = ['red', 'orange', 'yellow', 'blue', 'green'] as const;
export type MapColour = (typeof mapColours)[number];

const text = z.object({ zh: z.string().min(1).max(40), en: z.string().min(1).max(80) });

/** 属地, by GB/T 2260 code (six digits; streets nine). A code that ended keeps its record and names its successors. */
export const locality = defineRecord('locality', {
  code: open(z.string().regex(/^\d{6}(\d{3})?$/)),
  name: open(text),
  /** For the map's labels. */
  short: open(text),
  parent: open(z.string().nullable()),
  level: open(z.enum(localityLevels)),
  validFrom: open(z.string().nullable()),
  /** The day the code ended; null while it is in force. */
  validTo: open(z.string().nullable()),
  successors: open(z.array(z.string())),
  /** Longitude and latitude in the map's own system (GCJ-02 for the map that ships). */
  centre: open(z.tuple([z.number(), z.number()]).nullable()),
  colour: open(z.enum(mapColours).nullable()),
  /** The day the colour was published for. */
  colourDay: open(z.string().nullable()),
});
export type Locality = Body<typeof locality>;
