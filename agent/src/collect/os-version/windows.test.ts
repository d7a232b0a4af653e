import assert from 'node:assert/strict';
import { test } from 'node:test';
import { osVersion } from '@postern/shared/checks/os-version';
import fc from 'fast-check';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { exited, recordedSystem, refused } from '../testing/recorded-system.ts';
import type { CommandResult } from '../system.ts';
import { parseRegistryKey } from '../windows/registry.ts';
import { parseWindowsVersion, readWindows } from './windows.ts';

const fixture = fixturesOf(import.meta.url);
const command = 'C:\\Windows\\System32\\reg.exe query HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';

function read(answer: string | CommandResult) {
  return readWindows(recordedSystem({ platform: 'windows', commands: { [command]: answer } }));
}

test('Windows is read with its name, build and update revision', async () => {
  const { platform, id, name, version, build } = valueOf(await read(fixture('windows-10-22h2.txt')), osVersion);
  assert.deepEqual(
    [platform, id, name, version, build],
    ['windows', 'windows', 'Windows 10 Pro', '10.0.19045', '19045.4777'],
  );
});

test('Windows 11 is called 11, though its registry still says 10', async () => {
  const german = valueOf(await read(fixture('windows-11-23h2-german.txt')), osVersion);
  assert.deepEqual([german.name, german.build], ['Windows 11 Enterprise', '22631.4317']);
  const home = valueOf(await read(fixture('windows-11-24h2.txt')), osVersion);
  assert.deepEqual([home.name, home.version, home.build], ['Windows 11 Home', '10.0.26100', '26100.2314']);
});

test('a server without DisplayVersion is read, with the revision from the registry', async () => {
  assert.doesNotMatch(fixture('windows-server-2019.txt'), /DisplayVersion/);
  const { name, build } = valueOf(await read(fixture('windows-server-2019.txt')), osVersion);
  assert.deepEqual([name, build], ['Windows Server 2019 Standard', '17763.6330']);
});

test('a server on a build of Windows 11 keeps its own name', async () => {
  assert.equal(
    valueOf(await read(fixture('windows-server-2025-core.txt')), osVersion).name,
    'Windows Server 2025 Standard',
  );
  const odd = fixture('windows-11-24h2.txt').replace('REG_SZ    Client', 'REG_SZ    Server');
  assert.equal(valueOf(await read(odd), osVersion).name, 'Windows 10 Home');
});

test('the version that old programs are told (6.3) is not taken for the version', async () => {
  assert.match(fixture('windows-10-22h2.txt'), /CurrentVersion {4}REG_SZ {4}6\.3/);
  assert.equal(valueOf(await read(fixture('windows-10-22h2.txt')), osVersion).version, '10.0.19045');
});

test('the edition is told by its id: they are supported for different times, and names are translated', async () => {
  const editionOf = async (name: string) => valueOf(await read(fixture(name)), osVersion).edition;
  assert.equal(await editionOf('windows-10-22h2.txt'), 'Professional');
  assert.equal(await editionOf('windows-11-24h2.txt'), 'Core');
  const without = fixture('windows-11-24h2.txt').replace(/^ {4}EditionID.*\r\n/m, '');
  assert.equal(valueOf(await read(without), osVersion).edition, null);
});

test('no beginning of an answer is a version', async () => {
  const whole = fixture('windows-server-2019.txt');
  const expected = valueOf(await read(whole), osVersion);
  for (let length = 0; length < whole.length; length += 1) {
    const finding = await read(whole.slice(0, length));
    if (finding.status === 'ok') assert.deepEqual(finding.value, expected, `the first ${length} characters`);
  }
});

test('no answer, half an answer and something else are unknown', async () => {
  assert.equal(reasonOf(await readWindows(recordedSystem({ platform: 'windows' }))), 'tool-absent');
  assert.equal(reasonOf(await read(refused)), 'permission-denied');
  assert.equal(reasonOf(await read({ outcome: 'timed-out' })), 'timed-out');
  assert.equal(reasonOf(await read(exited(1, '', fixture('windows-access-denied.txt')))), 'permission-denied');
  assert.equal(reasonOf(await read(exited(1, '', fixture('windows-not-found-german.txt')))), 'permission-denied');
  for (const text of ['', fixture('windows-truncated.txt'), fixture('windows-html.txt')]) {
    assert.equal(reasonOf(await read(text)), 'output-unreadable', text);
  }
});

test('a build without its update revision is unknown: the half would pass for unpatched', async () => {
  const text = fixture('windows-11-24h2.txt').replace(/^ {4}UBR.*\r\n/m, '');
  assert.equal(reasonOf(await read(text)), 'output-unreadable');
});

test('numbers that no Windows has are unknown, and an edition that was spoilt is none', async () => {
  const whole = fixture('windows-10-22h2.txt');
  for (const [name, data] of [
    ['CurrentMinorVersionNumber', '0x1e999'],
    ['CurrentMajorVersionNumber', '0xa0'],
    ['UBR', '0xffffffff'],
  ]) {
    const text = whole.replace(new RegExp(`(${name} +REG_DWORD +)0x[0-9a-f]+`), `$1${data}`);
    assert.notEqual(text, whole);
    assert.equal(reasonOf(await read(text)), 'output-unreadable', name);
  }
  const spoilt = whole.replace(/(EditionID    REG_SZ    Profess)ional/, '$1\ufffdonal');
  assert.equal(valueOf(await read(spoilt), osVersion).edition, null);
});

test('any values make a version that fits, or none', () => {
  const value = fc.record({
    name: fc.constantFrom(
      'CurrentBuildNumber',
      'UBR',
      'ProductName',
      'CurrentMajorVersionNumber',
      'CurrentMinorVersionNumber',
      'InstallationType',
    ),
    type: fc.constantFrom('REG_SZ', 'REG_DWORD'),
    data: fc.oneof(fc.string(), fc.constantFrom('26100', '0xa', '0x0', 'Windows 10 Pro')),
  });
  fc.assert(
    fc.property(fc.array(value), (values) => {
      const text = `HKEY_X\n${values.map(({ name, type, data }) => `    ${name}    ${type}    ${data}`).join('\n')}\n\n`;
      const parsed = parseWindowsVersion(parseRegistryKey(text) ?? new Map());
      if (parsed !== undefined) assert.match(osVersion.value.parse(parsed).build, /^\d{4,6}\.\d+$/);
    }),
  );
});
