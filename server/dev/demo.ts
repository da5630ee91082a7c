import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { everywhere, roles, type Role } from '../../shared/access/access.ts';
import type { App } from '../app.ts';
import { drillBoard } from '../boards.ts';
import type { Log } from '../log.ts';
import { playDrill } from './drill/drill.ts';

/** One person of each role to sign in as, and the drill's own players at the desks beside them. */
const cast: { user: string; name: string; post: string; role: Role; player: boolean; units?: string[] }[] = [
  { user: 'operator', name: '李静', post: '接线员', role: 'operator', player: false },
  { user: 'supplies', name: '周强', post: '物资专员', role: 'supplies', player: false },
  { user: 'enterprises', name: '陈敏', post: '驻企督查员', role: 'enterprises', player: false },
  { user: 'leader', name: '王建国', post: '值班长', role: 'leader', player: false },
  { user: 'unit', name: '方志', post: '值班员', role: 'unit', player: false, units: ['labour', 'health'] },
  { user: 'admin2', name: '赵磊', post: '技术员', role: 'admin', player: false },
  { user: 'drill-operator-1', name: '沈悦', post: '接线员', role: 'operator', player: true },
  { user: 'drill-operator-2', name: '何俊', post: '接线员', role: 'operator', player: true },
  { user: 'drill-operator-3', name: '吴燕', post: '接线员', role: 'operator', player: true },
  { user: 'drill-supplies', name: '孙浩', post: '物资专员', role: 'supplies', player: true },
  { user: 'drill-enterprises-1', name: '朱琳', post: '驻企督查员', role: 'enterprises', player: true },
  { user: 'drill-enterprises-2', name: '郑凯', post: '驻企督查员', role: 'enterprises', player: true },
  { user: 'drill-enterprises-3', name: '高洁', post: '驻企督查员', role: 'enterprises', player: true },
  { user: 'drill-enterprises-4', name: '罗斌', post: '驻企督查员', role: 'enterprises', player: true },
  { user: 'drill-labour', name: '曹蕾', post: '人社局值班员', role: 'unit', player: true, units: ['labour', 'economy', 'supplies'] },
  { user: 'drill-leader', name: '徐卫', post: '带班领导', role: 'leader', player: true },
];

const kept = z.record(z.string(), z.string());

/**
 * The exercise's people, made once; their passwords are random, kept beside the exercise's data for its user alone, and
 * printed at each start. @returns lines for the person who started it, and how to end the drill.
 */
export async function startDemo(app: App, options: { url: string; ca: string | null; dataDir: string; seed: number; log: Log }): Promise<{ lines: string[]; stop(): void }> {
  const file = join(options.dataDir, 'people.json');
  const passwords = existsSync(file) ? kept.parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
  for (const p of cast) {
    if (passwords[p.user] !== undefined) continue;
    const password = Array.from({ length: 12 }, () => 'abcdefghjkmnpqrstuvwxyz23456789'[randomInt(31)]).join('');
    await app.access.people.make({ user: p.user, name: p.name, post: p.post, grants: [{ board: drillBoard.id, role: p.role, scope: p.units ? { units: p.units, localities: null } : everywhere }] }, null, password);
    passwords[p.user] = password;
    writeFileSync(file, JSON.stringify(passwords, null, 2), { mode: 0o600 });
    chmodSync(file, 0o600);
  }
  const player = (user: string): { user: string; password: string } => ({ user, password: passwords[user] ?? '' });
  const players = (role: Role): { user: string; password: string }[] => cast.filter((p) => p.player && p.role === role).map((p) => player(p.user));
  const board = app.core.boards.get(drillBoard.id);
  if (!board) throw new Error('the exercise has no board');
  // The board is there at once; its players take their seats while the first people look at it.
  let stopped = false;
  let end = (): void => undefined;
  playDrill({
    url: options.url,
    ca: options.ca,
    board: drillBoard.id,
    clock: board.clock,
    speed: board.speed,
    zone: board.info.zone,
    seed: options.seed,
    players,
    log: options.log,
  }).then(
    (drill) => {
      end = () => drill.stop();
      if (stopped) end();
    },
    (err: unknown) => {
      if (!stopped) options.log.error({ err }, 'the drill could not be played; the board stands');
    },
  );
  return {
    lines: [
      '演练账号（仅本次演练数据可用）/ People of the exercise:',
      ...roles.map((role) => {
        const p = cast.find((c) => !c.player && c.role === role);
        return p ? `    /${role.padEnd(12)} ${p.user.padEnd(12)} ${passwords[p.user]}` : '';
      }),
    ],
    stop: () => {
      stopped = true;
      end();
    },
  };
}
