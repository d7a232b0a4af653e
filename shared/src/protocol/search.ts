import { z } from 'zod';
import { platforms } from '../checks/define.ts';
import { idSchema } from '../ids.ts';
import { deviceStates } from './enrollment.ts';
import { exceptionKinds, exceptionStates } from './exception.ts';

export const searchQuerySchema = z.strictObject({ q: z.string().trim().min(2).max(120) });

/** What a few letters may mean: the first of each kind. */
export const searchAnswerSchema = z
  .strictObject({
    people: z.array(z.strictObject({ id: idSchema('user'), name: z.string(), email: z.string(), active: z.boolean() })),
    devices: z.array(
      z.strictObject({
        id: idSchema('device'),
        name: z.string(),
        platform: z.enum(platforms),
        state: z.enum(deviceStates),
        owner: z.string(),
      }),
    ),
    exceptions: z.array(
      z.strictObject({
        id: idSchema('exception'),
        kind: z.enum(exceptionKinds),
        state: z.enum(exceptionStates),
        person: z.string(),
        device: z.string(),
      }),
    ),
  })
  .meta({ id: 'SearchAnswer' });
export type SearchAnswer = z.output<typeof searchAnswerSchema>;
