import assert from 'node:assert/strict';
import { createLocalJWKSet, compactVerify } from 'jose';
import { aheadMs, headerOf, lifeMs, openKeyNodes, start } from '@postern/server/tokens/testing/key-nodes';
import { hour } from '@postern/shared/time';
import { onBothStores, type TestDatabase } from './both-stores.ts';

type Scope = Parameters<typeof openKeyNodes>[0];

/** Two nodes, each with its own connections, and with the keys of both uses. */
async function twoNodes(t: Scope, database: TestDatabase) {
  const stores = [await database.open(), await database.open()];
  const nodes = await Promise.all(
    stores.map(async (store) => {
      const node = await openKeyNodes(t, store);
      return Object.assign(node, { tokens: await node.signingNode(), signals: node.signalNode() });
    }),
  );
  const [one, two] = nodes;
  assert.ok(one && two);
  const at = (now: number) => nodes.forEach((node) => node.set(now));
  const keySets = () => Promise.all(nodes.map(async ({ tokens, signals }) => [tokens.jwks(), await signals.jwks()]));
  return { one, two, nodes, at, keySets };
}

onBothStores('two nodes that begin at once have one key of each use', async (t, database) => {
  const { one, keySets } = await twoNodes(t, database);
  const [ones, others] = await keySets();
  assert.deepEqual(ones, others);
  const rows = await one.store.read.selectFrom('signing_keys').select('use').orderBy('use').execute();
  assert.deepEqual(rows, [{ use: 'access-token' }, { use: 'signal' }]);
});

onBothStores(
  'two nodes rotate once, and each believes what the other signs, before, at and after',
  async (t, database) => {
    const { one, two, nodes, at, keySets } = await twoNodes(t, database);
    await keySets();
    const due = start + lifeMs - aheadMs;
    at(due);
    await Promise.all(nodes.flatMap(({ tokens, signals }) => [tokens.rotateIfDue(due), signals.rotateIfDue(due)]));
    await Promise.all(nodes.flatMap(({ tokens, signals }) => [tokens.follow(), signals.follow()]));
    const [ones, others] = await keySets();
    assert.deepEqual(ones, others);
    assert.deepEqual(
      ones?.map(({ keys }) => keys.length),
      [2, 2],
    );
    const signers = new Set();
    for (const now of [due, start + lifeMs - 1, start + lifeMs, start + lifeMs + hour]) {
      at(now);
      for (const [signer, reader] of [
        [one, two],
        [two, one],
      ] as const) {
        const token = await signer.tokens.sign({ now }, 'at+jwt', now);
        assert.deepEqual(await reader.tokens.verify(token, 'at+jwt'), { now });
        const signal = await signer.signals.sign({ now }, 'secevent+jwt', now);
        await compactVerify(signal, createLocalJWKSet(await reader.signals.jwks()));
        signers.add(headerOf(token)['kid']).add(headerOf(signal)['kid']);
      }
    }
    assert.equal(signers.size, 4, 'both nodes changed the key at the same moment');
  },
);

onBothStores('an emergency on one node ends what the other signed', async (t, database) => {
  const { one, two, keySets } = await twoNodes(t, database);
  await keySets();
  const token = await one.tokens.sign({}, 'at+jwt', start);
  await Promise.all([two.tokens.rotateNow(start), two.signals.rotateNow(start)]);
  await Promise.all([one.tokens.follow(), one.signals.follow()]);
  assert.equal(await one.tokens.verify(token, 'at+jwt'), undefined);
  const [ones, others] = await keySets();
  assert.deepEqual(ones, others);
  assert.deepEqual(
    ones?.map(({ keys }) => keys.length),
    [1, 1],
  );
});

onBothStores('what another master secret sealed opens on no node', async (t, database) => {
  const { one, keySets } = await twoNodes(t, database);
  await keySets();
  const another = { masterSecret: Buffer.alloc(32, 9).toString('base64url') };
  await assert.rejects(one.signingNode(another), /cannot be opened with this master secret/);
  await assert.rejects(one.signalNode(another).jwks(), /cannot be opened with this master secret/);
});
