import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReviewView } from '@postern/shared/protocol/review';
import { day, hour } from '@postern/shared/time';
import { updateAny } from '../storage/change.ts';
import { openRuleReviews } from './index.ts';
import { exceptionId, openReviewDesk } from './testing/review-desk.ts';

const [first, second, third, fourth] = [1, 2, 3, 4].map(exceptionId) as [string, string, string, string];

test('demand 43: an exception that stands for longer than the time between reviews is looked at, once', async (t) => {
  const desk = await openReviewDesk(t);
  await desk.putException({ id: first }, desk.bob);
  desk.pass(30 * day);
  await desk.work();
  assert.deepEqual(await desk.reviews(), [], 'exactly the time is not longer');
  desk.pass(1);
  await desk.work();
  await desk.work();
  const [review, ...others] = await desk.reviews('open');
  assert.deepEqual([review?.subject, others], [first, []]);
  assert.deepEqual(
    review?.reviewers.map(({ name }) => name),
    ['Eve'],
    'not Bob, who approved it',
  );
  assert.deepEqual(await desk.audited(review ?? assert.fail()), ['review.opened']);
  assert.equal((await desk.decideReview(desk.eve, review, 'keep')).status, 200);
  await desk.work();
  assert.deepEqual(await desk.reviews('open'), []);
  desk.pass(30 * day);
  await desk.work();
  assert.deepEqual(await desk.reviews('open'), []);
  desk.pass(1);
  await desk.work();
  assert.equal((await desk.reviews('open')).length, 1, 'it stands for as long again');
});

test('a chain of extensions is one thing: more than two are looked at, and each further one', async (t) => {
  const desk = await openReviewDesk(t);
  const over = { state: 'superseded', ended_at: desk.clock.at };
  await desk.putException({ id: first, ...over });
  await desk.putException({ id: second, extends_id: first, ...over }, desk.eve);
  await desk.putException({ id: third, extends_id: second });
  await desk.work();
  assert.deepEqual(await desk.reviews(), [], 'two');
  await desk.store.commit({ changes: [updateAny('exceptions', { id: third }, over)], audit: [] });
  await desk.putException({ id: fourth, extends_id: third });
  await desk.work();
  const [review = assert.fail()] = await desk.reviews();
  assert.match(review.reason, /3 times/);
  assert.equal((await desk.decideReview(desk.eve, review, 'keep')).code, 'review_not_yours', 'she approved the second');
  assert.equal((await desk.decideReview(desk.bob, review, 'keep')).status, 200);
  await desk.work();
  assert.deepEqual(await desk.reviews('open'), []);
  await desk.store.commit({ changes: [updateAny('exceptions', { id: fourth }, over)], audit: [] });
  await desk.putException({ id: exceptionId(5), extends_id: fourth });
  await desk.work();
  assert.equal((await desk.reviews('open')).length, 1, 'a fourth extension');
});

test('ending by a review ends what is in force now, though it was extended meanwhile', async (t) => {
  const desk = await openReviewDesk(t);
  await desk.putException({ id: first });
  desk.pass(31 * day);
  await desk.work();
  const [review = assert.fail()] = await desk.reviews();
  await desk.store.commit({
    changes: [updateAny('exceptions', { id: first }, { state: 'superseded', ended_at: desk.clock.at })],
    audit: [],
  });
  await desk.putException({ id: second, extends_id: first });
  await desk.work();
  assert.equal((await desk.reviews('open')).length, 1, 'it is the same review');
  assert.equal((await desk.decideReview(desk.bob, review, 'end')).status, 200);
  assert.equal((await desk.seen({ id: second })).state, 'revoked');
  assert.deepEqual(await desk.audited(review), ['review.opened', 'review.decided']);
});

test('nobody reviews what they have a part in, admins neither, and that they tried is recorded', async (t) => {
  const desk = await openReviewDesk(t);
  const given = await desk.addPerson('Ivy', ['admin', 'approver']);
  await desk.putException({ id: first, person_id: given.id, requested_by: desk.ada.id }, desk.bob);
  desk.pass(31 * day);
  await desk.work();
  const [review = assert.fail()] = await desk.reviews();
  const owner = { ...desk.erin, roles: ['approver'] as const };
  for (const party of [given, desk.ada, desk.bob, owner])
    assert.equal((await desk.decideReview(party, review, 'end')).code, 'review_not_yours', party.name);
  assert.equal((await desk.decideReview(desk.erin, review, 'end')).code, 'not_allowed');
  assert.equal((await desk.seen({ id: first })).state, 'active');
  assert.deepEqual(await desk.audited(review), [
    'review.opened',
    ...Array.from({ length: 4 }, () => 'review.decided review_not_yours'),
  ]);
  const mine = async (as: typeof given) =>
    (await desk.callReviews<{ items: ReviewView[] }>('GET', '/v1/me/reviews', as)).body.items.length;
  assert.deepEqual([await mine(desk.eve), await mine(given), await mine(desk.bob)], [1, 0, 0]);
  const detail = await desk.callReviews('GET', `/v1/admin/reviews/${review.id}`, given);
  assert.equal(detail.body['mayDecide'], false);
});

