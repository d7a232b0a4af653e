import assert from 'node:assert/strict';
import { test } from 'node:test';
import { day, hour, minute, second } from '@postern/shared/time';
import type { ReportRow, RequestFact } from './facts.ts';
import { approvers, reciprocalPairs } from './reports/approvers.ts';
import { exceptionDebt, type Link, renewalChains } from './reports/chains.ts';
import { emergencies, lapsed, overdueReviews, type ReviewFact, timeToApprove } from './reports/flow.ts';
import { outsideScope } from './reports/outside.ts';
import { alwaysLongest, offHours, offHoursIn, repeatRequesters, sameJustification } from './reports/requesters.ts';
import { exceptionRate, expiring, outstanding, unused } from './reports/standing.ts';
import { aRequest, aVote, many, noon } from './testing/given.ts';

const flagged = (rows: readonly ReportRow[]) => rows.filter((row) => row.flagged).map(({ subject }) => subject);

test('demand 10: a rule is too strict when more than 20 % of the devices that fail it are excepted', () => {
  const rate = (excepted: number, failing: number) =>
    flagged(exceptionRate(new Map([['base/a', { excepted, failing }]])));
  assert.deepEqual(rate(20, 100), []);
  assert.deepEqual(rate(21, 100), ['base/a']);
  assert.deepEqual(rate(1, 1), [], 'one is no pattern');
  assert.deepEqual(rate(2, 2), ['base/a']);
});

test('what waits or was granted is outstanding, and what ends within a day or a week is expiring', () => {
  const requests = [
    aRequest({ id: 'waits', state: 'pending', beginsAt: null, approvedAt: null, expiresAt: null }),
    aRequest({ id: 'lapsed', state: 'pending', beginsAt: null, approvedAt: null, expiresAt: null, lapsesAt: noon }),
    aRequest({ id: 'day', expiresAt: noon + day }),
    aRequest({ id: 'week', expiresAt: noon + 7 * day }),
    aRequest({ id: 'later', expiresAt: noon + 7 * day + 1 }),
    aRequest({ id: 'over', expiresAt: noon }),
    aRequest({ id: 'revoked', state: 'revoked', endedAt: noon - 1 }),
  ];
  assert.deepEqual(
    outstanding(requests, noon).map(({ subject }) => subject),
    ['waits', 'day', 'week', 'later'],
  );
  assert.deepEqual(
    expiring(requests, noon).map(({ subject, values }) => [subject, values['within']]),
    [
      ['day', '24h'],
      ['week', '7d'],
    ],
  );
});

test('an exception is unused when no token leaned on it 48 hours after it began', () => {
  const begun = (id: string, ago: number) => aRequest({ id, beginsAt: noon - ago, expiresAt: noon + day });
  const requests = [begun('young', 48 * hour - 1), begun('old', 48 * hour), begun('used', 50 * hour)];
  assert.deepEqual(flagged(unused(requests, new Set(['used']), noon)), ['old']);
  const waiting = aRequest({ id: 'waiting', state: 'approved', beginsAt: null, approvedAt: noon - 3 * day });
  assert.deepEqual(flagged(unused([waiting], new Set(), noon)), ['waiting']);
});

test('demand 19: whoever asks three times for one rule is named, twice is not', () => {
  const rules = ['base/a', 'base/a', 'base/b'];
  const twice = many(2, () => aRequest({ rules }));
  assert.deepEqual(flagged(repeatRequesters(twice, 30)), []);
  assert.deepEqual(flagged(repeatRequesters([...twice, aRequest({ rules: ['base/a'] })], 30)), ['usr_erin base/a']);
  const others = many(3, (number) => aRequest({ personId: `usr_${number}` }));
  assert.deepEqual(repeatRequesters(others, 30), []);
});

function chain(length: number): Link[] {
  const of = { personId: 'usr_erin', deviceId: 'dev_1' };
  return many(length, (number) => ({
    ...of,
    id: `e${number}`,
    extendsId: number === 0 ? null : `e${number - 1}`,
    approvedAt: noon - (length - number) * day,
  }));
}

test('a chain of more than two renewals is debt, and one chain is one row by its first link', () => {
  assert.deepEqual(flagged(renewalChains(chain(3))), []);
  assert.deepEqual(flagged(renewalChains(chain(4))), ['e0']);
  assert.equal(renewalChains(chain(4)).length, 1);
  assert.deepEqual(renewalChains(chain(1)), []);
});

test('a chain that bites its own tail ends', () => {
  const [first = assert.fail(), ...rest] = chain(3);
  assert.doesNotThrow(() => renewalChains([{ ...first, extendsId: 'e2' }, ...rest]));
});

