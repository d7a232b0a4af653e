import { BlockList, isIP } from 'node:net';
import { LRUCache } from 'lru-cache';
import type { Config } from '../config.ts';
import { isLoopback, isLoopbackHost } from '../loopback.ts';

/** Tells where a request comes from. */
export type RemoteAddressOf = (peer: string | undefined, forwardedFor: string | undefined) => string;

/**
 * X-Forwarded-For is written by anybody, so it counts only when the peer is a proxy that was declared, and then only
 * its rightmost entry that is not itself such a proxy: what stands left of it, the caller may have made up.
 *
 * @param trustedProxies addresses or CIDR ranges
 */
export function createRemoteAddressOf(trustedProxies: readonly string[]): RemoteAddressOf {
  const isProxy = oneOf(trustedProxies);
  return (peer, forwardedFor) => {
    let nearest = plainAddress(peer ?? '') ?? 'unknown';
    if (forwardedFor === undefined || nearest === 'unknown' || !isProxy(nearest)) return nearest;
    for (const entry of forwardedFor.split(',').toReversed()) {
      const address = plainAddress(entry.trim());
      if (address === undefined) return nearest;
      nearest = address;
      if (!isProxy(address)) return nearest;
    }
    return nearest;
  };
}

/** Tells whether a peer may send requests at all. */
export type PeerCheck = (peer: string | undefined) => boolean;

/**
 * Beyond loopback and without TLS, only a declared proxy and this machine itself are served: to anybody else
 * everything would go in clear, and nothing could be believed of where it comes from.
 */
export function createPeerCheck({
  host,
  tls,
  trustedProxies,
}: Pick<Config, 'host' | 'tls' | 'trustedProxies'>): PeerCheck {
  if (tls !== null || isLoopbackHost(host)) return () => true;
  const isProxy = oneOf(trustedProxies);
  return (peer) => {
    const address = plainAddress(peer ?? '');
    return address !== undefined && (isLoopback(address) || isProxy(address));
  };
}

/** @param ranges addresses or CIDR ranges */
function oneOf(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return (address) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** A peer sends many requests, and knowing an address by its form costs as much as routing does. */
const known = new LRUCache<string, { address: string | undefined }>({ max: 1000 });

function plainAddress(text: string): string | undefined {
  let found = known.get(text);
  if (found === undefined) {
    found = { address: parseAddress(text) };
    // A text that is no address may be as long as a header.
    if (found.address !== undefined) known.set(text, found);
  }
  return found.address;
}

/** IPv4 mapped into IPv6 is IPv4: a peer must not be two callers. */
function parseAddress(text: string): string | undefined {
  const address = text.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
  return isIP(address) === 0 ? undefined : address;
}
