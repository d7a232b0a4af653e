import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { signalTypes, streamSignalTypes } from '../../protocol/signal.ts';
import { minute, second } from '../../time.ts';
import { codeOf, Door } from '../testing/door.ts';
import { idOf, issuer, start } from '../testing/fake-issuer.ts';
import { type Event, listening, revoked } from '../testing/listening.ts';

describe('signals', () => {
  it('leave a token alone that they say nothing of', async (t) => {
    const { door, send, ask } = await listening(t);
    const token = await door.token();
    const other = { format: 'complex', device: { format: 'iss_sub', iss: issuer, sub: idOf('device') } };
    await send(revoked(other));
    await send(revoked(door.issuer.subject(idOf('accessToken'))));
    await send(revoked(door.issuer.subject(idOf('exception'))));
    assert.equal(await ask(token), 'in');
    assert.equal(door.backend.count('/oauth/introspect'), 0);
  });

  it('end one token', async (t) => {
    const { door, send, ask } = await listening(t);
    const jti = idOf('accessToken');
    const [token, other] = [await door.token({ claims: { jti } }), await door.token()];
    const set = await send(revoked(door.issuer.subject(jti)));
    assert.equal(await ask(token), 'token_ended');
    assert.equal(await ask(other), 'in');
    assert.ok(door.backend.acknowledged.includes(set));
  });

  it('end what leans on an exception, and what was issued under a grant', async (t) => {
    const { door, send, ask } = await listening(t);
    const [exception, grant] = [idOf('exception'), idOf('exception')];
    const iat = door.clock.now() / second;
    const leaning = await door.token({
      claims: { posture: { status: 'compliant', at: iat, att: 1, exc: [exception] } },
    });
    const granted = await door.token({ claims: { grant: { id: grant }, roles: ['admin'] } });
    const free = await door.token();
    await send(revoked(door.issuer.subject(exception)));
    assert.deepEqual([await ask(leaning), await ask(granted), await ask(free)], ['token_ended', 'in', 'in']);
    await send(revoked(door.issuer.subject(grant)));
    assert.deepEqual([await ask(granted), await ask(free)], ['token_ended', 'in']);
  });

  it('end everything that a device had, and nothing that it gets afterwards', async (t) => {
    const { door, send, ask } = await listening(t);
    const before = await door.token();
    await send(revoked(door.issuer.subject()));
    const sameSecond = await door.token();
    door.clock.set(door.clock.now() + second);
    const after = await door.token();
    assert.deepEqual(
      [await ask(before), await ask(sameSecond), await ask(after)],
      ['token_ended', 'token_ended', 'in'],
    );
  });

  it('end everything of a person, on whatever device', async (t) => {
    const { door, send, ask } = await listening(t);
    const token = await door.token();
    const asPerson = await door.token({ claims: { sub: door.issuer.owner, owner: idOf('user') } });
    const user = { format: 'iss_sub', iss: issuer, sub: door.issuer.owner };
    await send(revoked({ format: 'complex', user }));
    assert.deepEqual([await ask(token), await ask(asPerson)], ['token_ended', 'token_ended']);
  });

  it('end a device that is not compliant until it is again, in the order of what happened', async (t) => {
    const { door, send, ask } = await listening(t);
    const token = await door.token();
    const subject = door.issuer.subject();
    const now = door.clock.now() / second;
    const change = (current_status: string, event_timestamp: number): Event => ({
      type: signalTypes.complianceChange,
      subject,
      body: { current_status, event_timestamp },
    });
    await send(change('not-compliant', now));
    assert.equal(await ask(token), 'token_ended');
    await send(change('compliant', now - 5));
    assert.equal(await ask(token), 'token_ended', 'an older signal that came late');
    await send(change('compliant', now));
    assert.equal(await ask(token), 'in');
    await send(change('not-compliant', now - 5));
    assert.equal(await ask(token), 'in', 'an older signal that came late');
    await send(change('anything else', now + 1));
    assert.equal(await ask(token), 'token_ended');
  });

  it('of a key that is gone end what it had; of one that was added nothing', async (t) => {
    const { door, send, ask } = await listening(t);
    const token = await door.token();
    const change = (change_type: string): Event => ({
      type: signalTypes.credentialChange,
      subject: door.issuer.subject(),
      body: { change_type, credential_type: 'x509' },
    });
    await send(change('create'));
    assert.equal(await ask(token), 'in');
    await send(change('revoke'));
    assert.equal(await ask(token), 'token_ended');
  });

  it('are heard before the token is judged, so that what ends meanwhile is refused', async (t) => {
    const { door, send, until } = await listening(t);
    const jti = idOf('accessToken');
    const token = await door.token({ claims: { jti, iat: start / second } });
    let release = () => {};
    door.backend.introspect = () =>
      new Promise((done) => {
        release = () =>
          done(
            Response.json({ ...JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()), active: true }),
          );
      });
    const asked = door.ask({ token });
    await until(() => door.backend.count('/oauth/introspect') === 1);
    await send(revoked(door.issuer.subject(jti)));
    release();
    assert.equal(codeOf(await asked), 'token_ended');
  });
});

