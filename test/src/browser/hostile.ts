import assert from 'node:assert/strict';
import { test } from 'node:test';
import { denyCode } from '@postern/server/notify/deny-code';
import { hour, minute } from '@postern/shared/time';
import { totp } from '../support/totp.ts';
import { ConsoleScene, type Visit } from './scene.ts';

const hostile = '<img src=x onerror=alert(1)></p><script>alert(2)</script>';

/** What comes from outside: links that got lost, and text that would rather be markup. */
export function hostility(visit: Visit): void {
  test('somebody sets up an authenticator app, and a code of it removes a passkey', async (t) => {
    const scene = await ConsoleScene.open(t);
    const { link } = await scene.person('Bob', 'bob@example.org', ['approver']);
    const bob = await visit(t, link);
    const you = bob.section('You');
    await you.getByRole('button', { name: 'Set one up' }).waitFor();
    scene.backend.clock.advance(6 * minute);
    await you.getByRole('button', { name: 'Set one up' }).click();
    await bob.told('Sign in again with a new link, then do this within five minutes');

    const fresh = await scene.person('Bob', 'bob@example.org', ['approver']);
    await bob.page.goto('about:blank');
    await bob.page.goto(fresh.link);
    await you.getByRole('button', { name: 'Set one up' }).click();
    const secret = (await you.locator('.secret').innerText()).replaceAll(' ', '');
    assert.match((await you.getByRole('link').getAttribute('href')) ?? '', new RegExp(`^otpauth://.*secret=${secret}`));
    await you.getByLabel('Code of your authenticator app').fill(totp(secret, scene.backend.clock.now()));
    await bob.look('app');
    await you.getByRole('button', { name: 'Confirm' }).click();
    await bob.told('Your authenticator app is in use.');

    // What has a factor is changed with a factor: a code is good once, so the next one waits for the next half minute.
    scene.backend.clock.advance(30_000);
    await you.getByText('Add a passkey').click();
    await you.getByLabel('What to call it').fill(hostile);
    await you.getByRole('button', { name: 'Add', exact: true }).click();
    const dialog = bob.page.getByRole('dialog');
    await dialog.getByLabel('Code of your authenticator app').fill(totp(secret, scene.backend.clock.now()));
    await bob.look('code');
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
    await visitor.look('deny');
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
    await scene.tell();
    const bob = await visit(t, link);
    await bob.section('Requests that wait').getByText(`${hostile} asks for`).waitFor();
    const notices = bob.section(/^Notices/);
    await notices.getByText(`${hostile} asks for`).click();
    await bob.look('notice');
    await notices.getByRole('link', { name: 'Look at it' }).click();
    const named = bob.section('What you were told of');
    await named.getByText('What approving it means').waitFor();
    await notices.getByRole('button', { name: 'Mark these as read' }).click();
    await bob.told('Marked as read.');

    // As a mail leads to it.
    await bob.page.goto('about:blank');
    await bob.page.goto(`${scene.backend.server.deps.config.issuer}/console/#/exceptions/${String(id)}`);
    await named.getByText('What approving it means').waitFor();
    await bob.look('hostile');
    assert.equal(await named.locator('.written').innerText(), hostile);
    await named.getByLabel('Your reason (optional)').fill(hostile);
    await named.getByRole('button', { name: 'Deny' }).click();
    await bob.told('Denied:');

    const own = await visit(t, erin.link);
    await own
      .section('My devices and access')
      .getByText(/that are over$/)
      .waitFor();
    for (const visitor of [bob, own]) {
      assert.equal(await visitor.page.locator('img, main script').count(), 0);
      assert.deepEqual(visitor.faults, []);
    }
  });
}
