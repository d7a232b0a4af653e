import { sha256 } from '@postern/shared/digest';
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

export async function readDraft({ read }: Reads, id: string): Promise<DraftRecord | undefined> {
  const row = await read.selectFrom('policy_drafts').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : recordOf(row);
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
