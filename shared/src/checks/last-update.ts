import { z } from 'zod';
import { humanLine } from '../text.ts';
import { timestampSchema } from '../time.ts';
import { defineCheck } from './define.ts';

export const lastUpdate = defineCheck({
  id: 'last-update',
  title: 'Last update',
  about: 'When this machine last installed an update.',
  value: z.strictObject({ installedAt: timestampSchema, source: humanLine({ max: 32 }) }),
});
