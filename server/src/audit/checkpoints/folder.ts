import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import { toTimestamp } from '@postern/shared/time';
import type { Store } from '../../storage/store.ts';
import { type Checkpoint, claimedCheckpoint } from './checkpoint.ts';

/** Where the last one that was written is found; the others lie in folders by day. */
const latestFile = 'latest';
const perRun = 500;

/**
 * The checkpoint that was written to the folder last. Undefined where there is none, or it cannot be read now: the folder
 * may be on a machine that is away, and the log is signed all the same.
 */
export async function keptCheckpoint(folder: string): Promise<Checkpoint | undefined> {
  return claimedCheckpoint(await readFile(path.join(folder, latestFile), 'utf8').catch(() => ''));
}

/**
 * Writes every checkpoint to a folder too, best one that is not on this machine: what is kept there shows that the log
 * was cut off or rewritten, whoever holds the database. What could not be written is written later; nothing waits for it.
 */
export class CheckpointFolder {
  readonly #folder: string;
  readonly #store: Pick<Store, 'read'>;
  readonly #log: Pick<Logger, 'error'>;
  /** Size of the last that lies there. */
  #written: number | undefined;
  #failing = false;

  constructor(folder: string, store: Pick<Store, 'read'>, log: Pick<Logger, 'error'>) {
    this.#folder = folder;
    this.#store = store;
    this.#log = log;
  }

  /** Writes those that are not there yet. Never rejects for what the disk does. */
  async write(): Promise<void> {
    try {
      this.#written ??= await this.#lastWritten();
      const rows = await this.#store.read
        .selectFrom('audit_checkpoints')
        .selectAll()
        .where('size', '>', this.#written)
        .orderBy('size')
        .limit(perRun)
        .execute();
      for (const row of rows) {
        const [day] = toTimestamp(row.at).split('T');
        await put(path.join(this.#folder, day ?? ''), `${String(row.size).padStart(15, '0')}.checkpoint`, row.note);
        this.#written = row.size;
      }
      const last = rows.at(-1);
      if (last !== undefined) await put(this.#folder, latestFile, last.note);
      this.#failing = false;
    } catch (error) {
      // Once for a disk that is full, not once a second.
      if (!this.#failing)
        this.#log.error({ err: error, folder: this.#folder }, 'A checkpoint could not be written to its folder');
      this.#failing = true;
    }
  }

  /** What lies there must be of this log: over a longer or another history nothing is written. */
  async #lastWritten(): Promise<number> {
    const note = await readFile(path.join(this.#folder, latestFile), 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (note === undefined) return 0;
    const there = claimedCheckpoint(note);
    const row = await this.#store.read
      .selectFrom('audit_checkpoints')
      .selectAll()
      .where('size', '=', there?.size ?? 0)
      .executeTakeFirst();
    if (there === undefined || row?.root !== there.root.toString('base64'))
      throw new Error(
        `the checkpoint ${latestFile} that lies there is not of this log: it was cut off, rewritten or restored since, or the folder is another one's. Verify the log against it, then move it away`,
      );
    return there.size;
  }
}

/** Whole or not at all, and for nobody else to read. */
async function put(folder: string, name: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = path.join(folder, `.${name}.${randomUUID()}`);
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, path.join(folder, name));
}
