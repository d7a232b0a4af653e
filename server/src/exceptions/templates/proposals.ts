import { sha256 } from '@postern/shared/digest';
import { toId } from '@postern/shared/ids';
import { type ErrorCode, Fault } from '@postern/shared/protocol/errors';
import type { StepUpAnswer } from '@postern/shared/protocol/step-up';
import type { Instant } from '@postern/shared/time';
import type { AuditEvent, AuditEventType } from '../../audit/event.ts';
import type { Deps } from '../../deps.ts';
import type { PersonCaller } from '../../http/caller.ts';
import { type Admins, readAdmins, sameAdmins } from '../../identity/index.ts';
import { proveToManage } from '../../step-up/index.ts';
import { insert, updateOne } from '../../storage/change.ts';
import type { Database } from '../../storage/database.ts';
import { ConflictError, type Store, type Unit } from '../../storage/store.ts';
import {
  type Published,
  type Publisher,
  readPublished,
  templatePublication,
  templateRetirement,
} from './publication.ts';
import { readTemplateDocument } from './read-template.ts';

type Row = Database['template_proposals'];

const nothing: Unit = { changes: [], audit: [] };

/** What an admin wants to be in force, or out of force. */
export type Wanted = { note?: string | undefined } & ({ document: string } | { retire: string });

/** More proposals that nobody has decided on help nobody. Not exact: two at the same instant may pass it together. */
const mostOpen = 100;

/**
 * Proposes a template, or that one be taken out of force. Nothing changes before an admin approves it.
 *
 * @returns the id of the proposal
 * @throws Fault template_invalid, template_unchanged, template_unknown, policy_drafts_too_many
 */
export async function proposeTemplate(
  { store, random }: Pick<Deps, 'store' | 'random'>,
  wanted: Wanted,
  by: string,
  now: Instant,
): Promise<string> {
  const name = 'retire' in wanted ? wanted.retire : readTemplateDocument(wanted.document).template;
  const { current } = await readPublished(store, name);
  if ('retire' in wanted && current === null) throw new Fault('template_unknown');
  if ('document' in wanted && current?.document === wanted.document) throw new Fault('template_unchanged');
  const open = await store.read
    .selectFrom('template_proposals')
    .select('id')
    .where('state', '=', 'proposed')
    .limit(mostOpen)
    .execute();
  if (open.length >= mostOpen) throw new Fault('policy_drafts_too_many');
  const row: Row = {
    id: toId('templateProposal', random.uuid()),
    action: 'retire' in wanted ? 'retire' : 'publish',
    name,
    document: 'retire' in wanted ? (current?.document ?? '') : wanted.document,
    note: wanted.note ?? null,
    state: 'proposed',
    base_version: current?.version ?? 0,
    proposed_by: by,
    proposed_at: now,
    decided_by: null,
    decided_at: null,
    version: 1,
  };
  const audit = [proposalEvent('template.proposed', row, by, now, { text: row.note })];
  await store.commit({ changes: [insert('template_proposals', row)], audit });
  return row.id;
}

/** What proposing a template would lead to. Throws Fault template_invalid. */
export async function tryTemplate(store: Pick<Store, 'read'>, text: string) {
  const { template: name, title } = readTemplateDocument(text);
  const { current, latest } = await readPublished(store, name);
  return { name, version: latest + 1, title, unchanged: current?.document === text };
}

/**
 * Approves a proposal, which puts it into force at once: another admin does, or the only one there is, having just proved
 * who they are. A refused approval is itself recorded: somebody tried.
 *
 * @throws Fault not_found, template_state, template_invalid, conflict, second_approval_required, not_allowed
 *   and those of proveToManage
 */
