import type { z } from 'zod';

export type Platform = 'linux' | 'macos' | 'windows';
export const platforms = ['linux', 'macos', 'windows'] as const satisfies readonly Platform[];

/** One thing that is looked at on a device. */
export interface Check<Value = unknown> {
  /** kebab-case; the key of its reading in an attestation and of `check:` in a policy. */
  id: string;
  /** As people call it, e.g. "Disk encryption". */
  title: string;
  /** One sentence: what is read and why it matters. */
  about: string;
  value: z.ZodType<Value>;
  /**
   * Whether a device is worse off now than it was. An exception is given for what was seen at its approval and does
   * not cover anything worse. Without it only the outcome counts, as for values that drift by themselves.
   */
  isWorse?(before: Value, now: Value): boolean;
}

export function defineCheck<Value>(check: Check<Value>): Check<Value> {
  return check;
}
