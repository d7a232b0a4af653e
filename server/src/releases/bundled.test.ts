import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bundledFeed } from './bundled.ts';
import { readReleases } from './read-releases.ts';
import { aMac, aSystem, aWindows, noon } from './testing/feeds.ts';

const releases = readReleases(null);
const issued = Date.parse(bundledFeed().issuedAt);

test('the copy that comes with the program is a valid feed and names the systems that it should', () => {
  const named = bundledFeed().systems.map((system) => (system.platform === 'linux' ? system.id : system.platform));
  const systems = new Set<string>(named);
  for (const id of [
    'debian',
    'ubuntu',
    'fedora',
    'rhel',
    'almalinux',
    'rocky',
    'opensuse-leap',
    'arch',
    'macos',
    'windows',
  ])
    assert.ok(systems.has(id), id);
});

test('ends of support are those that the makers announced', () => {
  const linux = (id: string, version: string) => releases.of(aSystem({ id, version }), null, noon).supportEndsOn;
  assert.equal(linux('debian', '12'), '2026-07-11');
  assert.equal(linux('debian', '13'), '2028-08-09');
  assert.equal(linux('ubuntu', '24.04'), '2029-05-31');
  assert.equal(linux('rhel', '9.6'), '2032-05-31');
  assert.equal(linux('almalinux', '8.10'), '2029-05-31');
  assert.equal(linux('opensuse-leap', '15.6'), '2026-04-30');
  const edition = (build: string, name: string) => releases.of(aWindows(build, name), null, noon).supportEndsOn;
  assert.equal(edition('22631.4317', 'Core'), '2025-11-11');
  assert.equal(edition('22631.4317', 'Enterprise'), '2026-11-10');
  assert.equal(edition('19045.5011', 'Professional'), '2025-10-14', 'paid updates after it are no support');
  assert.equal(edition('26100.1', 'EnterpriseS'), '2029-10-09');
  assert.equal(edition('26100.1', 'IoTEnterpriseS'), '2034-10-10');
  assert.equal(edition('26100.1', 'ServerStandard'), '2034-11-14');
  assert.equal(edition('17763.1', 'ServerDatacenter'), '2029-01-09');
});

test('it knows the updates of macOS on the day of its sources, and that 26.3.2 was for one model', () => {
  assert.equal(releases.of(aMac('26.6.2', '25G83'), null, issued).upToDate, true);
  assert.equal(releases.of(aMac('15.7.9', '24G830'), null, issued).latest, '15.7.9');
  assert.equal(releases.of(aMac('26.6.1', '25G76'), null, issued).behindSince, '2026-08-17');
  const march = Date.parse('2026-03-16T12:00:00Z');
  assert.equal(releases.of(aMac('26.3.1', '25D2128'), 'Mac16,1', march).upToDate, true);
  assert.equal(releases.of(aMac('26.3.1', '25D2128'), 'Mac17,5', march).upToDate, false);
});

test('where it does not know it says so', () => {
  assert.equal(
    releases.of(aWindows('22631.4317', 'Core'), null, issued).upToDate,
    null,
    'it lists no updates of Windows',
  );
  assert.equal(releases.of(aMac('26.6.2'), null, issued).supportEndsOn, null, 'Apple announces none');
});
