import assert from 'node:assert/strict';
import { test } from 'node:test';
import { processes } from '@postern/shared/checks/processes';
import { reasonOf, valueOf } from '../testing/assert-finding.ts';
import { exited, recordedSystem } from '../testing/recorded-system.ts';
import { match, readWindows } from './windows.ts';

const edr = 'C:\\Program Files\\EDR\\edr.exe';
const answer = {
  paths: ['C:\\Windows\\explorer.exe', 'C:\\PROGRAM FILES\\EDR\\edr.exe'],
  hidden: ['csrss', 'MsMpEng'],
};
const runs = (path: string, from = answer) => match([path], from).processes[0]?.running;

test('a program runs whose path is listed, in whatever case', () => {
  assert.equal(runs(edr), true);
  assert.equal(runs('c:/program files/edr/EDR.EXE'), true);
  assert.equal(runs('C:\\Other\\edr.exe'), false);
});

test('a process whose path Windows does not show may be it: null', () => {
  assert.equal(runs('C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4\\MsMpEng.exe'), null);
  assert.equal(runs('C:\\Other\\other.exe'), false);
});

/** Whatever the script is, PowerShell answers so. */
const saying = (result: ReturnType<typeof exited>) => ({
  ...recordedSystem({ platform: 'windows' }),
  run: async () => result,
});

test('the answer of PowerShell is read, also in another language; half of one says nothing', async () => {
  const wish = { targets: [edr], identifierKey: null };
  const whole = JSON.stringify({ ...answer, paths: [...answer.paths, 'C:\\Programme\\Größe\\größe.exe'] });
  assert.equal(valueOf(await readWindows(saying(exited(0, whole)), wish), processes).processes[0]?.running, true);
  assert.equal(reasonOf(await readWindows(saying(exited(0, whole.slice(0, -3))), wish)), 'output-unreadable');
  assert.equal(reasonOf(await readWindows(saying(exited(0, '{"paths":[],"hidden":[]}')), wish)), 'output-unreadable');
  assert.equal(reasonOf(await readWindows(saying(exited(1, '', 'Get-Process : Zugriff verweigert')), wish)), 'failed');
});
