import { type Id, toId } from '@postern/shared/ids';
import { Fault } from '@postern/shared/protocol/errors';
import type { NoticeType } from '@postern/shared/protocol/notice';
import type { NewWebhook, WebhookChange, WebhookFormat, WebhookView } from '@postern/shared/protocol/webhook';
import { day, type Instant, toTimestamp } from '@postern/shared/time';
import type { AuditEvent, AuditEventType } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { insert, updateAny, updateOne } from '../storage/change.ts';
import type { Database } from '../storage/database.ts';
import { ConflictError, type Unit } from '../storage/store.ts';
import { createWebhookVault } from './webhook-vault.ts';
import { webhookAddress } from './webhook-address.ts';

type WebhookDeps = Pick<Deps, 'store' | 'random'> & { config: Pick<Deps['config'], 'masterSecret' | 'webhookHosts'> };
type WebhookRow = Database['webhooks'];

/** So long a replaced secret signs too. */
const rotationMs = day;
const mostWebhooks = 100;
const mostSecrets = 4;

/**
 * Adds a webhook.
 *
 * @param by the person in whose name it is added
 * @param actor who adds it, where that is not them
 * @returns how it is shown, and the secret that its messages are signed with: here and nowhere else
 * @throws Fault webhook_address_refused, conflict when there are a hundred already
 */
export async function createWebhook(
  deps: WebhookDeps,
  wish: NewWebhook,
  by: string,
  now: Instant,
  actor: AuditEvent['actor'] = { kind: 'person', id: by },
): Promise<WebhookView> {
  const url = webhookAddress(wish.url, deps.config.webhookHosts);
  const others = await deps.store.read.selectFrom('webhooks').select('id').where('removed_at', 'is', null).execute();
  if (others.length >= mostWebhooks)
    throw new Fault('conflict', { details: [{ path: 'body', message: `${mostWebhooks} webhooks are the most` }] });
  const id = toId('webhook', deps.random.uuid());
  const secret = newSecret(deps);
  const row: WebhookRow = {
    id,
    label: wish.label,
    url: shownUrl(url, wish.format),
    format: wish.format,
    events: JSON.stringify([...new Set(wish.events)]),
    secrets: await createWebhookVault(deps.config.masterSecret).seal({
      webhook: id,
      url: url.href,
      secrets: [{ secret, until: null }],
    }),
    created_by: by,
    created_at: now,
    disabled_at: null,
    disabled_reason: null,
    removed_at: null,
    version: 1,
  };
  const data = { label: wish.label, host: url.host, format: wish.format, events: [...new Set(wish.events)] };
  await deps.store.commit({
    changes: [insert('webhooks', row)],
    audit: [{ ...webhookEvent('webhook.created', id, by, data, now), actor }],
  });
  return { ...webhookView(row), ...(wish.format === 'standard' ? { secret } : {}) };
}

/**
 * Changes a webhook. One that was disabled and is enabled begins with what happens from now on.
 *
 * @throws Fault not_found, webhook_address_refused, conflict
 */
export async function changeWebhook(
  deps: WebhookDeps,
  id: string,
  wish: WebhookChange,
  by: string,
  now: Instant,
): Promise<WebhookView> {
  const before = await readWebhook(deps, id);
  const url = wish.url === undefined ? undefined : webhookAddress(wish.url, deps.config.webhookHosts);
  const vault = createWebhookVault(deps.config.masterSecret);
  const moved =
    url === undefined
      ? {}
      : {
          url: shownUrl(url, formatOf(before)),
          secrets: await vault.seal({ ...(await vault.open(id, before.secrets)), url: url.href }),
        };
  const standing =
    wish.enabled === undefined || wish.enabled === (before.disabled_at === null)
      ? {}
      : wish.enabled
        ? { disabled_at: null, disabled_reason: null }
        : { disabled_at: now, disabled_reason: 'An admin disabled it.' };
  const set = {
    ...moved,
    ...standing,
    ...(wish.label === undefined ? {} : { label: wish.label }),
    ...(wish.events === undefined ? {} : { events: JSON.stringify([...new Set(wish.events)]) }),
    version: before.version + 1,
  };
  const data = {
    ...(wish.label === undefined ? {} : { label: wish.label }),
    ...(url === undefined ? {} : { host: url.host }),
    ...(wish.events === undefined ? {} : { events: wish.events }),
    ...(wish.enabled === undefined ? {} : { enabled: wish.enabled }),
  };
  const stops = wish.enabled === false ? [givenUp(id, 'the webhook was disabled', now)] : [];
  await commitGuarded(deps, {
    changes: [updateOne('webhooks', { id, version: before.version, removed_at: null }, set), ...stops],
    audit: [webhookEvent('webhook.changed', id, by, data, now)],
  });
  return webhookView({ ...before, ...set });
}

