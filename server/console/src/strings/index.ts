import { en } from './en/index.ts';

/** The catalogue of one language. Another one has the same shape: adding it is adding a folder beside `en`. */
export type Catalogue = typeof en;

/** Everything that the console says. Nothing that a person reads stands anywhere else (a test looks). */
export const t: Catalogue = en;

/** For dates and numbers. */
export const locale = 'en-GB';
