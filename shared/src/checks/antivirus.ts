import { z } from 'zod';
import { humanLine } from '../text.ts';
import { defineCheck } from './define.ts';

export const antivirus = defineCheck({
  id: 'antivirus',
  title: 'Malware protection',
  about: 'Which protection against malware is installed, running and up to date.',
  value: z.strictObject({
    products: z
      .array(
        z.strictObject({
          name: humanLine({ max: 64 }),
          running: z.boolean().nullable(),
          upToDate: z.boolean().nullable(),
        }),
      )
      .max(16),
  }),
});
