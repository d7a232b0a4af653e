import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { insert, updateOne } from '@postern/server/storage/change';
import { toId } from '@postern/shared/ids';
import { day, minute } from '@postern/shared/time';
import { inBrowser, type Visit } from '../support/in-browser.ts';
import type { Visitor } from '../support/visitor.ts';
import { addPasskey } from './passkey.ts';
import { app, ConsoleScene, firewall } from './scene.ts';

const hostile = '<img src=x onerror=alert(1)></p><script>alert(2)</script>';

inBrowser('deciding', (visit: Visit) => {
  /** Somebody who may approve, at a screen. */
  async function approver(t: TestContext, scene: ConsoleScene, name: string, path = '/inbox'): Promise<Visitor> {
    const { link } = await scene.person(name, `${name.toLowerCase()}@example.org`, ['approver']);
    return visit.signedIn(t, link, scene.screen(path));
  }

  /** One who has a laptop without a firewall, and asks. */
  async function asks(scene: ConsoleScene, name: string, email: string, why = 'Customers are here all day') {
    const person = await scene.person(name, email, ['employee']);
    const laptop = await scene.device(person.id);
    const { id } = await scene.asked(laptop, why);
    return { person, laptop, id: String(id) };
  }

  test('an approver reads the evidence beside the button, approves less with a passkey, and revokes', async (t) => {
    const scene = await ConsoleScene.open(t);
    const erin = await scene.person(hostile, 'erin@example.org', ['employee']);
    const laptop = await scene.device(erin.id);
    assert.equal((await laptop.attest()).status, 200);
    scene.backend.clock.advance(minute);
    const { store } = scene.backend.server.deps;
    await store.commit({ changes: [updateOne('devices', { id: laptop.fake.id }, { name: hostile })], audit: [] });
    const { id } = await scene.asked(laptop, hostile);
    const bob = await approver(t, scene, 'Bob');
    await addPasskey(bob);
    await bob.heading('Inbox');
    const { page } = bob;
    const row = page.getByRole('row').filter({ hasText: firewall });
    await row.getByText('Waits for you').waitFor();
    await bob.look('inbox');
    await row.getByRole('link').click();

    await bob.heading(new RegExp(`an exception from ${firewall}$`));
    const rules = page.getByRole('table', { name: 'Rules that this is about' });
    await rules.getByText('Failed').waitFor();
    await rules.getByText('Blocked').waitFor();
    await rules.getByText('enabled: yes').waitFor();
    const opens = page.getByRole('table', { name: 'What approving opens' });
    const opened = opens.getByRole('row').filter({ hasText: app });
    await opened.getByText('Closed').waitFor();
    await opened.getByText('Open, tokens of 5 minutes').waitFor();
    await bob.section('The device').getByText('In a file, says the agent').waitFor();
    await bob.section('Risk').getByText('Points').waitFor();
    await bob.section('What happened').getByText('asked for it').waitFor();
    assert.equal(await page.locator('[data-justification]').innerText(), hostile);
    assert.equal(await page.locator('main img, main script').count(), 0, 'what people wrote stays text');
    await bob.look('request');

    const panel = bob.section('Decision');
    await panel.getByLabel('For how long').selectOption({ label: 'only 1 hour' });
    await panel.getByLabel('Reason (optional)').fill('Seen the calendar');
    await panel.getByRole('button', { name: 'Approve', exact: true }).click();
    await bob.proveWithPasskey(/^You approve an exception from .* for 1 hour\.$/);
    await panel.getByText('In force').waitFor();
    const seen = await scene.seen(String(id));
    const [decision] = seen['decisions'] as { authn: { level: string }; reason: string }[];
    assert.deepEqual(
      [seen['state'], seen['durationSeconds'], decision?.authn.level, decision?.reason],
      ['active', 3600, 'passkey', 'Seen the calendar'],
    );
    const token = await laptop.accessToken(app);
    assert.equal((await scene.gateways.app.introspect(token))['active'], true);

    await bob.goOn(scene.screen('/exceptions'), 'Exceptions');
    const inForce = page.getByRole('table', { name: 'Exceptions in force' });
    await inForce.getByRole('row').filter({ hasText: firewall }).waitFor();
    await bob.look('exceptions');
    await inForce.getByRole('button', { name: 'Revoke' }).click();
    const dialog = page.getByRole('dialog', { name: 'Revoke it now?' });
    await dialog.getByLabel('Why? The person reads it').fill('The customers have left');
    await dialog.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('heading', { name: 'Nobody departs from a rule' }).waitFor();
    assert.deepEqual(await scene.gateways.app.introspect(token), { active: false });
    await page.getByRole('tab', { name: 'History' }).click();
    const over = page.getByRole('table', { name: 'Exceptions that are over' });
    await over.getByText('The customers have left').waitFor();
    assert.match(page.url(), /tab=history/);
  });

  test('a decision taken elsewhere shows at once, and its buttons go', async (t) => {
    const scene = await ConsoleScene.open(t);
    const { id } = await asks(scene, 'Erin', 'erin@example.org');
    const at = `/exceptions/${id}`;
    const [bob, eve] = [await approver(t, scene, 'Bob', at), await approver(t, scene, 'Eve', at)];
    for (const each of [bob, eve]) await each.heading(/^Erin/);
    const [his, hers] = [bob.section('Decision'), eve.section('Decision')];
    await hers.getByRole('button', { name: 'Approve', exact: true }).waitFor();
    await his.getByRole('button', { name: 'Deny …' }).click();
    const dialog = bob.page.getByRole('dialog', { name: 'Deny this request?' });
    await dialog.getByText('Erin asked for an exception').waitFor();
    await dialog.getByLabel('Why? Whoever asked reads it').fill('Use the other laptop');
    await bob.look('deny-dialog');
    await dialog.getByRole('button', { name: 'Deny', exact: true }).click();
    await bob.told('Denied to Erin');

    await hers.getByText('It was decided while you looked at it').waitFor();
    await hers.getByText('Bob denied it.').waitFor();
    await hers.getByText('Use the other laptop').first().waitFor();
    assert.equal(await hers.getByRole('button', { name: 'Approve', exact: true }).count(), 0);
    assert.equal(await his.getByText('It was decided while you looked at it').count(), 0, 'one knows what one did');
    await eve.look('decided-elsewhere');
  });

  test('who edits a request while somebody reads it has asked for something else, and the page says so', async (t) => {
    const scene = await ConsoleScene.open(t);
    const { laptop, id } = await asks(scene, 'Erin', 'erin@example.org');
    const bob = await approver(t, scene, 'Bob', `/exceptions/${id}`);
    await bob.heading(/^Erin/);
    const panel = bob.section('Decision');
    await panel.getByRole('button', { name: 'Approve', exact: true }).waitFor();
    const edited = await laptop.call('POST', `/v1/exceptions/${id}/edit`, { duration: '1h' });
    assert.equal(edited.status, 200);
    await panel.getByText('This request has changed since you opened it').waitFor();
    assert.equal(await panel.getByRole('button', { name: 'Approve', exact: true }).count(), 0);
    await panel.getByRole('button', { name: 'I have read it' }).click();
    await panel.getByRole('button', { name: 'Approve', exact: true }).waitFor();
    await panel.getByLabel('For how long').getByText('1 hour, as it was asked for').waitFor({ state: 'attached' });
  });

  test('the inbox works by keyboard alone, and three are denied at once, each for itself', async (t) => {
    const scene = await ConsoleScene.open(t);
    const asked = [];
    for (const name of ['Una', 'Ugo', 'Ida', 'Jon']) asked.push(await asks(scene, name, `${name}@example.org`));
    const bob = await approver(t, scene, 'Bob');
    await bob.heading('Inbox');
    const { page } = bob;
    await page.getByRole('link', { name: /^Jon/ }).waitFor();
    await page.keyboard.press('j');
    assert.match(await focused(bob), /^Una: an exception/, 'the focus goes along');
    await page.keyboard.press('x');
    for (const key of ['j', 'x', 'j', 'j', 'x']) await page.keyboard.press(key);
    await page.getByRole('region', { name: '3 requests selected' }).waitFor();
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Work with the keyboard' });
    await help.getByText('Deny it').waitFor();
    await bob.look('keys');
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'hidden' });
    await bob.look('selected');

    // One of the three is denied by somebody else before.
    const [una, ugo, ida, jon] = asked;
    await page.getByRole('button', { name: 'Deny them …' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Deny 3 requests?' });
    await dialog.getByLabel(/^Why/).waitFor();
    await scene.admin.post(`/v1/admin/exceptions/${ugo?.id ?? ''}/deny`, {});
    await page.keyboard.type('Not before the audit, and x is no shortcut here');
    await bob.look('bulk-deny');
    await dialog.getByRole('button', { name: 'Deny 3 requests' }).press('Enter');
    await dialog.getByText('2 denied, 1 not.').waitFor();
    await dialog.getByText(/^ ?Not denied: /).waitFor();
    await bob.look('bulk-denied');
    await dialog.getByRole('button', { name: 'Done' }).press('Enter');
    for (const [each, state] of [
      [una, 'denied'],
      [jon, 'denied'],
      [ida, 'pending'],
    ] as const) {
      const seen = await scene.seen(each?.id ?? '');
      assert.equal(seen['state'], state);
    }

    // The last one, from the list, with the reason typed by keyboard.
    await page.getByRole('link', { name: /^Una/ }).waitFor({ state: 'detached' });
    await page.keyboard.press('k');
    await page.keyboard.press('r');
    const one = page.getByRole('dialog', { name: 'Deny this request?' });
    await one.getByText('Ida asked for').waitFor();
    await page.keyboard.type('Nor this one');
    await one.getByRole('button', { name: 'Deny', exact: true }).press('Enter');
    await page.getByRole('heading', { name: 'Nothing waits for you' }).waitFor();
    await bob.look('inbox-empty');
  });

  test('keys of one letter can be switched off', async (t) => {
    const scene = await ConsoleScene.open(t);
    await asks(scene, 'Erin', 'erin@example.org');
    const bob = await approver(t, scene, 'Bob');
    await bob.heading('Inbox');
    const { page } = bob;
    await page.getByRole('link', { name: /^Erin/ }).waitFor();
    await page.getByRole('button', { name: 'Keyboard' }).click();
    const help = page.getByRole('dialog', { name: 'Work with the keyboard' });
    await help.getByRole('switch', { name: 'Keys of one letter' }).press('Space');
    await help.getByText('These keys are switched off').waitFor();
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'hidden' });
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    assert.equal(await page.getByRole('region', { name: /selected$/ }).count(), 0);
    await page.reload();
    await page.getByRole('link', { name: /^Erin/ }).waitFor();
    await page.keyboard.press('?');
    assert.equal(await help.count(), 0);
  });

  test('what was asked for together is approved together, with one proof', async (t) => {
    const scene = await ConsoleScene.open(t);
    const devices = [];
    for (const name of ['Una', 'Ugo']) {
      const { id } = await scene.person(name, `${name}@example.org`, ['employee']);
      devices.push(await scene.device(id));
    }
    await scene.askedTogether(devices, 'The fair, where nothing else works');
    const bob = await approver(t, scene, 'Bob');
    await addPasskey(bob);
    await bob.heading('Inbox');
    const { page } = bob;
    for (const name of ['Una', 'Ugo'])
      await page.getByRole('checkbox', { name: `Select the request of ${name}` }).click();
    await page.getByRole('button', { name: 'Approve them together …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Approve 2 requests together?' });
    await dialog.getByRole('button', { name: 'Approve 2 requests' }).click();
    await bob.proveWithPasskey(/^You approve 2 requests that were asked for together/);
    await dialog.getByText('All 2 are approved.').waitFor();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('heading', { name: 'Nothing waits for you' }).waitFor();
  });

  test('from the inbox one approves with the evidence above the button; a manager sees what is asked of them', async (t) => {
    const scene = await ConsoleScene.open(t);
    const erin = await scene.person('Erin', 'erin@example.org', ['employee']);
    const max = await scene.person('Max', 'max@example.org', ['employee']);
    await scene.change(erin.id, { manager: max.id });
    const { id } = await scene.asked(await scene.device(erin.id), 'Customers are here all day', 'errands');
    const other = await asks(scene, 'Una', 'una@example.org');
    const visitor = await visit.signedIn(t, max.link, scene.screen('/inbox'));
    await addPasskey(visitor);
    await visitor.heading('Inbox');
    const { page } = visitor;
    await page.getByRole('link', { name: /^Erin/ }).waitFor();
    assert.equal(await page.getByRole('link', { name: /^Una/ }).count(), 0, 'that is not asked of him');
    await page.keyboard.press('j');
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog', { name: /^Erin: an exception/ });
    await dialog.getByRole('table', { name: 'Rules that this is about' }).getByText('Blocked').waitFor();
    await dialog.getByText('Approving takes a passkey.').waitFor();
    await visitor.look('approve-dialog');
    await dialog.getByRole('button', { name: 'Approve', exact: true }).click();
    await visitor.proveWithPasskey(/for 2 hours\.$/);
    await page.getByRole('heading', { name: 'Nothing waits for you' }).waitFor();
    assert.equal((await scene.seen(String(id)))['state'], 'active');

    const answer = await page.evaluate<number>(
      `fetch('/v1/admin/exceptions/${other.id}/evidence').then(({ status }) => status)`,
    );
    assert.equal(answer, 403);
  });

  test('filters stand in the address and are there again for whoever follows it', async (t) => {
    const scene = await ConsoleScene.open(t);
    await asks(scene, 'Una', 'una@example.org');
    await asks(scene, 'Ugo', 'ugo@example.org');
    const bob = await approver(t, scene, 'Bob');
    await bob.heading('Inbox');
    const { page } = bob;
    await page.getByRole('link', { name: /^Una/ }).waitFor();
    await page.getByRole('textbox', { name: 'Person or device' }).fill('ugo');
    await page.getByRole('link', { name: /^Una/ }).waitFor({ state: 'detached' });
    await page.waitForURL(/q=ugo/);
    await page.reload();
    await page.getByRole('link', { name: /^Ugo/ }).waitFor();
    assert.equal(await page.getByRole('link', { name: /^Una/ }).count(), 0);
    await page.getByRole('button', { name: 'Clear filters', exact: true }).click();
    await page.getByRole('link', { name: /^Una/ }).waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download CSV' }).click();
    assert.equal((await download).suggestedFilename(), 'inbox.csv');
  });

  test('an exception that stands for long is reviewed, and ended, from its address', async (t) => {
    const scene = await ConsoleScene.open(t);
    const { person, id, laptop } = await asks(scene, 'Erin', 'erin@example.org');
    await approveWithPasskey(await approver(t, scene, 'Bob', `/exceptions/${id}`));
    await openReview(scene, id, person.id);
    const token = await laptop.accessToken(app);
    const eve = await approver(t, scene, 'Eve');
    await eve.heading('Inbox');
    await eve.page.getByRole('link', { name: 'Go to reviews' }).click();
    await eve.heading('Reviews');
    await eve.page.getByRole('button', { name: 'Look at it: A standing exception of Erin' }).click();
    const drawer = eve.page.getByRole('dialog', { name: 'A standing exception of Erin' });
    await drawer.getByText('1 token issued under it.').waitFor();
    assert.match(eve.page.url(), /review=rvw_/);
    await eve.look('review');
    await drawer.getByRole('radio', { name: 'End it now' }).click();
    await drawer.getByLabel(/^Why\? It is kept/).fill('It was for a day');
    await drawer.getByRole('button', { name: 'Decide' }).click();
    await eve.told('Your review is recorded.');
    assert.deepEqual(await scene.gateways.app.introspect(token), { active: false });
    await eve.page.getByRole('tab', { name: 'Decided' }).click();
    await eve.page.getByText('It was for a day').waitFor();
    await eve.look('reviews');
  });

  test('temporary access is seen, revoked, and stays in the log with its tokens', async (t) => {
    const scene = await ConsoleScene.open(t);
    const erin = await scene.person('Erin', 'erin@example.org', ['employee']);
    const laptop = await scene.device(erin.id);
    assert.equal((await laptop.attest()).status, 200);
    const asked = await laptop.call('POST', '/v1/access', {
      resource: 'https://payroll.example',
      role: 'reader',
      duration: '1h',
      template: 'temporary-access',
      reasonCode: 'support',
      justification: 'Wages of a colleague',
    });
    assert.equal(asked.status, 201, JSON.stringify(asked.body));
    const id = String(asked.body['id']);
    const bob = await approver(t, scene, 'Bob', `/exceptions/${id}`);
    await approveWithPasskey(bob);
    const token = await laptop.accessToken('https://payroll.example');
    await bob.goOn(scene.screen('/access'), 'Temporary access');
    const { page } = bob;
    const live = page.getByRole('table', { name: 'Access that is granted' });
    await live.getByRole('row').filter({ hasText: 'reader' }).waitFor();
    await bob.look('access');
    await live.getByRole('button', { name: 'Revoke' }).click();
    const dialog = page.getByRole('dialog', { name: 'Revoke it now?' });
    await dialog.getByLabel('Why? The person reads it').fill('Seen enough');
    await dialog.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('heading', { name: 'Nobody has temporary access' }).waitFor();
    assert.deepEqual(await scene.gateways.payroll.introspect(token), { active: false });
    await page.getByRole('tab', { name: 'Log' }).click();
    const log = page.getByRole('table', { name: 'Log of temporary access' });
    await log.getByText('1 token').waitFor();
    await log.getByText('Seen enough').waitFor();
    await bob.look('access-log');
  });
});

