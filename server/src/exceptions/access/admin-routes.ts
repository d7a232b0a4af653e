import { z } from 'zod';
import { idSchema } from '@postern/shared/ids';
import { accessLogQuerySchema, accessLogSchema } from '@postern/shared/protocol/access';
import { pageQuerySchema, pageSchema } from '@postern/shared/protocol/admin';
import { exceptionSchema, exceptionStates } from '@postern/shared/protocol/exception';
import { fromTimestamp } from '@postern/shared/time';
import { type AnyRoute, defineRoute } from '../../http/route.ts';
import { deciderRoles } from '../decider-roles.ts';
import type { ExceptionRouteDeps } from '../route-parts.ts';
import { viewExceptions } from '../view.ts';
import { readAccessLog } from './log.ts';
import { accessLogCsv } from './log-csv.ts';

const readers = [...deciderRoles, 'auditor'] as const;

/** What approvers, admins and auditors see of temporary access. */
export function adminAccessRoutes(deps: ExceptionRouteDeps): AnyRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/v1/admin/access',
      summary: 'Temporary access that is asked for, in force and over, newest first',
      audience: 'person',
      roles: readers,
      rate: 'admin',
      query: pageQuerySchema.extend({
        after: idSchema('exception').optional(),
        state: z.enum(exceptionStates).optional(),
        person: idSchema('user').optional(),
        device: idSchema('device').optional(),
      }),
      replies: { 200: pageSchema(exceptionSchema) },
      errors: [],
      async handle({ query: { state, person, device, after, limit }, now }) {
        const filter = { kind: 'access', state, personId: person, deviceId: device, before: after, limit } as const;
        const items = await viewExceptions(deps, filter, now);
        return { status: 200, body: { items, next: items.length === limit ? (items.at(-1)?.id ?? null) : null } };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/admin/access/log',
      summary: 'Who had access to what, when, for how long, and how many tokens they got; newest first, also as CSV',
      audience: 'person',
      roles: readers,
      rate: 'admin',
      query: accessLogQuerySchema,
      replies: { 200: z.union([accessLogSchema, z.string().meta({ description: 'CSV, with format=csv' })]) },
      errors: [],
      async handle({ query: { from, to, format, ...query }, now }) {
        const period = {
          from: from === undefined ? undefined : fromTimestamp(from),
          to: to === undefined ? undefined : fromTimestamp(to),
        };
        const items = await readAccessLog(deps.store, { ...query, ...period }, now);
        const next = items.length === query.limit ? (items.at(-1)?.id ?? null) : null;
        if (format === 'json') return { status: 200, body: { items, next } };
        return {
          status: 200,
          headers: {
            'Content-Type': 'text/csv; charset=utf-8',
            'Content-Disposition': 'attachment; filename="access-log.csv"',
            ...(next === null ? {} : { Link: `<?after=${next}>; rel="next"` }),
          },
          body: accessLogCsv(items),
        };
      },
    }),
  ];
}
