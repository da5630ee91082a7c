import { createClient } from 'redis';
import { expect, test } from 'vitest';
import { redisConnection } from '../../e2e/setup/database.ts';
import { publicChannel } from '../fanout/fanout.ts';
import { Ear, ringUntilHeard } from '../fanout/fanout.contract.ts';
import { connectRedis } from '../fanout/redis.ts';
import { accepted, author, commandOf, noteDatabase, openHub, quiet, testBoard } from '../testing/cluster.ts';
import { noteFeatures } from '../testing/noteKind.ts';

test('[R5 R16] another program reads the outward channel with a client of its own: public fields, and no others', async () => {
  const database = await noteDatabase();
  const fanout = await connectRedis(redisConnection(), quiet);
  const hub = await openHub({ database: database.config, features: noteFeatures, fanout });
  const board = { ...testBoard, id: `outward-${process.pid}` };
  await hub.core.create(board);
  const reader = createClient({ socket: { path: redisConnection().path, tls: false } });
  reader.on('error', (err: Error) => quiet.debug({ err }, 'reader'));
  await reader.connect();
  const ear = new Ear();
  await reader.subscribe(publicChannel(board.id), ear.listen);
  await ringUntilHeard(fanout, publicChannel(board.id), ear, 'ready');

  const served = hub.core.boards.get(board.id);
  if (!served) throw new Error('the board is not served');
  const op = author('operator');
  const occurred = hub.clock.now() - 60_000;
  const { result } = accepted(
    await served.submit(op, commandOf('note.add', { title: '口罩', unit: 'a', remark: 'INTERNAL', who: 'PERSONAL' }, { board: board.id, occurred })),
  );
  accepted(await served.submit(op, commandOf('note.edit', { id: result.id, changes: { unit: { from: 'a', to: 'b' }, remark: { from: 'INTERNAL', to: 'INTERNAL2' } } }, { board: board.id })));
  await ringUntilHeard(fanout, publicChannel(board.id), ear, 'end');
  const heard = ear.heard.filter((m) => m.startsWith('{'));
  expect(heard.map((m) => JSON.parse(m) as unknown)).toEqual([
    {
      v: 1,
      board: board.id,
      epoch: 1,
      revision: 1,
      recorded: new Date(hub.clock.now()).toISOString(),
      occurred: new Date(occurred).toISOString(),
      command: 'note.add',
      puts: [{ kind: 'note', id: result.id, version: 1, body: { number: 1, title: '口罩', unit: 'a', done: false, due: null, lapsed: false } }],
    },
    expect.objectContaining({
      revision: 2,
      command: 'note.edit',
      puts: [{ kind: 'note', id: result.id, version: 2, body: { number: 1, title: '口罩', unit: 'b', done: false, due: null, lapsed: false } }],
    }),
  ]);
  for (const word of ['INTERNAL', 'PERSONAL', 'who', 'remark', op.id, op.label, 'was']) expect(heard.join(), word).not.toContain(`${word}`);

  await reader.close();
  await hub.close();
  await database.drop();
});
