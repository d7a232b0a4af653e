import type { DeviceFacts } from '../../devices/index.ts';
import type { Store } from '../../storage/store.ts';
import { audienceOf, readListeners } from '../audience.ts';
import type { ExceptionRecord } from '../lifecycle/record.ts';

/** Ids of the people who could have approved what an emergency took without asking: every approver but who has a part in it. */
export async function readSkipped(
  read: Store['read'],
  { owner }: Pick<DeviceFacts, 'owner'>,
  { personId, requestedBy, managerId, plan }: ExceptionRecord,
): Promise<string[]> {
  const asked = { personId, requestedBy, ownerId: owner.id, managerId, plan };
  const concern = { ...asked, openStage: null, voters: [], inForce: true };
  const told = audienceOf(concern, await readListeners(read, concern));
  return told.flatMap((each) => (each.why === 'approver' ? [each.personId] : []));
}
