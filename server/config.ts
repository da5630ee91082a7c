import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { Instant } from '../shared/time/clock.ts';
import { CannotStart } from './embedded/cannotStart.ts';
import { demandUsable } from './tls/certificates.ts';
import { isDnsName, subnet } from './tls/names.ts';
import { isIP } from 'node:net';

/** What the environment and the command line ask for, checked once; everything behind it trusts it. */
export interface Config {
  /** 0 takes any free port. */
  port: number;
  host: string;
  /** Absolute. */
  dataDir: string;
  databaseUrl: string | null;
  redisUrl: string | null;
  /** Absolute path of GeoJSON or TopoJSON; null for the one that was built in. */
  mapFile: string | null;
  logLevel: LogLevel;
  /** Null: plain HTTP. `own`: a private authority below the data directory. Else the centre's certificate, as files. */
  tls: 'own' | { cert: string; key: string } | null;
  /** Names and addresses a private certificate vouches for beyond the machine's own. */
  tlsNames: string[];
  /** Networks of balancers and proxies whose word on the caller's address is taken; none unless named. */
  trustProxy: string[];
  /** HTTPS ends at such a proxy: the hub speaks plain HTTP with it and with nobody else. */
  httpsAtProxy: boolean;
  /** Without a closing slash; null until someone says where strangers' phones reach the outer door. */
  publicUrl: string | null;
  publicPort: number | null;
  /** The telephone exchange to listen to: Asterisk's Manager Interface; null where none is named. */
  ami: { host: string; port: number; tls: boolean; user: string; secret: string; incoming: { contexts: string[]; trunks: string[] } } | null;
  /** Plain HTTP off loopback was asked for by name; the pages then say what is missing. */
  allowHttp: boolean;
  /** Null for the real board. `at` is where the exercise's clock begins; null for the scenario's own beginning. */
  demo: { speed: number; at: Instant | null } | null;
  /** Of the built program: pages and the map lie below it. */
  distDir: string;
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Several sentences, one for each bad value. */
export class BadSettings extends Error {
  constructor(public readonly sentences: CannotStart[]) {
    super(sentences.map(({ message }) => message).join('\n'));
  }
}

const port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine((number) => number <= 65_535);
const urlOf = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol));
const existing = z.string().transform((path, context) => {
  try {
    readFileSync(path);
    return resolve(path);
  } catch (cause) {
    context.addIssue({ code: 'custom', message: (cause as Error).message });
    return z.NEVER;
  }
});

const listOf = (good: (item: string) => boolean) =>
  z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter(Boolean))
    .refine((items) => items.every(good));

/** What goes into one line of another program's protocol. */
// eslint-disable-next-line no-control-regex -- these are the ones it may not hold
const oneLine = z.string().max(200).regex(/^[^\u0000-\u001f\u007f]+$/);

/** An empty variable is one that is not set: that is how service managers and compose files unset one. */
const environment = z.object({
  PORT: port.default(8080),
  HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:_-]+$/)
    .default('127.0.0.1'),
  DATA_DIR: z.string().optional(),
  DATABASE_URL: urlOf('postgres:', 'postgresql:').optional(),
  REDIS_URL: urlOf('redis:', 'rediss:').optional(),
  MAP_FILE: existing.optional(),
  LOG_LEVEL: z.enum(logLevels).default('info'),
  TLS_CERT: existing.optional(),
  TLS_KEY: existing.optional(),
  TLS_NAMES: listOf((name) => isIP(name) !== 0 || isDnsName(name.toLowerCase())).default([]),
  TRUST_PROXY: listOf((text) => subnet(text) !== null).default([]),
  HTTPS_AT_PROXY: z.enum(['0', '1']).default('0'),
  PUBLIC_URL: urlOf('http:', 'https:').optional(),
  PUBLIC_PORT: port.optional(),
  ALLOW_HTTP: z.enum(['0', '1']).default('0'),
  AMI_URL: urlOf('ami:', 'amis:').refine((text) => URL.canParse(text) && new URL(text).hostname !== '' && new URL(text).password === '').optional(),
  AMI_USER: oneLine.optional(),
  AMI_SECRET: oneLine.optional(),
  AMI_CONTEXTS: listOf((name) => name.length <= 80).default(['from-trunk', 'from-pstn', 'from-did-direct', 'from-external', 'incoming']),
  AMI_TRUNKS: listOf((name) => name.length <= 80).default([]),
});

