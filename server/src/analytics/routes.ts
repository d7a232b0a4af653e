import { z } from 'zod';
import { readerRoles, pageQuerySchema, pageSchema } from '@postern/shared/protocol/admin';
import {
  abuseFlagSchema,
  analyticsQuerySchema,
  analyticsReportSchema,
  analyticsSchema,
  reportNames,
} from '@postern/shared/protocol/analytics';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { toCsv } from './csv.ts';
import { listFlags } from './flag-list.ts';
import type { AnalyticsDeps } from './sources.ts';
import { viewReport, viewReports } from './view.ts';

const mostRows = { json: 1000, csv: 20_000 } as const;

const flagQuery = pageQuerySchema.extend({
  state: z.enum(['open', 'closed']).optional(),
  /** When it was opened, its kind and its subject. */
  after: z
    .string()
    .max(600)
    .regex(/^\d{1,15} [a-z-]{1,64} [^\p{C}]+$/u, 'must be what `next` of the page before said')
    .optional(),
});

/** Endpoints of this capability. */
export function analyticsRoutes(deps: AnalyticsDeps): AnyRoute[] {
  const inTurn = takeTurns();
  return [
    defineRoute({
      method: 'GET',
      path: '/v1/admin/analytics',
      summary: 'How exceptions are used and misused: all reports, each with its first rows',
      audience: 'person',
      roles: readerRoles,
      rate: 'admin',
      query: analyticsQuerySchema,
      replies: { 200: analyticsSchema },
      errors: [],
      async handle({ query: { days }, now }) {
        return { status: 200, body: await inTurn(() => viewReports(deps, days, now)) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/admin/analytics/{report}',
      summary: 'One report, as JSON or as CSV',
      audience: 'person',
      roles: readerRoles,
      rate: 'admin',
      params: z.strictObject({ report: z.enum(reportNames) }),
      query: analyticsQuerySchema.extend({ format: z.enum(['json', 'csv']).default('json') }),
      replies: { 200: z.union([analyticsReportSchema, z.string()]) },
      errors: [],
      async handle({ params: { report }, query: { days, format }, now }) {
        const body = await inTurn(() => viewReport(deps, report, { days, most: mostRows[format] }, now));
        if (format === 'json') return { status: 200, body };
        const headers = {
          'Content-Type': 'text/csv; charset=utf-8',
          'Content-Disposition': `attachment; filename="postern-${report}.csv"`,
        };
        return { status: 200, headers, body: toCsv(body) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/admin/abuse-flags',
      summary: 'What is or was over a threshold, newest first',
      audience: 'person',
      roles: readerRoles,
      rate: 'admin',
      query: flagQuery,
      replies: { 200: pageSchema(abuseFlagSchema) },
      errors: [],
      async handle({ query: { state, after, limit } }) {
        const space = after?.indexOf(' ') ?? 0;
        const place =
          after === undefined ? undefined : { at: Number(after.slice(0, space)), key: after.slice(space + 1) };
        return { status: 200, body: await listFlags(deps.store.read, { state, after: place, limit }) };
      },
    }),
  ];
}

/** One after the other: each holds all that was asked for in a month, and many at once would be too much of it. */
function takeTurns(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}
