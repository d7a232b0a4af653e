/**
 * Everything that the console says. Nothing that a person reads stands anywhere else (a test looks). Another language has the same
 * shape: adding it is adding a folder beside `en` and naming it here. A namespace, so that a screen is sent with its own words only.
 */
export * as t from './en/index.ts';

/** For dates and numbers. */
export const locale = 'en-GB';
