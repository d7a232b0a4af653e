import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { denyCode } from '@postern/server/notify/deny-code';
import { hour } from '@postern/shared/time';
import { runJson } from '../support/command.ts';
import { Desktop, screenLockPolicy } from '../support/desktop.ts';
import { Agent } from '../support/enrolled-agent.ts';
import { inBrowser, type Visit } from '../support/in-browser.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { Visitor } from '../support/visitor.ts';
import { addPasskey } from './passkey.ts';
import { app, ConsoleScene, firewall, payroll } from './scene.ts';

const hostile = '<img src=x onerror=alert(1)></p><script>alert(2)</script>';
const screenLock = 'baseline/screen-lock';

/** The agent of somebody at a desktop whose screen does not lock. */
async function agentOf(t: TestContext, { backend }: ConsoleScene, email: string) {
  const desktop = new Desktop(temporaryFolder(t, 'home'));
  const agent = new Agent({ POSTERN_AGENT_DATA: temporaryFolder(t, 'agent'), ...desktop.env });
  const { answer } = await runJson<{ token: string }>(
    'postern-server',
    ['enrollment-token', '--owner', email],
    backend.env,
  );
  const { issuer } = backend.server.deps.config;
  const enrolled = await agent.run(['enroll', issuer, '--token', '-', '--name', hostile], answer.token);
  assert.equal(enrolled.code, 0, enrolled.stderr);
  return { agent, desktop };
}

const mayGo = async (agent: Agent) => (await agent.run(['token', '--resource', app, '--quiet'])).code === 0;

async function approveOnly(scene: ConsoleScene): Promise<void> {
  const bob = await scene.backend.person('bob@example.org', ['approver']);
  const { body } = await bob.get('/v1/admin/exceptions?state=pending');
  const [request, ...more] = body['items'] as { id: string; requestHash: string }[];
  assert.ok(request !== undefined && more.length === 0);
  const { status, body: decided } = await bob.post(`/v1/admin/exceptions/${request.id}/approve`, {
    requestHash: request.requestHash,
  });
  assert.equal(status, 200, JSON.stringify(decided));
}

const cardOf = ({ page }: Visitor, text: string | RegExp) => page.getByRole('article').filter({ hasText: text });

