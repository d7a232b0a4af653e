import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemIntegrity } from '@postern/shared/checks/system-integrity';
import fc from 'fast-check';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { assertOnlyAnswersBelieved, windowsAnswering } from '../windows/testing/recorded-windows.ts';
import { script } from './windows-parse.ts';
import { judge, readWindows } from './windows.ts';

const fixture = fixturesOf(import.meta.url);

async function stateOf(name: string) {
  const { protections } = valueOf(
    await readWindows(windowsAnswering(script, fixture(`windows-${name}.json`))),
    systemIntegrity,
  );
  return Object.fromEntries(protections.map((protection) => [protection.name, protection.intact]));
}

const intact = { 'test-signing': true, 'code-integrity': true, 'memory-integrity': true };

test('a Windows that was started as it should be is intact', async () => {
  assert.deepEqual(await stateOf('11-24h2-intact'), intact);
});

test('test signing and switched-off checks are seen in what the kernel was started with', async () => {
  assert.deepEqual(await stateOf('11-23h2-test-signing'), { ...intact, 'test-signing': false });
  assert.deepEqual(await stateOf('10-22h2-no-integrity-checks'), { ...intact, 'code-integrity': false });
});

test('memory integrity counts while it runs, not because it is set up', async () => {
  assert.deepEqual(await stateOf('10-22h2-memory-off'), { ...intact, 'memory-integrity': false });
  assert.deepEqual(await stateOf('server-2019'), { ...intact, 'memory-integrity': false });
  assert.deepEqual(await stateOf('11-25h2-set-up-not-running'), { ...intact, 'memory-integrity': false });
});

test('memory integrity that is set up, of which nobody says whether it runs, is not known', async () => {
  assert.deepEqual(await stateOf('11-24h2-not-told'), { ...intact, 'memory-integrity': null });
  assert.deepEqual(await stateOf('server-2022-policy-not-told'), { ...intact, 'memory-integrity': null });
  assert.deepEqual(await stateOf('server-2025-off-not-told'), { ...intact, 'memory-integrity': false });
});

test('a word that only contains the option is not the option', () => {
  const start = (options: string) => ({ fault: null, values: { SystemStartOptions: options } });
  const none = { fault: null, values: {} };
  const finding = judge({
    running: [2],
    runningFault: null,
    start: start(' NOTESTSIGNING '),
    scenario: none,
    policy: none,
  });
  assert.equal(valueOf(finding, systemIntegrity).protections[0]?.intact, true);
  const lower = judge({ running: [2], runningFault: null, start: start('/testsigning'), scenario: none, policy: none });
  assert.equal(valueOf(lower, systemIntegrity).protections[0]?.intact, false);
});

test('options with something in them that no option has say nothing', async () => {
  const whole = fixture('windows-11-23h2-test-signing.json');
  const text = whole.replace('TESTSIGNING', 'TESTSIG\ufffdING');
  assert.notEqual(text, whole);
  const { protections } = valueOf(await readWindows(windowsAnswering(script, text)), systemIntegrity);
  assert.deepEqual(
    protections.map(({ intact: is }) => is),
    [null, null, true],
  );
});

test('where everything is refused, nothing is known', async () => {
  const finding = await readWindows(windowsAnswering(script, fixture('windows-access-denied.json')));
  assert.equal(reasonOf(finding), 'permission-denied');
});

test('no answer, another answer and a part of one are unknown', async () => {
  await assertOnlyAnswersBelieved(script, readWindows, fixture('windows-11-24h2-intact.json'));
});

test('no answer is intact by accident', () => {
  const option = fc.constantFrom('TESTSIGNING', 'NOEXECUTE=OPTIN', 'DISABLE_INTEGRITY_CHECKS', 'NOVGA', '');
  const key = (name: string, value: fc.Arbitrary<string | number>) =>
    fc.oneof(
      fc.record({ fault: fc.constant(null), values: value.map((data) => ({ [name]: data })) }),
      fc.record({ fault: fc.string(), values: fc.constant(null) }),
    );
  const answer = fc.record({
    running: fc.option(fc.array(fc.nat({ max: 5 }), { maxLength: 3 })),
    runningFault: fc.option(fc.string()),
    start: key(
      'SystemStartOptions',
      fc.array(option).map((words) => words.join(' ')),
    ),
    scenario: key('Enabled', fc.nat({ max: 1 })),
    policy: key('HypervisorEnforcedCodeIntegrity', fc.nat({ max: 3 })),
  });
  fc.assert(
    fc.property(answer, (given) => {
      const finding = judge(given);
      if (finding.status !== 'ok') return;
      const state = new Map(valueOf(finding, systemIntegrity).protections.map(({ name, intact: is }) => [name, is]));
      if (state.get('memory-integrity') === true) assert.ok(given.running?.includes(2));
      const options = String(given.start.values?.['SystemStartOptions']);
      if (state.get('test-signing') === true) assert.doesNotMatch(options, /TESTSIGNING|undefined/);
      if (state.get('code-integrity') === true) assert.doesNotMatch(options, /CHECKS|undefined/);
    }),
  );
});
