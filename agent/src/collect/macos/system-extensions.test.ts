import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { recordedSystem } from '../testing/recorded-system.ts';
import { runningPrograms } from './running-programs.ts';
import { parseSystemExtensions } from './system-extensions.ts';

const columns = 'enabled\tactive\tteamID\tbundleID (version)\tname\t[state]\n';

test('a row whose team is none is not read', () => {
  const rowOf = (team: string) =>
    parseSystemExtensions(
      `1 extension(s)\n--- com.apple.system_extension.endpoint_security\nenabled\tactive\tteamID\tbundleID (version)\tname\t[state]\n*\t*\t${team}\tcom.example.agent (1/1)\tAgent\t[activated enabled]\n`,
    );
  assert.equal(rowOf('X9E956P446')?.length, 1);
  for (const team of ['X9E956P44', 'X9E0956P446', 'X9E956P4\ufffd6', 'x9e956p446']) {
    assert.equal(rowOf(team), undefined, team);
  }
});

test('a version with spaces and brackets does not move the other columns', () => {
  const text = `1 extension(s)\n--- com.apple.system_extension.network_extension (Go to 'System Settings')\n${columns}*\t*\tMLZF7K7B5R\tat.obdev.littlesnitch.networkextension (6.5 nightly (7300)/7300)\tLittle Snitch\t[activated enabled]\n`;
  assert.deepEqual(parseSystemExtensions(text), [
    {
      category: 'network_extension',
      teamId: 'MLZF7K7B5R',
      bundleId: 'at.obdev.littlesnitch.networkextension',
      state: 'activated enabled',
    },
  ]);
});

test('fewer rows than are announced are not taken for all, and other text for none', () => {
  assert.deepEqual(parseSystemExtensions('0 extension(s)\n'), []);
  for (const text of [
    '',
    '1 extension(s)\n',
    '0 extension(s)',
    `1 extension(s)\n${columns}*\t*\tA\tb (1)\tc\t[activated enabled]\n`,
    `1 extension(s)\n--- com.apple.system_extension.endpoint_security\n${columns}*\t*\tA\tb (1)\tc\t[activated ena\n`,
    '<html>0 extension(s)</html>\n',
  ]) {
    assert.equal(parseSystemExtensions(text), undefined, text);
  }
  fc.assert(fc.property(fc.string(), (text) => assert.ok(!parseSystemExtensions(text)?.length)));
});

test('a list of programs without the first process, or cut off, is not the whole list', async () => {
  const programs = (text: string) =>
    runningPrograms(recordedSystem({ platform: 'macos', commands: { '/bin/ps -axww -o comm=': text } }));
  assert.deepEqual(
    [...((await programs('/sbin/launchd\n/usr/bin/a b\n')) ?? [])],
    ['/sbin/launchd', '/usr/bin/a b', ''],
  );
  assert.equal(await programs('/sbin/launchd\n/usr/bi'), undefined);
  assert.equal(await programs('/usr/bin/a\n'), undefined);
  assert.equal(await programs(''), undefined);
  assert.equal(await runningPrograms(recordedSystem({ platform: 'macos' })), undefined);
});
