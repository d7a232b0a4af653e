import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import type { May } from '@postern/shared/protocol/evidence';
import { t } from '../../strings/index.ts';
import { yourPart } from './your-part.ts';

const words = t.deciding.your;
const yes: May = { may: true, code: null, sentence: null };
const no = (code: May['code']): May => ({ may: false, code, sentence: 'Said.' });
const request = {
  person: { id: 'usr_erin', name: 'Erin' },
  requestedBy: { id: 'usr_ada', name: 'Ada' },
  stages: [
    { title: 'Manager', groups: null, manager: true, approvals: 1, given: 1 },
    { title: 'Security', groups: ['security', 'night'], manager: false, approvals: 2, given: 1 },
  ],
} as unknown as Pick<ExceptionView, 'person' | 'requestedBy' | 'stages'>;
const self = { approve: no('self_approval'), deny: no('self_approval') };

test('who decides nothing about themselves is told why, in the nearest words', () => {
  assert.equal(yourPart(request, self, 'usr_erin'), words.itsYours);
  assert.equal(yourPart(request, self, 'usr_ada'), words.youAsked);
  assert.equal(yourPart(request, self, 'usr_bob'), words.yourDevice);
});

test('whom the open stage does not ask learns whom it asks, or that they may deny', () => {
  const others = { approve: no('approval_not_yours'), deny: no('approval_not_yours') };
  assert.match(yourPart(request, others, 'usr_bob'), /security or night/);
  assert.equal(yourPart(request, { ...others, deny: yes }, 'usr_bob'), words.mayDeny);
});

test('who has voted, and who may never, learn that', () => {
  assert.equal(yourPart(request, { approve: yes, deny: yes }, 'usr_bob'), words.waits);
  assert.equal(yourPart(request, { approve: no('already_decided'), deny: no('already_decided') }, 'x'), words.decided);
  assert.equal(yourPart(request, { approve: no('not_allowed'), deny: no('not_allowed') }, 'x'), words.notDecider);
  assert.equal(yourPart(request, { approve: no('exception_state'), deny: no('exception_state') }, 'x'), words.over);
});
