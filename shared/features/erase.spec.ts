import { describe, expect, it } from 'vitest';
import { asPattern } from './index.ts';
import { NIGHT, person, startedBoard, why } from './testing.ts';

describe('[R16] erasing what is personal', () => {
  it('leaves the record as it was but for what was personal, by a leader or the board itself', () => {
    const board = startedBoard(asPattern);
    const logged = board.send('call.log', { rung: NIGHT, answered: null, topic: 'symptoms', locality: '330102', callerName: '王女士', narrative: '发热' });
    const id = logged.ok ? String(logged.result.id) : '';
    const before = board.get('call', id)?.body;
    expect(why(board.send('call.erase', { id }, person('operator')))).toBe('notAllowed');
    expect(board.send('call.erase', { id }, person('leader')).ok).toBe(true);
    expect(board.get('call', id)?.body).toEqual({ ...before, callerName: null, narrative: null });
    // Nothing stands any more, but what was withdrawn earlier may still lie beside the log: asked again, it is done again.
    expect(board.send('call.erase', { id }, person('system'))).toMatchObject({ ok: true, puts: [{ erase: true }] });
    expect(why(board.send('call.erase', { id: '00000000-0000-4000-8000-00000000ffff' }, person('leader')))).toBe('notFound');
  });
});
