import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remoteAccess } from '@postern/shared/checks/remote-access';
import fc from 'fast-check';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { recordedSystem, refused, type Recording } from '../testing/recorded-system.ts';
import { parseSockets } from './listeners.ts';
import { readLinux } from './linux.ts';

const fixture = fixturesOf(import.meta.url);
const header = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const socket = (address: string, port: number, state = '0A', index = 0) =>
  `${String(index).padStart(4)}: ${address}:${port.toString(16).toUpperCase().padStart(4, '0')} ${'0'.repeat(address.length)}:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0\n`;
const everywhere = '00000000';
const loopback = '0100007F';
const six = {
  any: '0'.repeat(32),
  own: '00000000000000000000000001000000',
  mapped: '0000000000000000FFFF00000100007F',
};

const read = (tcp: string | typeof refused, more: Recording['files'] = {}) =>
  readLinux(recordedSystem({ platform: 'linux', files: { '/proc/net/tcp': tcp, ...more } }));
const services = async (tcp: string, more: Recording['files'] = {}) =>
  Object.fromEntries(
    valueOf(await read(header + tcp, more), remoteAccess).services.map(({ name, open, port }) => [name, [open, port]]),
  );
const none = { ssh: ['no', null], rdp: ['no', null], vnc: ['no', null], smb: ['no', null], nfs: ['no', null] };

test('nothing listens, and each service is said to be off', async () => {
  assert.deepEqual(await services(''), none);
});

test('a laptop with sshd, CUPS, a local database and an open connection', async () => {
  const files = { '/proc/net/tcp6': fixture('linux-tcp6-sshd.txt') };
  const value = valueOf(await read(fixture('linux-tcp-sshd.txt'), files), remoteAccess);
  assert.equal(value.source, 'sockets');
  assert.deepEqual(value.services[0], { name: 'ssh', open: 'anywhere', port: 22 });
  assert.ok(value.services.slice(1).every(({ open }) => open === 'no'));
});

for (const [name, port] of [
  ['ssh', 22],
  ['rdp', 3389],
  ['rdp', 3390],
  ['vnc', 5900],
  ['vnc', 5901],
  ['smb', 445],
  ['smb', 139],
  ['nfs', 2049],
] as const) {
  test(`${name} on ${port}: to everybody, to one network, and to this machine alone`, async () => {
    assert.deepEqual(await services(socket(everywhere, port)), { ...none, [name]: ['anywhere', port] });
    assert.deepEqual(await services(socket('0501A8C0', port)), { ...none, [name]: ['anywhere', port] });
    assert.deepEqual(await services(socket(loopback, port)), { ...none, [name]: ['this-machine', port] });
  });
}

test('version 6 of the protocol: everything, this machine, and version 4 in its clothes', async () => {
  for (const [address, open] of [
    [six.any, 'anywhere'],
    [six.own, 'this-machine'],
    [six.mapped, 'this-machine'],
    ['0000000000000000FFFF00000501A8C0', 'anywhere'],
    ['000080FE00000000FF565002BC123456', 'anywhere'],
  ] as const) {
    const found = await services('', { '/proc/net/tcp6': header + socket(address, 22) });
    assert.deepEqual(found['ssh'], [open, 22], address);
  }
});

test('an open socket is not hidden by a local one of the same service', async () => {
  const both = socket(loopback, 5900) + socket(everywhere, 5901, '0A', 1);
  assert.deepEqual((await services(both))['vnc'], ['anywhere', 5901]);
});

test('only what waits for somebody counts: not a connection that this machine made to another’s sshd', async () => {
  assert.deepEqual(await services(socket(everywhere, 22, '01') + socket('0501A8C0', 22, '06', 1)), none);
});

test('127.0.0.53 is this machine too; an address that ends in 127 is not', async () => {
  assert.deepEqual((await services(socket('3500007F', 22)))['ssh'], ['this-machine', 22]);
  assert.deepEqual((await services(socket('7F01A8C0', 22)))['ssh'], ['anywhere', 22]);
});

