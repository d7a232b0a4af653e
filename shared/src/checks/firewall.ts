import { z } from 'zod';
import { humanLine } from '../text.ts';
import { defineCheck } from './define.ts';

export const firewall = defineCheck({
  id: 'firewall',
  title: 'Firewall',
  about: 'Whether connections from outside are filtered before they reach a program.',
  value: z.strictObject({
    enabled: z.boolean(),
    /** `ufw`, `firewalld`, `nftables`, `iptables`, `application-firewall`, `windows-firewall`, or a third party's name. */
    provider: humanLine({ max: 64 }),
    /** Where there are several profiles, each by name: of networks (Windows), of addresses (Linux: `ipv4`, `ipv6`). */
    profiles: z.record(z.string().regex(/^[a-z][a-z0-9]{0,15}$/), z.boolean()).optional(),
  }),
  /** Switched off now and not before, as a whole or for a profile. */
  isWorse(before, now) {
    if (before.enabled && !now.enabled) return true;
    return Object.entries(now.profiles ?? {}).some(
      ([name, on]) => !on && new Map(Object.entries(before.profiles ?? {})).get(name) === true,
    );
  },
});
