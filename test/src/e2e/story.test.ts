import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hour, minute } from '@postern/shared/time';
import { startBackend } from '../support/backend.ts';
import { Desktop, screenLockPolicy } from '../support/desktop.ts';
import { type Agent, enrolledAgent } from '../support/enrolled-agent.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const rule = 'baseline/screen-lock';

/** The parts of answers that the story looks at. */
interface Verdict {
  status: string;
  rules: {
    rule: string;
    standing: string;
    outcome: string;
    deadline: string | null;
    since: string | null;
    fix: { text: string } | null;
    exception: { id: string } | null;
  }[];
}
interface Refusal {
  error: string;
  error_code: string;
  posture_status: string;
  failed_checks: { rule: string; expected: string; observed: string; deadline: string; fix: { text: string } }[];
}
interface Token {
  access_token: string;
  expires_in: number;
}

async function opening(t: Parameters<typeof startBackend>[0]) {
  const backend = await startBackend(t);
  const admin = await backend.person('admin@localhost', ['admin']);
  const employee = await backend.person('erin@example.org', ['employee', 'approver']);
  const approver = await backend.person('bob@example.org', ['approver']);
  assert.equal((await admin.post('/v1/admin/policies', { document: screenLockPolicy })).status, 201);
  const gateway = await backend.gateway(admin, 'https://app.example');
  const desktop = new Desktop(temporaryFolder(t, 'home'));
  const agent = await enrolledAgent(t, backend, 'erin@example.org', desktop.env);
  return { backend, admin, employee, approver, gateway, desktop, agent };
}

/** Asks for an exception from the one rule, as a person does on the command line. */
function ask(agent: Agent, duration: string, reason: string) {
  return agent.json<{ id: string; state: string; requestHash: string }>([
    'request',
    '--rule',
    rule,
    '--for',
    duration,
    '--reason',
    reason,
  ]);
}

/** The screen does not lock, and an approver has said that it need not for that long. */
async function excepted(
  { approver, desktop, agent }: Pick<Awaited<ReturnType<typeof opening>>, 'approver' | 'desktop' | 'agent'>,
  duration: string,
  reason: string,
) {
  desktop.lockAfter('never');
  await agent.run(['attest']);
  const request = await ask(agent, duration, reason);
  const approved = await approver.post(`/v1/admin/exceptions/${request.answer.id}/approve`, {
    requestHash: request.answer.requestHash,
  });
  assert.equal(approved.body['state'], 'active');
  return request;
}

const askForToken = ['token', '--resource', 'https://app.example'];

