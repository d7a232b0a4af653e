import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import * as hardware from './hardware.ts';
import { identifiers } from './testing/readings.ts';

const known = { serial: 'S1', hardwareUuid: 'U1', machineIdHash: 'M1' };
const saying = (fields: Partial<Record<keyof typeof known, string | null>>) => ({
  identifiers: identifiers({ ...known, ...fields }, 0),
});

const key = 'k'.repeat(43);
type Read = Parameters<typeof hardware.rememberHardware>[1];
const rememberHardware = (before: string | null, readings: Read) => hardware.rememberHardware(before, readings, key);
const isOtherHardware = (before: string | null, readings: Read) => hardware.isOtherHardware(before, readings, key);

/** The same machine, as it reports when it is asked for keyed hashes. */
function keyed(fields: Partial<typeof known> = {}) {
  const own = { ...known, ...fields };
  const hash = (field: keyof typeof known) =>
    createHmac('sha256', Buffer.from(key, 'base64url')).update(`${field}:${own[field]}`).digest('base64url');
  const value = {
    vendor: null,
    model: null,
    serial: hash('serial'),
    hardwareUuid: hash('hardwareUuid'),
    machineIdHash: hash('machineIdHash'),
    keyed: true,
    junk: [],
  };
  return { identifiers: { ...identifiers(known, 0), value } } as Read;
}

describe('hardware that is sent as keyed hashes', () => {
  it('is the same as it was in plain, and back', () => {
    assert.equal(isOtherHardware(rememberHardware(null, saying({})), keyed()), false);
    assert.equal(isOtherHardware(rememberHardware(null, keyed()), saying({})), false);
  });
  it('is another one when one of them says something else, whichever way it was sent before', () => {
    for (const before of [saying({}), keyed()]) {
      assert.equal(isOtherHardware(rememberHardware(null, before), keyed({ serial: 'S2' })), true);
      assert.equal(isOtherHardware(rememberHardware(null, before), saying({ serial: 'S2' })), true);
    }
  });
  it('is the same under another master secret where it is sent as it is', () => {
    const other = 'o'.repeat(43);
    const remembered = rememberHardware(null, saying({}));
    assert.equal(hardware.isOtherHardware(remembered, saying({}), other), false);
    assert.equal(hardware.isOtherHardware(remembered, saying({ serial: 'S2' }), other), true);
  });
  it('is still the same for a backend that remembers from before there were keyed hashes', () => {
    const old = JSON.stringify({ serial: createHash('sha256').update('S1').digest('base64url') });
    assert.equal(isOtherHardware(old, saying({})), false);
    assert.equal(isOtherHardware(old, saying({ serial: 'S2' })), true);
  });
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
