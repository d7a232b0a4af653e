import { z } from 'zod';
import { humanLine } from '../text.ts';
import { defineCheck, platforms } from './define.ts';

export const osVersion = defineCheck({
  id: 'os-version',
  title: 'Operating system',
  about: 'Which system and which build runs here, and until when its maker supports it.',
  fix: {
    default: { text: 'Upgrade to a version that its maker still supports, and install its newest updates.' },
    linux: {
      text: 'Install the newest updates, and upgrade to the next release when this one is no longer supported.',
    },
    macos: {
      text: 'Open System Settings, General, Software Update, and install what is offered.',
      link: 'x-apple.systempreferences:com.apple.Software-Update-Settings.extension',
    },
    windows: { text: 'Open Settings, Windows Update, and install what is offered.', link: 'ms-settings:windowsupdate' },
  },
  value: z.strictObject({
    platform: z.enum(platforms),
    /** `debian`, `ubuntu`, `macos`, `windows`. */
    id: humanLine({ max: 64 }),
    /** As its maker writes it: `Debian GNU/Linux 12 (bookworm)`, `Windows 11 Pro`. */
    name: humanLine({ max: 128 }),
    /** `12`, `15.1`, `10.0.22631`. Null on rolling distributions. */
    version: humanLine({ max: 64 }).nullable(),
    /** `24B83`, `22631.4317`; on Linux the kernel release. */
    build: humanLine({ max: 128 }),
    /** Windows: `Core` (Home), `Professional`, `Enterprise`, `EnterpriseS` (LTSC): they are supported for different times. */
    edition: humanLine({ max: 64 }).nullable().optional(),
    /** Last day of support, where the system itself says so (SUPPORT_END in os-release). */
    supportEndsOn: z.iso.date().nullable(),
  }),
});
