/**
 * The thread that replays, with a connection of its own that only reads. It hands a page over, and makes the next one
 * while that is stored: it is never more than one page ahead.
 */
import os from 'node:os';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { ReplaySummary } from '@postern/shared/protocol/policy-replay';
import { openReader } from '../storage/index.ts';
import { type ReplayPage, type ReplayWish, replayFleet } from './replay-fleet.ts';

export interface ReplayOrder {
  databaseUrl: string;
  wish: ReplayWish;
}

/** `total` is how many devices there are; at the end all are done. */
export type FromReplay = ({ kind: 'page' } & ReplayPage) | { kind: 'done'; summary: ReplaySummary };
export type ToReplay = 'stored' | 'stop';

/** Requests come first. */
const niceness = 10;
/** After each page, which takes some 70 ms. */
const pauseMs = 20;

const port = parentPort;
if (port === null) throw new Error('this module runs as a thread of a replay');

// Only on Linux is this for the calling thread alone; elsewhere it would slow the requests down.
if (process.platform === 'linux') {
  try {
    os.setPriority(niceness);
  } catch {
    // Then it competes as it is.
  }
}

/** Pages that were handed over and are not stored yet. */
const heard = { stop: false, waiting: 0 };
let wake = () => {};
port.on('message', (message: ToReplay) => {
  if (message === 'stop') heard.stop = true;
  else heard.waiting -= 1;
  wake();
});
const news = () => new Promise<void>((resolve) => (wake = resolve));
const send = (message: FromReplay) => port.postMessage(message);

const { databaseUrl, wish } = workerData as ReplayOrder;
const reader = await openReader(databaseUrl);
try {
  const pages = replayFleet(reader.read, wish);
  for (let step = await pages.next(); ; step = await pages.next()) {
    while (heard.waiting > 1 && !heard.stop) await news();
    if (heard.stop) break;
    if (step.done === true) {
      send({ kind: 'done', summary: step.value });
      break;
    }
    heard.waiting += 1;
    send({ kind: 'page', ...step.value });
    // Lets messages in, and the processor go: there is no hurry.
    await pause(pauseMs);
  }
} finally {
  await reader.close();
  port.close();
}
