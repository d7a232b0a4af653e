import { z } from 'zod';
import { defineCheck } from './define.ts';

export const clockDrift = defineCheck({
  id: 'clock-drift',
  title: 'Clock',
  about: 'How far the clock is off. A wrong clock breaks certificates, sign-ins and logs.',
  /** Device minus backend, rounded to 5 seconds: below that the network decides, not the clock. */
  value: z.strictObject({ offsetSeconds: z.int().multipleOf(5) }),
});
