import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compactVerify, createLocalJWKSet } from 'jose';
import { day, hour, minute } from '@postern/shared/time';
import { updateOne } from '../storage/change.ts';
import { isPublished, openEndedOf, signerAt } from './signing-key-plan.ts';
import { aheadMs, headerOf, lifeMs, openKeyNodes, start } from './testing/key-nodes.ts';

const typ = 'secevent+jwt';

describe('signal keys', () => {
  for (const alg of ['RS256', 'PS256', 'ES256'] as const) {
    it(`sign with ${alg} what any reader of the key set can verify, and the set shows no private member`, async (t) => {
      const { signalNode } = await openKeyNodes(t);
      const keys = signalNode({ signalAlg: alg });
      const set = await keys.sign({ jti: 'x' }, typ, start);
      const { protectedHeader } = await compactVerify(set, createLocalJWKSet(await keys.jwks()), { algorithms: [alg] });
      const [jwk = {}, ...others] = (await keys.jwks()).keys;
      assert.deepEqual(others, []);
      assert.deepEqual(protectedHeader, { alg, typ, kid: jwk['kid'] });
      assert.deepEqual([jwk['alg'], jwk['use']], [alg, 'sig']);
      const members = alg === 'ES256' ? ['crv', 'kty', 'x', 'y'] : ['e', 'kty', 'n'];
      assert.deepEqual(Object.keys(jwk).toSorted(), ['alg', 'kid', 'use', ...members].toSorted());
    });
  }

  it('are made when somebody asks for them, once, by however many nodes', async (t) => {
    const { store, signalNode } = await openKeyNodes(t);
    const nodes = [1, 2, 3].map(() => signalNode());
    const made = () => store.read.selectFrom('signing_keys').select(['kid', 'use', 'alg']).execute();
    for (const node of nodes) await node.follow();
    assert.deepEqual(await nodes[0]?.kids(), []);
    assert.deepEqual(await made(), []);
    await Promise.all(nodes.flatMap((node) => [node.jwks(), node.sign({}, typ, start), node.rotateIfDue(start)]));
    const [key, ...others] = await made();
    assert.deepEqual([key?.use, key?.alg, others], ['signal', 'ES256', []]);
    for (const node of nodes) assert.deepEqual(await node.kids(), [key?.kid]);
  });

  it('are the same after a restart', async (t) => {
    const { signalNode } = await openKeyNodes(t);
    const before = await signalNode({ signalAlg: 'PS256' }).jwks();
    assert.deepEqual(await signalNode({ signalAlg: 'PS256' }).jwks(), before);
  });

  it('and those of access tokens are strangers: neither verifies what the other signed, whatever it says', async (t) => {
    const { signalNode, signingNode } = await openKeyNodes(t);
    const [signals, tokens] = [signalNode(), await signingNode()];
    // The same algorithm for both, so that nothing but the use tells them apart.
    const disguised = await signals.sign({ sub: 'dev_1' }, 'at+jwt' as typeof typ, start);
    assert.equal(headerOf(disguised)['typ'], 'at+jwt');
    assert.equal(await tokens.verify(disguised, 'at+jwt'), undefined);
    const kids = [...tokens.jwks().keys, ...(await signals.jwks()).keys].map(({ kid }) => kid);
    assert.equal(new Set(kids).size, 2);
    assert.equal(tokens.isPublished(String(kids[1])), false);
  });

  it('do not become keys of access tokens by a change of the table', async (t) => {
    const { store, signalNode, signingNode } = await openKeyNodes(t);
    const signals = signalNode();
    const disguised = await signals.sign({ sub: 'dev_1' }, 'at+jwt' as typeof typ, start);
    const tokens = await signingNode();
    const { kid } = headerOf(disguised) as { kid: string };
    await store.commit({ audit: [], changes: [updateOne('signing_keys', { kid }, { use: 'access-token' })] });
    await assert.rejects(tokens.rotateIfDue(start), /cannot be opened/);
    assert.equal(await tokens.verify(disguised, 'at+jwt'), undefined);
  });

  it('keep their algorithm, whatever the table says', async (t) => {
    const { store, signalNode } = await openKeyNodes(t);
    await signalNode({ signalAlg: 'PS256' }).jwks();
    const { kid } = await store.read.selectFrom('signing_keys').select('kid').executeTakeFirstOrThrow();
    const change = { alg: 'RS256', public_jwk: '{"alg":"RS256"}' };
    await store.commit({ audit: [], changes: [updateOne('signing_keys', { kid }, change)] });
    const set = await signalNode({ signalAlg: 'PS256' }).sign({}, typ, start);
    assert.deepEqual(headerOf(set), { alg: 'PS256', typ, kid });
  });
});

