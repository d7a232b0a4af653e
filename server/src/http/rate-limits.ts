import { isIPv6 } from 'node:net';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Fault } from '@postern/shared/protocol/errors';
import type { RateClass } from './route.ts';

/** Counts one call; throws Fault `too_many_requests` with Retry-After when the minute's share is used up. */
export type RateLimits = (rate: RateClass, address: string) => Promise<void>;

/** @param limits calls a minute and address, by class */
export function createRateLimits(limits: Readonly<Record<RateClass, number>>): RateLimits {
  const limiters = new Map(
    Object.entries(limits).map(([rate, points]) => [
      rate,
      new RateLimiterMemory({ keyPrefix: rate, points, duration: 60 }),
    ]),
  );
  return async (rate, address) => {
    try {
      await limiters.get(rate)?.consume(subscriberOf(address));
    } catch (rejection) {
      if (!(rejection instanceof RateLimiterRes)) throw rejection;
      const seconds = Math.max(1, Math.ceil(rejection.msBeforeNext / 1000));
      throw new Fault('too_many_requests', { headers: { 'Retry-After': String(seconds) } });
    }
  };
}

/** A subscriber of IPv6 has a /64 (RFC 6177): counting single addresses would count nothing. */
function subscriberOf(address: string): string {
  if (!address.includes(':') || !isIPv6(address)) return address;
  const [head = '', tail = ''] = address.split('%')[0]?.split('::') ?? [];
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const groups = address.includes('::')
    ? [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right]
    : left;
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, '').toLowerCase())
    .join(':');
}
