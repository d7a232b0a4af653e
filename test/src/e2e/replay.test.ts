import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { reading } from '@postern/server/attestation/testing/readings';
import { commandLine } from '@postern/server/cli/testing/command-line';
import { day, hour, minute } from '@postern/shared/time';
import type { Api } from '../support/api.ts';
import { AuditTrail } from '../support/audit-trail.ts';
import { startBackend } from '../support/backend.ts';
import { firewallPolicy, HttpDevice } from '../support/http-device.ts';
import { resource } from '../support/scene.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Asks for full encryption too, with two hours to get it; and the firewall has a day now. */
const draft = firewallPolicy.replace('time_to_fix: 0s', 'time_to_fix: 1d').replace(
  'rules:',
  `rules:
  - id: disk
    title: Disk
    check: disk-encryption
    require: value.state == "full"
    expected: The disk is encrypted
    time_to_fix: 2h
    exceptions: false`,
);

/** Looks at what the draft looks at, and blocks nobody: so devices send it. */
const watching = firewallPolicy
  .replace('policy: baseline', 'policy: watching\nenforcement: report-only')
  .replace('check: firewall', 'check: disk-encryption')
  .replace('require: value.enabled', 'require: value.state == "full"');

async function openFleet(t: TestContext) {
  const backend = await startBackend(t);
  const admin = await backend.person('ada@example.org', ['admin']);
  await admin.post('/v1/admin/gateways', { name: 'App', resources: [resource] });
  const file = path.join(temporaryFolder(t, 'published'), 'policy.yaml');
  const run = commandLine(t, backend.env);
  const publish = async (document: string) => {
    writeFileSync(file, document);
    const { code, err } = await run('policy', 'publish', file);
    assert.equal(code, 0, err);
  };
  await publish(firewallPolicy);
  await publish(watching);
  const now = backend.clock.now();
  const plain = { 'disk-encryption': reading({ state: 'none', volumes: [] }, now) };
  const open = { firewall: reading({ enabled: false, provider: 'nftables' }, now) };
  const kinds = { fine: {}, plain, open, both: { ...plain, ...open } };
  const devices = new Map<string, { device: HttpDevice; readings: Parameters<HttpDevice['attest']>[1] }>();
  for (const [name, readings] of Object.entries(kinds)) {
    const device = await HttpDevice.enroll(backend, admin);
    assert.equal((await device.attest({}, readings)).status, 200);
    devices.set(name, { device, readings });
  }
  return { backend, admin, publish, run, audit: new AuditTrail(admin), devices };
}

async function replayed(admin: Api, document: string) {
  const started = await admin.post('/v1/admin/policy-replays', { document });
  assert.equal(started.status, 202, JSON.stringify(started.body));
  for (;;) {
    const { body } = await admin.get(`/v1/admin/policy-replays/${String(started.body['id'])}`);
    if (body['state'] !== 'running') return body;
    await wait(10);
  }
}

test('what a replay foretells of a fleet comes true when the draft is published, to the minute', async (t) => {
  const { backend, admin, publish, devices } = await openFleet(t);
  const { clock } = backend;
  const replay = await replayed(admin, draft);
  assert.equal(replay['state'], 'done');
  const { body: list } = await admin.get(`/v1/admin/policy-replays/${String(replay['id'])}/devices`);
  const items = list['items'] as { device: { id: string }; change: string; blockedAt: string | null; detail: object }[];
  const at = Date.parse((replay['summary'] as { at: string }).at);
  const foretold = new Map(
    items.map((each) => [
      each.device.id,
      [each.change, each.blockedAt === null ? null : Date.parse(each.blockedAt) - at],
    ]),
  );
  const said = Object.fromEntries([...devices].map(([name, { device }]) => [name, foretold.get(device.fake.id)]));
  assert.deepEqual(said, {
    fine: undefined,
    plain: ['newly-blocked', 2 * hour],
    // Its clock ran while it was blocked at once.
    open: ['freed', said['open']?.[1]],
    both: ['freed', 2 * hour],
  });
  const openFor = Number(said['open']?.[1]);
  assert.ok(openFor > day - minute && openFor <= day, String(openFor));

  await publish(draft);
  const lag = minute;
  const expected = [
    { after: 0, blocked: [] },
    { after: 2 * hour - lag, blocked: [] },
    { after: 2 * hour + lag, blocked: ['plain', 'both'] },
    { after: day - 2 * lag, blocked: ['plain', 'both'] },
    { after: day + lag, blocked: ['plain', 'open', 'both'] },
  ];
  let passed = 0;
  for (const { after, blocked } of expected) {
    clock.advance(after - passed);
    passed = after;
    const refused: string[] = [];
    for (const [name, { device, readings }] of devices) {
      const { status, body } = await device.attest({}, readings);
      assert.equal(status, 200, JSON.stringify(body));
      if ((await device.token({ resource })).status !== 200) refused.push(name);
    }
    assert.deepEqual(refused, blocked, `after ${after / minute} min`);
  }
});

