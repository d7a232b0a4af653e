import assert from 'node:assert/strict';
import { test } from 'node:test';
import { app, ConsoleScene, firewall, payroll, type Visit } from './scene.ts';

/** What people ask for and end. */
export function asking(visit: Visit): void {
  test('somebody sees what an exception would mean, asks, takes it back, and departs from the rule in an emergency', async (t) => {
    const scene = await ConsoleScene.open(t);
    const erin = await scene.person('Erin', 'erin@example.org', ['employee']);
    await scene.change(erin.id, { groups: ['on-call'] });
    const laptop = await scene.device(erin.id);
    await laptop.attest({}, laptop.firewallOff());
    const visitor = await visit(t, erin.link);
    const mine = visitor.section('My devices and access');
    await mine.getByText('Ask for an exception from rules').click();
    const form = mine.locator('form').filter({ hasText: 'What it would mean' });
    await form.getByLabel('Why it is needed').selectOption({ label: 'Work in the field' });
    await form.getByRole('button', { name: 'What it would mean' }).click();
    await form.getByText('closed now, afterwards open, with tokens of 5 minutes').first().waitFor();
    await form.getByLabel('Why, in your own words').fill('Customers are here all day');
    await visitor.look('asking');
    await form.getByRole('button', { name: 'Ask' }).click();
    await visitor.told(`Asked for: an exception from ${firewall}. It waits for approval.`);
    await mine.getByRole('button', { name: 'Take it back' }).click();
    await visitor.told('Taken back.');

    await visitor.addPasskey("Erin's laptop");
    await mine.getByText('Emergency: nobody can approve in time').click();
    const emergency = mine.locator('form').filter({ hasText: 'Waive them now' });
    await emergency.getByLabel('Why, in your own words').fill('The shop is down and it needs me');
    await emergency.getByRole('button', { name: 'Waive them now' }).click();
    await visitor.useThePasskey(`You ask for an exception from ${firewall}, for 15m.`);
    await visitor.told(`Granted: an exception from ${firewall}.`);
    const token = await laptop.accessToken(app);
    await mine.getByRole('button', { name: 'End it now' }).click();
    await visitor.told(`Ended: an exception from ${firewall}.`);
    assert.deepEqual(await scene.gateways.app.introspect(token), { active: false });
    assert.deepEqual(visitor.faults, []);
  });

  test('somebody asks for access, gets it, and ends it', async (t) => {
    const scene = await ConsoleScene.open(t);
    const erin = await scene.person('Erin', 'erin@example.org', ['employee']);
    const laptop = await scene.device(erin.id);
    await laptop.attest();
    const visitor = await visit(t, erin.link);
    const mine = visitor.section('My devices and access');
    await mine.getByText('Ask for access to a resource').click();
    const form = mine.locator('form').filter({ hasText: 'What for' });
    await form.getByLabel('Role').selectOption('reader');
    await form.getByLabel('Why, in your own words').fill('A wage was paid twice');
    await form.getByRole('button', { name: 'Ask' }).click();
    await visitor.told(`Asked for: access to ${payroll} as reader. It waits for approval.`);
    const bob = await scene.backend.person('bob@example.org', ['approver']);
    const { body } = await bob.get('/v1/admin/exceptions?state=pending');
    const [request] = body['items'] as { id: string; requestHash: string }[];
    const { requestHash } = request ?? assert.fail();
    assert.equal((await bob.post(`/v1/admin/exceptions/${request?.id}/approve`, { requestHash })).status, 200);
    await visitor.page.reload();
    await mine.getByText('approved, waits for its first use').waitFor();
    const token = await laptop.accessToken(payroll);
    await mine.getByRole('button', { name: 'End it now' }).click();
    await visitor.told(`Ended: access to ${payroll} as reader.`);
    assert.deepEqual(await scene.gateways.payroll.introspect(token), { active: false });
    assert.deepEqual(visitor.faults, []);
  });
}
