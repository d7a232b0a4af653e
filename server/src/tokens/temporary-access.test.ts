import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { introspectionAnswerSchema, tokenAnswerSchema } from '@postern/shared/protocol/token';
import { day, hour, minute, second } from '@postern/shared/time';
import { updateOne } from '../storage/change.ts';
import { grantAccess, grantId } from './testing/exception.ts';
import type { FakeDevice } from './testing/fake-device.ts';
import {
  gatewayHeaders,
  issuer,
  resource,
  start,
  startTokenService,
  type TokenService,
} from './testing/token-service.ts';

const unbegun = { begins_at: null, expires_at: start + 8 * hour };

async function tokenFor(service: TokenService, device: FakeDevice) {
  const answer = await service.askToken(device);
  assert.equal(answer.status, 200, answer.code);
  const { access_token: token, expires_in: expiresIn } = tokenAnswerSchema.parse(answer.body);
  return { token, expiresIn, claims: decodeJwt(token) };
}

async function isActive(service: TokenService, token: string): Promise<boolean> {
  const { body } = await service.call('POST', '/oauth/introspect', { headers: gatewayHeaders, form: { token } });
  return introspectionAnswerSchema.parse(body).active;
}

const change = (service: TokenService, set: Record<string, string | number | null>) =>
  service.store.commit({ audit: [], changes: [updateOne('exceptions', { id: grantId }, set)] });

const grantRow = (service: TokenService) =>
  service.store.read.selectFrom('exceptions').selectAll().where('id', '=', grantId).executeTakeFirstOrThrow();

describe('a token for a resource that offers temporary access', () => {
  it('is refused without, saying in which roles to ask for it and where', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    service.access.set(resource, { roles: ['operator'], templates: ['temporary-access'] });
    const answer = await service.askToken(device);
    assert.equal(answer.code, 'access_required');
    assert.deepEqual(answer.body, { resource, roles: ['operator'], ask: `${issuer}/console/` });
    assert.deepEqual((await service.auditTypes()).at(-1), 'token.refused access_required');
  });

  it('names the grant and its role, and is kept with it', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    await grantAccess(service, device);
    const { claims } = await tokenFor(service, device);
    assert.deepEqual([claims['grant'], claims['roles']], [{ id: grantId }, ['operator']]);
    const stored = await service.store.read.selectFrom('access_tokens').selectAll().executeTakeFirstOrThrow();
    assert.deepEqual([stored.grant_id, stored.exceptions], [grantId, JSON.stringify([grantId])]);
    const { entry } = await service.store.read
      .selectFrom('audit')
      .select('entry')
      .where('type', '=', 'token.issued')
      .executeTakeFirstOrThrow();
    const { data } = JSON.parse(entry) as { data: Record<string, unknown> };
    assert.deepEqual([data['grant'], data['role'], data['exceptions']], [grantId, 'operator', [grantId]]);
  });

  it('never outlives the grant', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    await grantAccess(service, device, { expires_at: start + 90 * second });
    assert.equal((await tokenFor(service, device)).expiresIn, 90);
    service.clock.set(start + 89_001);
    assert.equal((await service.askToken(device)).code, 'access_required', 'less than a second is left');
    service.clock.set(start + 90 * second);
    assert.equal((await service.askToken(device)).code, 'access_required');
  });

  it('of one that it begins lives no longer than that may', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    await grantAccess(service, device, { ...unbegun, duration_ms: 2 * minute });
    assert.equal((await tokenFor(service, device)).expiresIn, 120);
  });

  it('does not make up for a posture that stands in the way', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol({ firewall: false, failingSince: start - 2 * day });
    await grantAccess(service, device, unbegun);
    assert.equal((await service.askToken(device)).code, 'posture_refused');
    assert.equal((await grantRow(service)).begins_at, null, 'and nothing has begun');
  });

  it('costs one read and one write, also when it begins the grant', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    await service.askToken(device);
    await grantAccess(service, device, unbegun);
    for (const _ of ['begins', 'goes on']) {
      const before = service.store.roundTrips();
      await tokenFor(service, device);
      const after = service.store.roundTrips();
      assert.deepEqual([after.reads - before.reads, after.writes - before.writes], [1, 1]);
    }
  });
});

