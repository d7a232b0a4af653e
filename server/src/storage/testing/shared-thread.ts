import { EventEmitter } from 'node:events';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { Thread } from '../sqlite/writer.ts';

/** What the shared thread is asked for. */
export interface Opening {
  file: string;
  port: MessagePort;
}

let worker: Worker | undefined;

/**
 * One thread writes for all test stores of a process, each through a port of its own: to start a thread takes longer than most tests.
 * The code that it runs is that of the product.
 */
export function sharedThread(file: string): Thread {
  worker ??= new Worker(new URL('./shared-thread-worker.ts', import.meta.url));
  worker.unref();
  const { port1: here, port2: there } = new MessageChannel();
  const events = new EventEmitter();
  here.on('message', (message) => events.emit('message', message));
  here.once('close', () => events.emit('exit', 0));
  worker.postMessage({ file, port: there } satisfies Opening, [there]);
  return Object.assign(events, { postMessage: here.postMessage.bind(here) });
}
