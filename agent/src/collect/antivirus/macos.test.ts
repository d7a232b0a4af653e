import assert from 'node:assert/strict';
import { test } from 'node:test';
import { antivirus } from '@postern/shared/checks/antivirus';
import fc from 'fast-check';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { exited, recordedSystem, refused } from '../testing/recorded-system.ts';
import type { CommandResult } from '../system.ts';
import { parseXprotectStatus } from './macos-xprotect.ts';
import { readMacos } from './macos.ts';

const fixture = fixturesOf(import.meta.url);
const older = '/Library/Apple/System/Library/CoreServices/XProtect.bundle/Contents/Info.plist';
const newer = '/var/protected/xprotect/XProtect.bundle/Contents/Info.plist';
const mdatp = '/Applications/Microsoft Defender.app/Contents/MacOS/wdavdaemonclient';
const sentinel = '/Library/Sentinel/sentinel-agent.bundle/Contents/MacOS/sentineld';
const scanner = '/bin/launchctl print system/com.apple.XProtect.daemon.scan';
const falconctl = '/Applications/Falcon.app/Contents/Resources/falconctl stats agent_info';

interface Settings {
  extensions?: string | CommandResult;
  ps?: string | CommandResult;
  commands?: Record<string, string | CommandResult>;
  files?: Record<string, string>;
  links?: Record<string, string>;
  uid?: number;
}

function mac({ extensions, ps, commands = {}, files = {}, links = {}, uid = 501 }: Settings) {
  return recordedSystem({
    platform: 'macos',
    uid,
    files,
    links,
    commands: {
      '/usr/bin/systemextensionsctl list': extensions ?? fixture('macos-13-no-extensions.txt'),
      '/bin/ps -axww -o comm=': ps ?? fixture('macos-plain-ps.txt'),
      ...commands,
    },
  });
}

async function productsOf(settings: Settings) {
  return valueOf(await readMacos(mac(settings)), antivirus).products;
}

const falcon = { name: 'CrowdStrike Falcon', kind: 'edr', running: true, upToDate: null };
const withFalcon = { extensions: fixture('macos-15-falcon-extensions.txt'), ps: fixture('macos-15-falcon-ps.txt') };

test('a product that is allowed to watch, and whose process runs, is running', async () => {
  assert.deepEqual(await productsOf(withFalcon), [falcon]);
  const jamf = { extensions: fixture('macos-26-jamf-extensions.txt'), ps: fixture('macos-26-jamf-ps.txt') };
  assert.deepEqual(await productsOf(jamf), [{ ...falcon, name: 'Jamf Protect' }]);
});

test('"activated enabled" without its process is not running, and with processes unread it is not known', async () => {
  const { extensions } = withFalcon;
  assert.deepEqual(await productsOf({ extensions }), [{ ...falcon, running: false }]);
  for (const ps of [refused, exited(0, '/sbin/launchd\n/usr/libexec/lo'), '']) {
    assert.deepEqual(await productsOf({ extensions, ps }), [{ ...falcon, running: null }]);
  }
});

test('an extension that waits for its permission is installed, and does not run', async () => {
  const products = await productsOf({ extensions: fixture('macos-15-sophos-waiting-extensions.txt') });
  assert.deepEqual(products, [{ ...falcon, name: 'Sophos', running: false }]);
  // The process of a version that was there before may still run; the Mac watches nothing with it.
  const waiting = withFalcon.extensions.replaceAll('activated enabled', 'activated waiting for user');
  assert.deepEqual(await productsOf({ ...withFalcon, extensions: waiting }), [{ ...falcon, running: false }]);
});

test('what a removal left behind until the next restart is no product, and neither is an app in its folder', async () => {
  const extensions = fixture('macos-15-falcon-leftover-extensions.txt');
  const files = { '/Applications/Falcon.app/Contents/Info.plist': '', '/Library/CS/License.bin': '' };
  assert.deepEqual(await productsOf({ extensions, files }), []);
});

test('an extension that was just replaced by its next version counts as the new one', async () => {
  const extensions = fixture('macos-15-falcon-upgraded-extensions.txt');
  assert.deepEqual(await productsOf({ ...withFalcon, extensions }), [falcon]);
});

test('another maker’s extension, and a process somewhere else, are not what they are called', async () => {
  const extensions = fixture('macos-15-other-maker-extensions.txt');
  assert.deepEqual(await productsOf({ ...withFalcon, extensions }), []);
  const ps = fixture('macos-masquerading-ps.txt');
  assert.deepEqual(await productsOf({ ...withFalcon, ps }), [{ ...falcon, running: false }]);
});

