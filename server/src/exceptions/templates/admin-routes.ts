import { idSchema } from '@postern/shared/ids';
import { deciderRoles, readerRoles, pageQuerySchema, pageSchema } from '@postern/shared/protocol/admin';
import { Fault } from '@postern/shared/protocol/errors';
import {
  incidentChangeSchema,
  incidentSchema,
  newTemplateProposalSchema,
  newTemplateTrialSchema,
  templateProposalDiscardSchema,
  templateProposalSchema,
  templateProposalStates,
  templateTrialSchema,
  templateVersionSchema,
} from '@postern/shared/protocol/template';
import { z } from 'zod';
import { proofSchema } from '@postern/shared/protocol/step-up';
import type { Deps } from '../../deps.ts';
import { asPerson } from '../../http/caller.ts';
import { type AnyRoute, defineRoute } from '../../http/route.ts';
import { changeIncident, readIncident } from './incident.ts';
import { approveProposal, discardProposal, proposeTemplate, tryTemplate } from './proposals.ts';
import { viewProposals, viewTemplateVersions } from './view.ts';

type TemplateDeps = Pick<Deps, 'store' | 'random' | 'config'>;

/** A document in UTF-8, escaped as JSON. */
const maxDocumentBytes = 256 * 1024;

const reading = { audience: 'person', roles: readerRoles, rate: 'admin' } as const;
const writing = { audience: 'person', roles: ['admin'], rate: 'admin' } as const;
const params = z.strictObject({ id: idSchema('templateProposal') });
const list = z.strictObject({ items: z.array(templateVersionSchema) });

/** What admins do with templates, and what others of the office see of it. */
export function templateAdminRoutes(deps: TemplateDeps): AnyRoute[] {
  return [...proposalRoutes(deps), ...versionRoutes(deps), ...incidentRoutes(deps)];
}

function proposalRoutes(deps: TemplateDeps): AnyRoute[] {
  const { store } = deps;
  const shown = async (id: string, status: 200 | 201 = 200) => {
    const [body] = await viewProposals(store, { id, limit: 1 });
    if (body === undefined) throw new Fault('not_found');
    return { status, body };
  };
  return [
    defineRoute({
      ...reading,
      method: 'GET',
      path: '/v1/admin/templates/proposals',
      summary: 'Proposals of templates, newest first',
      query: pageQuerySchema.extend({
        after: idSchema('templateProposal').optional(),
        state: z.enum(templateProposalStates).optional(),
      }),
      replies: { 200: pageSchema(templateProposalSchema) },
      errors: [],
      async handle({ query: { state, after, limit } }) {
        const items = await viewProposals(store, { state, before: after, limit });
        return { status: 200, body: { items, next: items.length === limit ? (items.at(-1)?.id ?? null) : null } };
      },
    }),
    defineRoute({
      ...writing,
      method: 'POST',
      path: '/v1/admin/templates/trials',
      summary: 'Find out what is wrong with a template, or what it would be, without proposing it',
      body: { type: 'json', schema: newTemplateTrialSchema, maxBytes: maxDocumentBytes },
      replies: { 200: templateTrialSchema },
      errors: ['template_invalid'],
      async handle({ body: { document } }) {
        return { status: 200, body: await tryTemplate(store, document) };
      },
    }),
    defineRoute({
      ...writing,
      method: 'POST',
      path: '/v1/admin/templates/proposals',
      summary: 'Propose a template, or that one be taken out of force; another admin has to approve it',
      body: { type: 'json', schema: newTemplateProposalSchema, maxBytes: maxDocumentBytes },
      replies: { 201: templateProposalSchema },
      errors: ['template_invalid', 'template_unchanged', 'template_unknown', 'policy_drafts_too_many'],
      async handle({ body, caller, now }) {
        return shown(await proposeTemplate(deps, body, asPerson(caller).id, now), 201);
      },
    }),
    defineRoute({
      ...reading,
      method: 'GET',
      path: '/v1/admin/templates/proposals/{id}',
      summary: 'One proposal',
      params,
      replies: { 200: templateProposalSchema },
      errors: ['not_found'],
      handle: ({ params: { id } }) => shown(id),
    }),
    defineRoute({
      ...writing,
      method: 'POST',
      path: '/v1/admin/templates/proposals/{id}/approve',
      summary: 'Approve a proposal, which puts it into force; never your own, unless you are the only admin',
      params,
      body: { type: 'json', schema: proofSchema },
      replies: { 200: templateProposalSchema },
      errors: [
        'not_found',
        'template_state',
        'template_invalid',
        'conflict',
        'second_approval_required',
        'step_up_required',
        'step_up_invalid',
        'step_up_locked',
      ],
      async handle({ params: { id }, body: { stepUp: answer }, caller, now }) {
        await approveProposal(deps, id, { by: asPerson(caller), answer }, now);
        return shown(id);
      },
    }),
    defineRoute({
      ...writing,
      method: 'POST',
      path: '/v1/admin/templates/proposals/{id}/discard',
      summary: 'Discard a proposal, your own or one that you do not approve',
      params,
      body: { type: 'json', schema: templateProposalDiscardSchema },
      replies: { 200: templateProposalSchema },
      errors: ['not_found', 'template_state', 'conflict'],
      async handle({ params: { id }, body: { reason }, caller, now }) {
        await discardProposal(deps, id, asPerson(caller).id, reason, now);
        return shown(id);
      },
    }),
  ];
}

function versionRoutes({ store }: TemplateDeps): AnyRoute[] {
  return [
    defineRoute({
      ...reading,
      method: 'GET',
      path: '/v1/admin/templates',
      summary: 'The templates in force, by name',
      replies: { 200: list },
      errors: [],
      async handle() {
        return { status: 200, body: { items: await viewTemplateVersions(store, null) } };
      },
    }),
    defineRoute({
      ...reading,
      method: 'GET',
      path: '/v1/admin/templates/{name}',
      summary: 'All versions of a template, newest first',
      params: z.strictObject({ name: z.string().max(64) }),
      replies: { 200: list },
      errors: ['not_found'],
      async handle({ params: { name } }) {
        const items = await viewTemplateVersions(store, name);
        if (items.length === 0) throw new Fault('not_found');
        return { status: 200, body: { items } };
      },
    }),
  ];
}

function incidentRoutes(deps: TemplateDeps): AnyRoute[] {
  return [
    defineRoute({
      ...reading,
      method: 'GET',
      path: '/v1/admin/incident',
      summary: 'Whether an incident is open',
      replies: { 200: incidentSchema },
      errors: [],
      async handle() {
        return { status: 200, body: await readIncident(deps.store) };
      },
    }),
    defineRoute({
      ...reading,
      roles: deciderRoles,
      method: 'PUT',
      path: '/v1/admin/incident',
      summary: 'Say that an incident is open or over; conditions of templates may ask for it',
      body: { type: 'json', schema: incidentChangeSchema },
      replies: { 200: incidentSchema },
      errors: ['conflict'],
      async handle({ body: { open, title }, caller, now }) {
        return { status: 200, body: await changeIncident(deps, { open, title }, asPerson(caller).id, now) };
      },
    }),
  ];
}
