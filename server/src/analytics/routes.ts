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
import { mostRows } from './count.ts';
import { toCsv } from './csv.ts';
import { listFlags } from './flag-list.ts';
import { keptReportsOf } from './kept-reports.ts';
import type { AnalyticsDeps } from './sources.ts';
import { present, presentAll } from './view.ts';

/** As JSON; as CSV all that there are. */
const mostRowsShown = 1000;

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
  const { read } = deps.store;
  const keptReports = keptReportsOf(deps);
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
        const { result } = await keptReports(days).ask(now);
        return { status: 200, body: await presentAll(read, result) };
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
        const { result } = await keptReports(days).ask(now);
        const counted = result.reports.find(({ name }) => name === report);
        if (counted === undefined) throw new Error(`${report} was not counted`);
        const body = await present(read, counted, format === 'csv' ? mostRows : mostRowsShown);
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
        return { status: 200, body: await listFlags(read, { state, after: place, limit }) };
      },
    }),
  ];
}
