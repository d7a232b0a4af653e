import type { Ownership } from '@postern/shared/protocol/enrollment';
import { Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import type { Actor } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { updateOne } from '../storage/change.ts';
import { ConflictError } from '../storage/store.ts';
import { readDeviceFacts } from './facts.ts';

/**
 * Says whose machine a device is: policies for corporate or personal ones follow it at once.
 *
 * @throws Fault not_found, conflict
 */
export async function changeOwnership(
  { store }: Pick<Deps, 'store'>,
  id: string,
  decided: { ownership: Ownership; reason: string; actor: Actor },
  now: Instant,
): Promise<void> {
  const facts = await readDeviceFacts(store.read, { id });
  if (facts === undefined) throw new Fault('not_found');
  const { ownership: from } = facts;
  const { ownership: to, reason, actor } = decided;
  if (from === to) return;
  try {
    await store.commit({
      changes: [updateOne('devices', { id, ownership: from }, { ownership: to })],
      audit: [
        {
          at: now,
          type: 'device.ownership-changed',
          outcome: 'success',
          actor,
          subject: { kind: 'device', id },
          data: { from, to },
          text: reason,
        },
      ],
    });
  } catch (error) {
    if (error instanceof ConflictError) throw new Fault('conflict', { cause: error });
    throw error;
  }
}
