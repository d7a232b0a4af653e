import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorAnswerSchema, toErrorAnswer } from './error-answer.ts';
import { errorCodes, errorKinds, Fault } from './errors.ts';

test('every error says in a sentence what is the matter', () => {
  for (const code of errorCodes) {
    const { status, sentence } = errorKinds[code];
    assert.match(sentence, /^[A-Z].*\.$/, code);
    assert.ok(status >= 400 && status < 600, code);
  }
});

test('two causes never share a sentence, or nobody could tell them apart', () => {
  const sentences = errorCodes.map((code) => errorKinds[code].sentence);
  assert.equal(new Set(sentences).size, sentences.length);
});

test('an answer names the code of the RFC and our own, and nothing internal', () => {
  const answer = toErrorAnswer(new Fault('proof_replayed', { cause: new Error('secret detail') }));
  assert.equal(answer.error, 'invalid_dpop_proof');
  assert.equal(answer.error_code, 'proof_replayed');
  assert.ok(!JSON.stringify(answer).includes('secret'));
  errorAnswerSchema.parse(answer);
});

test('members of an answer cannot replace its code', () => {
  const answer = toErrorAnswer(new Fault('not_found', { members: { error: 'fine', error_code: 'fine' } }));
  assert.equal(answer.error_code, 'not_found');
  assert.equal(answer.error, 'not_found');
});
