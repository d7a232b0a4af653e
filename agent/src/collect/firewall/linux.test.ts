import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firewall } from '@postern/shared/checks/firewall';
import fc from 'fast-check';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { exited, recordedSystem, refused, type Recording } from '../testing/recorded-system.ts';
import * as iptables from './iptables.ts';
import { readLinux } from './linux.ts';
import * as nftables from './nftables.ts';
import { isEnabled } from './ufw.ts';

// The rulesets were loaded into a kernel and listed by nft 1.0.6 and iptables 1.8.9.
const fixture = fixturesOf(import.meta.url);
const ufwOn = { '/etc/ufw/ufw.conf': '# comment\nENABLED=yes\nLOGLEVEL=low\n' };
const ufwOff = { '/etc/ufw/ufw.conf': '# ENABLED=yes\nENABLED=no\n' };
const active = { '/usr/bin/systemctl is-active ufw.service': 'active\n' };

const asUser = (recording: Omit<Recording, 'platform'> = {}) =>
  readLinux(recordedSystem({ platform: 'linux', ...recording }));
const asRoot = (commands: Recording['commands'] = {}, files: Recording['files'] = {}, dirs: Recording['dirs'] = {}) =>
  asUser({ uid: 0, commands, files, dirs });
const nft = (name: string) => ({ '/usr/sbin/nft -j list ruleset': fixture(`linux-nft-${name}.json`) });
const listed = (name: string) => ({ '/usr/sbin/iptables -S': fixture(`linux-iptables-${name}.txt`) });

for (const [ruleset, provider] of [
  ['policy-drop', 'nftables'],
  ['firewalld', 'firewalld'],
  ['by-jump', 'nftables'],
  ['all-but-own-net', 'nftables'],
  ['of-iptables-nixos', 'nftables'],
] as const) {
  test(`root, nft: on with ${ruleset}`, async () => {
    assert.deepEqual(valueOf(await asRoot(nft(ruleset)), firewall), { enabled: true, provider });
  });
}

for (const ruleset of [
  'empty',
  'forward-only',
  'block-list',
  'fail2ban',
  'of-iptables-docker',
  'of-iptables-tailscale',
]) {
  test(`root, nft: off with ${ruleset}`, async () => {
    assert.deepEqual(valueOf(await asRoot(nft(ruleset)), firewall), { enabled: false, provider: 'nftables' });
  });
}

for (const rules of ['rhel', 'nixos', 'ufw']) {
  test(`root, iptables: on with ${rules}`, async () => {
    assert.deepEqual(valueOf(await asRoot(listed(rules)), firewall), { enabled: true, provider: 'iptables' });
    const both = valueOf(await asRoot({ ...nft(`of-iptables-${rules}`), ...listed(rules) }), firewall);
    assert.equal(both.enabled, true);
  });
}

for (const rules of ['docker', 'tailscale', 'invalid-only']) {
  test(`root, iptables: off with ${rules}`, async () => {
    const modules = { '/proc/modules': 'ip_tables 32768 1 iptable_filter, Live 0x0\n' };
    assert.deepEqual(valueOf(await asRoot(listed(rules), modules), firewall), { enabled: false, provider: 'iptables' });
    const both = valueOf(await asRoot({ ...nft(`of-iptables-${rules}`), ...listed(rules) }), firewall);
    assert.deepEqual(both, { enabled: false, provider: 'nftables' });
  });
}

test('root: rules of ufw that are loaded are its own, whoever lists them', async () => {
  const finding = await asRoot(nft('of-iptables-ufw'), ufwOn);
  assert.deepEqual(valueOf(finding, firewall), { enabled: true, provider: 'ufw' });
});

test('root: ufw with ENABLED=yes is off when its rules are not loaded', async () => {
  const finding = await asRoot({ ...nft('empty'), ...active }, ufwOn);
  assert.equal(valueOf(finding, firewall).enabled, false);
});

