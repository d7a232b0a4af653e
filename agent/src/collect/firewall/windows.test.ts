import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firewall } from '@postern/shared/checks/firewall';
import fc from 'fast-check';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { exited, recordedSystem, refused } from '../testing/recorded-system.ts';
import type { CommandResult } from '../system.ts';
import { parseJson } from '../windows/powershell.ts';
import { assertOnlyAnswersBelieved } from '../windows/testing/recorded-windows.ts';
import { answerSchema, script } from './windows-parse.ts';
import { judge, readWindows } from './windows.ts';

const fixture = fixturesOf(import.meta.url);
const command = `C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe -NoLogo -NoProfile -NonInteractive -Command ${script}`;
const allOn = { domain: true, private: true, public: true };
const allOff = { domain: false, private: false, public: false };

function read(answer: string | CommandResult) {
  return readWindows(recordedSystem({ platform: 'windows', commands: { [command]: answer } }));
}

test('Windows Firewall is on when all three profiles are', async () => {
  for (const name of ['windows-11-24h2-on.json', 'windows-10-22h2-german-on.json', 'windows-server-2019-on.json']) {
    assert.deepEqual(
      valueOf(await read(fixture(name)), firewall),
      { enabled: true, provider: 'windows-firewall', profiles: allOn },
      name,
    );
  }
});

test('one profile that is off is a firewall that is off, and it is named', async () => {
  const value = valueOf(await read(fixture('windows-11-public-off.json')), firewall);
  assert.deepEqual(value, { enabled: false, provider: 'windows-firewall', profiles: { ...allOn, public: false } });
});

test('a third-party firewall that Security Center calls on is seen, by its name', async () => {
  const value = valueOf(await read(fixture('windows-11-eset.json')), firewall);
  assert.deepEqual(value, { enabled: true, provider: 'ESET Firewall', profiles: allOff });
});

test('a third-party firewall that is installed and off does not count, whatever its language', async () => {
  const value = valueOf(await read(fixture('windows-11-23h2-japanese-third-party-off.json')), firewall);
  assert.deepEqual([value.enabled, value.provider], [false, 'windows-firewall']);
});

test('snoozed, expired and switched-off products do not count, nor does Windows’ own entry', () => {
  const states = [0x00000, 0x40000, 0x42000, 0x43010, 0x60100];
  const products = [
    ...states.map((state) => ({ name: 'Norton', state })),
    { name: 'Windows-Firewall', state: 0x41000 },
  ];
  const profiles = ['Domain', 'Private', 'Public'].map((name) => ({ name, enabled: 0 }));
  const finding = judge({ profiles, profilesFault: null, products, productsFault: null });
  assert.equal(valueOf(finding, firewall).enabled, false);
});

test('a server has no Security Center, and its own firewall is judged alone', async () => {
  assert.equal(valueOf(await read(fixture('windows-server-2019-off.json')), firewall).enabled, false);
});

test('what is in force is read, and not the store that leaves group policy out', async () => {
  assert.match(script, /Get-NetFirewallProfile -PolicyStore ActiveStore/);
  assert.equal(reasonOf(await read(fixture('windows-server-2025-not-configured.json'))), 'failed');
});

test('off with the third parties unread is not known: one of them may have taken over', async () => {
  assert.equal(reasonOf(await read(fixture('windows-off-third-party-unknown.json'))), 'permission-denied');
});

test('the texts of netsh and PowerShell, in any language, are no answer', async () => {
  for (const name of ['windows-netsh-german.txt', 'windows-truncated.json']) {
    assert.equal(reasonOf(await read(fixture(name))), 'output-unreadable', name);
  }
  assert.equal(reasonOf(await read(exited(1, '', fixture('windows-powershell-error-german.txt')))), 'failed');
  const system = recordedSystem({ platform: 'windows', commands: { [command]: fixture('windows-11-24h2-on.json') } });
  await readWindows(system);
  assert.ok(system.ran.every((ran) => !ran.includes('netsh')));
});

test('no answer is unknown, with what stands in the way', async () => {
  assert.equal(reasonOf(await readWindows(recordedSystem({ platform: 'windows' }))), 'tool-absent');
  assert.equal(reasonOf(await read(refused)), 'permission-denied');
  assert.equal(reasonOf(await read({ outcome: 'timed-out' })), 'timed-out');
  assert.equal(reasonOf(await read(fixture('windows-access-denied.json'))), 'permission-denied');
  assert.equal(reasonOf(await read('')), 'output-unreadable');
});

test('a name with control characters does not reach the reading', () => {
  const products = [{ name: 'Evil\u202e wall\n', state: 0x41000 }];
  const finding = judge({ profiles: null, profilesFault: null, products, productsFault: null });
  assert.deepEqual(valueOf(finding, firewall), { enabled: true, provider: 'unnamed third-party firewall' });
});

test('every beginning of an answer, and what is none, is unknown', async () => {
  await assertOnlyAnswersBelieved(script, readWindows, fixture('windows-11-eset.json'));
});

test('the script is constant and carries no quote that a command line could misread', () => {
  assert.doesNotMatch(script, /["`\n]|\$\{/);
});

test('no answer switches the firewall on by accident', () => {
  const answer = fc.record({
    profiles: fc.option(
      fc.array(
        fc.record({
          name: fc.constantFrom('Domain', 'Private', 'Public', 'Öffentlich'),
          enabled: fc.integer({ min: -1, max: 3 }),
        }),
        { maxLength: 5 },
      ),
    ),
    profilesFault: fc.option(fc.string()),
    products: fc.option(fc.array(fc.record({ name: fc.string(), state: fc.nat() }), { maxLength: 3 })),
    productsFault: fc.option(fc.string()),
  });
  fc.assert(
    fc.property(answer, (given) => {
      const finding = judge(given);
      if (finding.status !== 'ok' || !valueOf(finding, firewall).enabled) return;
      const profilesOn = ['Domain', 'Private', 'Public'].every((wanted) =>
        given.profiles?.some(({ name, enabled }) => name === wanted && enabled === 1),
      );
      const productOn = given.products?.some(({ state }) => ((state >> 12) & 15) === 1) === true;
      assert.ok(profilesOn || productOn);
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      assert.equal(answerSchema.safeParse(parseJson(text)).success, false);
    }),
  );
});
