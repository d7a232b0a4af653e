import assert from 'node:assert/strict';
import { after, before, describe, test, type TestContext } from 'node:test';
import type { Browser } from 'playwright-core';
import { denyCode } from '@postern/server/notify/deny-code';
import { hour } from '@postern/shared/time';
import { findBrowser, howToGetBrowser, launchBrowser, Visitor } from '../support/browser.ts';
import { totp } from '../support/totp.ts';
import { app, ConsoleScene, firewall, payroll } from './scene.ts';

const hostile = '<img src=x onerror=alert(1)></p><script>alert(2)</script>';

function stories(executablePath: string) {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser(executablePath);
  });
  after(() => browser.close());

  /** Somebody in a browser of their own. */
  const visit = async (t: TestContext, address: string): Promise<Visitor> => {
    const visitor = await Visitor.come(browser);
    t.after(() => visitor.page.context().close());
    await visitor.page.goto(address);
    return visitor;
  };

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
    await bob.shoot('requests');
    await requests.getByRole('button', { name: 'Look closer' }).click();
    for (const seen of [
      /What the rules found:/,
      /^baseline\/firewall: fail/,
      /^Risk \d+ of 100$/,
      /^\+\d+: /,
      /^Firewall \(baseline\/firewall, high\): asks for/,
      /^https:\/\/app\.example.*: closed now, open, tokens of 5 minutes afterwards$/,
      /^Approved now, it lasts 2 hours and ends in 2 hours/,
      /^To approve takes a passkey\.$/,
    ])
      await requests.getByText(seen).first().waitFor();
    await bob.shoot('request');

    await requests.getByLabel('Your reason (optional)').fill('Seen the calendar');
    await requests.getByLabel('For how long').selectOption('1h');
    await requests.getByRole('button', { name: 'Approve' }).click();
    await bob.shoot('proof');
    await bob.useThePasskey(`You approve an exception from ${firewall} for Erin, for 1h.`);
    await bob.told('Approved: Erin');
    const seen = await scene.seen(String(id));
    const [decision] = seen['decisions'] as { authn: { level: string }; reason: string }[];
    assert.deepEqual(
      [seen['state'], seen['durationSeconds'], decision?.authn.level, decision?.reason],
      ['active', 3600, 'passkey', 'Seen the calendar'],
    );
    const token = await laptop.accessToken(app);
    assert.equal((await scene.gateway.introspect(token))['active'], true);

    await bob.shoot('in-force');
    await bob.section('In force').getByRole('button', { name: 'Revoke now' }).click();
    await bob.told('Revoked: Erin');
    assert.deepEqual(await scene.gateway.introspect(token), { active: false });
    assert.deepEqual(bob.faults, []);
  });

  test('somebody on call lets themselves in with a passkey, and somebody else finds that it was no emergency', async (t) => {
    const scene = await ConsoleScene.open(t);
    const erin = await scene.person('Erin', 'erin@example.org', ['employee']);
    await scene.admin.call('PATCH', `/v1/admin/users/${erin.id}`, { groups: ['on-call'] });
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
    await visitor.shoot('emergency');
    await form.getByRole('button', { name: 'Let me in now' }).click();
    await visitor.useThePasskey(`You ask for access to ${payroll} as operator, for 30m.`);
    await visitor.told(`Granted: access to ${payroll} as operator. Everybody concerned is told`);
    const token = await laptop.accessToken(payroll);
    assert.equal((await scene.gateway.introspect(token))['active'], true);
    await visitor.shoot('mine');

    const { link } = await scene.person('Eve', 'eve@example.org', ['approver']);
    const eve = await visit(t, link);
    const reviews = eve.section('Reviews to do');
    await reviews.getByRole('button', { name: 'Look closer' }).click();
    await reviews.getByText('1 token issued under it.').waitFor();
    await reviews.getByLabel('What you make of it').selectOption('repudiated');
    await reviews.getByLabel('Why', { exact: true }).fill('It could have waited for an approver');
    await eve.shoot('review');
    await reviews.getByRole('button', { name: 'Decide' }).click();
    await eve.told('Your review is recorded.');
    await reviews.getByText('There is nothing to review.').waitFor();
    assert.deepEqual(await scene.gateway.introspect(token), { active: false });
    assert.deepEqual([...visitor.faults, ...eve.faults], []);
  });

  test('somebody asks for access, and ends it; asks for an exception, and takes it back', async (t) => {
    const scene = await ConsoleScene.open(t);
    const erin = await scene.person('Erin', 'erin@example.org', ['employee']);
    const laptop = await scene.device(erin.id);
    await laptop.attest({}, laptop.firewallOff());
    const visitor = await visit(t, erin.link);
    const mine = visitor.section('My devices and access');
    await mine.getByText('Ask for an exception from rules').click();
    const form = mine.locator('form').filter({ hasText: 'Why it is needed' }).first();
    await form.getByLabel('Why it is needed').selectOption({ label: 'Work in the field' });
    await form.getByLabel('Why, in your own words').fill('Customers are here all day');
    await visitor.shoot('asking');
    await form.getByRole('button', { name: 'Ask' }).click();
    await visitor.told(`Asked for: an exception from ${firewall}. It waits for approval.`);
    await mine.getByRole('button', { name: 'Take it back' }).click();
    await visitor.told('Taken back.');

    await mine.getByText('Ask for access to a resource').click();
    const access = mine.locator('form').filter({ hasText: 'What for' }).first();
    await access.getByLabel('Why, in your own words').fill('A wage was paid twice');
    await access.getByRole('button', { name: 'Ask' }).click();
    await visitor.told(`Asked for: access to ${payroll} as operator. It waits for approval.`);
    assert.deepEqual(visitor.faults, []);
  });

  test('somebody sets up an authenticator app, and a code of it removes a passkey', async (t) => {
    const scene = await ConsoleScene.open(t);
    const { link } = await scene.person('Bob', 'bob@example.org', ['approver']);
    const bob = await visit(t, link);
    const you = bob.section('You');
    await you.getByRole('button', { name: 'Set one up' }).click();
    const secret = (await you.locator('.secret').innerText()).replaceAll(' ', '');
    assert.match((await you.getByRole('link').getAttribute('href')) ?? '', new RegExp(`^otpauth://.*secret=${secret}`));
    await you.getByLabel('Code of your authenticator app').fill(totp(secret, scene.backend.clock.now()));
    await bob.shoot('app');
    await you.getByRole('button', { name: 'Confirm' }).click();
    await bob.told('Your authenticator app is in use.');

    // What has a factor is changed with a factor: a code is good once, so the next one waits for the next half minute.
    scene.backend.clock.advance(30_000);
    await you.getByText('Add a passkey').click();
    await you.getByLabel('What to call it').fill(hostile);
    await you.getByRole('button', { name: 'Add', exact: true }).click();
    const dialog = bob.page.getByRole('dialog');
    await dialog.getByLabel('Code of your authenticator app').fill(totp(secret, scene.backend.clock.now()));
    await bob.shoot('code');
    await dialog.getByRole('button', { name: 'Use the code' }).click();
    await bob.told(`Added: ${hostile}`);
    await you.getByRole('button', { name: 'Remove', exact: true }).click();
    await bob.useThePasskey(`You remove your passkey “${hostile}”.`);
    await bob.told(`Removed: ${hostile}`);
    assert.deepEqual(bob.faults, []);
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
    const visitor = await visit(t, `${config.issuer}/console/deny#${code}`);
    const button = visitor.page.getByRole('button', { name: 'Deny this request' });
    await button.waitFor();
    assert.equal(visitor.page.url(), `${config.issuer}/console/deny`, 'the code leaves the address bar');
    assert.ok(!(await visitor.page.content()).includes('Erin'), 'a link that got lost tells nobody anything');
    assert.equal((await scene.seen(String(id)))['state'], 'pending');
    await visitor.shoot('deny');
    await visitor.page.getByLabel(/^Why/).fill('Use the other laptop');
    await button.click();
    await visitor.told('The request is denied.');
    const seen = await scene.seen(String(id));
    assert.equal(seen['state'], 'denied');

    const again = await visit(t, `${config.issuer}/console/deny#${code}`);
    await again.page.getByRole('button', { name: 'Deny this request' }).click();
    await again.told('This link is wrong or too old, or the request was decided already.');
    assert.deepEqual([...visitor.faults, ...again.faults], []);
  });

  test('what people wrote stays text, wherever it is shown', async (t) => {
    const scene = await ConsoleScene.open(t);
    const erin = await scene.person(hostile, 'erin@example.org', ['employee', 'approver']);
    const laptop = await scene.device(erin.id);
    const { id } = await scene.asked(laptop, hostile);
    const { link } = await scene.person('Bob', 'bob@example.org', ['approver']);
    const bob = await visit(t, link);
    await bob.section('Requests that wait').getByText(`${hostile} asks for`).waitFor();
    const { config } = scene.backend.server.deps;
    await bob.page.goto(`${config.issuer}/console/#/exceptions/${String(id)}`);
    const named = bob.section('What you were told of');
    await named.getByText('What approving it means').waitFor();
    assert.equal(await named.locator('.written').innerText(), hostile);
    await named.getByLabel('Your reason (optional)').fill(hostile);
    await named.getByRole('button', { name: 'Deny' }).click();
    await bob.told('Denied:');

    const own = await visit(t, erin.link);
    await own.section('My devices and access').getByText(/that are over$/).waitFor();
    for (const visitor of [bob, own]) {
      assert.equal(await visitor.page.locator('img, main script').count(), 0);
      assert.deepEqual(visitor.faults, []);
    }
  });
}

const executable = findBrowser();
if (executable !== undefined) describe('the console in a browser', () => stories(executable));
else if (process.env['CI'] === 'true') test('the console in a browser', () => assert.fail(howToGetBrowser));
else test('the console in a browser', { skip: howToGetBrowser }, () => undefined);
