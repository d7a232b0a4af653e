import { Webhook } from 'standardwebhooks';
import { day, type Instant, toNumericDate } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import type { DeliveryRow } from './delivery.ts';
import { denyCode } from './deny-code.ts';
import { mailBody } from './mail-body.ts';
import type { Message } from './message.ts';
import { retryAfterMs } from './retry-schedule.ts';
import type { sendMail } from './send-mail.ts';
import type { sendWebhook } from './send-webhook.ts';
import { slackBody } from './slack-body.ts';
import { standardBody } from './standard-body.ts';
import { createWebhookVault } from './webhook-vault.ts';
import { formatOf } from './webhooks.ts';

type AttemptDeps = Pick<Deps, 'store'> & {
  config: Pick<Deps['config'], 'mail' | 'masterSecret' | 'webhookHosts' | 'issuer'>;
};

/** The ways out of the server. */
export interface Senders {
  webhook: typeof sendWebhook;
  mail: typeof sendMail;
}

/** What came of an attempt: `again` unless it was the last, `gone` when the place takes nothing any more. */
export type Outcome =
  | { kind: 'done'; status: number | null }
  | { kind: 'again'; status: number | null; error: string; retryAfterMs: number; label: string | undefined }
  | { kind: 'failed'; status: number | null; error: string }
  | { kind: 'gone'; status: number; error: string; label: string | undefined };

/** A link that denies is good as long as the request waits, and a week at most. */
const denyLinkMs = 7 * day;

/** Sends a delivery once, in the form of its channel. Does not throw for what the other side does. */
export async function attemptDelivery(
  deps: AttemptDeps,
  senders: Senders,
  row: DeliveryRow,
  now: Instant,
): Promise<Outcome> {
  const message = JSON.parse(row.body) as Message;
  return row.channel === 'email'
    ? await attemptMail(deps, senders, row, message, now)
    : await attemptWebhook(deps, senders, row, message, now);
}

async function attemptWebhook(
  { store, config }: AttemptDeps,
  senders: Senders,
  row: DeliveryRow,
  message: Message,
  now: Instant,
): Promise<Outcome> {
  const webhook = await store.read.selectFrom('webhooks').selectAll().where('id', '=', row.target).executeTakeFirst();
  if (webhook === undefined || webhook.removed_at !== null) return failed('the webhook was removed');
  if (webhook.disabled_at !== null) return failed('the webhook is disabled');
  const { url, secrets } = await createWebhookVault(config.masterSecret).open(webhook.id, webhook.secrets);
  const format = formatOf(webhook);
  const body = format === 'slack' ? slackBody(message, config.issuer) : standardBody(message);
  const signing = secrets.filter(({ until }) => until === null || now < until);
  const signed =
    format === 'slack'
      ? {}
      : {
          'webhook-id': row.id,
          'webhook-timestamp': String(toNumericDate(now)),
          'webhook-signature': signing
            .map(({ secret }) => new Webhook(secret).sign(row.id, new Date(now), body))
            .join(' '),
        };
  const answer = await senders.webhook({
    url: new URL(url),
    headers: { 'content-type': 'application/json', ...signed },
    body,
    webhookHosts: config.webhookHosts,
  });
  const { label } = webhook;
  if ('error' in answer) return { kind: 'again', status: null, error: answer.error, retryAfterMs: 0, label };
  const { status, retryAfter } = answer;
  if (status >= 200 && status < 300) return { kind: 'done', status };
  if (status === 410) return { kind: 'gone', status, error: 'it answered 410', label };
  const error =
    status >= 300 && status < 400 ? `it answered ${status}, and no redirect is followed` : `it answered ${status}`;
  return { kind: 'again', status, error, retryAfterMs: retryAfterMs(retryAfter, now), label };
}

async function attemptMail(
  { store, config }: AttemptDeps,
  senders: Senders,
  row: DeliveryRow,
  message: Message,
  now: Instant,
): Promise<Outcome> {
  if (config.mail === null) return failed('there is no mail server any more');
  const person = await store.read
    .selectFrom('users')
    .select(['email', 'active'])
    .where('id', '=', row.target)
    .executeTakeFirst();
  if (person?.active !== 1) return failed('the person is not here any more');
  const body = mailBody(message, config.issuer, denyUrl(config, row.target, message, now));
  const answer = await senders.mail(config.mail, person.email, body, row.id);
  if (answer.sent) return { kind: 'done', status: null };
  const { status, error } = answer;
  if (answer.final) return { kind: 'failed', status, error };
  return { kind: 'again', status, error, retryAfterMs: 0, label: undefined };
}

/** In the fragment: what opens links to look for viruses changes nothing, and no log of a server has the code. */
function denyUrl(config: AttemptDeps['config'], person: string, { decide }: Message, now: Instant): string | null {
  if (decide === null || decide.lapsesAt <= now) return null;
  const { exception, requestHash, lapsesAt } = decide;
  const denial = { exception, requestHash, person, exp: Math.min(lapsesAt, now + denyLinkMs) };
  return `${config.issuer}/console/deny#${denyCode(config.masterSecret, denial)}`;
}

function failed(error: string): Outcome {
  return { kind: 'failed', status: null, error };
}
