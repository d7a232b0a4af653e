import assert from 'node:assert/strict';
import { test } from 'node:test';
import { processes } from '@postern/shared/checks/processes';
import fc from 'fast-check';
import { reasonOf, valueOf } from '../testing/assert-finding.ts';
import { recordedSystem, refused, type Recording } from '../testing/recorded-system.ts';
import { parseLsof, parsePs, readMacos } from './macos.ts';

const edr = '/Library/Application Support/EDR/edrd';
const ps = (...lines: string[]) => `${['    1     0 /sbin/launchd', ...lines].join('\n')}\n`;
const askPs = '/bin/ps -axo pid=,uid=,comm=';
const askLsof = (pids: string) => `/usr/sbin/lsof -n -P -w -a -p ${pids} -d txt -F n`;
const read = (commands: Recording['commands'] = {}, targets = [edr]) =>
  readMacos(recordedSystem({ platform: 'macos', uid: 501, commands }), { targets, identifierKey: null });
const runs = async (commands: Recording['commands']) => valueOf(await read(commands), processes).processes[0]?.running;

test('a program of the system runs that ps lists by its path, spaces and all', async () => {
  assert.equal(await runs({ [askPs]: ps(`  312     0 ${edr}`) }), true);
  assert.equal(await runs({ [askPs]: ps('  312     0 /usr/libexec/logd', '  400   501 -zsh') }), false);
});

test('a process of one’s own that only calls itself so is not it: its file decides', async () => {
  const listed = ps(`  400   501 ${edr}`);
  const other = 'p400\nftxt\nn/bin/sleep\nftxt\nn/usr/lib/dyld\n';
  assert.equal(await runs({ [askPs]: listed, [askLsof('400')]: other }), false);
  assert.equal(await runs({ [askPs]: listed, [askLsof('400')]: `p400\nftxt\nn${edr}\nftxt\nn/usr/lib/dyld\n` }), true);
});

test('a process of one’s own whose file lsof does not tell is not known', async () => {
  const listed = ps(`  400   501 ${edr}`);
  assert.equal(await runs({ [askPs]: listed, [askLsof('400')]: refused }), null);
  assert.equal(await runs({ [askPs]: listed, [askLsof('400')]: '' }), null);
});

test('a program of another user that was called by its name alone, or that ps is not shown, is not known', async () => {
  assert.equal(await runs({ [askPs]: ps('  312     0 edrd') }), null);
  assert.equal(await runs({ [askPs]: ps('  312     0 (edrd)') }), null);
});

test('a list that is cut off, empty, of another form, or without launchd says nothing', async () => {
  for (const output of ['', ps(`  312     0 ${edr}`).slice(0, -4), 'ps: illegal option\n', '  312     0 /bin/sh\n'])
    assert.equal(reasonOf(await read({ [askPs]: output })), 'output-unreadable');
  assert.equal(reasonOf(await read({ [askPs]: refused })), 'permission-denied');
});

test('with nothing to look for nothing is run', async () => {
  assert.deepEqual(valueOf(await read({}, []), processes), { processes: [] });
});

test('whatever ps and lsof print, it is read or refused, and never throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.ok(parsePs(text) === undefined || text.endsWith('\n'));
      for (const file of parseLsof(text).values()) assert.ok(file.startsWith('/'));
    }),
  );
});
