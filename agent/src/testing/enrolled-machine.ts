import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { temporaryFolder } from './data-folder.ts';
import { startFakeBackend } from './fake-backend.ts';
import { fakeTime } from './fake-clock.ts';
import { fakeTerminal, runCommandLine } from './fake-terminal.ts';

export const enrollmentToken = 'a-token-of-sixteen-or-more';

/** A machine with a terminal, and a backend that it does not know yet. */
export async function newMachine(t: TestContext) {
  const time = fakeTime();
  const folder = await temporaryFolder(t);
  const fake = await startFakeBackend(t, time);
  const terminal = fakeTerminal(folder, time);
  const agent = (...argv: string[]) => runCommandLine(terminal, ...argv);
  return { fake, folder, terminal, time, agent };
}

/** A machine that is enrolled and has not reported. */
export async function enrolledMachine(t: TestContext) {
  const machine = await newMachine(t);
  machine.terminal.input = `${enrollmentToken}\n`;
  assert.equal((await machine.agent('enroll', machine.fake.url, '--token', '-')).code, 0);
  return machine;
}
