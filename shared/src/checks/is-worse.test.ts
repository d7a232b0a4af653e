import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { z } from 'zod';
import { diskEncryption } from './disk-encryption.ts';
import { firewall } from './firewall.ts';
import { screenLock } from './screen-lock.ts';
import { secureBoot } from './secure-boot.ts';

type Disk = z.infer<typeof diskEncryption.value>;
const disk = (state: Disk['state'], ...plain: string[]): Disk => ({
  state,
  volumes: [
    { mount: '/', encrypted: true, method: 'luks2' },
    ...plain.map((mount) => ({ mount, encrypted: false, method: null })),
  ],
});
const wall = (enabled: boolean, profiles?: Record<string, boolean>) => ({
  enabled,
  provider: 'x',
  ...(profiles ? { profiles } : {}),
});
const lock = (enabled: boolean, delaySeconds: number | null) => ({ enabled, delaySeconds, desktop: 'gnome' });

const matrix: [string, boolean | undefined, boolean][] = [
  ['disk: the same', diskEncryption.isWorse?.(disk('partial', '/home'), disk('partial', '/home')), false],
  [
    'disk: one plain volume fewer',
    diskEncryption.isWorse?.(disk('partial', '/home', '/srv'), disk('partial', '/srv')),
    false,
  ],
  ['disk: another plain volume', diskEncryption.isWorse?.(disk('partial', '/home'), disk('partial', '/srv')), true],
  ['disk: a worse state', diskEncryption.isWorse?.(disk('partial'), disk('none')), true],
  ['disk: a better state', diskEncryption.isWorse?.(disk('none'), disk('enabled')), false],
  ['firewall: off as before', firewall.isWorse?.(wall(false), wall(false)), false],
  ['firewall: switched off', firewall.isWorse?.(wall(true), wall(false)), true],
  [
    'firewall: another profile off',
    firewall.isWorse?.(wall(true, { a: false, b: true }), wall(true, { a: false, b: false })),
    true,
  ],
  [
    'firewall: the same profile off',
    firewall.isWorse?.(wall(true, { a: false, b: true }), wall(true, { a: false, b: true })),
    false,
  ],
  ['screen lock: later than before', screenLock.isWorse?.(lock(true, 1800), lock(true, 3600)), true],
  ['screen lock: sooner than before', screenLock.isWorse?.(lock(true, 1800), lock(true, 900)), false],
  ['screen lock: not any more', screenLock.isWorse?.(lock(true, 1800), lock(false, null)), true],
  ['screen lock: never was on', screenLock.isWorse?.(lock(false, null), lock(false, null)), false],
  [
    'secure boot: switched off',
    secureBoot.isWorse?.({ enabled: true, setupMode: true }, { enabled: false, setupMode: true }),
    true,
  ],
  [
    'secure boot: now in setup mode',
    secureBoot.isWorse?.({ enabled: true, setupMode: false }, { enabled: true, setupMode: true }),
    true,
  ],
  [
    'secure boot: a laxer level',
    secureBoot.isWorse?.(
      { enabled: true, setupMode: null, level: 'full' },
      { enabled: true, setupMode: null, level: 'reduced' },
    ),
    true,
  ],
  [
    'secure boot: off as before',
    secureBoot.isWorse?.({ enabled: false, setupMode: null }, { enabled: false, setupMode: null }),
    false,
  ],
];

for (const [name, found, expected] of matrix) {
  test(`${name}: ${expected ? 'worse' : 'no worse'}`, () => assert.equal(found, expected));
}
