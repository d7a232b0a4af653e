import assert from 'node:assert/strict';
import { constants, createPublicKey, sign } from 'node:crypto';
import { generateKeyPair, type JWK } from 'jose';
import { publicKeyTexts, resigned } from '../support/forged-jws.ts';
import { Gateway } from '../support/gateway.ts';
import { resource } from '../support/scene.ts';
import { checks } from './checks.ts';
import {
  assertAllDoorsTake,
  assertNoDoorTakes,
  assertPaperRefused,
  assertPapersGood,
  openDoors,
  publishedKeys,
  serverKey,
} from './doors.ts';
import { resealed, withMembers } from './raw-jws.ts';

checks(
  'alg confusion / none',
  'what the header says chooses no algorithm, and no key is used for another',
  async (t) => {
    const { backend, device, deviceKey, serverKey: key, doors, papers } = await openDoors(t);
    const token = await device.accessToken();
    await assertAllDoorsTake(doors, resealed(token, key, {}));
    await assertPapersGood(papers, deviceKey, device);

    const [tokenKey, ...otherKeys] = await publishedKeys(backend.url, 'access-token');
    const [signalKey] = await publishedKeys(backend.url, 'signal');
    const kindOf = (key: JWK | undefined) => [key?.kty, key?.alg, key?.use];
    assert.deepEqual(
      [kindOf(tokenKey), kindOf(signalKey)],
      [
        ['EC', 'ES256', 'sig'],
        ['RSA', 'RS256', 'sig'],
      ],
    );
    assert.deepEqual(otherKeys, [], 'who verifies by any key of the set finds none of signals there');
    assert.ok(tokenKey && signalKey);

    const stranger = (await generateKeyPair('ES256')).privateKey;
    await assertNoDoorTakes(doors, 'of a stranger', await resigned(token, { key: stranger }));
    await assertNoDoorTakes(doors, 'with alg none', await resigned(token, { none: true }));
    for (const secret of await publicKeyTexts(tokenKey))
      await assertNoDoorTakes(doors, 'with HS256 over the public key', await resigned(token, { secret }));
    // The signature is good, and only the name of the algorithm a lie.
    const lies = [
      'none',
      'None',
      'HS256',
      'RS256',
      'ES384',
      'ES256K',
      'EdDSA',
      'es256',
      'ES256 ',
      '',
      null,
      ['ES256'],
      undefined,
    ];
    for (const alg of lies)
      await assertNoDoorTakes(
        doors,
        `that says alg ${String(alg)}`,
        resealed(token, key, { header: withMembers({ alg }) }),
      );
    // Ours, published beside the other, good for signals alone.
    const rsa = await serverKey(backend, 'signal');
    const signals = { alg: 'RS256', kid: signalKey.kid };
    for (const [typ, padding] of [
      ['at+jwt', 'pkcs1'],
      ['secevent+jwt', 'pkcs1'],
      ['at+jwt', 'pss'],
    ] as const) {
      const alg = padding === 'pss' ? 'PS256' : 'RS256';
      const parts = [{ ...signals, alg, typ }, JSON.parse(payloadOf(token)) as object].map((part) =>
        Buffer.from(JSON.stringify(part)).toString('base64url'),
      );
      const pad = padding === 'pss' ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } : {};
      const signature = sign('sha256', Buffer.from(parts.join('.')), { key: rsa, ...pad }).toString('base64url');
      await assertNoDoorTakes(doors, `by the key of signals as ${typ} ${alg}`, [...parts, signature].join('.'));
    }

    const publicTexts = await publicKeyTexts(createPublicKey(deviceKey).export({ format: 'jwk' }));
    for (const paper of papers) {
      const codes = /_algorithm$/;
      await assertPaperRefused(paper, 'with alg none', await resigned(await paper.genuine(), { none: true }), codes);
      for (const secret of publicTexts)
        await assertPaperRefused(paper, 'with HS256', await resigned(await paper.genuine(), { secret }), codes);
      for (const alg of lies) {
        const text = resealed(await paper.genuine(), deviceKey, { header: withMembers({ alg }) });
        await assertPaperRefused(paper, `that says alg ${String(alg)}`, text, /_(?:algorithm|invalid|malformed)$/);
      }
    }
    await assertAllDoorsTake(doors, token);
  },
);

