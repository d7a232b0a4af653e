import assert from 'node:assert/strict';
import { exportJWK, generateKeyPair } from 'jose';
import { memoryReplayStore } from '@postern/shared/gateway';
import { tokenTypes } from '@postern/shared/protocol/token';
import { minute, second } from '@postern/shared/time';
import type { ApiAnswer } from '../support/api.ts';
import { type Backend, startBackend } from '../support/backend.ts';
import { partOf } from '../support/forged-jws.ts';
import { firewallPolicy, HttpDevice } from '../support/http-device.ts';
import { resource } from '../support/scene.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { proofOf, VerifyGateway } from '../support/verify-gateway.ts';
import { assertDenied, assertPassed, familyNames, newGateway } from '../support/verify-scene.ts';
import { checks, checksOnBothStores } from './checks.ts';
import {
  askLibrary,
  assertAllDoorsTake,
  assertNoDoorTakes,
  assertPaperRefused,
  openDoors,
  openLibrary,
} from './doors.ts';
import { askToken, exchange, grantsOffered, openGrants } from './grants.ts';
import { resealed, withMembers } from './raw-jws.ts';

const address = `${resource}/reports`;

checks(
  'clock skew',
  'times must be there, and clocks may differ by seconds at gateways and a minute at most',
  async (t) => {
    const { backend, device, deviceKey, serverKey: key, doors, papers } = await openDoors(t);
    const { clock } = backend;
    const token = await device.accessToken();
    const seconds = () => Math.floor(clock.now() / second);
    const withClaims = (claims: Record<string, unknown>) => resealed(token, key, { payload: withMembers(claims) });

    for (const claim of ['exp', 'iat', 'jti'])
      for (const value of [undefined, null, '', String(seconds() + 60)])
        await assertNoDoorTakes(doors, `with ${claim} ${String(value)}`, withClaims({ [claim]: value }));
    await assertAllDoorsTake(doors, withClaims({ exp: seconds() + 60 }));

    // The library, whose clock is another one. A margin of 2 s: time goes on while this runs.
    const { library } = openLibrary(t, backend);
    const takes = async (claims: Record<string, unknown>, by = library) =>
      (await askLibrary(by, device, withClaims(claims))).ok;
    assert.equal(await takes({ exp: seconds() - 2 }), true, 'within 5 s');
    assert.equal(await takes({ exp: seconds() - 6 }), false, 'beyond 5 s');
    assert.equal(await takes({ iat: seconds() + 3 }), true);
    assert.equal(await takes({ iat: seconds() + 8 }), false, 'from the future');
    assert.equal(await takes({ nbf: seconds() + 60 }), false, 'not yet');
    const { library: young } = openLibrary(t, backend, { maxTokenAge: 60 });
    assert.equal(await takes({ iat: seconds() - 70, exp: seconds() + 3600 }, young), false, 'older than may be');
    assert.throws(() => openLibrary(t, backend, { clockToleranceSeconds: 61 }), /from 0 to 60/);
    // The backend's own clock is the one that made it.
    const [introspection, verify] = doors;
    assert.ok(introspection && verify);
    await assertNoDoorTakes([introspection, verify], 'that has just ended', withClaims({ exp: seconds() }));

    // What devices sign: within minutes, whatever their clocks say.
    const wrong: Record<string, Record<string, unknown>[]> = {
      'DPoP proof': [{ iat: seconds() + 70 }, { iat: seconds() - 305 }, { iat: undefined }, { iat: '1' }],
      'client assertion': [
        { exp: seconds() },
        { exp: seconds() + 310 },
        { exp: undefined },
        { iat: seconds() + 70 },
        { nbf: seconds() + 70 },
      ],
      attestation: [{ iat: seconds() + 70 }, { iat: seconds() - 305 }, { iat: undefined }],
    };
    for (const paper of papers)
      for (const claims of wrong[paper.name] ?? assert.fail()) {
        const text = resealed(await paper.genuine(), deviceKey, { payload: withMembers(claims) });
        const codes = /_(?:from_future|too_old|expired|invalid|malformed)$/;
        await assertPaperRefused(paper, `with ${JSON.stringify(claims)}`, text, codes);
      }
    for (const [iat, isGood] of [
      [-50, true],
      [-65, false],
      [3, true],
      [8, false],
    ] as const) {
      const proof = await proofWith(device, token, { iat: seconds() + iat });
      const headers = { authorization: `DPoP ${token}`, dpop: proof };
      assert.equal((await library.verify({ method: 'GET', url: '/reports', headers })).ok, isGood, `proof at ${iat} s`);
    }
    // A nonce bounds what a device's clock cannot.
    const proofText = await device.proof('POST', '/oauth/token');
    clock.advance(5 * minute);
    const late = resealed(proofText, deviceKey, { payload: withMembers({ iat: seconds() }) });
    assert.equal((await device.token({ proofText: late })).body['error_code'], 'nonce_required');
  },
);

