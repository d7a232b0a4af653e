import { parseDuration } from '@postern/shared/time';

/** The length of a duration that the document's schema has let through. YAML reads a bare `0` as a number. */
export function milliseconds(duration: string | 0): number {
  const length = parseDuration(String(duration));
  if (length === undefined) throw new TypeError('not a duration');
  return length;
}
