import { z } from 'zod';
import { humanLine } from '../text.ts';
import { defineCheck } from './define.ts';

export const screenLock = defineCheck({
  id: 'screen-lock',
  title: 'Screen lock',
  about: 'Whether the screen locks by itself, and how long an unattended machine stays open.',
  fix: {
    default: { text: 'Let the screen lock after 15 minutes or less, with a password to unlock it.' },
    linux: { text: 'GNOME: Settings, Privacy, Screen Lock. KDE: System Settings, Screen Locking.' },
    macos: {
      text: 'Open System Settings, Lock Screen. Set the display to turn off after at most 15 minutes and ask for the password at once.',
      link: 'x-apple.systempreferences:com.apple.Lock-Screen-Settings.extension',
    },
    windows: {
      text: 'Open Settings, Accounts, Sign-in options, and ask for sign-in on wake; then Settings, System, Power, and set the screen to at most 15 minutes.',
      link: 'ms-settings:signinoptions',
    },
  },
  value: z.strictObject({
    enabled: z.boolean(),
    /** From the last key press until a password is needed. Null when it never locks. */
    delaySeconds: z.int().min(0).max(1_000_000).nullable(),
    /** `gnome`, `kde`, `xfce`, `sway`, `macos`, `windows`. */
    desktop: humanLine({ max: 32 }),
  }),
  /** It locked before and does not now, or it locks later. */
  isWorse(before, now) {
    if (before.enabled && !now.enabled) return true;
    return before.enabled && (now.delaySeconds ?? Infinity) > (before.delaySeconds ?? Infinity);
  },
});
