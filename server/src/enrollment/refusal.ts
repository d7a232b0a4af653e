import type { Json } from '@postern/shared/canonical';
import { type ErrorCode, Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import type { AuditEvent } from '../audit/event.ts';
import type { Deps } from '../deps.ts';

/** Records an enrollment that was refused, as far as unknown callers may fill the record, and returns the refusal to be thrown. */
export async function recordRefusal(
  deps: Pick<Deps, 'store' | 'anonymousRefusals'>,
  refused: { code: ErrorCode; deviceId: string | null; data: { [name: string]: Json } },
  now: Instant,
): Promise<Fault> {
  const event: AuditEvent = {
    at: now,
    type: 'device.enrollment-refused',
    outcome: 'failure',
    actor: { kind: 'anonymous', id: null },
    subject: refused.deviceId === null ? null : { kind: 'device', id: refused.deviceId },
    data: { code: refused.code, ...refused.data },
  };
  const audit = deps.anonymousRefusals.record(refused.code, event, now);
  if (audit.length > 0) await deps.store.commit({ changes: [], audit });
  return new Fault(refused.code);
}