describe('the rotation of signal keys', () => {
  it('goes by the same plan as that of access tokens, and neither touches the other', async (t) => {
    const { set, signalNode, signingNode } = await openKeyNodes(t);
    const [signals, tokens] = [signalNode(), await signingNode()];
    const first = headerOf(await signals.sign({}, typ, start))['kid'];
    const due = start + lifeMs - aheadMs;
    set(due);
    await signals.rotateIfDue(due);
    assert.equal((await signals.jwks()).keys.length, 2);
    assert.equal(tokens.jwks().keys.length, 1);
    assert.equal(headerOf(await signals.sign({}, typ, start + lifeMs - 1))['kid'], first);
    assert.notEqual(headerOf(await signals.sign({}, typ, start + lifeMs))['kid'], first);
    set(start + lifeMs + day - 1);
    assert.equal((await signals.jwks()).keys.length, 2, 'kept for a day after its last signature');
    set(start + lifeMs + day);
    assert.equal((await signals.jwks()).keys.length, 1);
  });

  it('to another algorithm begins with the next start, and every receiver can have the key before it signs', async (t) => {
    const { set, signalNode, store } = await openKeyNodes(t);
    const before = signalNode({ signalAlg: 'PS256' });
    await before.jwks();
    const after = signalNode({ signalAlg: 'ES256' });
    assert.equal(after.alg, 'ES256');
    const algAt = async (now: number) => headerOf(await after.sign({}, typ, now))['alg'];
    assert.equal(await algAt(start + 15 * minute - 1), 'PS256');
    assert.equal(await algAt(start + 15 * minute), 'ES256');
    set(start + day);
    assert.equal((await after.jwks()).keys.length, 2, 'the one before can still be verified');
    set(start + day + 15 * minute);
    assert.equal((await after.jwks()).keys.length, 1);
    const { entry } = await store.read
      .selectFrom('audit')
      .select('entry')
      .orderBy('seq', 'desc')
      .executeTakeFirstOrThrow();
    const { use, cause } = (JSON.parse(entry) as { data: Record<string, unknown> }).data;
    assert.deepEqual([use, cause], ['signal', 'algorithm']);
  });

  it('makes no key each minute while two nodes are set to different algorithms', async (t) => {
    const { set, signalNode, store } = await openKeyNodes(t);
    const nodes = [signalNode({ signalAlg: 'PS256' }), signalNode({ signalAlg: 'ES256' })];
    for (let now = start; now < start + hour; now += 10 * minute) {
      set(now);
      for (const node of nodes) await node.rotateIfDue(now);
    }
    assert.equal((await store.read.selectFrom('signing_keys').select('kid').execute()).length, 2);
  });

  it('in an emergency ends the keys of signals and leaves those of access tokens', async (t) => {
    const { signalNode, signingNode } = await openKeyNodes(t);
    const [signals, other, tokens] = [signalNode(), signalNode(), await signingNode()];
    const [before] = await signals.kids().then(async () => (await signals.jwks()).keys);
    await other.jwks();
    const token = await tokens.sign({}, 'at+jwt', start);
    await other.rotateNow(start);
    await signals.follow();
    const [after, ...more] = (await signals.jwks()).keys;
    assert.deepEqual(more, []);
    assert.notEqual(after?.['kid'], before?.['kid']);
    await tokens.follow();
    assert.deepEqual(await tokens.verify(token, 'at+jwt'), {});
  });

  it('has exactly one key without an end and one that signs, whatever was set and whenever it was started', async (t) => {
    const { set, signalNode, store } = await openKeyNodes(t);
    const algs = ['ES256', 'PS256'] as const;
    let now = start;
    for (const [step, ms] of [
      0,
      10 * minute,
      minute,
      29 * day,
      12 * hour,
      minute,
      13 * hour,
      day,
      45 * day,
    ].entries()) {
      now += ms;
      set(now);
      // Every start with the other algorithm, also while a successor waits.
      const node = signalNode({ signalAlg: algs[step % 2] ?? 'ES256' });
      await node.jwks();
      await node.rotateIfDue(now);
      const rows = await store.read.selectFrom('signing_keys').selectAll().execute();
      const keys = rows
        .map((row) => ({
          kid: row.kid,
          signsFrom: row.signs_from,
          signsUntil: row.signs_until,
          removedAt: row.removed_at,
        }))
        .filter((key) => isPublished(key, now));
      assert.equal(keys.filter(({ signsUntil }) => signsUntil === null).length, 1, `step ${step}`);
      const signer = signerAt(keys, now);
      assert.equal(headerOf(await node.sign({}, typ, now))['kid'], signer?.kid);
      assert.ok(openEndedOf(keys), `step ${step}`);
    }
  });
});
