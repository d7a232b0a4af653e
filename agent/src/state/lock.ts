import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Timer } from '../timer.ts';
import { writeNewPrivateFile } from './private-file.ts';
import { isRunning, privateFolder } from './private-folder.ts';

const recordSchema = z.object({
  pid: z.int().min(1),
  /** When the process began, as the system counts it: a pid is used again, a pid and its begin are not. */
  began: z.string().nullable(),
  owner: z.string(),
});
type LockRecord = z.infer<typeof recordSchema>;

/** Somebody else holds the lock and did not let go in time. */
export class LockedError extends Error {
  override readonly name = 'LockedError';
  readonly pid: number;

  constructor(pid: number) {
    super(`Another postern-agent (process ${pid}) is using this data folder.`);
    this.pid = pid;
  }
}

/**
 * `run`: held by the daemon for as long as it lives. `state`: held from reading the state until the answer to what
 * was sent is written, so that no two attestations have one number.
 */
export type LockName = 'run' | 'state';

export interface Lock {
  release(): Promise<void>;
}

const retryMs = 100;

/**
 * Takes a lock of the data folder, waiting while a living process holds it; the lock of a dead one is removed.
 *
 * @throws LockedError after `waitMs`
 */
export async function takeLock(dataFolder: string, name: LockName, timer: Timer, waitMs = 0): Promise<Lock> {
  await privateFolder(dataFolder);
  const path = join(dataFolder, `${name}.lock`);
  const mine: LockRecord = { pid: process.pid, began: await beginOf(process.pid), owner: randomUUID() };
  for (let waited = 0; ; waited += retryMs) {
    if (await tryTake(path, mine)) return { release: () => releaseLock(path, mine) };
    const holder = await readRecord(path);
    if (holder === 'absent') continue;
    if (holder === 'unreadable' || !(await isAlive(holder))) {
      if (await removeStale(path, holder, mine)) continue;
    } else if (waited >= waitMs) {
      throw new LockedError(holder.pid);
    }
    await timer.sleep(retryMs);
  }
}

/** The process that holds the lock now, if one does. */
export async function holderOf(dataFolder: string, name: LockName): Promise<number | undefined> {
  const holder = await readRecord(join(dataFolder, `${name}.lock`));
  if (typeof holder === 'string') return undefined;
  return (await isAlive(holder)) ? holder.pid : undefined;
}

async function tryTake(path: string, mine: LockRecord): Promise<boolean> {
  try {
    await writeNewPrivateFile(path, JSON.stringify(mine));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function releaseLock(path: string, mine: LockRecord): Promise<void> {
  const holder = await readRecord(path);
  if (typeof holder !== 'string' && holder.owner === mine.owner) await unlink(path);
}

/**
 * Two processes may find the same stale lock, and the slower one would remove what the faster one has just taken. So one
 * at a time removes, and only what it still finds: nobody else removes a lock that is not their own.
 *
 * @returns whether it is worth trying at once
 */
async function removeStale(path: string, stale: LockRecord | 'unreadable', mine: LockRecord): Promise<boolean> {
  const removal = `${path}.removal`;
  if (!(await tryTake(removal, mine))) {
    const remover = await readRecord(removal);
    const isDead = remover === 'unreadable' || (typeof remover !== 'string' && !(await isAlive(remover)));
    if (isDead) await unlink(removal).catch(() => undefined);
    return isDead;
  }
  try {
    const found = await readRecord(path);
    const isSame =
      typeof stale === 'string' ? found === stale : typeof found !== 'string' && found.owner === stale.owner;
    if (isSame) await unlink(path);
    return true;
  } finally {
    await unlink(removal).catch(() => undefined);
  }
}

async function readRecord(path: string): Promise<LockRecord | 'absent' | 'unreadable'> {
  let text: string;
  try {
    // A link that leads nowhere would be there for whoever takes the lock, and absent for whoever looks at it.
    const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    try {
      text = await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'absent';
    if (error instanceof Error && 'code' in error && error.code === 'ELOOP') return 'unreadable';
    throw error;
  }
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch {
    return 'unreadable';
  }
}

async function isAlive({ pid, began }: LockRecord): Promise<boolean> {
  if (!isRunning(pid)) return false;
  const now = await beginOf(pid);
  return began === null || now === null || began === now;
}

/** proc(5): field 22 of stat, counted after the name, which may itself hold spaces and parentheses. Linux only. */
async function beginOf(pid: number): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const bootId = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    const startTicks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return startTicks === undefined ? null : `${bootId.trim()} ${startTicks}`;
  } catch {
    return null;
  }
}