checks('refresh reuse (if ever issued)', 'no grant issues a refresh token, and none is taken', async (t) => {
  const scene = await openDoors(t);
  const { device } = scene;
  const grants = await openGrants(scene, device);
  const offered = await grantsOffered(scene);
  assert.deepEqual(offered.toSorted(), Object.keys(grants).toSorted(), 'a new grant is looked at here too');
  for (const [grant, ask] of Object.entries(grants)) {
    const { status, body } = await askToken(device, grant, await ask());
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual(
      Object.keys(body).filter(
        (name) => !['access_token', 'token_type', 'expires_in', 'issued_token_type'].includes(name),
      ),
      [],
    );
    assert.ok(Number(body['expires_in']) <= 300);
    for (const token of ['x', String(body['access_token'])]) {
      const refused = await askToken(device, 'refresh_token', { refresh_token: token });
      assert.deepEqual([refused.status, refused.body['error']], [400, 'unsupported_grant_type']);
    }
    // What showed that somebody was there is no refresh token by another name.
    const form = await ask();
    assert.equal((await askToken(device, grant, form)).status, 200);
    if (Object.keys(form).length > 0) assert.equal((await askToken(device, grant, form)).status, 400, `${grant} twice`);
  }
  for (const requested of ['refresh_token', 'id_token', 'saml2'])
    for (const name of ['requested_token_type', 'subject_token_type']) {
      const form = { ...(await grants[exchange]?.()), [name]: `urn:ietf:params:oauth:token-type:${requested}` };
      const { status, body } = await askToken(device, exchange, form);
      assert.equal(status, 400, `${name} ${requested}: ${JSON.stringify(body)}`);
    }
});

checksOnBothStores(
  'DPoP replay across nodes',
  'a proof is good once on all of them together, and nowhere when that cannot be written',
  async (t, database) => {
    const env = { POSTERN_DATABASE_URL: database.url, POSTERN_DATA: temporaryFolder(t, 'nodes') };
    const one = await startBackend(t, env);
    const issuer = one.url;
    const start = () => startBackend(t, { ...env, POSTERN_ISSUER: issuer });
    const two = await start();
    const admin = await one.person('ada@example.org', ['admin']);
    await one.publish(firewallPolicy, admin);
    const credentials = await newGateway(admin);
    const device = await HttpDevice.enroll({ url: one.url, issuer, clock: one.clock }, admin);
    assert.equal((await device.attest()).status, 200);
    const token = await device.accessToken();
    const at = (node: Backend) => device.at(node.url);
    const gatewayAt = (node: Backend) => new VerifyGateway(node.url, 'nginx', credentials);
    const codeOf = ({ status, body }: ApiAnswer) => (status === 200 ? 'in' : String(body['error_code']));
    /** Each place where something is shown that is good once. A proof carries a nonce of the node that it is made for. */
    const places: Record<
      string,
      [make: (node: Backend) => Promise<string>, show: (node: Backend, text: string) => Promise<string>]
    > = {
      '/verify': [
        (node) => proofOf(at(node), token, { url: address }),
        async (node, proof) => {
          const { status, text } = await gatewayAt(node).ask({ authorization: `DPoP ${token}`, proof, url: address });
          return status === 200 ? 'in' : String((JSON.parse(text) as Record<string, unknown>)['error_code']);
        },
      ],
      'the token endpoint': [
        (node) => at(node).proof('POST', '/oauth/token'),
        async (node, proofText) => codeOf(await at(node).token({ proofText })),
      ],
      'the device API': [
        (node) => at(node).proof('GET', '/v1/device'),
        async (node, proof) => codeOf(await at(node).call('GET', '/v1/device', undefined, proof)),
      ],
      'the token endpoint, as an assertion': [
        () => device.assertion(),
        async (node, assertionText) => codeOf(await at(node).token({ assertionText })),
      ],
    };
    // What another node does not remember, it must not know the nonce of.
    const usedUp = /^(?:proof_replayed|assertion_replayed|nonce_required)$/;
    const used: [string, string][] = [];
    for (const [place, [make, show]] of Object.entries(places)) {
      const text = await make(one);
      assert.equal(await show(one, text), 'in', place);
      assert.match(await show(one, text), /_replayed$/, `${place}, again`);
      assert.match(await show(two, text), usedUp, `${place}, elsewhere`);
      for (const node of [one, two]) {
        const raced = await make(node);
        const answers = await Promise.all([one, two, one, two].map((each) => show(each, raced)));
        assert.equal(answers.filter((answer) => answer === 'in').length, 1, `${place}, at once: ${answers.join(' ')}`);
        assert.ok(
          answers.every((answer) => answer === 'in' || usedUp.test(answer)),
          answers.join(' '),
        );
      }
      used.push([place, text]);
    }
    const three = await start();
    for (const [place, text] of used)
      assert.match((await places[place]?.[1](three, text)) ?? '', usedUp, `${place}, after a start`);
    for (const [place, [make, show]] of Object.entries(places))
      assert.equal(await show(three, await make(three)), 'in', place);

    // The same jti by another key is another proof: nobody uses up somebody else's.
    const other = await HttpDevice.enroll({ url: one.url, issuer, clock: one.clock }, admin);
    const jti = 'the same';
    assert.equal(
      (await device.call('GET', '/v1/device', undefined, await device.proof('GET', '/v1/device', { claims: { jti } })))
        .status,
      200,
    );
    assert.equal(
      (await other.call('GET', '/v1/device', undefined, await other.proof('GET', '/v1/device', { claims: { jti } })))
        .status,
      200,
    );

    // Nothing can be written: what cannot be used up opens nothing, or is remembered all the same.
    const failing = t.mock.method(three.server.deps.store, 'commit', () =>
      Promise.reject(new Error('the disk is full')),
    );
    for (const [place, [make, show]] of Object.entries(places)) {
      const text = await make(three);
      const answer = await show(three, text);
      if (answer === 'in') assert.notEqual(await show(three, text), 'in', `${place} without a disk, again`);
      else assert.match(answer, /^(?:internal|unavailable)$/, `${place} without a disk`);
    }
    failing.mock.restore();
    for (const [place, [make, show]] of Object.entries(places))
      assert.equal(await show(three, await make(three)), 'in', place);

    // The library's own store: where it fails or is full, nobody is let in.
    const full = memoryReplayStore({ most: 1 });
    const away = { claim: () => Promise.reject(new Error('no connection')) };
    for (const replayStore of [full, away]) {
      const { library } = openLibrary(t, one, { replayStore });
      const outcomes = [];
      for (let each = 0; each < 3; each += 1) outcomes.push((await askLibrary(library, device, token)).ok);
      assert.deepEqual(outcomes, [replayStore === full, false, false]);
    }
    const { library } = openLibrary(t, one);
    const dpop = await proofOf(device, token, { url: address });
    const ask = () =>
      library.verify({ method: 'GET', url: '/reports', headers: { authorization: `DPoP ${token}`, dpop } });
    const outcomes = await Promise.all([ask(), ask(), ask()]);
    assert.equal(outcomes.filter(({ ok }) => ok).length, 1);
  },
);

