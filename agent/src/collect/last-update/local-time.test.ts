import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { recordedSystem } from '../testing/recorded-system.ts';
import { parseWallTime, toInstant } from './local-time.ts';

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

test(
  'date(1) reads a time in the zone that it is told, summer and winter, shown twice or skipped',
  { skip: process.platform !== 'linux' && 'date of GNU only' },
  async () => {
    for (const [text, zone, expected] of [
      ['2026-10-16  23:04:01', 'UTC', '2026-10-16T23:04:01.000Z'],
      ['2026-07-16 12:00:00', 'CET-1CEST,M3.5.0,M10.5.0/3', '2026-07-16T10:00:00.000Z'],
      ['2026-12-16 12:00:00', 'CET-1CEST,M3.5.0,M10.5.0/3', '2026-12-16T11:00:00.000Z'],
      ['2026-12-16 12:00:00', 'NPT-5:45', '2026-12-16T06:15:00.000Z'],
    ] as const) {
      const time = parseWallTime(text);
      assert.ok(time);
      const system = {
        ...recordedSystem({ platform: 'linux' }),
        run: async (program: string, args: readonly string[]) => ({
          outcome: 'exited' as const,
          code: 0,
          stdout: execFileSync(program, args, { env: { TZ: zone }, encoding: 'utf8' }),
          stderr: '',
        }),
      };
      assert.equal(new Date((await toInstant(system, time)) ?? 0).toISOString(), expected);
    }
  },
);
