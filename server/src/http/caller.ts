import { readerRoles, type Role } from '@postern/shared/protocol/admin';
import type { DeviceState } from '@postern/shared/protocol/enrollment';
import { Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';

export interface PersonCaller {
  kind: 'person';
  id: string;
  name: string;
  roles: readonly Role[];
  via: 'api-token' | 'session';
  /** When they last proved who they are. A token or link that they made with this one is no fresher. */
  authenticatedAt: Instant;
}

export interface DeviceCaller {
  kind: 'device';
  id: string;
  jkt: string;
  state: DeviceState;
  ownerId: string;
  ownerName: string;
}

export interface GatewayCaller {
  kind: 'gateway';
  id: string;
  resources: readonly string[];
}

/** Who calls, after authentication. */
export type Caller = { kind: 'anonymous' } | PersonCaller | DeviceCaller | GatewayCaller;

export function asPerson(caller: Caller): PersonCaller {
  if (caller.kind !== 'person') throw new Fault('not_signed_in');
  return caller;
}

export function asDevice(caller: Caller): DeviceCaller {
  if (caller.kind !== 'device') throw new Fault('device_unknown');
  return caller;
}

export function asGateway(caller: Caller): GatewayCaller {
  if (caller.kind !== 'gateway') throw new Fault('client_authentication_failed');
  return caller;
}

/** Whether somebody reads what concerns everybody. */
export function isReader({ roles }: Pick<PersonCaller, 'roles'>): boolean {
  return readerRoles.some((role) => roles.includes(role));
}
