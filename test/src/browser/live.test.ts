import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { createSignInLink } from '@postern/server/identity/index';
import { freePort } from '../support/free-port.ts';
import { startBackend } from '../support/backend.ts';
import { inBrowser, type Visit } from '../support/in-browser.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import type { Visitor } from '../support/visitor.ts';
import { ConsoleScene } from './scene.ts';

const system = { kind: 'system' as const, id: null };

inBrowser('what changes shows by itself', (visit: Visit) => {
  async function at(t: TestContext, link: string, path: string, heading: string): Promise<Visitor> {
    const visitor = await visit.signedIn(t, link, new URL(`/console${path}`, link).href);
    await visitor.heading(heading);
    await visitor.page.locator('[data-live=live]').waitFor({ state: 'attached' });
    return visitor;
  }

  test('what one admin does, another one sees without loading anything again: gateways and their streams', async (t) => {
    const scene = await ConsoleScene.open(t);
    const { link: adasLink } = await scene.person('Ada', 'ada@example.org', ['admin']);
    const { link: bobsLink } = await scene.person('Bob', 'bob@example.org', ['admin']);
    const ada = await at(t, adasLink, '/gateways', 'Gateways and streams');
    const bob = await at(t, bobsLink, '/gateways', 'Gateways and streams');
    const loads: string[] = [];
    bob.page.on('framenavigated', (frame) => loads.push(frame.url()));

    await ada.page.getByRole('button', { name: 'Add a gateway' }).click();
    const dialog = ada.page.getByRole('dialog', { name: 'Add a gateway' });
    await dialog.getByLabel('Name').fill('<b>Wiki</b>');
    await dialog.getByLabel('Resources that it protects').fill('https://wiki.example\n');
    await dialog.getByRole('button', { name: 'Add it' }).click();
    const secret = ada.page.getByRole('dialog', { name: '<b>Wiki</b> is added' });
    await secret.locator('code').nth(1).waitFor();
    const [id = '', password = ''] = await secret.locator('code').allInnerTexts();
    assert.match(id, /^gw_/);
    await ada.page.keyboard.press('Escape');
    assert.ok(await secret.isVisible(), 'what is shown once is not lost by a key');
    await secret.getByRole('button', { name: 'I have kept the secret' }).click();
    const row = bob.page.getByRole('table', { name: 'Gateways' }).getByRole('row', { name: /Wiki/ });
    await row.waitFor();
    assert.equal(await ada.page.getByText(password).count(), 0);

    const made = await fetch(`${scene.backend.url}/ssf/streams`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${id}:${password}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body: '{}',
    });
    assert.equal(made.status, 201);
    await bob.section('Streams').getByRole('button', { name: 'Pause the stream of <b>Wiki</b>' }).click();
    const pause = bob.page.getByRole('dialog', { name: 'Pause the stream of <b>Wiki</b>?' });
    await pause.getByLabel('Why').fill('It is moved to another rack.');
    await pause.getByRole('button', { name: 'Pause the stream' }).click();
    await bob.told('is paused');
    const streams = ada.section('Streams');
    await streams.getByText('It is moved to another rack.').waitFor();
    await ada.look('gateways');
    await streams.getByRole('button', { name: 'Resume the stream of' }).click();
    await bob.section('Streams').getByText('Runs').waitFor();
    await bob.section('Streams').getByRole('button', { name: 'Send a test signal to' }).click();
    await bob.told('A test signal is on its way');

    await bob.page.getByRole('button', { name: 'Remove <b>Wiki</b>' }).click();
    const removing = bob.page.getByRole('dialog', { name: 'Remove the gateway <b>Wiki</b>?' });
    await removing.getByText('what only it protects: https://wiki.example').waitFor();
    await removing.getByRole('button', { name: 'Remove the gateway' }).click();
    await row.waitFor({ state: 'detached' });
    await ada.page.getByRole('row', { name: /Wiki/ }).first().waitFor({ state: 'detached' });
    assert.deepEqual(loads, []);
  });

  test('webhooks are made, tested, given another secret and switched off, and what became of messages shows', async (t) => {
    const scene = await ConsoleScene.open(t);
    const { link } = await scene.person('Ada', 'ada@example.org', ['admin']);
    const { link: auditorsLink } = await scene.person('Eve', 'eve@example.org', ['auditor']);
    const ada = await at(t, link, '/webhooks', 'Webhooks');
    const eve = await at(t, auditorsLink, '/webhooks', 'Webhooks');
    assert.equal(await eve.page.getByRole('button', { name: 'Add a webhook' }).count(), 0);
    await ada.page.getByRole('button', { name: 'Add a webhook' }).click();
    const form = ada.page.getByRole('dialog', { name: 'Add a webhook' });
    await form.getByLabel('Name').fill('Tickets');
    await form.getByLabel('Address').fill('http://169.254.169.254/latest');
    await form.getByRole('button', { name: 'Add it' }).click();
    await form.getByText('Webhooks go to https addresses outside of this network').waitFor();
    await form.getByLabel('Address').fill('https://hooks.invalid/postern');
    await form.getByRole('button', { name: 'Add it' }).click();
    const secret = ada.page.getByRole('dialog', { name: 'Tickets is added' });
    await secret.getByText(/^whsec_/).waitFor();
    await secret.getByRole('button', { name: 'I have kept the secret' }).click();
    await eve.page.getByRole('row', { name: /Tickets/ }).waitFor();

    const menu = async (item: string) => {
      await ada.page.getByRole('button', { name: 'What to do with Tickets' }).click();
      await ada.page.getByRole('menuitem', { name: item }).click();
    };
    await menu('Send a test');
    await ada.told('A test is on its way to Tickets');
    await scene.backend.server.jobs.run('send messages');
    await eve.section('Deliveries').getByText('Is tried again').waitFor();
    await ada.look('webhooks');
    await menu('New secret');
    await ada.page.getByRole('dialog').getByRole('button', { name: 'New secret' }).click();
    const rotated = ada.page.getByRole('dialog', { name: 'Tickets has a new secret' });
    await rotated.getByText(/^whsec_/).waitFor();
    await rotated.getByRole('button', { name: 'I have kept the secret' }).click();
    await menu('Switch off');
    await ada.page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click();
    await eve.page.getByText('An admin disabled it.').waitFor();
    const again = ada.section('Deliveries').getByRole('button', { name: /Send again: webhook.test to Tickets/ });
    await again.click();
    await ada.told('It is sent once more');
  });

  test('settings show what is configured and from where, and nothing secret', async (t) => {
    const scene = await ConsoleScene.open(t);
    const { link } = await scene.person('Ada', 'ada@example.org', ['admin']);
    const ada = await at(t, link, '/settings', 'Settings');
    await ada.page.getByLabel('Find a setting').fill('issuer');
    const row = ada.page.getByRole('row', { name: /POSTERN_ISSUER/ });
    await row.getByText('Environment').waitFor();
    const { masterSecret } = scene.backend.server.deps.config;
    assert.ok(!(await ada.page.content()).includes(masterSecret));
    await ada.look('settings');
    await ada.page.getByRole('button', { name: 'Open an incident' }).click();
    const dialog = ada.page.getByRole('dialog', { name: 'Open an incident?' });
    await dialog.getByLabel('What it is about').fill('A leaked <i>key</i>');
    await dialog.getByRole('button', { name: 'Open an incident' }).click();
    await ada.page.getByText('An incident is open: A leaked <i>key</i>').waitFor();
  });

  test('notices: the number in the header rises and falls by itself, and each leads to what it is about', async (t) => {
    const scene = await ConsoleScene.open(t);
    const erin = await scene.person('Erin', 'erin@example.org', ['employee']);
    const device = await scene.device(erin.id);
    const { link } = await scene.person('Ada', 'ada@example.org', ['admin']);
    await scene.tell();
    const ada = await at(t, link, '/me/notices', 'Notices');
    await ada.page.getByRole('button', { name: 'Mark all of these as read' }).click();
    const bell = ada.page.getByRole('link', { name: /^Notices/ }).first();
    await ada.page.locator('[data-unread="0"]').waitFor();
    const asked = await scene.asked(device, 'A printer <script>alert(1)</script> is in the way.');
    await scene.tell();
    await ada.page.locator('a[data-unread="1"]').waitFor();
    assert.equal(await bell.getAttribute('aria-label'), 'Notices, 1 unread');
    await ada.page.getByText('A printer <script>alert(1)</script> is in the way.').waitFor();
    await ada.look('notices');
    await ada.page.getByRole('link', { name: 'Look at it' }).first().click();
    await ada.page.waitForURL(new RegExp(String(asked['id'])));
    await ada.page.locator('[data-unread="0"]').waitFor();
  });

  test('any screen, person and device is a few letters away, and keys can be switched off', async (t) => {
    const scene = await ConsoleScene.open(t);
    const erin = await scene.person('Erin Unlikely', 'erin@example.org', ['employee']);
    await scene.device(erin.id);
    const { link } = await scene.person('Ada', 'ada@example.org', ['admin']);
    const ada = await at(t, link, '/settings', 'Settings');
    const { page } = ada;
    const lookFor = async (seeker: Visitor, text: string) => {
      await seeker.page.keyboard.press('Control+k');
      await seeker.page.getByRole('dialog').getByLabel('Search or go to').fill(text);
    };
    await lookFor(ada, 'unlik');
    const found = page.getByRole('dialog');
    await found.getByText('erin@example.org').waitFor();
    await found.getByText('of Erin Unlikely').waitFor();
    await ada.look('palette');
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(erin.id));
    await lookFor(ada, 'webh');
    await page.getByRole('dialog').getByText('Webhooks').waitFor();
    await page.keyboard.press('Enter');
    await ada.heading('Webhooks');
    await page.keyboard.press('?');
    const keys = page.getByRole('dialog', { name: 'Keyboard' });
    await keys.waitFor();
    await ada.look('keyboard');
    await keys.getByRole('switch', { name: 'Shortcuts of one key' }).press('Space');
    await page.keyboard.press('Escape');
    await keys.waitFor({ state: 'hidden' });
    await page.keyboard.press('?');
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').waitFor();
    assert.equal(await keys.count(), 0);

    const erins = await at(t, erin.link, '/me/notices', 'Notices');
    const asked: string[] = [];
    erins.page.on('request', (request) => asked.push(request.url()));
    await lookFor(erins, 'unlik');
    await erins.page.getByText('Nothing found').waitFor();
    assert.ok(asked.every((url) => !url.includes('/v1/admin/search')));
  });

  test('filters get a name, which opens them again, here and in another window, until it is deleted, which can be undone', async (t) => {
    const scene = await ConsoleScene.open(t);
    const { id, link } = await scene.person('Ada', 'ada@example.org', ['admin']);
    const ada = await at(t, link, '/devices?state=active', 'Devices');
    const other = await createSignInLink(scene.backend.server.deps, id, system, scene.backend.clock.now());
    const elsewhere = await at(t, other.link, '/devices', 'Devices');
    await ada.page.getByRole('button', { name: 'Views' }).click();
    await ada.page.getByRole('button', { name: 'Save these filters' }).click();
    await ada.page.getByRole('dialog', { name: 'Save this view' }).getByLabel('Name').fill('<u>In use</u>');
    await ada.page.getByRole('button', { name: 'Save', exact: true }).click();
    await ada.page.getByRole('button', { name: 'View: <u>In use</u>' }).waitFor();

    await elsewhere.page.getByRole('button', { name: 'Views' }).click();
    await elsewhere.page.getByRole('link', { name: '<u>In use</u>', exact: true }).waitFor();
    await elsewhere.look('saved-views');
    await elsewhere.page.getByRole('link', { name: '<u>In use</u>', exact: true }).click();
    await elsewhere.page.waitForURL(/state=active/);
    await elsewhere.page.getByRole('button', { name: 'View: <u>In use</u>' }).click();
    await elsewhere.page.getByRole('button', { name: 'Delete the view “<u>In use</u>”' }).click();
    await ada.page.getByRole('button', { name: 'Views', exact: true }).waitFor();
    await elsewhere.told('The view “<u>In use</u>” is deleted.');
    await elsewhere.look('undo', ['phone']);
    await elsewhere.page.getByRole('button', { name: 'Undo' }).click();
    await ada.page.getByRole('button', { name: 'View: <u>In use</u>' }).waitFor();
  });

  test('who is not signed in any more is sent to sign in, without touching anything', async (t) => {
    const scene = await ConsoleScene.open(t);
    const { id, link } = await scene.person('Bob', 'bob@example.org', ['auditor']);
    const bob = await at(t, link, '/gateways', 'Gateways and streams');
    await scene.admin.call('PATCH', `/v1/admin/users/${id}`, { active: false });
    await bob.page.waitForURL(/\/console\/sign-in/);
  });

  test('a lost connection says so, and what was missed shows when it is there again', async (t) => {
    const target = await freePort();
    const proxy = await startTcpProxy(t, target);
    const issuer = `http://localhost:${proxy.port}`;
    const backend = await startBackend(t, { POSTERN_PORT: String(target), POSTERN_ISSUER: issuer });
    const admin = await backend.person('ada@example.org', ['admin']);
    const { body: self } = await admin.get('/v1/admin/session');
    const { link } = await createSignInLink(backend.server.deps, String(self['id']), system, backend.clock.now());
    const ada = await at(t, link, '/gateways', 'Gateways and streams');
    await proxy.cut();
    const lost = ada.page.getByRole('button', { name: 'Not live' });
    await lost.waitFor();
    await backend.gateway(admin, 'https://missed.example');
    await proxy.restore();
    await lost.click();
    await ada.page.getByRole('row', { name: /missed\.example/ }).waitFor();
    await ada.page.locator('[data-live=live]').waitFor({ state: 'attached' });
    assert.equal(await lost.count(), 0);
    // That nobody answered is what the story is about.
    ada.faults.splice(0, ada.faults.length, ...ada.faults.filter((fault) => !/net::ERR_/.test(fault)));
  });
});
