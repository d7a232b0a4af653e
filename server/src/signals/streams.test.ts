import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pollMethod, pushMethod, signalTypes, type StreamConfiguration } from '@postern/shared/protocol/signal';
import { day, second } from '@postern/shared/time';
import { watchBacklogs } from './backlog.ts';
import { eventOf, issuer, openSignalsDesk } from './testing/signals-desk.ts';
import { createStreamVault } from './vault.ts';
import { masterSecret } from './testing/signals-desk.ts';

const pushed = {
  method: pushMethod,
  endpoint_url: 'https://receiver.example/events?key=1',
  authorization_header: 'Bearer let-me-in',
};
const path = '/ssf/streams';

describe('a stream', () => {
  test('is polled for all there is unless its receiver says otherwise, and there is one for each gateway', async (t) => {
    const { call, gateway, addGateway, deps } = await openSignalsDesk(t);
    assert.deepEqual((await call('GET', path, gateway)).body, []);
    const made = await call<StreamConfiguration>('POST', path, gateway, { body: {} });
    assert.equal(made.status, 201);
    assert.deepEqual(made.body, {
      stream_id: made.body.stream_id,
      iss: issuer,
      aud: gateway.id,
      events_supported: Object.values(signalTypes),
      events_requested: Object.values(signalTypes),
      events_delivered: Object.values(signalTypes),
      delivery: { method: pollMethod, endpoint_url: `${issuer}/ssf/poll` },
      min_verification_interval: 30,
    });
    assert.equal((await call('POST', path, gateway, { body: {} })).code, 'stream_exists');
    const id = made.body.stream_id;
    assert.deepEqual((await call('GET', path, gateway, { query: { stream_id: id } })).body, made.body);
    assert.deepEqual((await call('GET', path, gateway)).body, [made.body]);
    const entry = await deps.store.read
      .selectFrom('audit')
      .select('entry')
      .where('type', '=', 'stream.created')
      .executeTakeFirstOrThrow();
    assert.match(entry.entry, new RegExp(gateway.id));

    const other = await addGateway(['https://elsewhere.example']);
    const body = { stream_id: id, status: 'disabled' };
    for (const { code } of [
      await call('GET', path, other, { query: { stream_id: id } }),
      await call('DELETE', path, other, { query: { stream_id: id } }),
      await call('PATCH', path, other, { body: { stream_id: id, description: 'Mine' } }),
      await call('PUT', path, other, { body: { stream_id: id } }),
      await call('GET', '/ssf/status', other, { query: { stream_id: id } }),
      await call('POST', '/ssf/status', other, { body }),
      await call('POST', '/ssf/verify', other, { body: { stream_id: id } }),
      await call('POST', '/ssf/poll', other, { body: {} }),
    ])
      assert.equal(code, 'not_found', 'of others nobody learns even that it is there');
  });

  test('delivers what was asked for of what there is, and ignores what it does not know', async (t) => {
    const { call, gateway, addStream, actOn, news, laptop } = await openSignalsDesk(t);
    const id = await addStream(gateway, { events_requested: [signalTypes.credentialChange, 'urn:unheard-of'] });
    const { body } = await call<StreamConfiguration>('GET', path, gateway, { query: { stream_id: id } });
    assert.deepEqual(body.events_delivered, [signalTypes.credentialChange]);
    await actOn(laptop, 'device.retired');
    assert.deepEqual(
      (await news(gateway)).map((told) => eventOf(told).type),
      ['credential-change'],
    );
  });

  test('is changed in what is given, replaced in all, and what is not the receiver\u2019s must be as it is', async (t) => {
    const { call, gateway, addStream } = await openSignalsDesk(t);
    const id = await addStream(gateway, { events_requested: [signalTypes.sessionRevoked], description: 'First' });
    const changed = await call<StreamConfiguration>('PATCH', path, gateway, {
      body: {
        stream_id: id,
        description: 'Second',
        iss: issuer,
        aud: [gateway.id],
        events_delivered: [signalTypes.sessionRevoked],
      },
    });
    assert.equal(changed.body.description, 'Second');
    assert.deepEqual(changed.body.events_requested, [signalTypes.sessionRevoked]);
    const replaced = await call<StreamConfiguration>('PUT', path, gateway, {
      body: { ...changed.body, description: undefined },
    });
    assert.equal(replaced.status, 200, replaced.code);
    assert.equal('description' in replaced.body, false);
    for (const wrong of [
      { iss: 'https://other.example' },
      { aud: 'somebody else' },
      { events_delivered: [] },
      { min_verification_interval: 1 },
    ])
      assert.equal(
        (await call('PATCH', path, gateway, { body: { stream_id: id, ...wrong } })).code,
        'malformed_request',
      );
  });

  test('goes with its gateway', async (t) => {
    const { call, gateway, addStream, deps, signaller, desk, actOn, laptop, follow, events } = await openSignalsDesk(t);
    await addStream(gateway);
    await actOn(laptop, 'device.suspended');
    await follow();
    assert.equal((await events()).length, 1);
    await deps.store.commit({
      changes: [
        {
          kind: 'update',
          table: 'gateways',
          where: { id: gateway.id },
          set: { removed_at: desk.clock.at },
          expect: 'one',
        },
      ],
      audit: [],
    });
    await signaller.jobs.find(({ name }) => name === 'watch streams')?.run();
    assert.deepEqual(await events(), []);
    assert.deepEqual((await call('GET', path, gateway)).body, []);
  });
});

