import { common } from './common.ts';
import { shell } from './shell.ts';

/** English. One file an area, so that each can be found; together they are the catalogue. */
export const en = { common, shell };
