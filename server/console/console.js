/**
 * The small console: sign in by link, connect a device by its code, decide requests, see devices.
 * Everything that a device or a person wrote goes into the page as text, never as markup.
 */
import { attempt, card, element, say, when } from './page.js';
import { call } from './backend.js';

const section = (id) => document.getElementById(id);

async function signInFromLink() {
  const code = new URLSearchParams(location.hash.slice(1)).get('sign-in');
  if (code === null) return;
  // The code is spent below; it must not stay in the address bar or the history.
  history.replaceState(null, '', location.pathname);
  await call('POST', '/v1/admin/session', { code });
}

function deviceCard(device) {
  const state = device.quarantine === null ? device.state : `in quarantine: ${device.quarantine.cause}`;
  return card(device.name, [
    ['Person', device.owner.name],
    ['Posture', device.status],
    ['State', state],
    ['Key', `${device.keyProtection} (${device.keyProvider})`],
    ['Last seen', device.lastSeenAt === null ? 'never' : when(device.lastSeenAt)],
  ]);
}

function exceptionFacts(exception) {
  return [
    ['Rules', exception.rules.join(', ')],
    [
      'Seen',
      exception.observed.map(({ rule, outcome, value }) => `${rule}: ${outcome}, ${JSON.stringify(value)}`).join('; '),
    ],
    ['Device', exception.device.name],
    ['Resources', exception.resources.length === 0 ? 'all' : exception.resources.join(', ')],
    ['For', `${Math.round(exception.durationSeconds / 60)} minutes`],
    ['Why', exception.justification],
    ['Asked by', `${exception.requestedBy.name}, ${when(exception.requestedAt)}`],
    ...(exception.expiresAt === null ? [] : [['Until', when(exception.expiresAt)]]),
    [
      'Approvals',
      `${exception.decisions.filter((each) => each.verdict === 'approve').length} of ${exception.approvalsNeeded}`,
    ],
  ];
}

async function decide(exception, verb, done) {
  const body = verb === 'revoke' ? {} : { requestHash: exception.requestHash };
  await call('POST', `/v1/admin/exceptions/${exception.id}/${verb}`, body);
  say(`${done}: ${exception.person.name}, ${exception.rules.join(', ')}.`);
  await showLists();
}

function requestCard(exception) {
  return card(`${exception.person.name} asks`, exceptionFacts(exception), [
    ['Approve', 'main', () => decide(exception, 'approve', 'Approved')],
    ['Deny', 'danger', () => decide(exception, 'deny', 'Denied')],
  ]);
}

function activeCard(exception) {
  return card(exception.person.name, exceptionFacts(exception), [
    ['Revoke now', 'danger', () => decide(exception, 'revoke', 'Revoked')],
  ]);
}

function fill(id, cards, empty) {
  section(id).hidden = false;
  section(id)
    .querySelector('.list')
    .replaceChildren(...(cards.length > 0 ? cards : [element('p', empty, 'soft')]));
}

async function showLists() {
  const [pending, active, devices] = await Promise.all([
    call('GET', '/v1/admin/exceptions?state=pending'),
    call('GET', '/v1/admin/exceptions?state=active'),
    call('GET', '/v1/admin/devices'),
  ]);
  fill(
    'requests',
    pending.items.filter((each) => each.state === 'pending').map(requestCard),
    'Nobody is waiting for a decision.',
  );
  fill('active', active.items.filter((each) => each.live).map(activeCard), 'No exception is in force.');
  fill(
    'devices',
    devices.items.map(deviceCard),
    'No device is enrolled. Make an enrollment token, or connect one by its code above.',
  );
}

function showDeviceCode() {
  const form = section('device-code').querySelector('form');
  const asking = section('asking-device');
  section('device-code').hidden = false;
  const input = form.elements.user_code;
  input.value = new URLSearchParams(location.search).get('user_code') ?? '';
  const lookUp = async () => {
    asking.replaceChildren();
    const code = input.value.trim().toUpperCase();
    const waiting = await call('GET', `/v1/admin/device-codes/${encodeURIComponent(code)}`);
    const choose = (decision, done) => async () => {
      await call('POST', '/v1/admin/device-codes', { user_code: code, decision });
      asking.replaceChildren();
      say(done);
    };
    const facts = Object.entries({
      Device: waiting.deviceName ?? 'unnamed',
      Address: waiting.remoteAddress ?? 'unknown',
      Asked: when(waiting.requestedAt),
    });
    asking.replaceChildren(
      card('Is this the device in front of you?', facts, [
        ['Yes, connect it to my name', 'main', choose('approve', 'Connected. The device goes on by itself.')],
        ['No', 'danger', choose('deny', 'Refused. The device was told.')],
      ]),
    );
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void attempt(lookUp);
  });
}

async function start() {
  await signInFromLink();
  const me = await call('GET', '/v1/admin/session').catch((refusal) =>
    refusal.status === 401 ? undefined : Promise.reject(refusal),
  );
  if (me === undefined) {
    section('signed-out').hidden = false;
    return;
  }
  section('who').textContent = `${me.name} (${me.roles.join(', ')})`;
  section('sign-out').hidden = false;
  section('sign-out').addEventListener('click', () => {
    void attempt(async () => {
      await call('DELETE', '/v1/admin/session');
      location.reload();
    });
  });
  showDeviceCode();
  if (me.roles.some((role) => role !== 'employee')) await showLists();
}

await attempt(start);
