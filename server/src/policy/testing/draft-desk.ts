import type { TestContext } from 'node:test';
import { toId } from '@postern/shared/ids';
import type { Role } from '@postern/shared/protocol/admin';
import type { PolicyDraft } from '@postern/shared/protocol/policy-draft';
import type { Instant } from '@postern/shared/time';
import { systemActor } from '../../audit/event.ts';
import type { Config } from '../../config.ts';
import type { PersonCaller } from '../../http/caller.ts';
import type { AnyRoute } from '../../http/route.ts';
import { type Answer, callRoute } from '../../http/testing/call-route.ts';
import { createUser } from '../../identity/index.ts';
import { systemRandom } from '../../random.ts';
import { insert } from '../../storage/change.ts';
import type { Store } from '../../storage/store.ts';
import { openTestStore } from '../../storage/testing/test-store.ts';
import { policyRoutes } from '../routes.ts';
import { noon } from './given.ts';

/** A valid document of the policy `laptops` with one rule. */
export function laptops(require = 'value.enabled', rest = ''): string {
  return `policy: laptops
title: Laptops
${rest}rules:
  - id: firewall
    title: Firewall
    check: firewall
    require: ${require}
    expected: It is on.
`;
}

/** The routes of policies over a store of their own, a clock that tests move, and the admins that a test asks for. */
export async function openDraftDesk(t: Pick<TestContext, 'after'>, given?: Store) {
  const store = given ?? (await openTestStore(t));
  const clock: { at: Instant } = { at: noon };
  const config = { issuer: 'https://postern.test', masterSecret: Buffer.alloc(32, 7).toString('base64url') } as Config;
  const deps = { store, random: systemRandom, config };
  const routes = policyRoutes(deps);

  /** Somebody who has just signed in. */
  async function add(name: string, roles: readonly Role[] = ['admin']): Promise<PersonCaller> {
    const wish = { name, email: `${name.toLowerCase()}@example.org`, roles };
    const { id } = await createUser(deps, wish, systemActor, clock.at);
    return { kind: 'person', id, name, roles, via: 'session', authenticatedAt: clock.at };
  }

  async function call<Body = Record<string, unknown>>(
    method: AnyRoute['method'],
    path: string,
    as: PersonCaller,
    sent: { body?: unknown; query?: Record<string, unknown> } = {},
  ): Promise<Answer<Body>> {
    return callRoute<Body>(routes, { method, path: `/v1/admin/${path}`, now: clock.at }, { ...sent, as });
  }

  const path = ({ id }: Pick<PolicyDraft, 'id'>) => `policy-drafts/${id}`;

  return {
    store,
    clock,
    add,
    call,
    write: (as: PersonCaller, document: string, note?: string) =>
      call<PolicyDraft>('POST', 'policy-drafts', as, { body: note === undefined ? { document } : { document, note } }),
    edit: (as: PersonCaller, draft: PolicyDraft, document: string) =>
      call<PolicyDraft>('PUT', path(draft), as, { body: { document, version: draft.version } }),
    see: (as: PersonCaller, draft: Pick<PolicyDraft, 'id'>) => call<PolicyDraft>('GET', path(draft), as),
    submit: (as: PersonCaller, { version, ...draft }: PolicyDraft) =>
      call<PolicyDraft>('POST', `${path(draft)}/submit`, as, { body: { version } }),
    approve: (as: PersonCaller, { version, documentHash, ...draft }: PolicyDraft) =>
      call<PolicyDraft>('POST', `${path(draft)}/approve`, as, { body: { version, documentHash } }),
    discard: (as: PersonCaller, { version, ...draft }: PolicyDraft, reason?: string) =>
      call<PolicyDraft>('POST', `${path(draft)}/discard`, as, {
        body: reason === undefined ? { version } : { version, reason },
      }),
    publish: (as: PersonCaller, document: string) => call('POST', 'policies', as, { body: { document } }),

    /** A draft of somebody that waits for approval. */
    async submitted(as: PersonCaller, document = laptops()): Promise<PolicyDraft> {
      const { body } = await this.write(as, document);
      return (await this.submit(as, body)).body;
    },

    async versions(name = 'laptops') {
      return store.read
        .selectFrom('policies')
        .select(['version', 'current', 'drafted_by', 'approved_by'])
        .where('name', '=', name)
        .orderBy('version')
        .execute();
    },

    async epoch(): Promise<string> {
      const query = store.read.selectFrom('meta').select('value').where('key', '=', 'policy_epoch');
      return (await query.executeTakeFirstOrThrow()).value;
    },

    /** What is on the record about policies, oldest first. */
    async audited(type?: string) {
      const rows = await store.read
        .selectFrom('audit')
        .select('entry')
        .where('type', 'like', type ?? 'policy.%')
        .orderBy('seq')
        .execute();
      return rows.map(
        ({ entry }) =>
          JSON.parse(entry) as {
            type: string;
            outcome: string;
            actor: { id: string };
            subject: { kind: string; id: string };
            data: Record<string, unknown>;
          },
      );
    },

    /** A replay of a text that came to its end. */
    async replay(document_hash: string, started_by: string): Promise<string> {
      const id = toId('policyReplay', systemRandom.uuid());
      const times = { started_at: clock.at, finished_at: clock.at };
      const row = { id, policy: 'laptops', document_hash, started_by, ...times, state: 'done', summary: '{}' };
      const change = insert('policy_replays', { ...row, devices_total: 0, devices_done: 0, progress_at: 0 });
      await store.commit({ changes: [change], audit: [] });
      return id;
    },
  };
}
