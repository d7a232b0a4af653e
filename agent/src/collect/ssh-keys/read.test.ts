import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { sshKeys } from '@postern/shared/checks/ssh-keys';
import fc from 'fast-check';
import { reasonOf, valueOf } from '../testing/assert-finding.ts';
import { recordedSystem, refused, type Recording } from '../testing/recorded-system.ts';
import { keysIn } from './private-key.ts';
import { read } from './read.ts';
import { blobs, openSshFile, puttyFile } from './testing/written-keys.ts';

const folder = '/home/ada/.ssh';
const readAll = (files: Record<string, string | typeof refused>, more: Omit<Recording, 'platform'> = {}) => {
  const paths = Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text] as const);
  return read(recordedSystem({ platform: 'linux', ...more, files: { ...more.files, ...Object.fromEntries(paths) } }));
};
const valueFor = async (files: Record<string, string | typeof refused>) => valueOf(await readAll(files), sshKeys);
const oneOf = async (text: string) => {
  const { keys, unreadable } = await valueFor({ id_any: text });
  assert.deepEqual([keys.length, unreadable], [1, 0]);
  return keys[0];
};
const encrypted = { cipher: 'aes256-ctr' };
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ec = generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey;
const lock = { cipher: 'aes-256-cbc', passphrase: 'correct horse' };

for (const [algorithm, bits, blob] of [
  ['ed25519', null, blobs.ed25519()],
  ['ed25519-sk', null, blobs.ed25519Sk()],
  ['ecdsa-sk', 256, blobs.ecdsaSk()],
  ['ecdsa', 256, blobs.ecdsa('nistp256')],
  ['ecdsa', 384, blobs.ecdsa('nistp384')],
  ['ecdsa', 521, blobs.ecdsa('nistp521')],
  ['rsa', 1024, blobs.rsa(1024)],
  ['rsa', 3072, blobs.rsa(3072)],
  ['dsa', 1024, blobs.dsa()],
] as const) {
  test(`OpenSSH: ${algorithm} ${bits ?? ''}, open and with a passphrase`, async () => {
    assert.deepEqual(await oneOf(openSshFile({ publicBlob: blob })), { algorithm, bits, passphrase: false });
    assert.deepEqual(await oneOf(openSshFile({ publicBlob: blob, ...encrypted })), {
      algorithm,
      bits,
      passphrase: true,
    });
  });
}

test('a file of a megabyte of blanks, or of anything else, is read at once', () => {
  for (const unit of [' ', '\t', '\r', ' \r', '-----BEGIN ', '-----BEGIN A PRIVATE KEY-----\n', 'A', '\n']) {
    const started = performance.now();
    keysIn(unit.repeat((1024 * 1024) / unit.length));
    keysIn(`-----BEGIN RSA PRIVATE KEY-----\n${unit.repeat((1024 * 1024) / unit.length)}`);
    assert.ok(performance.now() - started < 2000, JSON.stringify(unit));
  }
});

test('PEM: RSA, EC and PKCS#8 as they lie open tell kind and size', async () => {
  const open = { algorithm: 'rsa', bits: 2048, passphrase: false };
  assert.deepEqual(await oneOf(String(rsa.export({ type: 'pkcs1', format: 'pem' }))), open);
  assert.deepEqual(await oneOf(String(rsa.export({ type: 'pkcs8', format: 'pem' }))), open);
  const curve = { algorithm: 'ecdsa', bits: 384, passphrase: false };
  assert.deepEqual(await oneOf(String(ec.export({ type: 'sec1', format: 'pem' }))), curve);
  assert.deepEqual(await oneOf(String(ec.export({ type: 'pkcs8', format: 'pem' }))), curve);
  const dsa = generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 }).privateKey;
  const written = String(dsa.export({ type: 'pkcs8', format: 'pem' }));
  assert.deepEqual(await oneOf(written), { algorithm: 'dsa', bits: 1024, passphrase: false });
});

test('PEM: with a passphrase only what stands outside is told', async () => {
  const old = String(rsa.export({ type: 'pkcs1', format: 'pem', ...lock }));
  assert.match(old, /Proc-Type: 4,ENCRYPTED/);
  assert.deepEqual(await oneOf(old), { algorithm: 'rsa', bits: null, passphrase: true });
  assert.deepEqual(await oneOf(String(ec.export({ type: 'sec1', format: 'pem', ...lock }))), {
    algorithm: 'ecdsa',
    bits: null,
    passphrase: true,
  });
  const new8 = String(rsa.export({ type: 'pkcs8', format: 'pem', ...lock }));
  assert.deepEqual(await oneOf(new8), { algorithm: 'unknown', bits: null, passphrase: true });
});

test('PuTTY: kind, size and passphrase, with the line ends of Windows', async () => {
  const open = { algorithm: 'rsa', bits: 1024, passphrase: false };
  assert.deepEqual(await oneOf(puttyFile(blobs.rsa(1024), 'none')), open);
  assert.equal((await oneOf(puttyFile(blobs.ed25519(), 'aes256-cbc')))?.passphrase, true);
});

test('what is no private key is not one: public keys, certificates, hosts, settings, a certificate authority’s PEM', async () => {
  const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
  const value = await valueFor({
    'id_ed25519.pub': 'ssh-ed25519 AAAA ada@laptop\n',
    'id_ed25519-cert.pub': 'ssh-ed25519-cert-v01@openssh.com AAAA\n',
    known_hosts: openSshFile({ publicBlob: blobs.ed25519() }),
    'known_hosts.old': 'x',
    authorized_keys: 'ssh-rsa AAAA\n',
    config: 'Host *\n  IdentityFile ~/.ssh/id_rsa\n',
    'ca.pem': pem,
    'notes.txt': 'My key begins with -----BEGIN RSA PRIVATE KEY----- they say\n',
  });
  assert.deepEqual(value, { keys: [], unreadable: 0 });
});

