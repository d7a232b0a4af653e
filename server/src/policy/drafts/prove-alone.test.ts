import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { sha256 } from '@postern/shared/digest';
import type { PolicyDraft } from '@postern/shared/protocol/policy-draft';
import type { StepUp } from '@postern/shared/protocol/step-up-subject';
import { minute } from '@postern/shared/time';
import { openStepUpDesk } from '../../step-up/testing/step-up-desk.ts';
import { laptops, openDraftDesk } from '../testing/draft-desk.ts';

/** The only admin there is, who has a passkey. */
async function given(t: TestContext) {
  const desk = await openDraftDesk(t);
  const factors = await openStepUpDesk(t, desk.store);
  factors.clock.at = desk.clock.at;
  const ada = await desk.add('Ada');
  const passkey = await factors.withPasskey(ada);
  const answerTo = async (about: object) => {
    const asked = { purpose: 'manage', about };
    return passkey.answer((await factors.call<StepUp>('POST', '/v1/me/step-ups', ada, asked)).body);
  };
  return { desk, factors, ada, answerTo };
}

describe('the only admin, who has a passkey,', () => {
  test('publishes with it, and not with a fresh sign-in alone', async (t) => {
    const { desk, factors, ada, answerTo } = await given(t);
    const refused = await desk.publish(ada, laptops());
    assert.deepEqual([refused.code, refused.body['step_up']], ['step_up_required', ['passkey']]);
    const about = { action: 'publish-policy', target: 'laptops', content: sha256(laptops()) };
    const stepUp = await answerTo(about);
    const other = await desk.call('POST', 'policies', ada, {
      body: { document: laptops('value.enabled', 'description: Other\n'), stepUp },
    });
    assert.equal(other.code, 'step_up_invalid', 'a proof for another text');
    const body = { document: laptops(), stepUp: await answerTo(about) };
    factors.pass(minute);
    assert.equal((await desk.call('POST', 'policies', { ...ada, authenticatedAt: 0 }, { body })).status, 201);
    assert.equal((await desk.call('POST', 'policies', ada, { body })).code, 'step_up_invalid', 'used');
    assert.equal((await factors.audited('step-up.passed')).length, 1);
  });

  test('approves, rolls back and retires with it', async (t) => {
    const { desk, ada, answerTo } = await given(t);
    const waiting = await desk.submitted(ada);
    assert.equal((await desk.see(ada, waiting)).body.approval.why?.code, 'step_up_required');
    assert.equal((await desk.approve(ada, waiting)).code, 'step_up_required');
    const { id, version, documentHash } = waiting;
    const approving = { action: 'approve-policy-draft', target: id, content: documentHash };
    const approval = { version, documentHash, stepUp: await answerTo(approving) };
    const approved = await desk.call<PolicyDraft>('POST', `policy-drafts/${id}/approve`, ada, { body: approval });
    assert.equal(approved.body.state, 'published');

    const content = sha256(laptops());
    const retire = (stepUp?: object) =>
      desk.call('POST', 'policies/laptops/retire', ada, { body: { reason: 'No laptops', stepUp } });
    assert.equal((await retire()).code, 'step_up_required');
    assert.equal((await retire(await answerTo({ action: 'retire-policy', target: 'laptops', content }))).status, 201);

    const rollBack = (stepUp?: object) =>
      desk.call('POST', 'policies/laptops/rollback', ada, { body: { version: 1, reason: 'Laptops again', stepUp } });
    assert.equal((await rollBack()).code, 'step_up_required');
    const again = await rollBack(await answerTo({ action: 'roll-back-policy', target: 'laptops', content }));
    assert.equal(again.status, 201);
    const versions = await desk.versions();
    assert.equal(versions.at(-1)?.current, 1);
  });

  test('needs none once there are two: another one approves', async (t) => {
    const { desk, ada } = await given(t);
    const waiting = await desk.submitted(ada);
    const bob = await desk.add('Bob');
    assert.equal((await desk.approve(ada, waiting)).code, 'second_approval_required');
    assert.equal((await desk.approve(bob, waiting)).body.state, 'published');
  });
});
