import { z } from 'zod';
import { humanLine } from '../text.ts';
import { defineCheck } from './define.ts';

export const diskFree = defineCheck({
  id: 'disk-free',
  title: 'Free disk space',
  about: 'Whether there is room for updates.',
  value: z.strictObject({
    mount: humanLine({ max: 256 }),
    sizeGiB: z.int().min(0),
    /** Whole percent, rounded down. */
    freePercent: z.int().min(0).max(100),
  }),
});
