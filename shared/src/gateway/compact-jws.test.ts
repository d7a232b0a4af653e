import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { openCompactJws } from './compact-jws.ts';

const part = (text: string) => Buffer.from(text, 'utf8').toString('base64url');
const made = (header: string, payload: string) => `${part(header)}.${part(payload)}.AAAA`;
const open = (text: string) => openCompactJws(text, 4096);

describe('a compact JWS', () => {
  it('is taken apart', () => {
    assert.deepEqual(open(made('{"alg":"ES256"}', '{"a":{"b":[1,"x:y"]}}')), {
      text: made('{"alg":"ES256"}', '{"a":{"b":[1,"x:y"]}}'),
      header: { alg: 'ES256' },
      payload: { a: { b: [1, 'x:y'] } },
    });
  });

  const refused: [string, string][] = [
    ['of two parts', `${part('{}')}.${part('{}')}`],
    ['of four parts', `${made('{}', '{}')}.AAAA`],
    ['with an empty signature', `${part('{}')}.${part('{}')}.`],
    ['with padding', `${made('{}', '{}')}=`],
    ['with a line end', `${made('{}', '{}')}\n`],
    ['with a space before it', ` ${made('{}', '{}')}`],
    ['with stray bits in a last character', `${part('{}')}.${part('{}')}.AAB`],
    ['of a length that no bytes have', `${part('{}')}.${part('{}')}.AAAAA`],
    ['whose payload is a list', made('{}', '[]')],
    ['whose payload is a text', made('{}', '"a"')],
    ['whose payload is null', made('{}', 'null')],
    ['with a member that comes twice', made('{}', '{"a":1,"a":1}')],
    ['with a member that comes twice, once escaped', made('{}', '{"a":1,"\\u0061":1}')],
    ['with a member that comes twice, deep inside', made('{}', '{"a":[{"b":1,"b":2}]}')],
    ['with a header member that comes twice', made('{"alg":"none","alg":"ES256"}', '{}')],
    ['with __proto__', made('{}', '{"__proto__":{"a":1}}')],
    ['with __proto__, escaped', made('{}', '{"\\u005f_proto__":{}}')],
    ['with crit', made('{"crit":["b64"]}', '{}')],
    ['with b64', made('{"b64":false}', '{}')],
    ['with text that is no Unicode', made('{}', '{"a":"\\ud800"}')],
    ['with NUL', made('{}', '{"a":"\\u0000"}')],
    [
      'with bytes that are no UTF-8',
      `${part('{}')}.${Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]).toString('base64url')}.AAAA`,
    ],
    ['with a byte order mark', made('{}', '\ufeff{}')],
    ['nested without end', made('{}', `{"a":${'['.repeat(20)}${']'.repeat(20)}}`)],
    ['that is too long', made('{}', JSON.stringify({ a: 'x'.repeat(4096) }))],
  ];
  for (const [what, text] of refused) it(`${what} is refused`, () => assert.equal(open(text), undefined));

  it('of any object is what went in, however it was written', () => {
    const json = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 }));
    fc.assert(
      fc.property(json, fc.nat(3), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        fc.pre(!text.includes('__proto__') && !text.includes(String.raw`\u0000`) && !/\\ud[89a-f]/.test(text));
        assert.deepEqual(openCompactJws(made('{}', text), 1_000_000)?.payload, JSON.parse(text));
      }),
    );
  });

  it('of any text is taken apart or refused, and never an error', () => {
    const any = fc.oneof(fc.string(), fc.base64String(), fc.json().map(part), fc.string().map(part));
    fc.assert(fc.property(fc.array(any, { maxLength: 4 }), (parts) => void open(parts.join('.'))));
  });
});
