import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Role, roles } from '@postern/shared/protocol/admin';
import { Api } from '../support/api.ts';
import { addressOf } from '../support/bad-requests.ts';
import { type Backend, startBackend } from '../support/backend.ts';
import { firewallPolicy, HttpDevice } from '../support/http-device.ts';
import { nothingKnown } from '../support/nothing-known.ts';
import { operationsOf, type Operation } from '../support/openapi.ts';
import { suiteScope } from '../support/scene.ts';

const everybody = ['employee', 'approver', 'admin', 'auditor'] as const;
const readers = ['approver', 'admin', 'auditor'] as const;
const deciders = ['approver', 'admin'] as const;
const keepers = ['admin', 'auditor'] as const;
const admins = ['admin'] as const;

/** Who may do what. A new endpoint fails here until somebody has decided whom it is for. */
const allowed: Readonly<Record<string, readonly Role[]>> = {
  'GET /v1/admin/session': everybody,
  'DELETE /v1/admin/session': everybody,

  'GET /v1/admin/users': readers,
  'POST /v1/admin/users': admins,
  'GET /v1/admin/users/{id}': readers,
  'PATCH /v1/admin/users/{id}': admins,
  'GET /v1/admin/users/{id}/sessions': keepers,
  'DELETE /v1/admin/users/{id}/sessions': admins,
  'DELETE /v1/admin/users/{id}/password': admins,
  'GET /v1/admin/users/{id}/api-tokens': keepers,
  'POST /v1/admin/users/{id}/api-tokens': admins,
  'DELETE /v1/admin/users/{id}/api-tokens/{tokenId}': admins,
  'POST /v1/admin/users/{id}/sign-in-links': admins,

  // Everybody enrolls their own device.
  'GET /v1/admin/device-codes/{user_code}': everybody,
  'POST /v1/admin/device-codes': everybody,
  'GET /v1/admin/enrollment-tokens': admins,
  'POST /v1/admin/enrollment-tokens': admins,
  'DELETE /v1/admin/enrollment-tokens/{id}': admins,

  'GET /v1/admin/devices': readers,
  'GET /v1/admin/devices/facets': readers,
  'GET /v1/admin/devices/{id}': readers,
  'GET /v1/admin/devices/{id}/history': readers,
  'POST /v1/admin/devices/{id}/admit': admins,
  'POST /v1/admin/devices/{id}/suspend': admins,
  'POST /v1/admin/devices/{id}/resume': admins,
  'POST /v1/admin/devices/{id}/release': admins,
  'POST /v1/admin/devices/{id}/retire': admins,
  'POST /v1/admin/devices/{id}/ownership': admins,

  'GET /v1/admin/exceptions': readers,
  'POST /v1/admin/exceptions': deciders,
  // Whoever it is about and their manager read it too; of one that is not there nobody is.
  'GET /v1/admin/exceptions/{id}': readers,
  'POST /v1/admin/exceptions/{id}/withdraw': everybody,
  'POST /v1/admin/exceptions/{id}/approve': everybody,
  'POST /v1/admin/exceptions/{id}/deny': everybody,
  'POST /v1/admin/exceptions/{id}/revoke': everybody,

  'GET /v1/admin/exceptions/{id}/impact': readers,
  // As the exception itself.
  'GET /v1/admin/exceptions/{id}/evidence': readers,
  // What it is about decides on these, not the role alone.
  'POST /v1/admin/exceptions/preview': deciders,
  'POST /v1/admin/exceptions/{id}/edit': everybody,
  'POST /v1/admin/exceptions/{id}/extend': everybody,
  'POST /v1/admin/exception-sets': deciders,
  'POST /v1/admin/exception-sets/{id}/approve': everybody,
  'POST /v1/admin/exception-sets/{id}/deny': everybody,
  'POST /v1/admin/exception-sets/{id}/revoke': everybody,

  'GET /v1/admin/access': readers,
  'GET /v1/admin/access/log': readers,

  'GET /v1/admin/templates': readers,
  'GET /v1/admin/templates/{name}': readers,
  'GET /v1/admin/templates/proposals': readers,
  'POST /v1/admin/templates/proposals': admins,
  'POST /v1/admin/templates/trials': admins,
  'GET /v1/admin/templates/proposals/{id}': readers,
  'POST /v1/admin/templates/proposals/{id}/approve': admins,
  'POST /v1/admin/templates/proposals/{id}/discard': admins,
  'GET /v1/admin/incident': readers,
  'PUT /v1/admin/incident': deciders,

  'GET /v1/admin/reviews': readers,
  'GET /v1/admin/reviews/{id}': readers,
  'POST /v1/admin/reviews/{id}/decide': deciders,

  'GET /v1/admin/analytics': readers,
  'GET /v1/admin/analytics/{report}': readers,
  'GET /v1/admin/abuse-flags': readers,
  'GET /v1/admin/overview': readers,

  'GET /v1/admin/streams': keepers,
  'POST /v1/admin/streams/{id}/test': admins,
  'GET /v1/admin/webhooks': keepers,
  'POST /v1/admin/webhooks': admins,
  'PATCH /v1/admin/webhooks/{id}': admins,
  'DELETE /v1/admin/webhooks/{id}': admins,
  'POST /v1/admin/webhooks/{id}/secret': admins,
  'POST /v1/admin/webhooks/{id}/test': admins,
  'GET /v1/admin/webhooks/{id}/deliveries': keepers,
  'GET /v1/admin/deliveries': keepers,
  'POST /v1/admin/deliveries/{id}/replay': admins,

  'DELETE /v1/admin/users/{id}/second-factors': admins,

  // Everybody hears of what they may see.
  'GET /v1/events': everybody,
  'GET /v1/admin/search': readers,
  'GET /v1/admin/settings': readers,
  'POST /v1/admin/streams/{id}/pause': admins,
  'POST /v1/admin/streams/{id}/resume': admins,
  'GET /v1/me/notices/unread': everybody,
  'GET /v1/me/views': everybody,
  'POST /v1/me/views': everybody,
  'DELETE /v1/me/views/{id}': everybody,

  // What is one's own. Reviews are for those who may be asked to.
  'GET /v1/me': everybody,
  'GET /v1/me/sign-in': everybody,
  'PUT /v1/me/password': everybody,
  'DELETE /v1/me/password': everybody,
  'GET /v1/me/sessions': everybody,
  'DELETE /v1/me/sessions': everybody,
  'DELETE /v1/me/sessions/{sessionId}': everybody,
  'POST /v1/me/sign-in-tokens': everybody,
  'GET /v1/me/access': everybody,
  'POST /v1/me/access/preview': everybody,
  'POST /v1/me/access': everybody,
  'POST /v1/me/access/{id}/end': everybody,
  'POST /v1/me/emergency': everybody,
  'GET /v1/me/exceptions': everybody,
  'POST /v1/me/exceptions': everybody,
  'POST /v1/me/exceptions/preview': everybody,
  'GET /v1/me/templates': everybody,
  'GET /v1/me/exception-guide': everybody,
  'GET /v1/me/reviews': deciders,
  'GET /v1/me/notices': everybody,
  'POST /v1/me/notices/read': everybody,
  'GET /v1/me/notify': everybody,
  'PUT /v1/me/notify': everybody,
  'GET /v1/me/passkeys': everybody,
  'POST /v1/me/passkeys': everybody,
  'POST /v1/me/passkeys/options': everybody,
  'DELETE /v1/me/passkeys/{id}': everybody,
  'POST /v1/me/authenticator-app': everybody,
  'POST /v1/me/authenticator-app/confirm': everybody,
  'DELETE /v1/me/authenticator-app': everybody,
  'POST /v1/me/step-ups': everybody,
  'GET /v1/me/devices': everybody,
  'GET /v1/me/devices/{id}': everybody,
  'GET /v1/me/inbox': everybody,

  'GET /v1/admin/policies': readers,
  'POST /v1/admin/policies': admins,
  'GET /v1/admin/policies/{name}/versions': readers,
  'GET /v1/admin/policies/{name}/versions/{version}': readers,
  'POST /v1/admin/policies/{name}/rollback': admins,
  'POST /v1/admin/policies/{name}/retire': admins,
  'GET /v1/admin/policy-drafts': readers,
  'POST /v1/admin/policy-drafts': admins,
  'GET /v1/admin/policy-drafts/{id}': readers,
  'PUT /v1/admin/policy-drafts/{id}': admins,
  'POST /v1/admin/policy-drafts/{id}/submit': admins,
  'POST /v1/admin/policy-drafts/{id}/approve': admins,
  'POST /v1/admin/policy-drafts/{id}/discard': admins,

  'GET /v1/admin/policy-replays': readers,
  'POST /v1/admin/policy-replays': admins,
  'GET /v1/admin/policy-replays/{id}': readers,
  'GET /v1/admin/policy-replays/{id}/devices': readers,
  'POST /v1/admin/policy-replays/{id}/cancel': admins,

  'GET /v1/admin/gateways': keepers,
  'POST /v1/admin/gateways': admins,
  'DELETE /v1/admin/gateways/{id}': admins,

  'GET /v1/admin/resources': readers,
  'PUT /v1/admin/resources': admins,

  'GET /v1/admin/release-feed': readers,
  'POST /v1/admin/release-feed': admins,

  'GET /v1/admin/brakes': readers,
  'GET /v1/admin/brakes/{id}': readers,
  'POST /v1/admin/brakes/{id}/release': admins,
  'POST /v1/admin/brakes/{id}/extend': admins,

  'GET /v1/admin/audit': keepers,
  'GET /v1/admin/audit/export': keepers,
  'GET /v1/admin/audit/checkpoints': keepers,
  'GET /v1/admin/audit/checkpoints/latest': keepers,
  'GET /v1/admin/audit/{seq}': keepers,
  'GET /v1/admin/audit/{seq}/proof': keepers,
  'DELETE /v1/admin/audit/{seq}/text': admins,
  'DELETE /v1/admin/users/{id}/texts': admins,
};

