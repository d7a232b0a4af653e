import { z } from 'zod';
import { humanLine } from '../text.ts';
import { defineCheck } from './define.ts';

/** From best to worst. */
const states = ['full', 'enabled', 'partial', 'none'] as const;

export const diskEncryption = defineCheck({
  id: 'disk-encryption',
  title: 'Disk encryption',
  about: 'Whether what is stored on this machine can be read by somebody who takes its disk.',
  fix: {
    default: { text: 'Encrypt the disk of this device. Back up first.' },
    linux: {
      text: 'Encrypt with LUKS. A system that was installed plain is best backed up and installed again with encryption chosen; see which volume is plain above.',
      link: 'https://wiki.archlinux.org/title/Dm-crypt/Encrypting_an_entire_system',
    },
    macos: {
      text: 'Open System Settings, Privacy & Security, FileVault, and turn it on. Keep the recovery key.',
      link: 'x-apple.systempreferences:com.apple.preference.security?FileVault',
    },
    windows: {
      text: 'Open Settings, Privacy & security, Device encryption (or BitLocker) and turn it on. Where it says "suspended", resume it.',
      link: 'ms-settings:deviceencryption',
    },
  },
  value: z.strictObject({
    /**
     * `full`: every fixed writable volume and swap; `enabled`: the system volume is, others could not be
     * inspected; `partial`: another fixed volume or swap is plain; `none`: the system volume is plain.
     * The fifth state is the reading's own `unknown`.
     */
    state: z.enum(states),
    volumes: z
      .array(
        z.strictObject({
          mount: humanLine({ max: 256 }),
          encrypted: z.boolean().nullable(),
          /** `luks2`, `filevault`, `bitlocker`, `zfs`; null where plain or unknown. */
          method: humanLine({ max: 32 }).nullable(),
        }),
      )
      .max(64),
  }),
  /** A worse state, or a volume that is plain now and was not (or was not there) before. */
  isWorse(before, now) {
    if (states.indexOf(now.state) > states.indexOf(before.state)) return true;
    const plainBefore = new Set(
      before.volumes.filter((volume) => volume.encrypted === false).map((volume) => volume.mount),
    );
    return now.volumes.some((volume) => volume.encrypted === false && !plainBefore.has(volume.mount));
  },
});
