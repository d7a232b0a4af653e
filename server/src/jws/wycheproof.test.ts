import assert from 'node:assert/strict';
import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { describe, it } from 'node:test';
import { publicJwkSchema } from '@postern/shared/protocol/jwk';
import { type CompactJws, isSignedBy, openJws, publicKeyOf, thumbprintOf } from './index.ts';
import { readVectors, type Vector } from './testing/wycheproof.ts';

/** `{}`: the vectors sign `foo`, and no document of ours is anything but a JSON object. */
const object = 'e30';

/** The key as the product takes it; undefined when it takes no such key. */
function keyOf(jwk: JsonWebKey): KeyObject | undefined {
  const known = publicJwkSchema.safeParse(jwk).data;
  return known === undefined ? undefined : publicKeyOf(known, thumbprintOf(known));
}

/** Without what says for what a key is: the protocol has no such members, and refuses a key for having them. */
function bare({ kty, crv, x, y }: JsonWebKey): JsonWebKey {
  return { kty, crv, x, y } as JsonWebKey;
}

/** Takes the text apart with the product's own reader, as if `{}` had been signed; its signature stays that of `foo`. */
function open(text: string): CompactJws | undefined {
  const parts = text.split('.');
  const [header = '', payload = '', ...rest] = parts;
  const opened = openJws([header, parts.length < 2 ? payload : object, ...rest].join('.'), 10_000);
  // The payload that was taken away is read where a signature stands: there any bytes may be, but in one way to write them.
  const isWritten = openJws(`${object}.${object}.${payload}`, 10_000) !== undefined;
  return opened === undefined || !isWritten ? undefined : { ...opened, text };
}

const isAccepted = (jws: string, key: KeyObject) => {
  const opened = open(jws);
  return opened !== undefined && isSignedBy(opened, key);
};

const idsOf = (vectors: readonly Vector[]) => vectors.map(({ tcId }) => tcId);

describe('the vectors of Wycheproof', () => {
  it('for ECDSA over P-256 in 64 bytes: the verifier says of all 262 what they say', () => {
    const vectors = readVectors('ecdsa_p256_sha256_p1363');
    assert.equal(vectors.length, 262);
    const differing = vectors.filter(({ msg, sig, keys: [jwk = {}], result }) => {
      const input = Buffer.from(msg, 'hex').toString('latin1');
      const text = `${input}.${Buffer.from(sig, 'hex').toString('base64url')}`;
      const key = keyOf(jwk);
      assert.ok(key);
      return isSignedBy({ text, header: { alg: 'ES256' }, payload: {} }, key) !== (result === 'valid');
    });
    assert.deepEqual(differing, []);
  });

  const signatures = readVectors('json_web_signature');
  const ofGroups = (...groups: string[]) => signatures.filter(({ group }) => groups.includes(group));

  it('for ES256: accepted is what is valid, and nothing else', () => {
    const vectors = ofGroups('es256', 'SpecialCaseEs256');
    assert.equal(vectors.length, 39);
    const accepted = vectors.filter(({ jws, keys: [jwk = {}] }) => {
      const key = keyOf(bare(jwk));
      assert.ok(key);
      return isAccepted(jws, key);
    });
    assert.deepEqual(idsOf(accepted), idsOf(vectors.filter(({ result }) => result === 'valid')));
    assert.deepEqual(idsOf(accepted), [18, 378]);
  });

  it('for other algorithms: none is believed, good or bad, neither with its own key nor with one that could verify ES256', () => {
    const vectors = signatures.filter(({ keys: [jwk] }) => jwk?.crv !== 'P-256');
    assert.equal(vectors.length, 360);
    const ours = ofGroups('es256')[0]?.keys[0];
    const p256 = keyOf(bare(ours ?? {}));
    assert.ok(p256);
    for (const { tcId, jws, keys } of vectors) {
      const [jwk = {}] = keys;
      assert.equal(keyOf(jwk), undefined, `${tcId}: the key`);
      assert.equal(isAccepted(jws, p256), false, `${tcId}: with a key of ours`);
      // The protocol never lets it come so far.
      if (jwk.kty !== 'oct')
        assert.equal(isAccepted(jws, createPublicKey({ key: jwk, format: 'jwk' })), false, `${tcId}`);
    }
    const algorithms = new Set(vectors.map(({ jws }) => open(jws)?.header['alg']).filter((alg) => alg !== undefined));
    assert.ok(algorithms.has('HS256') && algorithms.has('RS256') && algorithms.has('none'));
  });

  it('for base64url: what is written in more than one way is refused, also the two that the vectors let pass', () => {
    const vectors = ofGroups('base64');
    const refused = vectors.filter(({ jws }) => open(jws) === undefined);
    // 372 and 373 (`?` within a part, called valid) are where decoders differ that skip what they do not know.
    assert.deepEqual(idsOf(refused), [360, 361, 362, 363, 364, 365, 366, 368, 369, 371, 372, 373, 374, 375]);
    // 367 and 370 say that they are padded wrongly, but are, letter for letter, the valid 357: nobody can tell them apart.
    const texts = vectors.filter(({ tcId }) => [357, 367, 370].includes(tcId)).map(({ jws }) => jws);
    assert.equal(new Set(texts).size, 1);
  });

  it('for keys that are not for signatures: the key is refused before anything is verified with it', () => {
    const vectors = ofGroups('ec_key_for_encryption');
    assert.deepEqual(idsOf(vectors), [354, 356]);
    for (const {
      keys: [jwk = {}],
    } of vectors) {
      assert.equal(keyOf(jwk), undefined);
      // It is for its `use` and `key_ops` alone.
      assert.ok(keyOf(bare(jwk)));
    }
  });

  it('for keys: sets, other kinds and other curves are no keys here, and a point that is not on the curve is found', () => {
    const vectors = readVectors('json_web_key');
    assert.equal(vectors.length, 26);
    for (const { keys } of vectors) for (const jwk of keys) assert.equal(keyOf(jwk), undefined);
    const elliptic = vectors.filter(({ keys }) => keys.length === 1 && keys[0]?.crv !== undefined);
    const judged = elliptic.map(({ tcId, jws, keys: [jwk = {}] }) => {
      try {
        const key = keyOf(bare(jwk));
        return [tcId, key === undefined ? 'no key' : isAccepted(jws, key)];
      } catch {
        return [tcId, 'no point'];
      }
    });
    assert.deepEqual(judged, [
      // Bad for their `alg` and `use` alone, which the key itself is refused for; without, it is a good key.
      [19, true],
      [20, true],
      [21, true],
      [22, 'no point'],
      [23, 'no key'],
      [24, 'no key'],
    ]);
  });
});
