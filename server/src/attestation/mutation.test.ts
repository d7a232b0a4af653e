import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { someReadings } from './testing/readings.ts';
import { openTestBackend } from './testing/test-backend.ts';

it('an attestation that was changed in any one place is never accepted', async (t) => {
  const backend = await openTestBackend(t);
  const device = await backend.enroll();
  const jws = await device.attest({
    readings: someReadings(0),
    nonce: backend.nonces.issue(backend.clock.at),
    now: backend.clock.at,
  });
  const character = fc.constantFrom(...Array.from('ABCXYZabcxyz0189-_.=+/ \n\0é'));
  const mutation = fc.record({
    at: fc.nat(jws.length - 1),
    // The end is where spare bits hide.
    fromEnd: fc.boolean(),
    kind: fc.constantFrom('replace', 'insert', 'delete', 'swap', 'cut'),
    character,
  });
  await fc.assert(
    fc.asyncProperty(mutation, async ({ at, fromEnd, kind, character: put }) => {
      const place = fromEnd ? jws.length - 1 - (at % 90) : at;
      const [head, here, tail] = [jws.slice(0, place), jws[place] ?? '', jws.slice(place + 1)];
      const mutated = {
        replace: head + put + tail,
        insert: head + put + here + tail,
        delete: head + tail,
        swap: head + tail.charAt(0) + here + tail.slice(1),
        cut: head,
      }[kind];
      fc.pre(mutated !== jws);
      const { status } = await backend.send(mutated);
      assert.ok(status >= 400 && status < 500, `status ${status}`);
    }),
    { numRuns: 300 },
  );
  const facts = await backend.factsOf(device);
  assert.deepEqual([facts.evidence, facts.quarantine], [null, null]);
  assert.equal((await backend.send(jws)).status, 200);
});
