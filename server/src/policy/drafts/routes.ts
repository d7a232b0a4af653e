import { z } from 'zod';
import { idSchema } from '@postern/shared/ids';
import { readerRoles, pageQuerySchema, pageSchema } from '@postern/shared/protocol/admin';
import type { ErrorCode } from '@postern/shared/protocol/errors';
import {
  newPolicyDraftSchema,
  policyDraftApprovalSchema,
  policyDraftDiscardSchema,
  policyDraftEditSchema,
  policyDraftSchema,
  policyDraftStates,
  policyDraftSubmissionSchema,
  policyDraftSummarySchema,
  policyRetirementSchema,
  policyRollbackSchema,
} from '@postern/shared/protocol/policy-draft';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import { asPerson, type Caller } from '../../http/caller.ts';
import { type AnyRoute, defineRoute } from '../../http/route.ts';
import { approveDraft } from './approve.ts';
import { retire, rollBack } from './propose.ts';
import { listDrafts, viewDraft } from './view.ts';
import { changeDraft, createDraft } from './write.ts';

type DraftDeps = Pick<Deps, 'store' | 'random' | 'config'>;

const params = z.strictObject({ id: idSchema('policyDraft') });
const policyParams = z.strictObject({ name: z.string().max(64) });
const reading = { audience: 'person', roles: readerRoles, rate: 'admin' } as const;
const writing = { audience: 'person', roles: ['admin'], rate: 'admin' } as const;
const one = { replies: { 200: policyDraftSchema } } as const;
const changeErrors = ['not_found', 'conflict', 'policy_draft_state'] as const satisfies ErrorCode[];
const unfitErrors = ['policy_draft_outdated', 'policy_invalid', 'policy_unchanged'] as const satisfies ErrorCode[];
/** What the only admin may be told, who shows who they are in place of another one's approval. */
export const aloneErrors = [
  'step_up_required',
  'step_up_invalid',
  'step_up_locked',
  'conflict',
] as const satisfies ErrorCode[];
const proposalErrors = [
  ...unfitErrors,
  'policy_version_unknown',
  'policy_drafts_too_many',
  'second_approval_required',
  ...aloneErrors,
] as const satisfies ErrorCode[];

/** The longest document, in UTF-8 and escaped as JSON. */
export const maxDocumentBytes = 256 * 1024;

