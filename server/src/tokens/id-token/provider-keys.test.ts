import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { second } from '@postern/shared/time';
import { createProviderKeys, ProviderUnavailable } from './provider-keys.ts';

const issuer = 'https://idp.example/realm';
const metadataAt = `${issuer}/.well-known/openid-configuration`;
const keysAt = 'https://keys.example/jwks';

/** A provider that answers as a test says, and its clock. */
async function provider(named = issuer) {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one' };
  const answers: Record<string, () => Response> = {
    [metadataAt]: () => Response.json({ issuer: named, jwks_uri: keysAt }),
    [keysAt]: () => Response.json({ keys: [jwk] }),
  };
  const asked: string[] = [];
  const clock = { at: 1_000_000 };
  const ask = async (input: string | URL | Request, init?: RequestInit) => {
    const url = String(input instanceof Request ? input.url : input);
    asked.push(url);
    assert.equal(init?.redirect, 'error', 'it goes where it was told, and nowhere else');
    assert.ok(init?.signal, 'it does not wait for ever');
    return answers[url]?.() ?? new Response('nothing here', { status: 404 });
  };
  const keys = createProviderKeys(issuer, { ask, now: () => clock.at });
  const verify = async (kid = 'one') => {
    const text = await new SignJWT({}).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey);
    return jwtVerify(text, keys);
  };
  return { answers, asked, clock, verify };
}

describe('the keys of an OpenID provider', () => {
  it('are found by its discovery document, and kept', async () => {
    const { asked, verify } = await provider();
    await Promise.all([verify(), verify(), verify()]);
    await verify();
    assert.deepEqual(asked, [metadataAt, keysAt]);
  });

  it('are not asked for again for every key that somebody makes up', async () => {
    const { asked, verify } = await provider();
    await verify();
    for (let count = 0; count < 20; count += 1)
      await assert.rejects(verify(`made-up-${count}`), { code: 'ERR_JWKS_NO_MATCHING_KEY' });
    assert.deepEqual(asked, [metadataAt, keysAt]);
  });

  it('are not those of a provider that calls itself by another name', async () => {
    for (const other of [`${issuer}/`, 'https://evil.example', '']) {
      const { asked, verify } = await provider(other);
      for (let count = 0; count < 3; count += 1) await assert.rejects(verify(), ProviderUnavailable);
      assert.deepEqual(asked, [metadataAt]);
    }
  });

  it('are fetched by https alone', async () => {
    for (const place of ['http://keys.example/jwks', 'file:///etc/passwd', 'data:,{}', 'nowhere']) {
      const { answers, asked, verify } = await provider();
      answers[metadataAt] = () => Response.json({ issuer, jwks_uri: place });
      await assert.rejects(verify(), ProviderUnavailable, place);
      assert.deepEqual(asked, [metadataAt]);
    }
  });

  it('are unavailable when the answer is none, and the provider is left alone for a while', async () => {
    const bad: (() => Response)[] = [
      () => new Response('oops', { status: 500 }),
      () => new Response('no JSON'),
      () => new Response(`"${'x'.repeat(300_000)}"`),
      () => {
        throw new TypeError('fetch failed');
      },
    ];
    for (const answer of bad) {
      const { answers, asked, clock, verify } = await provider();
      const good = answers[metadataAt];
      assert.ok(good);
      answers[metadataAt] = answer;
      for (let count = 0; count < 5; count += 1) await assert.rejects(verify(), ProviderUnavailable);
      assert.deepEqual(asked, [metadataAt]);
      answers[metadataAt] = good;
      clock.at += 5 * second - 1;
      await assert.rejects(verify(), ProviderUnavailable);
      clock.at += 1;
      await verify();
    }
  });

  it('are unavailable when what is there are no keys', async () => {
    const { answers, verify } = await provider();
    answers[keysAt] = () => Response.json({ keys: 'none' });
    await assert.rejects(verify(), (error) => (error as { code?: string }).code === 'ERR_JWKS_INVALID');
    answers[keysAt] = () => new Response('', { status: 404 });
    await assert.rejects(verify(), ProviderUnavailable);
  });
});
