import type { Random } from '../random.ts';

/** RFC 8628 section 6.1: consonants only, so that no word appears by accident. 20^8 codes, 34 bits. */
const alphabet = 'BCDFGHJKLMNPQRSTVWXZ';
const half = 4;
const code = new RegExp(`^[${alphabet}]{${2 * half}}$`);

/** A code like `WDJB-MJHT`, to be read from one screen and typed at another. */
export function makeUserCode(random: Pick<Random, 'integer'>): string {
  const letters = (count: number) =>
    Array.from({ length: count }, () => alphabet.charAt(random.integer(alphabet.length))).join('');
  return `${letters(half)}-${letters(half)}`;
}

/** What a person typed, as the code is stored: any case, with or without dash and spaces. Undefined when it cannot be one. */
export function readUserCode(typed: string): string | undefined {
  const letters = typed.toUpperCase().replaceAll(/[\s-]/g, '');
  if (!code.test(letters)) return undefined;
  return `${letters.slice(0, half)}-${letters.slice(half)}`;
}
