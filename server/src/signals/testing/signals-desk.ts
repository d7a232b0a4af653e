import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { pino } from 'pino';
import { systemActor } from '../../audit/event.ts';
import type { AuditEvent } from '../../audit/event.ts';
import type { Config } from '../../config.ts';
import { openDesk } from '../../exceptions/testing/desk.ts';
import type { Caller, GatewayCaller } from '../../http/caller.ts';
import type { AnyRoute } from '../../http/route.ts';
import { callRoute } from '../../http/testing/call-route.ts';
import { createCurrentPolicies } from '../../policy/index.ts';
import { systemRandom } from '../../random.ts';
import { updateAny } from '../../storage/change.ts';
import type { Store } from '../../storage/store.ts';
import { createSignaller, signalRoutes } from '../index.ts';
import { readPlace } from '../place.ts';
import type { PushEvent } from '../push.ts';

export const issuer = 'https://postern.test';
export const masterSecret = Buffer.alloc(32, 7).toString('base64url');

/** The claims of a Security Event Token. */
export interface Told {
  iss: string;
  jti: string;
  iat: number;
  aud: string;
  txn?: string;
  sub_id: Record<string, unknown>;
  events: Record<string, Record<string, unknown>>;
}

export type SignalsDesk = Awaited<ReturnType<typeof openSignalsDesk>>;

/** An exception desk whose happenings are told to gateways: routes and signaller over the desk's store and clock. */
export async function openSignalsDesk(
  t: Pick<TestContext, 'after'>,
  { store: given, push = () => assert.fail('nothing is to be pushed') }: { store?: Store; push?: PushEvent } = {},
) {
  const desk = await openDesk(t, given);
  const config = { issuer, masterSecret, webhookHosts: ['receiver.test'], pollWaitMs: 30_000 } as unknown as Config;
  const counted: Record<string, number> = {};
  let waiting: readonly { stream: string; waiting: number; lagSeconds: number }[] = [];

  function nodeOn(store: Store, pushing = push) {
    const deps = {
      store,
      config,
      random: systemRandom,
      clock: { now: () => desk.clock.at },
      log: pino({ level: 'silent' }),
      policies: createCurrentPolicies(store),
      signingKeys: {
        sign: () => assert.fail('no access token is asked for'),
        verify: async () => undefined,
        isPublished: () => false,
        jwks: () => ({ keys: [] }),
      },
      signalKeys: {
        alg: 'RS256' as const,
        sign: async (claims: object, typ: string) => `${encode({ typ })}.${encode(claims)}.signature`,
        jwks: async () => ({ keys: [] }),
      },
      metrics: {
        signalsHandedOver: (method: string, outcome: string, count: number) =>
          void (counted[`${method} ${outcome}`] = (counted[`${method} ${outcome}`] ?? 0) + count),
        signalsWaiting: (streams: typeof waiting) => void (waiting = streams),
      },
    };
    const signaller = createSignaller(deps, pushing);
    return { deps, signaller, routes: signalRoutes({ ...deps, signaller }) };
  }
  const node = nodeOn(desk.store);
  const { deps, signaller, routes } = node;
  t.after(() => signaller.stop());

  async function call<Body = Record<string, unknown>>(
    method: AnyRoute['method'],
    path: string,
    as: Caller,
    sent: { body?: unknown; query?: Record<string, unknown> } = {},
  ) {
    return await callRoute<Body>(routes, { method, path, now: desk.clock.at, issuer }, { ...sent, as });
  }

  /** Gateways that the desk has, in the order in which they were added. */
  async function gateways(): Promise<GatewayCaller[]> {
    const rows = await desk.store.read.selectFrom('gateways').select(['id', 'resources']).orderBy('id').execute();
    return rows.map(({ id, resources }) => ({ kind: 'gateway', id, resources: JSON.parse(resources) as string[] }));
  }

  /** One that protects only these. */
  async function addGateway(resources: readonly string[]): Promise<GatewayCaller> {
    await desk.addGateway(resources);
    const added = (await gateways()).at(-1);
    assert.ok(added);
    return added;
  }

  async function addStream(as: Caller, body: object = {}): Promise<string> {
    const answer = await call<{ stream_id: string }>('POST', '/ssf/streams', as, { body });
    assert.equal(answer.status, 201, answer.code);
    return answer.body.stream_id;
  }

  /** What happens when it is looked whether there is anything to tell: until there is nothing more. */
  async function follow(on = signaller): Promise<void> {
    const job = on.jobs.find(({ name }) => name === 'tell receivers');
    assert.ok(job);
    // One that is under way may have looked before what is to be told was there: the next one has not.
    for (let quiet = 0; quiet < 2;) {
      const before = await readPlace(deps);
      await job.run();
      const after = await readPlace(deps);
      quiet = JSON.stringify(before) === JSON.stringify(after) ? quiet + 1 : 0;
    }
  }

  /** Polls once, without waiting, and acknowledges nothing but what is given. */
  async function poll(as: Caller, body: object = {}): Promise<{ told: Told[]; moreAvailable: boolean }> {
    const answer = await call<{ sets: Record<string, string>; moreAvailable: boolean }>('POST', '/ssf/poll', as, {
      body: { returnImmediately: true, ...body },
    });
    assert.equal(answer.status, 200, answer.code);
    return { told: Object.values(answer.body.sets).map(toldOf), moreAvailable: answer.body.moreAvailable };
  }

  /** Follows, polls, and acknowledges: what is new. */
  async function news(as: Caller): Promise<Told[]> {
    await follow();
    const { told } = await poll(as);
    await poll(as, { maxEvents: 0, ack: told.map(({ jti }) => jti) });
    return told;
  }

  async function record(event: Partial<AuditEvent> & Pick<AuditEvent, 'type'>): Promise<void> {
    const whole = { at: desk.clock.at, outcome: 'success' as const, actor: systemActor, subject: null, data: {} };
    await desk.store.commit({ changes: [], audit: [{ ...whole, ...event }] });
  }

  /** What an admin does to a device, as far as it is stored. */
  async function actOn(device: { id: string }, type: 'device.suspended' | 'device.resumed' | 'device.retired') {
    const state = type === 'device.suspended' ? 'suspended' : type === 'device.resumed' ? 'active' : 'retired';
    await desk.store.commit({
      changes: [updateAny('devices', { id: device.id }, { state })],
      audit: [
        {
          at: desk.clock.at,
          type,
          outcome: 'success',
          actor: { kind: 'person', id: desk.ada.id },
          subject: { kind: 'device', id: device.id },
          data: {},
        },
      ],
    });
  }

  const [gateway] = await gateways();
  assert.ok(gateway);
  const events = () => desk.store.read.selectFrom('ssf_events').selectAll().orderBy('position').execute();
  await readPlace(deps);
  return {
    ...desk,
    desk,
    deps,
    signaller,
    nodeOn,
    call,
    gateway,
    addGateway,
    addStream,
    follow,
    poll,
    news,
    record,
    actOn,
    events,
    counted,
    shownWaiting: () => waiting,
    trust: () => desk.store.read.selectFrom('device_trust').selectAll().orderBy('device_id').execute(),
  };
}

export function toldOf(token: string): Told {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Told;
}

/** The type of the one event of a token, without its address, and what it says. */
export function eventOf({ events }: Told): { type: string; claims: Record<string, unknown> } {
  const [[uri, claims], ...more] = Object.entries(events) as [[string, Record<string, unknown>]];
  assert.deepEqual(more, [], 'one event in each token');
  return { type: uri.replace(/^.*\//, ''), claims };
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
