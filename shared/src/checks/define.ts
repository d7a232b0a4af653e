import type { z } from 'zod';

export type Platform = 'linux' | 'macos' | 'windows';
export const platforms = ['linux', 'macos', 'windows'] as const satisfies readonly Platform[];

/** What to do when a check does not come out as a rule demands: plain words, and a link that opens the place. */
export interface Fix {
  text: string;
  /** `https:`, or the scheme of a settings pane (`x-apple.systempreferences:`, `ms-settings:`). */
  link?: string;
}

/** One thing that is looked at on a device. */
export interface Check<Value = unknown> {
  /** kebab-case; the key of its reading in an attestation and of `check:` in a policy. */
  id: string;
  /** As people call it, e.g. "Disk encryption". */
  title: string;
  /** One sentence: what is read and why it matters. */
  about: string;
  value: z.ZodType<Value>;
  /** One per system; `default` where they do not differ. A rule of a policy may say something else. */
  fix: Partial<Record<'default' | Platform, Fix>>;
  /** It looks at what a policy names (paths of programs or files), and at nothing else. */
  targets?: 'paths';
  /** It costs or tells more than others, so that no policy of ours asks for it. */
  optIn?: true;
  /**
   * Whether a device is worse off now than it was. An exception is given for what was seen at its approval and does
   * not cover anything worse. Without it only the outcome counts, as for values that drift by themselves.
   */
  isWorse?(before: Value, now: Value): boolean;
}

export function defineCheck<Value>(check: Check<Value>): Check<Value> {
  return check;
}
