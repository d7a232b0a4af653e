import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import fc from 'fast-check';
import { ConfigError, type Environment, readConfig } from './config-read.ts';

const masterSecret = 'a'.repeat(43);

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'postern-config-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function faultsOf(environment: Environment): readonly string[] {
  try {
    readConfig({ POSTERN_MASTER_SECRET: masterSecret, ...environment });
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.faults;
  }
  return [];
}

test('with nothing said, it listens on loopback with SQLite in ./data', () => {
  const config = readConfig({ POSTERN_MASTER_SECRET: masterSecret });
  assert.equal(config.issuer, 'http://127.0.0.1:7420');
  assert.equal(config.databaseUrl, `sqlite:${path.resolve('data', 'postern.db')}`);
  assert.equal(config.metricsFor, 'loopback');
  assert.deepEqual([config.attestationsPerDevice, config.deviceFlowPending], [60, false]);
});

test('the environment wins over the file, the file over the defaults', (t) => {
  const folder = newFolder(t);
  const file = path.join(folder, 'postern.yaml');
  writeFileSync(
    file,
    'port: 8000\nlog: debug\nlimits:\n  token: 7\ntrusted_proxies: [10.0.0.1, 10.1.0.0/16]\ndevice_flow_pending: true\n',
  );
  const config = readConfig({ POSTERN_CONFIG: file, POSTERN_PORT: '9000', POSTERN_MASTER_SECRET: masterSecret });
  assert.deepEqual(
    [config.port, config.logLevel, config.limits.token, config.attestEveryMs],
    [9000, 'debug', 7, 900_000],
  );
  assert.deepEqual(config.trustedProxies, ['10.0.0.1', '10.1.0.0/16']);
  assert.equal(config.deviceFlowPending, true);
});

test('all faults are told at once, each with its name, its line and what would be right', (t) => {
  const folder = newFolder(t);
  const file = path.join(folder, 'postern.yaml');
  writeFileSync(file, 'port: 70000\nlimits:\n  token: none\n  tokne: 5\nlog: loud\n');
  const faults = faultsOf({
    POSTERN_CONFIG: file,
    POSTERN_ATTEST_EVERY: 'often',
    POSTERN_ISUER: 'https://x',
    POSTERN_TRUSTED_PROXIES: '10.0.0.0/33',
    POSTERN_AGENT_DATA: '/elsewhere',
    POSTERN_TEST_POSTGRES: 'skip',
  });
  assert.deepEqual(faults, [
    'POSTERN_ISUER: there is no such variable; did you mean POSTERN_ISSUER?',
    `${file}:4: limits.tokne: there is no such setting; did you mean limits.token?`,
    `${file}:1: port: must be a port, 0 to 65535`,
    'POSTERN_TRUSTED_PROXIES: must be addresses or ranges of proxies, such as 10.0.0.5 or 10.0.0.0/24, separated by commas',
    `${file}:5: log: must be silent, error, warn, info or debug`,
    'POSTERN_ATTEST_EVERY: must be a duration from 1m to 1d',
    `${file}:3: limits.token: must be calls a minute and address, 1 or more`,
  ]);
});

test('a file that is absent, not YAML, or names something twice is a fault', (t) => {
  const folder = newFolder(t);
  assert.match(
    faultsOf({ POSTERN_CONFIG: path.join(folder, 'absent.yaml') }).join(),
    /^POSTERN_CONFIG: must be a YAML file/,
  );
  const file = path.join(folder, 'bad.yaml');
  writeFileSync(file, 'port: 1\nport: 2\n');
  assert.match(faultsOf({ POSTERN_CONFIG: file }).join(), /bad\.yaml:2: .*unique/);
  writeFileSync(file, '- port\n');
  assert.match(faultsOf({ POSTERN_CONFIG: file }).join(), /must be a list of names and values/);
});

test('it does not listen beyond loopback without TLS or a declared proxy', () => {
  const issuer = { POSTERN_ISSUER: 'https://trust.example.com' };
  for (const host of ['0.0.0.0', '::', '192.0.2.1', 'trust.example.com']) {
    assert.match(faultsOf({ ...issuer, POSTERN_HOST: host }).join(), /^POSTERN_HOST: beyond loopback/, host);
  }
  for (const host of ['127.0.0.1', '127.8.8.8', '::1', 'localhost'])
    assert.deepEqual(faultsOf({ POSTERN_HOST: host }), [], host);
  assert.deepEqual(faultsOf({ ...issuer, POSTERN_HOST: '0.0.0.0', POSTERN_TRUSTED_PROXIES: '10.0.0.5' }), []);
});

