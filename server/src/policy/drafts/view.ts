import { type ErrorCode, errorKinds, Fault } from '@postern/shared/protocol/errors';
import type { PolicyDraft, PolicyDraftSummary } from '@postern/shared/protocol/policy-draft';
import { type Instant, toTimestamp, toTimestampOrNull } from '@postern/shared/time';
import type { PersonCaller } from '../../http/caller.ts';
import { needsNoProof } from '../../step-up/index.ts';
import type { Store } from '../../storage/store.ts';
import { changedRules } from '../changed-rules.ts';
import { readSituation, type Situation } from './circumstances.ts';
import { inspect } from './content.ts';
import { needsApproval } from './direct.ts';
import { isOpen, isOutdated, transition } from './lifecycle.ts';
import { type DraftRecord, recordOf } from './record.ts';

type Reads = Pick<Store, 'read'>;

/** A draft as its readers see it; whether the caller may approve it is computed at this moment. Throws Fault not_found. */
export async function viewDraft(
  store: Reads,
  id: string,
  caller: Pick<PersonCaller, 'id' | 'authenticatedAt'>,
  now: Instant,
): Promise<PolicyDraft> {
  const row = await draftQuery(store).where('policy_drafts.id', '=', id).executeTakeFirst();
  if (row === undefined) throw new Fault('not_found');
  const draft = recordOf(row);
  const situation = await readSituation(store, draft.document, draft.policy);
  const base = await readBase(store, draft);
  const steppedUp = await needsNoProof(store, caller, now);
  const refusal = refusalOf(draft, { id: caller.id, steppedUp }, situation, now);
  return {
    ...summaryOf(row),
    document: draft.document,
    base,
    faults: draft.action === 'publish' ? situation.content.faults : [],
    changedRules: changesOf(draft, base?.document ?? null, situation),
    authors: await namesOf(store, draft.authors),
    needsApproval: needsApproval(situation.admins),
    approval: {
      allowed: refusal === undefined,
      why: refusal === undefined ? null : { code: refusal, sentence: errorKinds[refusal].sentence },
    },
  };
}

/** Drafts, newest first. */
export async function listDrafts(
  store: Reads,
  filter: { state?: string | undefined; before?: string | undefined; limit: number },
): Promise<PolicyDraftSummary[]> {
  let query = draftQuery(store).orderBy('policy_drafts.id', 'desc').limit(filter.limit);
  if (filter.state !== undefined) query = query.where('policy_drafts.state', '=', filter.state);
  if (filter.before !== undefined) query = query.where('policy_drafts.id', '<', filter.before);
  return (await query.execute()).map(summaryOf);
}

function draftQuery({ read }: Reads) {
  return read
    .selectFrom('policy_drafts')
    .innerJoin('users as creator', 'creator.id', 'policy_drafts.created_by')
    .innerJoin('users as editor', 'editor.id', 'policy_drafts.edited_by')
    .leftJoin('users as decider', 'decider.id', 'policy_drafts.decided_by')
    .leftJoin('policies as current', (join) =>
      join.onRef('current.name', '=', 'policy_drafts.name').on('current.current', '=', 1),
    )
    .selectAll('policy_drafts')
    .select(['creator.name as creator_name', 'editor.name as editor_name', 'decider.name as decider_name'])
    .select('current.version as current_version');
}

type Row = Awaited<ReturnType<ReturnType<typeof draftQuery>['execute']>>[number];

function summaryOf(row: Row): PolicyDraftSummary {
  const draft = recordOf(row);
  return {
    id: draft.id,
    action: draft.action,
    policy: draft.policy,
    state: draft.state,
    note: draft.note,
    documentHash: draft.documentHash,
    baseVersion: draft.baseVersion,
    outdated: isOpen(draft) && isOutdated(draft, row.current_version),
    createdBy: { id: draft.createdBy, name: row.creator_name },
    createdAt: toTimestamp(draft.createdAt),
    editedBy: { id: draft.editedBy, name: row.editor_name },
    editedAt: toTimestamp(draft.editedAt),
    submittedAt: toTimestampOrNull(draft.submittedAt),
    decidedBy: draft.decidedBy === null ? null : { id: draft.decidedBy, name: row.decider_name ?? '' },
    decidedAt: toTimestampOrNull(draft.decidedAt),
    publishedVersion: draft.publishedVersion,
    version: draft.version,
  };
}

async function readBase({ read }: Reads, { policy, baseVersion }: DraftRecord): Promise<PolicyDraft['base']> {
  if (policy === null || baseVersion === 0) return null;
  const row = await read
    .selectFrom('policies')
    .select(['version', 'document'])
    .where('name', '=', policy)
    .where('version', '=', baseVersion)
    .executeTakeFirst();
  return row ?? null;
}

/** Null where a document cannot be read: an old one may have faults by what is known today. */
function changesOf({ action }: DraftRecord, base: string | null, { content }: Situation): string[] | null {
  if (base !== null && inspect(base).document === null) return null;
  if (action === 'retire') return changedRules(base, null);
  return content.document === null ? null : changedRules(base, content.document);
}

/** What would be said if they approved it now. */
function refusalOf(
  draft: DraftRecord,
  { id, steppedUp }: { id: string; steppedUp: boolean },
  { circumstances }: Situation,
  now: Instant,
): ErrorCode | undefined {
  const { version, documentHash } = draft;
  const event = { kind: 'approve', version, documentHash, steppedUp } as const;
  const after = transition(draft, event, id, circumstances, now);
  return typeof after === 'string' ? after : undefined;
}

async function namesOf({ read }: Reads, ids: readonly string[]): Promise<PolicyDraft['authors']> {
  const rows = await read.selectFrom('users').select(['id', 'name']).where('id', 'in', ids).execute();
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return ids.map((id) => ({ id: id, name: names.get(id) ?? '' }));
}