test('more than 30 days under exceptions in a year is debt; two at once count once', () => {
  const span = (from: number, to: number) => ({ deviceId: 'dev_1', from: noon - from, to: noon - to });
  assert.deepEqual(flagged(exceptionDebt([span(40 * day, 10 * day)], noon)), []);
  assert.deepEqual(flagged(exceptionDebt([span(40 * day, 10 * day - 1)], noon)), ['dev_1']);
  const twoAtOnce = [span(40 * day, 20 * day), span(40 * day, 20 * day), span(30 * day, 15 * day)];
  assert.deepEqual(exceptionDebt(twoAtOnce, noon)[0]?.values['days'], 25);
  assert.deepEqual(flagged(exceptionDebt([span(400 * day, 335 * day)], noon)), [], 'a year ago is long ago');
});

/** Requests hours apart, each answered so long after it was opened. */
function decided(count: number, lookedMs: number, denied = 0) {
  const requests = many(count, (number) => aRequest({ requestedAt: noon - (count - number) * hour }));
  const votes = requests.map((request, number) => {
    const at = request.requestedAt + 30 * minute;
    const verdict = number < denied ? 'deny' : 'approve';
    return aVote(request, { at, viewedAt: at - lookedMs, verdict });
  });
  return { requests, votes };
}

test('demand 49: an approver who says yes to nearly everything within seconds is named', () => {
  const named = (count: number, ms: number, denied = 0) => {
    const { requests, votes } = decided(count, ms, denied);
    return flagged(approvers(requests, votes)).length === 1;
  };
  assert.equal(named(20, 10 * second - 1), true);
  assert.equal(named(20, 10 * second), false, 'half took ten seconds');
  assert.equal(named(19, second), false, 'nineteen decisions');
  assert.equal(named(20, second, 1), false, '95 % is not more than 95 %');
  assert.equal(named(21, second, 1), true, '95.2 %');
});

test('whoever opens nothing is measured by how fast they decide one after the other', () => {
  const requests = many(20, () => aRequest({ requestedAt: noon - day }));
  const votes = (apart: number) => requests.map((request, number) => aVote(request, { at: noon + number * apart }));
  const [fast = assert.fail()] = approvers(requests, votes(2 * second));
  assert.deepEqual([fast.flagged, fast.values['openedPercent']], [true, 0]);
  assert.deepEqual(flagged(approvers(requests, votes(minute))), []);
});

test('what was asked for together is one decision', () => {
  const requests = many(40, () => aRequest({ setId: 'exs_1' }));
  const [row] = approvers(
    requests,
    requests.map((request) => aVote(request)),
  );
  assert.deepEqual([row?.values['decisions'], row?.flagged], [1, false]);
});

test('two who approve each other three times each way are named, also when they asked for somebody', () => {
  const given = (there: number, back: number) => {
    const left = many(there, () => aRequest({ personId: 'usr_a' }));
    const right = many(back, () => aRequest({ personId: 'usr_x', requestedBy: 'usr_b' }));
    const votes = [
      ...left.map((request) => aVote(request, { actorId: 'usr_b' })),
      ...right.map((request) => aVote(request, { actorId: 'usr_a' })),
    ];
    return flagged(reciprocalPairs([...left, ...right], votes));
  };
  assert.deepEqual(given(3, 3), ['usr_a usr_b']);
  assert.deepEqual(given(10, 2), []);
  assert.deepEqual(given(3, 0), []);
});

const review = (changes: Partial<ReviewFact>): ReviewFact => ({
  id: 'rvw_1',
  kind: 'emergency',
  subjectId: 'e1',
  personId: 'usr_erin',
  openedAt: noon - day,
  dueAt: noon,
  decidedAt: null,
  verdict: null,
  ...changes,
});

test('demand 53: every emergency is shown until it is reviewed, and every review that is overdue', () => {
  const used = [aRequest({ id: 'e1', emergency: true }), aRequest({ id: 'other' })];
  assert.deepEqual(flagged(emergencies(used, [], noon)), ['e1']);
  assert.equal(emergencies(used, [review({})], noon)[0]?.values['review'], 'overdue');
  assert.equal(emergencies(used, [review({ dueAt: noon + 1 })], noon)[0]?.values['review'], 'open');
  assert.deepEqual(flagged(emergencies(used, [review({ decidedAt: noon, verdict: 'ratified' })], noon)), []);
  assert.deepEqual(flagged(overdueReviews([review({ dueAt: noon })], noon)), ['rvw_1']);
  assert.deepEqual(overdueReviews([review({ dueAt: noon + 1 }), review({ decidedAt: noon - 1 })], noon), []);
});

