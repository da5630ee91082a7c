import { z } from 'zod';
import { role, scope } from '../../../shared/access/access.ts';

/** What the routes for other programs' keys and webhooks answer administrators. */
export const key = z.object({
  id: z.string(),
  name: z.string(),
  hint: z.string(),
  use: z.enum(['board', 'metrics']),
  board: z.string().nullable(),
  role: role.nullable(),
  scope,
  mayWrite: z.boolean(),
  mayReveal: z.boolean(),
  created: z.number(),
  createdBy: z.string(),
  expires: z.number().nullable(),
  lastUsed: z.number().nullable(),
});
export type Key = z.infer<typeof key>;
export const keys = z.object({ keys: z.array(key) });
export const madeKey = z.object({ key, secret: z.string() });

const sendError = z.enum(['timeout', 'notReached', 'untrusted', 'redirected', 'refused', 'gone']);
export const webhook = z.object({
  id: z.string(),
  name: z.string(),
  board: z.string(),
  url: z.string(),
  kinds: z.array(z.string()),
  scope,
  active: z.boolean(),
  stopped: z.enum(['gone']).nullable(),
  created: z.number(),
  createdBy: z.string(),
  behind: z.number(),
  tries: z.number(),
  nextTry: z.number().nullable(),
  lastError: sendError.nullable(),
  lastDelivered: z.number().nullable(),
  gaveUp: z.number(),
  formerUntil: z.number().nullable(),
  lastTest: z.object({ id: z.string(), at: z.number(), status: z.number().nullable(), error: sendError.nullable(), took: z.number() }).nullable(),
});
export type Webhook = z.infer<typeof webhook>;
export const webhooks = z.object({ webhooks: z.array(webhook) });
export const madeWebhook = z.object({ webhook, secret: z.string() });

export const receipt = z.object({
  id: z.string(),
  epoch: z.number(),
  revision: z.number(),
  command: z.string(),
  state: z.enum(['trying', 'delivered', 'gaveUp']),
  tries: z.number(),
  status: z.number().nullable(),
  error: sendError.nullable(),
  took: z.number().nullable(),
  firstTry: z.number(),
  lastTry: z.number(),
});
export const receipts = z.object({ receipts: z.array(receipt), next: z.string().nullable() });
