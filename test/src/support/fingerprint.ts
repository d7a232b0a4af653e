import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** What a refused request may leave behind: that it came, and that a proof of it was used. */
const traces = new Set(['audit', 'audit_texts', 'replays']);

/** Tells whether anything in the database of a running server changed: every table is read, new ones too. */
export class Fingerprint {
  readonly #database: DatabaseSync;
  #version: unknown;
  #tables: Map<string, string>;

  constructor(dataFolder: string) {
    this.#database = new DatabaseSync(join(dataFolder, 'postern.db'), { readOnly: true });
    this.#version = this.#dataVersion();
    this.#tables = this.#read();
  }

  /** Names of the tables that are not as they were when this was asked last. */
  changed(): string[] {
    const version = this.#dataVersion();
    // Nobody has written anything, so there is nothing to read.
    if (version === this.#version) return [];
    this.#version = version;
    const before = this.#tables;
    this.#tables = this.#read();
    return [...new Set([...before.keys(), ...this.#tables.keys()])].filter(
      (table) => before.get(table) !== this.#tables.get(table),
    );
  }

  tables(): string[] {
    return [...this.#tables.keys()];
  }

  close(): void {
    this.#database.close();
  }

  #dataVersion(): unknown {
    return this.#database.prepare('pragma data_version').get()?.['data_version'];
  }

  /** Count and contents of each table in one text. */
  #read(): Map<string, string> {
    const names = this.#database
      .prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name")
      .all()
      .map(({ name }) => String(name));
    return new Map(
      names
        .filter((name) => !traces.has(name))
        .map((name) => {
          const rows = this.#database.prepare(`select * from "${name}"`).all();
          const texts = rows.map((row) => JSON.stringify(row)).toSorted();
          return [name, `${rows.length} ${createHash('sha256').update(texts.join('\n')).digest('hex')}`];
        }),
    );
  }
}

/**
 * Holds that what is done leaves nothing behind. The server works beside the requests (jobs, a replay under way) and
 * writes now and then: what a request changes it changes every time, so that one time out of three without a trace is proof.
 *
 * @returns what the first time gave
 */
export async function leavesNothing<Given>(
  fingerprint: Fingerprint,
  what: (given: Given) => string,
  act: () => Promise<Given>,
): Promise<Given> {
  const given = await act();
  let changed = fingerprint.changed();
  for (let again = 0; again < 2 && changed.length > 0; again += 1) {
    await act();
    changed = fingerprint.changed();
  }
  assert.deepEqual(changed, [], `${what(given)} changed a table`);
  return given;
}
