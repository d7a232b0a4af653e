import type { Config } from '../config.ts';
import { type Environment, readConfig } from '../config-read.ts';
import { prepare } from '../app.ts';
import { type OpenDeps, openDeps } from '../open-deps.ts';

/** What a command may touch of the world. */
export interface CliContext {
  environment: Environment;
  out: (text: string) => void;
  err: (text: string) => void;
}

/** Scripts go by these. */
export const exitCodes = { done: 0, refused: 1, wrongUse: 2, unreachable: 3 } as const;

/** The command ran and said what it found: nothing that it could call done. */
export class CommandRefused extends Error {
  override readonly name = 'CommandRefused';
  readonly exitCode: number;

  constructor(exitCode: number = exitCodes.refused) {
    super();
    this.exitCode = exitCode;
  }
}

/** Options that every command has. */
export interface CommonOptions {
  json?: boolean;
}

export function configOf({ environment }: CliContext): Config {
  return readConfig(environment);
}

/** Runs a command on the database itself; also beside a server that runs on it. Logs errors only: answers go to stdout. */
export async function withDeps<Result>(
  context: CliContext,
  work: (deps: OpenDeps) => Promise<Result>,
): Promise<Result> {
  return withDepsOf(configOf(context), work);
}

/** The same, where a Postern must be already: in the wrong folder it would else begin a new one, and call that done. */
export async function withExisting<Result>(
  context: CliContext,
  work: (deps: OpenDeps) => Promise<Result>,
): Promise<Result> {
  return withDepsOf(readConfig(context.environment, false), work);
}

async function withDepsOf<Result>(config: Config, work: (deps: OpenDeps) => Promise<Result>): Promise<Result> {
  const deps = await openDeps({ ...config, logLevel: config.logLevel === 'silent' ? 'silent' : 'error' });
  try {
    await prepare(deps);
    return await work(deps);
  } finally {
    await deps.store.close();
  }
}

/** Says it as JSON for machines, as a sentence for people. */
export function answer(context: CliContext, options: CommonOptions, value: object, sentence: string): void {
  context.out(`${options.json === true ? JSON.stringify(value) : sentence}\n`);
}

/** Says a secret by itself on stdout, so that `$(…)` holds it and nothing else, and on stderr what it is. */
export function answerSecret(
  context: CliContext,
  options: CommonOptions,
  value: object,
  { about, secret }: { about: string; secret: string },
): void {
  if (options.json !== true) context.err(`${about}\n`);
  answer(context, options, value, secret);
}
