import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EffectiveSetting } from '@postern/shared/protocol/settings';
import { findSettings, saySetting } from './say-setting.ts';

const setting = (some: Partial<EffectiveSetting>): EffectiveSetting => ({
  variable: 'POSTERN_X',
  file: 'x',
  source: 'default',
  value: null,
  isDuration: false,
  isSecret: false,
  ...some,
});

test('a value is said as people say it, and a secret not at all', () => {
  assert.equal(saySetting(setting({ value: 5_400_000, isDuration: true })), '1 hour 30 minutes');
  assert.equal(saySetting(setting({ value: 7420 })), '7420');
  assert.equal(saySetting(setting({ value: true })), 'yes');
  assert.equal(saySetting(setting({ value: [] })), 'none');
  assert.equal(saySetting(setting({ value: ['a', 'b'] })), 'a, b');
  assert.equal(saySetting(setting({})), 'not set');
  assert.equal(saySetting(setting({ isSecret: true })), 'not shown');
});

test('settings are found by either of their names, and by whether anybody set them', () => {
  const all = [
    setting({ variable: 'POSTERN_ISSUER', file: 'issuer', source: 'file' }),
    setting({ variable: 'POSTERN_MAIL_FROM', file: 'mail.from' }),
  ];
  const found = (q: string | undefined, onlySet = false) =>
    findSettings(all, { q, onlySet }).map(({ variable }) => variable);
  assert.deepEqual(found('mail.'), ['POSTERN_MAIL_FROM']);
  assert.deepEqual(found('ISSUER'), ['POSTERN_ISSUER']);
  assert.deepEqual(found(undefined, true), ['POSTERN_ISSUER']);
  assert.equal(found(undefined).length, 2);
});