const wanted: Record<keyof z.infer<typeof environment>, { zh: string; en: string }> = {
  PORT: { zh: '应为 0 到 65535 的端口号', en: 'must be a port number from 0 to 65535' },
  HOST: { zh: '应为主机名或 IP 地址', en: 'must be a host name or an IP address' },
  DATA_DIR: { zh: '应为目录', en: 'must be a directory' },
  DATABASE_URL: { zh: '应形如 postgres://用户:口令@主机/库名', en: 'must look like postgres://user:password@host/database' },
  REDIS_URL: { zh: '应形如 redis://主机:6379', en: 'must look like redis://host:6379' },
  MAP_FILE: { zh: '应为可读的地图文件', en: 'must be a map file that can be read' },
  LOG_LEVEL: { zh: `应为 ${logLevels.join('、')} 之一`, en: `must be one of ${logLevels.join(', ')}` },
  TLS_CERT: { zh: '应为可读的证书文件（PEM）', en: 'must be a certificate file (PEM) that can be read' },
  TLS_KEY: { zh: '应为可读的私钥文件（PEM）', en: 'must be a key file (PEM) that can be read' },
  TLS_NAMES: { zh: '应为主机名或 IP 地址，以逗号分隔', en: 'must be host names or IP addresses, with commas between' },
  TRUST_PROXY: { zh: '应为 IP 地址或网段，以逗号分隔', en: 'must be IP addresses or networks, with commas between' },
  HTTPS_AT_PROXY: { zh: '应为 0 或 1', en: 'must be 0 or 1' },
  PUBLIC_URL: { zh: '应形如 https://域名', en: 'must look like https://name' },
  PUBLIC_PORT: { zh: '应为 0 到 65535 的端口号', en: 'must be a port number from 0 to 65535' },
  ALLOW_HTTP: { zh: '应为 0 或 1', en: 'must be 0 or 1' },
  AMI_URL: { zh: '应形如 ami://主机:5038（amis:// 为加密），口令写在 AMI_SECRET', en: 'must look like ami://host:5038 (amis:// over TLS), the secret in AMI_SECRET' },
  AMI_USER: { zh: '应为一行文字', en: 'must be one line of text' },
  AMI_SECRET: { zh: '应为一行文字', en: 'must be one line of text' },
  AMI_CONTEXTS: { zh: '应为拨号方案的上下文名，以逗号分隔', en: 'must be names of dialplan contexts, with commas between' },
  AMI_TRUNKS: { zh: '应为中继通道名的开头，以逗号分隔', en: 'must be beginnings of channel names, with commas between' },
};

/** Every name there is; what runs a hub elsewhere (compose.yaml, README) is held to this. */
export const settingNames = Object.keys(wanted);

/** Values that may hold a password are never repeated. */
const secret = new Set(['DATABASE_URL', 'REDIS_URL', 'AMI_URL', 'AMI_SECRET']);

export interface ConfigSource {
  env: Record<string, string | undefined>;
  /** Without the program's name. */
  argv: string[];
  /** The project's directory: default places are below it. */
  root: string;
}

/** As much of it as tells whoever typed it what is meant. */
const asGiven = (text = ''): string => (text.length > 80 ? `${text.slice(0, 80)}…` : text);

/** Throws {@link BadSettings} with a sentence for every value that cannot be used. */
export function readConfig({ env, argv, root }: ConfigSource): Config {
  const sentences: CannotStart[] = [];
  const set = Object.fromEntries(Object.keys(wanted).map((name) => [name, env[name]?.trim() || undefined]));
  const parsed = environment.safeParse(set);
  for (const issue of parsed.error?.issues ?? []) {
    const name = String(issue.path[0]) as keyof typeof wanted;
    const { zh, en } = wanted[name];
    const shown = secret.has(name) ? '' : ` ${asGiven(set[name])}`;
    sentences.push(new CannotStart(`设置 ${name}${shown} 无效：${zh}。`, `The setting ${name}${shown} is not valid: it ${en}.`));
  }
  const demo = readArguments(argv, sentences);
  if (sentences.length > 0 || !parsed.success) throw new BadSettings(sentences);
  const values = parsed.data;

  if ((values.TLS_CERT === undefined) !== (values.TLS_KEY === undefined))
    sentences.push(
      new CannotStart('TLS_CERT 与 TLS_KEY 必须同时设置。', 'TLS_CERT and TLS_KEY must be set together.'),
    );
  const given = values.TLS_CERT !== undefined && values.TLS_KEY !== undefined ? { cert: values.TLS_CERT, key: values.TLS_KEY } : null;
  if (given) sentences.push(...troubleWith(given));
  if (values.PORT !== 0 && values.PORT === values.PUBLIC_PORT)
    sentences.push(
      new CannotStart('PORT 与 PUBLIC_PORT 不能相同：外门须用自己的端口。', 'PORT and PUBLIC_PORT must differ: the outer door has a port of its own.'),
    );
  const httpsAtProxy = values.HTTPS_AT_PROXY === '1';
  if (httpsAtProxy && (values.TRUST_PROXY.length === 0 || given || values.ALLOW_HTTP === '1'))
    sentences.push(
      new CannotStart(
        'HTTPS_AT_PROXY=1 表示 HTTPS 止于 TRUST_PROXY 所列的代理：须设 TRUST_PROXY，且不与 TLS_CERT、ALLOW_HTTP 同用。',
        'HTTPS_AT_PROXY=1 says that HTTPS ends at the proxies of TRUST_PROXY: name them there, and set neither TLS_CERT nor ALLOW_HTTP.',
      ),
    );
  if (values.AMI_URL !== undefined && (values.AMI_USER === undefined || values.AMI_SECRET === undefined))
    sentences.push(new CannotStart('设了 AMI_URL 就须同时设置 AMI_USER 与 AMI_SECRET。', 'With AMI_URL, AMI_USER and AMI_SECRET must be set as well.'));
  if (sentences.length > 0) throw new BadSettings(sentences);

  return {
    port: values.PORT,
    host: values.HOST,
    dataDir: values.DATA_DIR ? resolve(values.DATA_DIR) : join(root, 'data', ...(demo ? ['demo'] : [])),
    databaseUrl: values.DATABASE_URL ?? null,
    redisUrl: values.REDIS_URL ?? null,
    mapFile: values.MAP_FILE ?? null,
    logLevel: values.LOG_LEVEL,
    tls: given ?? (loopback(values.HOST) || httpsAtProxy || values.ALLOW_HTTP === '1' ? null : 'own'),
    tlsNames: values.TLS_NAMES,
    trustProxy: values.TRUST_PROXY,
    httpsAtProxy,
    publicUrl: values.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    publicPort: values.PUBLIC_PORT ?? null,
    ami: exchangeOf(values),
    allowHttp: values.ALLOW_HTTP === '1',
    demo,
    distDir: join(root, 'dist'),
  };
}

