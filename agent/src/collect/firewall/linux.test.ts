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
const ufwOn = {
  '/etc/ufw/ufw.conf': '# comment\nENABLED=yes\nLOGLEVEL=low\n',
  '/etc/default/ufw': 'IPV6=yes\nDEFAULT_INPUT_POLICY="DROP"\n',
};
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

test('user: ufw that lets in whatever no rule names filters nothing, and one that does not say so is unknown', async () => {
  const policy = (text: string) => asUser({ files: { ...ufwOn, '/etc/default/ufw': text }, commands: active });
  assert.equal(valueOf(await policy('DEFAULT_INPUT_POLICY="ACCEPT"\n'), firewall).enabled, false);
  assert.equal(valueOf(await policy('DEFAULT_INPUT_POLICY="REJECT"\n'), firewall).enabled, true);
  assert.equal(reasonOf(await policy('#DEFAULT_INPUT_POLICY="DROP"\n')), 'permission-denied');
});

test('user: an active service with ENABLED=no proves nothing, and neither does ENABLED=yes without a service', async () => {
  assert.equal(reasonOf(await asUser({ files: ufwOff, commands: active })), 'permission-denied');
  const stopped = { '/usr/bin/systemctl is-active ufw.service': exited(3, 'inactive\n') };
  assert.equal(reasonOf(await asUser({ files: ufwOn, commands: stopped })), 'permission-denied');
  assert.equal(reasonOf(await asUser({ files: ufwOn })), 'permission-denied');
});

test('user: firewalld that runs is on, unless everything is trusted; one that does not run says nothing', async () => {
  const daemon = (state: string, zone: string, active = 'public (default)\n  interfaces: wlan0\n') =>
    asUser({
      commands: {
        '/usr/bin/firewall-cmd --state': state,
        '/usr/bin/firewall-cmd --get-default-zone': zone,
        '/usr/bin/firewall-cmd --get-active-zones': active,
      },
      dirs: { '/sys/devices/pci0000:00/0000:00:14.3': [] },
      links: { '/sys/class/net/wlan0/device': '/sys/devices/pci0000:00/0000:00:14.3' },
    });
  assert.deepEqual(valueOf(await daemon('running\n', 'public\n'), firewall), { enabled: true, provider: 'firewalld' });
  assert.equal(valueOf(await daemon('running\n', 'trusted\n'), firewall).enabled, false);
  const tunnel = 'public\n  interfaces: wlan0\ntrusted\n  interfaces: tailscale0\n  sources: 10.88.0.0/16\n';
  assert.equal(valueOf(await daemon('running\n', 'public\n', tunnel), firewall).enabled, true);
  const wireless = 'trusted\n  interfaces: wlan0\n';
  assert.equal(valueOf(await daemon('running\n', 'public\n', wireless), firewall).enabled, false);
  assert.equal(reasonOf(await daemon('running\n', '')), 'permission-denied');
  const down = { '/usr/bin/firewall-cmd --state': exited(252, '', 'not running\n') };
  assert.equal(reasonOf(await asUser({ commands: down })), 'permission-denied');
});

test('user: zones that are cut off or no list of zones do not clear firewalld of a trusted interface', async () => {
  for (const zones of [
    '',
    'trusted\n  interfaces: wl',
    'Usage: firewall-cmd\n',
    'yes\n',
    'trusted\nwork\n  interfaces: eth0\n',
    '\ufefftrusted\n  interfaces: wlan0\n',
    'trusted\n  interfaces: wlan0\u0001\n',
    'trusted\n  interf\ufffdces: wlan0\n',
  ]) {
    const commands = {
      '/usr/bin/firewall-cmd --state': 'running\n',
      '/usr/bin/firewall-cmd --get-default-zone': 'public\n',
      '/usr/bin/firewall-cmd --get-active-zones': zones,
    };
    const finding = await asUser({ commands });
    if (zones !== '') assert.equal(reasonOf(finding), 'permission-denied', zones);
  }
});

test('user: nothing that can be read is unknown, never off', async () => {
  assert.equal(reasonOf(await asUser()), 'permission-denied');
  assert.equal(reasonOf(await asUser({ files: { '/etc/ufw/ufw.conf': refused } })), 'permission-denied');
});

