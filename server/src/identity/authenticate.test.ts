import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { issuer, openIdentity } from './testing/open-identity.ts';

describe('a request by a session', () => {
  test('that changes something must come from the console', async (t) => {
    const identity = await openIdentity(t);
    const cookie = await identity.cookieOf(identity.ada);
    for (const method of ['POST', 'PATCH', 'DELETE', 'PUT', 'post']) {
      assert.equal(await identity.whoIs({ cookie, origin: issuer }, method), 'Ada');
      assert.equal(await identity.whoIs({ cookie }, method), 'origin_refused');
      for (const origin of [
        'null',
        'https://evil.example',
        `${issuer}.evil.example`,
        'http://postern.test',
        `${issuer}:8443`,
        `${issuer}/`,
      ])
        assert.equal(await identity.whoIs({ cookie, origin }, method), 'origin_refused', origin);
    }
  });

  test('that only reads may come from anywhere: nobody there can read the answer', async (t) => {
    const identity = await openIdentity(t);
    const cookie = await identity.cookieOf(identity.ada);
    for (const method of ['GET', 'HEAD']) assert.equal(await identity.whoIs({ cookie }, method), 'Ada');
  });

  test('of an issuer with a path is held to its origin', async (t) => {
    const identity = await openIdentity(t, { issuer: 'https://example.org/postern' });
    const cookie = await identity.cookieOf(identity.ada);
    assert.equal(await identity.whoIs({ cookie, origin: 'https://example.org' }, 'POST'), 'Ada');
    assert.equal(await identity.whoIs({ cookie, origin: 'https://example.org/postern' }, 'POST'), 'origin_refused');
  });
});

describe('an Authorization header', () => {
  test('decides alone: a cookie beside it is not looked at', async (t) => {
    const identity = await openIdentity(t);
    const cookie = await identity.cookieOf(identity.ada);
    assert.equal(await identity.whoIs({ cookie, authorization: 'Bearer postern_admin_guess' }), 'not_signed_in');
    assert.equal(await identity.whoIs({ cookie, authorization: '' }), 'not_signed_in');
  });

  for (const authorization of [
    'Bearer',
    'Bearer ',
    'Basic QWRhOng=',
    'DPoP postern_admin_x',
    'Bearer postern_admin_x y',
    'Bearer  postern_admin_x',
    'Bearer postern_admin_x\n',
    "Bearer postern_admin_' or 1=1",
    `Bearer postern_admin_${'x'.repeat(300)}`,
  ])
    test(`nok: ${JSON.stringify(authorization.slice(0, 40))}`, async (t) => {
      assert.equal(await (await openIdentity(t)).whoIs({ authorization }), 'not_signed_in');
    });

  test('with a session secret in place of a token lets nobody in', async (t) => {
    const identity = await openIdentity(t);
    const secret = (await identity.cookieOf(identity.ada)).split('=')[1];
    assert.equal(await identity.whoIs({ authorization: `Bearer ${secret}` }), 'not_signed_in');
    assert.equal(await identity.whoIs({ authorization: `Bearer postern_admin_${secret}` }), 'not_signed_in');
  });
});

test('nothing at all is nobody', async (t) => {
  assert.equal(await (await openIdentity(t)).whoIs({}), 'not_signed_in');
});
