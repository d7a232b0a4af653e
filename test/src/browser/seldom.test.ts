import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { reading } from '@postern/server/attestation/testing/readings';
import { insert } from '@postern/server/storage/change';
import { toId } from '@postern/shared/ids';
import { minute } from '@postern/shared/time';
import type { Api } from '../support/api.ts';
import { BrowserSession } from '../support/browser-session.ts';
import { HttpDevice } from '../support/http-device.ts';
import { inBrowser, type Visit } from '../support/in-browser.ts';
import type { Visitor } from '../support/visitor.ts';
import { addPasskey } from './passkey.ts';
import { app, ConsoleScene, payroll } from './scene.ts';

/** What is clicked once a month, by people who have to be right about it. */
inBrowser('what admins seldom do', (visit: Visit) => {
  async function admin(t: TestContext, scene: ConsoleScene, path: string): Promise<Visitor> {
    const { link } = await scene.person('Bob', 'bob@example.org', ['admin']);
    return visit.signedIn(t, link, scene.screen(path));
  }

  test('a policy is watched only, a draft of it is taken back and another one discarded, it is retired, and a replay is stopped', async (t) => {
    const scene = await ConsoleScene.open(t);
    const bob = await admin(t, scene, '/policies/baseline');
    const { page } = bob;
    await bob.heading('Firewalls are on');
    await page.getByRole('link', { name: 'Watch only' }).click();
    await bob.heading('Change baseline');
    await page.getByText('It would be version 3: Firewalls are on.').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await bob.heading('Draft of baseline');
    const watching = pathOf(page.url());
    await page.getByRole('button', { name: 'Submit for approval' }).click();
    await page.getByText('It waits for another admin').waitFor();
    await page.getByRole('button', { name: 'Take back to edit' }).click();
    await confirm(bob, 'Take it back to edit it?', 'Take back to edit');
    await page.getByRole('button', { name: 'Submit for approval' }).waitFor();
    assert.equal((await seen(scene.admin, watching))['state'], 'draft');
    await page.getByRole('button', { name: 'Submit for approval' }).click();
    await page.getByText('It waits for another admin').waitFor();
    await approve(scene.admin, watching);
    await page.getByText('Approved by ada, and in force as version 3.').waitFor();
    assert.equal((await inForce(scene))?.['enforcement'], 'report-only');

    await page.getByRole('link', { name: 'To the policy' }).click();
    await page.getByText('It is watched only').waitFor();
    await page.getByRole('link', { name: 'Enforce', exact: true }).click();
    await bob.heading('Change baseline');
    await page.getByRole('button', { name: 'Save' }).click();
    await bob.heading('Draft of baseline');
    const dropped = pathOf(page.url());
    await page.getByRole('button', { name: 'Discard' }).click();
    await confirm(bob, 'Discard this draft?', 'Discard', 'Not yet');
    await page.getByText('Discarded by Bob. Nothing was changed.').waitFor();
    assert.equal((await seen(scene.admin, dropped))['state'], 'discarded');
    assert.equal((await inForce(scene))?.['version'], 3);

    await bob.goOn(scene.screen('/policies/baseline'), 'Firewalls are on');
    await page.getByRole('button', { name: 'Retire' }).click();
    await confirm(bob, 'Take baseline out of force?', 'Retire', 'Another one says more');
    await bob.heading('baseline out of force');
    await page.getByText('It waits for another admin').waitFor();
    await bob.look('policy-retirement', ['desk']);
    assert.equal((await inForce(scene))?.['version'], 3, 'not before another admin approves');
    await approve(scene.admin, pathOf(page.url()));
    await page.getByText('Approved by ada: the policy is out of force.').waitFor();
    assert.equal(await inForce(scene), undefined);
    await bob.goOn(scene.screen('/policies/baseline'), 'Firewalls are on');
    await page.getByText('This policy was taken out of force.').waitFor();

    const replay = await runningReplay(scene);
    await bob.goOn(scene.screen(`/policy-replays/${replay}`), 'Replay of baseline');
    await page.getByText('4,000 of 9,000 devices').waitFor();
    await bob.look('policy-replay-running', ['phone']);
    await page.getByRole('button', { name: 'Stop the replay' }).click();
    await page.getByText('It was stopped.').waitFor();
    assert.equal((await seen(scene.admin, `/v1/admin/policy-replays/${replay}`))['state'], 'cancelled');
  });

  test('who may get into a resource changes at once when less may, and with a proof when more may', async (t) => {
    const scene = await ConsoleScene.open(t);
    const bob = await admin(t, scene, '/templates');
    const { page } = bob;
    await bob.heading('Templates');
    await addPasskey(bob);
    const opened = async (name: string, title: string) => {
      await page.getByRole('button', { name: `Edit ${name}` }).click();
      return page.getByRole('dialog', { name: `Edit ${title}` });
    };
    const closing = await opened(app, app);
    await closing.getByLabel('Tier').selectOption('critical');
    await closing.getByLabel('What people call it').fill('The app');
    await closing.getByLabel('Only to whom access was granted').check();
    await closing.getByLabel('Roles that may be asked for').fill('reader\n');
    await closing.getByRole('combobox', { name: 'Templates that it may be asked under' }).press('ArrowDown');
    await page.getByRole('option', { name: 'Access for a while' }).click();
    await page.keyboard.press('Escape');
    await closing.getByRole('button', { name: 'Save' }).click();
    await closing.waitFor({ state: 'hidden' });
    assert.deepEqual(await resource(scene, app), {
      title: 'The app',
      tier: 'critical',
      access: { roles: ['reader'], templates: ['temporary-access'] },
    });

    const opening = await opened(payroll, 'Payroll');
    await opening.getByLabel('Roles that may be asked for').fill('operator\nreader\nowner');
    await opening.getByRole('button', { name: 'Save' }).click();
    await bob.proveWithPasskey(`You change who gets into ${payroll}.`);
    await opening.waitFor({ state: 'hidden' });
    const { access } = await resource(scene, payroll);
    assert.deepEqual(access?.roles, ['operator', 'reader', 'owner']);

    const forAll = await opened(payroll, 'Payroll');
    await forAll.getByLabel('Tier').selectOption('');
    await forAll.getByRole('button', { name: 'Save' }).click();
    await bob.proveWithPasskey(`You change who gets into ${payroll}.`);
    await forAll.waitFor({ state: 'hidden' });
    assert.deepEqual(await resource(scene, payroll), { title: null, tier: null, access: null });
    await bob.look('resources', ['phone']);
  });

  test('a brake holds on for longer, and is released', async (t) => {
    const scene = await ConsoleScene.open(t);
    const mac = await turnedMac(scene);
    const entering = async () => (await mac.token()).status;
    assert.equal(await entering(), 200, 'the brake holds');
    const bob = await admin(t, scene, '/brakes');
    const { page } = bob;
    await page.getByRole('table', { name: 'Brakes, open and past' }).getByRole('link', { name: 'firewall' }).click();
    await bob.heading('firewall on macOS 24A335');
    const path = `/v1/admin/brakes/${page.url().split('/').at(-1) ?? ''}`;
    const endsAt = async () => Date.parse(String((await seen(scene.admin, path))['endsAt']));
    const before = await endsAt();
    await bob.look('brake');
    await page.getByRole('button', { name: 'Hold longer' }).click();
    const asked = page.getByRole('dialog', { name: 'Hold longer?' });
    await asked.getByLabel('How much longer').selectOption({ label: '24 hours longer' });
    await confirm(bob, 'Hold longer?', 'Hold longer', 'Apple looks into it');
    await bob.told('The brake holds on.');
    assert.equal(await endsAt(), before + 24 * 60 * minute);

    await page.getByRole('button', { name: 'Release' }).click();
    await confirm(bob, 'Believe what the devices report of firewall?', 'Release', 'It is true');
    await page.getByText('The brake holds nothing any more').waitFor();
    const { state, reason } = await seen(scene.admin, path);
    assert.deepEqual([state, reason], ['released', 'It is true']);
    assert.notEqual(await entering(), 200);
  });

  test('a person is added, changed, given a token that is revoked, signed out, sent away and taken back', async (t) => {
    const scene = await ConsoleScene.open(t);
    const bob = await admin(t, scene, '/people');
    const { page } = bob;
    await bob.heading('People');
    await page.getByRole('button', { name: 'Add a person' }).click();
    const adding = page.getByRole('dialog', { name: 'Add a person' });
    await adding.getByLabel('Name').fill('Gil');
    await adding.getByLabel('Mail').fill('gil@example.org');
    await adding.getByRole('button', { name: 'Add a person' }).click();
    await bob.heading('Gil');
    const id = page.url().split('/').at(-1) ?? '';
    const path = `/v1/admin/users/${id}`;
    const gil = async () => seen(scene.admin, path);
    assert.deepEqual((await gil())['roles'], ['employee']);

    await page.getByRole('button', { name: 'Change', exact: true }).click();
    const changing = page.getByRole('dialog', { name: 'Change Gil' });
    await changing.getByLabel('Name').fill('Gil Gould');
    await changing.getByRole('checkbox', { name: 'Approver' }).check();
    await changing.getByRole('checkbox', { name: 'Employee' }).uncheck();
    await changing.getByLabel('Groups').fill('Sales');
    await page.keyboard.press('Enter');
    await changing.getByLabel('Manager').fill('ada');
    await page.getByRole('option', { name: 'ada (ada@example.org)' }).click();
    await bob.look('person-change', ['phone']);
    await changing.getByRole('button', { name: 'Save' }).click();
    await bob.heading('Gil Gould');
    const { name, roles, groups, managerName } = await gil();
    assert.deepEqual([name, roles, groups, managerName], ['Gil Gould', ['approver'], ['Sales'], 'ada']);
    await bob.section('Person').getByRole('link', { name: 'ada' }).waitFor();

    await page.getByRole('button', { name: 'Make a token' }).click();
    const making = page.getByRole('dialog', { name: 'An API token that acts as Gil Gould' });
    await making.getByLabel('What it is for').fill('Reports');
    await making.getByRole('button', { name: 'Make it' }).click();
    const secret = await making.locator('code').innerText();
    const asGil = () =>
      fetch(`${scene.backend.url}/v1/admin/session`, { headers: { authorization: `Bearer ${secret}` } });
    assert.equal((await asGil()).status, 200);
    await making.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByRole('button', { name: 'Revoke Reports' }).click();
    await confirm(bob, 'Revoke this token?', 'Revoke');
    await bob.section('API tokens').getByText('Revoked').waitFor();
    assert.equal((await asGil()).status, 401);

    const session = await BrowserSession.open(scene.backend, 'gil@example.org');
    const isIn = async () => (await session.call('GET', '/v1/admin/session')).status;
    assert.equal(await isIn(), 200);
    const sessions = bob.section('Where they are signed in');
    await sessions.getByRole('button', { name: 'Sign out everywhere' }).click();
    await confirm(bob, 'Sign Gil Gould out everywhere?', 'Sign out everywhere');
    await sessions.getByText('Nowhere.').waitFor();
    assert.equal(await isIn(), 401);

    await page.getByRole('button', { name: 'Deactivate' }).click();
    await confirm(bob, 'Deactivate Gil Gould?', 'Deactivate');
    await page.getByText('Deactivated', { exact: true }).waitFor();
    assert.equal((await gil())['active'], false);
    await page.getByRole('button', { name: 'Activate again' }).click();
    await page.getByRole('button', { name: 'Deactivate' }).waitFor();
    assert.equal((await gil())['active'], true);
  });

  test('who lost what they sign in with gets a link; their factors, their texts and one session of many go', async (t) => {
    const scene = await ConsoleScene.open(t);
    const erin = await scene.person('Erin', 'erin@example.org', ['employee']);
    const erins = await visit.signedIn(t, erin.link, scene.screen('/me/account'));
    await erins.heading('Account');
    await addPasskey(erins);
    const elsewhere = await BrowserSession.open(scene.backend, 'erin@example.org');
    const laptop = await scene.device(erin.id);
    const asked = await scene.asked(laptop, 'My aunt is ill');
    const list = erins.section('Where you are signed in');
    await erins.page.reload();
    assert.equal((await elsewhere.call('GET', '/v1/admin/session')).status, 200);
    await list.getByRole('button', { name: /^End the session of/ }).click();
    await erins.told('That session has ended.');
    assert.equal((await elsewhere.call('GET', '/v1/admin/session')).status, 401);

    const bob = await admin(t, scene, `/people/${erin.id}`);
    const { page } = bob;
    await bob.heading('Erin');
    await addPasskey(bob);
    await page.getByRole('button', { name: 'Reset second factors' }).click();
    await confirm(bob, 'Take all second factors from Erin?', 'Reset second factors');
    await bob.proveWithPasskey('to take all second factors from Erin.');
    await bob.told('Erin has no second factors any more.');
    assert.deepEqual((await seen(scene.admin, `/v1/admin/users/${erin.id}`))['factors'], {
      passkeys: 0,
      authenticatorApp: false,
    });
    await erins.page.waitForURL(/\/console\/sign-in/);

    await page.getByRole('button', { name: 'Make a sign-in link' }).click();
    const made = page.getByRole('dialog', { name: 'A sign-in link for Erin' });
    const link = await made.locator('code').innerText();
    await made.getByRole('button', { name: 'I have handed it over' }).click();
    await erins.page.goto('about:blank');
    await erins.goto(link, 'My devices');

    await page.getByRole('button', { name: 'Erase all texts' }).click();
    await confirm(bob, 'Erase everything that Erin wrote?', 'Erase all texts', 'Erin asked for it');
    await bob.told('The texts are erased.');
    assert.doesNotMatch(JSON.stringify(await scene.seen(String(asked['id']))), /aunt/);
  });

  test('an enrollment token is revoked, a template is proposed for retirement, a device goes for good', async (t) => {
    const scene = await ConsoleScene.open(t);
    const erin = await scene.person('Erin', 'erin@example.org', ['employee']);
    const made = await scene.admin.post('/v1/admin/enrollment-tokens', { owner: erin.id });
    const laptop = await scene.device(erin.id);
    const bob = await admin(t, scene, '/enrollment?tab=tokens');
    const { page } = bob;
    await page.getByRole('button', { name: 'Revoke the token for Erin' }).first().click();
    await confirm(bob, 'Revoke the token for Erin?', 'Revoke');
    await bob.told('Revoked.');
    const { items } = await seen(scene.admin, '/v1/admin/enrollment-tokens');
    const token = (items as Record<string, unknown>[]).find(({ id }) => id === made.body['id']);
    assert.notEqual(token?.['revokedAt'], null);

    await bob.goOn(scene.screen('/templates/errands'), 'Errands');
    await page.getByRole('button', { name: 'Retire' }).click();
    await confirm(bob, 'Propose to take errands out of force?', 'Retire', 'Nobody goes on errands');
    await bob.heading('errands out of force');
    const proposal = page.url().split('/').at(-1) ?? '';
    const ada = await scene.person('Ada', 'ada@example.org', ['admin']);
    const adas = await visit.signedIn(t, ada.link, scene.screen(`/template-proposals/${proposal}`));
    await adas.page.getByRole('button', { name: 'Approve' }).click();
    await confirm(adas, 'Take errands out of force?', 'Approve');
    await page.getByText('Approved by ada.').waitFor();
    const templates = (await seen(scene.admin, '/v1/admin/templates'))['items'] as Record<string, unknown>[];
    assert.ok(!templates.some(({ name }) => name === 'errands'));

    await bob.goOn(scene.screen(`/devices/${laptop.fake.id}`), 'Test computer');
    const device = `/v1/admin/devices/${laptop.fake.id}`;
    await page.getByRole('button', { name: 'Change' }).click();
    const owned = page.getByRole('dialog', { name: 'Whose machine is Test computer?' });
    await owned.getByRole('combobox', { name: 'Ownership' }).click();
    await page.getByRole('option', { name: 'Personal' }).click();
    await confirm(bob, 'Whose machine is Test computer?', 'Change it', 'It was a present');
    await bob.told('Changed.');
    assert.equal((await seen(scene.admin, device))['ownership'], 'personal');
    await page.getByRole('button', { name: 'Retire' }).click();
    await confirm(bob, 'Retire Test computer for good?', 'Retire', 'Sold');
    await bob.told('Retired.');
    assert.equal((await seen(scene.admin, device))['state'], 'retired');
    assert.notEqual((await laptop.attest()).status, 200);
  });

  test('a screen whose code is gone, since the server was updated, says so and is loaded anew', async (t) => {
    const scene = await ConsoleScene.open(t);
    const bob = await admin(t, scene, '/gateways');
    const { page } = bob;
    await bob.heading('Gateways and streams');
    await page.route('**/console/assets/**', (route) => route.fulfill({ status: 404 }));
    await bob.goOn(scene.screen('/webhooks'), 'This screen could not be shown');
    await page.getByRole('navigation').getByRole('link', { name: 'Gateways and streams' }).click();
    await bob.heading('Gateways and streams');
    await bob.goOn(scene.screen('/webhooks'), 'This screen could not be shown');
    await bob.look('broken', ['phone']);
    await page.unroute('**/console/assets/**');
    await page.getByRole('button', { name: 'Load the page again' }).click();
    await bob.heading('Webhooks');
    // The browser and React say it on the console as well.
    bob.faults.splice(0, bob.faults.length, ...bob.faults.filter((fault) => !/dynamically imported|404/.test(fault)));
  });
});

