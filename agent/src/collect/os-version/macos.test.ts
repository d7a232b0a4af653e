import assert from 'node:assert/strict';
import { test } from 'node:test';
import { osVersion } from '@postern/shared/checks/os-version';
import fc from 'fast-check';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { exited, recordedSystem, refused } from '../testing/recorded-system.ts';
import type { CommandResult } from '../system.ts';
import { parseBuildVersion, parseProductVersion, parseVersionExtra, readMacos } from './macos.ts';

const fixture = fixturesOf(import.meta.url);

function mac(
  version: string | CommandResult,
  build: string | CommandResult,
  extra: string | CommandResult = exited(1, '', fixture('macos-usage.txt')),
) {
  const tool = '/usr/bin/sw_vers';
  return recordedSystem({
    platform: 'macos',
    commands: {
      [`${tool} -productVersion`]: version,
      [`${tool} -buildVersion`]: build,
      [`${tool} -productVersionExtra`]: extra,
    },
  });
}

test('macOS is read with version and build', async () => {
  const releases = [
    ['14.6.1', '23G93', fixture('macos-14.6.1-extra.txt')],
    ['15.1', '24B83', exited(0)],
    ['26.0', '25A354', exited(0)],
  ] as const;
  for (const [version, build, extra] of releases) {
    const system = mac(fixture(`macos-${version}-version.txt`), fixture(`macos-${version}-build.txt`), extra);
    const expected = { platform: 'macos', id: 'macos', name: `macOS ${version}`, version, build, supportEndsOn: null };
    assert.deepEqual(valueOf(await readMacos(system), osVersion), expected);
  }
});

test('a Rapid Security Response shows in name and build, and the version stays one that can be compared', async () => {
  const system = mac(
    fixture('macos-13.4.1-rsr-version.txt'),
    fixture('macos-13.4.1-rsr-build.txt'),
    fixture('macos-13.4.1-rsr-extra.txt'),
  );
  const { name, version, build } = valueOf(await readMacos(system), osVersion);
  assert.deepEqual([name, version, build], ['macOS 13.4.1 (a)', '13.4.1', '22F770820b']);
});

test('a macOS that does not know the option for security responses is read all the same', async () => {
  const system = mac('13.2\n', '22D49\n');
  assert.equal(valueOf(await readMacos(system), osVersion).name, 'macOS 13.2');
});

test('no answer, half an answer and something else are unknown', async () => {
  assert.equal(reasonOf(await readMacos(recordedSystem({ platform: 'macos' }))), 'tool-absent');
  assert.equal(reasonOf(await readMacos(mac(refused, '24B83'))), 'permission-denied');
  assert.equal(reasonOf(await readMacos(mac('15.1', { outcome: 'timed-out' }))), 'timed-out');
  for (const text of ['', '15.', '<html>15.1</html>', 'Darwin 24.1.0', fixture('macos-usage.txt')]) {
    assert.equal(reasonOf(await readMacos(mac(text, '24B83'))), 'output-unreadable', text);
    assert.equal(reasonOf(await readMacos(mac('15.1', text))), 'output-unreadable', text);
  }
});

test('any text is a version, a build and a suffix, or none', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\d.A-Z()a-z]{0,12}$/)), (text) => {
      assert.match(parseProductVersion(text) ?? '10', /^\d{2}(\.\d+)*$/);
      assert.match(parseBuildVersion(text) ?? '24A1', /^\d{2}[A-Z]\d+[a-z]?$/);
      assert.match(parseVersionExtra(text) ?? '(a)', /^\([a-z]\)$/);
    }),
  );
});

test('the version that programs made for an older system are shown is not taken for this one', async () => {
  for (const [version, build] of [
    ['10.16', '24B83'],
    ['16.0', '25A354'],
    ['15.1', '25A354'],
  ] as const) {
    assert.equal(reasonOf(await readMacos(mac(version, build))), 'output-unreadable', version);
  }
  assert.equal(valueOf(await readMacos(mac('27.0', '26A428')), osVersion).version, '27.0');
});

test('a Background Security Improvement of macOS 26 shows in name and build', async () => {
  const { name, build } = valueOf(await readMacos(mac('26.3.1\n', '25D771280a\n', '(a)\n')), osVersion);
  assert.deepEqual([name, build], ['macOS 26.3.1 (a)', '25D771280a']);
});
