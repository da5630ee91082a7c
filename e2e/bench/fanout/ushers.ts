import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Desk } from '../../actions/desk.ts';
import { reach } from '../../setup/trusted.ts';
import type { AudienceOptions, FromAudience, Heard, ToAudience } from './words.ts';

const TICK = 10;
/** User and system time of a process, in milliseconds. */
export function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK;
}

/** An audience in a process of its own, and what is asked of it. */
export class Audience {
  private readonly child = fork(join(import.meta.dirname, 'audience.ts'), { execArgv: ['--import', 'tsx'] });

  private ask<S extends FromAudience['said']>(message: ToAudience, said: S): Promise<Extract<FromAudience, { said: S }>> {
    return new Promise((done, fail) => {
      const ended = (code: number | null): void => fail(new Error(`the audience ended with ${code}`));
      this.child.once('exit', ended);
      this.child.once('message', (reply: FromAudience) => {
        this.child.off('exit', ended);
        if (reply.said === said) done(reply as Extract<FromAudience, { said: S }>);
      });
      this.child.send(message);
    });
  }
  joined = async (options: AudienceOptions): Promise<number> => (await this.ask({ do: 'join', options }, 'joined')).ms;
  begin = (): Promise<unknown> => this.ask({ do: 'begin' }, 'begun');
  /** When each had joined again, in milliseconds since 1970, and why attempts before that failed. */
  returned = (options: AudienceOptions): Promise<Extract<FromAudience, { said: 'returned' }>> => this.ask({ do: 'return', options }, 'returned');
  end = async (): Promise<Heard> => (await this.ask({ do: 'end' }, 'heard')).heard;
  leave = (): Promise<void> => new Promise((done) => {
    this.child.once('exit', () => done());
    this.child.kill('SIGKILL');
  });
}

/** A wall, as a page becomes one: asked for, approved, taken. */
export async function pairOne(chief: Desk): Promise<void> {
  const post = await reach(`${chief.url}/api/v1/pairing`, { method: 'POST', headers: { origin: chief.url } });
  const { id, code, secret } = (await post.json()) as { id: string; code: string; secret: string };
  const approved = await chief.rest('POST', '/screens', { code, name: 'bench', board: 'main' });
  if (approved.status !== 201) throw new Error(JSON.stringify(approved.json));
  const got = await reach(`${chief.url}/api/v1/pairing/${id}`, { headers: { 'x-pairing-secret': secret } });
  if (!got.ok) throw new Error(await got.text());
}

