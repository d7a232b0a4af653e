import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { updateOne } from '@postern/server/storage/change';
import { BrowserSession } from '../support/browser-session.ts';
import type { Api, ApiAnswer } from '../support/api.ts';
import { firewallPolicy } from '../support/http-device.ts';
import { reading } from '@postern/server/attestation/testing/readings';
import { inBrowser, type Visit } from '../support/in-browser.ts';
import type { Visitor } from '../support/visitor.ts';
import { addPasskey } from './passkey.ts';
import { ConsoleScene, firewall, payroll } from './scene.ts';

/** Breaks out of an attribute, an element and a script, where nobody takes care. */
const hostile = `"'><img src=x onerror=hit=1></p><script>hit=2</script>`;
const quoted = JSON.stringify(hostile);

const policy = firewallPolicy
  .replace('title: Firewalls are on', () => `title: ${quoted}\ndescription: ${quoted}`)
  .replace('title: Firewall\n', () => `title: ${quoted}\n`)
  .replace('expected: The firewall is on', () => `expected: ${quoted}\n    fix: { default: ${quoted} }`);

const template = `
template: hostile
kind: device
title: ${quoted}
description: ${quoted}
impact: ${quoted}
durations: [1h, 2h]
max_duration: 8h
reason_codes: [{ code: customer, title: ${quoted} }]
`;

async function done(answering: Promise<ApiAnswer>): Promise<ApiAnswer['body']> {
  const { status, body } = await answering;
  assert.ok(status < 300, JSON.stringify(body));
  return body;
}

/** A place where everything that a device or a person can call something is called so. */
async function openHostile(t: TestContext) {
  const scene = await ConsoleScene.open(t);
  const { admin, backend } = scene;
  const { store } = backend.server.deps;
  const author = await backend.person('admin@localhost', ['admin']);
  await backend.publish(policy, admin);
  const proposal = await done(author.post('/v1/admin/templates/proposals', { document: template, note: hostile }));
  await done(admin.post(`/v1/admin/templates/proposals/${String(proposal['id'])}/approve`, {}));
  const waiting = template.replace('template: hostile', 'template: waiting');
  const open = await done(author.post('/v1/admin/templates/proposals', { document: waiting, note: hostile }));
  const drafted = await done(
    author.post('/v1/admin/policy-drafts', { document: `${policy}\n# ${hostile}\n`, note: hostile }),
  );
  const draft = String(drafted['id']);
  await done(author.post(`/v1/admin/policy-drafts/${draft}/submit`, { version: drafted['version'] }));

  const erin = await scene.person(hostile, 'erin@example.org', ['employee', 'approver']);
  await scene.change(erin.id, { groups: [hostile], manager: await idOf(admin) });
  const path = `/v1/admin/users/${erin.id}`;
  await done(admin.post(`${path}/api-tokens`, { label: hostile }));
  await done(admin.post('/v1/admin/gateways', { name: hostile, resources: [hostile, 'https://hostile.example'] }));
  await done(admin.post('/v1/admin/webhooks', { label: hostile, url: `https://evil.example/${encodeURI(hostile)}` }));
  const access = { roles: [hostile.slice(0, 60)], templates: ['temporary-access'] };
  await done(admin.call('PUT', '/v1/admin/resources', { name: payroll, title: hostile, tier: 'medium', access }));

  const laptop = await scene.device(erin.id);
  const stays = await scene.device(erin.id);
  const called = (id: string) => updateOne('devices', { id }, { name: hostile });
  await store.commit({ audit: [], changes: [called(laptop.fake.id), called(stays.fake.id)] });
  const readings = { firewall: reading({ enabled: false, provider: hostile }, backend.clock.now()) };
  await done(laptop.attest({}, readings));
  const wish = {
    rules: [firewall],
    duration: '1h',
    template: 'hostile',
    reasonCode: 'customer',
    justification: hostile,
  };
  const asked = await done(laptop.call('POST', '/v1/exceptions', { ...wish, ticket: 'javascript:hit=3' }));
  const request = String(asked['id']);
  await done(stays.attest());
  await done(admin.post(`/v1/admin/devices/${stays.fake.id}/suspend`, { reason: hostile }));

  // A browser that calls itself so, and filters under that name.
  const session = await BrowserSession.open(backend, 'erin@example.org');
  const rows = await store.read.selectFrom('sessions').select('hash').where('user_id', '=', erin.id).execute();
  const set = { user_agent: hostile };
  await store.commit({ audit: [], changes: rows.map(({ hash }) => updateOne('sessions', { hash }, set)) });
  const view = { screen: '/devices', name: hostile, query: `q=${encodeURIComponent(hostile)}` };
  const ada = await scene.person('Ada', 'ada@example.org', ['admin']);
  await done(admin.post('/v1/me/views', view));
  await done(session.call('POST', '/v1/me/views', view));
  await done(admin.call('PUT', '/v1/admin/incident', { open: true, title: hostile }));
  await scene.tell();
  return {
    scene,
    ada,
    erin,
    device: laptop.fake.id,
    suspended: stays.fake.id,
    request,
    draft,
    proposal: String(open['id']),
  };
}

async function idOf(api: Api): Promise<string> {
  return String((await done(api.get('/v1/admin/session')))['id']);
}

