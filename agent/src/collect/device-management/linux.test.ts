import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceManagement } from '@postern/shared/checks/device-management';
import { reasonOf, valueOf } from '../testing/assert-finding.ts';
import { recordedSystem, refused, type Recording } from '../testing/recorded-system.ts';
import { readLinux } from './linux.ts';

const read = (recording: Omit<Recording, 'platform'> = {}) =>
  readLinux(recordedSystem({ platform: 'linux', ...recording }));
const valueFor = async (recording?: Omit<Recording, 'platform'>) => valueOf(await read(recording), deviceManagement);
const nobody = { managed: false, mdm: null, directory: null };

test('nobody, where every place could be looked at', async () => {
  assert.deepEqual(await valueFor(), nobody);
});

const portal = { '/opt/microsoft/intune/bin/intune-portal': '' };
const registration = (home: string, text: string) => ({ [`${home}/.config/intune/registration.toml`]: text });

test('Intune: an installed portal is not an enrolment', async () => {
  assert.deepEqual(await valueFor({ files: portal }), nobody);
  assert.deepEqual(
    await valueFor({ files: { ...portal, ...registration('/home/ada', 'account_hint = "ada"\n') } }),
    nobody,
  );
});

test('Intune: registered with Entra ID, and enrolled', async () => {
  const registered = 'account_hint = "ada"\naad_device_hint = "0f-1e"\n';
  const entra = { managed: true, mdm: null, directory: 'entra-id' };
  assert.deepEqual(await valueFor({ files: { ...portal, ...registration('/home/ada', registered) } }), entra);
  const enrolled = `${registered}device_hint = "2d-3c"\n`;
  const both = { ...entra, mdm: 'intune' };
  assert.deepEqual(await valueFor({ files: { ...portal, ...registration('/home/ada', enrolled) } }), both);
});

test('Intune: root looks into every home', async () => {
  const files = { ...portal, ...registration('/home/bob', 'device_hint = "2d"\n') };
  assert.equal((await valueFor({ uid: 0, home: '/root', files })).mdm, 'intune');
});

test('Intune: a registration that may not be read is not ruled out', async () => {
  const files = { ...portal, '/home/ada/.config/intune/registration.toml': refused };
  assert.equal(reasonOf(await read({ files })), 'permission-denied');
});

test('Workspace ONE: by what its hub says, and unknown where it says something else', async () => {
  const hub = '/opt/omnissa/ws1-hub/bin/ws1HubUtil';
  const says = (text: string) => ({ files: { [hub]: '' }, commands: { [`${hub} status`]: text } });
  assert.equal((await valueFor(says('Enrolled: true\n'))).mdm, 'workspace-one');
  assert.deepEqual(await valueFor(says('Device is not enrolled\n')), nobody);
  assert.deepEqual(await valueFor(says('Enrolled: false\n')), nobody);
  assert.equal(reasonOf(await read(says('permission denied\n'))), 'permission-denied');
  for (const text of [
    'Enrolled: fals\ufffd\n',
    'Enrolled: f',
    'Enrolled',
    'Enrolled: true',
    'Not yet enr\u0001olled\n',
  ]) {
    assert.equal(reasonOf(await read(says(text))), 'permission-denied', text);
  }
});

test('Landscape: an account, none, and a file that may not be read', async () => {
  const config = (text: string | typeof refused) => ({ files: { '/etc/landscape/client.conf': text } });
  assert.equal((await valueFor(config('[client]\naccount_name = acme\n'))).mdm, 'landscape');
  assert.deepEqual(await valueFor(config('[client]\nlog_level = info\n')), nobody);
  assert.equal(reasonOf(await read(config(refused))), 'permission-denied');
});

test('a megabyte of blanks or of empty lines in any of these files is read at once', async () => {
  for (const unit of [' ', '\n', '\t\n', 'device_hint = ', 'security =', 'id_provider\n']) {
    const text = `${unit.repeat(Math.floor((1024 * 1024) / unit.length))}x`;
    const paths = ['/etc/sssd/sssd.conf', '/etc/samba/smb.conf', '/etc/landscape/client.conf'];
    const files = Object.fromEntries(
      [...paths, '/home/ada/.config/intune/registration.toml'].map((path) => [path, text]),
    );
    const started = performance.now();
    await read({ files: { ...portal, ...files, '/etc/krb5.keytab': refused } });
    assert.ok(performance.now() - started < 2000, JSON.stringify(unit));
  }
});

test('directories: as sssd names them', async () => {
  for (const [provider, directory] of [
    ['ad', 'active-directory'],
    ['ipa', 'freeipa'],
    ['LDAP', 'ldap'],
  ]) {
    const files = { '/etc/sssd/sssd.conf': `[domain/x]\nid_provider = ${provider}\n` };
    assert.deepEqual(await valueFor({ uid: 0, files }), { managed: true, mdm: null, directory });
  }
  assert.deepEqual(await valueFor({ uid: 0, files: { '/etc/sssd/sssd.conf': 'id_provider = files\n' } }), nobody);
});

test('directories: winbind counts where the machine has joined', async () => {
  const samba = { '/etc/samba/smb.conf': '[global]\n   security = ADS\n' };
  assert.equal((await valueFor({ files: { ...samba, '/etc/krb5.keytab': refused } })).directory, 'active-directory');
  assert.deepEqual(await valueFor({ files: samba }), nobody);
  assert.equal((await valueFor({ files: { '/etc/ipa/default.conf': '[global]\n' } })).directory, 'freeipa');
});

test('directories: sssd that may not be read, beside a key, is one; without a key it is not ruled out', async () => {
  const files = { '/etc/sssd/sssd.conf': refused };
  assert.equal(reasonOf(await read({ files })), 'permission-denied');
  const joined = { ...files, '/etc/krb5.keytab': refused };
  assert.equal((await valueFor({ files: joined })).directory, 'sssd');
  const commands = { '/usr/sbin/realm list': 'example.com\n  type: kerberos\n  server-software: active-directory\n' };
  assert.equal((await valueFor({ files: joined, commands })).directory, 'active-directory');
});
