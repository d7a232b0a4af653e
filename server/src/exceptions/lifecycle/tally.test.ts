import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Stage } from '../plan/index.ts';
import type { Decision } from './record.ts';
import { isEligible, tally } from './tally.ts';

const manager = 'usr_manager';
const anybody = (approvals = 1): Stage => ({ title: 'Approval', groups: null, manager: false, approvals });
const security = (approvals = 1): Stage => ({ title: 'Security', groups: ['security'], manager: false, approvals });
const theManager: Stage = { title: 'Manager', groups: null, manager: true, approvals: 1 };

function vote(actorId: string, more: Partial<Decision> = {}): Decision {
  return { actorId, verdict: 'approve', groups: [], counts: true, isDecider: true, ...more };
}
const bob = vote('usr_bob');
const sue = vote('usr_sue', { groups: ['security'] });
const sam = vote('usr_sam', { groups: ['security'] });
const boss = vote(manager, { isDecider: false });

describe('a tally', () => {
  const cases: [string, Stage[], Decision[], number[], number | null][] = [
    ['nobody has voted', [anybody()], [], [0], 0],
    ['one of one', [anybody()], [bob], [1], null],
    ['no stage asks for anybody', [], [], [], null],
    ['one person does not fill two stages', [security(), anybody()], [sue], [1, 0], 1],
    ['nor two places of one', [anybody(2)], [bob, bob], [1], 0],
    ['somebody of another group is none for a stage', [security()], [bob], [0], 0],
    ['somebody of the group and the manager', [security(), theManager], [sue, boss], [1, 1], null],
    ['the manager is none where the stage asks for approvers', [anybody()], [boss], [0], 0],
    ['an approver is none where it asks for the manager', [theManager], [bob], [0], 0],
    ['a denial is no approval', [anybody()], [vote('usr_bob', { verdict: 'deny' })], [0], 0],
    ['somebody who may decide no more', [anybody()], [vote('usr_bob', { counts: false })], [0], 0],
    ['more than enough is enough', [anybody()], [bob, sue, sam], [1], null],
    // Whoever is asked first, nobody's vote is lost for the order in which they are looked at.
    ['a vote moves before it is lost', [anybody(), security()], [sue, bob], [1, 1], null],
    ['also over several stages', [anybody(), security(), theManager], [sue, boss, bob], [1, 1, 1], null],
    ['the first stage has its people first', [anybody(2), security()], [sue, sam], [2, 0], 1],
  ];
  for (const [name, stages, votes, given, open] of cases)
    test(name, () => assert.deepEqual(tally(stages, votes, manager), { given, open }));

  test('asks every approver for what is for the manager alone where there is no manager, and nobody else', () => {
    assert.deepEqual(tally([theManager], [bob], null), { given: [1], open: null });
    assert.deepEqual(tally([theManager], [vote('usr_carl', { isDecider: false })], null), { given: [0], open: 0 });
    assert.deepEqual(tally([{ ...security(), manager: true }], [bob], null), { given: [0], open: 0 });
  });

  test('is the same in whatever order the votes are, and never counts one person twice', () => {
    const voter = fc.record({
      actorId: fc.constantFrom('usr_a', 'usr_b', 'usr_c', 'usr_d', manager),
      groups: fc.subarray(['security', 'network']),
      isDecider: fc.boolean(),
      counts: fc.boolean(),
      verdict: fc.constantFrom('approve' as const, 'deny' as const),
    });
    const stage = fc.record({
      title: fc.constant('Stage'),
      groups: fc.option(fc.subarray(['security', 'network'], { minLength: 1 }), { nil: null }),
      manager: fc.boolean(),
      approvals: fc.integer({ min: 1, max: 3 }),
    });
    const voters = fc.uniqueArray(voter, { selector: ({ actorId }) => actorId });
    fc.assert(
      fc.property(fc.array(stage, { maxLength: 3 }), voters, (stages, votes) => {
        const counted = tally(stages, votes, manager);
        assert.deepEqual(tally(stages, votes.toReversed(), manager), counted);
        const sum = counted.given.reduce((total, each) => total + each, 0);
        const able = votes.filter((each) => stages.some((asked) => isEligible(asked, each, manager)));
        assert.ok(sum <= able.filter(({ verdict }) => verdict === 'approve').length);
        const lacking = stages.findIndex(({ approvals }, index) => (counted.given[index] ?? 0) < approvals);
        assert.equal(counted.open, lacking === -1 ? null : lacking);
      }),
    );
  });
});
