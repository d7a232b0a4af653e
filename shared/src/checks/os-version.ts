import { z } from 'zod';
import { humanLine } from '../text.ts';
import { defineCheck, platforms } from './define.ts';

export const osVersion = defineCheck({
  id: 'os-version',
  title: 'Operating system',
  about: 'Which system and which build runs here, and until when its maker supports it.',
  value: z.strictObject({
    platform: z.enum(platforms),
    /** `debian`, `ubuntu`, `macos`, `windows`. */
    id: humanLine({ max: 64 }),
    /** As its maker writes it: `Debian GNU/Linux 12 (bookworm)`, `Windows 11 Pro`. */
    name: humanLine({ max: 128 }),
    /** `12`, `15.1`, `10.0.22631`. Null on rolling distributions. */
    version: humanLine({ max: 64 }).nullable(),
    /** `24B83`, `22631.4317`; on Linux the kernel release. */
    build: humanLine({ max: 128 }),
    /** Last day of support, where the system itself says so (SUPPORT_END in os-release). */
    supportEndsOn: z.iso.date().nullable(),
  }),
});
