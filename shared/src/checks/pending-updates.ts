import { z } from 'zod';
import { humanLine } from '../text.ts';
import { timestampSchema } from '../time.ts';
import { defineCheck } from './define.ts';

export const pendingUpdates = defineCheck({
  id: 'pending-updates',
  title: 'Pending updates',
  about: 'How many updates this machine could install now, and whether it waits for a restart.',
  fix: {
    default: { text: 'Install the updates that wait, and restart if asked to.' },
    linux: {
      text: 'Debian and Ubuntu: sudo apt update && sudo apt full-upgrade. Fedora: sudo dnf upgrade. Arch: sudo pacman -Syu.',
    },
    macos: {
      text: 'Open System Settings, General, Software Update, and install what is offered.',
      link: 'x-apple.systempreferences:com.apple.Software-Update-Settings.extension',
    },
    windows: { text: 'Open Settings, Windows Update, and install what is offered.', link: 'ms-settings:windowsupdate' },
  },
  value: z.strictObject({
    count: z.int().min(0).max(1_000_000),
    /** Null where the system does not tell security updates apart. */
    securityCount: z.int().min(0).max(1_000_000).nullable(),
    restartRequired: z.boolean().nullable(),
    /** When the list of available updates was last fetched: an old list hides updates. */
    listRefreshedAt: timestampSchema.nullable(),
    /** `apt`, `dnf`, `pacman`, `softwareupdate`, `windows-update`. */
    source: humanLine({ max: 32 }),
  }),
});
