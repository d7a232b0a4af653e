import assert from 'node:assert/strict';
import { systemActor } from '@postern/server/audit/event';
import { changeUser, createUser } from '@postern/server/identity/users';
import { laptops, openDraftDesk } from '@postern/server/policy/testing/draft-desk';
import { systemRandom } from '@postern/server/random';
import type { Store } from '@postern/server/storage/store';
import { onBothStores, type TestDatabase } from './both-stores.ts';

type Test = Parameters<Parameters<typeof onBothStores>[1]>[0];

const rounds = 8;

/** Two nodes on one database, and admins who are known on both. */
async function given(t: Test, database: TestDatabase) {
  const [here, there] = [await openDraftDesk(t, await database.open()), await openDraftDesk(t, await database.open())];
  const [ada, bob, cy] = [await here.add('Ada'), await here.add('Bob'), await here.add('Cy')];
  return { here, there, ada, bob, cy };
}

/** A document that differs from round to round. */
const text = (round: number, of = 'x') => laptops('value.enabled', `description: Round ${round} of ${of}\n`);

/** The types of the entries of one round, in order. */
async function entriesAfter({ read }: Store, seq: number): Promise<string[]> {
  const rows = await read.selectFrom('audit').select('type').where('seq', '>', seq).orderBy('seq').execute();
  return rows.map(({ type }) => type);
}

async function headOf({ read }: Store): Promise<number> {
  const { head } = await read
    .selectFrom('audit')
    .select((select) => select.fn.max('seq').as('head'))
    .executeTakeFirstOrThrow();
  return head ?? 0;
}

onBothStores('of two approvals at the same instant one publishes and the other is told', async (t, database) => {
  const { here, there, ada, bob, cy } = await given(t, database);
  for (let round = 1; round <= rounds; round += 1) {
    const waiting = await here.submitted(ada, text(round));
    const epoch = Number(await here.epoch());
    const answers = await Promise.all([here.approve(bob, waiting), there.approve(cy, waiting)]);
    assert.deepEqual(answers.map(({ code }) => code ?? 'done').toSorted(), ['conflict', 'done']);
    assert.equal((await here.versions()).length, round);
    assert.equal(Number(await here.epoch()), epoch + 1);
    const winner = answers[0]?.code === undefined ? 'Bob' : 'Cy';
    assert.equal((await here.see(ada, waiting)).body.decidedBy?.name, winner);
  }
  assert.equal((await here.audited('policy.published')).length, rounds);
  assert.equal((await here.audited('policy.approval-refused')).length, rounds);
});

onBothStores(
  'an approval and an edit at the same instant: what was approved is what is in force',
  async (t, database) => {
    const { here, there, ada, bob } = await given(t, database);
    let published = 0;
    for (let round = 1; round <= rounds; round += 1) {
      const waiting = await here.submitted(ada, text(round));
      const [approved, edited] = await Promise.all([
        here.approve(bob, waiting),
        there.edit(ada, waiting, text(round, 'something else')),
      ]);
      const { body } = await here.see(ada, waiting);
      const versions = await here.store.read.selectFrom('policies').select('document').orderBy('version').execute();
      if (approved.code === undefined) {
        published += 1;
        assert.equal(edited.code, 'conflict');
        assert.deepEqual([body.state, body.document], ['published', waiting.document]);
        assert.equal(versions.at(-1)?.document, waiting.document);
      } else {
        assert.deepEqual([approved.code, edited.code], ['conflict', undefined]);
        assert.deepEqual([body.state, body.document], ['draft', text(round, 'something else')]);
      }
      assert.equal(versions.length, published);
    }
  },
);

onBothStores(
  'an approval and another publication at the same instant: only one of them is for this version',
  async (t, database) => {
    const { here, there, ada, bob, cy } = await given(t, database);
    for (let round = 1; round <= rounds; round += 1) {
      const [one, other] = [await here.submitted(ada, text(round)), await here.submitted(ada, text(round, 'another'))];
      const answers = await Promise.all([here.approve(bob, one), there.approve(cy, other)]);
      assert.deepEqual(answers.map(({ code }) => code ?? 'done').toSorted(), ['done', 'policy_draft_outdated']);
      const versions = await here.versions();
      assert.deepEqual(
        versions.map(({ version, current }) => [version, current]),
        Array.from({ length: round }, (_, index) => [index + 1, index + 1 === round ? 1 : 0]),
      );
    }
  },
);

onBothStores('a policy of another name is published beside it without being in the way', async (t, database) => {
  const { here, there, ada, bob, cy } = await given(t, database);
  for (let round = 1; round <= rounds; round += 1) {
    const phones = text(round).replace('policy: laptops', 'policy: phones');
    const [one, other] = [await here.submitted(ada, text(round)), await here.submitted(ada, phones)];
    const answers = await Promise.all([here.approve(bob, one), there.approve(cy, other)]);
    assert.deepEqual(
      answers.map(({ code }) => code),
      [undefined, undefined],
    );
  }
  assert.equal((await here.versions('phones')).length, rounds);
});

onBothStores('nobody approves their own as the only admin once there is another one', async (t, database) => {
  const [here, elsewhere] = [await openDraftDesk(t, await database.open()), await database.open()];
  const ada = await here.add('Ada');
  for (let round = 1; round <= rounds; round += 1) {
    const waiting = await here.submitted(ada, text(round));
    const head = await headOf(here.store);
    const deps = { store: elsewhere, random: systemRandom };
    const wish = { name: 'Bob', email: `bob${round}@example.org`, roles: ['admin'] as const };
    const [approved, bob] = await Promise.all([
      here.approve(ada, waiting),
      createUser(deps, wish, systemActor, here.clock.at),
    ]);
    assert.ok(approved.code === undefined || approved.code === 'second_approval_required', approved.code);
    const types = await entriesAfter(here.store, head);
    if (approved.code === undefined) assert.deepEqual(types, ['policy.published', 'user.created']);
    else assert.deepEqual(types, ['user.created', 'policy.approval-refused']);
    await changeUser(deps, bob.id, { active: false }, systemActor, here.clock.at);
  }
});

onBothStores('nobody approves who was an admin a moment ago', async (t, database) => {
  const { here, there, ada, bob } = await given(t, database);
  const deps = { store: there.store, random: systemRandom };
  for (let round = 1; round <= rounds; round += 1) {
    const waiting = await here.submitted(ada, text(round));
    const head = await headOf(here.store);
    const [approved, demoted] = await Promise.allSettled([
      here.approve(bob, waiting),
      changeUser(deps, bob.id, { roles: ['employee'] }, systemActor, here.clock.at),
    ]);
    assert.ok(approved.status === 'fulfilled' && demoted.status === 'fulfilled');
    const { code } = approved.value;
    assert.ok(code === undefined || code === 'not_allowed', code);
    const types = await entriesAfter(here.store, head);
    if (code === undefined) assert.deepEqual(types, ['policy.published', 'user.changed']);
    else assert.deepEqual(types, ['user.changed', 'policy.approval-refused']);
    await changeUser(deps, bob.id, { roles: ['admin'] }, systemActor, here.clock.at);
  }
});
