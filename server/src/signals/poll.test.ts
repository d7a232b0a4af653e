import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { insert } from '../storage/change.ts';
import { openSignalsDesk, type SignalsDesk, toldOf } from './testing/signals-desk.ts';

/** Puts events into the stream as they are made, without anything having to happen for them. */
async function fill(desk: SignalsDesk, stream: string, count: number): Promise<string[]> {
  const before = (await desk.events()).at(-1)?.position ?? 0;
  const jtis = Array.from({ length: count }, (_, index) => `sig_${String(before + index + 1).padStart(32, '0')}`);
  const claims = JSON.stringify({ txn: 't', sub_id: { format: 'opaque', id: 'x' }, events: { 'urn:a': {} } });
  const row = { stream_id: stream, type: 'urn:a', claims, happened_at: 0, created_at: desk.clock.at };
  await desk.store.commit({
    changes: jtis.map((jti, index) => insert('ssf_events', { ...row, jti, position: before + index + 1 })),
    audit: [],
  });
  return jtis;
}

describe('a poll', () => {
  test('hands the oldest out, as many as are wanted, again and again until they are acknowledged', async (t) => {
    const desk = await openSignalsDesk(t);
    const stream = await desk.addStream(desk.gateway);
    const jtis = await fill(desk, stream, 5);
    const jtisOf = async (body: object) => {
      const { told, moreAvailable } = await desk.poll(desk.gateway, body);
      return { jtis: told.map(({ jti }) => jti), moreAvailable };
    };
    assert.deepEqual(await jtisOf({ maxEvents: 2 }), { jtis: jtis.slice(0, 2), moreAvailable: true });
    assert.deepEqual(await jtisOf({ maxEvents: 2 }), { jtis: jtis.slice(0, 2), moreAvailable: true });
    assert.deepEqual(await jtisOf({ maxEvents: 0 }), { jtis: [], moreAvailable: true });
    const next = { maxEvents: 2, ack: [jtis[0], jtis[2], 'unheard-of'] };
    assert.deepEqual(await jtisOf(next), { jtis: [jtis[1], jtis[3]], moreAvailable: true });
    assert.deepEqual(await jtisOf({ ack: [jtis[1], jtis[3], jtis[4]] }), { jtis: [], moreAvailable: false });
    assert.deepEqual(await desk.events(), []);
  });

  test('takes note of what a receiver could not read, and does not hand it out again', async (t) => {
    const desk = await openSignalsDesk(t);
    const stream = await desk.addStream(desk.gateway);
    const [one = '', two = ''] = await fill(desk, stream, 2);
    const setErrs = {
      [one]: { err: 'invalid_key', description: '<script>' },
      [two]: { err: '"; drop table', description: 'x' },
    };
    assert.deepEqual((await desk.poll(desk.gateway, { setErrs })).told, []);
    const shown = await desk.call<{ items: { lastError: string }[] }>('GET', '/v1/admin/streams', desk.ada);
    assert.equal(shown.body.items[0]?.lastError, 'it refused: an error that is not of RFC 8935');
    assert.equal(desk.counted['poll refused'], 2);
  });

  test('that finds nothing waits until something happens, or the server stops', async (t) => {
    const desk = await openSignalsDesk(t);
    await desk.addStream(desk.gateway);
    const waiting = async () => {
      for (const deadline = performance.now() + 10_000; performance.now() < deadline; await turn())
        if (desk.signaller.waitingRoom.streams().length > 0) return;
      assert.fail('nobody waits');
    };
    const ask = () => desk.call<{ sets: Record<string, string> }>('POST', '/ssf/poll', desk.gateway, { body: {} });
    const asked = ask();
    await waiting();
    await desk.actOn(desk.laptop, 'device.suspended');
    desk.signaller.wake();
    const { body } = await asked;
    assert.equal(Object.values(body.sets).map(toldOf).length, 1);
    await desk.poll(desk.gateway, { ack: Object.keys(body.sets) });
    const last = ask();
    await waiting();
    await desk.signaller.stop();
    assert.deepEqual((await last).body.sets, {});
    assert.deepEqual((await ask()).body.sets, {}, 'and then nobody waits any more');
  });

  test('keeps few waiting for one stream', async (t) => {
    const desk = await openSignalsDesk(t);
    const stream = await desk.addStream(desk.gateway);
    const { waitingRoom } = desk.signaller;
    const held = [1, 2, 3, 4].map(() => waitingRoom.wait(stream, 60_000));
    await waitingRoom.wait(stream, 60_000);
    waitingRoom.wake([stream]);
    await Promise.all(held);
    assert.deepEqual(waitingRoom.streams(), []);
  });

  test('of a stream that is pushed is answered as if there were none', async (t) => {
    const desk = await openSignalsDesk(t);
    const delivery = { method: 'urn:ietf:rfc:8935', endpoint_url: 'https://receiver.example/' };
    await desk.addStream(desk.gateway, { delivery });
    assert.equal((await desk.call('POST', '/ssf/poll', desk.gateway, { body: {} })).code, 'not_found');
  });

  test('forgets what was acknowledged and nothing else, whatever that is', async (t) => {
    const desk = await openSignalsDesk(t);
    const stream = await desk.addStream(desk.gateway);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }), async (acknowledged) => {
        const jtis = await fill(desk, stream, acknowledged.length);
        const ack = jtis.filter((_, index) => acknowledged[index]);
        const kept = jtis.filter((_, index) => !acknowledged[index]);
        const { told } = await desk.poll(desk.gateway, { ack });
        assert.deepEqual(
          told.map(({ jti }) => jti),
          kept,
        );
        await desk.poll(desk.gateway, { ack: kept });
      }),
      { numRuns: 40 },
    );
  });

  test('that asks for what makes no sense is refused, and changes nothing', async (t) => {
    const desk = await openSignalsDesk(t);
    const stream = await desk.addStream(desk.gateway);
    await fill(desk, stream, 1);
    for (const body of [
      { maxEvents: -1 },
      { maxEvents: 1.5 },
      { returnImmediately: 'yes' },
      { ack: 'all' },
      { ack: Array.from({ length: 501 }, () => 'x') },
      { setErrs: { x: 'invalid_key' } },
      { setErrs: [] },
    ])
      assert.equal((await desk.call('POST', '/ssf/poll', desk.gateway, { body })).code, 'malformed_request');
    assert.equal((await desk.events()).length, 1);
  });
});
