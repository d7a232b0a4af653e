import { sha256 } from '@postern/shared/digest';
import { Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import type { PersonCaller } from '../../http/caller.ts';
import { hasSteppedUp, stepUpRequired } from '../../http/step-up.ts';
import { type Admins, readAdmins, sameAdmins } from '../../identity/index.ts';
import type { Database } from '../../storage/database.ts';
import { publishPolicy } from '../publish.ts';
import { readPolicyDocument } from '../read-document.ts';

type By = Pick<PersonCaller, 'id' | 'authenticatedAt'>;

/** Whether what an admin writes needs another one's approval. */
export function needsApproval({ ids }: Pick<Admins, 'ids'>): boolean {
  return ids.length !== 1;
}

/**
 * Publishes without a draft: for the only admin there is, who has just proved who they are.
 *
 * @throws Fault policy_invalid, policy_unchanged, second_approval_required, step_up_required, not_allowed, conflict
 */
export async function publishAlone(
  { store }: Pick<Deps, 'store'>,
  text: string,
  by: By,
  now: Instant,
): Promise<Database['policies']> {
  const { policy } = readPolicyDocument(text);
  const admins = await readAdmins(store);
  const refusal = refusalOf(admins, by, now);
  const actor = { kind: 'person', id: by.id } as const;
  if (refusal !== undefined) {
    const subject = { kind: 'policy', id: policy };
    const data = { policy, documentHash: sha256(text), code: refusal.code };
    const refused = { at: now, type: 'policy.approval-refused', outcome: 'failure', actor, subject, data } as const;
    await store.commit({ changes: [], audit: [refused] });
    throw refusal;
  }
  return publishPolicy(store, text, actor, now, { approval: 'single-admin', guards: [sameAdmins(admins)] });
}

function refusalOf(admins: Admins, by: By, now: Instant): Fault | undefined {
  if (!admins.ids.includes(by.id)) return new Fault('not_allowed');
  if (needsApproval(admins)) return new Fault('second_approval_required');
  return hasSteppedUp(by, now) ? undefined : stepUpRequired();
}
