import assert from 'node:assert/strict';
import { test } from 'node:test';
import { antivirus } from '@postern/shared/checks/antivirus';
import fc from 'fast-check';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { assertOnlyAnswersBelieved, windowsAnswering } from '../windows/testing/recorded-windows.ts';
import { productOf, script } from './windows-parse.ts';
import { judge, readWindows } from './windows.ts';

const fixture = fixturesOf(import.meta.url);

function read(name: string) {
  return readWindows(windowsAnswering(script, fixture(`windows-${name}.json`)));
}

async function productsOf(name: string) {
  const { products } = valueOf(await read(name), antivirus);
  return products.map((product) => [product.name, product.running, product.upToDate]);
}

test('Defender that runs is seen, and that it is up to date', async () => {
  assert.deepEqual(await productsOf('10-22h2-defender'), [['Windows Defender', true, true]]);
  assert.deepEqual(await productsOf('11-24h2-defender-out-of-date'), [['Windows Defender', true, false]]);
});

test('the bits say whether it runs: Defender off, a third party on', async () => {
  const byKindOfProduct = (state: number) => (state & (0x10000 | 0x20000)) !== 0;
  assert.deepEqual([byKindOfProduct(393_472), byKindOfProduct(266_240)], [true, false], 'the other way round');
  assert.deepEqual(await productsOf('11-24h2-defender-off'), [['Windows Defender', false, true]]);
  assert.deepEqual(await productsOf('11-23h2-third-party'), [
    ['ESET Security', true, true],
    ['Windows Defender', false, true],
  ]);
});

test('expired and snoozed do not run, though one bit alone says that expired does', async () => {
  assert.notEqual(0x43000 & 0x1000, 0);
  assert.deepEqual(await productsOf('10-22h2-german-expired'), [
    ['Norton Security', false, true],
    ['Avira Antivirus – Schutz', false, true],
  ]);
});

test('a product is named as its maker writes it, and one that is out of date is said to be', async () => {
  assert.deepEqual((await productsOf('11-23h2-japanese-out-of-date'))[0], ['ウイルスバスター クラウド', true, false]);
});

test('nothing that protects is an empty list, and no unknown', async () => {
  assert.deepEqual(await productsOf('11-25h2-nothing'), []);
});

test('what watches is told from what looks for malware, and runs while its service does', async () => {
  const { products } = valueOf(await read('11-24h2-edr'), antivirus);
  assert.deepEqual(
    products.map(({ name, kind, running }) => [name, kind, running]),
    [
      ['Windows Defender', 'antivirus', true],
      ['Microsoft Defender for Endpoint', 'edr', true],
      ['CrowdStrike Falcon', 'edr', true],
    ],
  );
  const stopped = valueOf(await read('11-24h2-edr-stopped'), antivirus).products.filter(({ kind }) => kind === 'edr');
  assert.deepEqual(
    stopped.map(({ name, running }) => [name, running]),
    [
      ['Microsoft Defender for Endpoint', false],
      ['CrowdStrike Falcon', false],
    ],
  );
});

test('what is left of a product in the registry or on the disk is not asked for', () => {
  assert.doesNotMatch(script, /Uninstall|Program Files|Test-Path/);
  assert.equal(script.match(/HKLM:/g)?.length, 1);
});

test('Sense, which every Windows has and few use, is no product of its own', async () => {
  assert.match(fixture('windows-10-22h2-defender.json'), /"Sense"/);
  assert.equal((await productsOf('10-22h2-defender')).length, 1);
});

test('a server has no Security Center, so that Defender is asked itself', async () => {
  assert.deepEqual(await productsOf('server-2019-defender'), [['Microsoft Defender Antivirus', true, true]]);
  assert.deepEqual(await productsOf('server-2025-old-signatures'), [['Microsoft Defender Antivirus', true, false]]);
  assert.deepEqual(await productsOf('server-2022-defender-stopped'), [['Microsoft Defender Antivirus', false, null]]);
});

test('Defender in passive mode does not protect, whatever its parts say', async () => {
  assert.deepEqual(await productsOf('server-2022-passive'), [
    ['Microsoft Defender for Endpoint', true, null],
    ['Microsoft Defender Antivirus', false, true],
  ]);
});

test('Defender in a mode that is not known is not said to run, nor is a service that nobody asked for left out', async () => {
  const passive = fixture('windows-server-2022-passive.json');
  const [mode = ''] = /"mode":"[^"]*"/.exec(passive) ?? [];
  const odd = await readWindows(windowsAnswering(script, passive.replace(mode, '"mode":"Passi\ufffde"')));
  assert.equal(valueOf(odd, antivirus).products.find(({ kind }) => kind === 'antivirus')?.running, null);
  const stopped = fixture('windows-11-24h2-edr-stopped.json');
  const spoilt = await readWindows(windowsAnswering(script, stopped.replace('CSFalcon', 'CSFalc\ufffdn')));
  assert.equal(reasonOf(spoilt), 'output-unreadable');
  const onboarding = stopped.replace('"OnboardingState":1', '"OnboardingState":-1');
  const kept = valueOf(await readWindows(windowsAnswering(script, onboarding)), antivirus).products;
  assert.ok(kept.some(({ name }) => name === 'Microsoft Defender for Endpoint'));
});

test('a server without Defender may have something else, which nobody lists: unknown', async () => {
  assert.equal(reasonOf(await read('server-2019-no-defender')), 'no-data');
  assert.equal(reasonOf(await read('access-denied')), 'permission-denied');
});

test('a name with control characters does not reach the reading', () => {
  assert.equal(productOf({ name: 'Evil\u202e\n', state: 0x41000 }).name, 'unnamed antivirus');
});

test('no answer, another answer and a part of one are unknown', async () => {
  await assertOnlyAnswersBelieved(script, readWindows, fixture('windows-11-23h2-third-party.json'));
});

test('no number runs by accident', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ name: fc.string(), state: fc.nat() }), { maxLength: 32 }), (products) => {
      const none = { fault: 'PathNotFound', values: null };
      const finding = judge({
        products,
        productsFault: null,
        defender: null,
        defenderFault: null,
        services: [],
        onboarding: none,
      });
      const running = valueOf(finding, antivirus).products.filter((product) => product.running === true);
      assert.equal(running.length, Math.min(16, products.filter(({ state }) => ((state >> 12) & 15) === 1).length));
    }),
  );
});
