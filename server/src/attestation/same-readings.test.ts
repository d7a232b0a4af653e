import assert from 'node:assert/strict';
import test from 'node:test';
import { second } from '@postern/shared/time';
import { areSameReadings } from './same-readings.ts';
import { reading, someReadings } from './testing/readings.ts';

const now = Date.parse('2026-11-21T09:00:00Z');
const stored = someReadings(now);

test('readings that were collected later say the same', () => {
  assert.equal(areSameReadings(someReadings(now + second), stored), true);
});

test('any other difference is one', () => {
  const firewall = stored['firewall']!;
  const { firewall: _, ...without } = stored;
  const different: Record<string, unknown> = {
    'another value': { ...stored, firewall: reading({ enabled: false, provider: 'nftables' }, now) },
    'another type of the same text': { ...stored, firewall: reading({ enabled: 'true', provider: 'nftables' }, now) },
    'a member more': { ...stored, firewall: reading({ enabled: true, provider: 'nftables', extra: null }, now) },
    'a member less': { ...stored, firewall: reading({ enabled: true }, now) },
    'another order in a list': { ...stored, firewall: reading([1, 2], now) },
    'another method': { ...stored, firewall: { ...firewall, method: 'read /other' } },
    'a time within a value': { ...stored, firewall: reading({ enabled: true, collectedAt: 'now' }, now) },
    'a reading more': { ...stored, another: firewall },
    'a reading less': without,
    'another reading in its place': { ...without, toString: firewall },
    'no time': { ...stored, firewall: { ...firewall, collectedAt: 'soon' } },
    nothing: null,
    'a list': [],
  };
  for (const [name, readings] of Object.entries(different))
    assert.equal(areSameReadings(readings, stored), false, name);
  assert.equal(areSameReadings({ list: reading([1, 2], now) }, { list: reading([2, 1], now) }), false);
  assert.equal(areSameReadings({ list: reading({}, now) }, { list: reading([], now) }), false);
});
