import { Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import { type Actor, systemActor } from '../audit/event.ts';
import type { Change } from '../storage/change.ts';
import type { Database } from '../storage/database.ts';
import { ConflictError, type Store, type Unit } from '../storage/store.ts';
import { changedRules } from './changed-rules.ts';
import { defaultPolicy } from './default-policy.ts';
import { publicationOf, type Publisher, readInForce, retirementOf } from './publication.ts';
import { readPolicyDocument } from './read-document.ts';

interface How {
  approval?: Publisher['approval'];
  note?: string | null;
  /** What else must hold at that moment. */
  guards?: readonly Change[];
  /** How whoever publishes showed who they are. */
  proof?: Unit;
}

/**
 * Publishes a policy document as the next version of the policy that it names. Whoever calls this has seen to it that
 * the actor may: a person needs another one's approval, see drafts/. Without a word it is taken for the command line's.
 *
 * @throws Fault policy_invalid; policy_unchanged when the published version has the same text; conflict when somebody
 *   published at the same moment
 */
export async function publishPolicy(
  store: Store,
  text: string,
  actor: Actor,
  now: Instant,
  { approval = 'command-line', note = null, guards = [], proof = { changes: [], audit: [] } }: How = {},
): Promise<Database['policies']> {
  const document = readPolicyDocument(text);
  const inForce = await readInForce(store, document.policy);
  if (inForce.current?.document === text) throw new Fault('policy_unchanged');
  const person = actor.kind === 'person' ? actor.id : null;
  const publisher = { actor, approval, draftedBy: person, approvedBy: person, note };
  const { row, unit } = publicationOf(inForce, { document, text }, publisher, now);
  await commit(store, {
    changes: [...guards, ...proof.changes, ...unit.changes],
    audit: [...proof.audit, ...unit.audit],
  });
  return row;
}

/**
 * Takes a policy out of force; its versions stay. Who may is for the caller to see to, as with publishPolicy.
 *
 * @throws Fault policy_version_unknown when no version of it is in force; conflict
 */
export async function retirePolicy(
  store: Store,
  name: string,
  actor: Actor,
  now: Instant,
  { approval = 'command-line', note = null }: Pick<How, 'approval' | 'note'> = {},
): Promise<void> {
  const inForce = await readInForce(store, name);
  if (inForce.current === null) throw new Fault('policy_version_unknown');
  await commit(store, retirementOf(inForce, name, { actor, approval, draftedBy: null, approvedBy: null, note }, now));
}

async function commit(store: Store, unit: Unit): Promise<void> {
  try {
    await store.commit(unit);
  } catch (error) {
    if (error instanceof ConflictError) throw new Fault('conflict', { cause: error });
    throw error;
  }
}

interface Trial {
  name: string;
  version: number;
  title: string;
  unchanged: boolean;
  changedRules: string[];
}

/** What publishing would do, without doing it. Throws Fault policy_invalid. */
export async function tryPolicy(store: Pick<Store, 'read'>, text: string): Promise<Trial> {
  const document = readPolicyDocument(text);
  const { current, latest } = await readInForce(store, document.policy);
  return {
    name: document.policy,
    version: latest + 1,
    title: document.title,
    unchanged: current?.document === text,
    changedRules: changedRules(current?.document ?? null, document),
  };
}

/** Publishes the default policy where there never was any. Returns whether it did. */
export async function ensureDefaultPolicy(store: Store, now: Instant): Promise<boolean> {
  const any = await store.read.selectFrom('policies').select('name').limit(1).executeTakeFirst();
  if (any !== undefined) return false;
  try {
    await publishPolicy(store, defaultPolicy(), systemActor, now, { approval: 'first-start' });
    return true;
  } catch (error) {
    // Another node was started at the same moment.
    if (error instanceof Fault && (error.code === 'conflict' || error.code === 'policy_unchanged')) return false;
    throw error;
  }
}
