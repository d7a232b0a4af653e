import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { createSignInLink, createUser } from '@postern/server/identity/index';
import type { Role } from '@postern/shared/protocol/admin';
import { minute } from '@postern/shared/time';
import { AuditTrail } from '../support/audit-trail.ts';
import { type Backend, startBackend } from '../support/backend.ts';
import { freePort } from '../support/free-port.ts';
import { IdentityProvider } from '../support/identity-provider.ts';
import { inBrowser } from '../support/in-browser.ts';
import { totp } from '../support/totp.ts';
import type { Visitor } from '../support/visitor.ts';

const system = { kind: 'system' as const, id: null };
const password = 'correct-battery-horse';
const nowhere = 'http://127.0.0.1:9';

interface Scene {
  backend: Backend;
  issuer: string;
  provider: IdentityProvider;
}

/** A server under a name that browsers take passkeys for, and the identity provider of its company. */
async function open(t: TestContext): Promise<Scene> {
  const port = String(await freePort());
  const issuer = `http://localhost:${port}`;
  const callback = `${issuer}/v1/sign-in/providers/company/callback`;
  const accounts = {
    bob: { email: 'bob@example.org', email_verified: true, name: 'Bob', groups: ['it-approvers'] },
    stranger: { email: 'stranger@example.com', email_verified: false },
  };
  const provider = await IdentityProvider.start(t, accounts, ['console'], callback);
  const company = { id: 'company', title: 'Example Inc.', issuer: provider.issuer, client_id: 'console' };
  const other = { id: 'other', title: 'Elsewhere', issuer: nowhere, client_id: 'console' };
  const backend = await startBackend(t, {
    POSTERN_PORT: port,
    POSTERN_ISSUER: issuer,
    POSTERN_SIGN_IN_PROVIDERS: JSON.stringify([
      { ...company, create: true, roles: { 'it-approvers': ['approver'] } },
      other,
    ]),
  });
  return { backend, issuer, provider };
}

/** Somebody who is known here, and a link that signs them in. */
async function person({ backend }: Scene, name: string, roles: Role[]): Promise<string> {
  const { deps } = backend.server;
  const now = backend.clock.now();
  const wish = { name, email: `${name.toLowerCase()}@example.org`, roles };
  const { id } = await createUser(deps, wish, system, now);
  return (await createSignInLink(deps, id, system, now)).link;
}

async function signOut(visitor: Visitor, name: string): Promise<void> {
  await visitor.page.getByRole('button', { name: `Signed in as ${name}` }).click();
  await visitor.page.getByRole('menuitem', { name: 'Sign out' }).click();
  await visitor.heading('Sign in');
}

const account = (scene: Scene, visitor: Visitor) => visitor.goOn(`${scene.issuer}/console/me/account`, 'Your account');

