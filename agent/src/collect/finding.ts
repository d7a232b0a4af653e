import type { UnknownReason, UnsupportedReason } from '@postern/shared/protocol/reading';
import type { CommandResult, FileResult } from './system.ts';

/** What a collector found. collect.ts makes a reading of it: it adds time and privilege and checks the value's schema. */
export type Finding<Value> =
  | { status: 'ok'; value: Value; method: string }
  | { status: 'unknown'; reason: UnknownReason; detail: string; method: string }
  | { status: 'unsupported'; reason: UnsupportedReason; detail: string; method: string };

export function found<Value>(value: Value, method: string): Finding<Value> {
  return { status: 'ok', value, method };
}

/** `detail` is a sentence that a person can act on: what is missing, and what would help. */
export function unknown(reason: UnknownReason, detail: string, method: string): Finding<never> {
  return { status: 'unknown', reason, detail, method };
}

export function unsupported(reason: UnsupportedReason, detail: string, method: string): Finding<never> {
  return { status: 'unsupported', reason, detail, method };
}

/** A command that gave no usable answer, as a finding. Exit codes are for the caller to judge. */
export function unanswered(result: Exclude<CommandResult, { outcome: 'exited' }>, method: string): Finding<never> {
  switch (result.outcome) {
    case 'absent':
      return unknown('tool-absent', `${method} is not installed.`, method);
    case 'refused':
      return unknown('permission-denied', `${method} may not be run by this user.`, method);
    case 'timed-out':
      return unknown('timed-out', `${method} did not answer in time.`, method);
    case 'too-much-output':
      return unknown('output-unreadable', `${method} printed more than is read.`, method);
  }
}

/** A file that gave no usable answer, as a finding. */
export function unread(result: Exclude<FileResult, { outcome: 'read' }>, path: string): Finding<never> {
  switch (result.outcome) {
    case 'absent':
      return unknown('no-data', `${path} does not exist.`, path);
    case 'refused':
      return unknown('permission-denied', `${path} may not be read by this user.`, path);
    case 'failed':
      return unknown('failed', `${path} could not be read: ${result.detail}`, path);
  }
}
