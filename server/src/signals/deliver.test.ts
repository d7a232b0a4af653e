import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { pushMethod } from '@postern/shared/protocol/signal';
import { minute, second } from '@postern/shared/time';
import { updateAny } from '../storage/change.ts';
import type { Push, PushOutcome } from './push.ts';
import { retryDelay } from './retry-delay.ts';
import { eventOf, openSignalsDesk, type SignalsDesk, toldOf } from './testing/signals-desk.ts';

const taken: PushOutcome = { kind: 'taken' };
const down: PushOutcome = { kind: 'failed', error: 'no connection', retryAfterMs: 0 };

/** A receiver that answers as it is told, and remembers what it was sent. */
function receiver(answer: (push: Push) => PushOutcome | Promise<PushOutcome>) {
  const got: Push[] = [];
  const push = async (sent: Push) => {
    got.push(sent);
    return await answer(sent);
  };
  return { got, push, jtis: () => got.map(({ token }) => toldOf(token).jti) };
}

async function openPushed(
  t: Parameters<typeof openSignalsDesk>[0],
  { push }: { push: (sent: Push) => Promise<PushOutcome> },
) {
  const desk = await openSignalsDesk(t, { push });
  const delivery = {
    method: pushMethod,
    endpoint_url: 'https://receiver.example/events',
    authorization_header: 'Bearer let-me-in',
  };
  const stream = await desk.addStream(desk.gateway, { delivery });
  await desk.follow();
  return { desk, stream };
}

async function happens({ actOn, laptop }: SignalsDesk, count = 1): Promise<void> {
  for (let made = 0; made < count; made += 1) {
    await actOn(laptop, 'device.resumed');
    await actOn(laptop, 'device.suspended');
  }
}

/** Follows, and lets what was started go on until this holds. */
async function until(desk: SignalsDesk, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + 10_000; performance.now() < deadline; await turn()) {
    await desk.follow();
    if (await isSo()) return;
  }
  assert.fail('it does not come to hold');
}

const isEmpty = (desk: SignalsDesk) => async () => (await desk.events()).length === 0;
const rowOf = async (desk: SignalsDesk) =>
  await desk.store.read.selectFrom('ssf_streams').selectAll().executeTakeFirstOrThrow();

