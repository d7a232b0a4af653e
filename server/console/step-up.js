/** Shows the backend who one is, where it asks for that: by passkey (WebAuthn) or by a code of an authenticator app. */
import { call } from './backend.js';
import { actions, element, holding, once } from './page.js';

/**
 * Sends something; when a fresh proof is asked for, asks the person for one and sends it again with that.
 *
 * @param about purpose and exact content, as `POST /v1/me/step-ups` takes them: the proof is good for this and nothing else
 * @param sentence what it is for, to the person
 * @param prove puts the proof into the body, where it does not stand at its top
 */
export async function sendProven(method, path, body, { about, sentence, prove = atTop }) {
  try {
    return await call(method, path, body);
  } catch (refusal) {
    if (refusal.code !== 'step_up_required') throw refusal;
    const ways = refusal.ways.filter((way) => way !== 'sign-in');
    if (ways.length === 0) {
      throw new Error(
        `${refusal.message} Sign in again with a new link, then do this within five minutes; or add a passkey under "You".`,
        { cause: refusal },
      );
    }
    return await call(method, path, prove(body, await proofOf(ways, about, sentence)));
  }
}

function atTop(body, stepUp) {
  return { ...body, stepUp };
}

/** A passkey that this browser makes for the person. Throws when they change their mind. */
export async function makePasskey(options) {
  refuseWithoutPasskeys();
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  return (await asked(navigator.credentials.create({ publicKey }))).toJSON();
}

async function usePasskey(about) {
  refuseWithoutPasskeys();
  const { id, options } = await call('POST', '/v1/me/step-ups', about);
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const assertion = (await asked(navigator.credentials.get({ publicKey }))).toJSON();
  return { kind: 'passkey', stepUp: id, assertion };
}

function refuseWithoutPasskeys() {
  if (typeof PublicKeyCredential === 'function' && 'parseRequestOptionsFromJSON' in PublicKeyCredential) return;
  throw new Error(
    'This browser cannot use passkeys here. It takes a current browser, and the address of this service with https.',
  );
}

async function asked(answer) {
  const credential = await answer.catch((cause) => {
    if (cause.name === 'InvalidStateError') throw new Error('That passkey is known here already.', { cause });
    throw new Error('No passkey was used: it was cancelled, or took too long. Nothing has changed.', { cause });
  });
  if (credential === null) throw new Error('No passkey was used. Nothing has changed.');
  return credential;
}

/** Asks in a dialog that says what the proof is for. */
function proofOf(ways, about, sentence) {
  const { promise, resolve, reject } = Promise.withResolvers();
  const dialog = element('dialog');
  dialog.setAttribute('aria-labelledby', 'proof-title');
  const title = element('h2', 'Show that it is you');
  title.id = 'proof-title';
  const prove = async (make) => {
    try {
      resolve(await make());
    } catch (refusal) {
      reject(refusal);
    }
    dialog.close();
  };
  const cancel = ['Cancel', '', () => dialog.close()];
  const passkey = ['Use a passkey', 'main', () => prove(() => usePasskey(about))];
  dialog.append(title, element('p', sentence));
  if (ways.includes('code')) dialog.append(codeForm((code) => prove(async () => ({ kind: 'code', code }))));
  dialog.append(actions(ways.includes('passkey') ? [passkey, cancel] : [cancel]));
  dialog.addEventListener('close', () => {
    dialog.remove();
    reject(new Error('Cancelled. Nothing has changed.'));
  });
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector('button.main, input')?.focus();
  return promise;
}

/** A field for the six digits of an authenticator app. */
export function codeForm(send, button = 'Use the code') {
  const label = element('label', 'Code of your authenticator app', 'field');
  const input = element('input');
  Object.assign(input, { inputMode: 'numeric', autocomplete: 'one-time-code', maxLength: 6, required: true });
  input.pattern = '[0-9]{6}';
  input.title = 'six digits';
  label.append(input);
  const form = holding('form', [label, element('button', button)]);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void once(form, () => send(input.value));
  });
  return form;
}
