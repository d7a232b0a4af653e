import { toId } from '@postern/shared/ids';
import type { Role } from '@postern/shared/protocol/admin';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { hasMoreRoles } from '../identity/index.ts';
import { type Change, insert } from '../storage/change.ts';
import { newDelivery } from './delivery.ts';
import type { Message } from './message.ts';
import type { Person, Recipient } from './recipients.ts';

/** Of people in one query. */
const atOnce = 500;

export interface OpenWebhook {
  id: string;
  /** Empty: all. */
  events: readonly string[];
}

/** A delivery to each webhook that wants to hear of it. None of them decides anything. */
export function toWebhooks(
  deps: Pick<Deps, 'random'>,
  webhooks: readonly OpenWebhook[],
  eventId: string,
  message: Message,
  now: Instant,
): Change[] {
  return webhooks
    .filter(({ events }) => events.length === 0 || events.includes(message.type))
    .map(({ id }) => {
      const given = { eventId, channel: 'webhook' as const, target: id, message: { ...message, decide: null } };
      return newDelivery(deps, given, now).change;
    });
}

/** A notice to each of them, and a mail where there is a mail server and they want mail. */
export function toPeople(
  deps: Pick<Deps, 'random'> & { config: Pick<Deps['config'], 'mail'> },
  recipients: readonly Recipient[],
  eventId: string,
  message: Message,
  now: Instant,
): Change[] {
  return recipients.flatMap(({ personId, preferences, mayDecide }) => {
    const own: Message = { ...message, decide: mayDecide ? message.decide : null };
    const notice = insert('notices', {
      id: toId('notice', deps.random.uuid()),
      event_id: eventId,
      person_id: personId,
      at: message.at,
      type: message.type,
      subject_id: message.subject?.id ?? null,
      body: JSON.stringify({ ...own, data: {} }),
      read_at: null,
    });
    if (deps.config.mail === null || !preferences.email) return [notice];
    return [notice, newDelivery(deps, { eventId, channel: 'email', target: personId, message: own }, now).change];
  });
}

/**
 * Those of the active people who are more than employees, and of these: whoever may be told of something. The others, who are most
 * of a large company, are not read.
 */
export async function readPeople({ store }: Pick<Deps, 'store'>, ids: Iterable<string>): Promise<Person[]> {
  const people = () => store.read.selectFrom('users').select(['id', 'roles', 'notify']).where('active', '=', 1);
  const rows = await people().where(hasMoreRoles).execute();
  const named = [...new Set(ids)];
  for (let index = 0; index < named.length; index += atOnce)
    rows.push(
      ...(await people()
        .where('id', 'in', named.slice(index, index + atOnce))
        .execute()),
    );
  return [...new Map(rows.map((row) => [row.id, row])).values()]
    .toSorted((left, right) => (left.id < right.id ? -1 : 1))
    .map(({ id, roles, notify }) => ({ id, roles: JSON.parse(roles) as Role[], notify }));
}

export async function readOpenWebhooks({ store }: Pick<Deps, 'store'>): Promise<OpenWebhook[]> {
  const rows = await store.read
    .selectFrom('webhooks')
    .select(['id', 'events'])
    .where('removed_at', 'is', null)
    .where('disabled_at', 'is', null)
    .orderBy('id')
    .execute();
  return rows.map(({ id, events }) => ({ id, events: JSON.parse(events) as string[] }));
}
