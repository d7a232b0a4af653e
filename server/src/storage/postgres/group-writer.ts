import type { Pool, PoolClient } from 'pg';
import { type ChainedEvent, chainEvent, type ChainHead } from '../../audit/chain.ts';
import type { Random } from '../../random.ts';
import type { Unit } from '../store.ts';
import { WriteError } from '../write-error.ts';
import { nextBatch } from './batches.ts';
import { type Failure, readFailure } from './failure.ts';
import { oneStatement } from './one-statement.ts';
import { countingSession, readHead, type Session } from './session.ts';
import { transaction } from './transaction.ts';

interface Waiting {
  unit: Unit;
  resolve: () => void;
  reject: (error: Error) => void;
}

/** After this many lost races for the next number of the chain, the batch locks the chain instead. */
const optimisticAttempts = 3;
const maxAttempts = 10;

/**
 * Writes the units of this process one batch after the other: what is handed over while a batch is under way
 * is the next one. It remembers the head of the chain; that another node went on is noticed when the number is taken.
 */
export class GroupWriter {
  readonly #pool: Pool;
  readonly #random: Pick<Random, 'secret'>;
  #queue: Waiting[] = [];
  #working: Promise<void> | undefined;
  #head: ChainHead | undefined;
  #roundTrips = 0;

  constructor(pool: Pool, random: Pick<Random, 'secret'>) {
    this.#pool = pool;
    this.#random = random;
  }

  get roundTrips(): number {
    return this.#roundTrips;
  }

  /** Connects and reads the head of the chain, so that the first write finds both. */
  async start(): Promise<void> {
    await this.#withSession(async (session) => {
      this.#head = await readHead(session);
    });
    this.#roundTrips = 0;
  }

  write(unit: Unit): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ unit, resolve, reject });
      this.#working ??= new Promise<void>((done) => {
        // All that arrives in this turn of the event loop goes into the first batch.
        setImmediate(() => done(this.#work()));
      });
    });
  }

  /** Resolves when all that was handed over is settled. */
  async drain(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    while (this.#queue.length > 0) {
      const { hot, length } = nextBatch(this.#queue.map(({ unit }) => unit));
      const batch = this.#queue.splice(0, length);
      let begun = false;
      try {
        await this.#withSession((session) => {
          begun = true;
          return hot ? this.#writeHot(session, batch) : this.#writeEach(session, batch);
        });
      } catch (error) {
        // If the connection broke, whether the batch was committed is unknown, and so is the head of the chain.
        this.#head = undefined;
        const { kind, message, code } = readFailure(error);
        const outcomeUnknown = begun && kind === 'lost';
        for (const waiting of batch) waiting.reject(new WriteError(message, code, { outcomeUnknown, cause: error }));
      }
    }
    this.#working = undefined;
  }

  async #withSession(work: (session: Session) => Promise<void>): Promise<void> {
    const client: PoolClient = await this.#pool.connect();
    let broken = true;
    try {
      await work(countingSession(client, () => (this.#roundTrips += 1)));
      broken = false;
    } finally {
      client.release(broken);
    }
  }

  async #writeHot(session: Session, batch: readonly Waiting[]): Promise<void> {
    let rest = batch;
    for (let attempt = 1; rest.length > 0; attempt += 1) {
      if (attempt > optimisticAttempts) return this.#writeEach(session, rest);
      const head = (this.#head ??= await readHead(session));
      const { chained, next, left } = this.#chain(rest, head);
      rest = left;
      const statement = oneStatement(chained, head);
      let failure: Failure;
      try {
        const { name, sql, parameters } = statement;
        if (name === undefined) await session.query(sql, parameters);
        else await session.queryPrepared(name, sql, parameters);
        this.#head = next;
        for (const waiting of rest) waiting.resolve();
        return;
      } catch (error) {
        failure = readFailure(error);
        if (failure.kind === 'lost' || failure.kind === 'locked') throw error;
      }
      if (failure.kind === 'head-moved') this.#head = undefined;
      else if (failure.kind === 'guard') {
        // The others go first, together; those that failed are then tried one by one, to say which change it was.
        const failed = new Set(failure.rows.map(({ group, row }) => statement.unitOf(group, row)));
        const suspects = rest.filter((_, index) => failed.has(index));
        if (suspects.length === 0) return this.#writeEach(session, rest);
        await this.#writeHot(
          session,
          rest.filter((_, index) => !failed.has(index)),
        );
        return this.#writeEach(session, suspects);
      } else if (failure.kind !== 'again') return this.#writeEach(session, rest);
    }
  }

  /** Gives all units their place. One whose entries cannot be chained is rejected and left out. */
  #chain(batch: readonly Waiting[], head: ChainHead) {
    const left: Waiting[] = [];
    const chained: { changes: Unit['changes']; audit: ChainedEvent[] }[] = [];
    for (const waiting of batch) {
      let next = head;
      try {
        const audit = waiting.unit.audit.map((event) => {
          const entry = chainEvent(next, event, () => this.#random.secret());
          next = entry.head;
          return entry;
        });
        chained.push({ changes: waiting.unit.changes, audit });
        left.push(waiting);
        head = next;
      } catch (error) {
        waiting.reject(error instanceof Error ? error : new TypeError(String(error)));
      }
    }
    return { chained, left, next: head };
  }

  async #writeEach(session: Session, batch: readonly Waiting[]): Promise<void> {
    if (batch.length === 0) return;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { outcome, head } = await transaction(
          session,
          batch.map(({ unit }) => unit),
          this.#random,
        );
        this.#head = head;
        for (const [index, waiting] of batch.entries()) {
          const error = outcome[index];
          if (error === undefined) waiting.resolve();
          else waiting.reject(error);
        }
        return;
      } catch (error) {
        if (readFailure(error).kind !== 'again' || attempt === maxAttempts) throw error;
      }
    }
  }
}