inBrowser('an employee', (visit: Visit) => {
  async function comes(
    t: TestContext,
    scene: ConsoleScene,
    link: string,
    path = '/me',
    heading = 'My devices',
  ): Promise<Visitor> {
    const visitor = await visit.signedIn(t, link, scene.screen(path));
    await visitor.heading(heading);
    return visitor;
  }

  test('who is blocked sees why and how to fix it, asks, is let in, gives it back, and is blocked again', async (t) => {
    const scene = await ConsoleScene.open(t);
    await scene.backend.publish(screenLockPolicy, scene.admin);
    const { link } = await scene.person('Erin', 'erin@example.org', ['employee']);
    const { agent, desktop } = await agentOf(t, scene, 'erin@example.org');
    desktop.lockAfter('never');
    await agent.run(['attest']);
    assert.equal(await mayGo(agent), false);

    const erin = await comes(t, scene, link);
    const { page } = erin;
    const device = erin.section(hostile);
    await device.getByText('It gets no access: 1 rule stands in the way').waitFor();
    const rule = device.locator(`[data-rule="${screenLock}"]`);
    await rule.getByText('The screen locks by itself within 15 minutes').waitFor();
    await rule.getByText('It blocks now').waitFor();
    await rule.getByText(/choose "Screen locking", and switch on/).waitFor();
    await device.getByText('postern-agent attest').waitFor();
    await device.getByRole('button', { name: 'What this device sent' }).click();
    const sent = device.getByRole('table', { name: 'What this device sent' });
    await sent.getByText('"enabled": false').first().waitFor();
    await device.getByRole('button', { name: 'What this device is asked for' }).click();
    await erin.look('my-devices');

    await rule.getByRole('link', { name: 'Ask for an exception' }).click();
    await erin.heading('Ask');
    const means = erin.section('What it would mean');
    await means.getByText(`${app}: closed now, opens with tokens of 5 minutes`).waitFor();
    await means.getByText('Approval: 1 approval, by any approver').waitFor();
    await page.getByLabel('For how long').selectOption({ label: '4 hours' });
    await means.getByText(/Approved now, it lasts 4 hours/).waitFor();
    await page.getByLabel('Why, in your own words').fill(hostile);
    await erin.look('ask');
    await page.getByRole('button', { name: 'Ask', exact: true }).click();
    await erin.told(`Asked for: an exception from ${screenLock}. It waits for a decision.`);

    await erin.heading('My requests');
    const card = cardOf(erin, screenLock);
    await card.getByText('Waits for a decision').waitFor();
    await card.getByText('Approval: any approver, 0 of 1 given').waitFor();
    await card.getByText(hostile).first().waitFor();
    await erin.look('my-requests');
    assert.equal(await page.locator('main img, main script').count(), 0, 'what people wrote stays text');

    await approveOnly(scene);
    // Nobody loads the page again.
    await card.getByText('In force').waitFor();
    await card.getByText(/3 hours 59 minutes left|4 hours left/).waitFor();
    assert.equal(await mayGo(agent), true);

    await erin.goOn(scene.screen('/me'), 'My devices');
    await device.getByText('It has access because of an exception, which ends by itself.').waitFor();
    await device.getByRole('button', { name: 'End it now' }).click();
    const dialog = page.getByRole('dialog', { name: 'End it now?' });
    await dialog.getByText(`You give back an exception from ${screenLock}, on ${hostile}.`).waitFor();
    await dialog.getByRole('button', { name: 'End it now' }).click();
    await erin.told(`Ended: an exception from ${screenLock}.`);
    await device.getByText('It gets no access: 1 rule stands in the way').waitFor();
    assert.equal(await mayGo(agent), false);

    desktop.lockAfter(5);
    await agent.run(['attest']);
    await device.getByText('Nothing stands in its way.').waitFor();
    assert.equal(await mayGo(agent), true);
  });

  test('somebody changes a request, takes it back, has another, and asks for more time', async (t) => {
    const scene = await ConsoleScene.open(t);
    const { id: erinId, link } = await scene.person('Erin', 'erin@example.org', ['employee']);
    const laptop = await scene.device(erinId);
    await scene.asked(laptop, 'Customers are here all day', 'errands');
    const erin = await comes(t, scene, link, '/me/requests', 'My requests');
    const { page } = erin;
    const card = cardOf(erin, firewall);
    await card.getByText('Your manager: your manager, 0 of 1 given').waitFor();

    await card.getByRole('button', { name: 'Change' }).click();
    const edit = page.getByRole('dialog', { name: 'Change this request' });
    await edit.getByLabel('For how long').selectOption({ label: '1 hour' });
    await edit.getByLabel('Why, in your own words').fill('Customers are here until noon');
    await edit.getByRole('button', { name: 'Send' }).click();
    await erin.told('Changed. It waits for a decision again.');
    await card.getByText('Customers are here until noon').waitFor();
    await card.getByRole('button', { name: 'Take it back' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click();
    await erin.told('Taken back.');
    const over = page.getByRole('table', { name: 'Requests that are over' });
    await over.getByText('Withdrawn').waitFor();

    const wish = { rules: [firewall], duration: '1h', justification: 'Customers are here again' };
    assert.equal((await laptop.call('POST', '/v1/exceptions', wish)).status, 201);
    await approveOnly(scene);
    await card.getByText('In force').waitFor();
    await card.getByRole('button', { name: 'Ask for more time' }).click();
    const more = page.getByRole('dialog', { name: 'Ask for more time' });
    await more.getByLabel('For how long').selectOption({ label: '8 hours' });
    await more.getByLabel('Why, in your own words').fill('They stay for dinner as well');
    await more.getByRole('button', { name: 'Send' }).click();
    await erin.told('Asked for more time.');
    await card.getByText('They stay for dinner as well').waitFor();
  });

  test('somebody asks for access to a resource and ends it; on call they help themselves with a passkey, and hear what follows', async (t) => {
    const scene = await ConsoleScene.open(t);
    const { id: erinId, link } = await scene.person('Erin', 'erin@example.org', ['employee']);
    await scene.change(erinId, { groups: ['on-call'] });
    const laptop = await scene.device(erinId);
    await laptop.attest();
    const erin = await comes(t, scene, link, '/me/ask?kind=access', 'Ask');
    const { page } = erin;
    const form = erin.section('What to ask for');
    await form.getByLabel('As what').selectOption('reader');
    await form.getByLabel('Why, in your own words').fill('A wage was paid twice');
    await erin
      .section('What it would mean')
      .getByText(/closed now, opens/)
      .waitFor();
    await erin.look('ask-access');
    await form.getByRole('button', { name: 'Ask', exact: true }).click();
    await erin.told(`Asked for: access to ${payroll} as reader.`);
    await erin.heading('My requests');
    await approveOnly(scene);
    const card = cardOf(erin, 'as reader');
    await card.getByText('Waits for its first use').waitFor();
    const token = await laptop.accessToken(payroll);
    await card.getByText('In force').waitFor();
    await card.getByRole('button', { name: 'End it now' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End it now' }).click();
    await erin.told(`Ended: access to ${payroll} as reader.`);
    assert.deepEqual(await scene.gateways.payroll.introspect(token), { active: false });

    await addPasskey(erin);
    await erin.goOn(scene.screen('/me/ask?kind=emergency'), 'Ask');
    await page.getByRole('radiogroup', { name: 'What to ask for' }).getByText('Access to a resource').click();
    await form.getByLabel('As what').selectOption('operator');
    await form.getByLabel('Why, in your own words').fill('Wages are not paid and the queue grows');
    await form.getByRole('button', { name: 'Use the emergency' }).click();
    const confirm = page.getByRole('dialog', { name: 'Use the emergency?' });
    await confirm.getByText('Somebody reviews it within a day.').waitFor();
    await erin.look('emergency');
    await confirm.getByRole('button', { name: 'Use the emergency' }).click();
    await erin.proveWithPasskey(`You ask for access to ${payroll} as operator, for 15 minutes.`);
    await erin.told('Everybody concerned is told, and somebody will review it within a day.');
    await cardOf(erin, 'as operator').getByText('You used this in an emergency.').waitFor();
    const used = await laptop.accessToken(payroll);
    assert.equal((await scene.gateways.payroll.introspect(used))['active'], true);
  });

  test('who has no device, or nothing in the way, is told what to do instead', async (t) => {
    const scene = await ConsoleScene.open(t);
    const { id: erinId, link } = await scene.person('Erin', 'erin@example.org', ['employee']);
    const erin = await comes(t, scene, link);
    const { page } = erin;
    await page.getByText('You have no device here yet').waitFor();
    await erin.look('no-device');
    await erin.goOn(scene.screen('/me/requests'), 'My requests');
    await page.getByText('You have no exception and no access, and wait for none').waitFor();
    await erin.goOn(scene.screen('/me/ask'), 'Ask');
    await page.getByText('You have no device that could use it').waitFor();
    const laptop = await scene.device(erinId);
    await laptop.attest();
    await page.getByText('No rule stands in the way of this device').waitFor();
    await page.getByRole('radiogroup').getByText('In an emergency').click();
    await page.getByText('You may not use emergencies').waitFor();
  });

  test('the link in a mail denies after a click and not before, without signing in', async (t) => {
    const scene = await ConsoleScene.open(t);
    const erin = await scene.person('Erin', 'erin@example.org', ['employee']);
    const { id, requestHash } = await scene.asked(await scene.device(erin.id), 'Customers are here all day');
    const bob = await scene.person('Bob', 'bob@example.org', ['approver']);
    const { config } = scene.backend.server.deps;
    const exp = scene.backend.clock.now() + hour;
    const denial = { exception: String(id), requestHash: String(requestHash), person: bob.id, exp };
    const code = denyCode(config.masterSecret, denial);
    const visitor = await visit(t, scene.screen(`/deny#${code}`));
    const { page } = visitor;
    const button = page.getByRole('button', { name: 'Deny this request' });
    await button.waitFor();
    assert.equal(page.url(), scene.screen('/deny'), 'the code leaves the address bar');
    assert.ok(!(await page.content()).includes('Erin'), 'a link that got lost tells nobody anything');
    assert.equal((await scene.seen(String(id)))['state'], 'pending');
    await visitor.look('deny');
    await page.getByLabel(/^Why/).fill('Use the other laptop');
    await button.click();
    await page.getByRole('heading', { name: 'The request is denied' }).waitFor();
    assert.equal((await scene.seen(String(id)))['state'], 'denied');

    const again = await visit(t, scene.screen(`/deny#${code}`));
    await again.page.getByRole('button', { name: 'Deny this request' }).click();
    await again.told('This link is wrong or too old, or the request was decided already.');
    await again.page.goto('about:blank');
    await again.goto(scene.screen('/deny'), 'Deny a request');
    await again.page.getByText('This address is not whole').waitFor();
  });
});