describe('the first use', () => {
  it('begins the grant, once: from then on its whole time runs', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    await grantAccess(service, device, unbegun);
    service.clock.set(start + 10 * minute);
    await tokenFor(service, device);
    service.clock.set(start + 12 * minute);
    await tokenFor(service, device);
    const row = await grantRow(service);
    assert.deepEqual([row.begins_at, row.expires_at, row.version], [start + 10 * minute, start + 70 * minute, 2]);
    assert.deepEqual((await service.auditTypes()).slice(-3), ['exception.begun', 'token.issued', 'token.issued']);
  });

  it('twice at once begins it once, and both get a token of the same grant', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    await grantAccess(service, device, unbegun);
    const tokens = await Promise.all([1, 2, 3].map(() => tokenFor(service, device)));
    assert.ok(tokens.every(({ claims }) => (claims['grant'] as { id: string }).id === grantId));
    assert.equal((await grantRow(service)).version, 2);
    const types = await service.auditTypes();
    assert.equal(types.filter((type) => type === 'exception.begun').length, 1);
    assert.equal(types.filter((type) => type === 'token.issued').length, 3);
  });

  it('is no longer for a clock that goes back after it', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    await grantAccess(service, device, { ...unbegun, approved_at: start });
    service.clock.set(start + 10 * minute + 999);
    await tokenFor(service, device);
    service.clock.set(start + 5 * minute);
    assert.equal((await service.askToken(device)).code, 'access_required', 'it has not begun yet');
    service.clock.set(start - second);
    assert.equal((await service.askToken(device)).code, 'access_required', 'nor was it approved');
    const { begins_at: begun, expires_at: ends, version } = await grantRow(service);
    assert.deepEqual([begun, ends, version], [start + 10 * minute + 999, start + 70 * minute + 999, 2]);
    const later = start + 40 * minute + 1;
    service.clock.set(later);
    const fresh = updateOne('evidence', { device_id: device.id }, { received_at: later });
    await service.store.commit({ audit: [], changes: [fresh] });
    const { claims } = await tokenFor(service, device);
    assert.ok(Number(claims.exp) * second <= start + 70 * minute + 999, 'a fraction of a second is never rounded up');
  });

  it('comes too late once the time to begin is over', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    await grantAccess(service, device, unbegun);
    service.clock.set(start + 8 * hour);
    await service.store.commit({
      audit: [],
      changes: [updateOne('evidence', { device_id: device.id }, { received_at: start + 8 * hour })],
    });
    assert.equal((await service.askToken(device)).code, 'access_required');
    assert.equal((await grantRow(service)).begins_at, null);
  });
});

describe('the end of the grant ends its tokens at once', () => {
  const ends: [string, (service: TokenService) => Promise<void>][] = [
    ['revoked', (service) => change(service, { state: 'revoked', ended_at: start })],
    [
      'its role not offered any more',
      async ({ access }) => void access.set(resource, { roles: ['reader'], templates: ['t'] }),
    ],
    ['its role another one', (service) => change(service, { role: 'reader' })],
    ['the resource offering none any more', async ({ access }) => void access.delete(resource)],
    ['shorter than it was', (service) => change(service, { expires_at: start })],
    ['bound to another key', (service) => change(service, { jkt: 'x'.repeat(43) })],
  ];
  for (const [name, end] of ends) {
    it(name, async (t) => {
      const service = await startTokenService(t);
      const device = await service.enrol();
      await grantAccess(service, device);
      const { token } = await tokenFor(service, device);
      assert.equal(await isActive(service, token), true);
      await end(service);
      assert.equal(await isActive(service, token), false);
    });
  }

  it('also those from before the resource offered it', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    const { token } = await tokenFor(service, device);
    await grantAccess(service, device);
    assert.equal(await isActive(service, token), false);
  });

  it('and no token is issued in the instant after it, though it was decided before', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    await grantAccess(service, device);
    const commit = service.store.commit.bind(service.store);
    let ended = false;
    service.store.commit = async (unit) => {
      // Somebody ends it between the decision and the write.
      if (!ended) {
        ended = true;
        await change(service, { state: 'revoked', ended_at: start });
      }
      return commit(unit);
    };
    assert.equal((await service.askToken(device)).code, 'access_required');
    assert.deepEqual(await service.store.read.selectFrom('access_tokens').select('id').execute(), []);
  });
});
