import { z } from 'zod';
import { defineCheck } from './define.ts';

export const secureBoot = defineCheck({
  id: 'secure-boot',
  title: 'Secure boot',
  about: 'Whether the firmware starts only systems that it can verify.',
  value: z.strictObject({
    enabled: z.boolean(),
    /** In setup mode anybody may replace the keys, whatever the switch says. Null where that is not known. */
    setupMode: z.boolean().nullable(),
  }),
  isWorse(before, now) {
    return (before.enabled && !now.enabled) || (before.setupMode === false && now.setupMode === true);
  },
});
