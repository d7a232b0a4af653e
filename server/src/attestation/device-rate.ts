import { Fault } from '@postern/shared/protocol/errors';
import { type Instant, minute, second } from '@postern/shared/time';

/** Counts one attestation of a device; throws Fault `too_many_requests` with Retry-After when its minute is used up. */
export type DeviceRate = (deviceId: string, now: Instant) => void;

/**
 * A limit that follows the device and not its address. Per process, as the limits by address are; it keeps a number for
 * each device of the running minute.
 */
export function createDeviceRate(perMinute: number): DeviceRate {
  let thisMinute = 0;
  let counts = new Map<string, number>();
  return (deviceId, now) => {
    const at = Math.floor(now / minute);
    if (at !== thisMinute) {
      thisMinute = at;
      counts = new Map();
    }
    const count = (counts.get(deviceId) ?? 0) + 1;
    if (count > perMinute) {
      const seconds = Math.ceil(((at + 1) * minute - now) / second);
      throw new Fault('too_many_requests', { headers: { 'Retry-After': String(seconds) } });
    }
    counts.set(deviceId, count);
  };
}
