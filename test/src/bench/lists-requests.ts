import { toId } from '@postern/shared/ids';
import type { Database } from '@postern/server/storage/database';
import { type Change, insert } from '@postern/server/storage/change';
import { day, hour, type Instant, minute } from '@postern/shared/time';

type Ask = Database['exceptions'];
/** How a request ended, or that it did not. */
type Fate = Pick<Ask, 'state' | 'approved_at' | 'begins_at' | 'expires_at' | 'ended_at' | 'ended_reason'>;

const rules = ['firewall', 'screen-lock', 'disk-encryption', 'security-updates', 'automatic-updates'];
const justifications = [
  'The build server needs the old kernel until the driver is fixed',
  'Waiting for a replacement of the disk',
  'On the road, no way to update before Monday',
];
const waits = 3 * day;
const lasting = 14 * day;
const deciders = 8;

const hex = (prefix: string, number: number) => `${prefix}${number.toString(16).padStart(30, '0')}`;
const personOf = (number: number) => toId('user', hex('aa', number));

/** People who decide. */
export function* decidersOf(now: Instant): Generator<Change> {
  for (let number = 0; number < deciders; number += 1)
    yield insert('users', {
      id: toId('user', hex('dd', number)),
      name: `Approver ${number}`,
      email: `approver-${number}@example.org`,
      roles: '["approver"]',
      active: 1,
      created_at: now - 400 * day,
      groups: '[]',
      manager_id: null,
      notify: '{}',
    });
}

/**
 * One of the requests of a year, older numbers first: who waits, who was granted it, and ends of every kind. A fifth is for
 * access. Each with its vote where there was one.
 */
export function* requestOf(
  number: number,
  of: { requests: number; devices: number },
  random: () => number,
  now: Instant,
): Generator<Change> {
  const requestedAt = now - Math.floor(((of.requests - number) / of.requests) * 365 * day) - minute;
  const asker = Math.floor(random() * of.devices);
  const kind = random() < 0.2 ? 'access' : 'device';
  const fate = fateOf(requestedAt, random, now);
  const id = toId('exception', hex('ee', number));
  const person = personOf(asker);
  const rule = `baseline/${rules[Math.floor(random() * rules.length)] ?? ''}`;
  const device = toId('device', hex('bb', asker));
  yield insert('exceptions', {
    id,
    kind,
    person_id: person,
    requested_by: person,
    device_id: device,
    jkt: device.slice(4).padEnd(43, 'j'),
    rules: kind === 'access' ? '[]' : JSON.stringify([rule]),
    resources: kind === 'access' ? `["https://app-${Math.floor(random() * 40)}.example"]` : '[]',
    observed:
      kind === 'access'
        ? '{}'
        : JSON.stringify({ [rule]: { policyVersion: 1, outcome: 'fail', value: { on: false } } }),
    duration_ms: lasting,
    justification: `${justifications[Math.floor(random() * justifications.length)] ?? ''} (${Math.floor(random() * 900)})`,
    ticket: null,
    request_hash: hex('cc', number),
    approvals_needed: 1,
    extends_id: null,
    requested_at: requestedAt,
    lapses_at: requestedAt + waits,
    ended_by: null,
    version: 1,
    role: kind === 'access' ? 'reader' : null,
    template: random() < 0.3 ? `template-${Math.floor(random() * 12)}` : null,
    template_version: null,
    reason_code: null,
    set_id: null,
    emergency: random() < 0.01 ? 1 : 0,
    starts_at: null,
    plan: '{}',
    requested_authn: null,
    reminded_ms: null,
    ...fate,
  });
  const at = fate.approved_at ?? (fate.state === 'denied' ? fate.ended_at : null);
  if (at === null) return;
  yield insert('exception_decisions', {
    exception_id: id,
    actor_id: toId('user', hex('dd', Math.floor(random() * deciders))),
    verdict: fate.state === 'denied' ? 'deny' : 'approve',
    reason: null,
    at,
    request_hash: hex('cc', number),
    authn: null,
    channel: 'api',
  });
}

function fateOf(requestedAt: Instant, random: () => number, now: Instant): Fate {
  const none = { approved_at: null, begins_at: null, expires_at: null, ended_at: null, ended_reason: null };
  const draw = random();
  const decidedAt = requestedAt + Math.floor(random() * 8 * hour);
  if (decidedAt > now || (draw < 0.1 && now - requestedAt < waits)) return { ...none, state: 'pending' };
  if (draw < 0.1) return { ...none, state: 'lapsed', ended_at: requestedAt + waits };
  if (draw < 0.22) return { ...none, state: 'denied', ended_at: decidedAt, ended_reason: 'Not for this' };
  if (draw < 0.27) return { ...none, state: 'withdrawn', ended_at: decidedAt };
  const granted = { approved_at: decidedAt, begins_at: decidedAt, expires_at: decidedAt + lasting };
  const soon = decidedAt + Math.floor(random() * 2 * day);
  if (draw < 0.35 && soon < now)
    return { ...granted, state: 'revoked', ended_at: soon, ended_reason: 'No longer needed' };
  if (draw < 0.5 && soon < now) return { ...granted, state: 'resolved', ended_at: soon, ended_reason: null };
  if (granted.expires_at > now) return { ...granted, state: 'active', ended_at: null, ended_reason: null };
  return { ...granted, state: 'expired', ended_at: granted.expires_at, ended_reason: null };
}

/** One of the reviews of a year: a twentieth is open, of which some are overdue. */
export function reviewOf(
  number: number,
  of: { reviews: number; requests: number; devices: number },
  random: () => number,
  now: Instant,
): Change {
  const openedAt = now - Math.floor(((of.reviews - number) / of.reviews) * 365 * day);
  const isOpen = number >= of.reviews * 0.95;
  const about = Math.floor((number / of.reviews) * of.requests);
  return insert('reviews', {
    id: toId('review', hex('ff', number)),
    kind: number % 3 === 0 ? 'emergency' : 'exception',
    subject_id: toId('exception', hex('ee', about)),
    person_id: personOf(Math.floor(random() * of.devices)),
    reason: 'It stands for long',
    reviewers: JSON.stringify(random() < 0.5 ? [] : [toId('user', hex('dd', Math.floor(random() * deciders)))]),
    opened_at: openedAt,
    due_at: openedAt + 7 * day,
    overdue_at: isOpen && openedAt + 7 * day <= now ? openedAt + 7 * day : null,
    decided_at: isOpen ? null : openedAt + day,
    decided_by: isOpen ? null : toId('user', hex('dd', Math.floor(random() * deciders))),
    verdict: isOpen ? null : number % 3 === 0 ? 'ratified' : 'keep',
    note: null,
  });
}
