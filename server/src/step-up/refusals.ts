import { type Instant, minute } from '@postern/shared/time';
import type { AuditEvent, AuditEventType } from '../audit/event.ts';
import type { Store, Unit } from '../storage/store.ts';

/** Enough to see that something is tried, and how; a flood of it says nothing more. */
const mostRefusals = 20;
const withinMs = 10 * minute;

/** An entry about what somebody does with their own factors. */
export function factorEvent(
  type: AuditEventType,
  personId: string,
  now: Instant,
  data: AuditEvent['data'],
  outcome: AuditEvent['outcome'] = 'success',
): AuditEvent {
  const person = { kind: 'person', id: personId } as const;
  return { at: now, type, outcome, actor: person, subject: person, data };
}

/** Writes down that a proof was refused, with what that changes; no more than twenty times in ten minutes and person. */
export async function recordRefusal(
  store: Store,
  personId: string,
  data: AuditEvent['data'],
  changes: Unit['changes'],
  now: Instant,
): Promise<void> {
  const isWritten = (await refusalsLately(store, personId, now)) < mostRefusals;
  const refused = factorEvent('step-up.refused', personId, now, { ...data, code: 'step_up_invalid' }, 'failure');
  await store.commit({ changes, audit: isWritten ? [refused] : [] });
}

async function refusalsLately({ read }: Store, personId: string, now: Instant): Promise<number> {
  const rows = await read
    .selectFrom('audit')
    .select('seq')
    .where('subject_id', '=', personId)
    .where('type', '=', 'step-up.refused')
    .where('at', '>', now - withinMs)
    .orderBy('seq', 'desc')
    .limit(mostRefusals)
    .execute();
  return rows.length;
}