/** Drafts, from the first word to their approval. */
export function draftRoutes(deps: DraftDeps): AnyRoute[] {
  const { store } = deps;
  const shown = async (id: string, caller: Caller, now: Instant) => ({
    status: 200,
    body: await viewDraft(store, id, asPerson(caller), now),
  });
  const made = async (id: string, caller: Caller, now: Instant) => ({
    ...(await shown(id, caller, now)),
    status: 201,
    headers: { location: `/v1/admin/policy-drafts/${id}` },
  });

  return [
    defineRoute({
      ...reading,
      method: 'GET',
      path: '/v1/admin/policy-drafts',
      summary: 'Drafts of policies, newest first',
      query: pageQuerySchema.extend({
        after: idSchema('policyDraft').optional(),
        state: z.enum(policyDraftStates).optional(),
      }),
      replies: { 200: pageSchema(policyDraftSummarySchema) },
      errors: [],
      async handle({ query: { state, after, limit } }) {
        const items = await listDrafts(store, { state, before: after, limit });
        return { status: 200, body: { items, next: items.length === limit ? (items.at(-1)?.id ?? null) : null } };
      },
    }),
    defineRoute({
      ...writing,
      method: 'POST',
      path: '/v1/admin/policy-drafts',
      summary: 'Save a policy document as a draft; it may have faults until it is submitted',
      body: { type: 'json', schema: newPolicyDraftSchema, maxBytes: maxDocumentBytes },
      replies: { 201: policyDraftSchema },
      errors: ['policy_drafts_too_many'],
      async handle({ body: { document, note = null }, caller, now }) {
        return made(await createDraft(deps, { document, note, by: asPerson(caller).id }, now), caller, now);
      },
    }),
    defineRoute({
      ...reading,
      ...one,
      method: 'GET',
      path: '/v1/admin/policy-drafts/{id}',
      summary: 'One draft, with what it is compared with and whether you may approve it',
      params,
      errors: ['not_found'],
      handle: ({ params: { id }, caller, now }) => shown(id, caller, now),
    }),
    defineRoute({
      ...writing,
      ...one,
      method: 'PUT',
      path: '/v1/admin/policy-drafts/{id}',
      summary: 'Edit a draft: takes a submission back, and makes you one of those who cannot approve it',
      params,
      body: { type: 'json', schema: policyDraftEditSchema, maxBytes: maxDocumentBytes },
      errors: changeErrors,
      async handle({ params: { id }, body: { note = null, ...edit }, caller, now }) {
        await changeDraft(deps, { ...edit, kind: 'edit', note, id, by: asPerson(caller).id }, now);
        return shown(id, caller, now);
      },
    }),
    defineRoute({
      ...writing,
      ...one,
      method: 'POST',
      path: '/v1/admin/policy-drafts/{id}/submit',
      summary: 'Submit a draft for approval',
      params,
      body: { type: 'json', schema: policyDraftSubmissionSchema },
      errors: [...changeErrors, ...unfitErrors],
      async handle({ params: { id }, body: { version }, caller, now }) {
        await changeDraft(deps, { kind: 'submit', id, version, by: asPerson(caller).id }, now);
        return shown(id, caller, now);
      },
    }),
    defineRoute({
      ...writing,
      ...one,
      method: 'POST',
      path: '/v1/admin/policy-drafts/{id}/approve',
      summary: 'Approve exactly the text you read, which puts it into force; never one that you wrote any of',
      params,
      body: { type: 'json', schema: policyDraftApprovalSchema },
      errors: [...changeErrors, ...unfitErrors, ...aloneErrors, 'second_approval_required'],
      async handle({ params: { id }, body: { stepUp, ...body }, caller, now }) {
        await approveDraft(deps, { ...body, id, caller: { ...asPerson(caller), stepUp } }, now);
        return shown(id, caller, now);
      },
    }),
    defineRoute({
      ...writing,
      ...one,
      method: 'POST',
      path: '/v1/admin/policy-drafts/{id}/discard',
      summary: 'Discard a draft, your own or one that you do not approve',
      params,
      body: { type: 'json', schema: policyDraftDiscardSchema },
      errors: changeErrors,
      async handle({ params: { id }, body, caller, now }) {
        await changeDraft(deps, { ...body, kind: 'discard', id, by: asPerson(caller).id }, now);
        return shown(id, caller, now);
      },
    }),
    defineRoute({
      ...writing,
      method: 'POST',
      path: '/v1/admin/policies/{name}/rollback',
      summary: 'Submit the document of an earlier version for approval; for the only admin it is in force at once',
      params: policyParams,
      body: { type: 'json', schema: policyRollbackSchema },
      replies: { 201: policyDraftSchema },
      errors: proposalErrors,
      async handle({ params: { name }, body: { stepUp, ...body }, caller, now }) {
        return made(await rollBack(deps, { name, ...body }, { ...asPerson(caller), stepUp }, now), caller, now);
      },
    }),
    defineRoute({
      ...writing,
      method: 'POST',
      path: '/v1/admin/policies/{name}/retire',
      summary: 'Submit for approval that a policy be taken out of force; for the only admin it is at once',
      params: policyParams,
      body: { type: 'json', schema: policyRetirementSchema },
      replies: { 201: policyDraftSchema },
      errors: proposalErrors,
      async handle({ params: { name }, body: { reason, stepUp }, caller, now }) {
        return made(await retire(deps, { name, reason }, { ...asPerson(caller), stepUp }, now), caller, now);
      },
    }),
  ];
}