test('root: conditions that only iptables can list are not judged without it', async () => {
  assert.equal(reasonOf(await asRoot(nft('of-iptables-invalid-only'))), 'tool-absent');
});

test('root: no tools, broken output and rules that iptables cannot see are unknown', async () => {
  assert.equal(reasonOf(await asRoot()), 'tool-absent');
  assert.equal(reasonOf(await asRoot({ '/usr/sbin/nft -j list ruleset': '{"nftables": [{' })), 'tool-absent');
  assert.equal(
    reasonOf(await asRoot({ '/usr/sbin/nft -j list ruleset': exited(1, '', 'Operation not permitted') })),
    'tool-absent',
  );
  const hidden = { '/sys/module/nf_tables': ['parameters'] };
  assert.equal(reasonOf(await asRoot(listed('docker'), { '/proc/modules': '' }, hidden)), 'tool-absent');
});

test('user: ufw that is switched on and running', async () => {
  assert.deepEqual(valueOf(await asUser({ files: ufwOn, commands: active }), firewall), {
    enabled: true,
    provider: 'ufw',
  });
});

test('user: an active service with ENABLED=no proves nothing, and neither does ENABLED=yes without a service', async () => {
  assert.equal(reasonOf(await asUser({ files: ufwOff, commands: active })), 'permission-denied');
  const stopped = { '/usr/bin/systemctl is-active ufw.service': exited(3, 'inactive\n') };
  assert.equal(reasonOf(await asUser({ files: ufwOn, commands: stopped })), 'permission-denied');
  assert.equal(reasonOf(await asUser({ files: ufwOn })), 'permission-denied');
});

test('user: firewalld that runs is on, unless everything is trusted; one that does not run says nothing', async () => {
  const daemon = (state: string, zone: string) =>
    asUser({ commands: { '/usr/bin/firewall-cmd --state': state, '/usr/bin/firewall-cmd --get-default-zone': zone } });
  assert.deepEqual(valueOf(await daemon('running\n', 'public\n'), firewall), { enabled: true, provider: 'firewalld' });
  assert.equal(valueOf(await daemon('running\n', 'trusted\n'), firewall).enabled, false);
  assert.equal(reasonOf(await daemon('running\n', '')), 'permission-denied');
  const down = { '/usr/bin/firewall-cmd --state': exited(252, '', 'not running\n') };
  assert.equal(reasonOf(await asUser({ commands: down })), 'permission-denied');
});

test('user: nothing that can be read is unknown, never off', async () => {
  assert.equal(reasonOf(await asUser()), 'permission-denied');
  assert.equal(reasonOf(await asUser({ files: { '/etc/ufw/ufw.conf': refused } })), 'permission-denied');
});

test('a container is filtered by its host', async () => {
  const finding = await asUser({ uid: 0, files: { '/run/.containerenv': '' }, commands: nft('policy-drop') });
  assert.equal(finding.status === 'unsupported' && finding.reason, 'container');
});

test('ufw.conf: the last assignment counts, and a comment is none', () => {
  assert.equal(isEnabled('ENABLED=no\nENABLED=yes'), true);
  assert.equal(isEnabled('ENABLED="yes" # on'), true);
  assert.equal(isEnabled('#ENABLED=yes'), false);
  assert.equal(isEnabled('ENABLED=yes\nENABLED=no'), false);
});

test('rules that jump in a circle end', () => {
  const rules = iptables.parseIptables('-P INPUT ACCEPT\n-A INPUT -j a\n-A a -j b\n-A b -j a\n');
  assert.ok(rules !== undefined && !iptables.filtersInput(rules));
});

test('any text and any JSON is a ruleset or none', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.json().map((entry) => `{"nftables":[${entry}]}`),
      ),
      (text) => {
        const ruleset = nftables.parseRuleset(text);
        assert.ok(ruleset === undefined || !nftables.filtersInput(ruleset));
        assert.equal(iptables.parseIptables(text), undefined);
      },
    ),
  );
});
