import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { recordedSystem } from '../testing/recorded-system.ts';
import { parseWallTime, toInstant, zoneOf } from './local-time.ts';

const at = (text: string, zone: string) => {
  const time = parseWallTime(text);
  assert.ok(time);
  return new Date(toInstant(time, zone)).toISOString();
};

test('the time on the wall is read in the zone of the machine, summer and winter', () => {
  assert.equal(at('2026-10-16  23:04:01', 'UTC'), '2026-10-16T23:04:01.000Z');
  assert.equal(at('2026-07-16 12:00:00', 'Europe/Berlin'), '2026-07-16T10:00:00.000Z');
  assert.equal(at('2026-12-16 12:00:00', 'Europe/Berlin'), '2026-12-16T11:00:00.000Z');
  assert.equal(at('2026-12-16 00:30:00', 'America/Los_Angeles'), '2026-12-16T08:30:00.000Z');
  assert.equal(at('2026-12-16 12:00:00', 'Asia/Kathmandu'), '2026-12-16T06:15:00.000Z');
});

test('a time that the clocks show twice is the earlier one, and one that they skip is still a time', () => {
  assert.equal(at('2026-10-25 02:30:00', 'Europe/Berlin'), '2026-10-25T00:30:00.000Z');
  assert.equal(at('2026-03-29 02:30:00', 'Europe/Berlin'), '2026-03-29T00:30:00.000Z');
});

test('what is no time is none', () => {
  for (const text of [
    '',
    'yesterday',
    '2026-13-01 00:00:00',
    '2026-02-30 00:00:00',
    '2026-01-01 24:00:00',
    '2026-01-01',
  ]) {
    assert.equal(parseWallTime(text), undefined);
  }
});

test('the zone comes from the link, then from the name, and is UTC where nothing is set up', async () => {
  const zone = (recording: object) => zoneOf(recordedSystem({ platform: 'linux', ...recording }));
  const linked = {
    links: { '/etc/localtime': '../usr/share/zoneinfo/Europe/Berlin' },
    files: { '/usr/share/zoneinfo/Europe/Berlin': 'TZif' },
  };
  assert.equal(await zone(linked), 'Europe/Berlin');
  assert.equal(await zone({ files: { '/etc/localtime': 'TZif', '/etc/timezone': 'Asia/Tokyo\n' } }), 'Asia/Tokyo');
  assert.equal(await zone({ files: { '/etc/localtime': 'TZif', '/etc/timezone': 'Nowhere/Land\n' } }), undefined);
  assert.equal(await zone({}), 'UTC');
});

test('every instant is found again from what the clocks of its zone show', () => {
  const zones = ['UTC', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia'];
  const range = fc.integer({ min: Date.UTC(2015, 0) / 1000, max: Date.UTC(2035, 0) / 1000 });
  fc.assert(
    fc.property(range, fc.constantFrom(...zones), (seconds, zone) => {
      const shown = new Date(seconds * 1000).toLocaleString('sv-SE', { timeZone: zone });
      const time = parseWallTime(shown);
      assert.ok(time);
      const again = toInstant(time, zone);
      // In the hour that comes twice it may be the other one, which shows the same.
      assert.equal(new Date(again).toLocaleString('sv-SE', { timeZone: zone }), shown);
      assert.ok(Math.abs(again - seconds * 1000) <= 3_600_000);
    }),
  );
});
