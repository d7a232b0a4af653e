import type { z } from 'zod';
import { deviceAuthorizationAnswerSchema } from '@postern/shared/protocol/enrollment';
import { second } from '@postern/shared/time';
import type { Timer } from '../timer.ts';
import type { Backend } from './client.ts';
import { BackendRefusal, BackendUnreachable } from './faults.ts';

export type Authorization = z.output<typeof deviceAuthorizationAnswerSchema>;

const slowDownMs = 5 * second;

/** RFC 8628 section 3.1: asks for a code that a signed-in person approves elsewhere. */
export function authorizeDevice(backend: Backend, deviceName: string): Promise<Authorization> {
  return backend.call({
    method: 'POST',
    path: '/oauth/device_authorization',
    answer: deviceAuthorizationAnswerSchema,
    body: () => ({
      type: 'application/x-www-form-urlencoded',
      text: new URLSearchParams({ client_id: 'postern-agent', device_name: deviceName }).toString(),
    }),
  });
}

/**
 * Asks at the interval that the backend gave until somebody decided (RFC 8628 section 3.5). A lost connection is no
 * decision: it asks again, less often.
 *
 * @param ask uses the device code; it is refused with `authorization_pending` until the code is approved
 * @throws BackendRefusal `code_denied`, `code_expired` and whatever else ends it
 */
export async function pollUntilApproved<Answer>(
  { backend, timer }: { backend: Backend; timer: Timer },
  authorization: Authorization,
  ask: (deviceCode: string) => Promise<Answer>,
): Promise<Answer> {
  const endsAt = backend.now() + authorization.expires_in * second;
  let pauseMs = Math.max(1, authorization.interval) * second;
  for (;;) {
    await timer.sleep(pauseMs);
    try {
      return await ask(authorization.device_code);
    } catch (error) {
      if (error instanceof BackendUnreachable) pauseMs *= 2;
      else if (error instanceof BackendRefusal && error.code === 'slow_down') pauseMs += slowDownMs;
      else if (error instanceof BackendRefusal && error.code === 'too_many_requests')
        pauseMs = Math.max(pauseMs, error.retryAfterMs ?? slowDownMs);
      else if (!(error instanceof BackendRefusal) || error.code !== 'authorization_pending') throw error;
      // The backend says so itself when the code is too old; this is for one that no longer answers.
      if (error instanceof BackendUnreachable && backend.now() >= endsAt) throw error;
    }
  }
}
