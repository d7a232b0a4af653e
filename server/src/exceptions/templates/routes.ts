import { roles } from '@postern/shared/protocol/admin';
import { offeredTemplateSchema } from '@postern/shared/protocol/template';
import { z } from 'zod';
import type { Deps } from '../../deps.ts';
import { asDevice, asPerson } from '../../http/caller.ts';
import { type AnyRoute, defineRoute } from '../../http/route.ts';
import { templateAdminRoutes } from './admin-routes.ts';
import { exceptionGuide } from './guide.ts';
import { templateSchemaRoute } from './schema-route.ts';
import { readTemplates } from './store.ts';
import { isFor, offeredOf } from './view.ts';

type TemplateDeps = Pick<Deps, 'store' | 'random' | 'policies' | 'config'>;

const offered = z.strictObject({ items: z.array(offeredTemplateSchema) });

/** Templates: what people may choose, how it is told them, and how it comes to be. */
export function templateRoutes(deps: TemplateDeps): AnyRoute[] {
  const { store } = deps;
  return [
    templateSchemaRoute(),
    defineRoute({
      method: 'GET',
      path: '/v1/templates',
      summary: 'Under which templates the person of this device may ask, and what each takes',
      audience: 'device',
      rate: 'device',
      replies: { 200: offered },
      errors: [],
      async handle({ caller }) {
        const { id, ownerId } = asDevice(caller);
        const { groups } = await readPerson(store, ownerId);
        const device = await store.read
          .selectFrom('devices')
          .select('ownership')
          .where('id', '=', id)
          .executeTakeFirst();
        const all = await readTemplates(store.read);
        const items = all.filter((each) => isFor(each, groups, device?.ownership ?? 'unknown')).map(offeredOf);
        return { status: 200, body: { items } };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/me/templates',
      summary: 'Under which templates you may ask, and what each takes',
      audience: 'person',
      roles,
      rate: 'admin',
      replies: { 200: offered },
      errors: [],
      async handle({ caller }) {
        const { groups } = await readPerson(store, asPerson(caller).id);
        const items = (await readTemplates(store.read)).filter((each) => isFor(each, groups, undefined)).map(offeredOf);
        return { status: 200, body: { items } };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/me/exception-guide',
      summary: 'When and how you may depart from rules or get access for a while, as Markdown',
      audience: 'person',
      roles,
      rate: 'admin',
      replies: { 200: z.string() },
      errors: [],
      async handle({ caller }) {
        const { email, groups, epoch } = await readPerson(store, asPerson(caller).id);
        const templates = (await readTemplates(store.read)).filter((each) => isFor(each, groups, undefined));
        const { policies } = await deps.policies.at(epoch);
        const concerning = policies.filter(({ document: { applies_to: scope } }) => {
          if (scope.users === undefined && scope.groups === undefined) return true;
          return scope.users?.includes(email.toLowerCase()) || scope.groups?.some((group) => groups.includes(group));
        });
        const body = exceptionGuide(templates, concerning);
        return { status: 200, body, headers: { 'content-type': 'text/markdown; charset=utf-8' } };
      },
    }),
    ...templateAdminRoutes(deps),
  ];
}

/** Who somebody is, as far as it decides what is for them; and which rulebook is in force. */
async function readPerson({ read }: Pick<Deps['store'], 'read'>, id: string) {
  const row = await read
    .selectFrom('users')
    .select(['email', 'groups'])
    .select((select) => select.selectFrom('meta').select('value').where('key', '=', 'policy_epoch').as('epoch'))
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return { email: row.email, groups: JSON.parse(row.groups) as string[], epoch: row.epoch ?? '' };
}
