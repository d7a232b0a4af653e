import { z } from 'zod';
import { timestampSchema } from '../time.ts';
import { defineCheck } from './define.ts';

export const uptime = defineCheck({
  id: 'uptime',
  title: 'Last restart',
  about: 'When the machine was started. Updates of the core of a system take effect at a restart.',
  fix: { default: { text: 'Save your work and restart this device.' } },
  /** The moment, to the minute, and not the length: an unchanged machine then gives an unchanged reading. */
  value: z.strictObject({ startedAt: timestampSchema }),
});
