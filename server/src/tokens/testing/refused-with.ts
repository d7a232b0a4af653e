import { type ErrorCode, Fault } from '@postern/shared/protocol/errors';

/** For assert.rejects: whether it was refused, and for this. */
export function refusedWith(code: ErrorCode): (error: unknown) => boolean {
  return (error) => error instanceof Fault && error.code === code;
}
