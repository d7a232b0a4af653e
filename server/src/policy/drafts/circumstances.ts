import { sha256 } from '@postern/shared/digest';
import { Fault } from '@postern/shared/protocol/errors';
import { type Admins, readAdmins } from '../../identity/index.ts';
import type { Store } from '../../storage/store.ts';
import { type InForce, readInForce } from '../publication.ts';
import { type Inspected, inspect } from './content.ts';
import type { Circumstances } from './lifecycle.ts';
import { type DraftRecord, recordOf } from './record.ts';

type Reads = Pick<Store, 'read'>;

/** All that a decision on a draft is made of. Its unit is guarded by the epochs in it and by the draft's version. */
export interface Situation {
  admins: Admins;
  policy: InForce;
  content: Inspected;
  circumstances: Circumstances;
}

/** So many may change a draft, the admins or the policies at the same instant before one of them is asked to try again. */
export const maxAttempts = 8;

/**
 * A draft and what surrounds it, as they were together: a draft that is the same before and after its policy was read
 * did not have a hand in what was found there.
 *
 * @throws Fault not_found, conflict
 */
export async function readDraft(store: Reads, id: string): Promise<{ draft: DraftRecord; situation: Situation }> {
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const draft = await readRecord(store, id);
    const situation = await readSituation(store, draft.document, draft.policy);
    if ((await readRecord(store, id)).version === draft.version) return { draft, situation };
  }
  throw new Fault('conflict');
}

async function readRecord({ read }: Reads, id: string): Promise<DraftRecord> {
  const row = await read.selectFrom('policy_drafts').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new Fault('not_found');
  return recordOf(row);
}

/** What surrounds a text now. */
export async function readSituation(store: Reads, text: string, policyName?: string | null): Promise<Situation> {
  const admins = await readAdmins(store);
  const content = inspect(text);
  // No policy has the empty name.
  const policy = await readInForce(store, policyName ?? content.policy ?? '');
  const { current, latest } = policy;
  const inForce = current === null ? null : { version: current.version, documentHash: sha256(current.document) };
  const faulty = content.document === null;
  return { admins, policy, content, circumstances: { admins: admins.ids, inForce, nextVersion: latest + 1, faulty } };
}
