import type { Database as SqliteConnection } from 'better-sqlite3';
import { type FactWrite, FactWrites, whoseFacts } from '../fact-writes.ts';
import type { Basis, Unit } from '../store.ts';

/**
 * The writer's part in keeping facts (Unit.basis): it alone knows, in the transaction of a token, all that was written before
 * it. Commits of other processes (the CLI) show in `data_version`, which those of this connection leave as it is.
 */
export class BasisGuard {
  readonly #writes = new FactWrites();
  readonly #version: () => unknown;
  #foreign: unknown;
  #news: FactWrite[] = [];

  constructor(connection: SqliteConnection) {
    const statement = connection.prepare('pragma data_version').pluck();
    this.#version = () => statement.get();
    this.#foreign = this.#version();
  }

  /** To be called when a transaction has begun: from there on nobody else writes. */
  begin(): void {
    const version = this.#version();
    if (version === this.#foreign) return;
    this.#foreign = version;
    this.#news.push(this.#writes.add(null));
  }

  stands(basis: Basis): boolean {
    return this.#writes.stands(basis);
  }

  /** Also when the unit is undone afterwards: then facts are read once more than needed. */
  note(unit: Unit): void {
    for (const change of unit.changes) {
      const of = whoseFacts(change);
      if (of !== undefined) this.#news.push(this.#writes.add(of));
    }
  }

  /** What was noted since the last time. */
  news(): FactWrite[] {
    const news = this.#news;
    this.#news = [];
    return news;
  }
}
