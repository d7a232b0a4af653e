import { z } from 'zod';
import { humanLine } from '../text.ts';
import { defineCheck } from './define.ts';

export const screenLock = defineCheck({
  id: 'screen-lock',
  title: 'Screen lock',
  about: 'Whether the screen locks by itself, and how long an unattended machine stays open.',
  value: z.strictObject({
    enabled: z.boolean(),
    /** From the last key press until a password is needed. Null when it never locks. */
    delaySeconds: z.int().min(0).max(1_000_000).nullable(),
    /** `gnome`, `kde`, `xfce`, `sway`, `macos`, `windows`. */
    desktop: humanLine({ max: 32 }),
  }),
  /** It locked before and does not now, or it locks later. */
  isWorse(before, now) {
    if (before.enabled && !now.enabled) return true;
    return before.enabled && (now.delaySeconds ?? Infinity) > (before.delaySeconds ?? Infinity);
  },
});
