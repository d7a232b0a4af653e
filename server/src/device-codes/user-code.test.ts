import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemRandom } from '../random.ts';
import { makeUserCode, readUserCode } from './user-code.ts';

describe('a user code', () => {
  it('is eight consonants in two halves', () => {
    for (let count = 0; count < 200; count += 1)
      assert.match(makeUserCode(systemRandom), /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
  });
  it('is read however it is typed', () => {
    for (const typed of ['WDJB-MJHT', 'wdjbmjht', ' wdjb mjht ', 'W-D-J-B-M-J-H-T'])
      assert.equal(readUserCode(typed), 'WDJB-MJHT');
  });
  it('is not anything else', () => {
    for (const typed of ['', 'WDJB', 'WDJB-MJHTT', 'ADJB-MJHT', 'WDJB-MJH1', 'ẞDJB-MJHT', 'WDJB_MJHT'])
      assert.equal(readUserCode(typed), undefined);
  });
});
