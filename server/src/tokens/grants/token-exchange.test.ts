import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { accessTokenClaimsSchema, tokenAnswerSchema } from '@postern/shared/protocol/token';
import { day, minute, second } from '@postern/shared/time';
import { updateOne } from '../../storage/change.ts';
import { askAttested, attestationOf } from '../testing/attested.ts';
import { fakeDevice } from '../testing/fake-device.ts';
import { addOther, askExchange, askSignIn, jwtType, otherId, personCaller, signInFor } from '../testing/person.ts';
import { gatewayHeaders, issuer, ownerId, resource, start, startTokenService } from '../testing/token-service.ts';

const typ = 'postern-sign-in+jwt';

/** A service, a device of Ada's, and what they ask. */
async function signingIn(t: Parameters<typeof startTokenService>[0], change = {}) {
  const service = await startTokenService(t);
  const device = await service.enrol(change);
  const ask = async (token: string, more = {}) => askExchange(service, device, token, more);
  const codeOf = async (token: string, more = {}) => (await ask(token, more)).code ?? 'granted';
  return { service, device, ask, codeOf, signIn: () => signInFor(service, device) };
}

describe('a sign-in token', () => {
  it('becomes a token for the person, in which the device acts, bound to its key', async (t) => {
    const { service, device, ask, signIn } = await signingIn(t);
    const { status, body } = await ask(await signIn());
    assert.equal(status, 200, JSON.stringify(body));
    const answer = tokenAnswerSchema.parse(body);
    assert.equal(answer.issued_token_type, 'urn:ietf:params:oauth:token-type:access_token');
    assert.equal(answer.token_type, 'DPoP');
    const claims = accessTokenClaimsSchema.parse(await service.signingKeys.verify(answer.access_token, 'at+jwt'));
    assert.deepEqual(
      [claims.sub, claims.owner, claims.act, claims.client_id, claims.device_id, claims.cnf.jkt, claims.aud],
      [ownerId, undefined, { sub: device.id }, device.id, device.id, device.jkt, resource],
    );
    assert.equal(claims.auth_time, (start - minute) / second);
    assert.deepEqual(await service.auditTypes(), ['signing-key.rotated', 'sign-in-token.created', 'token.issued']);
    const introspected = await service.call('POST', '/oauth/introspect', {
      headers: gatewayHeaders,
      form: { token: answer.access_token },
    });
    const { active, sub, owner } = introspected.body as Record<string, unknown>;
    assert.deepEqual([active, sub, owner], [true, ownerId, ownerId]);
  });

  it('lives for five minutes, and the token no longer than it', async (t) => {
    const { service, ask, codeOf, signIn } = await signingIn(t);
    const [early, late] = [await signIn(), await signIn()];
    service.clock.set(start + 4 * minute);
    const { access_token: token, expires_in: left } = tokenAnswerSchema.parse((await ask(early)).body);
    assert.equal(left, 60);
    const { exp } = accessTokenClaimsSchema.parse(await service.signingKeys.verify(token, 'at+jwt'));
    assert.equal(exp, (start + 5 * minute) / second);
    service.clock.set(start + 5 * minute - 999);
    assert.equal(await codeOf(late), 'subject_token_expired');
    service.clock.set(start + 5 * minute);
    assert.equal(await codeOf(late), 'subject_token_expired');
  });

  it('counts once, also when it comes twice at a time', async (t) => {
    const { codeOf, signIn } = await signingIn(t);
    const token = await signIn();
    const codes = await Promise.all([codeOf(token), codeOf(token), codeOf(token)]);
    assert.deepEqual(codes.toSorted(), ['granted', 'subject_token_used', 'subject_token_used']);
    assert.equal(await codeOf(token), 'subject_token_used');
  });

  it('is not used up by a request that is refused; the proof is', async (t) => {
    const { service, device, ask, codeOf, signIn } = await signingIn(t);
    const token = await signIn();
    const proof = await service.proofFor(device);
    assert.equal(await codeOf(token, { proof, form: { resource: 'https://nobody.example' } }), 'resource_unknown');
    assert.equal(await codeOf(token, { proof }), 'proof_replayed');
    assert.equal(await codeOf(token, { form: { max_age: '59' } }), 'authentication_requirements_unmet');
    assert.equal((await ask(token, { form: { max_age: '60' } })).status, 200);
  });

  it('is for one device', async (t) => {
    const { service, device, codeOf, signIn } = await signingIn(t);
    const other = await service.enrol();
    const token = await signIn();
    assert.equal((await askExchange(service, other, token)).code, 'subject_other_device');
    assert.equal((await askExchange(service, other, await signInFor(service, other))).status, 200);
    assert.equal(await codeOf(token), 'granted');
    const types = await service.auditTypes();
    assert.ok(types.includes('token.refused subject_other_device'), types.join());
    assert.notEqual(device.id, other.id);
  });

  it('is worth nothing once the device belongs to somebody else, or its owner has no access', async (t) => {
    const { service, device, codeOf, signIn } = await signingIn(t);
    const [token, deactivate] = [await signIn(), updateOne('users', { id: ownerId }, { active: 0 })];
    await service.store.commit({ audit: [], changes: [deactivate] });
    assert.equal(await codeOf(token), 'owner_inactive');
    await addOther(service);
    const give = updateOne('devices', { id: device.id }, { owner_id: otherId });
    await service.store.commit({ audit: [], changes: [give] });
    assert.equal(await codeOf(token), 'subject_not_owner');
  });

  it('ends with the key that signed it, when that is withdrawn', async (t) => {
    const { service, codeOf, signIn } = await signingIn(t);
    const token = await signIn();
    await service.signingKeys.rotateNow(start);
    assert.equal(await codeOf(token), 'subject_token_invalid');
    assert.equal(await codeOf(await signIn()), 'granted');
  });

  it('opens nothing that the posture closes', async (t) => {
    const { ask, signIn } = await signingIn(t, { firewall: false, failingSince: start - 2 * day });
    const { code, body } = await ask(await signIn());
    assert.equal(code, 'posture_refused');
    assert.deepEqual(Object.keys(body as object), ['posture_status', 'failed_checks', 'remediation_uri']);
  });

  it('is no access token, and neither is anything else that this server signs a sign-in token', async (t) => {
    const { service, device, codeOf, signIn } = await signingIn(t);
    const token = await signIn();
    const introspected = await service.call('POST', '/oauth/introspect', { headers: gatewayHeaders, form: { token } });
    assert.deepEqual(introspected.body, { active: false });
    const seconds = start / second;
    const claims = {
      iss: issuer,
      aud: `${issuer}/oauth/token`,
      sub: ownerId,
      device_id: device.id,
      jti: `sgn_${'1'.repeat(32)}`,
      iat: seconds,
      exp: seconds + 300,
      auth_time: seconds,
    };
    const sign = (change: object, type = typ) => service.signingKeys.sign({ ...claims, ...change }, type, start);
    const texts = {
      'an access token': tokenAnswerSchema.parse((await service.askToken(device)).body).access_token,
      'a client attestation': await attestationOf(service, device),
      'a client assertion': await device.assertion(issuer, start),
      'signed by the device': await device.sign({ alg: 'ES256', typ, kid: device.jkt }, claims),
      'of another type': await sign({}, 'at+jwt'),
      'of another issuer': await sign({ iss: 'https://other.example' }),
      'for a resource': await sign({ aud: resource }),
      'for the issuer': await sign({ aud: issuer }),
      'without end': await sign({ exp: undefined }),
      'of nobody': await sign({ sub: undefined }),
      'of a device': await sign({ sub: device.id }),
      'without jti': await sign({ jti: undefined }),
      empty: '',
      long: 'x'.repeat(8192),
      'with a dot more': `${token}.`,
      'with padding': `${token}=`,
    };
    for (const [what, text] of Object.entries(texts)) {
      const expected = text === '' ? 'malformed_request' : 'subject_token_invalid';
      assert.equal(await codeOf(text), expected, what);
    }
    assert.equal(await codeOf(await sign({})), 'granted');
  });

  it('is refused when any of its characters is another', async (t) => {
    const { codeOf, signIn } = await signingIn(t);
    const token = await signIn();
    const character = fc.constantFrom('A', 'Q', 'g', 'w', '0', '-', '_', '.', '=', ' ', '\0', 'é');
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), character, async (at, other) => {
        fc.pre(token[at] !== other);
        const changed = token.slice(0, at) + other + token.slice(at + 1);
        assert.equal(await codeOf(changed), 'subject_token_invalid');
      }),
      { numRuns: 100 },
    );
    assert.equal(await codeOf(token), 'granted');
  });
});

