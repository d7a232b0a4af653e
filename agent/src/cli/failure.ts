import type { FailedCheck } from '@postern/shared/protocol/token';
import type { Instant } from '@postern/shared/time';
import { BackendRefusal, BackendUnreachable, ServerUrlError } from '../backend/faults.ts';
import { KeyError } from '../keys/provider.ts';
import { LockedError } from '../state/lock.ts';
import { NotEnrolledError } from '../state/not-enrolled.ts';
import { errorCode } from '../error-code.ts';
import { PrivateFileError } from '../state/private-file-error.ts';
import { StateError } from '../state/store.ts';
import { adviceOn } from './advice.ts';
import { optionAt } from './option-names.ts';
import { plain } from './plain.ts';
import { sayWhen } from './say-time.ts';
import { type ExitCode, printJson, type Terminal } from './terminal.ts';

/** The command was used wrongly; the message says how it is used. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A refusal of the agent's own. */
export class LocalRefusal extends Error {
  override readonly name = 'LocalRefusal';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

interface Failure {
  exitCode: ExitCode;
  code: string;
  sentence: string;
}

function failureOf(error: unknown): Failure | undefined {
  if (error instanceof BackendUnreachable) return { exitCode: 3, code: 'backend_unreachable', sentence: error.message };
  if (error instanceof BackendRefusal) return { exitCode: 1, code: error.code, sentence: error.message };
  if (error instanceof UsageError) return { exitCode: 2, code: 'wrong_use', sentence: error.message };
  if (error instanceof ServerUrlError) return { exitCode: 2, code: 'server_url_refused', sentence: error.message };
  if (error instanceof NotEnrolledError) return { exitCode: 1, code: 'not_enrolled', sentence: error.message };
  if (error instanceof LocalRefusal) return { exitCode: 1, code: error.code, sentence: error.message };
  if (error instanceof KeyError) return { exitCode: 1, code: error.code.replaceAll('-', '_'), sentence: error.message };
  if (error instanceof StateError) return { exitCode: 1, code: 'state_unusable', sentence: error.message };
  if (error instanceof PrivateFileError) return { exitCode: 1, code: `file_${error.kind}`, sentence: error.message };
  if (error instanceof LockedError) return { exitCode: 1, code: 'in_use', sentence: error.message };
  return undefined;
}

/** What nobody foresaw. The message stays out of the sentence: it is for whoever mends the program. */
function faultOf(error: unknown): Failure {
  const name = error instanceof Error ? error.constructor.name : typeof error;
  const code = errorCode(error);
  return {
    exitCode: 1,
    code: 'agent_fault',
    sentence: `The agent stopped with an error of its own (${code === undefined ? name : `${name} ${code}`}). Please report it.`,
  };
}

/**
 * Says on stderr what went wrong and what to do, and with `json` on stdout as a document.
 *
 * @returns the exit code
 */
export function reportFailure(terminal: Terminal, error: unknown, json: boolean): ExitCode {
  const failure = failureOf(error);
  const { exitCode, code, sentence } = failure ?? faultOf(error);
  if (failure === undefined && error instanceof Error) {
    for (const line of (error.stack ?? '').split('\n')) terminal.stderr.write(`${plain(line)}\n`);
  }
  if (json) {
    const answer = error instanceof BackendRefusal ? error.answer : {};
    printJson(terminal.stdout, {
      ...answer,
      error: answer['error'] ?? code,
      error_code: code,
      error_description: sentence,
    });
    return exitCode;
  }
  terminal.stderr.write(`${plain(sentence)}\n`);
  if (error instanceof BackendRefusal) {
    const details = error.details.slice(0, mostDetails);
    for (const { path, message } of details) terminal.stderr.write(`  ${plain(optionAt(path))}: ${plain(message)}\n`);
    for (const check of error.failedChecks.slice(0, mostDetails))
      terminal.stderr.write(sayFailedCheck(check, terminal.clock.now()));
    for (const line of adviceOn(error)) terminal.stderr.write(`${line}\n`);
  }
  return exitCode;
}

/** A person reads no more than this, and a backend might send any number. */
const mostDetails = 50;

function sayFailedCheck(check: FailedCheck, now: Instant): string {
  const seen = check.reason ?? (check.observed === null ? check.outcome : `is: ${check.observed}`);
  const lines = [
    `  ✗ ${check.title} (${check.rule}): ${seen}. Expected: ${check.expected}`,
    ...(check.deadline === null ? [] : [`    Deadline: ${sayWhen(check.deadline, now)}`]),
    ...(check.fix === null ? [] : [`    Fix: ${[check.fix.text, check.fix.link ?? ''].join(' ')}`]),
  ];
  return lines.map((line) => `${line.slice(0, 4)}${plain(line.slice(4))}\n`).join('');
}
