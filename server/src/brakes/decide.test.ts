import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { day, minute } from '@postern/shared/time';
import { doubted, type Turned } from './decide.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const config = { devices: 5, sharePercent: 20, windowMs: 15 * minute, holdMs: day };

/** Devices that turned one after the other, a minute apart, each of its own person. */
function turned(count: number, rest: Partial<Turned> | ((index: number) => Partial<Turned>) = {}): Turned[] {
  return Array.from({ length: count }, (_, index) => ({
    deviceId: `dev_${index}`,
    ownerId: `usr_${index}`,
    at: now - index * minute,
    ...(typeof rest === 'function' ? rest(index) : rest),
  }));
}

describe('a check is doubted', () => {
  it('when enough devices turned within the window, since the first of them', () => {
    const found = doubted(turned(5), 25, config, null, now);
    assert.equal(found?.devices.length, 5);
    assert.equal(found.flipsSince, now - 4 * minute);
  });

  it('not when there are too few, or too small a share of the build', () => {
    assert.equal(doubted(turned(4), 4, config, null, now), undefined);
    assert.equal(doubted(turned(5), 26, config, null, now), undefined);
    assert.notEqual(doubted(turned(6), 30, config, null, now), undefined);
  });

  it('not when they turned over days', () => {
    const slowly = turned(20, (index) => ({ at: now - index * 4 * minute }));
    assert.equal(doubted(slowly, 20, config, null, now), undefined, 'four of them within the window');
    assert.equal(doubted(turned(5, { at: now - config.windowMs }), 5, config, null, now), undefined);
  });

  it('not when one device turned many times', () => {
    assert.equal(doubted(turned(50, { deviceId: 'dev_1' }), 1, config, null, now), undefined);
  });

  it('not when all of them are one person’s, or two people’s: nobody switches a rule off by their own machines', () => {
    assert.equal(doubted(turned(50, { ownerId: 'usr_1' }), 50, config, null, now), undefined);
    const two = turned(50, (index) => ({ ownerId: `usr_${index % 2}` }));
    assert.equal(doubted(two, 50, config, null, now), undefined);
    const three = turned(6, (index) => ({ ownerId: `usr_${index % 3}` }));
    assert.notEqual(doubted(three, 6, config, null, now), undefined);
  });

  it('not by what was seen when somebody decided, or when the last brake ended', () => {
    const decidedAt = now - 2 * minute;
    assert.equal(doubted(turned(14), 14, config, decidedAt, now), undefined);
    const since = turned(5, { at: decidedAt + 1 });
    assert.equal(doubted(since, 14, config, decidedAt, now)?.flipsSince, decidedAt + 1);
    assert.equal(doubted(turned(5, { at: decidedAt }), 14, config, decidedAt, now), undefined);
  });
});

it('whatever turned, what is counted is recent, undecided, of enough devices and people', () => {
  const one = fc.record({
    deviceId: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
    ownerId: fc.constantFrom('u', 'v', 'w', 'x'),
    at: fc.integer({ min: now - 30 * minute, max: now + minute }),
  });
  const decided = fc.option(fc.integer({ min: now - 30 * minute, max: now }));
  fc.assert(
    fc.property(fc.array(one), fc.nat(40), decided, (all, ofBuild, decidedAt) => {
      const found = doubted(all, ofBuild, config, decidedAt, now);
      if (found === undefined) return;
      const { devices, flipsSince } = found;
      assert.equal(new Set(devices.map(({ deviceId }) => deviceId)).size, devices.length);
      assert.ok(devices.length >= 5 && devices.length * 100 >= ofBuild * 20);
      assert.ok(new Set(devices.map(({ ownerId }) => ownerId)).size >= 3);
      for (const { at } of devices) assert.ok(at >= flipsSince && at <= now && at > now - config.windowMs);
      assert.ok(decidedAt === null || flipsSince > decidedAt);
    }),
  );
});
