import assert from 'node:assert/strict';
import { SoftwareAuthenticator } from '@postern/server/step-up/testing/authenticator';
import { issuer, openStepUpDesk } from '@postern/server/step-up/testing/step-up-desk';
import { onBothStores, type TestDatabase } from './both-stores.ts';

type Test = Parameters<Parameters<typeof onBothStores>[1]>[0];

const rounds = 8;

/** Two nodes on one database, and somebody who is known on both. */
async function given(t: Test, database: TestDatabase) {
  const [here, there] = [
    await openStepUpDesk(t, await database.open()),
    await openStepUpDesk(t, await database.open()),
  ];
  return { here, there, erin: await here.add('Erin') };
}

/** Of proofs that were used at the same instant: one, and refusals. */
function oneWon(answers: readonly string[]): void {
  assert.equal(answers.filter((answer) => answer === 'passed').length, 1, answers.join(', '));
  for (const answer of answers) assert.match(answer, /^(passed|conflict|step_up_invalid)$/);
}

onBothStores('a challenge that is answered twice at the same instant is good once', async (t, database) => {
  const { here, there, erin } = await given(t, database);
  const device = await here.withPasskey(erin);
  for (let round = 0; round < rounds; round += 1) {
    const answer = device.answer(await here.challenge(erin, 'x'));
    const uses = [here, there, here, there].map((desk) => desk.outcome(erin, 'passkey', 'x', answer));
    oneWon(await Promise.all(uses));
  }
  assert.equal((await here.audited('step-up.passed')).length, rounds);
});

onBothStores('a code that is used twice at the same instant is good once', async (t, database) => {
  const { here, there, erin } = await given(t, database);
  const secret = await here.withApp(erin);
  for (let round = 0; round < rounds; round += 1) {
    here.pass(30_000);
    there.clock.at = here.clock.at;
    const answer = { kind: 'code', code: here.codeOf(secret) } as const;
    const uses = [here, there, here, there].map((desk, index) =>
      desk.outcome(erin, 'second-factor', `thing ${index}`, answer),
    );
    oneWon(await Promise.all(uses));
  }
  assert.equal((await here.audited('step-up.passed')).length, rounds);
});

onBothStores('many wrong codes at the same instant end in a lock, on two nodes as on one', async (t, database) => {
  const { here, there, erin } = await given(t, database);
  const secret = await here.withApp(erin);
  there.clock.at = here.clock.at;
  const good = new Set([-30_000, 0, 30_000].map((by) => here.codeOf(secret, here.clock.at + by)));
  const wrong = ['000000', '111111', '222222', '333333'].find((code) => !good.has(code)) ?? assert.fail();
  const guess = (desk: typeof here) => desk.outcome(erin, 'second-factor', 'x', { kind: 'code', code: wrong });
  const answers = await Promise.all(Array.from({ length: 24 }, (_, index) => guess(index % 2 === 0 ? here : there)));
  assert.equal(answers.filter((answer) => answer === 'step_up_invalid').length, 4);
  const row = await here.store.read.selectFrom('authenticator_apps').select('failures').executeTakeFirstOrThrow();
  assert.equal(row.failures, 5);
  const right = { kind: 'code', code: here.codeOf(secret) } as const;
  assert.equal(await there.outcome(erin, 'second-factor', 'x', right), 'step_up_locked');
});

onBothStores('a registration that is sent twice at the same instant adds one passkey', async (t, database) => {
  const { here, there, erin } = await given(t, database);
  const { id, options } = await here.begin(erin);
  const attestation = new SoftwareAuthenticator({ origin: issuer }).register({ challenge: options.challenge });
  const answers = await Promise.all([here, there, here].map((desk) => desk.finish(erin, id, attestation)));
  assert.equal(answers.filter(({ status }) => status === 201).length, 1);
  for (const { code = 'done' } of answers) assert.match(code, /^(done|step_up_invalid|second_factor_taken)$/);
  assert.equal((await here.audited('passkey.added')).length, 1);
});
