import { z } from 'zod';
import { humanLine } from '../text.ts';
import { timestampSchema } from '../time.ts';
import { defineCheck } from './define.ts';

export const lastUpdate = defineCheck({
  id: 'last-update',
  title: 'Last update',
  about: 'When this machine last installed an update.',
  fix: {
    default: { text: 'Install updates.' },
    linux: {
      text: 'Debian and Ubuntu: sudo apt update && sudo apt full-upgrade. Fedora: sudo dnf upgrade. Arch: sudo pacman -Syu.',
    },
    macos: {
      text: 'Open System Settings, General, Software Update, and install what is offered.',
      link: 'x-apple.systempreferences:com.apple.Software-Update-Settings.extension',
    },
    windows: { text: 'Open Settings, Windows Update, and install what is offered.', link: 'ms-settings:windowsupdate' },
  },
  value: z.strictObject({ installedAt: timestampSchema, source: humanLine({ max: 32 }) }),
});
