/** Connecting a device by the code that it shows (RFC 8628). */
import { call } from './backend.js';
import { attempt, card, say, section } from './page.js';
import { when } from './words.js';

export function showDeviceCode() {
  const form = section('device-code').querySelector('form');
  section('device-code').hidden = false;
  const input = form.elements.user_code;
  input.value = new URLSearchParams(location.search).get('user_code') ?? '';
  if (input.value !== '') section('device-code').querySelector('details').open = true;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void attempt(() => lookUp(input.value.trim().toUpperCase()));
  });
}

async function lookUp(code) {
  const asking = section('asking-device');
  asking.replaceChildren();
  const waiting = await call('GET', `/v1/admin/device-codes/${encodeURIComponent(code)}`);
  const choose = (decision, done) => async () => {
    await call('POST', '/v1/admin/device-codes', { user_code: code, decision });
    asking.replaceChildren();
    say(done);
  };
  const facts = (more) => Object.entries({ ...more, Asked: when(waiting.requestedAt) });
  const address = waiting.remoteAddress ?? 'unknown';
  asking.replaceChildren(
    waiting.signIn === null
      ? card(
          'Is this the device in front of you?',
          facts({ Device: waiting.deviceName ?? 'unnamed', Address: address }),
          [
            ['Yes, connect it to my name', 'main', choose('approve', 'Connected. The device goes on by itself.')],
            ['No', 'danger', choose('deny', 'Refused. The device was told.')],
          ],
        )
      : card(
          `Sign in on ${waiting.signIn.device.name} for ${waiting.signIn.resource}?`,
          facts({ Device: waiting.signIn.device.name, Resource: waiting.signIn.resource, Address: address }),
          [
            ['Yes, I am at it', 'main', choose('approve', 'Signed in. The device goes on by itself.')],
            ['No', 'danger', choose('deny', 'Refused. The device was told.')],
          ],
        ),
  );
}
