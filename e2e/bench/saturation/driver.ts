import { fork, type ChildProcess } from 'node:child_process';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { Desk } from '../../actions/desk.ts';
import type { CallersOptions, FromCallers, Sent, ToCallers } from './words.ts';

/** Operators by the hundred, in a process of their own. */
export class Callers {
  private readonly child: ChildProcess = fork(join(import.meta.dirname, 'callers.ts'), { execArgv: ['--import', 'tsx'] });

  private ask(message: ToCallers): Promise<FromCallers> {
    return new Promise((done, fail) => {
      const ended = (code: number | null): void => fail(new Error(`the callers ended with ${code}`));
      this.child.once('exit', ended);
      this.child.once('message', (reply: FromCallers) => {
        this.child.off('exit', ended);
        done(reply);
      });
      this.child.send(message);
    });
  }
  static async open(options: CallersOptions): Promise<Callers> {
    const callers = new Callers();
    await callers.ask({ do: 'open', options });
    return callers;
  }
  async send(seconds: number): Promise<Sent> {
    const reply = await this.ask({ do: 'send', seconds });
    if (reply.said !== 'sent') throw new Error('the callers did not send');
    return reply.sent;
  }
  /** Behind everything else on the machine: what is measured beside them is not waiting for them. */
  nice(): void {
    setPriority(this.child.pid as number, 19);
  }
  leave(): void {
    this.child.kill('SIGKILL');
  }
}

/** So many operators, each signed in. */
export async function operatorCookies(chief: Desk, many: number): Promise<string[]> {
  const cookies: string[] = [];
  let next = 0;
  const make = async (): Promise<void> => {
    for (let i = next++; i < many; i = next++) {
      const person = await chief.makePerson('operator', `bench-${String(Date.now() % 1e6)}-${i}`);
      const desk = await Desk.signIn(chief.url, person.user, person.password, chief.board);
      cookies.push(desk.cookie);
      desk.leave();
    }
  };
  await Promise.all([make(), make()]);
  return cookies;
}
