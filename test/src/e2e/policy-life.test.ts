import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { minute } from '@postern/shared/time';
import { Api, type ApiAnswer } from '../support/api.ts';
import { AuditTrail } from '../support/audit-trail.ts';
import { startBackend } from '../support/backend.ts';
import { runJson } from '../support/command.ts';
import { firewallPolicy, HttpDevice } from '../support/http-device.ts';
import { resource } from '../support/scene.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Draft {
  id: string;
  state: string;
  version: number;
  documentHash: string;
  needsApproval: boolean;
  approval: { allowed: boolean; why: { code: string } | null };
  base: { version: number } | null;
  changedRules: string[];
}

interface Version {
  version: number;
  enforcement: string;
  draftedBy: string | null;
  approvedBy: string | null;
  note: string | null;
  current: boolean;
}

const drafts = '/v1/admin/policy-drafts';
/** Who is only watched is not trusted for that: something must be enforced too, and this device meets it. */
const ground = firewallPolicy
  .replace('policy: baseline', 'policy: ground')
  .replace('check: firewall', 'check: disk-encryption')
  .replace('require: value.enabled', 'require: value.state == "full"');
const watched = firewallPolicy.replace('rules:', 'enforcement: report-only\nrules:');

function draftOf(answer: ApiAnswer): Draft {
  assert.ok(answer.status < 300, JSON.stringify(answer.body));
  return answer.body as unknown as Draft;
}

async function submitted(author: Api, document: string, note: string): Promise<Draft> {
  const { id, version } = draftOf(await author.post(drafts, { document, note }));
  return draftOf(await author.post(`${drafts}/${id}/submit`, { version }));
}

function approve(by: Api, { id, version, documentHash }: Draft): Promise<ApiAnswer> {
  return by.post(`${drafts}/${id}/approve`, { version, documentHash });
}

/** Two admins, and a device whose firewall is off. */
async function opening(t: TestContext) {
  const backend = await startBackend(t);
  const ada = await backend.person('admin@localhost', ['admin']);
  const bob = await backend.person('bob@example.org', ['admin']);
  await backend.publish(ground, bob);
  await backend.gateway(ada, resource);
  const device = await HttpDevice.enroll(backend, ada);
  const attest = async () => {
    const { status, body } = await device.attest({}, device.firewallOff());
    assert.equal(status, 200, JSON.stringify(body));
  };
  const versions = async () => {
    const { body } = await ada.get('/v1/admin/policies/baseline/versions');
    return (body['items'] as Version[]).map(({ version, enforcement, draftedBy, approvedBy, note, current }) => ({
      version,
      enforcement,
      draftedBy,
      approvedBy,
      note,
      current,
    }));
  };
  /** Versions of the baseline that the stored verdicts of the device name, newest first. */
  const judgedBy = async () => {
    const { body } = await ada.get(`/v1/admin/devices/${device.fake.id}`);
    const verdicts = body['verdicts'] as { status: string; policies: { name: string; version: number }[] }[];
    return verdicts.map(
      ({ status, policies }) => `${status} by ${policies.find(({ name }) => name === 'baseline')?.version}`,
    );
  };
  return { backend, ada, bob, device, attest, versions, judgedBy, audit: new AuditTrail(ada) };
}

describe('the life of a policy', () => {
  test('is watched first, enforced next and rolled back, each with the approval of another admin', async (t) => {
    const { ada, bob, device, attest, versions, judgedBy, audit } = await opening(t);

    // Report-only: a draft of one admin, approved by the other, who read exactly that text.
    const first = await submitted(ada, watched, 'Let us see who has none');
    assert.deepEqual([first.needsApproval, first.approval.why?.code], [true, 'second_approval_required']);
    assert.equal((await approve(ada, first)).body['error_code'], 'second_approval_required');
    const seen = draftOf(await bob.get(`${drafts}/${first.id}`));
    assert.deepEqual([seen.approval.allowed, seen.base?.version], [true, 1]);
    const head = await audit.head();
    assert.equal((await approve(bob, seen)).status, 200);
    const [published] = await audit.since(head);
    assert.deepEqual(
      [published?.type, published?.data['approval'], published?.data['draft'], published?.data['enforcement']],
      ['policy.published', 'second-person', first.id, 'report-only'],
    );
    await attest();
    assert.equal((await device.token()).status, 200, 'it only watches');

    // To enforce it is a version like any other, and needs the same approval.
    const second = await submitted(ada, firewallPolicy, 'Everybody was told');
    assert.equal(
      (await ada.post('/v1/admin/policies', { document: firewallPolicy })).body['error_code'],
      'second_approval_required',
    );
    assert.equal((await approve(ada, second)).body['error_code'], 'second_approval_required');
    assert.equal((await device.token()).status, 200);
    const before = await judgedBy();
    assert.equal((await approve(bob, second)).status, 200);
    assert.equal((await device.token()).body['error_code'], 'posture_refused', 'from this moment');
    assert.deepEqual(await judgedBy(), before, 'what was judged was judged by the version of then');
    await attest();
    assert.deepEqual((await judgedBy()).slice(0, 2), ['non-compliant by 3', before[0]]);
    assert.match(before[0] ?? '', /^compliant by 2$/);

    // Back.
    const back = draftOf(
      await bob.post('/v1/admin/policies/baseline/rollback', { version: 2, reason: 'It stopped the night shift' }),
    );
    assert.equal(back.state, 'submitted');
    assert.equal((await approve(bob, back)).body['error_code'], 'second_approval_required');
    assert.equal((await approve(ada, back)).status, 200);
    assert.equal((await device.token()).status, 200);
    await attest();
    assert.deepEqual((await judgedBy()).slice(0, 3), ['compliant by 4', 'non-compliant by 3', 'compliant by 2']);

    const listed = await versions();
    assert.deepEqual(listed.slice(0, 3), [
      {
        version: 4,
        enforcement: 'report-only',
        draftedBy: 'bob',
        approvedBy: 'First admin',
        note: 'It stopped the night shift',
        current: true,
      },
      {
        version: 3,
        enforcement: 'enforce',
        draftedBy: 'First admin',
        approvedBy: 'bob',
        note: 'Everybody was told',
        current: false,
      },
      {
        version: 2,
        enforcement: 'report-only',
        draftedBy: 'First admin',
        approvedBy: 'bob',
        note: 'Let us see who has none',
        current: false,
      },
    ]);
    const { draftedBy, approvedBy } = listed[3] ?? assert.fail('the first version is kept');
    assert.deepEqual([draftedBy, approvedBy], [null, null], 'it came with the installation');
  });

  test('ends when it is retired, which needs the same approval', async (t) => {
    const { ada, bob, device, attest } = await opening(t);
    await approve(bob, await submitted(ada, firewallPolicy, 'Enforce it'));
    await attest();
    assert.equal((await device.token()).status, 400);
    const end = draftOf(
      await ada.post('/v1/admin/policies/baseline/retire', { reason: 'Another one takes its place' }),
    );
    assert.deepEqual(end.changedRules, ['firewall']);
    assert.equal((await device.token()).status, 400, 'not before somebody has approved that');
    assert.equal((await approve(bob, end)).status, 200);
    const { body } = await ada.get('/v1/admin/policies');
    assert.deepEqual(
      (body['items'] as { name: string }[]).map(({ name }) => name),
      ['ground'],
    );
    assert.equal((await device.token()).status, 200);
  });

  test('takes one approval of two at the same instant, over HTTP', async (t) => {
    const { backend, ada, bob, versions } = await opening(t);
    const cy = await backend.person('cy@example.org', ['admin']);
    const waiting = await submitted(ada, watched, 'Both of you, please');
    const statuses = (await Promise.all([approve(bob, waiting), approve(cy, waiting)])).map(({ status }) => status);
    assert.deepEqual(
      statuses.toSorted((left, right) => left - right),
      [200, 409],
    );
    assert.equal((await versions()).length, 2);
  });
});

