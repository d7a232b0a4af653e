import assert from 'node:assert/strict';
import { decodeJwt } from 'jose';
import { openAccessDesk } from '@postern/server/exceptions/access/testing/access-desk';
import { endException } from '@postern/server/exceptions/deciding/end';
import { grantAccess, grantId } from '@postern/server/tokens/testing/exception';
import {
  gatewayHeaders,
  ownerId,
  start,
  startTokenService,
  type TokenService,
} from '@postern/server/tokens/testing/token-service';
import { tokenAnswerSchema } from '@postern/shared/protocol/token';
import { hour } from '@postern/shared/time';
import { onBothStores } from './both-stores.ts';

const unbegun = { begins_at: null, expires_at: start + 8 * hour };

async function isActive(service: TokenService, token: string): Promise<boolean> {
  const { body } = await service.call('POST', '/oauth/introspect', { headers: gatewayHeaders, form: { token } });
  return (body as { active: boolean }).active;
}

/** Types of the entries about a grant and its tokens, in the order of the chain. */
async function story({ store }: TokenService, id: string): Promise<string[]> {
  const rows = await store.read.selectFrom('audit').select(['type', 'subject_id', 'entry']).orderBy('seq').execute();
  return rows
    .filter(({ subject_id, entry }) => subject_id === id || entry.includes(`"grant":"${id}"`))
    .map(({ type }) => type);
}

onBothStores('of many first uses at once one begins the grant, and all get a token of it', async (t, database) => {
  const service = await startTokenService(t, await database.open());
  const device = await service.enrol();
  await grantAccess(service, device, unbegun);
  const answers = await Promise.all([1, 2, 3, 4].map(() => service.askToken(device)));
  for (const { status, code, body } of answers) {
    assert.equal(status, 200, code);
    const claims = decodeJwt(tokenAnswerSchema.parse(body).access_token);
    assert.equal((claims['grant'] as { id: string }).id, grantId);
  }
  const row = await service.store.read.selectFrom('exceptions').selectAll().executeTakeFirstOrThrow();
  assert.deepEqual([row.begins_at, row.expires_at, row.version], [start, start + hour, 2]);
  const types = await story(service, grantId);
  assert.equal(types.filter((type) => type === 'exception.begun').length, 1);
  assert.equal(types[0], 'exception.begun', 'no token is issued under what has not begun');
});

onBothStores('a token under a grant costs one read and one write, the first as well', async (t, database) => {
  const service = await startTokenService(t, await database.open());
  const device = await service.enrol();
  await service.askToken(device);
  await grantAccess(service, device, unbegun);
  for (const _ of ['begins', 'goes on']) {
    const before = service.store.roundTrips();
    assert.equal((await service.askToken(device)).status, 200);
    const after = service.store.roundTrips();
    assert.deepEqual([after.reads - before.reads, after.writes - before.writes], [1, 1]);
  }
});

onBothStores('whoever is first, no token is issued after the end of the grant', async (t, database) => {
  const service = await startTokenService(t, await database.open());
  const device = await service.enrol();
  let issued = 0;
  for (let round = 0; round < 12; round += 1) {
    const id = `exc_${round.toString(16).padStart(32, '0')}`;
    await grantAccess(service, device, round % 2 === 0 ? { id, ...unbegun } : { id });
    const end = async () => {
      for (let turns = 0; turns < round % 4; turns += 1) await new Promise(setImmediate);
      await endException(service, 'revoke', { id, by: ownerId }, start);
    };
    const asked = Array.from({ length: 4 }, () => service.askToken(device));
    const [answers] = await Promise.all([Promise.all(asked), end()]);
    for (const { status, code, body } of answers) {
      if (status === 200) {
        issued += 1;
        assert.equal(await isActive(service, tokenAnswerSchema.parse(body).access_token), false);
      } else assert.equal(code, 'access_required');
    }
    const types = await story(service, id);
    const ended = types.indexOf('exception.relinquished');
    assert.ok(ended >= 0);
    assert.deepEqual(types.slice(ended + 1), [], 'nothing happens under it after its end');
    assert.equal((await service.askToken(device)).code, 'access_required');
  }
  t.diagnostic(`${issued} tokens were faster than the end`);
});

onBothStores('of many requests at once for one resource one gets the place', async (t, database) => {
  const desk = await openAccessDesk(t, await database.open());
  const other = await desk.addDevice(desk.erin);
  const answers = await Promise.all(Array.from({ length: 10 }, (_, at) => desk.ask({}, at % 2 ? other : desk.laptop)));
  assert.equal(answers.filter(({ status }) => status === 201).length, 1);
  assert.ok(answers.every(({ code }) => code === undefined || code === 'exception_overlaps' || code === 'conflict'));
  assert.equal(Object.keys(await desk.places()).length, 1);
});

onBothStores('of two emergencies of one person at once one is used', async (t, database) => {
  const desk = await openAccessDesk(t, await database.open());
  await desk.setGroups(desk.erin, ['on-call']);
  const passkey = await desk.withPasskey(desk.erin);
  await desk.offer(desk.resources.wiki, { roles: ['operator'], templates: ['outage'] });
  const other = await desk.addDevice(desk.erin);
  const answers = await Promise.all([
    desk.emergency(desk.erin, passkey),
    desk.emergency(desk.erin, passkey, { resource: desk.resources.wiki }, other),
  ]);
  assert.deepEqual(answers.map(({ code }) => code ?? 'used').toSorted(), ['emergency_review_due', 'used']);
  assert.equal((await desk.store.read.selectFrom('reviews').select('id').execute()).length, 1);
});
