import type { deviceActions } from '@postern/shared/protocol/admin';
import type { DeviceState } from '@postern/shared/protocol/enrollment';

export type DeviceAction = (typeof deviceActions)[number];

/** The part of a device that an admin's action changes. Quarantine lies across the states: each may be in it. */
export interface DeviceStanding {
  state: DeviceState;
  quarantined: boolean;
}

const moves: Readonly<Record<Exclude<DeviceAction, 'release'>, { from: readonly DeviceState[]; to: DeviceState }>> = {
  admit: { from: ['pending'], to: 'active' },
  suspend: { from: ['active'], to: 'suspended' },
  resume: { from: ['suspended'], to: 'active' },
  retire: { from: ['pending', 'active', 'suspended'], to: 'retired' },
};

/**
 * The state machine of devices: `pending → active ⇄ suspended`, and from each of them `→ retired`, which is for
 * good. Only `release` ends a quarantine; resuming a suspended device leaves it in quarantine.
 *
 * @returns the standing afterwards, or undefined when the action does not fit the state
 */
export function actOn(device: DeviceStanding, action: DeviceAction): DeviceStanding | undefined {
  if (action === 'release') {
    return device.quarantined && device.state !== 'retired' ? { ...device, quarantined: false } : undefined;
  }
  const move = moves[action];
  return move.from.includes(device.state) ? { ...device, state: move.to } : undefined;
}
