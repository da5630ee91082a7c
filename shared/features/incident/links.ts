import type { Role } from '../../access/access.ts';
import { callFeature } from '../call/call.ts';
import { enterpriseFeature } from '../enterprise/enterprise.ts';
import type { DecideContext } from '../feature.ts';
import type { Body, RecordDef } from '../fields.ts';
import { orderFeature } from '../order/order.ts';
import { shipmentFeature } from '../shipment/shipment.ts';

/**
 * What can belong to an incident. A link is kind and id; a further kind is a line here. `one`: to one incident at a time,
 * which a natural key of the incident holds (see incident.ts).
 */
interface Attachable {
  readers: readonly Role[];
  one: boolean;
  /** What it is called, in public words; null: there is none. */
  name(c: Pick<DecideContext, 'get'>, id: string): string | null;
}

const attachableAs = <R extends RecordDef>(feature: { record: R; readers: readonly Role[] }, one: boolean, name: (body: Body<R>) => string): Attachable => ({
  readers: feature.readers,
  one,
  name: (c, id) => {
    const found = c.get(feature.record, id);
    return found ? name(found.body) : null;
  },
});

export const attachable = {
  call: attachableAs(callFeature, true, (b) => b.number),
  shipment: attachableAs(shipmentFeature, true, (b) => b.number),
  order: attachableAs(orderFeature, true, (b) => b.number),
  enterprise: attachableAs(enterpriseFeature, false, (b) => b.name),
} as const satisfies Record<string, Attachable>;
export type AttachableKind = keyof typeof attachable;
export const attachableKinds = Object.keys(attachable) as [AttachableKind, ...AttachableKind[]];

export const linkKey = (kind: string, id: string): string => `record:${kind}/${id}`;
const isAttachable = (kind: string): kind is AttachableKind => Object.hasOwn(attachable, kind);
/** The natural keys of what belongs to this incident alone. */
export const linkKeys = (links: readonly { kind: string; id: string }[]): string[] =>
  links.flatMap(({ kind, id }) => (isAttachable(kind) && attachable[kind].one ? [linkKey(kind, id)] : []));
