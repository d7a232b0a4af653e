import { Worker } from 'node:worker_threads';
import type { ReplaySummary } from '@postern/shared/protocol/policy-replay';
import type { ReplayPage, ReplayWish } from './replay-fleet.ts';
import type { FromReplay, ReplayOrder, ToReplay } from './replay-worker.ts';

export interface Replaying {
  /** Undefined: it was stopped. Rejects when the thread fails, or when `store` does. */
  summary: Promise<ReplaySummary | undefined>;
  stop(): void;
}

/**
 * Replays a document on a thread of its own.
 *
 * @param store takes each page; the thread stays at most one page ahead of it
 */
export function startReplay(
  databaseUrl: string,
  wish: ReplayWish,
  store: (page: ReplayPage) => void | Promise<void>,
): Replaying {
  const workerData: ReplayOrder = { databaseUrl, wish };
  const worker = new Worker(new URL('./replay-worker.ts', import.meta.url), { workerData });
  const tell = (message: ToReplay) => worker.postMessage(message, []);
  const summary = new Promise<ReplaySummary | undefined>((resolve, reject) => {
    let result: ReplaySummary | undefined;
    let failure: Error | undefined;
    let storing = Promise.resolve();
    worker.on('message', (message: FromReplay) => {
      if (message.kind === 'done') {
        result = message.summary;
        return;
      }
      storing = storing
        .then(() => (failure === undefined ? store(message) : undefined))
        .then(
          () => tell('stored'),
          (error: unknown) => {
            failure ??= error instanceof Error ? error : new Error('a page was not stored', { cause: error });
            tell('stop');
          },
        );
    });
    worker.on('error', (error) => (failure ??= error));
    worker.once('exit', () => {
      void storing.then(() => {
        if (failure === undefined) resolve(result);
        else reject(failure);
      });
    });
  });
  return { summary, stop: () => tell('stop') };
}
