import { BlockList, isIP } from 'node:net';

// What request-filtering-agent refuses by its own list is here too, so that an address is refused when it is given; what it
// lacks is refused when it is connected to.
const refused = new BlockList();
for (const [address, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Azure's own, to the machines in it: public by its number only.
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  refused.addSubnet(address, bits, 'ipv4');
// Global unicast is 2000::/3 (RFC 4291 section 2.4). All else is refused, and of it what leads to IPv4 or stays inside.
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');
for (const [address, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  refused.addSubnet(address, bits, 'ipv6');

/**
 * Whether an IP address is one of the internet at large: not of this machine, this network or a cloud's metadata, nor one
 * that is a way round to such (mapped, translated, tunnelled).
 */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !refused.check(address, 'ipv4');
    case 6:
      return globalUnicast.check(address, 'ipv6') && !refused.check(address, 'ipv6');
    default:
      return false;
  }
}
