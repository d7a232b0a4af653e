import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { recordedSystem } from '../testing/recorded-system.ts';
import { parseInstalled, parsePolicy, upgradableByPolicy } from './apt-policy.ts';

const block = (name: string, installed: string, rows: string[], candidate = installed) =>
  [`${name}:`, `  Installed: ${installed}`, `  Candidate: ${candidate}`, '  Version table:', ...rows, ''].join('\n');
const main = '        500 http://deb.debian.org/debian bookworm/main amd64 Packages';
const security = '        500 http://security.debian.org/debian-security bookworm-security/main amd64 Packages';
const own = '        100 /var/lib/dpkg/status';

const upToDate = block('vim', '2:9.0-2', [' *** 2:9.0-2 500', main, own]);
const update = block('curl', '7.88-14', ['     7.88-15 500', main, ' *** 7.88-14 100', own], '7.88-15');
const fix = block('libc6', '2.36-13', ['     2.36-14 500', security, ' *** 2.36-13 100', own], '2.36-14');
const pinnedDown = block('ruby', '3.2-1', [' *** 3.2-1 100', own, '     3.1-1 1001', main], '3.1-1');
const gone = block('own-tool', '1.0', [' *** 1.0 100', own]);

test('updates and those for security are counted; a downgrade that somebody pinned and a package of nobody are none', () => {
  assert.deepEqual(parsePolicy(upToDate + update + fix + pinnedDown + gone, 5), { count: 2, securityCount: 1 });
  assert.deepEqual(parsePolicy(upToDate, 1), { count: 0, securityCount: 0 });
});

test('a version that comes from nowhere was spoilt', () => {
  const twice = block(
    'libc6',
    '2.36-13',
    ['     2.36-14 500', '     2.36-14 500', security, ' *** 2.36-13 100', own],
    '2.36-14',
  );
  assert.equal(parsePolicy(twice, 1), undefined);
  for (const instead of ['secur\ufffdty', 'security\u202e', 'secur\0ity']) {
    assert.equal(parsePolicy(fix.replaceAll('security', instead), 1), undefined, instead);
  }
});

test('an answer that does not tell of every package is none', () => {
  assert.equal(parsePolicy(upToDate + update, 3), undefined);
  assert.equal(parsePolicy('', 1), undefined);
  assert.equal(parsePolicy(block('bash', '(none)', [], '5.2'), 1), undefined);
});

test('an answer that was cut anywhere is none: no shorter list is taken for a better one', () => {
  const whole = upToDate + update + fix;
  fc.assert(
    fc.property(fc.nat(whole.length - 1), (length) => {
      assert.equal(parsePolicy(whole.slice(0, length), 3), undefined);
    }),
  );
});

test('only what is installed is asked about, and half a list of it is none', () => {
  assert.deepEqual(parseInstalled('installed a\nconfig-files b\ninstalled libc6:amd64\n'), ['a', 'libc6:amd64']);
  for (const text of ['', 'installed a', 'installed a\nhalf', 'installed --help\n', '<html>\n']) {
    assert.equal(parseInstalled(text), undefined, text);
  }
});

test('no name of a package can become an option, because none begins with a dash', async () => {
  const system = recordedSystem({
    platform: 'linux',
    commands: { ['/usr/bin/dpkg-query -W -f ${db:Status-Status} ${binary:Package}\\n']: 'installed -o\n' },
  });
  assert.ok('status' in (await upgradableByPolicy(system)));
  assert.equal(system.ran.length, 1);
});
