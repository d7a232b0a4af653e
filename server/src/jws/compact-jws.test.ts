import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { openJws } from './compact-jws.ts';
import { isSignedBy, signJws } from './es256.ts';

const part = (json: string) => Buffer.from(json).toString('base64url');
const jws = (header: string, payload: string) => `${part(header)}.${part(payload)}.AAAA`;
const read = (text: string) => openJws(text, 8192);

describe('a compact JWS', () => {
  it('is read as it is, however its JSON is laid out', () => {
    const text = jws('{ "alg" : "ES256",\n"jwk": {"a": [1, {"b": "\\"c\\": d"}]} }', '{"a":{"a":"x: y"}}');
    const read = openJws(text, text.length);
    assert.deepEqual(read?.header, { alg: 'ES256', jwk: { a: [1, { b: '"c": d' }] } });
    assert.equal(openJws(text, text.length - 1), undefined);
  });

  it('is none with a member twice, at any depth', () => {
    assert.equal(read(jws('{"alg":"ES256","alg":"none"}', '{}')), undefined);
    assert.equal(read(jws('{}', '{"a":[{"b":1,"\\u0062":2}]}')), undefined);
    assert.notEqual(read(jws('{}', '{"a":[{"b":1},{"b":2}],"b":3}')), undefined);
  });

  it('is none with crit or b64', () => {
    assert.equal(read(jws('{"crit":["exp"]}', '{}')), undefined);
    assert.equal(read(jws('{"b64":true}', '{}')), undefined);
  });

  it('may be unsigned, so that whoever reads it can refuse the algorithm by name', () => {
    assert.deepEqual(read(`${part('{"alg":"none"}')}.${part('{}')}.`)?.header, { alg: 'none' });
  });

  it('keeps every JSON object that is written once', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(3), (value, indent) => {
        fc.pre(!JSON.stringify(value).includes('\\u') && !Object.hasOwn(value, '__proto__'));
        const json = JSON.stringify(value, null, indent);
        assert.deepEqual(openJws(jws('{}', json), 1_000_000)?.payload, JSON.parse(json));
      }),
    );
  });
});

it('keeps a header only once a signature over it was good', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const text = signJws({ typ: 'kept-once', kid: 'k' }, {}, privateKey);
  const open = () => openJws(text, 1000);
  const first = open();
  assert.ok(first !== undefined);
  assert.notEqual(open()?.header, first.header, 'read anew');
  assert.equal(isSignedBy({ ...first, text: `${text.slice(0, -2)}AA` }, publicKey), false);
  assert.notEqual(open()?.header, first.header, 'a wrong signature keeps nothing');
  assert.equal(isSignedBy(first, publicKey), true);
  assert.equal(open()?.header, first.header);
});
