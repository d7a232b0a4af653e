import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { flawOfPassword } from './rules.ts';

const about = { name: 'Ada Lovelace', email: 'ada.lovelace@analytical.example', host: 'trust.analytical.example' };
const flaw = (password: string) => flawOfPassword(password, about);

describe('a password', () => {
  test('of twelve characters that nobody would guess first is taken, whatever they are', () => {
    for (const good of [
      'correct-battery-horse',
      'kaffee ohne zucker',
      'm0ose on the roof',
      'xkqzvbhwjrty',
      'Größere Äpfel bitte',
      'пароль которого нет',
    ])
      assert.equal(flaw(good), undefined, good);
  });

  test('that is short says how long it must be', () => {
    for (const short of ['', 'x', 'Tr0ub4dor&3', '😀'.repeat(11)])
      assert.match(flaw(short) ?? '', /at least 12 characters/, short);
  });

  test('that guessing begins with is refused, however it is dressed up', () => {
    for (const common of [
      'password1234',
      'P@ssw0rd!2026',
      'passwordpassword',
      'Summer2026!!!!',
      'qwertyuiop123',
      '1234567890123',
      'abcdefghijklm',
      'aaaaaaaaaaaaaa',
      'abcabcabcabc',
      'Welcome12345!',
      'letmein-letmein',
      '!!!!!!!!!!!!password',
      'adminadmin2026',
    ])
      assert.match(flaw(common) ?? '', /harder to guess/, common);
  });

  test('that is made of whose it is, or where, is refused', () => {
    for (const own of ['ada.lovelace26', 'L0velace-2026', 'analytical2026!', 'Lovelace Lovelace'])
      assert.ok(flaw(own) !== undefined, own);
    assert.equal(flaw('lovelace writes odd programs'), undefined, 'there is enough beside it');
  });

  test('is judged without an error, and in no time, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 256 }), (password) => {
        const said = flaw(password);
        return said === undefined || said.startsWith('must');
      }),
    );
  });
});
