import type { Instant } from '@postern/shared/time';
import { sameAdmins } from '../../identity/index.ts';
import type { Store, Unit } from '../../storage/store.ts';
import { publicationOf, type Publisher, retirementOf } from '../publication.ts';
import type { Situation } from './circumstances.ts';
import type { DraftRecord } from './record.ts';

/** What an approved draft does to its policy; guarded by who is an admin and by what was in force. */
export function carryOut(draft: DraftRecord, situation: Situation, replay: string | null, now: Instant): Unit {
  const { admins, policy, content } = situation;
  const approvedBy = draft.decidedBy ?? draft.createdBy;
  const publisher: Publisher = {
    actor: { kind: 'person', id: approvedBy },
    approval: draft.authors.includes(approvedBy) ? 'single-admin' : 'second-person',
    draftedBy: draft.createdBy,
    approvedBy,
    note: draft.note,
    data: { draft: draft.id, authors: [...draft.authors], approvedBy, replay },
  };
  const unit =
    draft.action === 'retire'
      ? retirementOf(policy, draft.policy ?? '', publisher, now)
      : publicationOf(policy, { document: sound(content), text: draft.document }, publisher, now).unit;
  return { ...unit, changes: [sameAdmins(admins), ...unit.changes] };
}

function sound({ document }: Situation['content']) {
  if (document === null) throw new TypeError('a document with faults is not published');
  return document;
}

/** The last replay of exactly this text that came to its end: what the approver could know of its effect. */
export async function lastReplayOf({ read }: Pick<Store, 'read'>, draft: DraftRecord): Promise<string | null> {
  const row = await read
    .selectFrom('policy_replays')
    .select('id')
    .where('document_hash', '=', draft.documentHash)
    .where('policy', '=', draft.policy ?? '')
    .where('state', '=', 'done')
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.id ?? null;
}
