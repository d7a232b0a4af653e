import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openDesk } from '../testing/desk.ts';
import { payroll, wiki } from '../testing/policy.ts';

describe('at the same instant', () => {
  test('two approve what needs two: both count', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked({ rules: ['base/disk'] });
    const answers = await Promise.all([desk.act(desk.bob, 'approve', waiting), desk.act(desk.eve, 'approve', waiting)]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200],
    );
    const seen = await desk.seen(waiting);
    assert.deepEqual([seen.state, seen.decisions.length], ['active', 2]);
    assert.deepEqual(await desk.audited(waiting), [
      'exception.requested',
      'exception.approval-recorded',
      'exception.approved',
    ]);
  });

  test('two approve what needs one: one counts, the other hears that it is decided', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked();
    const answers = await Promise.all([desk.act(desk.bob, 'approve', waiting), desk.act(desk.eve, 'approve', waiting)]);
    assert.deepEqual(answers.map(({ code }) => code ?? 'done').toSorted(), ['done', 'exception_state']);
    assert.equal((await desk.seen(waiting)).decisions.length, 1);
    assert.deepEqual((await desk.audited(waiting)).filter((type) => type === 'exception.approved').length, 1);
  });

  test('one person approves twice: it is one vote', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked({ rules: ['base/disk'] });
    const answers = await Promise.all([desk.act(desk.bob, 'approve', waiting), desk.act(desk.bob, 'approve', waiting)]);
    assert.deepEqual(answers.map(({ code }) => code ?? 'done').toSorted(), ['already_decided', 'done']);
    assert.equal((await desk.seen(waiting)).state, 'pending');
  });

  test('one approves and one denies: one of them is first, and that is how it is', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked();
    const [approval, denial] = await Promise.all([
      desk.act(desk.bob, 'approve', waiting),
      desk.act(desk.eve, 'deny', waiting),
    ]);
    const { state } = await desk.seen(waiting);
    assert.equal(state, approval.status === 200 ? 'active' : 'denied');
    assert.equal([approval, denial].filter(({ status }) => status === 200).length, 1);
    assert.deepEqual(await desk.places(), state === 'active' ? { 'base/firewall *': waiting.id } : {});
  });

  test('approved and withdrawn: never both', async (t) => {
    for (const first of ['approve', 'withdraw'] as const) {
      const desk = await openDesk(t);
      const waiting = await desk.asked();
      const approve = () => desk.act(desk.bob, 'approve', waiting);
      const withdraw = () => desk.own('withdraw', waiting);
      const answers = await Promise.all(first === 'approve' ? [approve(), withdraw()] : [withdraw(), approve()]);
      assert.deepEqual(answers.map(({ code }) => code ?? 'done').toSorted(), ['done', 'exception_state']);
      const { state } = await desk.seen(waiting);
      assert.deepEqual(await desk.places(), state === 'active' ? { 'base/firewall *': waiting.id } : {});
      const ends = (await desk.audited(waiting)).filter((type) => /approved|withdrawn/.test(type));
      assert.deepEqual(ends, [state === 'active' ? 'exception.approved' : 'exception.withdrawn']);
    }
  });

  test('two ask for the same place: one has it', async (t) => {
    const desk = await openDesk(t);
    const answers = await Promise.all([desk.ask(), desk.ask({ resources: [wiki] }), desk.ask()]);
    assert.deepEqual(answers.map(({ code }) => code ?? 'done').toSorted(), [
      'done',
      'exception_overlaps',
      'exception_overlaps',
    ]);
    const winner = answers.find(({ status }) => status === 201)?.body;
    assert.deepEqual(await desk.places(), {
      [`base/firewall ${winner?.resources[0] ?? '*'}`]: winner?.id,
    });
    const asked = await desk.store.read.selectFrom('exceptions').select('id').execute();
    assert.equal(asked.length, 1);
  });

  test('several ask for different places: each has its own', async (t) => {
    const desk = await openDesk(t);
    const answers = await Promise.all([
      desk.ask({ resources: [wiki] }),
      desk.ask({ resources: [payroll] }),
      desk.ask({ rules: ['base/lock'] }),
      desk.ask({ rules: ['base/disk'] }),
    ]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [201, 201, 201, 201],
    );
    assert.equal(Object.keys(await desk.places()).length, 4);
  });

  test('two extensions of one exception: one waits', async (t) => {
    const desk = await openDesk(t);
    const first = await desk.granted();
    const answers = await Promise.all([desk.extend(first, '4h'), desk.extend(first, '5h')]);
    assert.deepEqual(answers.map(({ code }) => code ?? 'done').toSorted(), ['done', 'exception_overlaps']);
  });

  test('an extension is approved and the exception revoked: never both in force, never a place too many', async (t) => {
    const desk = await openDesk(t);
    const first = await desk.granted();
    const { body: second } = await desk.extend(first, '4h');
    const [approved, revoked] = await Promise.all([
      desk.act(desk.bob, 'approve', second),
      desk.act(desk.eve, 'revoke', first),
    ]);
    assert.equal([approved, revoked].filter(({ status }) => status === 200).length, 1);
    const live = [await desk.seen(first), await desk.seen(second)].filter((each) => each.live);
    assert.equal(live.length, approved.status === 200 ? 1 : 0);
    assert.deepEqual(await desk.places(), approved.status === 200 ? { 'base/firewall *': second.id } : {});
  });

  test('revoked, relinquished and swept: it ends once', async (t) => {
    const desk = await openDesk(t);
    const exception = await desk.granted();
    await Promise.all([desk.act(desk.eve, 'revoke', exception), desk.own('relinquish', exception), desk.sweep()]);
    const ends = (await desk.audited(exception)).filter((type) => /\.(revoked|relinquished|expired)$/.test(type));
    assert.equal(ends.length, 1);
    assert.equal(`exception.${(await desk.seen(exception)).state}`, ends[0]);
  });
});
