import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { Problem } from '../../shared/protocol/errors.ts';
import { sessionInfo, type SessionInfo } from '../../shared/protocol/messages.ts';
import { api } from './http.ts';

/**
 * Who sits here. `ended`: a session that was good has run out or was revoked; `who` is kept, since only the same person
 * may go on with what is on the screen.
 */
export type SessionState = 'unknown' | 'out' | 'in' | 'ended';

const SESSION = '/api/v1/session';
/** The name typed to sign in, for signing in again over a form; lasts as long as the tab. */
const USER = 'user';

export const useSession = defineStore('session', () => {
  const state = shallowRef<SessionState>('unknown');
  const who = shallowRef<SessionInfo | null>(null);
  const user = shallowRef<string | null>(sessionStorage.getItem(USER));

  function enter(info: SessionInfo): void {
    who.value = info;
    state.value = 'in';
  }

  /** Asks the hub. Null: somebody is signed in; otherwise why not (`notSignedIn`), or why it cannot be known now. */
  async function check(): Promise<Problem | null> {
    const reply = await api('GET', SESSION);
    if (!reply.ok) {
      if (reply.error.code === 'notSignedIn' && state.value !== 'ended') {
        state.value = 'out';
        who.value = null;
      }
      return reply.error;
    }
    enter(sessionInfo.parse(reply.data));
    return null;
  }

  async function signIn(name: string, password: string): Promise<Problem | null> {
    const reply = await api('POST', SESSION, { user: name.trim(), password });
    if (!reply.ok) return reply.error;
    user.value = name.trim();
    sessionStorage.setItem(USER, user.value);
    return check();
  }

  /** Over what is on the screen, and only for the person it belongs to. */
  async function signInAgain(name: string, password: string): Promise<Problem | 'another' | null> {
    const before = who.value?.person.id;
    const reply = await api('POST', SESSION, { user: name.trim(), password });
    if (!reply.ok) return reply.error;
    const now = await api('GET', SESSION);
    if (!now.ok) return now.error;
    const info = sessionInfo.parse(now.data);
    if (info.person.id !== before) {
      // Their session must not lie beneath another person's form.
      await api('DELETE', SESSION);
      return 'another';
    }
    enter(info);
    return null;
  }

  async function changePassword(current: string, next: string): Promise<Problem | null> {
    const reply = await api('POST', `${SESSION}/password`, { current, next });
    return reply.ok ? check() : reply.error;
  }

  async function signOut(): Promise<void> {
    // Signed out here even if the hub cannot be reached; the session there runs out by itself.
    await api('DELETE', SESSION);
    sessionStorage.removeItem(USER);
    user.value = null;
    who.value = null;
    state.value = 'out';
  }

  function ended(): void {
    if (state.value === 'in') state.value = 'ended';
  }

  return { state, who, user, check, signIn, signInAgain, changePassword, signOut, ended };
});
