import { rmSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { startPostgres, type PrivatePostgres } from '../../server/embedded/postgres.ts';
import { startRedis, type PrivateRedis } from '../../server/embedded/redis.ts';
import { cacheDirectory } from '../paths.ts';
import { Cable } from './cable.ts';
import { pidIn, dataDirectory, HubProcess, type HubOptions } from './hub.ts';

/** Two hubs as a centre runs them, on one PostgreSQL and one Redis of their own that a test may freeze and take away. */
export class Pair {
  readonly hubs: HubProcess[] = [];
  private redis: PrivateRedis | null = null;
  private readonly ports: (string | undefined)[] = [];

  private constructor(
    private readonly dir: string,
    private readonly postgres: PrivatePostgres,
    /** Between the hubs and Redis. */
    readonly bell: Cable,
  ) {}

  static async start(settings: Record<string, string> = {}): Promise<Pair> {
    const dir = dataDirectory();
    const postgres = await startPostgres({ dir: join(dir, 'postgres'), log, settings });
    const bell = await Cable.lay({ path: '' });
    const pair = new Pair(dir, postgres, bell);
    await pair.startRedis();
    return pair;
  }

  /** Hub `index` (0, 1), on the port it had if it had one; silent unless `logLevel` says otherwise. */
  async startHub(
    index: number,
    { argv = [], logLevel = 'silent', env = {}, program }: { argv?: string[]; logLevel?: string } & Pick<HubOptions, 'env' | 'program'> = {},
  ): Promise<{ hub: HubProcess; url: string }> {
    const { host, user, database } = this.postgres.connection;
    const port = this.ports[index];
    const hub = new HubProcess({
      dataDir: join(this.dir, `hub-${index}`),
      argv,
      env: {
        LOG_LEVEL: logLevel,
        DATABASE_URL: `postgres:///${database}?host=${encodeURIComponent(host)}&user=${user}`,
        REDIS_URL: `redis://127.0.0.1:${this.bell.port}`,
        ...(port === undefined ? {} : { PORT: port }),
        ...env,
      },
      ...(program === undefined ? {} : { program }),
    });
    this.hubs[index] = hub;
    const url = await hub.ready();
    this.ports[index] = new URL(url).port;
    return { hub, url };
  }

  /** Of the database, for whoever checks afterwards what is in it. */
  get connection(): PrivatePostgres['connection'] {
    return this.postgres.connection;
  }

  async startRedis(): Promise<void> {
    const redis = await startRedis({ dir: join(this.dir, 'redis'), cache: cacheDirectory('redis'), log, insist: true });
    if (!redis) throw new Error('the tests need a Redis');
    this.redis = redis;
    this.bell.to = { path: redis.path };
    this.bell.plug();
  }

  async stopRedis(): Promise<void> {
    this.bell.cut();
    await this.redis?.stop();
    this.redis = null;
  }

  get postgresPid(): number {
    const pid = pidIn(join(this.dir, 'postgres', 'data', 'postmaster.pid'));
    if (pid === null) throw new Error('no PostgreSQL runs');
    return pid;
  }

  get redisPid(): number {
    const pid = pidIn(join(this.dir, 'redis', 'work', 'redis.pid'));
    if (pid === null) throw new Error('no Redis runs');
    return pid;
  }

  async stop(): Promise<void> {
    for (const hub of this.hubs) await hub?.stop('SIGKILL');
    await this.stopRedis();
    await this.bell.remove();
    await this.postgres.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

const log = pino({ level: 'silent' });
