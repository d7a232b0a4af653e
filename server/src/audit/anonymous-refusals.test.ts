import assert from 'node:assert/strict';
import { it } from 'node:test';
import { minute } from '@postern/shared/time';
import { AnonymousRefusals } from './anonymous-refusals.ts';
import type { AuditEvent } from './event.ts';

const start = Date.parse('2026-11-21T09:30:00Z');
const event: AuditEvent = {
  at: start,
  type: 'proof.refused',
  outcome: 'failure',
  actor: { kind: 'anonymous', id: null },
  subject: null,
  data: { code: 'proof_invalid' },
};

it('of a flood the first twenty of a minute are recorded, and the next one tells how many were not', () => {
  const refusals = new AnonymousRefusals();
  const flood = Array.from({ length: 520 }, () => refusals.record('proof_invalid', event, start));
  assert.equal(flood.flat().length, 20);
  assert.deepEqual(flood[0], [event]);
  assert.deepEqual(refusals.record('proof_invalid', event, start + minute), [
    { ...event, data: { code: 'proof_invalid', alsoRefused: 500 } },
  ]);
  assert.deepEqual(refusals.record('proof_invalid', event, start + minute), [event]);
});

it('a flood of one code leaves room for every other', () => {
  const refusals = new AnonymousRefusals();
  for (let count = 0; count < 100; count += 1) refusals.record('proof_invalid', event, start);
  assert.equal(refusals.record('proof_algorithm', event, start).length, 1);
});

it('a count that one minute could not tell is kept for the next that can', () => {
  const refusals = new AnonymousRefusals();
  for (let count = 0; count < 23; count += 1) refusals.record('proof_invalid', event, start);
  const [entry] = refusals.record('proof_invalid', event, start + 60 * minute);
  assert.equal(entry?.data['alsoRefused'], 3);
});