export async function approveProposal(
  deps: Pick<Deps, 'store' | 'config'>,
  id: string,
  { by, answer }: { by: Pick<PersonCaller, 'id' | 'authenticatedAt'>; answer: StepUpAnswer | undefined },
  now: Instant,
): Promise<void> {
  const { store } = deps;
  const row = await readProposal(store, id);
  try {
    const admins = await readAdmins(store);
    const published = await readPublished(store, row.name);
    const refusal = refusalOf(row, admins, published, by.id);
    if (refusal !== undefined)
      throw new Fault(refusal, refusal === 'template_state' ? { members: { state: row.state } } : {});
    const unit = carriedOut(row, published, by.id, now);
    const proof = row.proposed_by === by.id ? await proofOf(deps, row, { by, answer }, now) : nothing;
    await commit(store, {
      changes: [sameAdmins(admins), ...proof.changes, decided(row, 'published', by.id, now), ...unit.changes],
      audit: [...proof.audit, ...unit.audit],
    });
  } catch (error) {
    if (error instanceof Fault) {
      const more = { outcome: 'failure', data: { code: error.code } } as const;
      await store.commit({
        changes: [],
        audit: [proposalEvent('template.approval-refused', row, by.id, now, more)],
      });
    }
    throw error;
  }
}

/** Discards a proposal, one's own or one that one does not approve. Throws Fault not_found, template_state, conflict. */
export async function discardProposal(
  { store }: Pick<Deps, 'store'>,
  id: string,
  by: string,
  reason: string | undefined,
  now: Instant,
): Promise<void> {
  const row = await readProposal(store, id);
  if (row.state !== 'proposed') throw new Fault('template_state', { members: { state: row.state } });
  const audit = [proposalEvent('template.discarded', row, by, now, { text: reason })];
  await commit(store, { changes: [decided(row, 'discarded', by, now)], audit });
}

function refusalOf(row: Row, { ids }: Admins, { current }: Published, by: string): ErrorCode | undefined {
  if (!ids.includes(by)) return 'not_allowed';
  if (row.state !== 'proposed') return 'template_state';
  // Another version came into force since: what was read and agreed to is not what would be replaced.
  if ((current?.version ?? 0) !== row.base_version) return 'conflict';
  return row.proposed_by === by && ids.length > 1 ? 'second_approval_required' : undefined;
}

/** What the only admin shows in place of another one's approval. */
async function proofOf(
  deps: Pick<Deps, 'store' | 'config'>,
  { id, document }: Row,
  who: { by: Pick<PersonCaller, 'id' | 'authenticatedAt'>; answer: StepUpAnswer | undefined },
  now: Instant,
): Promise<Unit> {
  const about = { action: 'approve-template', target: id, content: sha256(document) } as const;
  return (await proveToManage(deps, { ...who, about }, now)).unit;
}

function carriedOut(row: Row, published: Published, by: string, now: Instant): Unit {
  const publisher: Publisher = {
    actor: { kind: 'person', id: by },
    approval: row.proposed_by === by ? 'single-admin' : 'second-person',
    proposedBy: row.proposed_by,
    approvedBy: by,
    note: row.note,
    proposal: row.id,
  };
  if (row.action === 'retire') return templateRetirement(published, row.name, publisher, now);
  const document = readTemplateDocument(row.document);
  return templatePublication(published, { document, text: row.document }, publisher, now);
}

function decided({ id, version }: Row, state: 'published' | 'discarded', by: string, now: Instant) {
  const change = { state, decided_by: by, decided_at: now, version: version + 1 };
  return updateOne('template_proposals', { id, version, state: 'proposed' }, change);
}

async function readProposal({ read }: Pick<Store, 'read'>, id: string): Promise<Row> {
  const row = await read.selectFrom('template_proposals').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new Fault('not_found');
  return row;
}

async function commit(store: Pick<Store, 'commit'>, unit: Unit): Promise<void> {
  try {
    await store.commit(unit);
  } catch (error) {
    if (error instanceof ConflictError) throw new Fault('conflict', { cause: error });
    throw error;
  }
}

function proposalEvent(
  type: AuditEventType,
  { id, action, name, base_version: baseVersion, document }: Row,
  by: string,
  now: Instant,
  {
    text,
    data = {},
    outcome = 'success',
  }: { text?: string | null | undefined; data?: AuditEvent['data']; outcome?: AuditEvent['outcome'] },
): AuditEvent {
  return {
    at: now,
    type,
    outcome,
    actor: { kind: 'person', id: by },
    subject: { kind: 'template-proposal', id },
    data: { template: name, action, baseVersion, documentHash: sha256(document), ...data },
    ...(text === null || text === undefined ? {} : { text }),
  };
}
