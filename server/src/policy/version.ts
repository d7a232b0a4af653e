import { compareVersions } from 'compare-versions';

const leadingNumbers = /^\d{1,9}(?:[.-]\d{1,9}){0,11}/;
/** compare-versions reads at most this many numbers at a time. */
const chunk = 4;

/**
 * Whether a version is at least another one, number by number, the build and the patch level included:
 * `10.0.26100.2314` is at least `10.0.26100`, and `6.8.0-45-generic` is not at least `6.8.0-50`. Numbers that are
 * missing count as 0; words at the end (`-amd64`, `.fc41`, `-rc1`) do not count.
 *
 * Throws a TypeError for what is not such a version, e.g. an Apple build (`24B83`): that is unknown, not a failure.
 */
export function versionAtLeast(version: string, least: string): boolean {
  const left = numbersOf(version);
  const right = numbersOf(least);
  for (let from = 0; from < Math.max(left.length, right.length); from += chunk) {
    const order = compareVersions(partOf(left, from), partOf(right, from));
    if (order !== 0) return order > 0;
  }
  return true;
}

function numbersOf(version: string): string[] {
  const numbers = leadingNumbers.exec(version)?.[0];
  // In `24B83` the letter counts; in `6.8.0-45-generic` a sign sets the words off, and they do not.
  if (numbers === undefined || /^[\da-z]/i.test(version.slice(numbers.length)))
    throw new TypeError('not a version made of numbers');
  return numbers.split(/[.-]/);
}

function partOf(numbers: readonly string[], from: number): string {
  return Array.from({ length: chunk }, (_, index) => numbers[from + index] ?? '0').join('.');
}