test('nft: what cannot be read in a rule may be a condition, and a rule or chain that cannot be read is no ruleset', () => {
  const with_ = (...expr: object[]) => nftables.parseRuleset(rulesetOf('inet', 'accept', expr));
  const judged = (...expr: object[]) => {
    const ruleset = with_(...expr);
    return ruleset && nftables.filtersInput(ruleset, 'ip', 'nothing');
  };
  assert.equal(judged({ drop: null }), true);
  assert.equal(judged({ counter: null }, { drop: null }), true);
  for (const spoilt of [
    { 'm\ufffdtch': {} },
    { match: 'enabled' },
    { match: [] },
    { newer: {} },
    {},
    [],
    { xt: { type: {} } },
  ]) {
    assert.equal(judged(spoilt, { drop: null }), false, JSON.stringify(spoilt));
  }
  const chain = '{"nftables":[{"chain":{"family":"inet","table":"t","name":"c","hook":"input","policy":"drop"}},';
  assert.equal(
    nftables.parseRuleset(`${chain}{"rule":{"family":"inet","table":"t","chain":"c","expr":"x"}}]}`),
    undefined,
  );
  assert.equal(nftables.parseRuleset(`${chain}{"chain":{"family":1}}]}`), undefined);
});

test('iptables: rules without end, and jumps that multiply, are judged at once', () => {
  const levels = Array.from({ length: 20 }, (_, at) => at);
  const jumps = levels.flatMap((at) =>
    [`-N c${at}`].concat(Array.from({ length: 40 }, () => `-A c${at} -j c${at + 1}`)),
  );
  const many = Array.from({ length: 20_000 }, () => '-A INPUT -s 1.2.3.4/32 -j DROP');
  const text = ['-P INPUT ACCEPT', '-A INPUT -j c0', ...jumps, ...many, ''].join('\n');
  const started = performance.now();
  const rules = iptables.parseIptables(text);
  assert.equal(rules && iptables.filtersInput(rules), false);
  assert.ok(performance.now() - started < 2000);
});

test('a container is filtered by its host', async () => {
  const finding = await asUser({ uid: 0, files: { '/run/.containerenv': '' }, commands: nft('policy-drop') });
  assert.equal(finding.status === 'unsupported' && finding.reason, 'container');
});

test('ufw.conf: a megabyte of empty lines is read at once', () => {
  const started = performance.now();
  assert.equal(isEnabled(`${'\n'.repeat(1024 * 1024)}x`), false);
  assert.ok(performance.now() - started < 2000);
});

test('ufw.conf: the last assignment counts, and a comment is none', () => {
  assert.equal(isEnabled('ENABLED=no\nENABLED=yes'), true);
  assert.equal(isEnabled('ENABLED="yes" # on'), true);
  assert.equal(isEnabled('#ENABLED=yes'), false);
  assert.equal(isEnabled('ENABLED=yes\nENABLED=no'), false);
});

const iptablesRules: [about: string, expected: boolean, rules: string][] = [
  ['one port is closed', false, '-P INPUT ACCEPT\n-A INPUT -p tcp -m tcp --dport 25 -j DROP'],
  [
    'packets that are not the first of a connection are dropped',
    false,
    '-P INPUT ACCEPT\n-A INPUT -p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -m state --state NEW -j DROP',
  ],
  ['everything is let in before it is refused', false, '-P INPUT ACCEPT\n-A INPUT -j ACCEPT\n-A INPUT -j REJECT'],
  [
    'everything is let in in spite of the policy',
    false,
    '-P INPUT DROP\n-A INPUT -m comment --comment "-s none -j DROP" -j ACCEPT',
  ],
  ['all TCP is let in in spite of the policy', false, '-P INPUT DROP\n-A INPUT -p tcp -j ACCEPT'],
  [
    'too many at once are dropped',
    false,
    '-P INPUT ACCEPT\n-A INPUT -p tcp -m connlimit --connlimit-above 20 -j REJECT',
  ],
  ['UDP alone is refused', false, '-P INPUT ACCEPT\n-A INPUT -p udp -j DROP'],
  [
    'what is not for this machine is dropped, as ufw does',
    false,
    '-P INPUT ACCEPT\n-N not-local\n-A INPUT -j not-local\n-A not-local -m addrtype --dst-type LOCAL -j RETURN\n-A not-local -j DROP',
  ],
  [
    'a policy with some ports open',
    true,
    '-P INPUT DROP\n-A INPUT -i lo -j ACCEPT\n-A INPUT -p tcp -m multiport --dports 22,80 -j ACCEPT',
  ],
  ['all but one port is refused', true, '-P INPUT ACCEPT\n-A INPUT -p tcp -m tcp ! --dport 22 -j DROP'],
  ['all but the own interface is refused', true, '-P INPUT ACCEPT\n-A INPUT ! -i lo -j DROP'],
  [
    'new connections are refused',
    true,
    '-P INPUT ACCEPT\n-A INPUT -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j DROP',
  ],
  ['a trusted tunnel beside a policy', true, '-P INPUT DROP\n-A INPUT -i wg0 -j ACCEPT'],
  [
    'a chain that comes back undecided before a refusal',
    true,
    '-P INPUT ACCEPT\n-N a\n-A INPUT -j a\n-A INPUT -j DROP\n-A a -j RETURN',
  ],
];
for (const [about, expected, text] of iptablesRules) {
  test(`iptables: ${about}: ${expected ? 'on' : 'off'}`, () => {
    const rules = iptables.parseIptables(`${text}\n`);
    assert.equal(rules && iptables.filtersInput(rules), expected);
  });
}

