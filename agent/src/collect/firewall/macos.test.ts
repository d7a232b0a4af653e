import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firewall } from '@postern/shared/checks/firewall';
import fc from 'fast-check';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { exited, recordedSystem, refused } from '../testing/recorded-system.ts';
import type { CommandResult } from '../system.ts';
import { parseProfiler, parseSocketFilter, readMacos } from './macos.ts';

const fixture = fixturesOf(import.meta.url);
const socketFilter = '/usr/libexec/ApplicationFirewall/socketfilterfw --getglobalstate';
const profiler = '/usr/sbin/system_profiler -json SPFirewallDataType';

function mac(version: string, commands: Record<string, string | CommandResult>, files: Record<string, string> = {}) {
  return recordedSystem({
    platform: 'macos',
    files,
    commands: { '/usr/bin/sw_vers -productVersion': `${version}\n`, ...commands },
  });
}

test('up to macOS 14 and again from 26 socketfilterfw is believed', async () => {
  const expected = [
    ['13.6', 'macos-13-enabled.txt', true],
    ['14.6.1', 'macos-14-block-all.txt', true],
    ['14.6.1', 'macos-14-disabled.txt', false],
    ['26.0', 'macos-26-managed.txt', true],
    ['27.0', 'macos-14-disabled.txt', false],
  ] as const;
  for (const [version, name, enabled] of expected) {
    const value = valueOf(await readMacos(mac(version, { [socketFilter]: fixture(name) })), firewall);
    assert.deepEqual(value, { enabled, provider: 'application-firewall' }, name);
  }
});

test('blocking every connection is on, though the sentence has no word for it', async () => {
  assert.doesNotMatch(fixture('macos-14-block-all.txt'), /enabled/);
  assert.equal(parseSocketFilter(fixture('macos-14-block-all.txt')), true);
});

test('on macOS 15 system_profiler is asked, for socketfilterfw lies to everybody but root', async () => {
  for (const [state, enabled] of [
    ['limit_connections', true],
    ['block_all', true],
    ['allow_all', false],
  ] as const) {
    const system = mac('15.1', {
      [socketFilter]: fixture('macos-15-socketfilter-not-root.txt'),
      [profiler]: fixture(`macos-15-profiler-${state}.json`),
    });
    assert.equal(valueOf(await readMacos(system), firewall).enabled, enabled, state);
    assert.ok(!system.ran.includes(socketFilter));
  }
});

test('com.apple.alf.plist, stale since macOS 15, is never read', async () => {
  const files = {
    '/Library/Preferences/com.apple.alf.plist':
      '<plist><dict><key>globalstate</key><integer>0</integer></dict></plist>',
  };
  const system = mac('15.1', { [profiler]: fixture('macos-15-profiler-limit_connections.json') }, files);
  const watched = {
    ...system,
    readFile: () => assert.fail('a file was read'),
    readBytes: () => assert.fail('a file was read'),
  };
  assert.equal(valueOf(await readMacos(watched), firewall).enabled, true);
});

test('what an application is allowed is not the state of the firewall', () => {
  const text = fixture('macos-15-profiler-limit_connections.json').replace(/.*"spfirewall_globalstate".*\n/, '');
  assert.match(text, /spfirewall_block_all/);
  assert.equal(parseProfiler(text), undefined);
});

test('where socketfilterfw gives no answer, system_profiler is asked', async () => {
  const silent: (string | CommandResult)[] = [
    '',
    fixture('macos-html.txt'),
    'Must be root to run this.\n',
    exited(1),
    refused,
    { outcome: 'timed-out' },
  ];
  for (const answer of silent) {
    const system = mac('26.0', { [socketFilter]: answer, [profiler]: fixture('macos-15-profiler-allow_all.json') });
    assert.equal(valueOf(await readMacos(system), firewall).enabled, false);
  }
});

test('no answer, half an answer and something else are unknown', async () => {
  assert.equal(reasonOf(await readMacos(recordedSystem({ platform: 'macos' }))), 'tool-absent');
  assert.equal(reasonOf(await readMacos(mac('sw_vers: error', {}))), 'output-unreadable');
  assert.equal(reasonOf(await readMacos(mac('15.1', {}))), 'tool-absent');
  assert.equal(reasonOf(await readMacos(mac('15.1', { [profiler]: refused }))), 'permission-denied');
  for (const text of [
    '',
    fixture('macos-15-profiler-truncated.json'),
    fixture('macos-15-profiler-empty.json'),
    fixture('macos-html.txt'),
    '[]',
    'null',
  ]) {
    assert.equal(reasonOf(await readMacos(mac('15.1', { [profiler]: text }))), 'output-unreadable', text);
  }
});

test('a sentence and a state that differ are not believed, nor are two answers', () => {
  for (const text of [
    'Firewall is disabled. (State = 1)',
    'Firewall is enabled. (State = 0)',
    'Firewall is enabled. (State = 3)',
    'Firewall is enabled. (State = 1)\nFirewall is disabled. (State = 0)',
    'The Firewall is enabled. (State = 1)',
  ]) {
    assert.equal(parseSocketFilter(text), undefined, text);
  }
});

test('no text switches the firewall on by accident', () => {
  const words = fc
    .array(
      fc.constantFrom(
        'Firewall',
        'is',
        'enabled.',
        'disabled.',
        '(State',
        '=',
        '1)',
        '0)',
        '2)',
        'State',
        '"spfirewall_globalstate"',
        ':',
        '\n',
        ' ',
      ),
    )
    .map((parts) => parts.join(' '));
  fc.assert(
    fc.property(fc.oneof(fc.string(), words), (text) => {
      if (parseSocketFilter(text) === true) assert.match(text, /Firewall is (?!disabled)[a-z -]+\. \(State = [12]\)/);
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      assert.notEqual(parseProfiler(text), true);
    }),
  );
});

test('with the firewall of macOS off, another one that does not tell its state leaves it unknown', async () => {
  const off = fixture('macos-15-profiler-allow_all.json');
  const list = '/usr/bin/systemextensionsctl list';
  for (const name of ['macos-15-little-snitch-extensions.txt', 'macos-14-eset-extensions.txt']) {
    assert.equal(reasonOf(await readMacos(mac('15.1', { [profiler]: off, [list]: fixture(name) }))), 'no-data', name);
  }
  const without = [fixture('macos-26-little-snitch-off-extensions.txt'), '0 extension(s)\n', '', refused];
  for (const extensions of without) {
    const finding = await readMacos(mac('15.1', { [profiler]: off, [list]: extensions }));
    assert.equal(valueOf(finding, firewall).enabled, false);
  }
});

test('with the firewall of macOS on, nobody else is asked', async () => {
  const system = mac('15.1', { [profiler]: fixture('macos-15-profiler-block_all.json') });
  await readMacos(system);
  assert.deepEqual(system.ran, ['/usr/bin/sw_vers -productVersion', profiler]);
});