inBrowser('signing in', (visit) => {
  test('who follows a link is asked to sign in, does so with the company, and comes to where the link leads', async (t) => {
    const scene = await open(t);
    scene.provider.isHere('bob');
    const bob = await visit(t, `${scene.issuer}/console/people?q=bob`);
    await bob.heading('Sign in');
    await bob.look('sign-in');
    await bob.page.getByRole('link', { name: 'Sign in with Example Inc.' }).click();
    await bob.page.waitForURL(`${scene.issuer}/console/people?q=bob`);
    await bob.page.getByRole('button', { name: 'Signed in as Bob' }).waitFor();
    await account(scene, bob);
    await bob.section(/^You$/).getByText('Approver').waitFor();
    await bob.section(/^You$/).getByText('Example Inc.').waitFor();
    await bob.section('Where you are signed in').getByText('Identity provider').waitFor();
  });

  test('who comes back without having left, is nobody here, or finds the provider away, is told so where they can try again', async (t) => {
    const scene = await open(t);
    const visitor = await visit(t, `${scene.issuer}/v1/sign-in/providers/company/callback?code=x&state=y`);
    await visitor.heading('Sign in');
    await visitor.told('This sign-in was begun in another browser');
    scene.provider.isHere('stranger');
    await visitor.page.getByRole('link', { name: 'Sign in with Example Inc.' }).click();
    await visitor.told('nobody here is you');
    await visitor.look('sign-in-refused');
    await visitor.page.getByRole('link', { name: 'Sign in with Elsewhere' }).click();
    await visitor.told('does not answer now');
  });

  test('a passkey that was added signs in without a name, and no more once it was removed', async (t) => {
    const scene = await open(t);
    const erin = await visit(t, await person(scene, 'Erin', ['employee']));
    await erin.page.getByRole('button', { name: 'Signed in as Erin' }).waitFor();
    await account(scene, erin);
    const passkeys = erin.section('Passkeys');
    await passkeys.getByText('None yet.').waitFor();
    await passkeys.getByRole('button', { name: 'Add a passkey' }).click();
    await erin.page.getByLabel('What to call it').fill('Work laptop');
    await erin.page.getByRole('button', { name: 'Add it' }).click();
    await erin.told('Added: Work laptop');
    await passkeys.getByRole('cell', { name: 'Work laptop', exact: true }).waitFor();
    await erin.look('account');
    await signOut(erin, 'Erin');

    await erin.page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await erin.page.getByRole('button', { name: 'Signed in as Erin' }).waitFor();
    await account(scene, erin);
    await erin.section('Where you are signed in').getByText('Passkey', { exact: true }).waitFor();
    await passkeys.getByRole('button', { name: 'Remove Work laptop' }).click();
    await erin.page.getByRole('button', { name: 'Remove it', exact: true }).click();
    await erin.proveWithPasskey('You remove the passkey "Work laptop".');
    await erin.told('Removed: Work laptop');
    await signOut(erin, 'Erin');
    await erin.page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await erin.told('That did not sign you in.');
  });

  test('a password signs an approver in together with a code, and says nothing of why it does not', async (t) => {
    const scene = await open(t);
    const ada = await visit(t, await person(scene, 'Ada', ['approver']));
    const { page } = ada;
    await page.getByRole('button', { name: 'Signed in as Ada' }).waitFor();
    await account(scene, ada);
    await ada.section('Password').getByRole('button', { name: 'Set a password' }).click();
    await page.getByLabel('New password').fill('example-localhost');
    await page.getByLabel('The same again').fill('example-localhost');
    await page.getByRole('button', { name: 'Save it' }).click();
    await ada.told('must not be made of your name');
    await page.getByLabel('New password').fill(password);
    await page.getByLabel('The same again').fill(password);
    await page.getByRole('button', { name: 'Save it' }).click();
    await ada.told('The password is set.');
    await ada.section('Password').getByText('your roles need a second factor').waitFor();

    await ada.section('Authenticator app').getByRole('button', { name: 'Add an authenticator app' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add an authenticator app' });
    await dialog.getByRole('img', { name: /^QR code/ }).waitFor();
    const key = await dialog.getByText(/^[A-Z2-7]{32}$/).innerText();
    await dialog.getByLabel('Code of your authenticator app').fill(totp(key, scene.backend.clock.now()));
    await dialog.getByRole('button', { name: 'Take it into use' }).click();
    await ada.told('The authenticator app is in use.');
    await ada.section('Password').getByText('your roles need a second factor').waitFor({ state: 'hidden' });
    await signOut(ada, 'Ada');

    const enter = async (email: string, secret: string) => {
      await page.getByLabel('E-mail address').fill(email);
      await page.locator('input[type=password]').fill(secret);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    };
    await enter('ada@example.org', 'wrong-wrong-wrong');
    await ada.told('That did not sign you in.');
    const refused = await page.getByRole('alert').innerText();
    await enter('nobody@example.org', password);
    await ada.told('That did not sign you in.');
    assert.equal(await page.getByRole('alert').innerText(), refused);
    scene.backend.clock.advance(minute);
    await enter('ada@example.org', password);
    await page.getByText('One more step').waitFor();
    await ada.look('sign-in-second-step');
    await page.getByLabel('Code of your authenticator app').fill(totp(key, scene.backend.clock.now()));
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('button', { name: 'Signed in as Ada' }).waitFor();
    const record = new AuditTrail(await scene.backend.person('olga@example.org', ['auditor']));
    const entries = await record.since(0);
    assert.ok(entries.some(({ type, data }) => type === 'person.signed-in' && data['second'] === 'code'));
  });

  test('signing out everywhere ends the other browser too', async (t) => {
    const scene = await open(t);
    const here = await visit(t, await person(scene, 'Erin', ['employee']));
    await here.page.getByRole('button', { name: 'Signed in as Erin' }).waitFor();
    const { deps } = scene.backend.server;
    const { id } = await deps.store.read
      .selectFrom('users')
      .select('id')
      .where('name', '=', 'Erin')
      .executeTakeFirstOrThrow();
    const { link } = await createSignInLink(deps, id, system, scene.backend.clock.now());
    const there = await visit(t, link);
    await there.page.getByRole('button', { name: 'Signed in as Erin' }).waitFor();

    await account(scene, here);
    const sessions = here.section('Where you are signed in');
    await sessions.getByText('this one').waitFor();
    assert.equal(await sessions.getByRole('row').count(), 3, 'titles and two sessions');
    await sessions.getByRole('button', { name: 'Sign out everywhere' }).click();
    const dialog = here.page.getByRole('dialog');
    await dialog.getByText('2 sessions of yours will end').waitFor();
    await dialog.getByRole('button', { name: 'Sign out everywhere' }).click();
    await here.heading('Sign in');
    await there.page.reload();
    await there.heading('Sign in');
  });
});