describe('a token exchange', () => {
  it('takes the types that it knows, and gives an access token', async (t) => {
    const { codeOf, signIn } = await signingIn(t);
    const token = await signIn();
    const type = (name: string) => `urn:ietf:params:oauth:token-type:${name}`;
    const forms: [Record<string, string>, string][] = [
      [{ subject_token_type: type('id_token') }, 'token_type_unsupported'],
      [{ subject_token_type: type('access_token') }, 'token_type_unsupported'],
      [{ subject_token_type: 'jwt' }, 'token_type_unsupported'],
      [{ subject_token_type: '' }, 'malformed_request'],
      [{ requested_token_type: type('refresh_token') }, 'token_type_unsupported'],
      [{ requested_token_type: type('jwt') }, 'token_type_unsupported'],
      [{ audience: 'app' }, 'resource_unknown'],
      [{ audience: resource }, 'resource_unknown'],
      [{ resource: '' }, 'resource_unknown'],
      [{ scope: 'admin' }, 'scope_invalid'],
      [{ actor_token_type: jwtType }, 'malformed_request'],
      [{ requested_token_type: type('access_token') }, 'granted'],
    ];
    for (const [form, code] of forms) assert.equal(await codeOf(token, { form }), code, JSON.stringify(form));
  });

  it('needs the proof of the device, and gives nothing to another key', async (t) => {
    const { service, device, codeOf, signIn } = await signingIn(t);
    const token = await signIn();
    const stranger = await fakeDevice();
    assert.equal(await codeOf(token, { proof: '' }), 'proof_missing');
    assert.equal(await codeOf(token, { proof: await service.proofFor(stranger) }), 'proof_other_key');
    assert.equal(await codeOf(token, { assertion: await stranger.assertion(issuer, start) }), 'assertion_invalid');
    assert.equal((await askExchange(service, stranger, token)).code, 'assertion_invalid');
    const form = { grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange', resource };
    const bare = await service.call('POST', '/oauth/token', {
      headers: { dpop: await service.proofFor(device) },
      form: { ...form, subject_token: token, subject_token_type: jwtType },
    });
    assert.equal(bare.code, 'assertion_missing');
    assert.equal(await codeOf(token), 'granted');
  });

  it('of a device with a client attestation works as well', async (t) => {
    const { service, device, signIn } = await signingIn(t);
    const form = {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: await signIn(),
      subject_token_type: jwtType,
    };
    assert.equal((await askAttested(service, device, { form })).status, 200);
  });

  it('takes an actor token that is of the device which asks, and no other', async (t) => {
    const { service, device, codeOf, signIn } = await signingIn(t);
    const [other, stranger] = [await service.enrol(), await fakeDevice()];
    const subject = await signIn();
    const acting = async (actor_token: string, more = {}) =>
      codeOf(subject, { form: { actor_token, actor_token_type: jwtType, ...more } });
    const refused = {
      'the attestation of another device': await attestationOf(service, other),
      'the assertion of another device': await other.assertion(issuer, start),
      'of nobody': await stranger.assertion(issuer, start),
      'the sign-in token itself': subject,
      'an access token': tokenAnswerSchema.parse((await service.askToken(device)).body).access_token,
      'in the name of the device by another key': await stranger.assertion(issuer, start, {
        claims: { iss: device.id, sub: device.id },
      }),
      'for another server': await device.assertion('https://other.example', start),
      'that is over': await device.assertion(issuer, start - 10 * minute),
      'no token': 'x',
    };
    for (const [what, token] of Object.entries(refused)) assert.equal(await acting(token), 'actor_token_invalid', what);
    const own = await device.assertion(issuer, start);
    assert.equal(
      await acting(own, { actor_token_type: 'urn:ietf:params:oauth:token-type:id_token' }),
      'token_type_unsupported',
    );
    assert.equal(await codeOf(subject, { form: { actor_token: own } }), 'malformed_request');
    assert.equal(await acting(own), 'granted');

    const again = async (actor_token: string, change = {}) =>
      codeOf(await signIn(), { form: { actor_token, actor_token_type: jwtType }, ...change });
    assert.equal(await again(own), 'assertion_replayed');
    assert.equal(await again(await attestationOf(service, device)), 'granted');
    const both = await device.assertion(issuer, start);
    assert.equal(await again(both, { assertion: both }), 'granted');
  });
});

describe('who makes a sign-in token', () => {
  it('is in a browser, and owns the device', async (t) => {
    const { service, device } = await signingIn(t);
    const retired = await service.enrol({ device: { state: 'retired' } });
    const ask = async (of: { id: string }, caller = personCaller()) => (await askSignIn(service, of, caller)).code;
    assert.equal(await ask(device), undefined);
    assert.equal(await ask(device, personCaller({ via: 'api-token' })), 'session_required');
    assert.equal(await ask(device, personCaller({ id: otherId })), 'not_found');
    assert.equal(await ask(device, personCaller({ id: otherId, roles: ['admin'] })), 'not_found');
    assert.equal(await ask(retired), 'not_found');
    assert.equal(await ask(await fakeDevice()), 'not_found');
  });
});
