import { Fault } from '@postern/shared/protocol/errors';
import type { TokenRequest } from '@postern/shared/protocol/token';

/**
 * A parameter that one grant type cannot do without.
 *
 * @throws Fault malformed_request
 */
export function required(body: TokenRequest, name: keyof TokenRequest): string {
  const value = body[name];
  if (value === undefined || value === '') throw malformed(name, 'is required for this grant type');
  return value;
}

export function malformed(name: keyof TokenRequest, message: string): Fault {
  return new Fault('malformed_request', { details: [{ path: `body.${name}`, message }] });
}
