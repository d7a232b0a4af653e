import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readConfig } from '@postern/server/config-read';
import { start } from '@postern/server/start';
import { decodeJwt } from 'jose';
import { hour, minute, second } from '@postern/shared/time';
import { Backend, startBackend } from '../support/backend.ts';
import { freePort } from '../support/free-port.ts';
import { firewallPolicy, HttpDevice } from '../support/http-device.ts';
import { movingClock } from '../support/moving-clock.ts';
import { resource } from '../support/scene.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

type Scope = Parameters<typeof startBackend>[0];

/** A device without a firewall that is excepted for an hour, on a server that can be stopped and started again. */
async function opening(t: Scope) {
  const port = await freePort();
  const clock = movingClock();
  const settings = {
    POSTERN_DATA: temporaryFolder(t, 'exception-time'),
    POSTERN_PORT: String(port),
    POSTERN_ISSUER: `http://127.0.0.1:${port}`,
    POSTERN_LOG: 'silent',
  };
  const run = async () => new Backend(await start(readConfig(settings), { clock }), clock, settings);
  let backend = await run();
  t.after(() => backend.server.stop());
  const admin = await backend.person('ada@example.org', ['admin']);
  const approver = await backend.person('bob@example.org', ['approver']);
  await backend.publish(firewallPolicy, admin);
  const gateway = await backend.gateway(admin, resource);
  const device = await HttpDevice.enroll(backend, admin);
  await device.attest({}, device.firewallOff());
  const asked = await device.call('POST', '/v1/exceptions', {
    rules: ['baseline/firewall'],
    duration: '1h',
    justification: 'Customers are here all day',
  });
  const path = `/v1/admin/exceptions/${String(asked.body['id'])}`;
  const approved = await approver.post(`${path}/approve`, { requestHash: asked.body['requestHash'] });
  assert.equal(approved.body['state'], 'active', JSON.stringify(approved.body));
  return {
    clock,
    approver,
    gateway,
    device,
    path,
    end: Date.parse(String(approved.body['expiresAt'])),
    /** Stops the server, lets time pass, and starts it on the same data. */
    restart: async (milliseconds: number) => {
      await backend.server.stop();
      clock.advance(milliseconds);
      backend = await run();
    },
  };
}

describe('nothing lives longer than was approved', () => {
  test('a server that was down at the end knows of it when it is up again', async (t) => {
    const { approver, gateway, device, path, restart } = await opening(t);
    const token = await device.accessToken(resource);
    await restart(hour);
    assert.deepEqual(await gateway.introspect(token), { active: false });
    await device.attest({}, device.firewallOff());
    assert.equal((await device.token({ resource })).body['error_code'], 'posture_refused');
    const seen = await approver.get(path);
    assert.deepEqual([seen.body['state'], seen.body['live']], ['expired', false]);
  });

  test('a restart before the end neither ends it nor gives it more time', async (t) => {
    const { clock, approver, device, path, end, restart } = await opening(t);
    await restart(30 * minute);
    const seen = await approver.get(path);
    assert.deepEqual([seen.body['state'], Date.parse(String(seen.body['expiresAt']))], ['active', end]);
    await device.attest({}, device.firewallOff());
    assert.equal((await device.token({ resource })).status, 200);
    await restart(end - clock.now());
    await device.attest({}, device.firewallOff());
    assert.equal((await device.token({ resource })).body['error_code'], 'posture_refused');
  });

  test('no token says that it lives longer, however close the end is; in the last second there is none', async (t) => {
    const { clock, gateway, device, end } = await opening(t);
    for (const left of [10 * minute, 2 * minute, 30 * second, 5 * second]) {
      clock.advance(end - left - clock.now());
      await device.attest({}, device.firewallOff());
      const { status, body } = await device.token({ resource });
      assert.equal(status, 200, JSON.stringify(body));
      const { exp = Infinity } = decodeJwt(String(body['access_token']));
      assert.ok(exp * second <= end, `${exp * second - end} ms after the end`);
      assert.ok(clock.now() / second + Number(body['expires_in']) <= Math.ceil(end / second) + 1);
      const { active } = await gateway.introspect(String(body['access_token']));
      assert.equal(active, true);
    }
    clock.advance(end - 500 - clock.now());
    assert.notEqual((await device.token({ resource })).status, 200);
  });

  test('a clock that goes back does not revive what was found to be over', async (t) => {
    const { clock, approver, device, path, end } = await opening(t);
    clock.advance(end - clock.now());
    // Whoever asks again for the same writes down that the first one is over.
    await device.attest({}, device.firewallOff());
    const again = await device.call('POST', '/v1/exceptions', {
      rules: ['baseline/firewall'],
      duration: '1h',
      justification: 'They stayed for longer',
    });
    assert.equal(again.status, 201);
    clock.advance(-30 * minute);
    const seen = await approver.get(path);
    assert.deepEqual([seen.body['state'], seen.body['live']], ['expired', false]);
    assert.notEqual((await device.token({ resource })).status, 200);
  });
});
