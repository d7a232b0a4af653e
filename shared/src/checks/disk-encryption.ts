import { z } from 'zod';
import { humanLine } from '../text.ts';
import { defineCheck } from './define.ts';

export const diskEncryption = defineCheck({
  id: 'disk-encryption',
  title: 'Disk encryption',
  about: 'Whether what is stored on this machine can be read by somebody who takes its disk.',
  value: z.strictObject({
    /**
     * `full`: every fixed writable volume and swap; `enabled`: the system volume is, others could not be
     * inspected; `partial`: another fixed volume or swap is plain; `none`: the system volume is plain.
     * The fifth state is the reading's own `unknown`.
     */
    state: z.enum(['full', 'enabled', 'partial', 'none']),
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
});