/** As the job opens one when an exception has stood for a month. */
async function openReview({ backend }: ConsoleScene, id: string, personId: string): Promise<void> {
  const { store, random } = backend.server.deps;
  const now = backend.clock.now();
  const review = {
    id: toId('review', random.uuid()),
    kind: 'exception',
    subject_id: id,
    person_id: personId,
    reason: 'It has been in force for 31 days.',
    reviewers: '[]',
    opened_at: now,
    due_at: now + 7 * day,
    overdue_at: null,
    decided_at: null,
    decided_by: null,
    verdict: null,
    note: null,
  };
  await store.commit({ changes: [insert('reviews', review)], audit: [] });
}

/** What has the focus, as it reads. */
function focused({ page }: Visitor): Promise<string> {
  return page.evaluate<string>('document.activeElement?.textContent ?? ""');
}

async function approveWithPasskey(visitor: Visitor): Promise<void> {
  await addPasskey(visitor);
  const panel = visitor.section('Decision');
  await panel.getByRole('button', { name: 'Approve', exact: true }).click();
  const dialog = visitor.page.getByRole('dialog', { name: 'Show that it is you' });
  const approved = visitor.page.getByText('Approved for Erin').first();
  await dialog.or(approved).first().waitFor();
  if (await dialog.isVisible()) await visitor.proveWithPasskey(/^You approve/);
  await approved.waitFor();
}
