import type { StepUpWay } from '@postern/shared/protocol/step-up';
import { t } from '../strings/index.ts';

interface Said {
  error_description?: string;
  error_code?: string;
  details?: readonly { path: string; message: string }[];
  step_up?: readonly StepUpWay[];
}

/** Why the backend did not do it, in a sentence for people. `code` is one of the closed list (shared/protocol/errors.ts). */
export class Refusal extends Error {
  /** HTTP status; 0: nobody answered. */
  readonly status: number;
  readonly code: string | undefined;
  /** What is wrong with which part of what was sent. */
  readonly details: readonly { path: string; message: string }[];
  /** Ways that would do, where a proof of who one is is asked for. */
  readonly ways: readonly StepUpWay[];

  constructor(message: string, status: number, said: Said = {}, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.status = status;
    this.code = said.error_code;
    this.details = said.details ?? [];
    this.ways = said.step_up ?? [];
  }

  static unreachable(cause: unknown): Refusal {
    return new Refusal(t.common.unreachable, 0, {}, cause);
  }

  static from(answer: Response, document: unknown): Refusal {
    const said = (typeof document === 'object' && document !== null ? document : {}) as Said;
    const wait = answer.headers.get('retry-after');
    const sentences = [
      said.error_description ?? t.common.notAsExpected(answer.status),
      ...(said.details ?? []).map(({ message }) => message),
      wait === null ? '' : t.common.tryAgainIn(Number(wait)),
    ];
    return new Refusal(sentences.filter(Boolean).join(' '), answer.status, said);
  }
}

/** The sentence of whatever was thrown. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : t.common.unexpected;
}
