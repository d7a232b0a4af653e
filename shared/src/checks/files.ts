import { z } from 'zod';
import { humanLine } from '../text.ts';
import { defineCheck } from './define.ts';

export const files = defineCheck({
  id: 'files',
  title: 'Files that must be there',
  about:
    'Presence, hash and signer of the files that a policy names, where everybody on the machine may read them. Homes and private files are left alone, and what is in a file is never sent.',
  targets: 'paths',
  fix: { default: { text: 'Install the program whose file is missing or changed again, or ask an admin.' } },
  value: z.strictObject({
    files: z
      .array(
        z.strictObject({
          /** As the policy names it. */
          path: humanLine({ max: 512 }),
          state: z.enum(['present', 'absent', 'not-readable', 'not-a-file', 'too-large']),
          /** Hexadecimal, of the whole file. */
          sha256: z
            .string()
            .regex(/^[0-9a-f]{64}$/)
            .nullable(),
          signature: z.enum(['valid', 'invalid', 'none', 'unknown']),
          /** macOS: the team of the signature (`EQHXZ8M8AV`); Windows: the subject of its certificate. Null unless valid. */
          signer: humanLine({ max: 256 }).nullable(),
        }),
      )
      .max(64),
  }),
  isWorse(before, now) {
    const presentBefore = new Map(before.files.map((file) => [file.path, file]));
    return now.files.some((file) => {
      const then = presentBefore.get(file.path);
      if (then === undefined) return false;
      return (
        (then.state === 'present' && file.state !== 'present') ||
        (then.signature === 'valid' && file.signature !== 'valid')
      );
    });
  },
});