test('when one in ten waits longer than four hours, or more than 15 % are answered by nobody, it shows', () => {
  const waited = (ms: number): RequestFact => aRequest({ requestedAt: noon - day, approvedAt: noon - day + ms });
  const nine = many(9, () => waited(minute));
  const slow = (ms: number) => timeToApprove([...nine, waited(ms), waited(ms)]);
  assert.deepEqual(flagged(slow(4 * hour)), []);
  assert.deepEqual(flagged(slow(4 * hour + 1)), ['all']);
  assert.equal(slow(4 * hour)[0]?.values['p50Seconds'], 60);
  assert.deepEqual(flagged(timeToApprove(many(4, () => waited(day)))), [], 'four are no measure');

  const share = (count: number) =>
    flagged(
      lapsed(
        many(100, (number) => aRequest({ state: number < count ? 'lapsed' : 'expired', template: 'travel' })),
        noon,
      ),
    );
  assert.deepEqual(share(15), []);
  assert.deepEqual(share(16), ['all', 'travel']);
  const unnoticed = aRequest({ state: 'pending', lapsesAt: noon });
  assert.equal(lapsed([unnoticed], noon)[0]?.values['lapsed'], 1);
});

test('whoever does the same in more than 80 % of their requests is named', () => {
  const all = (alike: (number: number) => Partial<RequestFact>) => many(10, (number) => aRequest(alike(number)));
  const same = (count: number) => all((number) => (number < count ? { justification: 'j' } : {}));
  assert.deepEqual(flagged(sameJustification(same(8))), []);
  assert.deepEqual(flagged(sameJustification(same(9))), ['usr_erin']);

  const night = (count: number) => all((number) => (number < count ? { requestedAt: noon - 10 * hour } : {}));
  assert.deepEqual(flagged(offHours(night(8), 'UTC')), []);
  assert.deepEqual(flagged(offHours(night(9), 'UTC')), ['usr_erin']);

  const longest = (count: number) => all((number) => ({ durationMs: number < count ? 8 * hour : 7 * hour }));
  const caps = new Map([['base/firewall', 8 * hour]]);
  assert.deepEqual(flagged(alwaysLongest(longest(8), caps)), []);
  assert.deepEqual(flagged(alwaysLongest(longest(9), caps)), ['usr_erin']);
  assert.deepEqual(flagged(alwaysLongest(longest(9), new Map())), [], 'without a limit nothing is the longest');
  const templated = all(() => ({ durationMs: 7 * hour, templateMaxMs: 7 * hour }));
  assert.deepEqual(flagged(alwaysLongest(templated, caps)), ['usr_erin']);
  assert.deepEqual(sameJustification(same(9).slice(0, 4)), [], 'four are no habit');
});

test('working hours are those of the place, also when its clocks change', () => {
  const inBerlin = offHoursIn('Europe/Berlin');
  const at = (text: string) => inBerlin(Date.parse(text));
  assert.deepEqual([at('2026-07-01T05:00:00Z'), at('2026-07-01T04:59:59Z')], [false, true]);
  assert.deepEqual([at('2026-12-01T06:00:00Z'), at('2026-12-01T05:59:59Z')], [false, true]);
  assert.deepEqual([at('2026-12-01T17:59:59Z'), at('2026-12-01T18:00:00Z')], [false, true]);
  assert.equal(at('2026-11-21T11:00:00Z'), true, 'a Saturday');
});

test('a device that tries to use its exception for another resource is named, and only then', () => {
  const wiki = 'https://wiki.example';
  const request = aRequest({ id: 'e', resources: ['https://payroll.example'] });
  const refusal = { deviceId: 'dev_1', resource: wiki, rules: ['base/firewall'], at: noon };
  const found = (change: Partial<typeof refusal>, of = request) =>
    flagged(outsideScope([of], [{ ...refusal, ...change }]));
  assert.deepEqual(found({}), [`e ${wiki}`]);
  assert.deepEqual(found({ at: noon - hour }), [`e ${wiki}`], 'at its beginning');
  assert.deepEqual(found({ at: noon - hour - 1 }), []);
  assert.deepEqual(found({ at: noon + hour }), [], 'at its end');
  assert.deepEqual(found({ rules: ['base/disk'] }), []);
  assert.deepEqual(found({ deviceId: 'dev_2' }), []);
  assert.deepEqual(found({ resource: 'https://payroll.example' }), []);
  assert.deepEqual(found({}, { ...request, resources: [] }), []);
  assert.deepEqual(found({}, { ...request, state: 'revoked', endedAt: noon - 1 }), []);
});

test('a fleet that was asked for together is one request of who asked, and of each person', () => {
  const fleet = many(20, (number) =>
    aRequest({
      personId: `usr_${number % 5}`,
      requestedBy: 'usr_ada',
      setId: 'set_1',
      justification: 'j',
      rules: ['base/a'],
    }),
  );
  assert.deepEqual(flagged(repeatRequesters(fleet, 30)), []);
  assert.deepEqual(sameJustification(fleet), []);
  const again = [...fleet, ...many(4, () => aRequest({ requestedBy: 'usr_ada', justification: 'j' }))];
  assert.deepEqual(flagged(sameJustification(again)), ['usr_ada']);
});
