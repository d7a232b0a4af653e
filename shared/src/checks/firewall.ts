import { z } from 'zod';
import { humanLine } from '../text.ts';
import { defineCheck } from './define.ts';

export const firewall = defineCheck({
  id: 'firewall',
  title: 'Firewall',
  about: 'Whether connections from outside are filtered before they reach a program.',
  fix: {
    default: { text: 'Turn the firewall of this device on.' },
    linux: {
      text: 'Ubuntu and Debian: sudo ufw enable. Fedora and others: sudo systemctl enable --now firewalld.',
      link: 'https://help.ubuntu.com/community/UFW',
    },
    macos: {
      text: 'Open System Settings, Network, Firewall, and turn it on.',
      link: 'x-apple.systempreferences:com.apple.preference.security?Firewall',
    },
    windows: {
      text: 'Open Windows Security, Firewall & network protection, and turn it on for all three networks.',
      link: 'ms-settings:windowsdefender',
    },
  },
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
