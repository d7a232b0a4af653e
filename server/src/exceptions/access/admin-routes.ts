import { z } from 'zod';
import { accessLogQuerySchema, accessLogSchema } from '@postern/shared/protocol/access';
import { readerRoles, pageSchema } from '@postern/shared/protocol/admin';
import { exceptionSchema } from '@postern/shared/protocol/exception';
import { fromTimestamp, type Instant } from '@postern/shared/time';
import { AuditReads } from '../../audit/index.ts';
import { asPerson } from '../../http/caller.ts';
import { type AnyRoute, defineRoute } from '../../http/route.ts';
import type { Store } from '../../storage/store.ts';
import type { ExceptionRouteDeps } from '../routes/route-parts.ts';
import { listExceptions, listQuerySchema } from '../lists/list.ts';
import { readAccessLog } from './log.ts';
import { accessLogCsv } from './log-csv.ts';

/** What approvers, admins and auditors see of temporary access. */
export function adminAccessRoutes(deps: ExceptionRouteDeps): AnyRoute[] {
  const reads = new AuditReads();
  return [
    defineRoute({
      method: 'GET',
      path: '/v1/admin/access',
      summary: 'Temporary access that is asked for, in force and over, newest first',
      audience: 'person',
      roles: readerRoles,
      rate: 'admin',
      query: listQuerySchema,
      replies: { 200: pageSchema(exceptionSchema) },
      errors: [],
      async handle({ query, now }) {
        return { status: 200, body: await listExceptions(deps, query, { kind: 'access' }, now) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/admin/access/log',
      summary:
        'Who had access to what, when, for how long, and how many tokens they got; newest first, also as CSV. That it was read is recorded',
      audience: 'person',
      roles: readerRoles,
      rate: 'admin',
      query: accessLogQuerySchema,
      replies: { 200: z.union([accessLogSchema, z.string().meta({ description: 'CSV, with format=csv' })]) },
      errors: [],
      async handle({ query, caller, now }) {
        const { from, to, format, ...rest } = query;
        const period = {
          from: from === undefined ? undefined : fromTimestamp(from),
          to: to === undefined ? undefined : fromTimestamp(to),
        };
        const { items, next } = await readAccessLog(deps.store, { ...rest, ...period }, now);
        await recordRead(deps.store, reads, { query, personId: asPerson(caller).id, entries: items.length }, now);
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

/** Whose access somebody looked up is in the audit before they see it: one entry for a person, a filter and a minute. */
async function recordRead(
  store: Pick<Store, 'commit'>,
  reads: AuditReads,
  read: { query: z.output<typeof accessLogQuerySchema>; personId: string; entries: number },
  now: Instant,
): Promise<void> {
  const { format, from, to, person, resource } = read.query;
  // What was typed and found nothing may be anything, e.g. a name: that does not go into the log for good.
  const typed = read.entries > 0 ? { person, resource } : {};
  const said = Object.entries({ format, from, to, ...typed }).filter(
    (each): each is [string, string] => each[1] !== undefined,
  );
  const look = { personId: read.personId, what: 'access-log', filter: Object.fromEntries(said) } as const;
  const audit = reads.record(look, read.entries, now);
  if (audit.length > 0) await store.commit({ changes: [], audit });
}
