import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import type { PolicyDraft } from '@postern/shared/protocol/policy-draft';
import { minute } from '@postern/shared/time';
import { systemActor } from '../../audit/event.ts';
import { changeUser } from '../../identity/users.ts';
import { systemRandom } from '../../random.ts';
import { laptops, openDraftDesk } from '../testing/draft-desk.ts';

const other = 'value.enabled == true';

/** Three admins and an approver. */
async function given(t: TestContext) {
  const desk = await openDraftDesk(t);
  const [ada, bob, cy] = [await desk.add('Ada'), await desk.add('Bob'), await desk.add('Cy')];
  return { desk, ada, bob, cy, eve: await desk.add('Eve', ['approver']) };
}

describe('a draft', () => {
  test('is saved, submitted, and put into force by somebody who wrote none of it', async (t) => {
    const { desk, ada, bob } = await given(t);
    const written = await desk.write(ada, laptops(), 'Firewalls, at last');
    assert.equal(written.status, 201);
    assert.equal(written.headers['location'], `/v1/admin/policy-drafts/${written.body.id}`);
    assert.deepEqual([written.body.state, written.body.policy, written.body.baseVersion], ['draft', 'laptops', 0]);
    const submitted = (await desk.submit(ada, written.body)).body;
    assert.deepEqual([submitted.state, submitted.needsApproval], ['submitted', true]);
    const { status, body } = await desk.approve(bob, submitted);
    assert.equal(status, 200);
    assert.deepEqual([body.state, body.publishedVersion, body.decidedBy?.name], ['published', 1, 'Bob']);
    assert.deepEqual(await desk.versions(), [{ version: 1, current: 1, drafted_by: ada.id, approved_by: bob.id }]);
    const entries = await desk.audited();
    assert.deepEqual(
      entries.map(({ type, actor }) => [type, actor.id]),
      [
        ['policy.drafted', ada.id],
        ['policy.draft-submitted', ada.id],
        ['policy.published', bob.id],
      ],
    );
    const { data } = entries[2] ?? assert.fail();
    assert.deepEqual(
      [data['approval'], data['draft'], data['authors'], data['approvedBy'], data['documentHash'], data['replay']],
      ['second-person', written.body.id, [ada.id], bob.id, submitted.documentHash, null],
    );
    assert.ok(!JSON.stringify(entries).includes('at last'), 'what a person wrote lies beside the chain');
  });

  test('may be saved half done: its faults are listed, and it is not submitted', async (t) => {
    const { desk, ada } = await given(t);
    const { body } = await desk.write(ada, laptops('value.enabeld'));
    assert.equal(body.policy, 'laptops');
    assert.match(body.faults[0]?.message ?? '', /^line 7\b.*enabeld/);
    assert.equal(body.changedRules, null);
    const refused = await desk.submit(ada, body);
    assert.equal(refused.code, 'policy_invalid');
    assert.deepEqual((refused.body as unknown as { details: unknown }).details, body.faults);
    const nothing = (await desk.write(ada, 'just: begun')).body;
    assert.deepEqual([nothing.policy, nothing.base], [null, null]);
    const done = await desk.edit(ada, body, laptops());
    assert.deepEqual(done.body.faults, []);
    assert.equal((await desk.submit(ada, done.body)).body.state, 'submitted');
  });

  test('that would not look like what it says is not taken', async (t) => {
    const { desk, ada } = await given(t);
    // A comment that turns the rest of its line around on the approver's screen, and one that nobody sees.
    for (const hidden of ['\u202e', '\u200b', '\u0007']) {
      assert.equal((await desk.write(ada, `# all well ${hidden}\n${laptops()}`)).code, 'malformed_request');
      assert.equal((await desk.publish(ada, `# all well ${hidden}\n${laptops()}`)).code, 'malformed_request');
    }
    const { body } = await desk.write(ada, `${laptops()}\t\r\n \n`);
    assert.equal(body.document, `${laptops()}\t\r\n \n`, 'and is otherwise kept to the last space');
  });

  test('that is edited is a draft again, and its editor cannot approve it either', async (t) => {
    const { desk, ada, bob, cy } = await given(t);
    const submitted = await desk.submitted(ada);
    const edited = (await desk.edit(bob, submitted, laptops('value.enabled == true'))).body;
    assert.deepEqual([edited.state, edited.submittedAt, edited.editedBy.name], ['draft', null, 'Bob']);
    assert.deepEqual(
      edited.authors.map(({ name }) => name),
      ['Ada', 'Bob'],
    );
    // Ada writes the last word, and Bob still wrote some of it.
    const again = (await desk.edit(ada, edited, laptops('value.enabled != false'))).body;
    const waiting = (await desk.submit(cy, again)).body;
    for (const author of [ada, bob]) {
      assert.equal((await desk.approve(author, waiting)).code, 'second_approval_required');
      assert.equal((await desk.see(author, waiting)).body.approval.why?.code, 'second_approval_required');
    }
    assert.deepEqual((await desk.see(cy, waiting)).body.approval, { allowed: true, why: null });
    assert.equal((await desk.approve(cy, waiting)).status, 200, 'submitting is not writing');
    const refusals = await desk.audited('policy.approval-refused');
    assert.deepEqual(
      refusals.map(({ outcome, actor, subject, data }) => [outcome, actor.id, subject.id, data['code']]),
      [ada, bob].map(({ id }) => ['failure', id, waiting.id, 'second_approval_required']),
    );
  });

  test('is approved only as the text that the approver read', async (t) => {
    const { desk, ada, bob } = await given(t);
    const read = await desk.submitted(ada);
    const edited = (await desk.edit(ada, read, laptops(other))).body;
    const now = (await desk.submit(ada, edited)).body;
    assert.equal((await desk.approve(bob, read)).code, 'conflict');
    const swapped = { ...now, documentHash: read.documentHash };
    assert.equal((await desk.approve(bob, swapped)).code, 'conflict');
    assert.deepEqual(await desk.versions(), []);
    assert.equal((await desk.approve(bob, now)).status, 200);
  });

  test('that another publication has overtaken is looked at again first', async (t) => {
    const { desk, ada, bob } = await given(t);
    const [first, second] = [await desk.submitted(ada), await desk.submitted(ada, laptops(other))];
    await desk.approve(bob, first);
    const { body: seen } = await desk.see(bob, second);
    assert.deepEqual([seen.outdated, seen.approval.why?.code], [true, 'policy_draft_outdated']);
    const refused = await desk.approve(bob, second);
    assert.equal(refused.code, 'policy_draft_outdated');
    const members = refused.body as unknown as Record<string, unknown>;
    assert.deepEqual([members['base_version'], members['version_in_force']], [0, 1]);
    const rebased = (await desk.edit(ada, second, laptops(other))).body;
    assert.deepEqual([rebased.outdated, rebased.baseVersion, rebased.base?.document], [false, 1, laptops()]);
    assert.deepEqual(rebased.changedRules, ['firewall']);
    const waiting = (await desk.submit(ada, rebased)).body;
    assert.equal((await desk.approve(bob, waiting)).body.publishedVersion, 2);
  });

  test('that says what is in force already is not submitted', async (t) => {
    const { desk, ada, bob } = await given(t);
    await desk.approve(bob, await desk.submitted(ada));
    const { body } = await desk.write(ada, laptops());
    assert.equal((await desk.submit(ada, body)).code, 'policy_unchanged');
  });

  test('is discarded by anybody who could approve it, and that is the end of it', async (t) => {
    const { desk, ada, bob } = await given(t);
    const waiting = await desk.submitted(ada);
    const { body } = await desk.discard(bob, waiting, 'Not before the summer');
    assert.deepEqual([body.state, body.decidedBy?.name], ['discarded', 'Bob']);
    assert.equal((await desk.approve(bob, body)).code, 'policy_draft_state');
    assert.equal((await desk.submit(ada, body)).code, 'policy_draft_state');
    assert.equal((await desk.edit(ada, body, laptops(other))).code, 'policy_draft_state');
    assert.equal((await desk.discard(ada, body)).code, 'policy_draft_state');
    assert.deepEqual(
      (await desk.audited('policy.draft-%')).map(({ type }) => type),
      ['policy.draft-submitted', 'policy.draft-discarded'],
    );
  });

  test('is changed only as it was read', async (t) => {
    const { desk, ada, bob } = await given(t);
    const { body: read } = await desk.write(ada, laptops());
    await desk.edit(bob, read, laptops(other));
    assert.equal((await desk.edit(ada, read, laptops('value.enabled == false'))).code, 'conflict');
    assert.equal((await desk.submit(ada, read)).code, 'conflict');
    assert.equal((await desk.discard(ada, read)).code, 'conflict');
    assert.equal((await desk.see(ada, read)).body.document, laptops(other));
  });

  test('is seen by approvers and auditors, who approve none; employees see nothing', async (t) => {
    const { desk, ada, eve } = await given(t);
    const waiting = await desk.submitted(ada);
    assert.equal((await desk.see(eve, waiting)).body.approval.why?.code, 'not_allowed');
    assert.equal((await desk.approve(eve, waiting)).code, 'not_allowed');
    assert.equal((await desk.write(eve, laptops())).code, 'not_allowed');
    const erin = await desk.add('Erin', ['employee']);
    assert.equal((await desk.see(erin, waiting)).code, 'not_allowed');
  });

  test('is not approved by somebody whose role was taken away while they thought about it', async (t) => {
    const { desk, ada, bob } = await given(t);
    const waiting = await desk.submitted(ada);
    // The adapter has let Bob in as the admin that he was.
    await changeUser({ ...desk, random: systemRandom }, bob.id, { roles: ['employee'] }, systemActor, desk.clock.at);
    assert.equal((await desk.approve(bob, waiting)).code, 'not_allowed');
    assert.deepEqual(await desk.versions(), []);
  });

  test('that was replayed over the fleet is published with the id of the replay', async (t) => {
    const { desk, ada, bob } = await given(t);
    const waiting = await desk.submitted(ada);
    await desk.replay('another text', ada.id);
    const replay = await desk.replay(waiting.documentHash, ada.id);
    await desk.approve(bob, waiting);
    assert.equal((await desk.audited('policy.published'))[0]?.data['replay'], replay);
  });

  test('there is not is not found', async (t) => {
    const { desk, ada } = await given(t);
    const absent = { ...(await desk.submitted(ada)), id: `pdr_${'0'.repeat(32)}` };
    for (const answer of [
      await desk.see(ada, absent),
      await desk.edit(ada, absent, laptops()),
      await desk.submit(ada, absent),
      await desk.approve(ada, absent),
      await desk.discard(ada, absent),
    ])
      assert.equal(answer.code, 'not_found');
  });
});

