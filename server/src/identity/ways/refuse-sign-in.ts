import { type ErrorCode, Fault } from '@postern/shared/protocol/errors';
import type { SignInMethod } from '@postern/shared/protocol/sign-in';
import { type Instant, minute } from '@postern/shared/time';
import type { AuditEvent } from '../../audit/event.ts';
import type { Deps } from '../../deps.ts';
import type { Change } from '../../storage/change.ts';

/** Enough to see that something is tried, and how; a flood of it says nothing more. */
const mostRefusals = 20;
const withinMs = 10 * minute;

interface Refused {
  personId: string;
  by: SignInMethod;
  code: ErrorCode;
  /** For the record only. */
  cause?: string;
}

/** The entry of a sign-in that was refused. */
export function refusedEvent({ personId, by, code, cause }: Refused, now: Instant): AuditEvent {
  return {
    at: now,
    type: 'person.sign-in-refused',
    outcome: 'failure',
    actor: { kind: 'anonymous', id: null },
    subject: { kind: 'person', id: personId },
    data: { by, code, ...(cause === undefined ? {} : { cause }) },
  };
}

/**
 * Writes down that somebody whom we know was not signed in, with what that changes. Of somebody whom we do not know there is
 * nothing to write: anybody could fill the record with those.
 */
export async function refuseSignIn(
  { store }: Pick<Deps, 'store'>,
  refused: Refused,
  now: Instant,
  changes: readonly Change[] = [],
): Promise<Fault> {
  const isWritten = (await refusalsLately({ store }, refused.personId, now)) < mostRefusals;
  if (isWritten || changes.length > 0)
    await store.commit({ changes, audit: isWritten ? [refusedEvent(refused, now)] : [] });
  return new Fault(refused.code);
}

/** How many are on the record of the last ten minutes, as far as they count. */
export async function refusalsLately({ store }: Pick<Deps, 'store'>, personId: string, now: Instant): Promise<number> {
  const rows = await store.read
    .selectFrom('audit')
    .select('seq')
    .where('subject_id', '=', personId)
    .where('type', '=', 'person.sign-in-refused')
    .where('at', '>', now - withinMs)
    .orderBy('seq', 'desc')
    .limit(mostRefusals)
    .execute();
  return rows.length;
}
