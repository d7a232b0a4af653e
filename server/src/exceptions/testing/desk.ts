import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { parse } from 'yaml';
import { toId } from '@postern/shared/ids';
import type { Role } from '@postern/shared/protocol/admin';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import { templateDocumentSchema } from '@postern/shared/protocol/template';
import type { Readings } from '@postern/shared/protocol/reading';
import { day, type Instant } from '@postern/shared/time';
import type { AuditEventType } from '../../audit/event.ts';
import type { Config } from '../../config.ts';
import { readDeviceFacts, subjectOf } from '../../devices/index.ts';
import type { DeviceCaller, PersonCaller } from '../../http/caller.ts';
import type { AnyRoute } from '../../http/route.ts';
import { callRoute, type Sent } from '../../http/testing/call-route.ts';
import { createCurrentPolicies, evaluateAll, publishPolicy, trackFailing } from '../../policy/index.ts';
import { systemRandom } from '../../random.ts';
import { insert, updateAny, updateOne } from '../../storage/change.ts';
import type { Database } from '../../storage/database.ts';
import type { Store } from '../../storage/store.ts';
import { openTestStore } from '../../storage/testing/test-store.ts';
import { endedByEvidence, exceptionRoutes, sweepExceptions } from '../index.ts';
import { basePolicy, payroll, payrollPolicy, posture, wiki } from './policy.ts';

export const opened: Instant = Date.parse('2026-11-23T09:00:00Z');
export const pendingMs = day;

export type Desk = Awaited<ReturnType<typeof openDesk>>;

/**
 * Everything that is about exceptions over a store of its own: real routes, real policies, a clock that tests move, and
 * people: Erin, whose laptop it is; Bob and Eve, who approve; Ada, who is an admin.
 */
