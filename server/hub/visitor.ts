import type { Role, Scope } from '../../shared/access/access.ts';

/** Who stands behind a socket or a request: a person with grants, or a wall with its device credential. */
export type Visitor =
  | { type: 'person'; session: string; person: string; label: string; grants: { board: string; role: Role; scope: Scope }[] }
  | { type: 'device'; device: string; board: string };

export type Grant = Extract<Visitor, { type: 'person' }>['grants'][number];
