import type { Json } from '@postern/shared/canonical';
import { type ErrorCode, Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';

/** Records an enrollment that was refused, and returns the refusal to be thrown. */
export async function recordRefusal(
  deps: Pick<Deps, 'store'>,
  refused: { code: ErrorCode; deviceId: string | null; data: { [name: string]: Json } },
  now: Instant,
): Promise<Fault> {
  await deps.store.commit({
    changes: [],
    audit: [
      {
        at: now,
        type: 'device.enrollment-refused',
        outcome: 'failure',
        actor: { kind: 'anonymous', id: null },
        subject: refused.deviceId === null ? null : { kind: 'device', id: refused.deviceId },
        data: { code: refused.code, ...refused.data },
      },
    ],
  });
  return new Fault(refused.code);
}
