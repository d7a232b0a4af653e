import { z } from 'zod';
import { humanLine } from '../text.ts';
import { defineCheck } from './define.ts';

export const tpm = defineCheck({
  id: 'tpm',
  title: 'Security chip',
  about: 'Whether the machine has a chip that can keep keys where software cannot read them.',
  value: z.strictObject({
    present: z.boolean(),
    /** `2.0`, `1.2`, `secure-enclave`. Null when there is none or its version is not told. */
    version: humanLine({ max: 32 }).nullable(),
  }),
});