test('Defender tells whether it protects, and how old its lists are', async () => {
  const seen = {
    extensions: fixture('macos-14-defender-extensions.txt'),
    ps: fixture('macos-14-defender-ps.txt'),
    links: { '/usr/local/bin/mdatp': mdatp },
    files: { [mdatp]: '' },
  };
  const health = (answer: string | CommandResult) => ({ [`${mdatp} health --output json`]: answer });
  const defender = { name: 'Microsoft Defender', kind: 'edr', running: true, upToDate: true };
  const healthy = fixture('macos-14-mdatp-healthy.json');
  assert.deepEqual(await productsOf({ ...seen, commands: health(healthy) }), [defender]);
  assert.deepEqual(await productsOf({ ...seen, commands: health(fixture('macos-15-mdatp-off.json')) }), [
    { ...defender, kind: 'antivirus', running: false, upToDate: false },
  ]);
  // Its process is there; that it protects, it does not say.
  const silent = { ...defender, kind: 'antivirus', running: null, upToDate: null };
  for (const answer of ['', healthy.slice(0, 40), refused, { outcome: 'timed-out' } as const]) {
    assert.deepEqual(await productsOf({ ...seen, commands: health(answer) }), [silent]);
  }
  // It says that it protects, and does not run.
  const dead = await productsOf({ ...seen, ps: fixture('macos-plain-ps.txt'), commands: health(healthy) });
  assert.deepEqual(dead, [{ ...defender, running: false }]);
});

test('a program in a folder that anybody may write is not started', async () => {
  const system = mac({
    extensions: fixture('macos-14-defender-extensions.txt'),
    files: { '/usr/local/bin/mdatp': '#!/bin/sh' },
  });
  await readMacos(system);
  assert.ok(system.ran.every((command) => !command.includes('mdatp')));
});

test('Falcon tells root whether its sensor works, and others are not asked', async () => {
  const asRoot = (answer: string | CommandResult) =>
    productsOf({ ...withFalcon, uid: 0, commands: { [falconctl]: answer } });
  assert.deepEqual(await asRoot(fixture('macos-15-falcon-stats.txt')), [falcon]);
  assert.deepEqual(await asRoot(fixture('macos-15-falcon-stats-off.txt')), [{ ...falcon, running: false }]);
  assert.deepEqual(await asRoot(refused), [{ ...falcon, running: null }]);
  const system = mac(withFalcon);
  await readMacos(system);
  assert.ok(!system.ran.includes(falconctl));
});

test('SentinelOne, which is a program of root’s, counts by its process', async () => {
  const files = { [sentinel]: '' };
  const expected = { ...falcon, name: 'SentinelOne' };
  assert.deepEqual(await productsOf({ files, ps: fixture('macos-14-sentinel-ps.txt') }), [expected]);
  assert.deepEqual(await productsOf({ files }), [{ ...expected, running: false }]);
  assert.deepEqual(await productsOf({ files, ps: refused }), [{ ...expected, running: null }]);
});

test('XProtect is found in both of its places, and tells of itself since macOS 15', async () => {
  const xprotect = { name: 'XProtect', kind: 'antivirus', running: true, upToDate: null };
  const status = (answer: string | CommandResult) => ({ '/usr/bin/xprotect status': answer });
  for (const path of [older, newer]) {
    const commands = status(fixture('macos-15-xprotect-on.txt'));
    assert.deepEqual(await productsOf({ files: { [path]: '' }, commands }), [xprotect]);
  }
  const half = status(fixture('macos-26-xprotect-half.txt'));
  assert.deepEqual(await productsOf({ files: { [newer]: '' }, commands: half }), [{ ...xprotect, running: false }]);
  const silent = [
    fixture('macos-15-xprotect-truncated.txt'),
    '',
    exited(1),
    refused,
    { outcome: 'timed-out' } as const,
  ];
  for (const answer of silent) {
    const products = await productsOf({ files: { [newer]: '' }, commands: status(answer) });
    assert.deepEqual(products, [{ ...xprotect, running: null }]);
  }
});

test('before macOS 15 launchd tells whether XProtect scans', async () => {
  const files = { [older]: '' };
  const runningBy = async (answer: string | CommandResult) =>
    (await productsOf({ files, commands: { [scanner]: answer } }))[0]?.running;
  assert.equal(await runningBy(fixture('macos-13-xprotect-service.txt')), true);
  assert.equal(await runningBy(exited(113, '', 'Could not find service')), false);
  for (const answer of ['', exited(1), refused]) assert.equal(await runningBy(answer), null);
});

test('where the extensions are not listed, nothing is said to be missing', async () => {
  assert.equal(reasonOf(await readMacos(recordedSystem({ platform: 'macos' }))), 'tool-absent');
  assert.equal(reasonOf(await readMacos(mac({ extensions: refused }))), 'permission-denied');
  assert.equal(reasonOf(await readMacos(mac({ extensions: { outcome: 'timed-out' } }))), 'timed-out');
  for (const text of ['', '<html>', fixture('macos-truncated-extensions.txt')]) {
    assert.equal(reasonOf(await readMacos(mac({ extensions: text }))), 'output-unreadable', text);
  }
});

test('no text says by accident that XProtect runs', () => {
  fc.assert(fc.property(fc.string(), (text) => assert.equal(parseXprotectStatus(text), null)));
});

test('no list that was changed shows more than stands in it', async () => {
  const { extensions, ps } = withFalcon;
  await fc.assert(
    fc.asyncProperty(fc.nat(extensions.length), fc.nat(60), async (at, length) => {
      const finding = await readMacos(mac({ ps, extensions: extensions.slice(0, at) + extensions.slice(at + length) }));
      if (finding.status !== 'ok') return;
      assert.ok(finding.value.products.every(({ name }) => name === 'CrowdStrike Falcon'));
    }),
  );
});
