import { z } from 'zod';
import { humanLine } from '../text.ts';
import { defineCheck } from './define.ts';

export const antivirus = defineCheck({
  id: 'antivirus',
  title: 'Malware protection',
  about: 'Which protection against malware is installed, running and up to date.',
  fix: {
    default: { text: 'Turn the protection against malware on and let it update itself.' },
    linux: {
      text: 'Start the protection that your organisation uses (for ClamAV: sudo systemctl enable --now clamav-daemon clamav-freshclam).',
    },
    macos: {
      text: 'Start the protection that your organisation uses. XProtect is part of macOS: keep automatic updates on.',
    },
    windows: {
      text: 'Open Windows Security, Virus & threat protection, and turn real-time protection on.',
      link: 'ms-settings:windowsdefender',
    },
  },
  value: z.strictObject({
    products: z
      .array(
        z.strictObject({
          name: humanLine({ max: 64 }),
          /** `edr` watches behaviour and reports to somebody; `antivirus` looks for known malware. */
          kind: z.enum(['antivirus', 'edr']).optional(),
          running: z.boolean().nullable(),
          upToDate: z.boolean().nullable(),
        }),
      )
      .max(16),
  }),
});
