import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { OwnAccess } from '@postern/shared/protocol/access';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import { systemActor } from '../../../audit/event.ts';
import type { Config } from '../../../config.ts';
import { gatewayRoutes } from '../../../gateways/index.ts';
import type { DeviceCaller, PersonCaller } from '../../../http/caller.ts';
import type { AnyRoute } from '../../../http/route.ts';
import { callRoute, type Sent } from '../../../http/testing/call-route.ts';
import { createCurrentPolicies } from '../../../policy/index.ts';
import { systemRandom } from '../../../random.ts';
import { stepUpRoutes } from '../../../step-up/index.ts';
import { SoftwareAuthenticator } from '../../../step-up/testing/authenticator.ts';
import type { Store } from '../../../storage/store.ts';
import { exceptionRoutes } from '../../index.ts';
import { readPublished, templatePublication } from '../../templates/publication.ts';
import { readTemplateDocument } from '../../templates/read-template.ts';
import { openDesk, pendingMs } from '../../testing/desk.ts';
import { payroll, wiki } from '../../testing/policy.ts';

const issuer = 'https://postern.test';

/** Payroll opens with the first use after Bob or Eve approve, at once to people on call, and by a rule to auditors. */
const templates = [
  `
template: for-a-while
kind: access
title: For a while
description: For one task.
impact: It opens.
durations: [15m, 1h]
max_duration: 8h
begins: first-use
use_within: 2h
operators: [ops]
`,
  `
template: planned
kind: access
title: Planned work
description: For work that is planned.
impact: It opens.
for: { groups: [staff] }
durations: [1h]
max_duration: 8h
conditions:
  - title: Briefly
    when: '"audit" in person.groups'
    auto_approve: true
`,
  `
template: outage
kind: access
title: Outage
description: Something is down.
impact: It opens at once.
for: { groups: [on-call] }
durations: [15m]
max_duration: 1h
step_up: { request: passkey }
emergency: true
`,
  `
template: outage-device
kind: device
title: Outage on a broken machine
description: Something is down.
impact: The rules are waived at once.
for: { groups: [on-call] }
durations: [15m]
max_duration: 1h
step_up: { request: passkey }
emergency: true
`,
];

export type AccessDesk = Awaited<ReturnType<typeof openAccessDesk>>;

/** The exception desk, with resources that offer temporary access, and people with passkeys. */
export async function openAccessDesk(t: Pick<TestContext, 'after'>, given?: Store) {
  const desk = await openDesk(t, given);
  const { store, clock } = desk;
  const config = { exceptionPendingMs: pendingMs, issuer, masterSecret: Buffer.alloc(32, 7).toString('base64url') };
  const deps = { store, config: config as Config, random: systemRandom, policies: createCurrentPolicies(store) };
  const routes = [...exceptionRoutes(deps), ...stepUpRoutes(deps), ...gatewayRoutes(deps)];
  const publisher = { actor: systemActor, approval: 'first-start', proposedBy: null, approvedBy: null } as const;
  for (const text of templates) {
    const document = readTemplateDocument(text);
    const published = await readPublished(store, document.template);
    const rest = { note: null, proposal: null };
    await store.commit(templatePublication(published, { document, text }, { ...publisher, ...rest }, clock.at));
  }

  async function call<Body = ExceptionView>(method: AnyRoute['method'], path: string, sent: Sent = {}) {
    return await callRoute<Body>(routes, { method, path, now: clock.at, issuer }, sent);
  }
  /** Ada has just signed in. */
  async function offer(name: string, access: unknown): Promise<void> {
    const as = { ...desk.ada, authenticatedAt: clock.at };
    const answer = await call('PUT', '/v1/admin/resources', { as, body: { name, tier: 'medium', access } });
    assert.equal(answer.status, 200, answer.code);
  }
  await offer(payroll, { roles: ['operator', 'reader'], templates: ['for-a-while', 'planned', 'outage'] });

  const wish = { resource: payroll, role: 'operator', duration: '1h', justification: 'A wage was paid twice' };

  /** Asks from a device, for an hour as an operator of payroll unless told otherwise. */
  const ask = (change: Record<string, unknown> = {}, device: DeviceCaller = desk.laptop) =>
    call('POST', '/v1/access', { as: device, body: { ...wish, ...change } });

  async function asked(change: Record<string, unknown> = {}, device = desk.laptop): Promise<ExceptionView> {
    const answer = await ask(change, device);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body;
  }

  /** Asks, and Bob approves. */
  async function granted(change: Record<string, unknown> = {}, device = desk.laptop): Promise<ExceptionView> {
    const { id, requestHash } = await asked(change, device);
    const answer = await call('POST', `/v1/admin/exceptions/${id}/approve`, { as: desk.bob, body: { requestHash } });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body;
  }

  const end = (as: PersonCaller, { id }: { id: string }, body: Record<string, unknown> = {}) =>
    call('POST', `/v1/me/access/${id}/end`, { as, body });

  /** A passkey of somebody who has just signed in. */
  async function withPasskey(person: PersonCaller): Promise<SoftwareAuthenticator> {
    const as = { ...person, authenticatedAt: clock.at };
    const passkey = new SoftwareAuthenticator({ origin: issuer });
    const begun = await call<{ id: string; options: { challenge: string } }>('POST', '/v1/me/passkeys/options', {
      as,
      body: {},
    });
    const { id, options } = begun.body;
    const attestation = passkey.register({ challenge: options.challenge });
    const body = { stepUp: id, label: 'Key', attestation };
    const added = await call('POST', '/v1/me/passkeys', { as, body });
    assert.equal(added.code, undefined);
    return passkey;
  }

  /** What a person signs so that exactly this is asked for. */
  async function proofOf(person: PersonCaller, passkey: SoftwareAuthenticator, about: unknown) {
    const body = { purpose: 'request', about };
    const given = await call<{ id: string; options: { challenge: string } }>('POST', '/v1/me/step-ups', {
      as: person,
      body,
    });
    assert.equal(given.code, undefined, JSON.stringify(given.body));
    return passkey.answer(given.body);
  }

  const emergencyWish = { ...wish, template: 'outage' };

  /** Emergency access to payroll for an hour, unless told otherwise. */
  async function emergency(
    person: PersonCaller,
    passkey: SoftwareAuthenticator,
    change: Record<string, unknown> = {},
    device = desk.laptop,
  ) {
    const access = { ...emergencyWish, ...change };
    const stepUp = await proofOf(person, passkey, { device: device.id, access });
    return await call('POST', '/v1/emergency', { as: device, body: { ...access, stepUp } });
  }

  const own = (as: PersonCaller | DeviceCaller) =>
    call<OwnAccess>('GET', as.kind === 'device' ? '/v1/access' : '/v1/me/access', { as });

  const setGroups = (person: PersonCaller, groups: readonly string[]) =>
    desk.change('users', person.id, { groups: JSON.stringify(groups) });

  return {
    ...desk,
    deps,
    call,
    wish,
    emergencyWish,
    offer,
    ask,
    asked,
    granted,
    end,
    own,
    withPasskey,
    proofOf,
    emergency,
    setGroups,
    resources: { payroll, wiki },
  };
}
