import { z } from 'zod';
import { defineRecord, internal, open, personal, type Body } from '../fields.ts';
import { listItem } from '../list/record.ts';

const instant = z.int();

/** After the states of EDXL-RM, in the words of the yard. */
export const states = ['planned', 'departed', 'onTheWay', 'arrived', 'unloading', 'counted', 'stored', 'cancelled'] as const;
export const state = z.enum(states);
export type ShipmentState = z.infer<typeof state>;

export const hazards = listItem.shape.hazard.unwrap().options;
export type Hazard = (typeof hazards)[number];

/** How many points of the way are kept; older ones are thinned, so that the whole way stays on the map. */
export const TRACK = 120;

const point = z.tuple([z.number(), z.number()]);

/** A store, hospital, yard: its name, the locality where the board has it, and where it lies. */
const stop = z.object({ locality: z.string().nullable(), place: z.string(), at: point.nullable() });

export const shipmentLine = z.object({
  /** Code of the list `items`, once in a load. */
  item: z.string(),
  /** In the item's own measure; 0 for what came without being announced. */
  announced: z.number().min(0),
  counted: z.number().min(0).nullable(),
});
export type ShipmentLine = z.infer<typeof shipmentLine>;

export const shipment = defineRecord('shipment', {
  /** Day and counter: `S20200205-003`. */
  number: open(z.string()),
  announced: open(instant),
  from: open(stop),
  to: open(stop),
  /** What its localities were called when this was written: lists are searched by it. */
  placeWords: open(z.object({ from: z.string(), to: z.string() })),
  /** The unit it is for. */
  unit: open(z.string().nullable()),
  lines: open(z.array(shipmentLine).max(50)),
  /** Why a count differs, by item. */
  reasons: internal(z.record(z.string(), z.string())),
  /** Classes of what is on board, from the catalogue. */
  hazards: open(z.array(z.enum(hazards))),
  departPlanned: open(instant.nullable()),
  arrivePlanned: open(instant.nullable()),
  state: open(state),
  stateSince: open(instant),
  /** When each state was really reached, as claimed. */
  times: open(z.partialRecord(state, instant)),
  position: open(z.object({ lon: z.number(), lat: z.number(), at: instant, locality: z.string().nullable() }).nullable()),
  /** [longitude, latitude, instant], in the order of the times. */
  track: open(z.array(z.tuple([z.number(), z.number(), instant])).max(TRACK)),
  /** `plusMinus` in minutes. */
  eta: open(z.object({ at: instant, plusMinus: z.number() }).nullable()),
  /** The fact that nothing has been heard since then, written once (rule 15). */
  silentSince: open(instant.nullable()),
  /** Why it went back a state or was cancelled. */
  stateReason: internal(z.string().nullable()),
  vehicle: internal(z.string().nullable()),
  escort: internal(z.string().nullable()),
  clerk: internal(z.string()),
  driverName: personal(),
  driverNumber: personal(),
});
export type Shipment = Body<typeof shipment>;