describe('the whole story, with a real agent over HTTP', () => {
  test('refused with reasons, excepted by somebody else, granted with the exception named, revoked, refused again', async (t) => {
    const { admin, employee, approver, gateway, desktop, agent } = await opening(t);

    // A device that is fine gets a token.
    assert.equal((await agent.json<{ verdict: Verdict }>(['attest'])).answer.verdict.status, 'compliant');
    const fine = await agent.json<Token>(askForToken);
    assert.equal(fine.code, 0);
    assert.ok(fine.answer.expires_in > 290 && fine.answer.expires_in <= 300, `lives ${fine.answer.expires_in} s`);
    assert.deepEqual((await gateway.introspect(fine.answer.access_token))['active'], true);

    // It stops being fine: the token that it has is worth nothing from the moment the backend knows.
    desktop.lockAfter('never');
    const failing = await agent.json<{ verdict: Verdict }>(['attest']);
    assert.equal(failing.code, 1);
    assert.equal(failing.answer.verdict.status, 'non-compliant');
    assert.deepEqual(await gateway.introspect(fine.answer.access_token), { active: false });

    // Refused, with reason, deadline and fix.
    const refused = await agent.json<Refusal>(askForToken);
    assert.equal(refused.code, 1);
    assert.equal(refused.answer.error, 'invalid_grant');
    assert.equal(refused.answer.error_code, 'posture_refused');
    const [failed] = refused.answer.failed_checks;
    assert.equal(failed?.rule, rule);
    assert.match(failed?.expected ?? '', /15 minutes/);
    assert.match(failed?.observed ?? '', /enabled/);
    assert.match(failed?.fix.text ?? '', /Screen locking/);
    assert.ok(Date.parse(failed?.deadline ?? '') <= Date.now());
    const said = await agent.run(askForToken);
    assert.match(said.stderr + said.stdout, /Screen lock/);

    // Asking for an exception needs a justification, a rule and an end.
    assert.equal((await agent.run(['request', '--rule', rule, '--for', '1h'])).code, 2);
    assert.equal(
      (await agent.run(['request', '--rule', rule, '--for', '30d', '--reason', 'I would rather not have it'])).code,
      1,
    );
    const request = await ask(agent, '2h', 'Presenting to customers all afternoon');
    assert.equal(request.answer.state, 'pending');
    assert.equal((await agent.run(askForToken)).code, 1, 'asking waives nothing');

    // Not by the person themselves, approver or not; not by an admin for their own device (below); by somebody else.
    const path = `/v1/admin/exceptions/${request.answer.id}`;
    const { requestHash } = request.answer;
    const own = await employee.post(`${path}/approve`, { requestHash });
    assert.equal(own.body['error_code'], 'self_approval');
    const approved = await approver.post(`${path}/approve`, {
      reason: 'Seen the calendar',
      duration: '1h',
      requestHash,
    });
    assert.equal(approved.status, 200);
    assert.equal(approved.body['state'], 'active');

    const granted = await agent.json<Token>(askForToken);
    assert.equal(granted.code, 0);
    const active = await gateway.introspect(granted.answer.access_token);
    assert.equal(active['active'], true);
    assert.deepEqual((active['posture'] as { exc: string[] }).exc, [request.answer.id]);
    const status = await agent.json<{ verdict: Verdict }>(['status']);
    const shown = status.answer.verdict.rules.find((each) => `baseline/${each.rule}` === rule);
    assert.equal(shown?.standing, 'excepted');
    assert.equal(shown?.outcome, 'fail', 'an excepted rule is still evaluated');

    // Revoked: within a second the token is worth nothing, and there is no other.
    assert.equal((await admin.post(`${path}/revoke`, { reason: 'The presentation is over' })).status, 200);
    const revokedAt = performance.now();
    assert.deepEqual(await gateway.introspect(granted.answer.access_token), { active: false });
    assert.ok(performance.now() - revokedAt < 1000);
    assert.equal((await agent.json<Refusal>(askForToken)).answer.error_code, 'posture_refused');

    // The log tells it, whole and in order.
    const log = await admin.get(`/v1/admin/audit?subject=${request.answer.id}`);
    const types = (log.body['items'] as { type: string }[]).map(({ type }) => type).toReversed();
    assert.deepEqual(types, [
      'exception.requested',
      'exception.decision-refused',
      'exception.approved',
      'exception.revoked',
    ]);
  });

  test('an admin does not approve for their own device', async (t) => {
    const backend = await startBackend(t);
    const admin = await backend.person('admin@localhost', ['admin']);
    await admin.post('/v1/admin/policies', { document: screenLockPolicy });
    const desktop = new Desktop(temporaryFolder(t, 'home'));
    desktop.lockAfter('never');
    const agent = await enrolledAgent(t, backend, 'admin@localhost', desktop.env);
    await agent.run(['attest']);
    const request = await ask(agent, '1h', 'I am the admin, after all');
    const refused = await admin.post(`/v1/admin/exceptions/${request.answer.id}/approve`, {
      requestHash: request.answer.requestHash,
    });
    assert.equal(refused.status, 403);
    assert.equal(refused.body['error_code'], 'self_approval');
  });

  test('the end of an exception clips the token and ends it, by the clock alone', async (t) => {
    const { backend, approver, gateway, desktop, agent } = await opening(t);
    const request = await excepted({ approver, desktop, agent }, '30m', 'Waiting for the new settings');

    backend.clock.advance(28 * minute);
    await agent.run(['attest']);
    const clipped = await agent.json<Token>(askForToken);
    assert.equal(clipped.code, 0);
    assert.ok(
      clipped.answer.expires_in <= 120 && clipped.answer.expires_in > 60,
      `lives ${clipped.answer.expires_in} s`,
    );

    backend.clock.advance(2 * minute);
    assert.deepEqual(await gateway.introspect(clipped.answer.access_token), { active: false });
    assert.equal((await agent.json<Refusal>(askForToken)).answer.error_code, 'posture_refused');
    const shown = await approver.get(`/v1/admin/exceptions/${request.answer.id}`);
    assert.equal(shown.body['state'], 'expired');
    assert.equal(shown.body['live'], false);
  });

  test('a device that passes again by itself resolves its exception, and failing again is not covered', async (t) => {
    const { approver, desktop, agent } = await opening(t);
    const request = await excepted({ approver, desktop, agent }, '4h', 'Waiting for the help desk');
    assert.equal((await agent.run(askForToken)).code, 0);

    desktop.lockAfter(5);
    assert.equal((await agent.json<{ verdict: Verdict }>(['attest'])).answer.verdict.status, 'compliant');
    const resolved = await approver.get(`/v1/admin/exceptions/${request.answer.id}`);
    assert.equal(resolved.body['state'], 'resolved');

    desktop.lockAfter('never');
    await agent.run(['attest']);
    assert.equal((await agent.run(askForToken)).code, 1);
  });

  test('a person opts back in early', async (t) => {
    const { approver, desktop, agent } = await opening(t);
    const request = await excepted({ approver, desktop, agent }, '4h', 'Only for this one call');
    assert.equal((await agent.run(['relinquish', request.answer.id])).code, 0);
    assert.equal((await agent.run(askForToken)).code, 1);
    const ended = await approver.get(`/v1/admin/exceptions/${request.answer.id}`);
    assert.equal(ended.body['state'], 'relinquished');
  });

  test('stale evidence gets no token', async (t) => {
    const { backend, agent } = await opening(t);
    await agent.run(['attest']);
    backend.clock.advance(hour);
    assert.equal((await agent.json<Refusal>(askForToken)).answer.error_code, 'evidence_stale');
    await agent.run(['attest']);
    assert.equal((await agent.run(askForToken)).code, 0);
  });
});
