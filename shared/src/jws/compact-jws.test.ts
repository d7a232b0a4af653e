import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { openCompactJws } from './compact-jws.ts';

const part = (text: string) => Buffer.from(text, 'utf8').toString('base64url');
const made = (header: string, payload: string) => `${part(header)}.${part(payload)}.AAAA`;
const open = (text: string) => openCompactJws(text, 4096);

describe('a compact JWS', () => {
  it('is taken apart, however its JSON is laid out', () => {
    const text = made('{ "alg" : "ES256",\n"jwk": {"a": [1, {"b": "\\"c\\": d"}]} }', '{"a":{"b":[1,"x:y"],"a":1}}');
    assert.deepEqual(openCompactJws(text, text.length), {
      text,
      header: { alg: 'ES256', jwk: { a: [1, { b: '"c": d' }] } },
      payload: { a: { b: [1, 'x:y'], a: 1 } },
    });
    assert.equal(openCompactJws(text, text.length - 1), undefined);
  });

  it('may hold in a text what it may not hold as a name', () => {
    for (const value of ['__proto__', '\u005f_proto__', '\\u005f_proto__', 'crit', '"a":1,"a":1', '\\u0041'])
      assert.deepEqual(open(made('{}', JSON.stringify({ value })))?.payload, { value });
    assert.deepEqual(open(made('{}', '{"a":"\\u005f_proto__"}'))?.payload, { a: '__proto__' });
  });

  it('may be unsigned, so that whoever reads it can refuse the algorithm by name', () => {
    assert.deepEqual(open(`${part('{"alg":"none"}')}.${part('{}')}.`)?.header, { alg: 'none' });
  });

  it('has a header that somebody else may have read before', () => {
    const header = { alg: 'ES256' };
    const asked: string[] = [];
    const headerOf = (given: string) => {
      asked.push(given);
      return asked.length === 1 ? header : undefined;
    };
    assert.equal(openCompactJws('known.e30.AAAA', 100, headerOf)?.header, header);
    assert.equal(openCompactJws('refused.e30.AAAA', 100, headerOf), undefined);
    assert.deepEqual(asked, ['known', 'refused']);
  });

  const refused: [string, string][] = [
    ['of two parts', `${part('{}')}.${part('{}')}`],
    ['of four parts', `${made('{}', '{}')}.AAAA`],
    ['with nothing in its first part', `.${part('{}')}.AAAA`],
    ['with nothing in its second part', `${part('{}')}..AAAA`],
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
    ...[
      '\\u005f_proto__',
      '_\\u005Fproto__',
      '__\\u0070roto__',
      '__p\\u0072oto__',
      '__pr\\u006Fto__',
      '__pro\\u0074o__',
    ].map((name): [string, string] => [`with ${name}`, made('{}', `{"a":[{"${name}":{}}]}`)]),
    ['with __proto__ in its header', made('{"__proto__":1}', '{}')],
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
