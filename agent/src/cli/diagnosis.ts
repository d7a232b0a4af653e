import { errorKinds } from '@postern/shared/protocol/errors';
import { BackendRefusal, BackendUnreachable, ServerUrlError } from '../backend/faults.ts';
import { KeyError } from '../keys/provider.ts';
import { LockedError } from '../state/lock.ts';
import { errorCode } from '../error-code.ts';
import { PrivateFileError } from '../state/private-file-error.ts';
import { StateError } from '../state/store.ts';

/** One thing that the doctor looked at. `note` is no fault: it says what is limited, and why. */
export interface Diagnosis {
  about: string;
  result: 'ok' | 'note' | 'fault';
  sentence: string;
  /** What to do about it. */
  advice: string | null;
}

export function ok(about: string, sentence: string): Diagnosis {
  return { about, result: 'ok', sentence, advice: null };
}

/** What went wrong, in words of this agent's own: what somebody else wrote into an error may be a secret. */
export function fault(about: string, error: unknown): Diagnosis {
  return { about, result: 'fault', sentence: sentenceOf(error), advice: null };
}

function sentenceOf(error: unknown): string {
  if (error instanceof BackendRefusal) {
    const { code } = error;
    const known = Object.entries(errorKinds).find(([name]) => name === code)?.[1].sentence;
    if (known !== undefined) return `The backend refused (${code}). ${known}`;
    return `The backend refused, with a code that this agent does not know${/^[a-z_]{1,48}$/.test(code) ? ` (${code})` : ''}.`;
  }
  if (error instanceof BackendUnreachable) {
    return error.quoted === undefined
      ? error.message
      : error.message.replace(error.quoted, 'it says why, see postern-agent attest.');
  }
  const isOurs = [ServerUrlError, KeyError, LockedError, PrivateFileError, StateError].some(
    (kind) => error instanceof kind,
  );
  if (isOurs && error instanceof Error) return error.message;
  const name = error instanceof Error ? error.constructor.name : typeof error;
  const code = errorCode(error);
  return `An error that nobody foresaw (${code === undefined ? name : `${name} ${code}`}). Please report it.`;
}
