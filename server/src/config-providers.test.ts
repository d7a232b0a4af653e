import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { ConfigError, readConfig } from './config-read.ts';

const company = { id: 'company', title: 'Example Inc.', issuer: 'https://idp.example/', client_id: 'postern' };

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'postern-providers-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function faultsOf(t: TestContext, providers: unknown): string {
  const text = typeof providers === 'string' ? providers : JSON.stringify(providers);
  try {
    readConfig({ POSTERN_DATA: path.join(folderOf(t), 'data'), POSTERN_SIGN_IN_PROVIDERS: text });
    return '';
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.join('\n');
    throw error;
  }
}

test('providers are read from the file as a list, with what is not said as it is safe', (t) => {
  const folder = folderOf(t);
  writeFileSync(path.join(folder, 'secret'), 'of-the-file\n');
  const file = path.join(folder, 'postern.yaml');
  writeFileSync(
    file,
    `sign_in:
  passwords: false
  providers:
    - id: company
      title: Example Inc.
      issuer: https://idp.example/
      client_id: postern
      client_secret_file: ${path.join(folder, 'secret')}
      roles: { admins: [admin] }
`,
  );
  const { signIn } = readConfig({ POSTERN_DATA: path.join(folder, 'data'), POSTERN_CONFIG: file });
  assert.equal(signIn.passwords, false);
  assert.deepEqual(signIn.providers, [
    {
      id: 'company',
      title: 'Example Inc.',
      issuer: 'https://idp.example/',
      clientId: 'postern',
      clientSecret: 'of-the-file',
      scope: 'openid email profile',
      linkByEmail: false,
      create: false,
      groupsClaim: 'groups',
      roles: { admins: ['admin'] },
      groups: [],
    },
  ]);
});

test('a provider that is wrong is a fault that says where, and never what the secret is', (t) => {
  const wrongs: [unknown, RegExp][] = [
    ['{', /must be a list of OpenID providers/],
    [{ company }, /must be a list of OpenID providers/],
    [[{ ...company, issuer: 'http://idp.example' }], /0\.issuer: must be an https address/],
    [[{ ...company, issuer: 'https://me:hunter2@idp.example' }], /0\.issuer/],
    [[{ ...company, id: 'Company/../x' }], /0\.id/],
    [[{ ...company, roles: { admins: ['root'] } }], /0\.roles\.admins\.0/],
    [[{ ...company, scope: 'email' }], /0\.scope: must begin with openid/],
    [[{ ...company, client_secret: 'hunter2', client_secret_file: '/hunter2' }], /0\.client_secret: .*not both/],
    [[{ ...company, client_secret: ['hunter2'] }], /0\.client_secret/],
    [[company, company], /must be a list/],
    [[{ ...company, client_secret_file: '/there/is/none' }], /client_secret_file of company/],
  ];
  for (const [wrong, expected] of wrongs) {
    const faults = faultsOf(t, wrong);
    assert.match(faults, expected, JSON.stringify(wrong));
    assert.doesNotMatch(faults, /hunter2/, faults);
  }
  assert.equal(faultsOf(t, [company, { ...company, id: 'local', issuer: 'http://localhost:8080/realm' }]), '');
});
