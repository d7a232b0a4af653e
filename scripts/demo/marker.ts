import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toTimestamp } from '@postern/shared/time';
import type { DemoOptions } from './options.ts';

/** Says that a folder is a demo, which `--fresh` may throw away. Nothing else is ever thrown away. */
const file = 'this-is-a-demo.json';

/** A demo that was made to its end. */
export interface MadeDemo {
  madeAt: string;
  /** Where its webhooks go, on this machine. */
  receiverPorts: number[];
}

/** The folder is there, and is not to be overwritten. */
export class DemoExists extends Error {}

/**
 * The demo in a folder.
 *
 * @returns undefined where there is none yet
 * @throws DemoExists when something else is there, or a demo that was not finished
 */
export function findDemo({ folder }: Pick<DemoOptions, 'folder'>): MadeDemo | undefined {
  if (!existsSync(folder)) return undefined;
  if (!existsSync(join(folder, file)))
    throw new DemoExists(`${folder} is there and is no demo: choose another folder with --folder.`);
  const said = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Partial<MadeDemo>;
  if (said.madeAt === undefined || said.receiverPorts === undefined)
    throw new DemoExists(`The demo in ${folder} was not finished: --fresh makes it anew.`);
  return { madeAt: said.madeAt, receiverPorts: said.receiverPorts };
}

/** An empty folder for a demo. One that is there is thrown away if it was asked for. @throws DemoExists */
export function beginDemo({ folder, fresh, seed, devices, days }: DemoOptions): void {
  if (existsSync(folder)) {
    if (!existsSync(join(folder, file))) findDemo({ folder });
    if (!fresh) throw new DemoExists(`There is a demo in ${folder} already: --fresh makes it anew.`);
    rmSync(folder, { recursive: true });
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, file), `${JSON.stringify({ seed, devices, days })}\n`);
}

export function finishDemo({ folder, seed, devices, days }: DemoOptions, receiverPorts: readonly number[]): void {
  const made = { seed, devices, days, madeAt: toTimestamp(Date.now()), receiverPorts };
  writeFileSync(join(folder, file), `${JSON.stringify(made)}\n`);
}
