import { Fault } from '@postern/shared/protocol/errors';
import type { DeviceFacts } from '../../devices/index.ts';
import type { ExceptionRecord } from '../lifecycle/record.ts';

/**
 * Whether there can be an exception for a device at all: one that gets no token whatever its posture needs none.
 *
 * @throws Fault device_state_invalid, device_quarantined, owner_inactive, never_attested
 */
export function refuseUnfitDevice(facts: DeviceFacts): void {
  if (facts.state !== 'active') throw new Fault('device_state_invalid', { members: { state: facts.state } });
  if (facts.quarantine !== null) throw new Fault('device_quarantined');
  if (!facts.owner.active) throw new Fault('owner_inactive');
  if (facts.posture === null) throw new Fault('never_attested');
}

/** Throws Fault exception_state when a device is no longer the one, of the one, that an exception was asked for. */
export function refuseOtherDevice(facts: DeviceFacts, record: ExceptionRecord): void {
  const has = (what: string) =>
    new Fault('exception_state', {
      details: [{ path: 'device', message: `has another ${what} since this was asked for` }],
    });
  if (facts.owner.id !== record.personId) throw has('owner');
  if (facts.jkt !== record.jkt) throw has('key');
}
