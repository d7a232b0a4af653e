/** What somebody has and waits for, on all of their devices, and how they end it. */
import { askAccess, askEmergency, askException } from './asking.js';
import { call } from './backend.js';
import { exceptionCard } from './exceptions.js';
import { actions, card, element, fill, folded, holding, say } from './page.js';
import { scopeOf, stateText, when } from './words.js';

const open = new Set(['pending', 'scheduled', 'approved', 'active']);

export async function showMine() {
  const [{ items: devices }, { items: exceptions }, access, { items: templates }] = await Promise.all([
    call('GET', '/v1/me/devices'),
    call('GET', '/v1/me/exceptions'),
    call('GET', '/v1/me/access'),
    call('GET', '/v1/me/templates'),
  ]);
  const all = new Map([...exceptions, ...access.items].map((each) => [each.id, each]));
  const now = [...all.values()].filter(({ state }) => open.has(state));
  const over = [...all.values()].filter(({ state }) => !open.has(state));
  const asking = { devices: devices.filter(({ state }) => state === 'active'), refresh: showMine };
  fill('mine', [
    ...devices.map(deviceCard),
    ...(now.length === 0 ? [element('p', 'You have no exception and no access that is open or waits.', 'soft')] : []),
    ...now.map(ownCard),
    ...(over.length === 0 ? [] : [folded(`${over.length} that are over`, over.map(pastCard))]),
    ...askAccess(access.offers, asking),
    ...askException(templates, asking),
    ...askEmergency(access.offers, templates, asking),
  ]);
}

function deviceCard({ name, status, state, lastSeenAt, failing }) {
  return card(name, [
    ['Posture', status],
    ['State', state],
    ['Last seen', lastSeenAt === null ? 'never' : when(lastSeenAt)],
    ['In the way', failing.map(({ title, rule }) => `${title} (${rule})`).join(', ')],
  ]);
}

function ownCard(exception) {
  const article = exceptionCard(exception, `You: ${scopeOf(exception)}`);
  const waits = exception.state === 'pending';
  article.append(
    actions([waits ? ['Take it back', '', () => end(exception)] : ['End it now', 'danger', () => end(exception)]]),
  );
  return article;
}

function pastCard(exception) {
  return holding('p', [
    `${scopeOf(exception)}: ${stateText(exception)}, ${when(exception.endedAt ?? exception.requestedAt)}`,
  ]);
}

async function end(exception) {
  const { id, kind, state } = exception;
  if (state === 'pending') await call('POST', `/v1/admin/exceptions/${id}/withdraw`, {});
  else if (kind === 'access') await call('POST', `/v1/me/access/${id}/end`, {});
  else await call('POST', `/v1/admin/exceptions/${id}/revoke`, {});
  say(state === 'pending' ? 'Taken back.' : `Ended: ${scopeOf(exception)}. Its tokens have ended with it.`);
  await showMine();
}