function rulesetOf(family: string, policy: string, ...rules: object[][]): string {
  const place = { family, table: 'filter' };
  const chain = { ...place, name: 'input', type: 'filter', hook: 'input', prio: 0, policy };
  return JSON.stringify({
    nftables: [{ chain }, ...rules.map((expr) => ({ rule: { ...place, chain: 'input', expr } }))],
  });
}
const match = (left: object, right: unknown, op = '==') => ({ match: { op, left, right } });
const port = { payload: { protocol: 'tcp', field: 'dport' } };
const drop = { drop: null };
const accept = { accept: null };
const nftRules: [about: string, expected: boolean, ruleset: string][] = [
  ['one port is closed', false, rulesetOf('inet', 'accept', [match(port, 25), drop])],
  ['everything is let in in spite of the policy', false, rulesetOf('inet', 'drop', [{ counter: null }, accept])],
  ['the policy of the other family', false, rulesetOf('ip6', 'drop')],
  [
    'a limit on strangers',
    false,
    rulesetOf('inet', 'accept', [{ limit: { rate: 10, per: 'second', inv: true } }, drop]),
  ],
  [
    'what is not for this machine is dropped',
    false,
    rulesetOf('inet', 'accept', [match({ fib: { result: 'type', flags: ['daddr'] } }, 'local', '!='), drop]),
  ],
  [
    'new connections are refused',
    true,
    rulesetOf('inet', 'accept', [match({ ct: { key: 'state' } }, { set: ['new', 'untracked'] }), drop]),
  ],
  [
    'whatever is not known is refused',
    true,
    rulesetOf('inet', 'accept', [match({ ct: { key: 'state' } }, { set: ['established', 'related'] }, '!='), drop]),
  ],
  ['all ports are refused', true, rulesetOf('ip', 'accept', [match(port, { range: [1, 65_535] }), drop])],
  [
    'all but the own interface is refused',
    true,
    rulesetOf('ip', 'accept', [match({ meta: { key: 'iifname' } }, 'lo', '!='), drop]),
  ],
];
for (const [about, expected, text] of nftRules) {
  test(`nft: ${about}: ${expected ? 'on' : 'off'}`, () => {
    const ruleset = nftables.parseRuleset(text);
    assert.equal(ruleset && nftables.filtersInput(ruleset, 'ip', 'nothing'), expected);
  });
}

test('root: a door for version 6 of the protocol that nobody watches is named, where the machine has such an address', async () => {
  const six = (device: string) => ({
    '/proc/net/if_inet6': `fe80000000000000505400fffe123456 02 40 20 80 ${device}\n`,
  });
  const four = { '/usr/sbin/nft -j list ruleset': rulesetOf('ip', 'drop') };
  assert.deepEqual(valueOf(await asRoot(four, six('    eth0')), firewall), {
    enabled: false,
    provider: 'nftables',
    profiles: { ipv4: true, ipv6: false },
  });
  assert.deepEqual(valueOf(await asRoot(four, six('      lo')), firewall), { enabled: true, provider: 'nftables' });
  assert.deepEqual(
    valueOf(await asRoot({ '/usr/sbin/nft -j list ruleset': rulesetOf('inet', 'drop') }, six('    eth0')), firewall),
    { enabled: true, provider: 'nftables' },
  );
  const old = { '/usr/sbin/iptables -S': '-P INPUT DROP\n', '/usr/sbin/ip6tables -S': '-P INPUT ACCEPT\n' };
  assert.equal(
    valueOf(await asRoot(old, { ...six('    eth0'), '/proc/modules': '' }), firewall).profiles?.['ipv6'],
    false,
  );
});

test('root: where nft hides a condition, iptables is asked before its policy is believed', async () => {
  const hidden = JSON.parse(rulesetOf('ip', 'drop', [{ xt: { type: 'match', name: 'state' } }, accept])) as object;
  const commands = { '/usr/sbin/nft -j list ruleset': JSON.stringify(hidden) };
  const open = { '/usr/sbin/iptables -S': '-P INPUT DROP\n-A INPUT -m state --state NEW,ESTABLISHED -j ACCEPT\n' };
  assert.equal(valueOf(await asRoot({ ...commands, ...open }), firewall).enabled, false);
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
        assert.ok(ruleset === undefined || !nftables.filtersInput(ruleset, 'ip', 'nothing'));
        assert.equal(iptables.parseIptables(text), undefined);
      },
    ),
  );
});
