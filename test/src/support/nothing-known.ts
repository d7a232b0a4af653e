import type { Known } from './bad-values.ts';

/** Addresses of things that there are not. */
export const nothingKnown: Known = (name, { pattern = '' }) => {
  const prefix = /^\^([a-z]+_)\[/.exec(pattern)?.[1];
  if (prefix !== undefined) return `${prefix}${'0'.repeat(32)}`;
  return name === 'name' || name === 'user_code' ? 'unknown' : undefined;
};