checks('iss/aud mix-up', 'issuer, audience and type are exactly what they must be', async (t) => {
  const { backend, admin, device, deviceKey, serverKey: key, doors, papers } = await openDoors(t);
  const token = await device.accessToken();
  const { issuer } = device;
  const other = 'https://other.example';
  assert.equal((await admin.post('/v1/admin/gateways', { name: 'Other', resources: [other] })).status, 201);

  const wrong: Record<'iss' | 'aud', unknown[]> = {
    iss: [
      `${issuer}/`,
      issuer.toUpperCase(),
      `${issuer}.evil.example`,
      ` ${issuer}`,
      [issuer],
      other,
      '',
      null,
      undefined,
    ],
    aud: [
      `${resource}/`,
      'https://APP.example',
      `${resource}.evil.example`,
      [resource],
      [resource, other],
      other,
      '',
      null,
      undefined,
    ],
  };
  for (const [claim, values] of Object.entries(wrong))
    for (const value of values) {
      const text = resealed(token, key, { payload: withMembers({ [claim]: value }) });
      await assertNoDoorTakes(doors, `with ${claim} ${JSON.stringify(value)}`, text);
    }
  await assertNoDoorTakes(doors, 'that is for another resource', await device.accessToken(other));
  const types = ['JWT', 'jwt', 'id_token', 'dpop+jwt', 'secevent+jwt', 'eat+jwt', 'oauth-client-attestation+jwt'];
  for (const typ of [...types, 'ssf-receiver+jwt', 'AT+JWT', 'at+jwt ', '', null, undefined])
    await assertNoDoorTakes(doors, `of type ${String(typ)}`, resealed(token, key, { header: withMembers({ typ }) }));

  // What the same key signs for other ends.
  const proof = await device.proof('POST', '/oauth/client-attestation');
  const attested = await device.call('POST', '/oauth/client-attestation', undefined, proof);
  assert.equal(attested.status, 200, JSON.stringify(attested.body));
  const clientAttestation = String(attested.body['client_attestation']);
  await assertNoDoorTakes(doors, 'that is a client attestation', clientAttestation);
  for (const paper of papers) {
    await assertPaperRefused(paper, 'that is an access token', token, /_(?:invalid|malformed|foreign_key|other_key)$/);
    for (const another of papers.filter(({ name }) => name !== paper.name))
      await assertPaperRefused(paper, `that is a ${another.name}`, await another.genuine(), /_(?:invalid|malformed)$/);
    await assertNoDoorTakes(doors, `that is a ${paper.name}`, await paper.genuine());
  }
  // A device says for whom it signs; another backend's paper is not for us.
  for (const paper of papers.filter(({ name }) => name !== 'DPoP proof'))
    for (const aud of [`${issuer}/`, `${issuer}/oauth/token`, other, [issuer, other], '', undefined]) {
      const text = resealed(await paper.genuine(), deviceKey, { payload: withMembers({ aud }) });
      await assertPaperRefused(paper, `for ${JSON.stringify(aud)}`, text, /_(?:audience|invalid|malformed)$/);
    }
  // An access token opens nothing of ours that takes bearer tokens.
  for (const path of ['/v1/admin/session', '/v1/device', '/ssf/streams']) {
    const answer = await fetch(`${backend.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    assert.ok([400, 401].includes(answer.status), `${path}: ${answer.status}`);
  }
  await assertAllDoorsTake(doors, token);
  await assertPapersGood(papers, deviceKey, device);
});

checks('crit / b64', 'a header that asks for an extension is refused, though its signature is good', async (t) => {
  const { device, deviceKey, serverKey: key, doors, papers } = await openDoors(t);
  const token = await device.accessToken();
  const headers: Record<string, unknown>[] = [
    { crit: ['exp'], exp: 4_102_444_800 },
    { crit: ['b64'], b64: false },
    { crit: ['b64'], b64: true },
    { crit: [] },
    { crit: null },
    { crit: ['http://evil.example/ext'], 'http://evil.example/ext': true },
    { b64: false },
    { b64: true },
  ];
  for (const members of headers) {
    const what = `with ${JSON.stringify(members)}`;
    const header = withMembers(members);
    await assertNoDoorTakes(doors, what, resealed(token, key, { header }));
    for (const paper of papers)
      await assertPaperRefused(
        paper,
        what,
        resealed(await paper.genuine(), deviceKey, { header }),
        /_(?:invalid|malformed)$/,
      );
  }
  await assertAllDoorsTake(doors, token);
  await assertPapersGood(papers, deviceKey, device);
});

checks('base64 malleability', 'a document has one text, and what it is known by is its jti', async (t) => {
  const { backend, device, deviceKey, serverKey: key, credentials, doors, papers } = await openDoors(t);
  const token = await device.accessToken();
  const [id = '', secret = ''] = credentials.split(':');
  const gateway = new Gateway(backend.url, id, secret);
  for (const [what, text] of spellingsOf(token)) {
    // What HTTP takes off before anybody looks at it is not looked at here.
    const reachable = doors.filter(({ name }) => name === 'introspection' || text === text.trim());
    await assertNoDoorTakes(reachable, what, text);
    assert.equal(await gateway.revoke(text), 200);
  }
  await assertAllDoorsTake(doors, token);
  for (const paper of papers)
    for (const [what, text] of spellingsOf(await paper.genuine()))
      // fetch refuses what is no header; what it takes off is not looked at here.
      if (text === text.trim() && !text.includes('\n'))
        await assertPaperRefused(paper, what, text, /_(?:invalid|malformed)$/);

  // ECDSA signs the same in many ways: another text, the same token.
  const again = resealed(token, key, {});
  assert.notEqual(again, token);
  await assertAllDoorsTake(doors, again);
  assert.equal(await gateway.revoke(again), 200);
  const askedEachTime = doors.filter(({ name }) => name !== 'the gateway library');
  await assertNoDoorTakes(askedEachTime, 'that was ended under its other text', token);
  await assertNoDoorTakes(askedEachTime, 'that was ended', again);
  for (const paper of papers.filter(({ name }) => name !== 'attestation')) {
    const first = await paper.genuine();
    assert.equal((await paper.show(first)).status, 200);
    await assertPaperRefused(paper, 'under its other text', resealed(first, deviceKey, {}), /_replayed$/);
    const spaced = resealed(first, deviceKey, { payload: (text) => text.replace('{', '{ ') });
    await assertPaperRefused(paper, 'with a space in it', spaced, /_replayed$/);
  }
  await assertPapersGood(papers, deviceKey, device);
});

/** Other texts that a lenient decoder reads as the same bytes. */
function spellingsOf(jws: string): [what: string, text: string][] {
  const [header = '', payload = '', signature = ''] = jws.split('.');
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  // The last character of 64 bytes has four bits that mean nothing.
  const last = alphabet.indexOf(signature.at(-1) ?? '');
  const spellings: [what: string, text: string][] = [
    ['with padding', `${jws}==`],
    ['with one sign of padding', `${jws}=`],
    ['with padding in its header', `${header}=.${payload}.${signature}`],
    ['with stray bits at its end', jws.slice(0, -1) + (alphabet[last ^ 1] ?? '')],
    ['with a part more', `${jws}.`],
    ['with a part more that is not empty', `${jws}.${signature}`],
    ['with a space before', ` ${jws}`],
    ['with a space behind', `${jws} `],
    ['with a line end', `${jws}\n`],
    ['with a space within', `${header}.${payload}. ${signature}`],
    ['in the alphabet of base64', `${header}.${payload}.${signature.replaceAll('-', '+').replaceAll('_', '/')}`],
    ['with a sign that is none', `${header}.${payload}.${signature.slice(0, 40)}!${signature.slice(40)}`],
  ];
  return spellings.filter(([, text]) => text !== jws);
}

function payloadOf(token: string): string {
  return Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
}
