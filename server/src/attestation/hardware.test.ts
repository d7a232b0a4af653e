import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isOtherHardware, rememberHardware } from './hardware.ts';
import { identifiers } from './testing/readings.ts';

const known = { serial: 'S1', hardwareUuid: 'U1', machineIdHash: 'M1' };
const saying = (fields: Partial<Record<keyof typeof known, string | null>>) => ({
  identifiers: identifiers({ ...known, ...fields }, 0),
});

describe('the hardware under a key', () => {
  const remembered = rememberHardware(null, saying({}));

  it('is the same while it says the same', () => assert.equal(isOtherHardware(remembered, saying({})), false));
  for (const field of ['serial', 'hardwareUuid', 'machineIdHash'] as const) {
    it(`is another one when ${field} says something else`, () =>
      assert.equal(isOtherHardware(remembered, saying({ [field]: 'X' })), true));
    it(`is the same when ${field} falls silent, and what it said is not forgotten`, () => {
      const silent = saying({ [field]: null });
      assert.equal(isOtherHardware(remembered, silent), false);
      assert.equal(rememberHardware(remembered, silent), remembered);
      assert.equal(isOtherHardware(rememberHardware(remembered, silent), saying({ [field]: 'X' })), true);
    });
  }
  it('is not known from what the firmware filled with junk', () => {
    const junk = {
      ...identifiers(known, 0),
      value: { vendor: null, model: null, ...known, serial: 'Default string', junk: ['serial'] },
    };
    assert.equal(isOtherHardware(remembered, { identifiers: junk }), false);
  });
  it('is the same when it is not reported at all', () => {
    assert.equal(isOtherHardware(remembered, {}), false);
    assert.equal(rememberHardware(remembered, {}), remembered);
    assert.equal(rememberHardware(null, {}), null);
  });
});
