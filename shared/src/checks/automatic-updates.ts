import { z } from 'zod';
import { humanLine } from '../text.ts';
import { defineCheck } from './define.ts';

export const automaticUpdates = defineCheck({
  id: 'automatic-updates',
  title: 'Automatic updates',
  about: 'Whether security updates are installed without anybody asking for them.',
  value: z.strictObject({
    enabled: z.boolean(),
    /** `unattended-upgrades`, `dnf-automatic`, `softwareupdate`, `windows-update`. */
    mechanism: humanLine({ max: 64 }),
  }),
});