test('the list has the newest drafts first, by state, page by page', async (t) => {
  const { desk, ada, bob } = await given(t);
  const drafts: PolicyDraft[] = [];
  for (const require of [other, 'value.enabled == false', 'value.enabled'])
    drafts.push((await desk.write(ada, laptops(require))).body);
  const [first, second, third] = drafts.map(({ id }) => id);
  const listed = async (query: Record<string, unknown>) => {
    const { body } = await desk.call<{ items: PolicyDraft[]; next: string | null }>('GET', 'policy-drafts', bob, {
      query,
    });
    return [body.items.map(({ id }) => id), body.next];
  };
  assert.deepEqual(await listed({ limit: '2' }), [[third, second], second]);
  assert.deepEqual(await listed({ limit: '2', after: second }), [[first], null]);
  await desk.submit(ada, drafts[1] ?? assert.fail());
  assert.deepEqual(await listed({ state: 'submitted' }), [[second], null]);
  assert.equal((await desk.call('GET', 'policy-drafts', bob, { query: { state: 'lost' } })).code, 'malformed_request');
});

describe('the only admin', () => {
  test('approves their own draft, having just proved who they are; the audit says that nobody else did', async (t) => {
    const desk = await openDraftDesk(t);
    const ada = await desk.add('Ada');
    const waiting = await desk.submitted(ada);
    assert.deepEqual([waiting.needsApproval, waiting.approval.allowed], [false, true]);
    desk.clock.at += 5 * minute + 1;
    assert.equal((await desk.see(ada, waiting)).body.approval.why?.code, 'step_up_required');
    const late = await desk.approve(ada, waiting);
    assert.deepEqual([late.status, late.code], [403, 'step_up_required']);
    const members = late.body as unknown as Record<string, unknown>;
    assert.deepEqual([members['error'], members['max_age']], ['insufficient_user_authentication', 300]);
    assert.equal((await desk.audited('policy.approval-refused'))[0]?.data['code'], 'step_up_required');
    desk.clock.at -= 1;
    assert.equal((await desk.approve(ada, waiting)).body.state, 'published', 'at five minutes to the millisecond');
    const [published] = await desk.audited('policy.published');
    assert.deepEqual([published?.data['approval'], published?.data['approvedBy']], ['single-admin', ada.id]);
  });

  test('is not the only one any more when another one appears before the approval', async (t) => {
    const desk = await openDraftDesk(t);
    const ada = await desk.add('Ada');
    const waiting = await desk.submitted(ada);
    const bob = await desk.add('Bob');
    assert.equal((await desk.approve(ada, waiting)).code, 'second_approval_required');
    assert.equal((await desk.approve(bob, waiting)).body.state, 'published');
  });

  test('who has left is not counted', async (t) => {
    const desk = await openDraftDesk(t);
    const [ada, bob] = [await desk.add('Ada'), await desk.add('Bob')];
    const waiting = await desk.submitted(ada);
    await changeUser({ ...desk, random: systemRandom }, bob.id, { active: false }, systemActor, desk.clock.at);
    assert.equal((await desk.approve(ada, waiting)).body.state, 'published');
  });

  test('publishes directly; with a second admin nobody does', async (t) => {
    const desk = await openDraftDesk(t);
    const ada = await desk.add('Ada');
    assert.equal((await desk.publish(ada, laptops())).status, 201);
    desk.clock.at += 6 * minute;
    assert.equal((await desk.publish(ada, laptops(other))).code, 'step_up_required');
    desk.clock.at -= 6 * minute;
    const dryRun = { body: { document: laptops(other), dryRun: true } };
    assert.equal((await desk.call('POST', 'policies', ada, dryRun)).body['needsApproval'], false);
    await desk.add('Bob');
    assert.equal((await desk.publish(ada, laptops(other))).code, 'second_approval_required');
    assert.equal((await desk.call('POST', 'policies', ada, dryRun)).body['needsApproval'], true);
    assert.equal((await desk.publish(ada, 'a: 1')).code, 'policy_invalid');
    assert.equal((await desk.versions()).length, 1);
    assert.deepEqual(
      (await desk.audited('policy.approval-refused')).map(({ subject, data }) => [subject.id, data['code']]),
      [
        ['laptops', 'step_up_required'],
        ['laptops', 'second_approval_required'],
      ],
    );
  });
});

