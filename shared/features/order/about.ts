import { alert } from '../alert/record.ts';
import { call } from '../call/record.ts';
import { enterprise } from '../enterprise/record.ts';
import type { DecideContext } from '../feature.ts';
import type { Body, RecordDef } from '../fields.ts';
import { incident } from '../incident/record.ts';
import { shipment } from '../shipment/record.ts';

/** What an order takes over, in public words, of the record it is about. */
export interface About {
  name: string;
  locality: string | null;
  placeWords: string;
}
type Of = (c: Pick<DecideContext, 'get'>, id: string) => About | undefined;

const aboutAs =
  <R extends RecordDef>(def: R, of: (body: Body<R>) => About): Of =>
  (c, id) => {
    const found = c.get(def, id);
    return found && of(found.body);
  };

/** What an order can be about. A further kind is one line here. */
export const aboutOf = {
  call: aboutAs(call, (b) => ({ name: b.number, locality: b.locality, placeWords: b.placeWords })),
  shipment: aboutAs(shipment, (b) => ({ name: b.number, locality: b.to.locality, placeWords: b.placeWords.to })),
  enterprise: aboutAs(enterprise, (b) => ({ name: b.name, locality: b.locality, placeWords: b.placeWords })),
  incident: aboutAs(incident, (b) => ({ name: b.number, locality: b.locality, placeWords: b.placeWords })),
  alert: aboutAs(alert, (b) => ({ name: b.number, locality: b.localities[0] ?? null, placeWords: '' })),
} as const satisfies Record<string, Of>;
export type AboutKind = keyof typeof aboutOf;
export const aboutKinds = Object.keys(aboutOf) as [AboutKind, ...AboutKind[]];
