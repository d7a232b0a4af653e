import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { exited, recordedSystem, refused } from '../testing/recorded-system.ts';
import { parsePlist } from './parse-plist.ts';
import { dictOf, instantOf, switchOf, textOf, type Plist } from './plist.ts';
import { readPlist } from './read-plist.ts';

const head =
  '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://a/b.dtd">\n';
const whole = (body: string) => `${head}<plist version="1.0">\n${body}\n</plist>\n`;

test('what XML has no place for, and UTF-16 read as UTF-8, are no list', () => {
  const list = '<plist><dict><key>a</key><true/></dict></plist>';
  assert.ok(parsePlist(list));
  for (const spoilt of [
    list.replace('a', 'a\0'),
    list.replace('a', '\u001b[31m'),
    list.replace('a', '\ud800'),
    list.replace(/./g, '$&\0'),
  ]) {
    assert.equal(parsePlist(spoilt), undefined, JSON.stringify(spoilt));
  }
});

test('every kind of value is read, and bytes are not', () => {
  const list = parsePlist(
    whole(`<dict>
      <key>a &amp; b</key><string> x &lt;&#65;&#x42; </string>
      <key>n</key><integer>-12</integer><key>r</key><real>1.5</real>
      <key>t</key><true/><key>f</key><false/><key>e</key><string/>
      <key>d</key><date>2026-11-21T04:12:09Z</date><key>b</key><data>\n\tQUJD\n</data>
      <key>l</key><array><dict/><array/></array>
    </dict>`),
  );
  const dict = dictOf(list);
  assert.equal(dict?.get('a & b'), ' x <AB ');
  assert.deepEqual(
    [dict?.get('n'), dict?.get('r'), dict?.get('t'), dict?.get('f'), dict?.get('e')],
    [-12, 1.5, true, false, ''],
  );
  assert.equal(instantOf(dict?.get('d')), Date.UTC(2026, 10, 21, 4, 12, 9));
  assert.equal(dict?.get('b'), null);
  assert.deepEqual(dict?.get('l'), [new Map(), []]);
});

test('a switch is a boolean or 0 and 1, and nothing else is one', () => {
  assert.deepEqual([true, 1, false, 0].map(switchOf), [true, true, false, false]);
  assert.deepEqual(
    ['1', 'true', 2, -1, null, new Map(), []].map((value: Plist) => switchOf(value)),
    Array(7).fill(undefined),
  );
  assert.deepEqual([textOf(1), dictOf([]), instantOf(0), instantOf(null), instantOf([])], Array(5).fill(undefined));
});

test('a name that means something to JavaScript is a key like others', () => {
  const dict = dictOf(parsePlist(whole('<dict><key>__proto__</key><string>x</string></dict>')));
  assert.equal(dict?.get('__proto__'), 'x');
});

test('a list that is cut off anywhere is none', () => {
  const text = whole('<dict><key>a</key><array><string>b</string><integer>1</integer><true/></array></dict>').trimEnd();
  assert.notEqual(parsePlist(text), undefined);
  for (let end = 0; end < text.length; end++) assert.equal(parsePlist(text.slice(0, end)), undefined, String(end));
});

test('what is no list is none: entities of its own, unknown elements, keys without values', () => {
  for (const body of [
    '',
    '<dict><key>a</key></dict>',
    '<dict><string>a</string></dict>',
    '<dict><key>a</key><string>b</string>',
    '<other>1</other>',
    '<string>&own;</string>',
    '<string>&amp</string>',
    '<integer>1.5</integer>',
    '<integer></integer>',
    '<date>yesterday</date>',
    '<date>2026-13-41T00:00:00Z</date>',
    '<true>no</true>',
    '<string>a</string><string>b</string>',
    '<array>'.repeat(200),
  ]) {
    assert.equal(parsePlist(whole(body)), undefined, body);
  }
  assert.equal(parsePlist(whole(`${'<array>'.repeat(40)}${'</array>'.repeat(40)}`)), undefined, 'too deep');
  assert.equal(parsePlist('<!DOCTYPE plist [<!ENTITY a "b">]><plist><string>&a;</string></plist>'), undefined);
  assert.equal(parsePlist(`${whole('<true/>')}more`), undefined);
});

test('any text is read or refused, in time that grows with its length', () => {
  const piece = fc.constantFrom(
    '<dict>',
    '</dict>',
    '<key>',
    '</key>',
    '<plist>',
    '</plist>',
    '<true/>',
    'a',
    '&',
    '<',
    '>',
    ' ',
    '\n',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece).map((parts) => parts.join('')),
      ),
      (text) => {
        parsePlist(text);
      },
    ),
  );
  for (const part of ['<key ', '\n', '<', '&', '<array>', ' ', '<!']) {
    const started = performance.now();
    assert.equal(parsePlist(head + part.repeat(200_000)), undefined);
    assert.ok(performance.now() - started < 2000, part);
  }
});

const path = '/Library/Preferences/com.example.plist';
const convert = `/usr/bin/plutil -convert xml1 -o - ${path}`;

test('a list in XML is read without starting anything, a binary one through plutil', async () => {
  const plain = recordedSystem({ platform: 'macos', files: { [path]: whole('<true/>') } });
  assert.deepEqual(await readPlist(plain, path), { outcome: 'read', value: true });
  assert.deepEqual(plain.ran, []);
  for (const file of ['bplist00\u0000', { outcome: 'failed', detail: 'it is larger than 1 MiB' } as const]) {
    const commands = { [convert]: whole('<false/>') };
    const binary = recordedSystem({ platform: 'macos', files: { [path]: file }, commands });
    assert.deepEqual(await readPlist(binary, path), { outcome: 'read', value: false });
  }
});

test('a list that is absent, refused, silent or something else is told apart', async () => {
  const outcome = async (file: string | typeof refused | undefined, plutil?: ReturnType<typeof exited>) => {
    const files = file === undefined ? {} : { [path]: file };
    const commands = plutil === undefined ? {} : { [convert]: plutil };
    const result = await readPlist(recordedSystem({ platform: 'macos', files, commands }), path);
    return result.outcome === 'unread' && result.finding.status === 'unknown' ? result.finding.reason : result.outcome;
  };
  assert.equal(await outcome(undefined), 'absent');
  assert.equal(await outcome(refused), 'refused');
  assert.equal(await outcome('bplist00'), 'tool-absent');
  assert.equal(await outcome('bplist00', { outcome: 'timed-out' }), 'timed-out');
  assert.equal(await outcome('bplist00', exited(1, whole('<true/>'))), 'output-unreadable');
  assert.equal(await outcome('<html>'), 'output-unreadable');
  assert.equal(await outcome(''), 'output-unreadable');
});
