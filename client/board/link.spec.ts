import { describe, expect, it } from 'vitest';
import { next, type LinkEvent, type LinkName, type LinkState } from './link.ts';

const problem = { code: 'notAllowed' } as const;
const states: { [N in LinkName]: Extract<LinkState, { name: N }> } = {
  idle: { name: 'idle' },
  connecting: { name: 'connecting', since: 1 },
  joining: { name: 'joining', since: 2, lostSince: 1 },
  live: { name: 'live', since: 3 },
  lost: { name: 'lost', since: 4, reason: 'closed' },
  refused: { name: 'refused', since: 5, problem },
  reload: { name: 'reload', since: 6 },
  signIn: { name: 'signIn', since: 7 },
};
const events: { [T in LinkEvent['type']]: Extract<LinkEvent, { type: T }> } = {
  open: { type: 'open', at: 9 },
  connected: { type: 'connected', at: 9 },
  joined: { type: 'joined', at: 9 },
  rejoin: { type: 'rejoin', at: 9 },
  dropped: { type: 'dropped', at: 9, reason: 'silent' },
  refused: { type: 'refused', at: 9, problem: { code: 'boardUnknown' } },
  tooOld: { type: 'tooOld', at: 9 },
  sessionEnded: { type: 'sessionEnded', at: 9 },
  close: { type: 'close', at: 9 },
};

const same = 'same';
const connecting: LinkState = { name: 'connecting', since: 9 };
const joining: LinkState = { name: 'joining', since: 9, lostSince: null };
const live: LinkState = { name: 'live', since: 9 };
const lost: LinkState = { name: 'lost', since: 9, reason: 'silent' };
const refused: LinkState = { name: 'refused', since: 9, problem: { code: 'boardUnknown' } };
const reload: LinkState = { name: 'reload', since: 9 };
const signIn: LinkState = { name: 'signIn', since: 9 };
const idle: LinkState = { name: 'idle' };

/** The table again, by hand: in the order of `events`. */
const expected: Record<LinkName, (LinkState | typeof same)[]> = {
  //          open        connected                                        joined rejoin   dropped refused tooOld sessionEnded close
  idle: [connecting, same, same, same, same, same, same, same, same],
  connecting: [same, joining, same, same, lost, refused, reload, signIn, idle],
  joining: [same, same, live, same, { name: 'lost', since: 1, reason: 'silent' }, refused, reload, signIn, idle],
  live: [same, same, same, joining, lost, refused, reload, signIn, idle],
  lost: [same, { name: 'joining', since: 9, lostSince: 4 }, same, same, { name: 'lost', since: 4, reason: 'silent' }, refused, reload, signIn, idle],
  refused: [connecting, joining, same, same, same, { name: 'refused', since: 5, problem: { code: 'boardUnknown' } }, reload, signIn, idle],
  reload: [same, same, same, same, same, same, same, same, idle],
  signIn: [connecting, same, same, same, same, refused, reload, same, idle],
};

describe('how a page stands with its hub', () => {
  for (const name of Object.keys(states) as LinkName[]) {
    for (const [i, type] of (Object.keys(events) as LinkEvent['type'][]).entries()) {
      it(`${name} + ${type}`, () => {
        const want = expected[name][i];
        expect(want).toBeDefined();
        const got = next(states[name], events[type]);
        if (want === same) expect(got).toBe(states[name]);
        else expect(got).toEqual(want);
      });
    }
  }

  it('remembers since when there was no live picture, over any number of failed attempts', () => {
    let s: LinkState = states.live;
    s = next(s, { type: 'dropped', at: 100, reason: 'closed' });
    s = next(s, { type: 'dropped', at: 200, reason: 'unreachable' });
    s = next(s, { type: 'connected', at: 300 });
    s = next(s, { type: 'dropped', at: 400, reason: 'silent' });
    expect(s).toEqual({ name: 'lost', since: 100, reason: 'silent' });
  });
});