describe('a push', () => {
  test('brings each event once, in order, with the header that the receiver wants to see', async (t) => {
    const there = receiver(() => taken);
    const { desk } = await openPushed(t, there);
    await happens(desk, 30);
    await desk.follow();
    const expected = (await desk.events()).map(({ jti }) => jti);
    await until(desk, isEmpty(desk));
    assert.equal(there.got.length, 30);
    assert.deepEqual(there.jtis().slice(-expected.length), expected);
    assert.equal(new Set(there.jtis()).size, 30);
    assert.ok(there.got.every(({ authorization }) => authorization === 'Bearer let-me-in'));
    assert.ok(there.got.every(({ token }) => eventOf(toldOf(token)).type === 'session-revoked'));
    assert.equal(desk.counted['push taken'], 30);
    assert.equal((await rowOf(desk)).delivered_at, desk.clock.at);
  });

  test('that is not taken is tried again later, the same event under the same id, and those after it wait', async (t) => {
    let isUp = false;
    const there = receiver(() => (isUp ? taken : down));
    const { desk } = await openPushed(t, there);
    await happens(desk, 2);
    await until(desk, () => there.got.length === 1);
    await until(desk, async () => (await rowOf(desk)).attempts === 1);
    const { failing_since, last_error, next_at } = await rowOf(desk);
    assert.deepEqual([failing_since, last_error], [desk.clock.at, 'no connection']);
    assert.ok(next_at > desk.clock.at && next_at < desk.clock.at + second);
    await desk.follow();
    assert.equal(there.got.length, 1, 'not before it is time');
    isUp = true;
    desk.pass(second);
    await until(desk, isEmpty(desk));
    const [first, again, second_] = there.jtis();
    assert.deepEqual([first === again, first === second_, there.got.length], [true, false, 3]);
    const after = await rowOf(desk);
    assert.deepEqual([after.attempts, after.failing_since, after.last_error], [0, null, null]);
  });

  test('to a receiver that hangs holds up no other, and no second one goes to it', async (t) => {
    let go: (outcome: PushOutcome) => void = () => undefined;
    const there = receiver(({ endpoint }) =>
      endpoint.includes('slow') ? new Promise<PushOutcome>((resolve) => (go = resolve)) : taken,
    );
    const { desk } = await openPushed(t, there);
    const slow = await desk.addGateway(['https://slow.example']);
    const delivery = { method: pushMethod, endpoint_url: 'https://slow.example/' };
    await desk.addStream(slow, { delivery });
    const to = (host: string) => there.got.filter(({ endpoint }) => endpoint.includes(host)).length;
    await happens(desk, 3);
    await until(desk, () => to('receiver') === 3 && to('slow') === 1);
    await happens(desk, 3);
    await until(desk, () => to('receiver') === 6);
    assert.equal(to('slow'), 1);
    go(taken);
  });

  test('that a receiver says is wrong is given up in the end, and those after it are told', async (t) => {
    let bad: string | undefined;
    const there = receiver(({ token }) => {
      bad ??= toldOf(token).jti;
      return toldOf(token).jti === bad ? { kind: 'refused', error: 'it refused: invalid_request' } : taken;
    });
    const { desk } = await openPushed(t, there);
    await happens(desk, 2);
    for (let tries = 1; tries <= 8; tries += 1) {
      await until(desk, () => there.got.length >= tries);
      await until(desk, async () => (await rowOf(desk)).attempts === tries % 8);
      desk.pass(5 * minute);
    }
    await until(desk, isEmpty(desk));
    assert.equal(there.got.length, 9);
    assert.equal(desk.counted['push refused'], 8);
    assert.equal(desk.counted['push taken'], 1);
  });

  test('is not made while the stream is paused, and goes on when it is enabled', async (t) => {
    const there = receiver(() => taken);
    const { desk, stream } = await openPushed(t, there);
    const set = (status: string) =>
      desk.call('POST', '/ssf/status', desk.gateway, { body: { stream_id: stream, status } });
    await set('paused');
    await happens(desk, 2);
    await desk.follow();
    assert.deepEqual([there.got.length, (await desk.events()).length], [0, 2]);
    await set('enabled');
    await until(desk, isEmpty(desk));
    assert.equal(there.got.length, 2);
  });

  test('is made by one of several nodes, and taken over from one that died', async (t) => {
    const dead = receiver(() => new Promise<PushOutcome>(() => undefined));
    const there = receiver(() => taken);
    const { desk } = await openPushed(t, there);
    await desk.signaller.stop();
    const dying = desk.nodeOn(desk.store, dead.push);
    await happens(desk, 2);
    await desk.follow(dying.signaller);
    for (const deadline = performance.now() + 10_000; dead.got.length === 0 && performance.now() < deadline;)
      await turn();
    assert.equal(dead.got.length, 1);
    // Another node has begun already: only the first turn of a server frees what was claimed before it.
    const next = desk.nodeOn({ ...desk.store, kind: 'postgres' });
    await desk.follow(next.signaller);
    assert.equal(there.got.length, 0, 'the claim holds');
    desk.pass(4 * second);
    for (const deadline = performance.now() + 10_000; performance.now() < deadline; await turn()) {
      await desk.follow(next.signaller);
      if ((await desk.events()).length === 0) break;
    }
    assert.deepEqual(there.jtis()[0], dead.jtis()[0], 'the same event, under the same id');
    assert.equal(there.got.length, 2);
    await next.signaller.stop();
  });

  test('is made at once by a server that starts on SQLite, whatever was claimed before', async (t) => {
    const there = receiver(() => taken);
    const { desk } = await openPushed(t, there);
    await desk.signaller.stop();
    await desk.store.commit({
      changes: [updateAny('ssf_streams', { delivery: 'push' }, { next_at: desk.clock.at + minute })],
      audit: [],
    });
    await happens(desk);
    const started = desk.nodeOn(desk.store).signaller;
    for (const deadline = performance.now() + 10_000; performance.now() < deadline; await turn()) {
      await desk.follow(started);
      if (there.got.length > 0) break;
    }
    assert.equal(there.got.length, 1);
    await started.stop();
  });
});

test('the time between attempts doubles up to a minute, and is longer where the receiver asks for that', () => {
  const delays = [1, 2, 3, 8, 9, 100].map((attempts) => retryDelay(attempts, 0, () => 0));
  assert.deepEqual(delays, [500, 1000, 2000, minute, minute, minute]);
  assert.equal(
    retryDelay(1, 10 * second, () => 0),
    10 * second,
  );
  assert.equal(
    retryDelay(1, 60 * minute, () => 0),
    5 * minute,
  );
  assert.ok(retryDelay(8, 0, (below) => below - 1) <= 1.1 * minute);
});