/** Removes a webhook; what waits for it is not sent. @throws Fault not_found, conflict */
export async function removeWebhook(
  deps: Pick<Deps, 'store'>,
  id: string,
  actor: AuditEvent['actor'],
  now: Instant,
): Promise<void> {
  const { version } = await readWebhook(deps, id);
  await commitGuarded(deps, {
    changes: [
      updateOne('webhooks', { id, version, removed_at: null }, { removed_at: now, secrets: '', version: version + 1 }),
      givenUp(id, 'the webhook was removed', now),
    ],
    audit: [{ ...webhookEvent('webhook.removed', id, '', {}, now), actor }],
  });
}

/** Makes a new secret. For a day messages are signed with the old one too. @throws Fault not_found, conflict */
export async function rotateSecret(deps: WebhookDeps, id: string, by: string, now: Instant) {
  const before = await readWebhook(deps, id);
  const vault = createWebhookVault(deps.config.masterSecret);
  const { url, secrets } = await vault.open(id, before.secrets);
  const secret = newSecret(deps);
  const until = now + rotationMs;
  const kept = secrets
    .filter((each) => each.until === null || each.until > now)
    .map((each) => ({ secret: each.secret, until: each.until ?? until }));
  const sealed = await vault.seal({
    webhook: id,
    url,
    secrets: [{ secret, until: null }, ...kept].slice(0, mostSecrets),
  });
  const { version } = before;
  await commitGuarded(deps, {
    changes: [updateOne('webhooks', { id, version, removed_at: null }, { secrets: sealed, version: version + 1 })],
    audit: [webhookEvent('webhook.secret-rotated', id, by, {}, now)],
  });
  return { secret, oldSecretUntil: toTimestamp(until) };
}

/** The webhook, unless it was removed. @throws Fault not_found */
export async function readWebhook({ store }: Pick<Deps, 'store'>, id: string): Promise<WebhookRow> {
  const row = await store.read
    .selectFrom('webhooks')
    .selectAll()
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) throw new Fault('not_found');
  return row;
}

export async function listWebhooks({ store }: Pick<Deps, 'store'>): Promise<WebhookView[]> {
  const rows = await store.read
    .selectFrom('webhooks')
    .selectAll()
    .where('removed_at', 'is', null)
    .orderBy('id')
    .execute();
  return rows.map(webhookView);
}

export function webhookView(row: WebhookRow): WebhookView {
  return {
    id: row.id as Id<'webhook'>,
    label: row.label,
    url: row.url,
    format: formatOf(row),
    events: JSON.parse(row.events) as NoticeType[],
    enabled: row.disabled_at === null,
    disabledReason: row.disabled_reason,
    createdAt: toTimestamp(row.created_at),
  };
}

export function formatOf({ format }: Pick<WebhookRow, 'format'>): WebhookFormat {
  return format === 'slack' ? 'slack' : 'standard';
}

/** An entry about a webhook by a person. */
export function webhookEvent(
  type: AuditEventType,
  id: string,
  by: string,
  data: AuditEvent['data'],
  now: Instant,
): AuditEvent {
  const actor = { kind: 'person' as const, id: by };
  return { at: now, type, outcome: 'success', actor, subject: { kind: 'webhook', id }, data };
}

/** What waits for a place that takes nothing more. */
export function givenUp(target: string, error: string, now: Instant) {
  return updateAny('deliveries', { target, state: 'waiting' }, { state: 'failed', done_at: now, error });
}

/** Standard Webhooks: `whsec_` and 24 to 64 bytes in base64. */
function newSecret({ random }: Pick<Deps, 'random'>): string {
  return `whsec_${Buffer.from(random.secret(), 'base64url').toString('base64')}`;
}

/** What may be read by all that read of webhooks: of an address that many take for a secret, no part that may be one. */
function shownUrl(url: URL, format: WebhookFormat): string {
  if (format === 'slack') return `${url.origin}/…`;
  return `${url.origin}${url.pathname}${url.search === '' ? '' : '?…'}`;
}

async function commitGuarded({ store }: Pick<Deps, 'store'>, unit: Unit): Promise<void> {
  try {
    await store.commit(unit);
  } catch (error) {
    throw error instanceof ConflictError ? new Fault('conflict', { cause: error }) : error;
  }
}
