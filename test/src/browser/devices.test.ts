import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { updateOne } from '@postern/server/storage/change';
import { Api, type ApiAnswer } from '../support/api.ts';
import { Backend } from '../support/backend.ts';
import { Agent, enrolledAgent } from '../support/enrolled-agent.ts';
import { HttpDevice } from '../support/http-device.ts';
import { inBrowser, type Visit } from '../support/in-browser.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { Visitor } from '../support/visitor.ts';
import { app, ConsoleScene } from './scene.ts';

const hostile = '<img src=x onerror=alert(1)><b>book</b>';

/** Only so much of Api as it takes to enroll a device with a token that is there already. */
class HandsOver extends Api {
  readonly #given: string;

  constructor(admin: Api, given: string) {
    super(admin.url, admin.token);
    this.#given = given;
  }

  override async post(path: string, body: unknown): Promise<ApiAnswer> {
    if (path !== '/v1/admin/enrollment-tokens') return super.post(path, body);
    return { status: 201, headers: new Headers(), body: { token: this.#given } };
  }
}

inBrowser('devices', (visit: Visit) => {
  async function admin(t: TestContext, scene: ConsoleScene, path: string): Promise<Visitor> {
    const { link } = await scene.person('Ada', 'ada@example.org', ['admin']);
    return visit.signedIn(t, link, scene.screen(path));
  }

  async function rename(scene: ConsoleScene, device: HttpDevice, name: string): Promise<void> {
    const { store } = scene.backend.server.deps;
    await store.commit({ changes: [updateOne('devices', { id: device.fake.id }, { name })], audit: [] });
  }

  test('a device is found by what it is, and the address of that finds it again', async (t) => {
    const scene = await ConsoleScene.open(t);
    const erin = await scene.person('Erin', 'erin@example.org', ['employee']);
    const bob = await scene.person('Bob', 'bob@example.org', ['employee']);
    const fine = await scene.device(erin.id);
    await fine.attest();
    await rename(scene, fine, hostile);
    const blocked = await scene.device(bob.id);
    await blocked.attest({}, blocked.firewallOff());
    await rename(scene, blocked, 'Desk of Bob');

    const ada = await admin(t, scene, '/devices');
    const { page } = ada;
    await ada.heading('Devices');
    const table = page.getByRole('table', { name: 'Devices' });
    await table.getByRole('link', { name: hostile }).waitFor();
    assert.equal(await page.locator('main img').count(), 0, 'names stay text');
    const stands = page.getByRole('group', { name: 'Stands' });
    await stands.getByRole('button', { name: /^Blocked\s*1$/ }).click();
    await table.getByRole('link', { name: 'Desk of Bob' }).waitFor();
    await table.getByRole('link', { name: hostile }).waitFor({ state: 'detached' });
    assert.match(page.url(), /status=non-compliant/);
    await ada.look('devices');

    const eve = await scene.person('Eve', 'eve@example.org', ['auditor']);
    const auditor = await visit.signedIn(t, eve.link, page.url());
    await auditor.heading('Devices');
    await auditor.page.getByRole('link', { name: 'Desk of Bob' }).waitFor();
    assert.equal(await auditor.page.getByRole('link', { name: hostile }).count(), 0);
    await auditor.page.getByRole('button', { name: 'Remove the filter Stands: Blocked' }).click();
    await auditor.page.getByRole('link', { name: hostile }).waitFor();

    await auditor.page.getByRole('textbox', { name: 'Name, person, address or id' }).fill('erin@');
    await auditor.page.getByRole('link', { name: 'Desk of Bob' }).waitFor({ state: 'detached' });
    assert.match(auditor.page.url(), /q=erin/);
    await auditor.page.getByRole('link', { name: hostile }).click();
    await auditor.heading(hostile);
    assert.equal(await auditor.page.getByRole('button', { name: 'Suspend' }).count(), 0, 'auditors only look');
  });

  test("a copy of a real agent's key shows in quarantine at once, with both histories, until an admin releases it", async (t) => {
    const scene = await ConsoleScene.open(t);
    const { backend } = scene;
    const { issuer } = backend.server.deps.config;
    // Browsers take passkeys for a name only, so that the server has one; the agent is told the same.
    const named = new Backend(
      Object.assign(Object.create(backend.server) as typeof backend.server, { url: issuer }),
      backend.clock,
      backend.env,
    );
    const agent = await enrolledAgent(t, named, 'ada@example.org');
    const attest = async (each: Agent) =>
      (await each.json<{ error_code?: string; verdict?: unknown }>(['attest'])).answer;
    assert.ok((await attest(agent)).verdict);
    const folder = temporaryFolder(t, 'copy');
    cpSync(agent.env['POSTERN_AGENT_DATA'] ?? '', folder, { recursive: true });
    const copy = new Agent({ ...agent.env, POSTERN_AGENT_DATA: folder });

    const ada = await admin(t, scene, '/devices?quarantine=yes');
    const { page } = ada;
    await ada.heading('Devices');
    await page.getByRole('heading', { name: 'No device is like that' }).waitFor();
    assert.ok((await attest(agent)).verdict);
    assert.match((await attest(copy)).error_code ?? '', /^attestation_(rolled_back|forked)$/);
    await page.getByRole('link', { name: 'Test computer' }).click();

    await ada.heading('Test computer');
    const section = ada.section('In quarantine');
    const histories = section.getByRole('table', { name: 'Both histories, report by report' });
    await section.getByText('Both agree up to report 1. After it they part.').waitFor();
    const apart = histories.getByRole('row').filter({ hasText: 'Here they part' });
    assert.equal(await apart.getByText(/^hash/).count(), 2, 'one accepted, one refused');
    await ada.look('quarantine');

    await page.getByRole('button', { name: 'Release' }).click();
    const dialog = page.getByRole('dialog', { name: 'Release Test computer from quarantine?' });
    await dialog.getByText('This hits ada.').waitFor();
    await dialog.getByLabel('Reason, for the record').fill('The copy is destroyed');
    await dialog.getByRole('button', { name: 'Release' }).click();
    await ada.told('Released.');
    await ada.section('Reports that were refused').waitFor();
    assert.ok((await attest(agent)).verdict);
    assert.equal(await section.count(), 0);
  });

  test('a device is read through its tabs, and suspended with what that hits', async (t) => {
    const scene = await ConsoleScene.open(t);
    const erin = await scene.person('Erin', 'erin@example.org', ['employee']);
    const device = await scene.device(erin.id);
    await device.attest();
    const token = await device.accessToken(app);
    const ada = await admin(t, scene, `/devices/${device.fake.id}`);
    const { page } = ada;
    await ada.heading('Test computer');
    await device.attest({}, device.firewallOff());
    await page.getByText('It gets no access because of: Firewall.').waitFor();
    await page.getByRole('article', { name: 'Firewall' }).getByText('The firewall is on').waitFor();
    await ada.look('device');

    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByRole('heading', { name: 'Fine → Blocked' }).waitFor();
    await page.getByText('"enabled":false').waitFor();
    assert.match(page.url(), /tab=history/);
    await ada.look('device-history');
    await page.getByRole('tab', { name: 'Readings' }).click();
    await page.getByRole('row').filter({ hasText: 'Disk encryption' }).waitFor();
    await ada.look('device-readings');
    await page.getByRole('tab', { name: 'Key and hardware' }).click();
    await page.getByText('Where the key lives is not known.').waitFor();
    await ada.look('device-key');
    await page.getByRole('tab', { name: 'Exceptions' }).click();
    await page.getByText('Nobody has asked for an exception for this device.').waitFor();
    await ada.look('device-exceptions');

    await page.getByRole('button', { name: 'Suspend' }).click();
    const dialog = page.getByRole('dialog', { name: 'Suspend Test computer?' });
    await dialog.getByText('This hits Erin.').waitFor();
    await dialog.getByText('1 access token that it has ends at once.').waitFor();
    await dialog.getByLabel('Reason, for the record').fill('Left on a train');
    await ada.look('suspend-dialog');
    await dialog.getByRole('button', { name: 'Suspend' }).click();
    await page.getByText('An admin suspended it').waitFor();
    assert.deepEqual(await scene.gateways.app.introspect(token), { active: false });
  });

  test('an admin hands out a token, and admits what came with it', async (t) => {
    const scene = await ConsoleScene.open(t);
    await scene.person('Erin', 'erin@example.org', ['employee']);
    const ada = await admin(t, scene, '/enrollment');
    const { page } = ada;
    await ada.heading('Enrollment');
    await page.getByRole('button', { name: 'Make a token' }).click();
    const dialog = page.getByRole('dialog', { name: 'A token for a new device' });
    await dialog.getByLabel('Whose device will it be?').fill('erin');
    await page.getByRole('option', { name: 'Erin (erin@example.org)' }).click();
    await dialog.getByLabel('Devices wait until an admin admits them').check();
    await ada.look('enrollment-token');
    await dialog.getByRole('button', { name: 'Make the token' }).click();
    const made = page.getByRole('dialog', { name: 'A token for Erin' });
    const token = await made.getByText(/^pet_/).innerText();
    await made.getByText(`postern-agent enroll ${scene.backend.server.deps.config.issuer} --token -`).waitFor();
    await made.getByRole('button', { name: 'I have it' }).click();
    await page.getByRole('row').filter({ hasText: 'Erin' }).getByText('Open').waitFor();
    assert.equal(await page.getByText(token).count(), 0, 'shown once');
    await ada.look('enrollment');

    const { url, clock } = scene.backend;
    const place = { url, clock, issuer: scene.backend.server.deps.config.issuer };
    const device = await HttpDevice.enroll(place, new HandsOver(scene.admin, token));
    await page.getByRole('tab', { name: 'Waiting' }).click();
    await page.getByRole('button', { name: 'Admit Test computer' }).click();
    const admitting = page.getByRole('dialog', { name: 'Admit Test computer?' });
    await admitting.getByLabel('Reason, for the record').fill('Erin called');
    await admitting.getByRole('button', { name: 'Admit' }).click();
    await page.getByRole('heading', { name: 'Nobody waits' }).waitFor();
    assert.equal((await device.attest()).status, 200);
  });

  test('the page of a code says on which device and for what somebody would be signed in, and only its owner may', async (t) => {
    const scene = await ConsoleScene.open(t);
    const [erin, eve] = [
      await scene.person('Erin', 'erin@example.org', ['employee']),
      await scene.person('Eve', 'eve@example.org', ['admin']),
    ];
    const device = await scene.device(erin.id);
    const form = {
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await device.assertion(),
      resource: app,
    };
    const answer = await fetch(`${scene.backend.url}/oauth/device_authorization`, {
      method: 'POST',
      body: new URLSearchParams(form),
    });
    const { user_code: code } = (await answer.json()) as { user_code: string };

    const stranger = await visit.signedIn(t, eve.link, scene.screen(`/device?user_code=${code}`));
    await stranger.heading('Connect a device');
    await stranger.told('That code is shown by a device of somebody else.');
    assert.equal(await stranger.page.getByRole('button', { name: 'Yes' }).count(), 0);

    const visitor = await visit.signedIn(t, erin.link, scene.screen('/device'));
    await visitor.heading('Connect a device');
    const { page } = visitor;
    await page.getByRole('textbox', { name: 'Code' }).fill(code.toLowerCase().replace('-', ' '));
    await page.getByRole('button', { name: 'Look it up' }).click();
    const card = visitor.section(`Sign in on Test computer for ${app}?`);
    await card.getByText('Only if you started this yourself, just now').waitFor();
    await card.getByText('the same address as you').waitFor();
    await visitor.look('device-code');
    await card.getByRole('button', { name: 'Yes, I am at it' }).click();
    await page.getByRole('heading', { name: 'Signed in' }).waitFor();
    await visitor.look('device-code-done');
  });
});
