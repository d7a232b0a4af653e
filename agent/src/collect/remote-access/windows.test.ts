import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remoteAccess } from '@postern/shared/checks/remote-access';
import fc from 'fast-check';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { assertOnlyAnswersBelieved, windowsAnswering } from '../windows/testing/recorded-windows.ts';
import { script, servicesOf } from './windows-parse.ts';
import { readWindows } from './windows.ts';

const fixture = fixturesOf(import.meta.url);

function read(name: string) {
  return readWindows(windowsAnswering(script, fixture(`windows-${name}.json`)));
}

async function servicesIn(name: string) {
  const { services, source } = valueOf(await read(name), remoteAccess);
  return { source, open: services.map((service) => `${service.name} ${service.open} ${service.port}`).toSorted() };
}

test('a Windows as it is installed waits for file sharing, and not for Remote Desktop', async () => {
  assert.deepEqual(await servicesIn('11-24h2-default'), {
    source: 'sockets',
    open: ['rdp no null', 'smb anywhere 445'],
  });
});

test('Remote Desktop that waits is seen, also where its port was moved', async () => {
  assert.ok((await servicesIn('10-22h2-rdp')).open.includes('rdp anywhere 3389'));
  assert.ok((await servicesIn('11-23h2-rdp-moved')).open.includes('rdp anywhere 13389'));
});

test('a port of Remote Desktop that is none is not taken for the usual one', async () => {
  const whole = fixture('windows-11-23h2-rdp-moved.json');
  const text = whole.replace('"PortNumber":13389', '"PortNumber":-1');
  assert.notEqual(text, whole);
  assert.equal(reasonOf(await readWindows(windowsAnswering(script, text))), 'output-unreadable');
});

test('SSH on another port is known by its program, and each service counts by its most open socket', async () => {
  assert.deepEqual((await servicesIn('11-25h2-ssh-2222-vnc-local')).open, [
    'rdp no null',
    'smb anywhere 445',
    'ssh anywhere 2222',
    'vnc this-machine 5901',
  ]);
});

test('a server waits for WinRM', async () => {
  assert.deepEqual((await servicesIn('server-2019-winrm')).open, [
    'rdp no null',
    'smb anywhere 445',
    'ssh anywhere 22',
    'winrm anywhere 5985',
  ]);
});

test('a service behind a firewall still waits: sockets are listed, and nothing is dialled', () => {
  assert.match(script, /Get-NetTCPConnection -State Listen/);
  assert.doesNotMatch(script, /Test-NetConnection|TcpClient|netstat/i);
});

test('without the sockets, the policy for Remote Desktop decides over the setting', async () => {
  const on = await servicesIn('server-2022-policy-on-sockets-denied');
  assert.deepEqual(on, { source: 'settings', open: ['rdp anywhere 3389'] });
  assert.equal(reasonOf(await read('server-2025-policy-off-sockets-denied')), 'permission-denied');
});

test('a Windows where nothing at all waits, or the command is missing, gave no answer', async () => {
  assert.equal(reasonOf(await read('nothing-listens')), 'failed');
  assert.equal(reasonOf(await read('command-absent')), 'tool-absent');
});

test('no answer, another answer and a part of one are unknown', async () => {
  await assertOnlyAnswersBelieved(script, readWindows, fixture('windows-11-24h2-default.json'));
});

test('an address that is not loopback is reachable, whatever it looks like', () => {
  const address = fc.oneof(
    fc.string(),
    fc.constantFrom(
      '127.0.0.1',
      '::1',
      '127.0.0.1.example.org',
      '0.0.0.0',
      '::',
      '10.0.0.4',
      'fe80::1%5',
      '::ffff:127.0.0.1',
    ),
  );
  fc.assert(
    fc.property(address, (given) => {
      const [service] = servicesOf([{ address: given, port: 3389, program: '' }], 3389);
      const isLoopback = given === '127.0.0.1' || given === '::1';
      assert.equal(service?.open, isLoopback ? 'this-machine' : 'anywhere', given);
    }),
  );
});
