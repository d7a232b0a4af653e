import { z } from 'zod';
import { auditEntrySchema, pageQuerySchema, pageSchema } from '@postern/shared/protocol/admin';
import type { Deps } from '../deps.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { auditEventTypes } from './event.ts';
import { readAuditPage } from './read.ts';

const query = pageQuerySchema.extend({
  /** Sequence number of the last entry of the page before. */
  after: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'must be what `next` of the page before said')
    .optional(),
  type: z.enum(auditEventTypes).optional(),
  subject: z.string().min(1).max(128).optional(),
  actor: z.string().min(1).max(128).optional(),
});

export function auditRoutes({ store }: Pick<Deps, 'store'>): AnyRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/v1/admin/audit',
      summary: 'Audit entries, newest first',
      audience: 'person',
      roles: ['admin', 'auditor'],
      rate: 'admin',
      query,
      replies: { 200: pageSchema(auditEntrySchema) },
      errors: ['not_signed_in', 'not_allowed', 'malformed_request'],
      async handle({ query: { limit, after, ...filter } }) {
        const before = after === undefined ? undefined : Number(after);
        return { status: 200, body: await readAuditPage(store.read, filter, { before, limit }) };
      },
    }),
  ];
}