describe('a token that was issued before signals were heard', () => {
  it('is asked about, since this process cannot know what ended before', async (t) => {
    const { door, ask } = await listening(t);
    const old = await door.token({ claims: { iat: start / second - 1 } });
    assert.equal(await ask(old), 'token_ended');
    assert.equal(door.backend.count('/oauth/introspect'), 1);
    door.backend.introspect = () => new Response(null, { status: 503 });
    assert.equal(await ask(old), 'unavailable');
  });

  it('includes every token while the signals are not there', async (t) => {
    const door = await Door.open(t, { signals: true }, (backend) => {
      backend.pollStatus = 403;
    });
    assert.equal(codeOf(await door.ask()), 'token_ended');
    assert.equal(door.gateway.signals()?.heardSince, null);
  });

  it('includes every token after there was no room for what signals said', async (t) => {
    const { door, send, ask } = await listening(t, { most: 1 });
    const token = await door.token();
    await send(revoked(door.issuer.subject(idOf('accessToken'))));
    assert.equal(await ask(token), 'in');
    await send(revoked(door.issuer.subject(idOf('accessToken'))));
    assert.equal(await ask(token), 'token_ended', 'introspection says so');
    assert.equal(door.backend.count('/oauth/introspect'), 1);
  });

  it('includes one that was issued while the poll waited which brought a signal that is not understood', async (t) => {
    const { door, ask, until } = await listening(t);
    let release = () => {};
    door.backend.held = new Promise((done) => (release = done));
    const polls = door.backend.count('/ssf/poll');
    await until(() => door.backend.count('/ssf/poll') > polls);
    door.clock.set(start + 30 * second);
    const between = await door.token();
    const { jti, text } = await door.issuer.set(door.clock.now(), revoked({ format: 'complex' }));
    door.backend.waiting.set(jti, text);
    door.clock.set(start + 31 * second);
    release();
    await until(() => door.backend.acknowledged.includes(jti));
    assert.equal(await ask(between), 'token_ended', 'introspection says so');
    await until(() => door.gateway.signals()?.heardSince === start + 31 * second);
  });

  it('includes every token before the stream was stopped, or before a signal that is not understood', async (t) => {
    const unclear: Event[] = [
      { type: 'https://example.org/other', subject: { format: 'complex' } },
      revoked({ format: 'email', email: 'ada@example.org' }),
      revoked({ format: 'complex', device: { format: 'iss_sub', iss: 'https://other.example', sub: idOf('device') } }),
      { type: streamSignalTypes.streamUpdated, subject: { format: 'opaque', id: 'str_1' }, body: { status: 'paused' } },
    ];
    for (const event of unclear) {
      const { door, send, ask } = await listening(t);
      const token = await door.token();
      await send(event);
      assert.equal(await ask(token), 'token_ended', JSON.stringify(event));
      assert.equal(door.backend.count('/oauth/introspect'), 1);
    }
  });
});

it('a signal that all sessions of the issuer have ended makes its keys be read again before anybody is let in', async (t) => {
  const { door, send, ask } = await listening(t);
  const old = await door.token();
  assert.equal(await ask(old), 'in');
  const stolen = door.issuer.tokenKey;
  door.issuer.jwks.keys = door.issuer.jwks.keys.filter(({ kid }) => kid !== 't1');
  await door.issuer.rotate('t2');
  await send(revoked({ format: 'complex', tenant: { format: 'opaque', id: issuer } }));
  const forged = await door.token({ header: { kid: 't1' }, key: stolen });
  assert.deepEqual([await ask(old), await ask(forged)], ['token_signature', 'token_signature']);
  assert.equal(await ask(await door.token()), 'token_ended', 'introspection is asked');
  assert.equal(door.backend.count('/oauth/introspect'), 1);
  await send(revoked(door.issuer.subject()));
  assert.equal(door.backend.count('/ssf/jwks.json'), 2, 'and those of signals with them');
});

describe('the stream', () => {
  it('is made where there is none, and started where it stands still', async (t) => {
    const { door } = await listening(t, {}, (backend) => {
      backend.hasStream = false;
      backend.streamStatus = 'disabled';
    });
    const made = door.backend.asked.find(({ path, method }) => path === '/ssf/streams' && method === 'POST');
    assert.deepEqual(
      (JSON.parse(made?.body ?? '{}') as Record<string, unknown>)['events_requested'],
      Object.values(signalTypes),
    );
    assert.equal(door.backend.streamStatus, 'enabled');
    assert.match(made?.headers.get('authorization') ?? '', /^Basic /);
  });

  it('goes on after the backend was away, and what ended meanwhile is heard', async (t) => {
    const { door, send, ask, until } = await listening(t);
    const token = await door.token();
    door.backend.away = true;
    await until(() => door.problems.some(({ code }) => code === 'signals_unavailable'));
    assert.equal(await ask(token), 'in', 'tokens live until exp');
    door.backend.away = false;
    await send(revoked(door.issuer.subject()));
    assert.equal(await ask(token), 'token_ended');
  });

  it('that is silent for too long is reported, and by choice lets nobody in', async (t) => {
    for (const [onStale, code] of [
      ['keep', 'in'],
      ['deny', 'unavailable'],
    ] as const) {
      const { door, ask, until } = await listening(t, { onStale });
      door.backend.away = true;
      await until(() => door.problems.some((problem) => problem.code === 'signals_unavailable'));
      door.clock.set(door.clock.now() + minute);
      const token = await door.token();
      assert.equal(await ask(token), code);
      assert.ok(door.problems.some((problem) => problem.code === 'signals_stale'));
    }
  });

  it('is polled no more once the gateway is closed', async (t) => {
    const { door } = await listening(t);
    await door.gateway.close();
    const polled = door.backend.count('/ssf/poll');
    await new Promise((done) => setTimeout(done, 20));
    assert.equal(door.backend.count('/ssf/poll'), polled);
  });
});
