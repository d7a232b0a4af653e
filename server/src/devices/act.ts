import { Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import type { Actor, AuditEventType } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { type Change, insert, updateAny, updateOne } from '../storage/change.ts';
import { ConflictError } from '../storage/store.ts';
import { type DeviceFacts, readDeviceFacts } from './facts.ts';
import { freshStartHash } from './fresh-start.ts';
import { actOn, type DeviceAction } from './lifecycle.ts';

const events = {
  admit: 'device.admitted',
  suspend: 'device.suspended',
  resume: 'device.resumed',
  release: 'device.released',
  retire: 'device.retired',
} as const satisfies Record<DeviceAction, AuditEventType>;

/**
 * Carries out what an admin decided about a device, and records it with their reason.
 *
 * @throws Fault not_found, device_state_invalid, conflict
 */
export async function actOnDevice(
  deps: Pick<Deps, 'store'>,
  id: string,
  action: DeviceAction,
  decided: { actor: Actor; reason: string },
  now: Instant,
): Promise<void> {
  const facts = await readDeviceFacts(deps.store.read, { id });
  if (facts === undefined) throw new Fault('not_found');
  const after = actOn({ state: facts.state, quarantined: facts.quarantine !== null }, action);
  if (after === undefined) throw new Fault('device_state_invalid', { members: { state: facts.state } });

  const changes =
    action === 'release'
      ? await releaseChanges(deps, facts)
      : [updateOne('devices', { id, state: facts.state }, { state: after.state })];
  try {
    await deps.store.commit({
      changes,
      audit: [
        {
          at: now,
          type: events[action],
          outcome: 'success',
          actor: decided.actor,
          subject: { kind: 'device', id },
          data: {
            from: facts.state,
            to: after.state,
            ...(action === 'release' ? { cause: facts.quarantine?.cause ?? null } : {}),
          },
          text: decided.reason,
        },
      ],
    });
  } catch (error) {
    if (error instanceof ConflictError) throw new Fault('conflict');
    throw error;
  }
}

/** Ends a quarantine by a fresh start (see fresh-start.ts). The next attestation also says anew what hardware this is. */
async function releaseChanges({ store }: Pick<Deps, 'store'>, facts: DeviceFacts): Promise<Change[]> {
  const { id, evidence, quarantine } = facts;
  const seen = await store.read
    .selectFrom('attestation_conflicts')
    .select((select) => select.fn.max('seq').as('seq'))
    .where('device_id', '=', id)
    .executeTakeFirst();
  const start = { seq: Math.max(evidence?.seq ?? 0, seen?.seq ?? 0), hash: freshStartHash, received_at: 0 };
  return [
    updateOne(
      'devices',
      { id, quarantine_cause: quarantine?.cause ?? null, quarantined_at: quarantine?.since ?? null },
      { quarantine_cause: null, quarantined_at: null },
    ),
    evidence === null
      ? insert('evidence', { device_id: id, ...start })
      : updateOne('evidence', { device_id: id, seq: evidence.seq, hash: evidence.hash }, start),
    updateAny('postures', { device_id: id }, { hardware_hash: null }),
  ];
}
