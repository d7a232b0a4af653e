import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Reading, Readings } from '@postern/shared/protocol/reading';
import { minute, toTimestamp } from '@postern/shared/time';
import { publishPolicy } from '../policy/index.ts';
import { updateOne } from '../storage/change.ts';
import { reading, someReadings } from './testing/readings.ts';
import { openTestBackend, testPolicy } from './testing/test-backend.ts';

const system = {
  platform: 'linux',
  id: 'debian',
  name: 'Debian',
  version: '12',
  build: '6.1.0-28',
  supportEndsOn: null,
};
const provenance = { method: 'read /fake', privilege: 'user', collectedAt: toTimestamp(0), detail: '' } as const;
const unread: Reading = { status: 'unknown', reason: 'not-in-user-session', ...provenance };
const off = { firewall: reading({ enabled: false, provider: 'nftables' }, 0) };
const other = { firewall: reading({ enabled: true, provider: 'ufw' }, 0) };

const withBuild = (different: Readings = {}, build = system.build): Readings =>
  someReadings(0, { 'os-version': reading({ ...system, build }, 0), ...different });

async function given(t: TestContext) {
  const backend = await openTestBackend(t);
  const device = await backend.enroll();
  const report = async (readings: Readings) => {
    backend.pass(minute);
    const { status, body } = await backend.attest(device, readings);
    assert.equal(status, 200, body.error_code);
    return flipsNow();
  };
  const flipsNow = async () => (await backend.factsOf(device)).posture?.flips ?? assert.fail();
  const counted = async () =>
    (
      await backend.store.read.selectFrom('check_flips').select(['check_id', 'os_build', 'at']).orderBy('at').execute()
    ).map(({ check_id: check, os_build: build, at }) => [check, build, at]);
  const publish = (text: string) =>
    publishPolicy(backend.store, text, { kind: 'system', id: null }, backend.clock.now());
  return { backend, device, report, flipsNow, counted, publish };
}

