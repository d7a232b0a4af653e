import assert from 'node:assert/strict';
import { test } from 'node:test';
import { antivirus } from '@postern/shared/checks/antivirus';
import { day } from '@postern/shared/time';
import fc from 'fast-check';
import { valueOf } from '../testing/assert-finding.ts';
import { exited, recordedSystem, type Recording } from '../testing/recorded-system.ts';
import { parseHealth } from './defender.ts';
import { readLinux } from './linux.ts';

const now = Date.UTC(2026, 10, 21);
const productsOf = async (recording: Omit<Recording, 'platform'>) =>
  valueOf(await readLinux(recordedSystem({ platform: 'linux', now, ...recording })), antivirus).products;
const init = { '/proc/1/comm': 'systemd\n' };
const clamav = { ...init, '/usr/sbin/clamd': '' };
const database = '/var/lib/clamav/daily.cld';

test('nothing installed is an empty list, not an unknown', async () => {
  assert.deepEqual(await productsOf({ files: init }), []);
});

test('ClamAV: running, with a database of this week', async () => {
  const files = { ...clamav, '/proc/9/comm': 'clamd\n', [database]: '' };
  const fresh = await productsOf({ files, modified: { [database]: now - 6 * day } });
  assert.deepEqual(fresh, [{ name: 'ClamAV', kind: 'antivirus', running: true, upToDate: true }]);
  const stale = await productsOf({ files, modified: { [database]: now - 8 * day } });
  assert.equal(stale[0]?.upToDate, false);
  const ahead = await productsOf({ files, modified: { [database]: now + 2 * day } });
  assert.equal(ahead[0]?.upToDate, null, 'a time to come says nothing');
});

test('ClamAV: a scanner without a daemon does not run, and freshclam alone protects nobody', async () => {
  const files = { ...init, '/usr/bin/clamscan': '', '/proc/9/comm': 'freshclam\n' };
  const products = await productsOf({ files, dirs: { '/var/lib/clamav': [] } });
  assert.deepEqual(products, [{ name: 'ClamAV', kind: 'antivirus', running: false, upToDate: false }]);
});

test('ClamAV: where processes of others and its folder are hidden, nothing is claimed', async () => {
  const files = { '/usr/sbin/clamd': '', '/proc/4711/comm': 'bash\n' };
  assert.deepEqual(await productsOf({ files }), [{ name: 'ClamAV', kind: 'antivirus', running: null, upToDate: null }]);
});

test('Falcon: by its sensor, in the kernel’s fifteen characters', async () => {
  const tool = { ...init, '/opt/CrowdStrike/falconctl': '' };
  const running = await productsOf({ files: { ...tool, '/proc/8/comm': 'falcon-sensor-b\n' } });
  assert.deepEqual(running, [{ name: 'CrowdStrike Falcon', kind: 'edr', running: true, upToDate: null }]);
  assert.equal((await productsOf({ files: tool }))[0]?.running, false);
  assert.deepEqual(await productsOf({ files: init, dirs: { '/opt/CrowdStrike': [] } }), []);
});

test('Falcon: to root its tool tells whether the sensor knows this kernel, and without that nothing is claimed', async () => {
  const machine = (answer: string | ReturnType<typeof exited>, uid = 0) =>
    productsOf({
      uid,
      files: { ...init, '/opt/CrowdStrike/falconctl': '', '/proc/8/comm': 'falcon-sensor-b\n' },
      commands: { '/opt/CrowdStrike/falconctl -g --rfm-state': answer },
    });
  for (const [answer, running] of [
    ['rfm-state=false.\n', true],
    ['rfm-state=true, rfm-reason=Unsupported.\n', false],
    ['rfm-state is not set.\n', null],
    [exited(255, '', 'ERROR: Must be root'), null],
  ] as const) {
    assert.equal((await machine(answer))[0]?.running, running);
  }
  assert.equal((await machine('rfm-state=true.\n', 1000))[0]?.running, true);
});

test('services that watch: by their program and their process, and by the process alone where the folder is closed', async () => {
  const unit = { dirs: { '/usr/lib/systemd/system': ['sentinelone.service'] } };
  const running = await productsOf({ ...unit, files: { ...init, '/proc/5/comm': 's1-agent\n' } });
  assert.deepEqual(running, [{ name: 'SentinelOne', kind: 'edr', running: true, upToDate: null }]);
  const stopped = await productsOf({ files: { ...init, '/opt/ds_agent/ds_agent': '' } });
  assert.deepEqual(stopped, [{ name: 'Trend Micro', kind: 'edr', running: false, upToDate: null }]);
});

test('services that watch: a service file or a folder that a removed one left behind is not one', async () => {
  const dirs = { '/usr/lib/systemd/system': ['sentinelone.service'], '/opt/sentinelone': [] };
  assert.deepEqual(await productsOf({ dirs, files: init }), []);
});

test('Defender: one that was onboarded reports to somebody', () => {
  assert.equal(parseHealth('{"orgId":"1f4e","healthy":true}')?.kind, 'edr');
  assert.equal(parseHealth('{"orgId":{"value":""}}')?.kind, 'antivirus');
});

const mdatp = '/usr/bin/mdatp health --output json';

test('Defender: both ways in which it writes its health', async () => {
  const flat = '{"healthy":true,"realTimeProtectionEnabled":true,"definitionsStatus":"up_to_date"}';
  assert.deepEqual(parseHealth(flat), { kind: 'antivirus', running: true, upToDate: true });
  const nested = '{"realTimeProtectionEnabled":{"value":false},"definitionsStatus":{"$type":"outOfDate"}}';
  assert.deepEqual(await productsOf({ files: init, commands: { [mdatp]: nested } }), [
    { name: 'Microsoft Defender', kind: 'antivirus', running: false, upToDate: false },
  ]);
});

test('Defender: installed and silent is listed, and nothing is claimed of it', async () => {
  for (const answer of ['', '<html>', '{}', exited(1, '', 'cannot connect')]) {
    const products = await productsOf({ files: init, commands: { [mdatp]: answer } });
    assert.deepEqual(products, [{ name: 'Microsoft Defender', kind: 'antivirus', running: null, upToDate: null }]);
  }
});

test('Defender: any text is a health or none', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const health = parseHealth(text);
      assert.ok(health === undefined || health.upToDate === null);
    }),
  );
});
