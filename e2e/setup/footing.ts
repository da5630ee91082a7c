import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { project } from '../paths.ts';
import { databaseUrl, freshDatabase, type FreshDatabase } from './database.ts';
import { dataDirectory, HubProcess } from './hub.ts';

/**
 * What a journey's hub stands on: a directory, and a database of the run's own PostgreSQL, migrated already. Passwords cost
 * little there (hub.mjs). How a hub begins with nothing, and what a password costs, is proven where it is the matter
 * (e2e/outages/process.e2e.ts, server/access/password.spec.ts).
 */
export class Footing {
  private constructor(
    readonly dataDir: string,
    readonly database: FreshDatabase,
  ) {}

  static async lay(): Promise<Footing> {
    return new Footing(dataDirectory(), await freshDatabase());
  }

  /** Once more on the same footing, when the one before has ended. */
  start(env: Record<string, string> = {}): HubProcess {
    return new HubProcess({ dataDir: this.dataDir, env: { DATABASE_URL: databaseUrl(this.database), ...env }, program: join(project, 'e2e', 'setup', 'hub.mjs') });
  }

  async remove(): Promise<void> {
    await this.database.drop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
