import { sha256 } from '@postern/shared/digest';
import type { PolicyDocument } from '@postern/shared/protocol/policy';
import type { Instant } from '@postern/shared/time';
import type { Actor, AuditEvent } from '../audit/event.ts';
import { type Change, insert, updateOne } from '../storage/change.ts';
import type { Database } from '../storage/database.ts';
import type { Store, Unit } from '../storage/store.ts';
import { nextEpoch } from './epoch.ts';

type PolicyRow = Database['policies'];

/** What is published of one policy, as one statement read it. */
export interface InForce {
  epoch: string;
  /** Null: no version of it is in force. */
  current: PolicyRow | null;
  /** The highest version that there ever was; 0: none. Numbers are not used twice, also not after a retirement. */
  latest: number;
}

/** How a publication came to be allowed. */
type PublicationApproval = 'second-person' | 'single-admin' | 'command-line' | 'first-start';

export interface Publisher {
  actor: Actor;
  approval: PublicationApproval;
  /** Ids of people; null where there was no draft. */
  draftedBy: string | null;
  approvedBy: string | null;
  note: string | null;
  /** More for the audit entry: the draft, its authors, the replay that was made of it. */
  data?: AuditEvent['data'];
}

export async function readInForce({ read }: Pick<Store, 'read'>, name: string): Promise<InForce> {
  const found = await read
    .selectFrom('meta')
    .leftJoin('policies', (join) => join.on('policies.name', '=', name).on('policies.current', '=', 1))
    .where('meta.key', '=', 'policy_epoch')
    .selectAll()
    .select((select) =>
      select
        .selectFrom('policies as every')
        .select((inner) => inner.fn.max('every.version').as('version'))
        .where('every.name', '=', name)
        .as('latest'),
    )
    .executeTakeFirstOrThrow();
  const { value: epoch, key: _, latest, ...row } = found;
  return { epoch, current: row.version === null ? null : (row as PolicyRow), latest: latest ?? 0 };
}

/** Puts a document into force as the next version of its policy. */
export function publicationOf(
  inForce: InForce,
  { document, text }: { document: PolicyDocument; text: string },
  publisher: Publisher,
  now: Instant,
): { row: PolicyRow; unit: Unit } {
  const row: PolicyRow = {
    name: document.policy,
    version: inForce.latest + 1,
    title: document.title,
    document: text,
    published_by: publisher.actor.id ?? publisher.actor.kind,
    published_at: now,
    current: 1,
    drafted_by: publisher.draftedBy,
    approved_by: publisher.approvedBy,
    note: publisher.note,
    enforcement: document.enforcement,
  };
  const data = { version: row.version, documentHash: sha256(text), enforcement: row.enforcement };
  const changes = [nextEpoch(inForce.epoch), ...outOfForce(inForce), insert('policies', row)];
  return { row, unit: { changes, audit: [entry('policy.published', row.name, inForce, data, publisher, now)] } };
}

/** Takes a policy out of force. Its versions stay, and a later one goes on counting. */
export function retirementOf(inForce: InForce, name: string, publisher: Publisher, now: Instant): Unit {
  const changes = [nextEpoch(inForce.epoch), ...outOfForce(inForce)];
  return { changes, audit: [entry('policy.retired', name, inForce, {}, publisher, now)] };
}

function outOfForce({ current }: InForce): Change[] {
  if (current === null) return [];
  return [updateOne('policies', { name: current.name, version: current.version, current: 1 }, { current: 0 })];
}

function entry(
  type: 'policy.published' | 'policy.retired',
  name: string,
  { current }: InForce,
  data: AuditEvent['data'],
  { actor, approval, note, data: more = {} }: Publisher,
  now: Instant,
): AuditEvent {
  const facts = { ...data, previousVersion: current?.version ?? null, approval, ...more };
  const subject = { kind: 'policy', id: name };
  return { at: now, type, outcome: 'success', actor, subject, data: facts, ...(note === null ? {} : { text: note }) };
}
