import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { it } from 'node:test';
import { openCompactJws } from '@postern/shared/jws/compact-jws';
import { openJws } from './compact-jws.ts';
import { isSignedBy, signJws } from './es256.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

it('keeps a header only once a signature over it was good', () => {
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

it('a JWS under a header that is kept is what it is without', () => {
  const text = signJws({ typ: 'kept-alike', kid: 'k' }, { a: { b: 1 } }, privateKey);
  const first = openJws(text, 1000);
  assert.ok(first !== undefined && isSignedBy(first, publicKey));
  const [header = '', payload = '', signature = ''] = text.split('.');
  const part = (json: string) => Buffer.from(json).toString('base64url');
  const others = [
    text,
    `${header}.${part('{"a":1,"a":1}')}.${signature}`,
    `${header}.${part('{"__proto__":{}}')}.${signature}`,
    `${header}.${payload}.${signature}=`,
    `${header}.${payload}.`,
    `${header}.${payload}`,
    `${header}.${payload}.${signature}.`,
    `${header}=.${payload}.${signature}`,
    `${part('{"crit":[]}')}.${payload}.${signature}`,
  ];
  for (const each of others) assert.deepEqual(openJws(each, 1000), openCompactJws(each, 1000), each);
  assert.equal(openJws(text, 1000)?.header, first.header);
  assert.equal(openJws(text, text.length - 1), undefined);
});