test('an emergency is ratified or repudiated, and only repudiated ends it', async (t) => {
  const desk = await openReviewDesk(t);
  const review = await desk.putEmergency();
  assert.equal((await desk.decideReview(desk.bob, review, 'keep')).code, 'malformed_request');
  const detail = await desk.callReviews('GET', `/v1/admin/reviews/${review.id}`, desk.bob);
  assert.equal(detail.body['mayDecide'], true);
  assert.equal((await desk.decideReview(desk.bob, review, 'ratified')).body['verdict'], 'ratified');
  assert.equal((await desk.seen({ id: review.exception })).state, 'active');
  assert.equal((await desk.decideReview(desk.eve, review, 'repudiated')).code, 'review_state');
  assert.equal((await desk.seen({ id: review.exception })).state, 'active');

  const other = await desk.putEmergency(exceptionId(901));
  assert.equal((await desk.decideReview(desk.eve, other, 'repudiated', 'There was none')).status, 200);
  assert.equal((await desk.seen({ id: other.exception })).state, 'revoked');
  assert.deepEqual(await desk.audited({ id: other.exception }), ['exception.revoked', 'emergency.repudiated']);
  const [entry] = (await desk.entries(other.id)).slice(-1);
  assert.deepEqual([entry?.text, entry?.data['ended']], ['There was none', other.exception]);
});

test('an emergency that is over is reviewed all the same', async (t) => {
  const desk = await openReviewDesk(t);
  const review = await desk.putEmergency();
  desk.pass(2 * day);
  await desk.sweep();
  await desk.work();
  assert.equal((await desk.reviews('overdue')).length, 1);
  assert.equal((await desk.decideReview(desk.bob, review, 'repudiated')).status, 200);
  assert.equal((await desk.seen({ id: review.exception })).state, 'expired');
});

test('what nobody decides in time is overdue, said once, and counted until somebody does', async (t) => {
  const desk = await openReviewDesk(t);
  const review = await desk.putEmergency(exceptionId(900), desk.clock.at + hour);
  desk.pass(hour - 1);
  await desk.work();
  assert.deepEqual([await desk.reviews('overdue'), desk.gauge.at(-1)], [[], 0]);
  desk.pass(1);
  await desk.work();
  await desk.work();
  assert.deepEqual([(await desk.reviews('overdue')).length, desk.gauge.at(-1)], [1, 1]);
  assert.deepEqual(await desk.audited(review), ['emergency.review-overdue']);
  await desk.decideReview(desk.bob, review, 'ratified');
  await desk.work();
  assert.deepEqual([await desk.reviews('overdue'), desk.gauge.at(-1)], [[], 0]);
});

test('a review of what ended by itself is closed, and says that nobody looked', async (t) => {
  const desk = await openReviewDesk(t);
  await desk.putException({ id: first, expires_at: desk.clock.at + 32 * day });
  desk.pass(31 * day);
  await desk.work();
  const [review = assert.fail()] = await desk.reviews('open');
  desk.pass(day);
  await desk.work();
  const [closed] = await desk.reviews('decided');
  assert.deepEqual([closed?.id, closed?.verdict, closed?.decidedBy], [review.id, 'end', null]);
});

test('a rule with many exceptions is looked at by who is not excepted from it, and not again at once', async (t) => {
  const desk = await openReviewDesk(t);
  await desk.putException({ id: first, person_id: desk.bob.id, requested_by: desk.bob.id }, desk.eve);
  const rules = [{ rule: 'base/firewall', reason: '3 of 5 devices are excepted.' }];
  const open = () => openRuleReviews(desk.reviewDeps, rules, desk.clock.at);
  await open();
  await open();
  const [review = assert.fail(), ...others] = await desk.reviews();
  assert.deepEqual(others, []);
  assert.deepEqual(
    review.reviewers.map(({ name }) => name),
    ['Eve'],
  );
  assert.equal((await desk.decideReview(desk.bob, review, 'keep')).code, 'review_not_yours');
  assert.equal((await desk.decideReview(desk.eve, review, 'change')).status, 200);
  await open();
  assert.deepEqual(await desk.reviews('open'), []);
  desk.pass(30 * day);
  await open();
  assert.equal((await desk.reviews('open')).length, 1);
});

test('what was given to people who have all left is given to everybody who may', async (t) => {
  const desk = await openReviewDesk(t);
  await desk.putException({ id: first }, desk.bob);
  desk.pass(30 * day + 1);
  await desk.work();
  const mine = async (as: typeof desk.eve) =>
    (await desk.callReviews<{ items: ReviewView[] }>('GET', '/v1/me/reviews', as)).body.items.length;
  assert.deepEqual([await mine(desk.eve), await mine(desk.ada), await mine(desk.bob)], [1, 0, 0]);
  await desk.change('users', desk.eve.id, { active: 0 });
  assert.deepEqual([await mine(desk.ada), await mine(desk.bob)], [1, 0], 'not Bob, who approved it');
});
