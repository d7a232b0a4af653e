import { Fault } from '@postern/shared/protocol/errors';
import { sha256 } from '@postern/shared/digest';
import type { PolicyDocument } from '@postern/shared/protocol/policy';
import type { Instant } from '@postern/shared/time';
import { type Actor, systemActor } from '../audit/event.ts';
import { insert, updateOne } from '../storage/change.ts';
import type { Database } from '../storage/database.ts';
import { ConflictError, type Store } from '../storage/store.ts';
import { compilePolicy } from './compile.ts';
import { defaultPolicy } from './default-policy.ts';
import { readPolicyDocument } from './read-document.ts';

type PolicyRow = Database['policies'];

interface Draft {
  document: PolicyDocument;
  row: PolicyRow;
  /** The version that is published now; null for a new policy. */
  previous: PolicyRow | null;
  epoch: string;
}

/**
 * Publishes a policy document as the next version of the policy that it names.
 *
 * @throws Fault policy_invalid; policy_unchanged when the published version has the same text; conflict when somebody
 *   published at the same moment
 */
export async function publishPolicy(store: Store, text: string, actor: Actor, now: Instant): Promise<PolicyRow> {
  const { row, previous, epoch } = await draft(store, text, actor, now);
  if (previous?.document === text) throw new Fault('policy_unchanged');
  try {
    await store.commit({
      changes: [
        // The epoch is the guard: of two publications that read the same one, only the first finds it.
        updateOne('meta', { key: 'policy_epoch', value: epoch }, { value: String(Number(epoch) + 1) }),
        ...(previous === null
          ? []
          : [updateOne('policies', { name: row.name, version: previous.version, current: 1 }, { current: 0 })]),
        insert('policies', row),
      ],
      audit: [
        {
          at: now,
          type: 'policy.published',
          outcome: 'success',
          actor,
          subject: { kind: 'policy', id: row.name },
          data: { version: row.version, previousVersion: previous?.version ?? null, documentHash: sha256(text) },
        },
      ],
    });
  } catch (error) {
    if (error instanceof ConflictError) throw new Fault('conflict', { cause: error });
    throw error;
  }
  return row;
}

interface Trial {
  name: string;
  version: number;
  title: string;
  unchanged: boolean;
  changedRules: string[];
}

/** What publishing would do, without doing it. Throws Fault policy_invalid. */
export async function tryPolicy(store: Pick<Store, 'read'>, text: string, actor: Actor, now: Instant): Promise<Trial> {
  const { document, row, previous } = await draft(store, text, actor, now);
  const hashes = new Map(compilePolicy(document, row.version).rules.map(({ reference, hash }) => [reference, hash]));
  const published =
    previous === null ? [] : compilePolicy(readPolicyDocument(previous.document), previous.version).rules;
  return {
    name: row.name,
    version: row.version,
    title: row.title,
    unchanged: previous?.document === text,
    changedRules: published
      .filter(({ reference, hash }) => hashes.get(reference) !== hash)
      .map((rule) => rule.document.id),
  };
}

/** Publishes the default policy where there is none at all. Returns whether it did. */
export async function ensureDefaultPolicy(store: Store, now: Instant): Promise<boolean> {
  const any = await store.read.selectFrom('policies').select('name').limit(1).executeTakeFirst();
  if (any !== undefined) return false;
  try {
    await publishPolicy(store, defaultPolicy(), systemActor, now);
    return true;
  } catch (error) {
    // Another node was started at the same moment.
    if (error instanceof Fault && (error.code === 'conflict' || error.code === 'policy_unchanged')) return false;
    throw error;
  }
}

async function draft({ read }: Pick<Store, 'read'>, text: string, actor: Actor, now: Instant): Promise<Draft> {
  const document = readPolicyDocument(text);
  const found = await read
    .selectFrom('meta')
    .leftJoin('policies', (join) => join.on('policies.name', '=', document.policy).on('policies.current', '=', 1))
    .where('meta.key', '=', 'policy_epoch')
    .selectAll()
    .executeTakeFirstOrThrow();
  const { value: epoch, key: _, ...row } = found;
  const previous = row.version === null ? null : (row as PolicyRow);
  return {
    document,
    epoch,
    previous,
    row: {
      name: document.policy,
      version: (previous?.version ?? 0) + 1,
      title: document.title,
      document: text,
      published_by: actor.id ?? actor.kind,
      published_at: now,
      current: 1,
    },
  };
}
