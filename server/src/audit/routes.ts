import { z } from 'zod';
import { auditEntrySchema, pageQuerySchema, pageSchema } from '@postern/shared/protocol/admin';
import { auditCheckpointSchema, auditKeySchema, auditProofSchema } from '@postern/shared/protocol/audit';
import { Fault } from '@postern/shared/protocol/errors';
import { fromTimestamp, timestampSchema, toTimestamp } from '@postern/shared/time';
import { asPerson } from '../http/caller.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { latestCheckpoint } from './checkpoints/checkpointer.ts';
import { readLogKey } from './checkpoints/log-key.ts';
import { eraseRoutes } from './erase/routes.ts';
import { auditEventTypes } from './event.ts';
import { exportLog, sayFilter } from './export-log.ts';
import { formatNames } from './export/formats.ts';
import { withNames } from './names.ts';
import { proveEntry } from './prove-entry.ts';
import { entryParams, numberForm } from './route-parts.ts';
import { readAuditPage } from './search/page.ts';
import { type AuditDeps, stateOf } from './shared-state.ts';
import { entries, view } from './stored-entry.ts';

const time = timestampSchema.transform(fromTimestamp).optional();
const after = z.string().regex(numberForm, 'must be what `next` of the page before said').optional();
const id = z.string().min(1).max(128).optional();
const filter = {
  type: z.enum(auditEventTypes).optional(),
  types: z
    .string()
    .max(4000)
    .meta({ description: 'Any of these types, with commas between them', example: 'policy.published,policy.retired' })
    .transform((names) => names.split(','))
    .pipe(z.array(z.enum(auditEventTypes)))
    .optional(),
  from: time,
  to: time,
  subject: id,
  actor: id,
  about: id.meta({ description: 'Id of the actor or the subject' }),
  outcome: z.enum(['success', 'failure']).optional(),
};

/** A page may hold fewer than `limit` and still name a next one: what is rare is looked for bit by bit. */
const query = pageQuerySchema.extend({
  ...filter,
  /** What `next` of the page before said. */
  after,
});
const exportQuery = z.strictObject({
  ...filter,
  format: z.enum(formatNames).default('jsonl'),
  /** Also what people wrote. */
  text: z.enum(['yes', 'no']).default('no'),
});
const checkpointQuery = pageQuerySchema.extend({ after });

const keepers = ['admin', 'auditor'] as const;
const refusals = ['not_signed_in', 'not_allowed', 'malformed_request'] as const;
const plainText = 'text/plain; charset=utf-8';