inBrowser('what people and devices wrote', (visit: Visit) => {
  /** Goes on there, as links do, and looks. */
  async function goOn(visitor: Visitor, address: string, isShown = true): Promise<void> {
    await visitor.goOn(address);
    await look(visitor, address, isShown);
  }

  /** Loads it as an address that somebody sent, and looks. */
  async function load(visitor: Visitor, address: string, isShown = true): Promise<void> {
    await visitor.page.goto(address);
    await look(visitor, address, isShown);
  }

  /** Waits until it is shown, and looks whether any of it became part of the page. */
  async function look({ page }: Visitor, address: string, isShown: boolean): Promise<void> {
    await page
      .getByRole('heading', { level: 1 })
      .first()
      .waitFor()
      .catch(async (cause: unknown) => {
        throw new Error(`${address} has no heading: ${await page.locator('body').innerText()}`, { cause });
      });
    const shown = page.locator('main').getByText('onerror=hit').or(page.locator('main input[value*="onerror=hit"]'));
    if (isShown)
      await shown
        .first()
        .waitFor({ state: 'attached' })
        .catch(async (cause: unknown) => {
          throw new Error(`${address} shows nothing of it: ${await page.locator('main').innerText()}`, { cause });
        });
    await assertText(page, address);
  }

  async function assertText(page: Visitor['page'], where: string): Promise<void> {
    const made =
      'img[src="x"], script:not([src]), [onerror], [onload], a[href^="javascript:" i], iframe, object, embed, base';
    assert.equal(await page.locator(made).count(), 0, where);
    assert.equal(await page.evaluate('typeof hit'), 'undefined', where);
    // Links that leave are those of policies, and say nothing of where they were followed.
    assert.equal(await page.locator('a[href^="http"]:not([rel~=noreferrer])').count(), 0, where);
  }

  test('stays text on every screen that shows it', async (t) => {
    const { scene, ada, erin, device, suspended, request, draft, proposal } = await openHostile(t);
    const admin = await visit.signedIn(t, ada.link, scene.screen('/settings'));
    await admin.heading('Settings');
    for (const path of [
      '/inbox',
      '/exceptions',
      `/exceptions/${request}`,
      '/devices',
      `/devices/${device}`,
      '/policies',
      `/devices/${suspended}`,
      '/policies/baseline',
      `/policy-drafts/${draft}`,
      '/templates',
      '/templates/hostile',
      `/template-proposals/${proposal}`,
      '/people',
      `/people/${erin.id}`,
      '/gateways',
      '/webhooks',
      '/audit',
      '/me/notices',
    ])
      await goOn(admin, scene.screen(path));
    for (const path of ['/devices', '/people'])
      await load(admin, `${scene.screen(path)}?q=${encodeURIComponent(hostile)}`);
    for (const path of ['/overview', '/analytics', '/access', '/reviews', '/enrollment', '/brakes', '/settings'])
      await goOn(admin, scene.screen(path), false);

    // What opens on a click: filters under a name, what the palette finds, and what a dialog asks.
    await goOn(admin, scene.screen('/devices'));
    await admin.page.getByRole('button', { name: /^Views/ }).click();
    const named = admin.page.getByRole('dialog', { name: 'Views' }).getByRole('link', { name: hostile });
    await named.waitFor();
    await assertText(admin.page, 'saved views');
    await named.click();
    await admin.page.waitForURL((url) => url.searchParams.get('q') === hostile);
    assert.equal(new URL(admin.page.url()).origin, scene.backend.server.deps.config.issuer);
    await admin.page.keyboard.press('Control+k');
    await admin.page
      .getByRole('dialog')
      .getByRole('textbox')
      .or(admin.page.getByRole('combobox'))
      .first()
      .fill('onerror');
    await admin.page.getByRole('dialog').getByText('onerror=hit').first().waitFor();
    await assertText(admin.page, 'palette');

    const own = await visit.signedIn(t, erin.link, scene.screen('/inbox'));
    await own.heading('Inbox');
    await addPasskey(own, hostile);
    for (const path of ['/me', '/me/requests', '/me/notices', '/me/account', '/me/ask'])
      await goOn(own, scene.screen(path));
  });

  test('stays text in an address, too, and leads nowhere', async (t) => {
    const scene = await ConsoleScene.open(t);
    const stranger = await visit(t, scene.screen('/sign-in'));
    const encoded = encodeURIComponent(hostile);
    // A slash in a part of a path is refused before anybody reads it.
    const inPath = encodeURIComponent(hostile.replaceAll('/', ''));
    for (const path of [
      `/sign-in?problem=${encoded}&to=javascript:hit=1`,
      `/sign-in?problem=constructor&to=//evil.example`,
      `/deny#${encoded}`,
      `/device?user_code=${encoded}`,
      `/${inPath}`,
      `/devices/${inPath}?tab=${encoded}&__proto__=1`,
    ])
      await load(stranger, scene.screen(path), false);
    for (const to of ['javascript:hit=1', '//evil.example', '/\\evil.example', '/..//evil.example', `/${inPath}`]) {
      const code = (await scene.person('Ada', 'ada@example.org', ['admin'])).link.split('#')[1] ?? '';
      await stranger.page.context().clearCookies();
      await stranger.page.goto(`${scene.screen('/sign-in')}?to=${encodeURIComponent(to)}#${code}`);
      await stranger.page.getByRole('button', { name: 'Signed in as Ada' }).waitFor();
      assert.equal(new URL(stranger.page.url()).origin, scene.backend.server.deps.config.issuer, to);
      await assertText(stranger.page, to);
    }
  });
});
