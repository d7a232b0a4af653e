import { type RawBuilder, sql } from 'kysely';

const outsideAscii = /\P{ASCII}/gu;
const atBeginOfWord = /(?<=^|[^\p{L}\p{M}\p{N}])\P{ASCII}/gu;

/**
 * Whether a column holds a text somewhere, whatever the case; what LIKE takes for a pattern is itself.
 *
 * Databases know small and capital letters of ASCII only, or as somebody set them up. Of other letters, all may be small, or
 * capital, or capital at the beginning of a word: so are names.
 */
export function isLike(column: string, text: string): RawBuilder<boolean> {
  const either = spellings(text).map(
    (each) => sql<boolean>`lower(${sql.ref(column)}) like ${holding(each)} escape '\\'`,
  );
  return either.length === 1 && either[0] !== undefined ? either[0] : sql<boolean>`(${sql.join(either, sql` or `)})`;
}

/** A pattern for what holds this text to the letter. Its escape is a backslash. */
export const holding = (text: string) => `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;

/** How a text may be written where a database has made the letters of ASCII small. */
export function spellings(text: string): string[] {
  const small = text.toLowerCase();
  const capital = (pattern: RegExp) => small.replaceAll(pattern, (letter) => letter.toUpperCase());
  return [...new Set([small, capital(atBeginOfWord), capital(outsideAscii)])];
}