type Caller = Role | 'nobody' | 'device' | 'gateway' | 'somebody of the past';

describe('who may call which admin endpoint', () => {
  const scope = suiteScope();
  let backend: Backend;
  let operations: Operation[];
  let headersOf: Record<Caller, (operation: Operation, path: string) => Promise<Record<string, string>>>;

  before(async () => {
    backend = await startBackend(scope);
    const people = new Map<Role, Api>();
    for (const role of roles) people.set(role, await backend.person(`${role}@example.org`, [role]));
    const admin = people.get('admin') ?? assert.fail();
    await backend.publish(firewallPolicy, admin);
    const gateway = await admin.post('/v1/admin/gateways', { name: 'App', resources: ['https://app.example'] });
    const device = await HttpDevice.enroll(backend, admin);
    const former = await backend.person('former@example.org', ['admin']);
    const { body: self } = await former.get('/v1/admin/session');
    await admin.call('PATCH', `/v1/admin/users/${String(self['id'])}`, { active: false });

    const basic = Buffer.from(`${String(gateway.body['id'])}:${String(gateway.body['secret'])}`).toString('base64');
    const bearer = (api: Api | undefined) => async () => ({ authorization: `Bearer ${api?.token ?? ''}` });
    headersOf = {
      employee: bearer(people.get('employee')),
      approver: bearer(people.get('approver')),
      admin: bearer(admin),
      auditor: bearer(people.get('auditor')),
      'somebody of the past': bearer(former),
      nobody: async () => ({}),
      device: async ({ method }, path) => ({ dpop: await device.proof(method, path) }),
      gateway: async () => ({ authorization: `Basic ${basic}` }),
    };
    operations = await operationsOf(backend.url);
  });

  after(() => scope.clean());

  const forPeople = () => operations.filter(({ audience }) => audience === 'person');

  /** Calls it with addresses of things that there are not, and nothing to say. */
  async function call(operation: Operation, caller: Caller): Promise<{ status: number; code: string | undefined }> {
    const path = addressOf(operation, nothingKnown);
    const answer = await fetch(`${backend.url}${path}`, {
      method: operation.method,
      headers: {
        ...(await headersOf[caller](operation, path)),
        ...(operation.body === undefined ? {} : { 'content-type': operation.body.mediaType }),
      },
      ...(operation.body?.mediaType === 'application/json' ? { body: '{}' } : {}),
    });
    const isEndless = answer.headers.get('content-type')?.startsWith('text/event-stream') === true;
    if (isEndless) await answer.body?.cancel();
    const text = isEndless ? '' : await answer.text();
    const body = !text.startsWith('{"error') ? {} : (JSON.parse(text) as { error_code?: string });
    return { status: answer.status, code: body.error_code };
  }

  test('the table names every admin endpoint, and no other', () => {
    assert.ok(forPeople().length > 20, 'the document was read');
    assert.deepEqual(
      forPeople()
        .map(({ name }) => name)
        .toSorted(),
      Object.keys(allowed).toSorted(),
    );
    const strays = operations.filter(({ path, audience }) => path.startsWith('/v1/admin/') && audience !== 'person');
    assert.deepEqual(
      strays.map(({ name }) => name),
      ['POST /v1/admin/session'],
      'only signing in is open',
    );
  });

  for (const [name, roleNames] of Object.entries(allowed)) {
    test(`${name}: ${roleNames.join(', ')}`, async () => {
      const operation = operations.find((each) => each.name === name);
      assert.ok(operation, 'is in the document');
      for (const role of roles) {
        const { status, code } = await call(operation, role);
        if (roleNames.includes(role)) {
          assert.ok(![401, 403, 405, 429].includes(status) && status < 500, `${role}: ${status} ${code}`);
        } else {
          assert.deepEqual({ role, status, code }, { role, status: 403, code: 'not_allowed' });
        }
      }
      for (const caller of ['nobody', 'device', 'gateway', 'somebody of the past'] as const) {
        const answer = await call(operation, caller);
        assert.deepEqual({ caller, ...answer }, { caller, status: 401, code: 'not_signed_in' });
      }
    });
  }

  test('a person cannot call what is for devices and gateways, a device not what is for gateways, nor the other way round', async () => {
    const others = operations.filter(({ audience }) => audience === 'device' || audience === 'gateway');
    assert.ok(others.length > 5);
    for (const operation of others) {
      const strangers: Caller[] = [
        'admin',
        'employee',
        'nobody',
        operation.audience === 'device' ? 'gateway' : 'device',
      ];
      for (const caller of strangers) {
        const { status, code } = await call(operation, caller);
        const expected =
          operation.audience === 'device' ? [400, 'proof_missing'] : [401, 'client_authentication_failed'];
        assert.deepEqual([operation.name, caller, status, code], [operation.name, caller, ...expected]);
      }
    }
  });
});