export async function openDesk(t: Pick<TestContext, 'after'>, given?: Store) {
  const store = given ?? (await openTestStore(t));
  const clock = { at: opened };
  const config = { exceptionPendingMs: pendingMs } as Config;
  const deps = { store, config, random: systemRandom, policies: createCurrentPolicies(store) };
  const routes = exceptionRoutes(deps);
  const publish = (document: string) => publishPolicy(store, document, { kind: 'system', id: null }, clock.at);
  await publish(basePolicy());
  await publish(payrollPolicy);

  async function addGateway(resources: readonly string[]): Promise<void> {
    const row = { id: toId('gateway', systemRandom.uuid()), name: 'A gateway', secret_hash: 'x', created_at: opened };
    const change = insert('gateways', { ...row, resources: JSON.stringify(resources), removed_at: null });
    await store.commit({ changes: [change], audit: [] });
  }
  await addGateway([payroll, wiki]);

  async function addPerson(
    name: string,
    roles: readonly Role[],
    more: { groups?: readonly string[]; manager?: PersonCaller } = {},
  ): Promise<PersonCaller> {
    const id = toId('user', systemRandom.uuid());
    const row = {
      id,
      name,
      email: `${name}@example.org`,
      roles: JSON.stringify(roles),
      active: 1,
      created_at: opened,
      groups: JSON.stringify(more.groups ?? []),
      manager_id: more.manager?.id ?? null,
      notify: '{}',
    };
    await store.commit({ changes: [insert('users', row)], audit: [] });
    return { kind: 'person', id, name, roles, via: 'session', authenticatedAt: 0 };
  }
  const erin = await addPerson('Erin', ['employee']);
  const bob = await addPerson('Bob', ['approver']);
  const eve = await addPerson('Eve', ['approver']);
  const ada = await addPerson('Ada', ['admin']);

  /** An active device that has attested, and fails everything. */
  async function addDevice(owner: PersonCaller, change: Partial<Database['devices']> = {}): Promise<DeviceCaller> {
    const id = toId('device', systemRandom.uuid());
    const jkt = id.slice(4).padEnd(43, 'k');
    const row: Database['devices'] = {
      id,
      owner_id: owner.id,
      name: `${owner.name}'s laptop`,
      platform: 'linux',
      agent_version: '0.1.0',
      state: 'active',
      jwk: JSON.stringify({ kty: 'EC', crv: 'P-256', x: 'x'.repeat(43), y: 'y'.repeat(43) }),
      jkt,
      key_provider: 'file',
      key_protection: 'software',
      quarantine_cause: null,
      quarantined_at: null,
      enrolled_at: opened,
      exception_epoch: 0,
      ownership: 'unknown',
      ...change,
    };
    await store.commit({ changes: [insert('devices', row)], audit: [] });
    const device: DeviceCaller = { kind: 'device', id, jkt, state: 'active', ownerId: owner.id, ownerName: owner.name };
    await report(device, posture({}, clock.at));
    return device;
  }

  /** What an attestation does to exceptions: the posture and what it ends, in one unit. */
  async function report(device: DeviceCaller, readings: Readings): Promise<void> {
    const now = clock.at;
    const facts = await readDeviceFacts(store.read, { id: device.id });
    assert.ok(facts);
    const rulebook = await deps.policies.at(facts.policyEpoch);
    const failingSince = facts.posture?.failingSince ?? {};
    const subject = subjectOf(facts);
    const findings = evaluateAll({ rulebook, subject, readings, held: new Map(), failingSince, now });
    const ended = endedByEvidence(facts, findings, now);
    const said = {
      seq: 1,
      readings: JSON.stringify(readings),
      readings_hash: 'r',
      failing_since: JSON.stringify(trackFailing(failingSince, findings, now)),
      changed_at: now,
    };
    const stored =
      facts.posture === null
        ? [
            insert('postures', { device_id: device.id, hardware_hash: null, flips: '{}', os_build: null, ...said }),
            insert('evidence', { device_id: device.id, seq: 1, hash: 'h', received_at: now }),
          ]
        : [updateOne('postures', { device_id: device.id }, said)];
    await store.commit({ changes: [...stored, ...ended.changes], audit: ended.audit });
  }

  const laptop = await addDevice(erin);

  async function call<Body = ExceptionView>(method: AnyRoute['method'], path: string, sent: Sent = {}) {
    return await callRoute<Body>(routes, { method, path, now: clock.at }, sent);
  }

  const wish = { rules: ['base/firewall'], duration: '2h', justification: 'Customers are here all day' };

  /** Asks from a device, for two hours without a firewall unless told otherwise. */
  async function ask(change: Record<string, unknown> = {}, device = laptop) {
    return await call('POST', '/v1/exceptions', { as: device, body: { ...wish, ...change } });
  }

  /** Asks, and is not refused. */
  async function asked(change: Record<string, unknown> = {}, device = laptop): Promise<ExceptionView> {
    const answer = await ask(change, device);
    assert.equal(answer.status, 201, answer.code);
    return answer.body;
  }

  /** Whoever approves has seen the request as it is at that moment, unless told otherwise. */
  async function act(by: PersonCaller, verb: string, { id }: { id: string }, body: Record<string, unknown> = {}) {
    const seen = verb === 'approve' ? { requestHash: await hashOf(id) } : {};
    return await call('POST', `/v1/admin/exceptions/${id}/${verb}`, { as: by, body: { ...seen, ...body } });
  }

  async function hashOf(id: string): Promise<string> {
    const row = await store.read
      .selectFrom('exceptions')
      .select('request_hash')
      .where('id', '=', id)
      .executeTakeFirst();
    return row?.request_hash ?? 'none';
  }

  async function own(verb: string, { id }: { id: string }, body: Record<string, unknown> = {}, device = laptop) {
    return await call('POST', `/v1/exceptions/${id}/${verb}`, { as: device, body });
  }

  /** Asks, and Bob approves. */
  async function granted(change: Record<string, unknown> = {}, device = laptop): Promise<ExceptionView> {
    const answer = await act(bob, 'approve', await asked(change, device));
    assert.equal(answer.body.state, 'active', answer.code);
    return answer.body;
  }

  async function extend({ id }: { id: string }, duration: string, device = laptop) {
    return await own('extend', { id }, { duration, justification: 'It takes longer than we thought' }, device);
  }

  async function seen({ id }: { id: string }): Promise<ExceptionView> {
    return (await call('GET', `/v1/admin/exceptions/${id}`, { as: ada })).body;
  }

  /** Types of the entries about an exception, oldest first; a refusal with its code. */
  async function audited({ id }: { id: string }): Promise<string[]> {
    return (await entries(id)).map(({ type, data }) => ('code' in data ? `${type} ${String(data['code'])}` : type));
  }

  async function entries(id: string) {
    const rows = await store.read
      .selectFrom('audit')
      .leftJoin('audit_texts', 'audit_texts.seq', 'audit.seq')
      .select(['type', 'entry', 'actor_id', 'text'])
      .where('subject_id', '=', id)
      .orderBy('audit.seq')
      .execute();
    return rows.map(({ type, entry, actor_id, text }) => ({
      type: type as AuditEventType,
      actor: actor_id,
      text,
      data: (JSON.parse(entry) as { data: Record<string, unknown> }).data,
    }));
  }

  /** Places taken, as `rule resource`, with who has them. */
  async function places(): Promise<Record<string, string>> {
    const rows = await store.read
      .selectFrom('exception_slots')
      .selectAll()
      .orderBy('rule')
      .orderBy('resource')
      .execute();
    return Object.fromEntries(rows.map((row) => [`${row.rule} ${row.resource}`, row.exception_id]));
  }

  /** Puts a template for devices into force, as YAML, as its first version or the next. */
  async function template(document: string): Promise<void> {
    const { template: name, title, kind } = templateDocumentSchema.parse(parse(document));
    const { latest } = await store.read
      .selectFrom('exception_templates')
      .select((select) => select.fn.max('version').as('latest'))
      .where('name', '=', name)
      .executeTakeFirstOrThrow();
    const row = { name, title, kind, document, version: (latest ?? 0) + 1, current: 1, proposed_by: null };
    await store.commit({
      changes: [
        updateAny('exception_templates', { name }, { current: 0 }),
        insert('exception_templates', { ...row, approved_by: null, published_at: clock.at }),
      ],
      audit: [],
    });
  }

  async function change(table: 'devices' | 'users', id: string, set: Record<string, string | number | null>) {
    await store.commit({ changes: [updateAny(table, { id }, set)], audit: [] });
  }

  return {
    store,
    clock,
    pass: (milliseconds: number) => (clock.at += milliseconds),
    publish,
    erin,
    bob,
    eve,
    ada,
    laptop,
    addGateway,
    addPerson,
    addDevice,
    report,
    call,
    ask,
    asked,
    granted,
    act,
    hashOf,
    own,
    extend,
    seen,
    audited,
    entries,
    places,
    template,
    change,
    sweep: () => sweepExceptions({ store }, clock.at),
  };
}
