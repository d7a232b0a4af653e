import { z } from 'zod';
import {
  readerRoles,
  pageQuerySchema,
  pageSchema,
  policyVersionSchema,
  publishPolicySchema,
} from '@postern/shared/protocol/admin';
import { sha256 } from '@postern/shared/digest';
import { Fault } from '@postern/shared/protocol/errors';
import { policyContentSchema, policyDryRunSchema } from '@postern/shared/protocol/policy';
import { toTimestamp } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { asPerson } from '../http/caller.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { readAdmins } from '../identity/index.ts';
import type { Database } from '../storage/database.ts';
import type { Store } from '../storage/store.ts';
import { needsApproval, publishAlone } from './drafts/direct.ts';
import { aloneErrors, draftRoutes, maxDocumentBytes } from './drafts/routes.ts';
import { tryPolicy } from './publish.ts';
import { readStoredPolicy } from './read-document.ts';

type PolicyDeps = Pick<Deps, 'store' | 'random' | 'config'>;
type PolicyVersion = z.input<typeof policyVersionSchema>;

const page = pageSchema(policyVersionSchema);

export function policyRoutes(deps: PolicyDeps): AnyRoute[] {
  return [publish(deps), listCurrent(deps), listVersions(deps), showContent(deps), ...draftRoutes(deps)];
}

function publish(deps: PolicyDeps): AnyRoute {
  const { store } = deps;
  return defineRoute({
    method: 'POST',
    path: '/v1/admin/policies',
    summary: 'Publish a policy document as the only admin there is, or only try it (dryRun); otherwise make a draft',
    audience: 'person',
    roles: ['admin'],
    rate: 'admin',
    body: { type: 'json', schema: publishPolicySchema, maxBytes: maxDocumentBytes },
    replies: { 200: policyDryRunSchema, 201: policyVersionSchema },
    errors: ['policy_invalid', 'policy_unchanged', 'second_approval_required', ...aloneErrors],
    async handle({ body: { document, dryRun, stepUp }, caller, now }) {
      const person = asPerson(caller);
      if (dryRun) {
        const trial = await tryPolicy(store, document);
        return { status: 200, body: { ...trial, needsApproval: needsApproval(await readAdmins(store)) } };
      }
      const row = await publishAlone(deps, document, { ...person, stepUp }, now);
      const { name } = person;
      return { status: 201, body: present({ ...row, publisher: name, drafter: name, approver: name }) };
    },
  });
}

function listCurrent({ store }: PolicyDeps): AnyRoute {
  return defineRoute({
    method: 'GET',
    path: '/v1/admin/policies',
    summary: 'The policies in force, by name',
    audience: 'person',
    roles: readerRoles,
    rate: 'admin',
    query: pageQuerySchema,
    replies: { 200: page },
    errors: [],
    async handle({ query: { limit, after } }) {
      const rows = await versions(store)
        .where('policies.current', '=', 1)
        .where('policies.name', '>', after ?? '')
        .orderBy('policies.name')
        .limit(limit + 1)
        .execute();
      return { status: 200, body: toPage(rows, limit, ({ name }) => name) };
    },
  });
}

function listVersions({ store }: PolicyDeps): AnyRoute {
  return defineRoute({
    method: 'GET',
    path: '/v1/admin/policies/{name}/versions',
    summary: 'All versions of a policy, newest first',
    audience: 'person',
    roles: readerRoles,
    rate: 'admin',
    params: z.strictObject({ name: z.string().max(64) }),
    query: pageQuerySchema.extend({ after: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional() }),
    replies: { 200: page },
    errors: ['policy_version_unknown'],
    async handle({ params: { name }, query: { limit, after } }) {
      const rows = await versions(store)
        .where('policies.name', '=', name)
        .where('policies.version', '<', after ?? Number.MAX_SAFE_INTEGER)
        .orderBy('policies.version', 'desc')
        .limit(limit + 1)
        .execute();
      if (rows.length === 0 && after === undefined) throw new Fault('policy_version_unknown');
      return { status: 200, body: toPage(rows, limit, ({ version }) => String(version)) };
    },
  });
}

function showContent({ store }: PolicyDeps): AnyRoute {
  return defineRoute({
    method: 'GET',
    path: '/v1/admin/policies/{name}/versions/{version}',
    summary: 'What a version of a policy says, rule by rule, with what it leaves out filled in',
    audience: 'person',
    roles: readerRoles,
    rate: 'admin',
    params: z.strictObject({
      name: z.string().max(64),
      version: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
    }),
    replies: { 200: policyContentSchema },
    errors: ['policy_version_unknown'],
    async handle({ params: { name, version } }) {
      const row = await store.read
        .selectFrom('policies')
        .select('document')
        .where('name', '=', name)
        .where('version', '=', version)
        .executeTakeFirst();
      if (row === undefined) throw new Fault('policy_version_unknown');
      return { status: 200, body: { name, version, content: contentOf(row.document) } };
    },
  });
}

function contentOf(text: string) {
  try {
    return readStoredPolicy(text);
  } catch (error) {
    if (error instanceof Fault) return null;
    throw error;
  }
}

function versions({ read }: Pick<Store, 'read'>) {
  return read
    .selectFrom('policies')
    .leftJoin('users as publisher', 'publisher.id', 'policies.published_by')
    .leftJoin('users as drafter', 'drafter.id', 'policies.drafted_by')
    .leftJoin('users as approver', 'approver.id', 'policies.approved_by')
    .selectAll('policies')
    .select(['publisher.name as publisher', 'drafter.name as drafter', 'approver.name as approver']);
}

/** With the names of people; null where it was nobody. */
type Row = Database['policies'] & Record<'publisher' | 'drafter' | 'approver', string | null>;

function toPage(rows: readonly Row[], limit: number, cursorOf: (row: Row) => string) {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(present), next: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}

function present(row: Row): PolicyVersion {
  return {
    name: row.name,
    version: row.version,
    title: row.title,
    publishedAt: toTimestamp(row.published_at),
    publishedBy: row.publisher ?? row.published_by,
    draftedBy: row.drafter ?? row.drafted_by,
    approvedBy: row.approver ?? row.approved_by,
    note: row.note,
    enforcement: row.enforcement === 'report-only' ? 'report-only' : 'enforce',
    current: row.current === 1,
    document: row.document,
    documentHash: sha256(row.document),
  };
}