function exchangeOf(values: z.infer<typeof environment>): Config['ami'] {
  const { AMI_URL: url, AMI_USER: user, AMI_SECRET: secret } = values;
  if (url === undefined || user === undefined || secret === undefined) return null;
  const { protocol, hostname, port: at } = new URL(url);
  const tls = protocol === 'amis:';
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(at || (tls ? 5_039 : 5_038)), tls, user, secret, incoming: { contexts: values.AMI_CONTEXTS, trunks: values.AMI_TRUNKS } };
}

/** The certificate and key of the centre, tried before anything is begun. */
function troubleWith(files: { cert: string; key: string }): CannotStart[] {
  try {
    demandUsable({ cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') });
    return [];
  } catch (cause) {
    const why = (cause as Error).message;
    return [new CannotStart(`TLS_CERT 与 TLS_KEY 无法使用（${why}）。`, `TLS_CERT and TLS_KEY cannot be used (${why}).`, { cause })];
  }
}

/** Browsers then keep cookies for HTTPS alone, and pages come from nowhere else. */
export const overHttps = (config: Pick<Config, 'tls' | 'httpsAtProxy'>): boolean => config.tls !== null || config.httpsAtProxy;

const maxSpeed = 3_600;

function readArguments(argv: string[], sentences: CannotStart[]): Config['demo'] {
  let values: { demo?: boolean; speed?: string; at?: string };
  try {
    ({ values } = parseArgs({
      args: argv,
      options: { demo: { type: 'boolean' }, speed: { type: 'string' }, at: { type: 'string' } },
      strict: true,
    }));
  } catch {
    // parseArgs' own words name one language and no remedy.
    sentences.push(
      new CannotStart(
        `无法识别的参数：${asGiven(argv.join(' '))}（可用：--demo、--speed 倍数、--at 时刻）。`,
        `Arguments not understood: ${asGiven(argv.join(' '))} (known: --demo, --speed N, --at TIME).`,
      ),
    );
    return null;
  }
  if (!values.demo) {
    for (const name of ['speed', 'at'] as const)
      if (values[name] !== undefined)
        sentences.push(new CannotStart(`--${name} 只能与 --demo 同用。`, `--${name} goes with --demo only.`));
    return null;
  }
  const speed = values.speed === undefined ? 1 : Number(values.speed);
  if (!(speed > 0 && speed <= maxSpeed))
    sentences.push(
      new CannotStart(
        `参数 --speed ${asGiven(values.speed)} 无效：应为大于 0、不超过 ${maxSpeed} 的倍数。`,
        `The argument --speed ${asGiven(values.speed)} is not valid: it must be above 0 and at most ${maxSpeed}.`,
      ),
    );
  let at: Instant | null = null;
  if (values.at !== undefined) {
    const read = z.iso.datetime({ offset: true }).safeParse(values.at);
    if (read.success) at = Date.parse(read.data);
    else
      sentences.push(
        new CannotStart(
          `参数 --at ${asGiven(values.at)} 无效：应形如 2020-02-05T22:00:00+08:00。`,
          `The argument --at ${asGiven(values.at)} is not valid: it must look like 2020-02-05T22:00:00+08:00.`,
        ),
      );
  }
  return { speed, at };
}

/** Only names and addresses that cannot be reached from another machine. */
export function loopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
