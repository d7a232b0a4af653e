import assert from 'node:assert/strict';
import { ensureDefaultTemplates, readTemplates } from '@postern/server/exceptions/index';
import { readHistory } from '@postern/server/exceptions/plan/read-history';
import { openDesk } from '@postern/server/exceptions/testing/desk';
import { wiki } from '@postern/server/exceptions/testing/policy';
import { hour } from '@postern/shared/time';
import { onBothStores } from './both-stores.ts';

onBothStores('nodes that start together publish the built-in templates once', async (_t, database) => {
  const [here, there] = [await database.open(), await database.open()];
  const did = await Promise.all([here, there, here, there].map((store) => ensureDefaultTemplates(store, 1)));
  assert.equal(did.filter(Boolean).length, 1);
  assert.equal((await readTemplates(there.read)).length, 9);
});

onBothStores('of two approvals of one proposal at once one publishes it', async (t, database) => {
  const desk = await openDesk(t, await database.open());
  await ensureDefaultTemplates(desk.store, desk.clock.at);
  const cy = await desk.addPerson('Cy', ['admin']);
  const di = await desk.addPerson('Di', ['admin']);
  const proposals = '/v1/admin/templates/proposals';
  const { body } = await desk.call('POST', proposals, { as: desk.ada, body: { retire: 'audit' } });
  const path = `${proposals}/${body.id}/approve`;
  const answers = await Promise.all([cy, di].map((as) => desk.call('POST', path, { as, body: {} })));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  assert.equal(answers.filter(({ status }) => status === 409).length, 1);
});

onBothStores('the history of a request is read with its template, in one statement', async (t, database) => {
  const desk = await openDesk(t, await database.open());
  await ensureDefaultTemplates(desk.store, desk.clock.at);
  const granted = await desk.granted({ duration: '2h', resources: [wiki] });
  desk.pass(hour);
  const about = { kind: 'device', rules: ['base/firewall', 'base/disk'], resources: [], template: 'audit' } as const;
  const history = await readHistory(desk.store.read, desk.erin.id, about, desk.clock.at);
  assert.equal(history.template?.document.title, 'An audit or a legal hold');
  assert.deepEqual(
    [history.requests30d, history.usualMs, history.reviewsDue, history.incident],
    [1, 2 * hour, 0, false],
  );
  const known = { ...about, exception: granted.id, template: undefined };
  const without = await readHistory(desk.store.read, desk.erin.id, known, desk.clock.at);
  assert.deepEqual([without.requests30d, without.usualMs, without.template], [0, null, undefined]);
  // What LIKE takes for a pattern is only itself.
  const access = { kind: 'access', rules: [], resources: ['%"_\\'], template: undefined } as const;
  assert.equal((await readHistory(desk.store.read, desk.erin.id, access, desk.clock.at)).requests30d, 0);
});
