import type { Role, Scope } from '../../shared/access/access.ts';

/** What was revoked: exactly one is given. */
export interface Cut {
  session?: string;
  device?: string;
  person?: string;
  key?: string;
}

export interface Grant {
  board: string;
  role: Role;
  scope: Scope;
}

/**
 * Who stands behind a socket or a request: a person with grants, a wall with its device credential, or another program
 * with its key. A program has one grant, or none where its key opens the hub's own figures alone.
 */
export type Visitor =
  | { type: 'person'; session: string; person: string; label: string; /** In full, for colleagues at the same record (rule 18). */ name?: string; grants: Grant[] }
  | { type: 'device'; device: string; board: string }
  | { type: 'program'; key: string; label: string; grants: Grant[]; mayWrite: boolean; mayReveal: boolean; metrics: boolean };

/**
 * A stranger who was handed a link: it carries a part of what the desk that made it may do, about one record. Never behind
 * a socket.
 */
export interface Guest {
  link: string;
  /** `驾驶员`: what stands in histories. */
  label: string;
  grant: Grant;
  record: { kind: string; id: string };
  /** The commands it may send, each about that record. */
  commands: readonly string[];
  /** Kinds it may list, which hold nothing but names of places and the like. */
  lists: readonly string[];
}

/** Rule 10: whether this visitor's way in is what has ended. */
export function cutBy(what: Cut, v: Visitor): boolean {
  switch (v.type) {
    case 'device':
      return v.device === what.device;
    case 'program':
      return v.key === what.key;
    case 'person':
      return v.session === what.session || v.person === what.person;
  }
}
