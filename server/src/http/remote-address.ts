import { BlockList, isIP } from 'node:net';

/** Tells where a request comes from. */
export type RemoteAddressOf = (peer: string | undefined, forwardedFor: string | undefined) => string;

/**
 * X-Forwarded-For is written by anybody, so it counts only when the peer is a proxy that was declared, and then only
 * its rightmost entry that is not itself such a proxy: what stands left of it, the caller may have made up.
 *
 * @param trustedProxies addresses or CIDR ranges
 */
export function createRemoteAddressOf(trustedProxies: readonly string[]): RemoteAddressOf {
  const proxies = new BlockList();
  for (const proxy of trustedProxies) {
    const [address = '', prefix] = proxy.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) proxies.addAddress(address, family);
    else proxies.addSubnet(address, Number(prefix), family);
  }
  const isProxy = (address: string) => proxies.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
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

/** IPv4 mapped into IPv6 is IPv4: a peer must not be two callers. */
function plainAddress(text: string): string | undefined {
  const address = text.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
  return isIP(address) === 0 ? undefined : address;
}