export function auditRoutes(deps: AuditDeps): AnyRoute[] {
  const { store, config } = deps;
  const { checkpointer, reads } = stateOf(deps);
  return [
    defineRoute({
      method: 'GET',
      path: '/v1/admin/audit',
      summary: 'Audit entries, newest first. That they were read is recorded',
      audience: 'person',
      roles: keepers,
      rate: 'admin',
      query,
      replies: { 200: pageSchema(auditEntrySchema) },
      errors: refusals,
      async handle({ query: { limit, after, ...wanted }, caller, now }) {
        const before = after === undefined ? undefined : Number(after);
        const page = await readAuditPage(store.read, wanted, { before, limit });
        // What was typed and found nothing may be anything, e.g. a name: that does not go into the log for good.
        const typed = { subject: undefined, actor: undefined, about: undefined };
        const said = page.items.length > 0 ? wanted : { ...wanted, ...typed };
        const look = { personId: asPerson(caller).id, what: 'page', filter: sayFilter(said) } as const;
        const audit = reads.record(look, page.items.length, now);
        if (audit.length > 0) await store.commit({ changes: [], audit });
        return { status: 200, body: { ...page, items: await withNames(store.read, page.items) } };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/admin/audit/export',
      summary:
        'The audit, oldest first, as OCSF, CEF, RFC 5424, CSV or JSON Lines. All of it as JSON Lines can be verified offline. Recorded',
      audience: 'person',
      roles: keepers,
      rate: 'admin',
      query: exportQuery,
      replies: { 200: null },
      errors: refusals,
      async handle({ query: { format, text, ...wanted }, caller, now }) {
        const actor = { kind: 'person', id: asPerson(caller).id } as const;
        const made = await exportLog(deps, { format, filter: wanted, withText: text === 'yes' }, actor, now);
        const disposition = `attachment; filename="${made.fileName}"`;
        return {
          status: 200,
          headers: {
            'content-type': made.mediaType,
            'content-disposition': disposition,
            // For who shows how far it is: of a stream nobody knows the length.
            'postern-entries': String(made.entries),
          },
          stream: inPieces(made.lines),
        };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/admin/audit/checkpoints',
      summary: 'Signed checkpoints of the audit, newest first',
      audience: 'person',
      roles: keepers,
      rate: 'admin',
      query: checkpointQuery,
      replies: { 200: pageSchema(auditCheckpointSchema) },
      errors: refusals,
      async handle({ query: { limit, after: before } }) {
        let found = store.read
          .selectFrom('audit_checkpoints')
          .selectAll()
          .orderBy('size', 'desc')
          .limit(limit + 1);
        if (before !== undefined) found = found.where('size', '<', Number(before));
        const rows = await found.execute();
        const items = rows
          .slice(0, limit)
          .map(({ size, root, note, at }) => ({ size, root, note, at: toTimestamp(at) }));
        return { status: 200, body: { items, next: rows.length > limit ? String(items.at(-1)?.size) : null } };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/admin/audit/checkpoints/latest',
      summary: 'The latest checkpoint, as a signed note (C2SP tlog-checkpoint): keep it elsewhere',
      audience: 'person',
      roles: keepers,
      rate: 'admin',
      replies: { 200: null },
      errors: [...refusals, 'not_found'],
      async handle() {
        const latest = await latestCheckpoint(store);
        if (latest === undefined) throw new Fault('not_found');
        return { status: 200, body: latest.note, headers: { 'content-type': plainText } };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/admin/audit/{seq}',
      summary: 'One entry. That it was read is recorded',
      audience: 'person',
      roles: keepers,
      rate: 'admin',
      params: entryParams,
      replies: { 200: auditEntrySchema },
      errors: [...refusals, 'not_found'],
      async handle({ params: { seq }, caller, now }) {
        const row = await entries(store.read).where('audit.seq', '=', seq).executeTakeFirst();
        const [entry] = row === undefined ? [] : await withNames(store.read, [view(row)]);
        if (entry === undefined) throw new Fault('not_found');
        const audit = reads.record({ personId: asPerson(caller).id, what: 'entry', filter: { seq } }, 1, now);
        if (audit.length > 0) await store.commit({ changes: [], audit });
        return { status: 200, body: entry };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/admin/audit/{seq}/proof',
      summary: 'The proof that an entry is under the latest checkpoint (RFC 6962). Recorded',
      audience: 'person',
      roles: keepers,
      rate: 'admin',
      params: entryParams,
      replies: { 200: auditProofSchema },
      errors: [...refusals, 'not_found'],
      async handle({ params: { seq }, caller, now }) {
        const proof = await proveEntry(store, checkpointer, seq);
        const audit = reads.record({ personId: asPerson(caller).id, what: 'proof', filter: {} }, 1, now);
        if (audit.length > 0) await store.commit({ changes: [], audit });
        return { status: 200, body: proof };
      },
    }),
    ...eraseRoutes(deps),
    defineRoute({
      method: 'GET',
      path: '/v1/audit/key',
      summary: 'The key that checkpoints of the audit are checked with (C2SP signed-note)',
      audience: 'open',
      rate: 'discovery',
      replies: { 200: auditKeySchema },
      errors: [],
      async handle() {
        const key = await readLogKey(store.read, config);
        return { status: 200, body: { key: key.vkey, origin: key.name, chain: key.chainId } };
      },
    }),
  ];
}

/** Lines are short, and each piece is a write of its own. */
async function* inPieces(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let piece = '';
  for await (const line of lines) {
    piece += line;
    if (piece.length < 65_536) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}
