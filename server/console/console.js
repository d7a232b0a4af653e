/**
 * The small console: sign in by link, see and end what one has, ask for more, decide what others ask, and look after one's
 * passkeys. Everything that a device or a person wrote goes into the page as text, never as markup.
 */
import { call } from './backend.js';
import { showDeviceCode } from './device-code.js';
import { showMine } from './mine.js';
import { showNotices } from './notices.js';
import { attempt, card, element, fill, section } from './page.js';
import { lookCloser, requestCard } from './requests.js';
import { reviewCards } from './reviews.js';
import { standingCards } from './standing.js';
import { when } from './words.js';
import { showYou } from './you.js';

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

async function showRequests(me, refresh) {
  const { items } = await call('GET', '/v1/admin/exceptions?state=pending');
  const waiting = items.filter(({ state }) => state === 'pending');
  fill(
    'requests',
    waiting.map((each) => requestCard(each, me, refresh)),
    'Nobody is waiting for a decision.',
  );
}

async function showReviews(refresh) {
  fill('reviews', await reviewCards(refresh), 'There is nothing to review.');
}

async function showStanding(mayRevoke, refresh) {
  fill('active', await standingCards(mayRevoke, refresh), 'Nothing is in force.');
}

async function showDevices() {
  const { items } = await call('GET', '/v1/admin/devices');
  fill(
    'devices',
    items.map(deviceCard),
    'No device is enrolled. Make an enrollment token, or connect one by its code.',
  );
}

/** Shows what the address names: `#/exceptions/{id}`, as mails and notices link to it. */
async function showNamed(me, refresh) {
  const [, id] = /^#\/exceptions\/(exc_[0-9a-f]{32})$/.exec(location.hash) ?? [];
  if (id === undefined) return;
  history.replaceState(null, '', location.pathname);
  const shown = document.querySelector(`[data-exception="${id}"]`);
  if (shown !== null && section('mine').contains(shown)) {
    shown.scrollIntoView();
    shown.focus();
    return;
  }
  const article = element('article');
  fill('named', [article]);
  try {
    await lookCloser(id, article, me, refresh);
  } catch (refusal) {
    section('named').hidden = true;
    throw refusal;
  }
}

async function start() {
  await signInFromLink();
  const signedIn = await call('GET', '/v1/me').catch((refusal) =>
    refusal.status === 401 ? undefined : Promise.reject(refusal),
  );
  if (signedIn === undefined) {
    section('signed-out').hidden = false;
    return;
  }
  section('who').textContent = `${signedIn.name} (${signedIn.roles.join(', ')})`;
  section('sign-out').hidden = false;
  section('sign-out').addEventListener('click', () => {
    void attempt(async () => {
      await call('DELETE', '/v1/admin/session');
      location.reload();
    });
  });
  const is = (...roles) => roles.some((role) => signedIn.roles.includes(role));
  // Each by itself: where one part cannot be shown the others still are.
  const refresh = async () => {
    section('named').hidden = true;
    await Promise.all(
      [
        ...(is('approver', 'admin', 'auditor')
          ? [() => showRequests(signedIn, refresh), () => showStanding(is('approver', 'admin'), refresh), showDevices]
          : []),
        ...(is('approver', 'admin') ? [() => showReviews(refresh)] : []),
        showMine,
        showNotices,
      ].map(attempt),
    );
  };
  showDeviceCode();
  await Promise.all([refresh(), attempt(showYou)]);
  const named = () => attempt(() => showNamed(signedIn, refresh));
  addEventListener('hashchange', () => void named());
  await named();
}

await attempt(start);
