import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attestationAnswerSchema } from '@postern/shared/protocol/attestation';
import { ownDeviceSchema } from '@postern/shared/protocol/device';
import { toTimestamp } from '@postern/shared/time';
import fc from 'fast-check';
import { deviceId, planOf, readingsOf, ruleOf, userId, verdictOf } from '../testing/documents.ts';
import { parseTolerantly } from './tolerant.ts';

const now = Date.UTC(2026, 10, 21, 9, 30);
const exception = { id: `exc_${'3'.repeat(32)}`, expiresAt: toTimestamp(now) };
const answer = {
  attestation: { seq: 1, hash: 'h'.repeat(43), receivedAt: toTimestamp(now) },
  verdict: { ...verdictOf(true, now), rules: [ruleOf({ exception: exception as never }), ruleOf({ fix: null })] },
  collect: planOf({ targets: { files: ['/opt/edr/agent'] } }),
};
const own = {
  id: deviceId,
  name: 'ada-laptop',
  state: 'active',
  quarantined: false,
  owner: { id: userId, name: 'Ada' },
  keyProvider: 'file',
  keyProtection: 'software',
  ownership: 'personal',
  attestation: null,
  verdict: answer.verdict,
  exceptions: [],
  sent: readingsOf(true, now),
  collect: answer.collect,
};

/** A newer backend: every object of the answer says more, but for records, whose members are data. */
function enriched(json: unknown, name: string, value: unknown, records: readonly unknown[]): unknown {
  if (Array.isArray(json)) return json.map((item: unknown) => enriched(item, name, value, records));
  if (typeof json !== 'object' || json === null) return json;
  const members = Object.entries(json).map(([key, member]) => [key, enriched(member, name, value, records)]);
  return Object.fromEntries(records.includes(json) ? members : [...members, [name, value]]);
}

const name = fc
  .string({ minLength: 1 })
  .filter((each) => !(each in {}))
  .map((each) => `new ${each}`);

test('an answer that says more everywhere is read as if it did not', () => {
  fc.assert(
    fc.property(name, fc.jsonValue(), (more, value) => {
      const newer = enriched(answer, more, value, [answer.collect.targets]);
      assert.deepEqual(parseTolerantly(attestationAnswerSchema, newer).data, attestationAnswerSchema.parse(answer));
    }),
  );
});

test('so is the device’s own state, with readings and records in it', () => {
  const records = [
    own.collect.targets,
    own.sent,
    ...Object.values(own.sent).map((each) => 'value' in each && each.value),
  ];
  const newer = enriched(own, 'mood', { colour: 'blue' }, records);
  assert.deepEqual(parseTolerantly(ownDeviceSchema, newer).data, ownDeviceSchema.parse(own));
});

for (const [what, change] of [
  ['a number in place of a text', { attestation: { ...answer.attestation, hash: 7 } }],
  ['a member that is missing', { collect: undefined }],
  ['a status that this agent does not know', { verdict: { ...answer.verdict, status: 'splendid' } }],
  ['a key of the wrong length', { collect: { ...answer.collect, identifierKey: 'short' } }],
  ['a list in place of a record', { collect: { ...answer.collect, targets: [] } }],
  ['a path with .. in it', { collect: { ...answer.collect, targets: { files: ['/a/../b'] } } }],
] as const) {
  test(`${what} is refused, with something new beside it or not`, () => {
    assert.equal(parseTolerantly(attestationAnswerSchema, { ...structuredClone(answer), ...change }).success, false);
    assert.equal(
      parseTolerantly(attestationAnswerSchema, { ...structuredClone(answer), ...change, mood: 1 }).success,
      false,
    );
  });
}

test('whatever comes, it ends, and what passes has the form that the schema gives it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (json) => {
      const parsed = parseTolerantly(attestationAnswerSchema, json);
      assert.ok(!parsed.success || attestationAnswerSchema.safeParse(parsed.data).success);
    }),
  );
});

test('members with the names of every object’s own are taken away like others', () => {
  const newer = JSON.parse(JSON.stringify(answer).replace('{', '{"__proto__":{"seq":9},"constructor":1,')) as unknown;
  assert.deepEqual(parseTolerantly(attestationAnswerSchema, newer).data, attestationAnswerSchema.parse(answer));
});
