import { z } from 'zod';
import { humanLine } from '../text.ts';
import { defineCheck } from './define.ts';

export const processes = defineCheck({
  id: 'processes',
  title: 'Programs that must run',
  about:
    'Whether the programs run that a policy names. Only those are looked for, by their whole path, and nothing in the homes of people.',
  targets: 'paths',
  fix: { default: { text: 'Start the program that is not running, or ask an admin to install it.' } },
  value: z.strictObject({
    processes: z
      .array(
        z.strictObject({
          /** As the policy names it. */
          path: humanLine({ max: 512 }),
          /** Null where the processes of others cannot be seen. */
          running: z.boolean().nullable(),
        }),
      )
      .max(64),
  }),
  isWorse(before, now) {
    const ranBefore = new Set(before.processes.filter(({ running }) => running === true).map(({ path }) => path));
    return now.processes.some(({ path, running }) => running === false && ranBefore.has(path));
  },
});
