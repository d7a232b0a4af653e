import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceManagement } from '@postern/shared/checks/device-management';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { assertOnlyAnswersBelieved, windowsAnswering } from '../windows/testing/recorded-windows.ts';
import { managerOf, script } from './windows-parse.ts';
import { readWindows } from './windows.ts';

const fixture = fixturesOf(import.meta.url);

function read(name: string) {
  return readWindows(windowsAnswering(script, fixture(`windows-${name}.json`)));
}

async function stateOf(name: string) {
  const { managed, mdm, directory } = valueOf(await read(name), deviceManagement);
  return [managed, mdm, directory];
}

test('Intune, Workspace ONE and others are known by who enrolled the machine', async () => {
  assert.deepEqual(await stateOf('11-24h2-intune'), [true, 'intune', 'entra-id']);
  assert.deepEqual(await stateOf('11-25h2-workspace-one'), [true, 'workspace-one', null]);
  assert.deepEqual(await stateOf('11-24h2-fleet'), [true, 'Fleet', null]);
});

test('a machine in a domain, also one that is in Entra too', async () => {
  assert.deepEqual(await stateOf('server-2019-domain'), [true, null, 'active-directory']);
  assert.deepEqual(await stateOf('11-23h2-german-hybrid'), [true, 'intune', 'active-directory']);
});

test('Configuration Manager counts while its client runs', async () => {
  assert.deepEqual(await stateOf('server-2022-configuration-manager'), [
    true,
    'configuration-manager',
    'active-directory',
  ]);
});

test('Windows’ own entries are nobody’s management', async () => {
  assert.match(fixture('windows-10-22h2-nobody.json'), /WMI_Bridge_SCCM_Server","state":1/);
  assert.deepEqual(await stateOf('10-22h2-nobody'), [false, null, null]);
  assert.deepEqual(await stateOf('server-2025-workgroup'), [false, null, null]);
});

test('what is left of an enrollment that ended, or was never finished, does not count', async () => {
  assert.match(fixture('windows-11-24h2-left-over.json'), /MS DM Server/);
  assert.deepEqual(await stateOf('11-24h2-left-over'), [false, null, null]);
});

test('who enrolled it, and the tenant, are not read', () => {
  assert.doesNotMatch(script, /UPN|UserEmail|TenantId|dsregcmd/i);
});

test('a suffix for names is not taken for a domain', () => {
  assert.doesNotMatch(script, /Tcpip/i);
  assert.match(script, /PartOfDomain/);
});

test('a place that is refused may hold the management: unknown, and not "nobody"', async () => {
  assert.equal(reasonOf(await read('access-denied')), 'permission-denied');
  assert.equal(reasonOf(await read('wmi-denied')), 'permission-denied');
});

test('a name with control characters does not reach the reading', () => {
  const answer = {
    domain: false,
    domainFault: null,
    joins: 0,
    joinsFault: null,
    enrollments: [{ provider: 'Evil\u202e', state: 1 }],
    enrollmentsFault: null,
    services: [],
  };
  assert.equal(managerOf(answer), 'unnamed');
});

test('no answer, another answer and a part of one are unknown', async () => {
  await assertOnlyAnswersBelieved(script, readWindows, fixture('windows-11-24h2-intune.json'));
});