async function seen(api: Api, path: string): Promise<Record<string, unknown>> {
  const { status, body } = await api.get(path);
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

/** Of a draft, in the API, by the address of its screen. */
function pathOf(address: string): string {
  return `/v1/admin${new URL(address).pathname.replace('/console', '')}`;
}

async function approve(api: Api, draft: string): Promise<void> {
  const { version, documentHash } = await seen(api, draft);
  const { status, body } = await api.post(`${draft}/approve`, { version, documentHash });
  assert.equal(status, 200, JSON.stringify(body));
}

async function inForce({ admin }: ConsoleScene): Promise<Record<string, unknown> | undefined> {
  const { items } = await seen(admin, '/v1/admin/policies');
  return (items as Record<string, unknown>[]).find(({ name }) => name === 'baseline');
}

async function resource({ admin }: ConsoleScene, wanted: string) {
  const { items } = await seen(admin, '/v1/admin/resources');
  const found = (items as { name: string; title: string; tier: string; access: { roles: string[] } | null }[]).find(
    ({ name }) => name === wanted,
  );
  assert.ok(found);
  const { title, tier, access } = found;
  return { title, tier, access };
}

/** As another server has it that is in the middle of it: here it would be over before anybody could click. */
async function runningReplay({ backend }: ConsoleScene): Promise<string> {
  const { store, clock, random } = backend.server.deps;
  const id = toId('policyReplay', random.uuid());
  const now = clock.now();
  const row = {
    id,
    policy: 'baseline',
    document_hash: 'of a text',
    started_by: 'system',
    started_at: now,
    state: 'running',
    devices_total: 9000,
    devices_done: 4000,
    progress_at: now,
    finished_at: null,
    summary: null,
  };
  await store.commit({ changes: [insert('policy_replays', row)], audit: [] });
  return id;
}

/** One of five whose firewall went off at the same time, as far as they say: enough for a brake. */
async function turnedMac({ backend }: ConsoleScene): Promise<HttpDevice> {
  const { clock, url, server } = backend;
  const place = { url, clock, issuer: server.deps.config.issuer };
  const system = { platform: 'macos', id: 'macos', name: 'macOS 15.0', version: '15.0', build: '24A335' } as const;
  const report = async (mac: HttpDevice, enabled: boolean) => {
    const readings = {
      'os-version': reading({ ...system, supportEndsOn: null }, clock.now()),
      firewall: reading({ enabled, provider: 'alf' }, clock.now()),
    };
    assert.equal((await mac.attest({}, readings)).status, 200);
  };
  const macs = await Promise.all(
    Array.from({ length: 5 }, async (_, index) =>
      HttpDevice.enroll(place, await backend.person(`mac-${index}@example.org`, ['admin']), undefined, 'macos'),
    ),
  );
  for (const mac of macs) await report(mac, true);
  clock.advance(minute);
  for (const mac of macs) await report(mac, false);
  await server.jobs.run('watch for doubtful checks');
  const [first] = macs;
  assert.ok(first);
  return first;
}

async function confirm({ page }: Visitor, question: string, button: string, reason?: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: question });
  if (reason !== undefined) await dialog.getByLabel(/Why|Reason/).fill(reason);
  await dialog.getByRole('button', { name: button }).click();
}