describe('an admin who is alone', () => {
  test('publishes having just proved who they are; what an old token makes is no proof', async (t) => {
    const backend = await startBackend(t);
    const ada = await backend.person('admin@localhost', ['admin']);
    const audit = new AuditTrail(ada);
    const waiting = await submitted(ada, watched, 'There is nobody else');
    backend.clock.advance(6 * minute);

    const { body: self } = await ada.get('/v1/admin/session');
    const made = await ada.post(`/v1/admin/users/${String(self['id'])}/api-tokens`, { label: 'Fresh, is it not' });
    const another = new Api(backend.url, String(made.body['token']));
    for (const old of [ada, another]) {
      const refused = await approve(old, waiting);
      assert.deepEqual(
        [refused.status, refused.body['error'], refused.body['error_code'], refused.body['max_age']],
        [403, 'insufficient_user_authentication', 'step_up_required', 300],
      );
      assert.equal(
        (await old.post('/v1/admin/policies', { document: watched })).body['error_code'],
        'step_up_required',
      );
    }

    // From the command line of the server.
    const fresh = await backend.person('admin@localhost', ['admin']);
    const head = await audit.head();
    assert.equal((await approve(fresh, waiting)).status, 200);
    const [published] = await audit.since(head);
    assert.deepEqual([published?.type, published?.data['approval']], ['policy.published', 'single-admin']);
  });

  test('who makes somebody else an admin is not alone any more', async (t) => {
    const backend = await startBackend(t);
    const ada = await backend.person('admin@localhost', ['admin']);
    const dryRun = { document: firewallPolicy, dryRun: true };
    assert.equal((await ada.post('/v1/admin/policies', dryRun)).body['needsApproval'], false);
    const { status } = await ada.post('/v1/admin/users', { name: 'Bob', email: 'bob@example.org', roles: ['admin'] });
    assert.equal(status, 201);
    assert.equal((await ada.post('/v1/admin/policies', dryRun)).body['needsApproval'], true);
    const refused = await ada.post('/v1/admin/policies', { document: firewallPolicy });
    assert.deepEqual([refused.status, refused.body['error_code']], [403, 'second_approval_required']);
  });
});

test('whoever has the shell of the server publishes without anybody, beside it, and the audit says so', async (t) => {
  const { backend, ada, device, attest, versions, audit } = await opening(t);
  const file = join(temporaryFolder(t, 'policies'), 'policy.yaml');
  writeFileSync(file, watched);
  const publish = ['policy', 'publish', file, '--note', 'The console was down'];
  const head = await audit.head();
  assert.equal((await runJson(`postern-server`, publish, backend.env)).code, 0);
  const [published] = await audit.since(head);
  assert.deepEqual([published?.type, published?.data['approval']], ['policy.published', 'command-line']);
  const [latest] = await versions();
  assert.deepEqual([latest?.version, latest?.draftedBy, latest?.note], [2, null, 'The console was down']);
  await attest();
  assert.equal((await device.token()).status, 200, 'the server noticed');

  const waiting = await submitted(ada, firewallPolicy, 'Enforce it');
  const { answer } = await runJson<{ items: { id: string }[] }>('postern-server', ['policy', 'drafts'], backend.env);
  assert.deepEqual(
    answer.items.map(({ id }) => id),
    [waiting.id],
  );
});