checks(
  'Bearer downgrade of `cnf` token',
  'a bound token without its scheme or its proof is refused, wherever it is shown',
  async (t) => {
    const scene = await openDoors(t);
    const { backend, device, credentials, doors } = scene;
    const token = await device.accessToken();
    const [id = '', secret = ''] = credentials.split(':');
    const proof = () => proofOf(device, token, { url: address });

    for (const family of familyNames) {
      const gateway = new VerifyGateway(backend.url, family, credentials);
      for (const scheme of ['Bearer', 'bearer', 'BEARER'])
        for (const dpop of [undefined, await proof()]) {
          const answer = await gateway.ask({ authorization: `${scheme} ${token}`, proof: dpop, url: address });
          assertDenied(answer, 401, 'access_token_unbound');
          assert.match(String(answer.headers['www-authenticate']), /^DPoP error="invalid_token"/);
        }
      assertDenied(await gateway.ask({ authorization: `DPoP ${token}`, url: address }), 401, 'proof_missing');
      for (const authorization of [token, `Token ${token}`, `DPoP Bearer ${token}`, `Basic ${token}`])
        assertDenied(
          await gateway.ask({ authorization, proof: await proof(), url: address }),
          401,
          'access_token_invalid',
        );
      const inQuery = await gateway.ask({ url: `${address}?access_token=${token}`, proof: await proof() });
      assertDenied(inQuery, 401, 'access_token_missing');
      assertPassed(await gateway.ask({ authorization: `DPoP ${token}`, proof: await proof(), url: address }));
    }
    for (const mode of ['local', 'introspection', 'decision'] as const) {
      const { library } = openLibrary(t, backend, { mode, credentials: { id, secret } });
      const ask = async (authorization: string, dpop?: string) =>
        library.verify({ method: 'GET', url: '/reports', headers: { authorization, dpop } });
      const refused = [
        await ask(`Bearer ${token}`),
        await ask(`bearer ${token}`, await proof()),
        await ask(`DPoP ${token}`),
        await ask(`DPoP ${token}`, ''),
      ];
      for (const outcome of refused) assert.equal(!outcome.ok && outcome.status, 401, mode);
      assert.equal((await ask(`DPoP ${token}`, await proof())).ok, true, mode);
    }
    // Whoever introspects is told that it is bound, and to what.
    const answer = await fetch(`${backend.url}/oauth/introspect`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
      body: new URLSearchParams({ token }),
    });
    const { token_type: type, cnf } = (await answer.json()) as Record<string, unknown>;
    assert.deepEqual([type, cnf], ['DPoP', { jkt: device.fake.jkt }]);
    await assertAllDoorsTake(doors, token);
  },
);