test('a replay publishes nothing, tells why, and says who asked for it', async (t) => {
  const { admin, audit, devices, backend } = await openFleet(t);
  const before = (await admin.get('/v1/admin/policies')).body;
  const replay = await replayed(admin, draft);
  assert.deepEqual((await admin.get('/v1/admin/policies')).body, before);
  const { body } = await admin.get(`/v1/admin/policy-replays/${String(replay['id'])}/devices?change=newly-blocked`);
  const [item] = body['items'] as {
    person: { name: string };
    detail: { changes: { rules: Record<string, unknown>[] }[] };
  }[];
  const { since, blocksAt, ...why } = item?.detail.changes[0]?.rules[0] ?? {};
  assert.deepEqual(
    [item?.person.name, why],
    [
      'ada',
      {
        rule: 'baseline/disk',
        title: 'Disk',
        outcome: 'fail',
        expected: 'The disk is encrypted',
        observed: 'state: none, volumes: none',
        reason: null,
        exception: 'not-allowed',
      },
    ],
  );
  assert.equal(Date.parse(String(blocksAt)) - Date.parse(String(since)), 2 * hour);
  const entries = await audit.since(0);
  const entry = entries.find(({ type }) => type === 'policy.replayed');
  assert.deepEqual([entry?.outcome, entry?.data['devices'], entry?.data['atDeadline']], ['success', devices.size, 1]);

  const reader = await backend.person('audrey@example.org', ['auditor']);
  assert.equal((await reader.get(`/v1/admin/policy-replays/${String(replay['id'])}`)).status, 200);
  assert.equal((await reader.post('/v1/admin/policy-replays', { document: draft })).body['error_code'], 'not_allowed');
});

test('the command prints what people can act on, a table for spreadsheets, and exits by what it found', async (t) => {
  const { admin, run } = await openFleet(t);
  const folder = temporaryFolder(t, 'replay');
  const file = path.join(folder, 'draft.yaml');
  const csv = path.join(folder, 'changes.csv');
  writeFileSync(file, draft);
  const told = await run('policy', 'replay', file, '--csv', csv, '--limit', '1');
  assert.equal(told.code, 0, told.err);
  assert.equal(told.err, '', 'progress is for terminals');
  assert.match(told.out, /1 device of 1 person would newly be blocked: 0 at once, 1 at a deadline\./);
  assert.match(told.out, /baseline\/disk: 2 fail, 0 unknown, 2 pass/);
  assert.match(told.out, /The first 1:\n {2}dev_\w+ {2}newly-blocked/);
  const lines = readFileSync(csv, 'utf8').split('\r\n');
  assert.equal(lines.length, 1 + 3 + 1);
  assert.match(lines[0] ?? '', /^device,name,person,platform,build,change,blocked_at/);

  assert.equal((await run('policy', 'replay', file, '--fail-on-blocked')).code, 1);
  const machine = JSON.parse((await run('policy', 'replay', file, '--json')).out) as {
    summary: { devices: { judged: number } };
    devices: object[];
  };
  assert.deepEqual([machine.summary.devices.judged, machine.devices.length], [4, 3]);
  writeFileSync(file, firewallPolicy);
  assert.equal((await run('policy', 'replay', file, '--fail-on-blocked')).code, 0);
  writeFileSync(file, 'nonsense');
  assert.equal((await run('policy', 'replay', file)).code, 1);
  assert.equal((await run('policy', 'replay')).code, 2);
  assert.match((await run('policy', 'replay', '--help')).out, /Examples:/);
  assert.deepEqual(
    (await admin.get('/v1/admin/policy-replays')).body['items'],
    [],
    'it keeps nothing but its entry in the audit',
  );
});
