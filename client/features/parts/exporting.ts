import { onBeforeUnmount, shallowRef, type ShallowRef } from 'vue';
import { problem as problemSchema, type Problem } from '../../../shared/protocol/errors.ts';
import { Frames, exportEnd, exportProgress, type ExportRequest } from '../../../shared/protocol/exports.ts';

/** A list on its way into a file on this machine. */
export type ExportState =
  | { name: 'idle' }
  | { name: 'running'; rows: number; total: number | null }
  | { name: 'done'; rows: number; complete: boolean; file: string }
  | { name: 'stopped'; rows: number }
  | { name: 'failed'; problem: Problem };

const types = { xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', csv: 'text/csv;charset=utf-8' };

export interface Exporting {
  state: ShallowRef<ExportState>;
  start(request: ExportRequest, file: string): Promise<void>;
  stop(): void;
}

/** What has been read so far is handed to the browser, a piece at a time, which keeps it on disk where it is much. */
const PIECE = 4 * 1024 * 1024;

export function useExporting(): Exporting {
  const state = shallowRef<ExportState>({ name: 'idle' });
  let abort: AbortController | null = null;

  async function start(request: ExportRequest, file: string): Promise<void> {
    if (state.value.name === 'running') return;
    const mine = new AbortController();
    abort = mine;
    let rows = 0;
    state.value = { name: 'running', rows: 0, total: null };
    try {
      const response = await fetch('/api/v1/exports', {
        method: 'POST',
        credentials: 'same-origin',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(request),
        signal: mine.signal,
      });
      if (!response.ok || !response.body) {
        const said = problemSchema.safeParse(((await response.json()) as { error?: unknown }).error);
        state.value = { name: 'failed', problem: said.success ? said.data : { code: 'internal' } };
        return;
      }
      const frames = new Frames();
      let pieces: Blob[] = [];
      let loose: Uint8Array<ArrayBuffer>[] = [];
      let size = 0;
      let complete: boolean | null = null;
      const gather = (): void => {
        pieces = [...pieces, new Blob(loose)];
        loose = [];
        size = 0;
      };
      const reader = response.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        for (const { sort, payload } of frames.take(value)) {
          if (sort === 'data') {
            loose.push(payload);
            size += payload.length;
            if (size > PIECE) gather();
            continue;
          }
          const said: unknown = JSON.parse(new TextDecoder().decode(payload));
          if (sort === 'progress') {
            const progress = exportProgress.parse(said);
            rows = progress.rows;
            state.value = { name: 'running', ...progress };
          } else ({ rows, complete } = exportEnd.parse(said));
        }
      }
      if (complete === null) throw new Error('it broke off');
      gather();
      save(new Blob(pieces, { type: types[request.format] }), file);
      state.value = { name: 'done', rows, complete, file };
    } catch (cause) {
      if (mine.signal.aborted) state.value = { name: 'stopped', rows };
      else {
        console.warn('an export broke off', cause);
        state.value = { name: 'failed', problem: { code: 'notReady' } };
      }
    } finally {
      if (abort === mine) abort = null;
    }
  }
  const stop = (): void => abort?.abort();
  onBeforeUnmount(stop);
  return { state, start, stop };
}

function save(blob: Blob, file: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = file;
  link.click();
  // The browser has taken it by the next turn; held on to, it would stay in memory for as long as the page.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