test('the issuer is https beyond loopback, is named when listening there, and has one spelling', () => {
  assert.match(faultsOf({ POSTERN_ISSUER: 'http://trust.example.com' }).join(), /must be https/);
  assert.deepEqual(faultsOf({ POSTERN_ISSUER: 'http://[::1]:7420' }), []);
  assert.match(
    faultsOf({ POSTERN_HOST: '0.0.0.0', POSTERN_TRUSTED_PROXIES: '10.0.0.5' }).join(),
    /^POSTERN_ISSUER: must be set/,
  );
  for (const issuer of [
    'https://x.example/',
    'https://X.example',
    'https://x.example:443',
    'https://a:b@x.example',
    'https://x.example?a',
    'ftp://x.example',
    'x',
  ]) {
    assert.match(faultsOf({ POSTERN_ISSUER: issuer }).join(), /^POSTERN_ISSUER: must be an https origin/, issuer);
  }
  assert.deepEqual(faultsOf({ POSTERN_ISSUER: 'https://x.example/postern' }), []);
});

test('certificate and key come together and can be read', (t) => {
  const folder = newFolder(t);
  assert.match(
    faultsOf({ POSTERN_TLS_CERT: path.join(folder, 'absent.pem') }).join('\n'),
    /POSTERN_TLS_KEY: certificate and key belong together[^]*POSTERN_TLS_CERT: must be a file/,
  );
});

test('no fault repeats a secret', () => {
  const faults = faultsOf({ POSTERN_MASTER_SECRET: 'hunter2', POSTERN_DATABASE_URL: 'mysql://me:hunter2@db' });
  assert.equal(faults.length, 2);
  assert.doesNotMatch(faults.join(), /hunter2/);
});

test('the first start makes the data folder and the master secret for this user alone, the second finds them', (t) => {
  const folder = path.join(newFolder(t), 'deep', 'data');
  const first = readConfig({ POSTERN_DATA: folder });
  assert.match(first.masterSecret, /^[\w-]{43}$/);
  assert.deepEqual(readdirSync(folder), ['master.secret']);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  assert.equal(statSync(path.join(folder, 'master.secret')).mode & 0o777, 0o600);
  assert.equal(readConfig({ POSTERN_DATA: folder }).masterSecret, first.masterSecret);
});

test('a master secret that others can read, or that is damaged, is refused and not replaced', (t) => {
  const folder = newFolder(t);
  const file = path.join(folder, 'master.secret');
  writeFileSync(file, `${masterSecret}\n`, { mode: 0o644 });
  assert.throws(() => readConfig({ POSTERN_DATA: folder }), /can be read by others \(mode 644\)/);
  chmodSync(file, 0o600);
  writeFileSync(file, 'short');
  assert.throws(() => readConfig({ POSTERN_DATA: folder }), /does not hold 32 bytes/);
  assert.equal(readFileSync(file, 'utf8'), 'short');
});

test('a faulty configuration leaves nothing behind', (t) => {
  const folder = path.join(newFolder(t), 'data');
  assert.throws(() => readConfig({ POSTERN_DATA: folder, POSTERN_PORT: 'x' }), ConfigError);
  assert.equal(existsSync(folder), false);
});

test('whatever stands in the variables, it is a configuration or a list of faults', () => {
  const name = fc.constantFrom(
    'POSTERN_HOST',
    'POSTERN_PORT',
    'POSTERN_ISSUER',
    'POSTERN_TRUSTED_PROXIES',
    'POSTERN_DATABASE_URL',
    'POSTERN_ATTEST_EVERY',
    'POSTERN_LIMIT_TOKEN',
    'POSTERN_X',
  );
  const value = fc.oneof(
    fc.string(),
    fc.constantFrom('0', '-1', '1e3', '::1', 'https://', 'https://a/b/', '10.0.0.0/8', '10.0.0.0/-8', '1m', 'sqlite:'),
  );
  fc.assert(
    fc.property(fc.dictionary(name, value), (environment) => {
      const faults = faultsOf(environment);
      assert.ok(faults.every((fault) => fault.length > 0 && !fault.includes('\n')));
    }),
  );
});