describe('a change', () => {
  it('is from passing to failing, and remembers what passed', async (t) => {
    const { backend, report, counted } = await given(t);
    assert.deepEqual(await report(withBuild()), {});
    const flips = await report(withBuild(off));
    assert.deepEqual(Object.keys(flips), ['firewall']);
    assert.match(JSON.stringify(flips['firewall']?.before), /"enabled":true,"provider":"nftables"/);
    assert.deepEqual(await counted(), [['firewall', system.build, backend.clock.now()]]);
  });

  it('is remembered as it was for as long as the check does not pass, whatever is reported then', async (t) => {
    const { report, counted } = await given(t);
    await report(withBuild());
    const first = await report(withBuild(off));
    const rows = await counted();
    assert.deepEqual(await report(withBuild({ firewall: reading({ enabled: false, provider: 'none' }, 0) })), first);
    assert.deepEqual(await report(withBuild({ firewall: unread })), first);
    assert.deepEqual(await report(withBuild(off)), first);
    assert.deepEqual(await counted(), rows);
    assert.deepEqual(await report(withBuild()), {}, 'it passes again');
  });

  it('of a device that goes back and forth is written down each time; the last one is remembered', async (t) => {
    const { backend, report, counted, flipsNow } = await given(t);
    for (let times = 0; times < 3; times += 1) {
      await report(withBuild());
      await report(withBuild(off));
    }
    const now = backend.clock.now();
    const each = [now - 4 * minute, now - 2 * minute, now].map((at) => ['firewall', system.build, at]);
    assert.deepEqual(await counted(), each);
    assert.equal((await flipsNow())['firewall']?.at, now);
  });

  it('is none where the device never passed, failed before, or only reports something else that passes', async (t) => {
    const { report, counted } = await given(t);
    assert.deepEqual(await report(withBuild(off)), {});
    assert.deepEqual(await report(withBuild({ firewall: reading({ enabled: false, provider: 'none' }, 0) })), {});
    await report(withBuild());
    assert.deepEqual(await report(withBuild(other)), {});
    assert.deepEqual(await counted(), []);
  });

  it('is none when a policy is raised: the readings did not change', async (t) => {
    const { report, counted, publish } = await given(t);
    await report(withBuild());
    await publish(testPolicy.replace('value.enabled', 'value.enabled && value.provider == "ufw"'));
    assert.deepEqual(await report(withBuild()), {});
    const aside = { 'disk-encryption': reading({ state: 'full', volumes: [] }, 0) };
    assert.deepEqual(await report(withBuild(aside)), {}, 'another reading did');
    assert.deepEqual(await counted(), []);
  });

  it('is none where nothing is at stake: rules that only watch or warn, answers that may be missing', async (t) => {
    const { report, counted, publish } = await given(t);
    await publish(testPolicy.replace("time_to_fix: '0'", 'time_to_fix: never'));
    await report(withBuild());
    assert.deepEqual(await report(withBuild(off)), {});
    await publish(testPolicy.replace("time_to_fix: '0'", "time_to_fix: '0', report_only: true"));
    await report(withBuild());
    assert.deepEqual(await report(withBuild(off)), {});
    await publish(testPolicy);
    await report(withBuild());
    assert.deepEqual(await report(withBuild({ firewall: unread })), {}, 'everybody goes home in the evening');
    assert.deepEqual(await counted(), []);
  });

  it('is one although a rule that only watches failed before', async (t) => {
    const { report, publish } = await given(t);
    const watched =
      '  - { id: stealth, title: Stealth, check: firewall, require: value.provider == "pf", expected: pf, report_only: true }\n';
    await publish(`${testPolicy}${watched}`);
    await report(withBuild());
    assert.deepEqual(Object.keys(await report(withBuild(off))), ['firewall']);
  });

  it('of updates that wait is none: they are published for everybody at once', async (t) => {
    const { report, counted, publish } = await given(t);
    const rule =
      '  - { id: updates, title: Updates, check: pending-updates, require: value.count == 0, expected: none }\n';
    await publish(`${testPolicy}${rule}`);
    const updates = (count: number) => ({
      'pending-updates': reading(
        { count, securityCount: null, restartRequired: null, listRefreshedAt: null, source: 'apt' },
        0,
      ),
    });
    await report(withBuild(updates(0)));
    assert.deepEqual(await report(withBuild(updates(3))), {});
    assert.deepEqual(await counted(), []);
  });

  it('after an upgrade counts for the new build, and is not counted where the build is not known', async (t) => {
    const { backend, report, counted } = await given(t);
    await report(withBuild());
    await report(withBuild(off, '6.12.0-1'));
    assert.deepEqual(await counted(), [['firewall', '6.12.0-1', backend.clock.now()]]);
    await report(withBuild());
    assert.deepEqual(Object.keys(await report(someReadings(0, off))), ['firewall']);
    assert.equal((await counted()).length, 1);
  });
});

it('a posture of before builds were kept learns its build from the next report, also when that says nothing new', async (t) => {
  const { backend, device, report } = await given(t);
  await report(withBuild());
  await backend.store.commit({
    changes: [updateOne('postures', { device_id: device.id }, { os_build: null })],
    audit: [],
  });
  await report(withBuild());
  assert.equal((await backend.factsOf(device)).posture?.build, system.build);
});

it('a change that was made on one build is none on another, also by way of no build at all', async (t) => {
  const { report } = await given(t);
  await report(withBuild());
  assert.deepEqual(Object.keys(await report(withBuild(off))), ['firewall']);
  assert.deepEqual(await report(withBuild(off, '6.1.0-29')), {});
  assert.deepEqual(await report(withBuild(off)), {}, 'back where a brake may hold');
  await report(withBuild());
  await report(withBuild(off));
  await report(withBuild({ ...off, 'os-version': unread }));
  assert.deepEqual(await report(withBuild(off, '6.1.0-29')), {});
});
