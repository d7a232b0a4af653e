import { z } from 'zod';
import { humanLine } from '../text.ts';
import { defineCheck } from './define.ts';

export const remoteAccess = defineCheck({
  id: 'remote-access',
  title: 'Remote access and sharing',
  about: 'Which ways into this machine wait for somebody from outside: remote login, screen and file sharing.',
  fix: {
    default: { text: 'Switch remote login and sharing off, unless somebody needs it.' },
    linux: { text: 'SSH: sudo systemctl disable --now ssh. Desktop sharing: GNOME Settings, System, Remote Desktop.' },
    macos: {
      text: 'Open System Settings, General, Sharing, and switch off what nobody needs.',
      link: 'x-apple.systempreferences:com.apple.Sharing-Settings.extension',
    },
    windows: { text: 'Open Settings, System, Remote Desktop, and switch it off.', link: 'ms-settings:remotedesktop' },
  },
  value: z.strictObject({
    services: z
      .array(
        z.strictObject({
          /** `ssh`, `rdp`, `vnc`, `ard`, `smb`, `nfs`, `internet-sharing`. */
          name: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
          /** From where it can be reached, as the socket says; a firewall may still be in front. */
          open: z.enum(['anywhere', 'this-machine', 'no']),
          port: z.int().min(1).max(65_535).nullable(),
        }),
      )
      .max(32),
    /** How it was seen: `sockets` says what listens, `settings` what is switched on. */
    source: humanLine({ max: 32 }),
  }),
  isWorse(before, now) {
    const openBefore = new Set(before.services.filter(({ open }) => open === 'anywhere').map(({ name }) => name));
    return now.services.some(({ name, open }) => open === 'anywhere' && !openBefore.has(name));
  },
});
