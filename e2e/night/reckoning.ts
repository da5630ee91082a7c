import type pg from 'pg';
import type { Book } from './book.ts';
import type { Seat } from './seats.ts';

export interface Head {
  epoch: number;
  revision: number;
}

/**
 * In the morning: the log has no hole and nothing twice, every command a screen was told is saved is in it exactly once, and
 * every screen stands at the same revision with the same figures.
 */
export async function reckon(parts: { seats: Seat[]; book: Book; database: pg.Client; head(): Promise<Head>; revisionOf(seat: Seat): Promise<number> }): Promise<void> {
  const { seats, book, database, revisionOf } = parts;
  const one = async <T extends object>(sql: string, values: unknown[] = []): Promise<T> => (await database.query<T & pg.QueryResultRow>(sql, values)).rows[0] as T;

  // At rest: three seconds without a change.
  let head = await parts.head();
  for (let quiet = 0; quiet < 3; ) {
    await new Promise((done) => setTimeout(done, 1_000));
    const next = await parts.head();
    quiet = next.revision === head.revision ? quiet + 1 : 0;
    head = next;
  }
  const log = await one<{ n: number; low: number; ids: number }>(
    `select count(*)::int n, min(revision)::int low, count(distinct (author_id, command_id))::int ids from entry where board = 'drill' and epoch = $1`,
    [head.epoch],
  );
  if (log.n !== head.revision - log.low + 1) book.fault('log', `${log.n} entries for revisions ${log.low} to ${head.revision}`);
  if (log.ids !== log.n) book.fault('log', `${log.n - log.ids} commands are written twice`);

  const sent = [...book.sent.values()];
  for (const command of sent) {
    const { n } = await one<{ n: number }>(`select count(*)::int n from entry where board = 'drill' and command_id = $1`, [command.id]);
    if (command.answer?.ok && n !== 1) {
      // What changed nothing is acknowledged and writes nothing.
      const { kept } = await one<{ kept: number }>(`select count(*)::int kept from outcome where board = 'drill' and id = $1`, [command.id]);
      if (n > 1 || kept !== 1) book.fault(command.seat, `${command.type} was acknowledged and is there ${n} times`);
    }
    if (command.answer && !command.answer.ok && n !== 0) book.fault(command.seat, `${command.type} was refused and is there ${n} times`);
    if (!command.answer) book.fault(command.seat, `${command.type} was never answered; it is there ${n} times`);
  }
  const again = sent.filter((c) => c.tries > 1).length;
  book.note(`${sent.length} commands from screens, ${sent.filter((c) => c.answer?.ok).length} acknowledged and there once, ${again} asked again; the log ends at ${head.revision}`);

  for (const seat of seats) {
    const end = Date.now() + 30_000;
    let shown = await revisionOf(seat);
    while (shown !== head.revision && Date.now() < end) {
      await new Promise((done) => setTimeout(done, 200));
      shown = await revisionOf(seat);
    }
    if (shown !== head.revision) book.fault(seat.name, `shows revision ${shown}, the board stands at ${head.revision}`);
  }
  const walls = seats.filter((s) => s.desk === 'wall' && s.lang === 'zh');
  const pictures = await Promise.all(walls.map(async (w) => ({ name: w.name, figures: await figuresOf(w) })));
  const [first, ...others] = pictures;
  for (const other of others)
    for (const [label, value] of Object.entries(first?.figures ?? {}))
      if (other.figures[label] !== value) book.fault(other.name, `shows ${label} ${other.figures[label]}, ${first?.name} ${value}`);
  book.note(`every screen was asked for its revision, ${pictures.length} walls for their figures`);
}

const figuresOf = ({ page }: Seat): Promise<Record<string, string>> =>
  page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll('.figure')].map((f) => [
        `${f.closest('section')?.getAttribute('aria-label')} ${f.querySelector('.figure-label')?.textContent}`,
        f.querySelector('.figure-number')?.textContent ?? '',
      ]),
    ),
  );
