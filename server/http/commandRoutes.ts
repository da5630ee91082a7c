import { z } from 'zod';
import type { Command, Feature } from '../../shared/features/feature.ts';
import { refuseField } from '../../shared/protocol/errors.ts';

/**
 * Addresses of commands, from the list of kinds alone: a new kind or command needs nothing here.
 *
 * - A command that names its record by `id`: `POST /calls/{id}/move`; the id is left out of the body.
 * - The first of a kind's commands that names none: `POST /calls`. It is the one that makes such a record.
 * - Any other: `POST /localities/colour`.
 *
 * Commands that only the board's own clocks send have no address.
 */
export interface CommandRoute {
  kind: string;
  /** Full name: `call.move`. */
  type: string;
  /** Below /api/v1, as Express and as OpenAPI write it. */
  path: string;
  template: string;
  takesId: boolean;
  command: Command;
}

/** A body's own JSON Schema, as a sender writes it. */
export const bodySchema = (command: Command): { properties?: Record<string, unknown>; required?: string[] } =>
  z.toJSONSchema(command.body, { io: 'input', unrepresentable: 'any' }) as { properties?: Record<string, unknown>; required?: string[] };

export function commandRoutes(kinds: readonly Feature[]): CommandRoute[] {
  const routes: CommandRoute[] = [];
  for (const { kind, plural, commands } of kinds) {
    let made = false;
    for (const [type, command] of Object.entries(commands)) {
      if (command.roles.every((r) => r === 'system')) continue;
      const verb = type.slice(kind.length + 1);
      const takesId = Object.hasOwn(bodySchema(command).properties ?? {}, 'id');
      const path = takesId ? `/${plural}/:id/${verb}` : made ? `/${plural}/${verb}` : `/${plural}`;
      made ||= !takesId;
      routes.push({ kind, type, path, template: path.replace(':id', '{id}'), takesId, command });
    }
  }
  return routes;
}

/** The command's own body, with the id its address names. */
export function bodyWithId(body: unknown, id: string | undefined): Record<string, unknown> {
  const given = (body ?? {}) as Record<string, unknown>;
  if (id === undefined) return given;
  if (given.id !== undefined && given.id !== id) throw refuseField('id', 'differs');
  return { ...given, id };
}
