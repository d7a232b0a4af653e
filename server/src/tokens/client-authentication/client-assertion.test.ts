import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { SignJWT } from 'jose';
import fc from 'fast-check';
import { sha256 } from '@postern/shared/digest';
import { Fault } from '@postern/shared/protocol/errors';
import { clientAssertionType } from '@postern/shared/protocol/token';
import { minute } from '@postern/shared/time';
import { readClientAssertion, verifyClientAssertion } from './client-assertion.ts';
import { type FakeDevice, fakeDevice } from '../testing/fake-device.ts';
import { refusedWith } from '../testing/refused-with.ts';
import { issuer, start } from '../testing/token-service.ts';

const seconds = start / 1000;
const otherCharacters = ['A', 'Q', 'g', 'w', 'Z', 'z', '0', '9', '-', '_', '.', '=', '+', '/', ' ', '\n', '\0', 'é'];

describe('a client assertion', () => {
  let device: FakeDevice;
  let other: FakeDevice;
  before(async () => {
    [device, other] = [await fakeDevice(), await fakeDevice()];
  });
  type Change = Parameters<FakeDevice['assertion']>[2];
  const verifyText = async (assertion: string | undefined, more: Record<string, string> = {}) => {
    const parameters = { client_assertion_type: clientAssertionType, client_assertion: assertion, ...more };
    return verifyClientAssertion(readClientAssertion(parameters), device, issuer, start);
  };
  const verify = async (change: Change, more?: Record<string, string>) =>
    verifyText(await device.assertion(issuer, start, change), more);

  it('that is good is used up once for all nodes', async () => {
    assert.deepEqual(await verify({ claims: { jti: 'once' } }), {
      code: 'assertion_replayed',
      change: {
        kind: 'insert',
        table: 'replays',
        row: { key: sha256(`assertion|${device.id}|once`), expires_at: start + 2 * minute },
      },
    });
  });

  const good: [string, () => Change][] = [
    ['that is typed explicitly', () => ({ header: { typ: 'client-authentication+jwt' } })],
    ['that is typed JWT', () => ({ header: { typ: 'JWT' } })],
    ['that names the key of the device', () => ({ header: { kid: device.jkt } })],
    ['whose audience is an array of one', () => ({ claims: { aud: [issuer] } })],
    ['without iat', () => ({ claims: { iat: undefined } })],
    ['that lives for five minutes', () => ({ claims: { exp: seconds + 300 } })],
  ];
  for (const [what, change] of good) it(`${what} is good`, async () => void (await verify(change())));

  const refused: [string, () => Change, Fault['code']][] = [
    ['of another type', () => ({ header: { typ: 'dpop+jwt' } }), 'assertion_invalid'],
    ['with alg none', () => ({ header: { alg: 'none' } }), 'assertion_algorithm'],
    ['with alg RS256', () => ({ header: { alg: 'RS256' } }), 'assertion_algorithm'],
    ['with crit', () => ({ header: { crit: ['exp'] } }), 'assertion_invalid'],
    ['with the kid of another key', () => ({ header: { kid: other.jkt } }), 'assertion_foreign_key'],
    ['with a kid that is no text', () => ({ header: { kid: null } }), 'assertion_foreign_key'],
    ['by one device for another', () => ({ claims: { iss: other.id } }), 'assertion_invalid'],
    ['of no device', () => ({ claims: { iss: 'me', sub: 'me' } }), 'assertion_invalid'],
    ['for another server', () => ({ claims: { aud: 'https://other.example' } }), 'assertion_audience'],
    [
      'for the endpoint rather than the issuer',
      () => ({ claims: { aud: `${issuer}/oauth/token` } }),
      'assertion_audience',
    ],
    ['for two servers', () => ({ claims: { aud: [issuer, 'https://other.example'] } }), 'assertion_audience'],
    ['for nobody', () => ({ claims: { aud: [] } }), 'assertion_audience'],
    ['without audience', () => ({ claims: { aud: undefined } }), 'assertion_invalid'],
    ['without jti', () => ({ claims: { jti: undefined } }), 'assertion_invalid'],
    ['without exp', () => ({ claims: { exp: undefined } }), 'assertion_invalid'],
    ['that has expired', () => ({ claims: { exp: seconds } }), 'assertion_expired'],
    ['that lives for more than five minutes', () => ({ claims: { exp: seconds + 301 } }), 'assertion_expired'],
    ['of the future', () => ({ claims: { iat: seconds + 61 } }), 'assertion_from_future'],
    ['that is not valid yet', () => ({ claims: { nbf: seconds + 61 } }), 'assertion_from_future'],
  ];
  for (const [what, change, code] of refused) {
    it(`${what} is refused: ${code}`, () => assert.rejects(verify(change()), refusedWith(code)));
  }

  it('must be there, of the type that it is sent as, for the client that is named', async () => {
    await assert.rejects(verifyText(undefined), refusedWith('assertion_missing'));
    await assert.rejects(verify({}, { client_assertion_type: 'saml' }), refusedWith('assertion_invalid'));
    await assert.rejects(verify({}, { client_id: other.id }), refusedWith('assertion_invalid'));
    await verify({}, { client_id: device.id });
  });

  it('by the key of another device is refused', async () => {
    const stolen = await other.assertion(issuer, start, { claims: { iss: device.id, sub: device.id } });
    await assert.rejects(verifyText(stolen), refusedWith('assertion_invalid'));
  });

  it('with HS256 and the public key for a secret is refused', async () => {
    const confused = await new SignJWT({ iss: device.id, sub: device.id, aud: issuer, jti: 'x', exp: seconds + 60 })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(Buffer.from(JSON.stringify(device.jwk)));
    await assert.rejects(verifyText(confused), refusedWith('assertion_algorithm'));
  });

  it('is refused when any of its characters is another', async () => {
    const assertion = await device.assertion(issuer, start);
    const change = fc.tuple(fc.nat(assertion.length - 1), fc.constantFrom(...otherCharacters));
    await fc.assert(
      fc.asyncProperty(change, async ([at, character]) => {
        fc.pre(assertion[at] !== character);
        await assert.rejects(verifyText(assertion.slice(0, at) + character + assertion.slice(at + 1)), Fault);
      }),
      { numRuns: 500 },
    );
  });
});
