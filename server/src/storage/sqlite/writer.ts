import type { EventEmitter } from 'node:events';
import { Worker } from 'node:worker_threads';
import { FactWrites } from '../fact-writes.ts';
import { ConflictError, StaleError, type Unit } from '../store.ts';
import { WriteError } from '../write-error.ts';
import type { FromWriter, Handed, ToWriter } from './serve-writes.ts';
import type { UnitResult } from './write-batch.ts';

/** What this needs of a Worker. */
export type Thread = Pick<Worker, 'postMessage'> & EventEmitter;

interface Pending {
  resolve: () => void;
  reject: (error: Error) => void;
}

/** The request thread's end of the thread that writes. */
export class Writer {
  readonly #worker: Thread;
  readonly #pending = new Map<number, Pending>();
  readonly #exited: Promise<void>;
  /** As far as this thread has heard. */
  readonly facts = new FactWrites();
  #turn: Handed[] = [];
  #lastId = 0;
  #transactions = 0;
  #ended: Error | undefined;
  #settled: () => void = () => undefined;

  constructor(worker: Thread) {
    this.#worker = worker;
    this.#exited = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#end(new Error('the thread that writes has ended'));
        resolve();
      });
    });
    worker.on('error', (error) => this.#end(new Error('the thread that writes has failed', { cause: error })));
    worker.on('message', (message: FromWriter) => {
      if (message.kind !== 'done') return;
      for (const write of message.facts) this.facts.take(write);
      this.#settle(message.ids, message.results);
    });
  }

  /** Resolves when the database is open. */
  static async start(file: string, startThread = newThread): Promise<Writer> {
    const worker = startThread(file);
    await new Promise<void>((resolve, reject) => {
      worker.once('error', reject);
      worker.once('message', () => {
        worker.off('error', reject);
        resolve();
      });
    });
    return new Writer(worker);
  }

  /** @param settled called after each transaction, before anybody hears of it */
  onSettled(settled: () => void): void {
    this.#settled = settled;
  }

  /** Transactions since the start. */
  get transactions(): number {
    return this.#transactions;
  }

  /**
   * All units of a turn of the loop go over together. Sent one by one, each woke the thread up and, as that is
   * faster than a request is, was a transaction of its own under any load.
   */
  write(unit: Unit): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) {
        reject(this.#ended);
        return;
      }
      this.#lastId += 1;
      if (this.#turn.length === 0) setImmediate(() => this.#handOver());
      this.#turn.push({ id: this.#lastId, unit });
      this.#pending.set(this.#lastId, { resolve, reject });
    });
  }

  /** Writes what was handed over before, then closes the database. */
  async close(): Promise<void> {
    if (this.#ended === undefined) {
      this.#handOver();
      this.#worker.postMessage({ kind: 'close' } satisfies ToWriter, []);
    }
    await this.#exited;
  }

  #handOver(): void {
    const units = this.#turn;
    this.#turn = [];
    if (units.length > 0) this.#worker.postMessage({ kind: 'units', units } satisfies ToWriter, []);
  }

  #settle(ids: readonly number[], results: readonly UnitResult[]): void {
    this.#transactions += 1;
    this.#settled();
    for (const [index, id] of ids.entries()) {
      const pending = this.#pending.get(id);
      const result = results[index];
      this.#pending.delete(id);
      if (pending === undefined || result === undefined) continue;
      if (result.done) pending.resolve();
      else if ('stale' in result) pending.reject(new StaleError());
      else if ('conflict' in result) pending.reject(new ConflictError(result.conflict));
      else pending.reject(new WriteError(result.error, result.code));
    }
  }

  #end(cause: Error): void {
    this.#ended ??= cause;
    for (const pending of this.#pending.values()) pending.reject(this.#ended);
    this.#pending.clear();
  }
}

function newThread(file: string): Thread {
  return new Worker(new URL('./writer-worker.ts', import.meta.url), { workerData: { file } });
}
