import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deviceActions } from '@postern/shared/protocol/admin';
import { deviceStates } from '@postern/shared/protocol/enrollment';
import { actOn } from './lifecycle.ts';

describe('what an admin can do with a device', () => {
  const allowed: Record<string, string> = {
    'admit pending': 'active',
    'suspend active': 'suspended',
    'resume suspended': 'active',
    'retire pending': 'retired',
    'retire active': 'retired',
    'retire suspended': 'retired',
  };
  for (const action of deviceActions) {
    for (const state of deviceStates) {
      for (const quarantined of [false, true]) {
        const to =
          action === 'release'
            ? quarantined && state !== 'retired'
              ? state
              : undefined
            : allowed[`${action} ${state}`];
        const name = `${action}: ${state}${quarantined ? ' in quarantine' : ''} → ${to ?? 'refused'}`;
        it(name, () => {
          const expected =
            to === undefined ? undefined : { state: to, quarantined: action === 'release' ? false : quarantined };
          assert.deepEqual(actOn({ state, quarantined }, action), expected);
        });
      }
    }
  }
});