describe('the address of a push receiver', () => {
  test('must be outside of this network, or named by the operator', async (t) => {
    const { call, gateway } = await openSignalsDesk(t);
    for (const endpoint_url of [
      'http://receiver.example/',
      'https://127.0.0.1/',
      'https://[::1]/',
      'https://169.254.169.254/latest/meta-data',
      'https://0x7f.1/',
      'https://user:password@receiver.example/',
      'file:///etc/passwd',
      'not an address',
    ]) {
      const answer = await call('POST', path, gateway, { body: { delivery: { ...pushed, endpoint_url } } });
      assert.equal(answer.code, 'stream_address_refused', endpoint_url);
    }
    const named = { ...pushed, endpoint_url: 'http://receiver.test:8080/events' };
    assert.equal((await call('POST', path, gateway, { body: { delivery: named } })).status, 201);
  });

  test('has a header that is sealed, shown to nobody, and never sent to another address', async (t) => {
    const { call, gateway, deps } = await openSignalsDesk(t);
    const row = () => deps.store.read.selectFrom('ssf_streams').selectAll().executeTakeFirstOrThrow();
    const made = await call<StreamConfiguration>('POST', path, gateway, { body: { delivery: pushed } });
    assert.equal(JSON.stringify(made.body).includes('let-me-in'), false);
    const stream_id = made.body.stream_id;
    const vault = createStreamVault(masterSecret);
    const first = await row();
    assert.equal(JSON.stringify(first).includes('let-me-in'), false);
    const opened = await vault.open(first.authorization_jwe ?? '', stream_id, pushed.endpoint_url);
    assert.equal(opened, 'Bearer let-me-in');
    await assert.rejects(vault.open(first.authorization_jwe ?? '', 'str_other', pushed.endpoint_url));

    const same = { method: pushMethod, endpoint_url: pushed.endpoint_url };
    await call('PUT', path, gateway, { body: { stream_id, delivery: same } });
    assert.equal((await row()).authorization_jwe, first.authorization_jwe);
    await call('PATCH', path, gateway, { body: { stream_id, delivery: { ...same, authorization_header: null } } });
    assert.equal((await row()).authorization_jwe, null);
    await call('PATCH', path, gateway, { body: { stream_id, delivery: pushed } });
    await call('PATCH', path, gateway, {
      body: { stream_id, delivery: { ...same, endpoint_url: 'https://thief.example/' } },
    });
    assert.equal((await row()).authorization_jwe, null);
    for (const authorization_header of ['a\r\nHost: b', '', ' padded ', 'caf\u00e9'])
      assert.equal(
        (await call('PATCH', path, gateway, { body: { stream_id, delivery: { ...pushed, authorization_header } } }))
          .code,
        'malformed_request',
      );
    const audited = await deps.store.read
      .selectFrom('audit')
      .select('entry')
      .where('type', 'like', 'stream.%')
      .execute();
    assert.ok(audited.length > 3);
    for (const { entry } of audited) assert.equal(/let-me-in|key=1/.test(entry), false, 'neither is in the audit');
  });
});

