import { z } from 'zod';
import { humanLine } from '../text.ts';
import { timestampSchema } from '../time.ts';
import { defineCheck } from './define.ts';

export const automaticUpdates = defineCheck({
  id: 'automatic-updates',
  title: 'Automatic updates',
  about: 'Whether security updates are installed without anybody asking for them.',
  fix: {
    default: { text: 'Let security updates install by themselves.' },
    linux: {
      text: 'Debian and Ubuntu: sudo apt install unattended-upgrades && sudo dpkg-reconfigure unattended-upgrades. Fedora: sudo dnf install dnf-automatic && sudo systemctl enable --now dnf-automatic.timer.',
      link: 'https://wiki.debian.org/UnattendedUpgrades',
    },
    macos: {
      text: 'Open System Settings, General, Software Update, press the i beside Automatic Updates, and switch everything on.',
      link: 'x-apple.systempreferences:com.apple.Software-Update-Settings.extension',
    },
    windows: { text: 'Open Settings, Windows Update, and choose Resume updates.', link: 'ms-settings:windowsupdate' },
  },
  value: z.strictObject({
    enabled: z.boolean(),
    /** `unattended-upgrades`, `dnf-automatic`, `softwareupdate`, `windows-update`. */
    mechanism: humanLine({ max: 64 }),
    /** Somebody paused it until then. `enabled` says how it is without the pause. */
    pausedUntil: timestampSchema.nullable().optional(),
  }),
});