describe('going back', () => {
  const rollback = { body: { version: 1, reason: 'It locked everybody out' } };

  test('is a draft of the old document that waits for somebody else', async (t) => {
    const { desk, ada, bob } = await given(t);
    await desk.approve(bob, await desk.submitted(ada));
    await desk.approve(bob, await desk.submitted(ada, laptops(other)));
    const { status, body } = await desk.call<PolicyDraft>('POST', 'policies/laptops/rollback', ada, rollback);
    assert.equal(status, 201);
    assert.deepEqual([body.state, body.document, body.note], ['submitted', laptops(), 'It locked everybody out']);
    assert.equal((await desk.approve(ada, body)).code, 'second_approval_required');
    assert.equal((await desk.approve(bob, body)).body.publishedVersion, 3);
    assert.deepEqual(
      (await desk.versions()).map(({ version, current }) => [version, current]),
      [
        [1, 0],
        [2, 0],
        [3, 1],
      ],
    );
  });

  test('is done at once by the only admin, having just proved who they are', async (t) => {
    const desk = await openDraftDesk(t);
    const ada = await desk.add('Ada');
    for (const require of ['value.enabled', other]) await desk.publish(ada, laptops(require));
    desk.clock.at += 6 * minute;
    assert.equal((await desk.call('POST', 'policies/laptops/rollback', ada, rollback)).code, 'step_up_required');
    assert.deepEqual(await desk.store.read.selectFrom('policy_drafts').select('id').execute(), []);
    desk.clock.at -= 6 * minute;
    const { body } = await desk.call<PolicyDraft>('POST', 'policies/laptops/rollback', ada, rollback);
    assert.deepEqual([body.state, body.publishedVersion], ['published', 3]);
  });

  test('nok: to what there never was, or what is in force', async (t) => {
    const desk = await openDraftDesk(t);
    const ada = await desk.add('Ada');
    await desk.publish(ada, laptops());
    const to = async (name: string, version: number) =>
      (await desk.call('POST', `policies/${name}/rollback`, ada, { body: { version, reason: 'x' } })).code;
    assert.equal(await to('laptops', 2), 'policy_version_unknown');
    assert.equal(await to('phones', 1), 'policy_version_unknown');
    assert.equal(await to('laptops', 1), 'policy_unchanged');
    assert.equal(await to('laptops', 0), 'malformed_request');
  });
});

