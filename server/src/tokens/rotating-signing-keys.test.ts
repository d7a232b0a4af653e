import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { day, hour, type Instant, minute, second } from '@postern/shared/time';
import { systemActor } from '../audit/event.ts';
import { insert, updateOne } from '../storage/change.ts';
import { aheadMs, headerOf, lifeMs, openKeyNodes, start } from './testing/key-nodes.ts';

async function openKeys(t: TestContext) {
  const nodes = await openKeyNodes(t);
  return { ...nodes, keys: await nodes.signingNode(), anotherNode: nodes.signingNode };
}

const kidOf = (token: string) => headerOf(token)['kid'];

describe('signing keys', () => {
  it('sign what any reader of the key set can verify', async (t) => {
    const { keys } = await openKeys(t);
    const token = await keys.sign({ sub: 'x' }, 'at+jwt', start);
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys.jwks()), {
      typ: 'at+jwt',
    });
    assert.deepEqual(payload, { sub: 'x' });
    assert.deepEqual(await keys.verify(token, 'at+jwt'), { sub: 'x' });
  });

  it('show no private member, and store none in the clear', async (t) => {
    const { keys, store } = await openKeys(t);
    assert.deepEqual(
      keys.jwks().keys.map((key) => Object.keys(key).toSorted()),
      [['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']],
    );
    const row = await store.read.selectFrom('signing_keys').selectAll().executeTakeFirstOrThrow();
    assert.match(row.private_jwe, /^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  it('verify nothing of another type, another signer, or changed in any character', async (t) => {
    const [{ keys }, other] = [await openKeys(t), await openKeys(t)];
    const token = await keys.sign({ sub: 'x' }, 'at+jwt', start);
    assert.equal(await keys.verify(token, 'secevent+jwt'), undefined);
    assert.equal(await other.keys.verify(token, 'at+jwt'), undefined);
    for (let at = 0; at < token.length; at += 1) {
      const changed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
      assert.equal(await keys.verify(changed, 'at+jwt'), undefined, `character ${at}`);
    }
    for (const more of ['=', ' ', '\n', '.']) assert.equal(await keys.verify(token + more, 'at+jwt'), undefined);
  });

  it('are the same after a restart and on another node', async (t) => {
    const { keys, anotherNode } = await openKeys(t);
    const token = await keys.sign({}, 'at+jwt', start);
    const again = await anotherNode();
    assert.deepEqual(again.jwks(), keys.jwks());
    assert.deepEqual(await again.verify(token, 'at+jwt'), {});
  });

  it('sign on when the clock is set back to before the first of them', async (t) => {
    const { keys, set } = await openKeys(t);
    const token = await keys.sign({}, 'at+jwt', start);
    set(start - hour);
    assert.equal(kidOf(await keys.sign({}, 'at+jwt', start - hour)), kidOf(token));
  });

  it('cannot be opened with another master secret, and the server says so instead of making new ones', async (t) => {
    const { anotherNode } = await openKeys(t);
    await assert.rejects(
      anotherNode({ masterSecret: Buffer.alloc(32, 9).toString('base64url') }),
      /cannot be opened with this master secret/,
    );
  });

  it('are made once when several nodes start at the same moment', async (t) => {
    const { signingNode } = await openKeyNodes(t);
    const nodes = await Promise.all([1, 2, 3].map(() => signingNode()));
    assert.equal(nodes[0]?.jwks().keys.length, 1);
    for (const node of nodes) assert.deepEqual(node.jwks(), nodes[0]?.jwks());
  });
});

describe('rotation', () => {
  it('publishes the successor a day before it signs, and keeps the predecessor a day after', async (t) => {
    const { keys, set, store } = await openKeys(t);
    const first = kidOf(await keys.sign({}, 'at+jwt', start));
    const at = async (now: Instant) => {
      set(now);
      await keys.rotateIfDue(now);
      return { published: keys.jwks().keys.length, signer: kidOf(await keys.sign({}, 'at+jwt', now)) };
    };
    assert.deepEqual(await at(start + lifeMs - aheadMs - 1), { published: 1, signer: first });
    assert.deepEqual(await at(start + lifeMs - aheadMs), { published: 2, signer: first });
    assert.deepEqual(await at(start + lifeMs - 1), { published: 2, signer: first });
    const next = await at(start + lifeMs);
    assert.equal(next.published, 2);
    assert.notEqual(next.signer, first);
    assert.equal((await at(start + lifeMs + day - 1)).published, 2);
    assert.deepEqual(await at(start + lifeMs + day), { published: 1, signer: next.signer });
    const rotations = await store.read
      .selectFrom('audit')
      .select('type')
      .where('type', '=', 'signing-key.rotated')
      .execute();
    assert.equal(rotations.length, 2);
  });

  it('that comes late still publishes before it signs', async (t) => {
    const { keys, set } = await openKeys(t);
    const late = start + 10 * lifeMs;
    set(late);
    const first = kidOf(await keys.sign({}, 'at+jwt', late));
    await keys.rotateIfDue(late);
    assert.equal(kidOf(await keys.sign({}, 'at+jwt', late + aheadMs - 1)), first);
    assert.notEqual(kidOf(await keys.sign({}, 'at+jwt', late + aheadMs)), first);
  });

  it('publishes a quarter of an hour before it signs, however little is set', async (t) => {
    const { set, signingNode } = await openKeyNodes(t);
    const keys = await signingNode({ signingKeyLifeMs: hour, signingKeyAheadMs: minute });
    const first = kidOf(await keys.sign({}, 'at+jwt', start));
    const due = start + hour - 15 * minute;
    set(due);
    await keys.rotateIfDue(due);
    assert.equal(keys.jwks().keys.length, 2);
    assert.equal(kidOf(await keys.sign({}, 'at+jwt', start + hour - 1)), first);
    assert.notEqual(kidOf(await keys.sign({}, 'at+jwt', start + hour)), first);
  });

  it('happens once when several nodes find it due at the same moment', async (t) => {
    const { keys, anotherNode, set } = await openKeys(t);
    const nodes = [keys, await anotherNode(), await anotherNode()];
    const due = start + lifeMs - aheadMs;
    set(due);
    await Promise.all(nodes.map((node) => node.rotateIfDue(due)));
    for (const node of nodes) assert.deepEqual(node.jwks(), keys.jwks());
    assert.equal(keys.jwks().keys.length, 2);
  });

  it('by another node is noticed by the first token that its key signed', async (t) => {
    const { keys, anotherNode, set } = await openKeys(t);
    const other = await anotherNode();
    const later = start + hour;
    set(later);
    await other.rotateNow(later);
    assert.deepEqual(await keys.verify(await other.sign({}, 'at+jwt', later), 'at+jwt'), {});
  });

  it('in an emergency on one node is followed by the others, which else read nothing again', async (t) => {
    const { keys, anotherNode, store } = await openKeys(t);
    const other = await anotherNode();
    const token = await keys.sign({}, 'at+jwt', start);
    const { kid } = headerOf(token) as { kid: string };
    const before = store.roundTrips().reads;
    await keys.follow();
    assert.equal(store.roundTrips().reads - before, 1, 'one look, as nothing changed');
    await other.rotateNow(start);
    assert.deepEqual(await keys.verify(token, 'at+jwt'), {}, 'not yet');
    assert.equal(keys.isPublished(kid), true);
    await keys.follow();
    assert.equal(await keys.verify(token, 'at+jwt'), undefined);
    assert.equal(keys.isPublished(kid), false);
    assert.deepEqual(keys.jwks(), other.jwks());
  });

  it('in an emergency signs with a new key at once and believes the old one no more', async (t) => {
    const { keys, set, store } = await openKeys(t);
    const token = await keys.sign({}, 'at+jwt', start);
    set(start + second);
    await keys.rotateNow(start + second, { kind: 'person', id: 'usr_1' });
    assert.equal(await keys.verify(token, 'at+jwt'), undefined);
    assert.equal(keys.jwks().keys.length, 1);
    assert.notEqual(kidOf(await keys.sign({}, 'at+jwt', start + second)), kidOf(token));
    const last = await store.read
      .selectFrom('audit')
      .select(['type', 'actor_id'])
      .orderBy('seq', 'desc')
      .executeTakeFirst();
    assert.deepEqual(last, { type: 'signing-key.rotated', actor_id: 'usr_1' });
  });

  it('in an emergency happens although another node changes the keys at the same moment', async (t) => {
    const { keys, anotherNode } = await openKeys(t);
    const token = await keys.sign({}, 'at+jwt', start);
    const other = await anotherNode();
    await Promise.all([keys.rotateNow(start, systemActor), other.rotateNow(start, systemActor)]);
    assert.equal(await keys.verify(token, 'at+jwt'), undefined);
  });

  it('does not believe a key that somebody wrote into the table without the master secret', async (t) => {
    const [{ store, keys }, attacker] = [await openKeys(t), await openKeys(t)];
    const forged = await attacker.keys.sign({}, 'at+jwt', start);
    const row = await attacker.store.read.selectFrom('signing_keys').selectAll().executeTakeFirstOrThrow();
    const own = await store.read.selectFrom('signing_keys').selectAll().executeTakeFirstOrThrow();
    await store.commit({ audit: [], changes: [insert('signing_keys', { ...row, private_jwe: own.private_jwe })] });
    await assert.rejects(keys.rotateIfDue(start), /cannot be opened/);
    assert.equal(await keys.verify(forged, 'at+jwt'), undefined);
    await store.commit({ audit: [], changes: [updateOne('signing_keys', { kid: row.kid }, { removed_at: start })] });
    await keys.rotateIfDue(start);
  });
});
