import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { roles as allRoles } from '@postern/shared/protocol/admin';
import { isSameStanding, standingOf } from './standing-of.ts';

const role = fc.constantFrom(...allRoles);
const group = fc.constantFrom<string>('a', 'b', 'c', 'd');
const provider = fc.record({
  roles: fc.dictionary(group, fc.uniqueArray(role, { minLength: 1 })),
  groups: fc.oneof(fc.constant('all' as const), fc.uniqueArray(group)),
});
const standing = fc.record({ roles: fc.uniqueArray(role, { minLength: 1 }), groups: fc.uniqueArray(group) });

describe('what somebody is by the groups of a provider', () => {
  test('holds after the sign-in for every role and group that it answers for, and leaves the others alone', () => {
    fc.assert(
      fc.property(provider, standing, fc.uniqueArray(group), (by, before, said) => {
        const after = standingOf(by, before, said);
        for (const each of allRoles) {
          const answering = Object.entries(by.roles).filter(([, given]) => given.includes(each));
          const expected =
            answering.length === 0 ? before.roles.includes(each) : answering.some(([name]) => said.includes(name));
          if (each !== 'employee') assert.equal(after.roles.includes(each), expected, each);
          else if (expected) assert.ok(after.roles.includes(each));
        }
        assert.ok(after.roles.length > 0);
        for (const each of ['a', 'b', 'c', 'd']) {
          const answers = by.groups === 'all' || by.groups.includes(each);
          assert.equal(after.groups.includes(each), (answers ? said : before.groups).includes(each), each);
        }
        assert.ok(isSameStanding(after, standingOf(by, after, said)), 'and again it changes nothing');
      }),
    );
  });

  test('is no more than a person can be in here', () => {
    const said = Array.from({ length: 500 }, (_, index) => `group-${index}`);
    assert.equal(
      standingOf({ roles: {}, groups: 'all' }, { roles: ['employee'], groups: [] }, said).groups.length,
      100,
    );
  });
});