describe('the status of a stream', () => {
  test('paused keeps what happens, disabled does not', async (t) => {
    const { call, gateway, addStream, actOn, laptop, follow, poll, news, events } = await openSignalsDesk(t);
    const stream_id = await addStream(gateway);
    const set = async (status: string, reason?: string) =>
      (await call('POST', '/ssf/status', gateway, { body: { stream_id, status, reason } })).body;
    assert.deepEqual(await set('paused', 'Moving house'), { stream_id, status: 'paused', reason: 'Moving house' });
    await actOn(laptop, 'device.suspended');
    await follow();
    assert.equal((await events()).length, 1);
    assert.deepEqual((await poll(gateway)).told, []);
    assert.deepEqual(await set('enabled'), { stream_id, status: 'enabled' });
    assert.equal((await news(gateway)).length, 1);
    await set('disabled');
    await actOn(laptop, 'device.resumed');
    await actOn(laptop, 'device.suspended');
    await follow();
    await set('enabled');
    assert.deepEqual(await news(gateway), []);
    assert.deepEqual((await call('GET', '/ssf/status', gateway, { query: { stream_id } })).body, {
      stream_id,
      status: 'enabled',
    });
  });

  test('is disabled when too much waits or for too long; the last thing in it says so', async (t) => {
    const desk = await openSignalsDesk(t);
    const { call, gateway, addStream, actOn, laptop, follow, deps, poll, events, pass, ada } = desk;
    const stream_id = await addStream(gateway);
    for (let count = 0; count < 3; count += 1) {
      await actOn(laptop, 'device.suspended');
      await follow();
      await actOn(laptop, 'device.resumed');
    }
    pass(second);
    const limits = { mostWaiting: 3, longestWaitMs: 7 * day };
    await watchBacklogs(deps, desk.clock.at, limits);
    assert.deepEqual(desk.shownWaiting(), [{ stream: stream_id, waiting: 3, lagSeconds: 1 }]);
    assert.equal((await events()).length, 3);
    pass(7 * day);
    await watchBacklogs(deps, desk.clock.at, limits);
    const status = (await call('GET', '/ssf/status', gateway, { query: { stream_id } })).body;
    assert.deepEqual(status, { stream_id, status: 'disabled', reason: 'Signals waited for more than 7 days.' });
    const { told } = await poll(gateway);
    assert.deepEqual(told.map(eventOf), [
      { type: 'stream-updated', claims: { status: 'disabled', reason: 'Signals waited for more than 7 days.' } },
    ]);
    assert.deepEqual(told[0]?.sub_id, { format: 'opaque', id: stream_id });
    await actOn(laptop, 'device.suspended');
    await follow();
    assert.equal((await events()).length, 1);
    const shown = await call<{ items: object[] }>('GET', '/v1/admin/streams', ada);
    assert.equal(shown.body.items.length, 1);
    assert.equal((await call('POST', `/v1/admin/streams/${stream_id}/test`, ada)).code, 'stream_disabled');
    assert.equal(
      (await deps.store.read.selectFrom('audit').select('seq').where('type', '=', 'stream.disabled').execute()).length,
      1,
    );
    await call('POST', '/ssf/status', gateway, { body: { stream_id, status: 'enabled' } });
    assert.deepEqual((await poll(gateway)).told, []);
    for (let count = 0; count < 4; count += 1) {
      await actOn(laptop, 'device.suspended');
      await follow();
      await actOn(laptop, 'device.resumed');
    }
    await watchBacklogs(deps, desk.clock.at, limits);
    assert.equal(
      (await call('GET', '/ssf/status', gateway, { query: { stream_id } })).body['reason'],
      'More than 3 signals waited.',
    );
  });
});

describe('verification', () => {
  test('says the state that its receiver gave, and is not given more often than every half minute', async (t) => {
    const { call, gateway, addStream, news, pass, ada } = await openSignalsDesk(t);
    const stream_id = await addStream(gateway);
    const ask = (body: object) => call('POST', '/ssf/verify', gateway, { body: { stream_id, ...body } });
    assert.equal((await ask({ state: 'abc' })).status, 204);
    const again = await ask({});
    assert.deepEqual([again.code, again.headers['Retry-After']], ['too_many_requests', '30']);
    const [told] = await news(gateway);
    assert.deepEqual(told?.sub_id, { format: 'opaque', id: stream_id });
    assert.deepEqual(eventOf(told), { type: 'verification', claims: { state: 'abc' } });
    pass(30 * second);
    assert.equal((await ask({})).status, 204);
    assert.equal((await call('POST', `/v1/admin/streams/${stream_id}/test`, ada)).status, 202);
    assert.deepEqual(
      (await news(gateway)).map(eventOf),
      [1, 2].map(() => ({ type: 'verification', claims: {} })),
    );
  });
});
