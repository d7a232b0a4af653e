import type { Instant } from '@postern/shared/time';
import type { AuditEvent, AuditEventType } from '../../audit/event.ts';
import type { DraftRecord } from './record.ts';

interface More {
  data?: AuditEvent['data'];
  /** What a person wrote. */
  text?: string | null | undefined;
  outcome?: AuditEvent['outcome'];
}

/** What somebody did to a draft, as it was after that. */
export function draftEvent(
  type: AuditEventType,
  draft: DraftRecord,
  by: string,
  now: Instant,
  { data = {}, text, outcome = 'success' }: More = {},
): AuditEvent {
  const { action, policy, baseVersion, documentHash, version } = draft;
  return {
    at: now,
    type,
    outcome,
    actor: { kind: 'person', id: by },
    subject: { kind: 'policy-draft', id: draft.id },
    data: { policy, action, baseVersion, documentHash, draftVersion: version, ...data },
    ...(text === null || text === undefined ? {} : { text }),
  };
}