checks(
  'exchange drops binding',
  'whatever the grant, a token is asked for with the key that it is then bound to',
  async (t) => {
    const scene = await openDoors(t);
    const { backend, admin, device, credentials } = scene;
    const grants = await openGrants(scene, device);
    assert.deepEqual(
      (await grantsOffered(scene)).toSorted(),
      Object.keys(grants).toSorted(),
      'a new grant is looked at here too',
    );
    const other = await HttpDevice.enroll(backend, admin);
    // A machine of its own, in order like the first.
    assert.equal((await other.attest()).status, 200);
    const stranger = await generateKeyPair('ES256', { extractable: true });
    const { kty, crv, x, y } = await exportJWK(stranger.publicKey);
    const strange = { key: stranger.privateKey, header: { jwk: { kty, crv, x, y } } };
    const gateway = new VerifyGateway(backend.url, 'forward', credentials);

    for (const [grant, ask] of Object.entries(grants)) {
      const form = await ask();
      const refusals: [string, string, Parameters<typeof askToken>[3]][] = [
        ['no proof', 'proof_missing', { proof: null }],
        ["a stranger's proof", 'proof_other_key', { proof: await device.proof('POST', '/oauth/token', strange) }],
        ["another device's proof", 'proof_other_key', { proof: await other.proof('POST', '/oauth/token') }],
        ["another device's assertion", 'proof_other_key', { assertion: await other.assertion() }],
        ['no authentication', 'assertion_missing', { assertion: null }],
      ];
      for (const [what, code, shown] of refusals) {
        const { status, body } = await askToken(device, grant, form, shown);
        assert.ok(status === 400 || status === 401, `${grant} with ${what}: ${status}`);
        assert.equal(body['error_code'], code, `${grant} with ${what}`);
        assert.equal(body['access_token'], undefined);
      }
      if (Object.keys(form).length > 0) {
        // Stolen from the one, shown by the other with all that is its own.
        const stolen = await askToken(other, grant, form);
        assert.deepEqual([stolen.status, stolen.body['access_token']], [400, undefined], JSON.stringify(stolen.body));
      }
      for (const tokenType of ['Bearer', 'N_A']) {
        const wish = { token_type: tokenType, requested_token_type: tokenTypes.accessToken };
        const { status, body } = await askToken(device, grant, { ...(await ask()), ...wish });
        assert.deepEqual([status, body['token_type']], [200, 'DPoP'], `${grant}: ${JSON.stringify(body)}`);
      }
      const { status, body } = await askToken(device, grant, form);
      assert.equal(status, 200, `${grant}: ${JSON.stringify(body)}`);
      const token = String(body['access_token']);
      const claims = partOf(token, 1);
      assert.deepEqual([body['token_type'], claims['cnf']], ['DPoP', { jkt: device.fake.jkt }]);
      assert.deepEqual([claims['client_id'], claims['device_id']], [device.fake.id, device.fake.id]);
      if (grant !== 'client_credentials') assert.deepEqual(claims['act'], { sub: device.fake.id });
      const show = async (authorization: string, proof?: string) =>
        (await gateway.ask({ authorization: `${authorization} ${token}`, proof, url: address })).status;
      assert.equal(await show('DPoP', await proofOf(device, token, { url: address })), 200, grant);
      assert.equal(await show('DPoP', await proofOf(other, token, { url: address })), 401);
      assert.equal(await show('Bearer'), 401);
      // An access token is nothing that could be exchanged for another one.
      const again = { subject_token: token, subject_token_type: tokenTypes.accessToken };
      for (const by of [device, other])
        assert.equal((await askToken(by, exchange, again)).body['access_token'], undefined);
      const asJwt = { ...again, subject_token_type: tokenTypes.jwt };
      assert.equal((await askToken(device, exchange, asJwt)).body['access_token'], undefined);
    }
  },
);

async function proofWith(device: HttpDevice, token: string, claims: Record<string, unknown>): Promise<string> {
  const call = { method: 'GET', url: address, nonce: await device.nonce(), now: device.place.clock.now() };
  return device.fake.dpopProof({ ...call, accessToken: token, claims });
}
