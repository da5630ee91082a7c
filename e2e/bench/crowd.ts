import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { cookieNames } from '../../server/access/cookies.ts';

/** What one person or wall is let have of sockets on a hub, and a little to spare. */
const EACH = 25;

/**
 * A crowd as a centre has it, everybody with a session and every wall with a credential of its own, written where the hub
 * finds them: to sign thousands in by password would take longer than what is measured.
 */
export class Crowd {
  private constructor(
    private readonly pool: pg.Pool,
    private readonly secure: boolean,
  ) {}

  /** Of a hub on its private PostgreSQL. */
  static async of(dataDir: string, secure = false): Promise<Crowd> {
    const [, , , port, host] = readFileSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n');
    const pool = new pg.Pool({ host, port: Number(port), user: 'board', database: 'board', max: 1 });
    await pool.query('select 1');
    return new Crowd(pool, secure);
  }

  /** Cookies for `sockets` pages of people like this one. */
  async like(person: string, sockets: number): Promise<string[]> {
    return this.each(sockets, async (id, hash, token) => {
      await this.pool.query(
        `insert into person (id, user_name, name, post, password, must_change, created, issued)
         select $2::uuid, 'crowd-' || $2::text, name, post, password, false, created, issued from person where id = $1`,
        [person, id],
      );
      await this.pool.query('insert into grant_ (person, board, role, scope) select $2, board, role, scope from grant_ where person = $1', [person, id]);
      await this.pool.query(`insert into session (id, person, created, last_seen, expires, agent, address) values ($2, $1, now(), now(), now() + interval '12 hours', '', '')`, [id, hash]);
      return `${cookieNames(this.secure).session}=${token}`;
    });
  }

  /** Cookies for `sockets` walls like the first. */
  async walls(sockets: number): Promise<string[]> {
    return this.each(sockets, async (id, hash, token) => {
      await this.pool.query(
        `insert into device (id, name, board, credential, profile, created, approved_by)
         select $1, name, board, $2, profile, created, approved_by from device order by created limit 1`,
        [id, hash],
      );
      return `${cookieNames(this.secure).screen}=${token}`;
    });
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  private async each(sockets: number, make: (id: string, hash: string, token: string) => Promise<string>): Promise<string[]> {
    const out: string[] = [];
    while (out.length < sockets) {
      const token = randomBytes(32).toString('base64url');
      const cookie = await make(randomUUID(), createHash('sha256').update(token).digest('hex'), token);
      for (let i = 0; i < EACH; i++) out.push(cookie);
    }
    return out.slice(0, sockets);
  }
}
