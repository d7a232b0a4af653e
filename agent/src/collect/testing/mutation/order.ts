import { isDeepStrictEqual } from 'node:util';

/** What is better about a value than about the truth, in words; empty where nothing is. */
export type Better<Value> = (truth: Value, value: Value) => readonly (string | false)[];

/** Neither left out nor the same: what cannot be ordered is then wrong. */
export function isOther(truth: unknown, value: unknown): boolean {
  return value !== null && value !== undefined && !isDeepStrictEqual(truth, value);
}

/** Numbers in versions compare as numbers; the rest as text. */
export function isNewer(truth: string | null, value: string | null): boolean {
  if (value === null || truth === value) return false;
  if (truth === null) return true;
  const [old, now] = [truth.split(/[.+~^_-]/), value.split(/[.+~^_-]/)];
  for (let at = 0; at < Math.max(old.length, now.length); at += 1) {
    const [one, other] = [old[at] ?? '', now[at] ?? ''];
    if (one === other) continue;
    const numbers = /^\d+$/.test(one) && /^\d+$/.test(other);
    return numbers ? Number(other) > Number(one) : other > one;
  }
  return false;
}

/** Yes, where the truth is no or not known. */
export function isYesAtOnce(truth: boolean | null | undefined, value: boolean | null | undefined): boolean {
  return value === true && truth !== true;
}

/** No, where the truth is yes or not known. */
export function isNoAtOnce(truth: boolean | null | undefined, value: boolean | null | undefined): boolean {
  return value === false && truth !== false;
}
