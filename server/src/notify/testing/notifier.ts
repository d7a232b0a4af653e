import type { TestContext } from 'node:test';
import { pino, type Logger } from 'pino';
import { AnonymousRefusals } from '../../audit/index.ts';
import type { Config } from '../../config.ts';
import { openDesk } from '../../exceptions/testing/desk.ts';
import type { AnyRoute } from '../../http/route.ts';
import { callRoute, type Sent } from '../../http/testing/call-route.ts';
import { systemRandom } from '../../random.ts';
import { updateOne } from '../../storage/change.ts';
import type { Store } from '../../storage/store.ts';
import type { Senders } from '../attempt.ts';
import { createDispatcher } from '../dispatch.ts';
import { followAudit } from '../follow.ts';
import { beginToTell, notifyRoutes } from '../index.ts';
import { sendMail } from '../send-mail.ts';
import { sendWebhook } from '../send-webhook.ts';

export const masterSecret = Buffer.alloc(32, 7).toString('base64url');

export type Notifier = Awaited<ReturnType<typeof openNotifier>>;

/** An exception desk whose happenings are told: routes, follower and dispatcher over the desk's store and clock. */
export async function openNotifier(
  t: Pick<TestContext, 'after'>,
  given: Partial<Pick<Config, 'mail' | 'webhookHosts'>> & {
    senders?: Partial<Senders>;
    store?: Store;
    log?: Logger;
  } = {},
) {
  const { senders, store: givenStore, log = pino({ level: 'silent' }), ...changes } = given;
  const desk = await openDesk(t, givenStore);
  const { store } = desk;
  const config = {
    issuer: 'https://postern.test',
    masterSecret,
    mail: null,
    webhookHosts: ['127.0.0.1'],
    ...changes,
  } as unknown as Config;
  const clock = { now: () => desk.clock.at };
  const anonymousRefusals = new AnonymousRefusals();
  const deps = { store, config, random: systemRandom, clock, log, anonymousRefusals };
  const routes = notifyRoutes(deps);
  const dispatcher = createDispatcher(deps, { webhook: sendWebhook, mail: sendMail, ...senders });

  async function call<Body = Record<string, unknown>>(method: AnyRoute['method'], path: string, sent: Sent = {}) {
    return await callRoute<Body>(routes, { method, path, now: desk.clock.at }, sent);
  }

  /** Follows to the end of the audit. */
  async function follow(): Promise<void> {
    while (await followAudit(deps, desk.clock.at));
  }

  /** Sends what is due, until nothing is. */
  async function send(): Promise<void> {
    for (let rounds = 0; rounds < 50; rounds += 1) {
      await dispatcher.run(desk.clock.at);
      await dispatcher.idle();
    }
  }

  const deliveries = () => store.read.selectFrom('deliveries').selectAll().orderBy('id').execute();
  const notices = () => store.read.selectFrom('notices').selectAll().orderBy('id').execute();
  const typesFor = async (personId: string) =>
    (await notices()).filter(({ person_id }) => person_id === personId).map(({ type }) => type);

  async function prefer(personId: string, notify: object): Promise<void> {
    await store.commit({
      changes: [updateOne('users', { id: personId }, { notify: JSON.stringify(notify) })],
      audit: [],
    });
  }

  // What was there before is not news: from here on it is followed.
  await beginToTell(deps);
  return { ...desk, desk, deps, config, dispatcher, notify: call, follow, send, deliveries, notices, typesFor, prefer };
}
