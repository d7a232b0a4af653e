/** Who one is, and what one has to show it with. */
import { call } from './backend.js';
import { entry, entryForm, textField } from './fields.js';
import { actions, card, element, factList, fill, folded, holding, say } from './page.js';
import { codeForm, makePasskey, sendProven } from './step-up.js';
import { when } from './words.js';

/** Fills the section with oneself as the backend knows one. */
export async function showYou() {
  const [me, { items }] = await Promise.all([call('GET', '/v1/me'), call('GET', '/v1/me/passkeys')]);
  fill('you', [
    factList([
      ['Name', me.name],
      ['Address', me.email],
      ['Roles', me.roles.join(', ')],
      ['Groups', me.groups.join(', ') || 'none'],
      ['Manager', me.manager?.name ?? 'nobody is named'],
      ['Signed in', when(me.authenticatedAt)],
    ]),
    holding('section', [
      element('h3', 'Passkeys'),
      element('p', 'With a passkey you show that it is you, where something asks for that.', 'soft'),
      ...items.map(passkeyCard),
      folded('Add a passkey', [
        entryForm([textField('label', 'What to call it', { maxLength: 120, required: true })], 'Add', addPasskey),
      ]),
    ]),
    holding('section', [
      element('h3', 'Authenticator app'),
      ...(me.factors.authenticatorApp
        ? [element('p', 'You have one.'), actions([['Remove it', 'danger', removeApp]])]
        : [element('p', 'You have none.'), actions([['Set one up', '', setUpApp]])]),
    ]),
  ]);
}

function passkeyCard({ id, label, createdAt, usedAt, backedUp }) {
  const facts = [
    ['Added', when(createdAt)],
    ['Used', usedAt === null ? 'never' : when(usedAt)],
    ['Kept', backedUp ? 'in more than one place' : 'on one device'],
  ];
  const remove = async () => {
    await sendProven(
      'DELETE',
      `/v1/me/passkeys/${id}`,
      {},
      manage(`You remove your passkey “${label}”.`, 'remove-passkey', id),
    );
    say(`Removed: ${label}.`);
    await showYou();
  };
  return card(label, facts, [['Remove', 'danger', remove]]);
}

async function addPasskey(entered) {
  const label = entry(entered, 'label');
  const why = manage('You add a passkey.', 'add-passkey');
  const { id, options } = await sendProven('POST', '/v1/me/passkeys/options', {}, why);
  await call('POST', '/v1/me/passkeys', { stepUp: id, label, attestation: await makePasskey(options) });
  say(`Added: ${label}.`);
  await showYou();
}

async function setUpApp() {
  const why = manage('You set up an authenticator app.', 'add-authenticator-app');
  const { secret, uri } = await sendProven('POST', '/v1/me/authenticator-app', {}, why);
  const link = element('a', 'open it in the app on this device');
  link.href = uri;
  const confirm = async (code) => {
    await call('POST', '/v1/me/authenticator-app/confirm', { code });
    say('Your authenticator app is in use.');
    await showYou();
  };
  fill('you', [
    element('h3', 'Set up an authenticator app'),
    holding('p', ['Enter this secret in your app, or ', link, '. It is shown this once.']),
    element('p', secret.replaceAll(/(.{4})(?=.)/g, '$1 '), 'secret'),
    codeForm(confirm, 'Confirm'),
    actions([['Cancel', '', showYou]]),
  ]);
}

async function removeApp() {
  const why = manage('You remove your authenticator app.', 'remove-authenticator-app');
  await sendProven('DELETE', '/v1/me/authenticator-app', {}, why);
  say('Your authenticator app is removed.');
  await showYou();
}

function manage(sentence, action, target) {
  return { sentence, about: { purpose: 'manage', about: target === undefined ? { action } : { action, target } } };
}
