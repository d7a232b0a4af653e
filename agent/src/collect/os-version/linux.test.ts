import assert from 'node:assert/strict';
import { test } from 'node:test';
import { osVersion } from '@postern/shared/checks/os-version';
import fc from 'fast-check';
import { reasonOf, valueOf } from '../testing/assert-finding.ts';
import { recordedSystem } from '../testing/recorded-system.ts';
import { readLinux } from './linux.ts';
import { parseOsRelease } from './os-release.ts';

const kernel = { '/proc/sys/kernel/osrelease': '6.1.0-18-amd64\n' };

test('Debian: name, version and kernel, and no end of support where none is stated', async () => {
  const text = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\n';
  const finding = await readLinux(recordedSystem({ platform: 'linux', files: { ...kernel, '/etc/os-release': text } }));
  assert.deepEqual(valueOf(finding, osVersion), {
    platform: 'linux',
    id: 'debian',
    name: 'Debian GNU/Linux 12 (bookworm)',
    version: '12',
    build: '6.1.0-18-amd64',
    supportEndsOn: null,
  });
});

test('Fedora: the end of support is stated; one that is not a date is left out', async () => {
  const read = async (date: string) => {
    const text = `ID=fedora\nVERSION_ID=41\nPRETTY_NAME="Fedora Linux 41"\nSUPPORT_END=${date}\n`;
    return valueOf(
      await readLinux(recordedSystem({ platform: 'linux', files: { ...kernel, '/etc/os-release': text } })),
      osVersion,
    );
  };
  assert.equal((await read('2026-12-02')).supportEndsOn, '2026-12-02');
  assert.equal((await read('soon')).supportEndsOn, null);
});

test('Arch: a rolling distribution has no version, and the defaults stand in for what is left out', async () => {
  const text = 'NAME="Arch Linux"\nBUILD_ID=rolling\n';
  const finding = await readLinux(
    recordedSystem({ platform: 'linux', files: { ...kernel, '/usr/lib/os-release': text } }),
  );
  const value = valueOf(finding, osVersion);
  assert.equal(value.version, null);
  assert.equal(value.name, 'Arch Linux');
  assert.equal(value.id, 'linux');
});

test('no os-release and no kernel release: unknown', async () => {
  assert.equal(reasonOf(await readLinux(recordedSystem({ platform: 'linux', files: kernel }))), 'no-data');
  const files = { '/etc/os-release': 'ID=debian\n' };
  assert.equal(reasonOf(await readLinux(recordedSystem({ platform: 'linux', files }))), 'no-data');
});

test('a kernel release that is cut off or none is unknown', async () => {
  for (const release of ['', '6.1.0-18-am', 'Usage: uname\n', '6.1.0\ufffd\n', '6\n', '\n']) {
    const files = { '/etc/os-release': 'ID=debian\n', '/proc/sys/kernel/osrelease': release };
    assert.equal(reasonOf(await readLinux(recordedSystem({ platform: 'linux', files }))), 'output-unreadable', release);
  }
});

test('os-release: quotes, escapes, comments, white space and repeated names', () => {
  const text = [
    '# ID=comment',
    "  NAME='It is'  ",
    'PRETTY="a \\"b\\" \\$c \\\\ \\`"',
    String.raw`PLAIN=a\ b`,
    'ID=first',
    'ID=second',
    'EMPTY=',
    'OPEN="half',
    'WINDOWS="x"\r',
  ].join('\n');
  const values = parseOsRelease(text);
  assert.equal(values.get('NAME'), 'It is');
  assert.equal(values.get('PRETTY'), 'a "b" $c \\ `');
  assert.equal(values.get('PLAIN'), 'a b');
  assert.equal(values.get('ID'), 'second');
  assert.equal(values.get('EMPTY'), '');
  assert.equal(values.has('OPEN'), false);
  assert.equal(values.get('WINDOWS'), 'x');
});

test('os-release: a line of a megabyte is read at once', () => {
  for (const line of [
    `A=${' '.repeat(1024 * 1024)}x`,
    `A="${'\\"'.repeat(512 * 1024)}`,
    `${' '.repeat(1024 * 1024)}A`,
  ]) {
    const started = performance.now();
    assert.equal(parseOsRelease(`${line}\nID=debian`).get('ID'), 'debian');
    assert.ok(performance.now() - started < 2000);
  }
});

test('os-release: any value in double quotes comes back as it was', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,20}$/), fc.stringMatching(/^[^\n\r]*$/), (name, value) => {
      const quoted = value.replace(/[\\"$`]/g, (character) => `\\${character}`);
      assert.equal(parseOsRelease(`${name}="${quoted}"`).get(name), value);
    }),
  );
});

test('os-release: any text is read without an error, and no line changes another', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(parseOsRelease(`${text}\nID=debian`).get('ID'), 'debian');
    }),
  );
});