test('a key of a security key whose private half never was a file is not counted', async () => {
  assert.deepEqual(await valueFor({ 'id_ed25519_sk.pub': 'sk-ssh-ed25519@openssh.com AAAA\n' }), {
    keys: [],
    unreadable: 0,
  });
});

test('a key is found whatever its file is called, and its name and comment stay here', async () => {
  const finding = await readAll({ 'acme-production': openSshFile({ publicBlob: blobs.ed25519() }) });
  assert.equal(valueOf(finding, sshKeys).keys.length, 1);
  assert.doesNotMatch(JSON.stringify(finding), /acme|production|home.ada/);
});

test('the order of the keys tells nothing of the order of their names', async () => {
  const open = openSshFile({ publicBlob: blobs.ed25519() });
  const closed = openSshFile({ publicBlob: blobs.rsa(1024), ...encrypted });
  assert.deepEqual(await valueFor({ a: open, b: closed }), await valueFor({ a: closed, b: open }));
});

test('files that look like a key and cannot be read or understood are counted, not passed over', async () => {
  const whole = openSshFile({ publicBlob: blobs.ed25519() });
  const value = await valueFor({
    id_rsa: refused,
    work: refused,
    'work.pub': 'ssh-rsa AAAA\n',
    'socket.sock': refused,
    cut: whole.slice(0, whole.length / 2),
    id_ssh1: 'SSH PRIVATE KEY FILE FORMAT 1.1\n\0\0',
    strange: openSshFile({ publicBlob: blobs.of('ssh-xmss@openssh.com') }),
    two: openSshFile({ publicBlob: blobs.ed25519(), count: 2 }),
    contradiction: openSshFile({ publicBlob: blobs.ed25519(), cipher: 'aes256-ctr', derivation: 'none' }),
    other: '-----BEGIN FANCY PRIVATE KEY-----\nAAAA\n-----END FANCY PRIVATE KEY-----\n',
  });
  assert.deepEqual(value, { keys: [], unreadable: 8 });
});

test('several keys in one file are several keys', async () => {
  const both = openSshFile({ publicBlob: blobs.ed25519() }) + String(rsa.export({ type: 'pkcs8', format: 'pem' }));
  assert.equal((await valueFor({ both })).keys.length, 2);
});

test('no folder is no keys; a folder that is closed, or a home that is not there, is unknown', async () => {
  const home = await read(recordedSystem({ platform: 'linux', dirs: { '/home/ada': ['Documents'] } }));
  assert.deepEqual(valueOf(home, sshKeys), { keys: [], unreadable: 0 });
  const closed = await read(recordedSystem({ platform: 'linux', files: { [folder]: refused } }));
  assert.equal(reasonOf(closed), 'permission-denied');
  assert.equal(reasonOf(await read(recordedSystem({ platform: 'linux' }))), 'permission-denied');
});

test('Windows and macOS keep them in the same place', async () => {
  const text = openSshFile({ publicBlob: blobs.ed25519() });
  const windows = recordedSystem({
    platform: 'windows',
    files: { 'C:\\Users\\ada\\.ssh\\id': text.replaceAll('\n', '\r\n') },
  });
  assert.equal(valueOf(await read(windows), sshKeys).keys.length, 1);
  const macos = recordedSystem({ platform: 'macos', files: { '/Users/ada/.ssh/id': text } });
  assert.equal(valueOf(await read(macos), sshKeys).keys.length, 1);
});

test('a folder with too much in it is unknown', async () => {
  const files = Object.fromEntries(Array.from({ length: 257 }, (_, index) => [`file${index}`, '']));
  assert.equal(reasonOf(await readAll(files)), 'output-unreadable');
  const key = openSshFile({ publicBlob: blobs.ed25519() });
  const keys = Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`file${index}`, key]));
  assert.equal(reasonOf(await readAll(keys)), 'output-unreadable');
});

const samples = [
  openSshFile({ publicBlob: blobs.rsa(1024) }),
  openSshFile({ publicBlob: blobs.ed25519(), ...encrypted }),
  String(rsa.export({ type: 'pkcs1', format: 'pem' })),
  String(rsa.export({ type: 'pkcs1', format: 'pem', ...lock })),
  puttyFile(blobs.ed25519(), 'none'),
];

test('a key that is cut off anywhere is never taken for another or a protected one', () => {
  fc.assert(
    fc.property(fc.constantFrom(...samples), fc.double({ min: 0, max: 1, noNaN: true }), (text, share) => {
      const [whole] = keysIn(text).keys;
      for (const key of keysIn(text.slice(0, Math.floor(text.length * share))).keys) assert.deepEqual(key, whole);
    }),
  );
});

test('any text is read without an error', () => {
  const label = fc.constantFrom('', 'OPENSSH ', 'RSA ', 'EC ', 'ENCRYPTED ');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), label, fc.base64String(), (noise, kind, body) => {
      keysIn(noise);
      const file = `-----BEGIN ${kind}PRIVATE KEY-----\n${body}\n-----END ${kind}PRIVATE KEY-----\n${noise}`;
      const { keys, unreadable } = keysIn(file);
      assert.ok(keys.length + unreadable >= 1);
    }),
  );
});
