import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { reading } from '@postern/server/attestation/testing/readings';
import type { HttpDevice } from '../support/http-device.ts';
import { inBrowser, type Visit } from '../support/in-browser.ts';
import type { Visitor } from '../support/visitor.ts';
import { addPasskey } from './passkey.ts';
import { app, ConsoleScene } from './scene.ts';

const hostile = '<img src=x onerror=alert(1)>';

const aboutDisks = (severity: string) => `
    require: value.state == "full"
    expected: Everything on the disk is encrypted
    severity: ${severity}
    time_to_fix: 0s
    on_unknown: warn`;

inBrowser('policies, from the draft to the way back', (visit) => {
  test('one admin drafts and replays, another one approves, devices are judged by it, and it is rolled back', async (t) => {
    const scene = await ConsoleScene.open(t);
    const frank = await scene.person(`Frank ${hostile}`, 'frank@example.org', ['employee']);
    const unencrypted = await scene.device(frank.id);
    await attestUnencrypted(unencrypted);
    const erin = await scene.person('Erin', 'erin@example.org', ['employee']);
    const encrypted = await scene.device(erin.id);
    await encrypted.attest();
    const mayEnter = async (device: HttpDevice) => (await device.token({ resource: app })).status === 200;
    assert.deepEqual([await mayEnter(unencrypted), await mayEnter(encrypted)], [true, true]);

    const ada = await admin(t, visit, scene, 'Ada', '/policies/baseline');
    const bob = await admin(t, visit, scene, 'Bob', '/policies');
    await bob.heading('Policies');
    await bob.page.getByText('Nothing is being changed.').waitFor();

    await ada.heading('Firewalls are on');
    await ada.look('policy');
    await ada.page.getByRole('link', { name: 'Edit' }).click();
    await ada.heading('Change baseline');
    await writeRule(ada);
    await ada.page.getByText(`It would be version 3: Firewalls are on.`).waitFor();
    await ada.look('policy-draft-new');
    await ada.page.getByRole('button', { name: 'Save' }).click();
    await ada.heading('Draft of baseline');
    await ada.look('policy-draft');

    await ada.page.getByRole('button', { name: 'Replay over the fleet' }).click();
    await ada.page.getByText('Would newly block 1 device of 1 person').waitFor();
    const devices = ada.page.getByRole('table', { name: 'Devices for which something would change' });
    await devices.getByRole('link', { name: `Frank ${hostile}` }).waitFor();
    await devices.getByRole('listitem').filter({ hasText: hostile }).waitFor();
    await ada.look('policy-replay');
    await ada.page.getByRole('link', { name: 'To the draft' }).click();
    await ada.heading('Draft of baseline');
    await ada.page.getByText('Replayed: Would newly block 1 device of 1 person.').waitFor();
    await ada.page.getByRole('button', { name: 'Submit for approval' }).click();
    await ada.page.getByText('It waits for another admin').waitFor();

    // Bob has not touched his page since.
    await bob.page.getByRole('table', { name: 'Drafts of policies' }).getByText('Waits for approval').waitFor();
    await approve(bob, 'Put this text of baseline into force?');
    await bob.page.getByText('Approved by Bob, and in force as version 3.').waitFor();
    await ada.page.getByText('Approved by Bob, and in force as version 3.').waitFor();
    assert.deepEqual([await mayEnter(unencrypted), await mayEnter(encrypted)], [false, true]);

    await ada.page.getByRole('link', { name: 'To the policy' }).click();
    await ada.heading('Firewalls are on');
    await ada.page.getByText(hostile, { exact: true }).waitFor();
    await ada.page.getByRole('tab', { name: 'Versions' }).click();
    await ada.page
      .getByRole('table', { name: 'Version 2 against version 3' })
      .getByText('check: disk-encryption')
      .waitFor();
    await ada.look('policy-versions');
    await ada.page.getByRole('button', { name: 'Put back into force: version 2' }).click();
    await confirm(ada, 'Put version 2 of baseline back into force?', 'Put back into force', 'It hits too many');
    await ada.page.getByText('It waits for another admin').waitFor();
    await bob.goOn(scene.screen('/policies'), 'Policies');
    await approve(bob, 'Put this text of baseline into force?');
    await bob.page.getByText('Approved by Bob, and in force as version 4.').waitFor();
    assert.equal(await mayEnter(unencrypted), true);
  });

  test('two who write at the same time: the second one is told who the first was, and chooses', async (t) => {
    const scene = await ConsoleScene.open(t);
    const made = await scene.admin.post('/v1/admin/policy-drafts', { document: 'policy: laptops\ntitle: Mine\n' });
    const bob = await admin(t, visit, scene, 'Bob', `/policy-drafts/${String(made.body['id'])}`);
    await bob.heading('Draft of laptops');
    await bob.page.getByText('to put right before it can be submitted').waitFor();
    await typeAtEnd(bob, '# from Bob');
    const theirs = { document: 'policy: laptops\ntitle: Theirs\n', version: made.body['version'] };
    await scene.admin.call('PUT', `/v1/admin/policy-drafts/${String(made.body['id'])}`, theirs);
    await bob.told('ada saved another text meanwhile');
    await bob.look('policy-draft-conflict');
    // What is not saved is not left by accident.
    await bob.page.getByRole('link', { name: 'laptops', exact: true }).click();
    const asked = bob.page.getByRole('dialog', { name: 'Leave without saving?' });
    await asked.getByRole('button', { name: 'Stay' }).click();
    await bob.page.getByRole('button', { name: 'Take theirs' }).click();
    await editor(bob).getByText('Theirs').waitFor();
    assert.equal(await bob.page.getByRole('button', { name: 'Save' }).isDisabled(), true);
  });

  test('the only admin shows who they are instead of a second approval', async (t) => {
    const scene = await ConsoleScene.open(t);
    await onlyAdmin(scene, 'ada@example.org');
    const ada = await admin(t, visit, scene, 'Ada', '/policies/baseline?view=versions');
    await addPasskey(ada);
    await ada.heading('Firewalls are on');
    await ada.page.getByRole('button', { name: 'Put back into force: version 1' }).click();
    await confirm(ada, 'Put version 1 of baseline back into force?', 'Put back into force', 'Stricter again');
    await ada.proveWithPasskey('You put version 1 of baseline back into force.');
    await ada.told('In force again, as version 3.');
    await ada.heading('Baseline for every device');
  });

  test('a template is proposed with its faults in place, approved by another admin, and a resource is given a tier', async (t) => {
    const scene = await ConsoleScene.open(t);
    const ada = await admin(t, visit, scene, 'Ada', '/templates/field-work');
    const bob = await admin(t, visit, scene, 'Bob', '/templates');
    await bob.heading('Templates');
    await bob.look('templates');
    await ada.heading('Work in the field');
    await ada.look('template');
    await ada.page.getByRole('link', { name: 'Propose a change' }).click();
    await ada.heading('Change field-work');
    await typeAtEnd(ada, 'ticket: perhaps');
    await ada.page.getByRole('button', { name: /^Line \d+: .*required, optional or none/ }).waitFor();
    await ada.page.keyboard.press('Control+Backspace');
    await ada.page.keyboard.insertText('required');
    await ada.page.getByText('It would be version 2: Work in the field').waitFor();
    await ada.look('template-proposal-new');
    await ada.page.getByRole('button', { name: 'Propose it' }).click();
    await ada.heading('Proposal for field-work');

    await bob.page
      .getByRole('table', { name: 'Proposals of templates' })
      .getByRole('link', { name: 'field-work' })
      .click();
    await bob.page.getByText('ada asks for approval.').waitFor();
    await bob.look('template-proposal');
    await bob.page.getByRole('button', { name: 'Approve' }).click();
    await confirm(bob, 'Put this text of field-work into force?', 'Approve');
    await ada.page.getByText('Approved by Bob.').waitFor();

    await bob.goOn(scene.screen('/templates'), 'Templates');
    await bob.page.getByRole('button', { name: `Edit ${app}` }).click();
    const form = bob.page.getByRole('dialog', { name: `Edit ${app}` });
    await form.getByLabel('Tier').selectOption('high');
    await form.getByRole('button', { name: 'Save' }).click();
    await bob.told('Saved.');
    await bob.page.getByRole('table', { name: 'Resources' }).getByText('High').waitFor();
  });
});

