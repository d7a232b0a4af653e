import type { FailedCheck } from '@postern/shared/protocol/token';

interface Refused {
  status: number;
  /** `error_code`: Postern's own code, one for each cause. A newer backend may know more codes than this agent. */
  code: string;
  /** One sentence that a person may read. It comes from outside: strip it before it is shown. */
  sentence: string;
  details: readonly { path: string; message: string }[];
  failedChecks: readonly FailedCheck[];
  retryAfterMs: number | null;
  /** The answer as it came, for `--json`. */
  answer: Readonly<Record<string, unknown>>;
}

/** The backend understood and said no. Asking again in the same way gives the same answer. */
export class BackendRefusal extends Error {
  override readonly name = 'BackendRefusal';
  readonly status: number;
  readonly code: string;
  readonly details: Refused['details'];
  readonly failedChecks: Refused['failedChecks'];
  readonly retryAfterMs: number | null;
  readonly answer: Refused['answer'];

  constructor(refused: Refused) {
    super(refused.sentence);
    this.status = refused.status;
    this.code = refused.code;
    this.details = refused.details;
    this.failedChecks = refused.failedChecks;
    this.retryAfterMs = refused.retryAfterMs;
    this.answer = refused.answer;
  }
}

/**
 * No answer that can be used: no connection, no trust, too late, or something that is not Postern. Whether
 * the backend acted on what was sent is not known.
 */
export class BackendUnreachable extends Error {
  override readonly name = 'BackendUnreachable';
  /** The part of the message that the other side wrote, if any: it may say anything. */
  readonly quoted: string | undefined;

  constructor(message: string, quoted?: string) {
    super(message);
    this.quoted = quoted;
  }
}

/** The address of a backend cannot be used. */
export class ServerUrlError extends Error {
  override readonly name = 'ServerUrlError';
}
