import { z } from 'zod';

/** How the number of an entry is written in a path or a query. */
export const numberForm = /^[1-9]\d{0,14}$/;

export const entryParams = z.strictObject({
  seq: z
    .string()
    .regex(numberForm, 'must be the number of an entry')
    .meta({ description: 'Number of an entry', example: '1042' })
    .transform(Number),
});
