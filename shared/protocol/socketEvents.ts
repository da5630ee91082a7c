import type { Answer, Beat, EntryFrame, Joined, PresenceAnswer, PresenceFrame, QueryResult, ViewFrame } from './messages.ts';

/** What a screen hears. */
export interface ToScreen {
  'board:entry': (frame: EntryFrame) => void;
  'board:view': (frame: ViewFrame) => void;
  'board:beat': (beat: Beat) => void;
  'board:presence': (frame: PresenceFrame) => void;
}

/** What a hub hears; every message is unknown until its schema has accepted it, and every one is answered. */
export interface ToHub {
  'board:join': (message: unknown, answer: (joined: Joined) => void) => void;
  command: (message: unknown, answer: (answer: Answer) => void) => void;
  query: (message: unknown, answer: (result: QueryResult) => void) => void;
  presence: (message: unknown, answer: (answer: PresenceAnswer) => void) => void;
}
