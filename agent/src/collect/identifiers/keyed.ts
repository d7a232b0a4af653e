import { createHmac } from 'node:crypto';
import type { Finding } from '../finding.ts';
import type { Identifiers } from './hardware.ts';

const hashed = ['serial', 'hardwareUuid', 'machineIdHash'] as const;

/**
 * The same finding with hashes under the backend's key in place of what tells this machine from others: the backend can
 * still see that it is the same machine, and nobody else learns its serial number. What the firmware filled with junk is
 * null by then, so that two such machines do not get the same hash.
 *
 * @param key base64url; null leaves it as it is
 */
export function keyed(finding: Finding<Identifiers>, key: string | null): Finding<Identifiers> {
  if (key === null || finding.status !== 'ok') return finding;
  const value: Identifiers = { ...finding.value, keyed: true };
  const secret = Buffer.from(key, 'base64url');
  for (const field of hashed) {
    const plain = value[field];
    // With its name, so that a serial number that equals a hardware id does not show that it does.
    if (plain !== null)
      value[field] = createHmac('sha256', secret).update(`${field}:${plain}`, 'utf8').digest('base64url');
  }
  return { ...finding, value };
}