test('sshd on a port of its own is still remote login', async () => {
  const files = {
    '/etc/ssh/sshd_config': '#Port 22\nPort 2222\n',
    '/etc/ssh/sshd_config.d/a.conf': 'ListenAddress 0.0.0.0:2022\n',
  };
  assert.deepEqual((await services(socket(everywhere, 2222), files))['ssh'], ['anywhere', 2222]);
  assert.deepEqual((await services(socket(everywhere, 2022), files))['ssh'], ['anywhere', 2022]);
  assert.deepEqual((await services(socket(everywhere, 2222)))['ssh'], ['no', null]);
});

test('where the settings of sshd are root’s to read and it runs, it may wait on another port: unknown, not off', async () => {
  const hidden = { '/etc/ssh/sshd_config': refused, '/proc/1/comm': 'systemd\n' };
  const serves = { ...hidden, '/proc/700/comm': 'sshd\n' };
  assert.equal(reasonOf(await read(header + socket(everywhere, 2222), serves)), 'permission-denied');
  assert.equal(reasonOf(await read(header + socket(loopback, 22), serves)), 'permission-denied');
  assert.deepEqual((await services(socket(everywhere, 22), serves))['ssh'], ['anywhere', 22]);
  assert.deepEqual((await services('', hidden))['ssh'], ['no', null]);
});

test('nothing is started and nobody is dialled', async () => {
  const system = recordedSystem({ platform: 'linux', files: { '/proc/net/tcp': header } });
  await readLinux(system);
  assert.deepEqual(system.ran, []);
});

test('a list that is absent, refused, cut off or something else is unknown, never off', async () => {
  assert.equal(reasonOf(await read(refused)), 'permission-denied');
  assert.equal(reasonOf(await readLinux(recordedSystem({ platform: 'linux' }))), 'no-data');
  assert.equal(reasonOf(await read(header, { '/proc/net/tcp6': refused })), 'permission-denied');
  for (const text of [
    '',
    '<html>',
    `${header}${socket(everywhere, 22)}`.slice(0, -20),
    header.slice(0, 30),
    `${header}x\n`,
  ]) {
    assert.equal(reasonOf(await read(text)), 'output-unreadable', text);
  }
});

test('a container is not asked', async () => {
  const finding = await read(header, { '/run/.containerenv': '' });
  assert.equal(finding.status === 'unsupported' && finding.reason, 'container');
});

test('a list of one version of the protocol in the place of the other is not believed', async () => {
  const six32 = header + socket(six.any, 22);
  assert.equal(reasonOf(await read(six32)), 'output-unreadable');
  assert.equal(
    reasonOf(await read(header, { '/proc/net/tcp6': header + socket(everywhere, 22) })),
    'output-unreadable',
  );
});

test('two lines that ran together are no line', () => {
  const whole = header + socket(everywhere, 22) + socket(everywhere, 5900, '0A', 1);
  for (const end of whole.matchAll(/\n(?=.)/g)) {
    for (const instead of ['', ' ', '\ufffd', '\u2028']) {
      assert.equal(parseSockets(whole.slice(0, end.index) + instead + whole.slice(end.index + 1)), undefined);
    }
  }
});

test('a list that is cut off anywhere loses no socket silently', () => {
  const whole = header + socket(everywhere, 22) + socket(loopback, 445, '0A', 1);
  fc.assert(
    fc.property(fc.nat({ max: whole.length - 1 }), fc.string({ unit: 'binary' }), (length, noise) => {
      const found = parseSockets(whole.slice(0, length));
      // Whole lines are all that is told; whether more should follow, the kernel does not say.
      if (found !== undefined) assert.equal(whole[length - 1], '\n');
      parseSockets(noise);
      parseSockets(header + noise);
    }),
  );
});