describe('a policy that is retired', () => {
  const retirement = { body: { reason: 'There are no laptops any more' } };

  test('is out of force once somebody else approves, and its numbers go on when it comes back', async (t) => {
    const { desk, ada, bob } = await given(t);
    await desk.approve(bob, await desk.submitted(ada));
    const { body } = await desk.call<PolicyDraft>('POST', 'policies/laptops/retire', ada, retirement);
    assert.deepEqual([body.action, body.state, body.changedRules], ['retire', 'submitted', ['firewall']]);
    assert.equal((await desk.edit(ada, body, laptops(other))).code, 'policy_draft_state');
    assert.equal((await desk.approve(ada, body)).code, 'second_approval_required');
    const epoch = await desk.epoch();
    const done = (await desk.approve(bob, body)).body;
    assert.deepEqual([done.state, done.publishedVersion], ['published', null]);
    assert.notEqual(await desk.epoch(), epoch, 'every server reads its rules again');
    assert.deepEqual(
      (await desk.versions()).map(({ version, current }) => [version, current]),
      [[1, 0]],
    );
    const [entry] = await desk.audited('policy.retired');
    assert.deepEqual([entry?.data['previousVersion'], entry?.data['approval']], [1, 'second-person']);
    assert.equal((await desk.call('POST', 'policies/laptops/retire', ada, retirement)).code, 'policy_version_unknown');
    const back = await desk.call<PolicyDraft>('POST', 'policies/laptops/rollback', ada, {
      body: { version: 1, reason: 'Somebody found one' },
    });
    assert.equal((await desk.approve(bob, back.body)).body.publishedVersion, 2);
  });

  test('is not the one that the approver read when a version came in between', async (t) => {
    const { desk, ada, bob } = await given(t);
    await desk.approve(bob, await desk.submitted(ada));
    const { body } = await desk.call<PolicyDraft>('POST', 'policies/laptops/retire', ada, retirement);
    await desk.approve(bob, await desk.submitted(ada, laptops(other)));
    assert.equal((await desk.approve(bob, body)).code, 'policy_draft_outdated');
    assert.equal((await desk.versions()).at(-1)?.current, 1);
  });
});
