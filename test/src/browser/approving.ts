import assert from 'node:assert/strict';
import { test } from 'node:test';
import { app, ConsoleScene, firewall, payroll, type Visit } from './scene.ts';

/** What approvers and reviewers see and do. */
export function approving(visit: Visit): void {
  test('an approver sees evidence, risk and impact, approves with a passkey, and revokes', async (t) => {
    const scene = await ConsoleScene.open(t);
    const erin = await scene.person('Erin', 'erin@example.org', ['employee']);
    const laptop = await scene.device(erin.id);
    const { id } = await scene.asked(laptop, 'Customers are here all day');
    const { link } = await scene.person('Bob', 'bob@example.org', ['approver']);
    const bob = await visit(t, link);
    await bob.addPasskey("Bob's laptop");
    assert.ok(!bob.page.url().includes('sign-in'), 'the code of the link leaves the address bar');

    const requests = bob.section('Requests that wait');
    await requests.getByText('It waits for you.').waitFor();
    await bob.look('requests');
    await requests.getByRole('button', { name: 'Look closer' }).click();
    for (const seen of [
      /What the rules found:/,
      /^baseline\/firewall: fail/,
      /^Risk \d+ of 100$/,
      /^\+\d+: /,
      /^Firewall \(baseline\/firewall, high\): asks for/,
      /^https:\/\/app\.example.*: closed now, afterwards open, with tokens of 5 minutes$/,
      /^Approved now, it lasts 2 hours and ends in 2 hours/,
      /^To approve takes a passkey\.$/,
    ])
      await requests.getByText(seen).first().waitFor();
    await bob.look('request');

    await requests.getByLabel('Your reason (optional)').fill('Seen the calendar');
    await requests.getByLabel('For how long').selectOption('1h');
    await requests.getByRole('button', { name: 'Approve' }).click();
    await bob.look('proof');
    await bob.useThePasskey(`You approve an exception from ${firewall} for Erin, for 1h.`);
    await bob.told('Approved: Erin');
    const seen = await scene.seen(String(id));
    const [decision] = seen['decisions'] as { authn: { level: string }; reason: string }[];
    assert.deepEqual(
      [seen['state'], seen['durationSeconds'], decision?.authn.level, decision?.reason],
      ['active', 3600, 'passkey', 'Seen the calendar'],
    );
    const token = await laptop.accessToken(app);
    assert.equal((await scene.gateways.app.introspect(token))['active'], true);

    await bob.look('in-force');
    await bob.section('In force').getByRole('button', { name: 'Revoke now' }).click();
    await bob.told('Revoked: Erin');
    assert.deepEqual(await scene.gateways.app.introspect(token), { active: false });
    assert.deepEqual(bob.faults, []);
  });

  test('somebody on call lets themselves in with a passkey, and somebody else finds that it was no emergency', async (t) => {
    const scene = await ConsoleScene.open(t);
    const erin = await scene.person('Erin', 'erin@example.org', ['employee']);
    await scene.change(erin.id, { groups: ['on-call'] });
    const laptop = await scene.device(erin.id);
    assert.equal((await laptop.attest()).status, 200);
    const visitor = await visit(t, erin.link);
    await visitor.addPasskey("Erin's laptop");
    const mine = visitor.section('My devices and access');
    await mine.getByText('Emergency: nobody can approve in time').click();
    const form = mine.locator('form').filter({ hasText: 'Let me in now' });
    await form.getByLabel('For how long').selectOption('30m');
    await form.getByLabel('Role').selectOption('operator');
    await form.getByLabel('Why, in your own words').fill('Wages are not paid and the queue grows');
    await visitor.look('emergency');
    await form.getByRole('button', { name: 'Let me in now' }).click();
    await visitor.useThePasskey(`You ask for access to ${payroll} as operator, for 30m.`);
    await visitor.told(`Granted: access to ${payroll} as operator. Everybody concerned is told`);
    const token = await laptop.accessToken(payroll);
    assert.equal((await scene.gateways.payroll.introspect(token))['active'], true);
    await visitor.look('mine');

    const { link } = await scene.person('Eve', 'eve@example.org', ['approver']);
    const eve = await visit(t, link);
    const reviews = eve.section('Reviews to do');
    await reviews.getByRole('button', { name: 'Look closer' }).click();
    await reviews.getByText('1 token issued under it.').waitFor();
    await reviews.getByLabel('What you make of it').selectOption('repudiated');
    await reviews.getByLabel('Why', { exact: true }).fill('It could have waited for an approver');
    await eve.look('review');
    await reviews.getByRole('button', { name: 'Decide' }).click();
    await eve.told('Your review is recorded.');
    await reviews.getByText('There is nothing to review.').waitFor();
    assert.deepEqual(await scene.gateways.payroll.introspect(token), { active: false });
    assert.deepEqual([...visitor.faults, ...eve.faults], []);
  });

  test('a manager who is no approver hears of it, sees the same, and approves with a passkey', async (t) => {
    const scene = await ConsoleScene.open(t);
    const erin = await scene.person('Erin', 'erin@example.org', ['employee']);
    const max = await scene.person('Max', 'max@example.org', ['employee']);
    await scene.change(erin.id, { manager: max.id });
    const { id } = await scene.asked(await scene.device(erin.id), 'Customers are here all day', 'errands');
    await scene.tell();
    const visitor = await visit(t, max.link);
    await visitor.addPasskey("Max's laptop");
    const notices = visitor.section(/^Notices/);
    await notices.getByText('Erin asks for').click();
    await notices.getByRole('link', { name: 'Look at it' }).click();
    const named = visitor.section('What you were told of');
    await named.getByText(/afterwards open, with tokens of 5 minutes$/).waitFor();
    await named.getByText('It waits for you. “Your manager”: their manager.').waitFor();
    await named.getByRole('button', { name: 'Approve' }).click();
    await visitor.useThePasskey(`You approve an exception from ${firewall} for Erin, for 2 hours.`);
    await visitor.told('Approved: Erin');
    assert.equal((await scene.seen(String(id)))['state'], 'active');
    assert.deepEqual(visitor.faults, []);
  });
}