async function attestUnencrypted(device: HttpDevice): Promise<void> {
  const volumes = [{ mount: '/', encrypted: false, method: null }];
  const answer = await device.attest(
    {},
    { 'disk-encryption': reading({ state: 'none', volumes }, device.place.clock.now()) },
  );
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
}

async function admin(t: TestContext, visit: Visit, scene: ConsoleScene, name: string, path: string): Promise<Visitor> {
  const { link } = await scene.person(name, `${name.toLowerCase()}@example.org`, ['admin']);
  return visit.signedIn(t, link, scene.screen(path));
}

const editor = ({ page }: Visitor) => page.getByRole('textbox', { name: /document$/ });

async function typeAtEnd(visitor: Visitor, text: string): Promise<void> {
  await editor(visitor).focus();
  await visitor.page.keyboard.press('Control+End');
  await visitor.page.keyboard.insertText(text);
}

/** Adds a rule: its check is offered, and a word that is no severity is marked at its place until it is one. */
async function writeRule(visitor: Visitor): Promise<void> {
  const { page } = visitor;
  await typeAtEnd(visitor, `  - id: disk\n    title: "${hostile}"\n    check: `);
  await page.keyboard.type('disk-e');
  const offer = page.getByRole('option', { name: /disk-encryption/ });
  await offer.waitFor();
  // A list that has just opened takes no key yet, so that nobody chooses by accident.
  await offer.click();
  await page.keyboard.insertText(aboutDisks('hihg'));
  const fault = page.getByRole('button', { name: /^Line \d+: .*info, low, medium, high or critical/ });
  await fault.waitFor();
  await page.locator('.cm-lintRange-error', { hasText: 'hihg' }).waitFor();
  await fault.click();
  await page.keyboard.press('Shift+End');
  await page.keyboard.insertText('high');
  await page.getByText('Nothing is wrong with this text').waitFor();
}

async function approve(visitor: Visitor, question: string): Promise<void> {
  const { page } = visitor;
  await page.getByRole('table', { name: 'Drafts of policies' }).getByRole('link', { name: 'baseline' }).click();
  await visitor.heading('Draft of baseline');
  await page.getByText('It waits for your approval.').waitFor();
  await page.getByRole('button', { name: 'Approve' }).click();
  await confirm(visitor, question, 'Approve');
}

async function confirm({ page }: Visitor, question: string, button: string, reason?: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: question });
  if (reason !== undefined) await dialog.getByLabel(/Why/).fill(reason);
  await dialog.getByRole('button', { name: button }).click();
}

async function onlyAdmin(scene: ConsoleScene, email: string): Promise<void> {
  const { body } = await scene.admin.get('/v1/admin/users?limit=100');
  const users = body['items'] as { id: string; email: string; roles: string[] }[];
  for (const { id, roles } of users.filter((user) => user.email !== email && user.roles.includes('admin'))) {
    const { status } = await scene.admin.call('PATCH', `/v1/admin/users/${id}`, {
      roles: [...roles.filter((role) => role !== 'admin'), 'employee'],
    });
    assert.equal(status, 200);
  }
}
