import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { humanLine } from '../text.ts';
import { timestampSchema } from '../time.ts';

/** The path of a list in the console. */
const screen = z.string().regex(/^(\/[a-z0-9-]{1,32}){1,4}$/, 'must be the path of a list, such as /devices');

/** As in an address, without `?`: names and values, nothing that leads elsewhere. */
const query = z
  .string()
  .max(2000)
  .regex(/^[\w%.~*+&=:,@!$'()/?;-]*$/, 'must be the part of an address behind ?');

/** Filters of a list under a name. */
export const savedViewSchema = z
  .strictObject({
    id: idSchema('savedView'),
    screen: z.string(),
    name: z.string(),
    query: z.string(),
    createdAt: timestampSchema,
  })
  .meta({ id: 'SavedView' });
export type SavedView = z.output<typeof savedViewSchema>;

export const newSavedViewSchema = z
  .strictObject({ screen, name: humanLine({ max: 60 }), query })
  .meta({ id: 'NewSavedView' });
export type NewSavedView = z.output<typeof newSavedViewSchema>;

export const savedViewQuerySchema = z.strictObject({ screen: screen.optional() });
