import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mountOf, parseMountinfo, unescapeOctal } from './mountinfo.ts';

const path = fc.array(fc.string({ minLength: 1 }), { minLength: 1 }).map((parts) => `/${parts.join('/')}`);
/** As the kernel does it: mangle_path() in fs/seq_file.c. */
const escapeOctal = (text: string) =>
  text.replace(/[\s\\#]/g, (character) =>
    [...Buffer.from(character)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join(''),
  );

test('a line with optional fields, one without, and one that is cut off', () => {
  const lines = [
    '36 35 98:0 /mnt1 /mnt\\0402 rw,noatime master:1 shared:2 - ext3 /dev/root rw,errors=continue',
    '37 35 0:21 / /proc ro - proc proc ro',
    '38 35 8:1 / /cut rw',
    '',
  ];
  assert.deepEqual(parseMountinfo(lines.join('\n')), [
    { device: '98:0', mountPoint: '/mnt 2', fsType: 'ext3', source: '/dev/root', writable: true },
    { device: '0:21', mountPoint: '/proc', fsType: 'proc', source: 'proc', writable: false },
  ]);
});

test('a mount point that contains the separator is read whole, for its blanks are escaped', () => {
  const [mount] = parseMountinfo('36 35 8:1 / /a\\040-\\040b rw - ext4 /dev/sda1 rw');
  assert.equal(mount?.mountPoint, '/a - b');
});

test('escaped bytes of one character come together, and other backslashes stay', () => {
  assert.equal(unescapeOctal('/caf\\303\\251\\134x\\777\\1'), '/café\\x\\777\\1');
});

test('every path survives the way through the kernel', () => {
  fc.assert(
    fc.property(path, (point) => {
      const [mount] = parseMountinfo(`36 35 8:1 / ${escapeOctal(point)} rw - ext4 ${escapeOctal(point)} rw\n`);
      assert.equal(mount?.mountPoint, point);
      assert.equal(mount.source, point);
    }),
  );
});

test('any text is read without an error, and every mount has a device', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      for (const { device } of parseMountinfo(text)) assert.match(device, /^\d+:\d+$/);
    }),
  );
});

test('a path belongs to the deepest mount, and to the last of those on one point', () => {
  const at = (mountPoint: string, device: string) => ({
    device,
    mountPoint,
    fsType: 'ext4',
    source: '',
    writable: true,
  });
  const mounts = [at('/', '8:1'), at('/home', '8:2'), at('/home/ada', '8:3'), at('/home', '8:4')];
  assert.equal(mountOf('/home/bob', mounts)?.device, '8:4');
  assert.equal(mountOf('/homework', mounts)?.device, '8:1');
  assert.equal(mountOf('/home/ada/x', mounts)?.device, '8:3');
  assert.equal(mountOf('/x', []), undefined);
});
