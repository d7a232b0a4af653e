interface WriteErrorOptions {
  /** The connection broke after the write was begun: it may be in the database or not. */
  outcomeUnknown?: boolean;
  cause?: unknown;
}

/** An error of the database that is not a conflict. Carries its code (SQLite's name or the SQLSTATE), never row contents. */
export class WriteError extends Error {
  readonly code: string;
  readonly outcomeUnknown: boolean;
  constructor(message: string, code: string, { outcomeUnknown = false, cause }: WriteErrorOptions = {}) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'WriteError';
    this.code = code;
    this.outcomeUnknown = outcomeUnknown;
  }
}
