import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hour, minute } from '@postern/shared/time';
import type { ExceptionFacts } from '../policy/index.ts';
import { grantFor } from './grant-for.ts';

const now = Date.parse('2026-11-21T09:30:00Z');
const resource = 'https://db.example';
const rulebook = { access: new Map([[resource, { roles: ['operator'], templates: ['t'] }]]) };
const owner = { id: 'usr_1', name: 'Ada', email: 'a@example.org', groups: [], active: true };

const given: ExceptionFacts = {
  id: 'exc_1',
  kind: 'access',
  role: 'operator',
  personId: 'usr_1',
  deviceId: 'dev_1',
  jkt: 'key',
  rules: [],
  resources: [resource],
  observed: {},
  state: 'active',
  approvedAt: now - minute,
  beginsAt: now - minute,
  expiresAt: now + hour - minute,
  durationMs: hour,
  endedAt: null,
};

const find = (change: Partial<ExceptionFacts>, at = now, rules = rulebook) =>
  grantFor({ id: 'dev_1', jkt: 'key', owner, exceptions: [{ ...given, ...change }] }, rules, resource, at);

describe('the grant that a resource is open under', () => {
  it('is in force for what is left of it', () => {
    assert.deepEqual(find({}), { id: 'exc_1', role: 'operator', begin: null, leftMs: hour - minute });
  });

  it('begins now, for all of its time, when nothing has begun it', () => {
    const found = find({ beginsAt: null, expiresAt: now + 1 });
    assert.deepEqual(found, { id: 'exc_1', role: 'operator', begin: { at: now, expiresAt: now + hour }, leftMs: hour });
  });

  it('is not needed where the resource offers none', () => {
    assert.equal(find({}, now, { access: new Map() }), 'not-needed');
  });

  const others: [string, Partial<ExceptionFacts>][] = [
    ['of somebody else', { personId: 'usr_2' }],
    ['for another device', { deviceId: 'dev_2' }],
    ['for another key', { jkt: 'other' }],
    ['for another resource', { resources: ['https://other.example'] }],
    ['for all resources, which is none', { resources: [] }],
    ['in a role that is not offered any more', { role: 'admin' }],
    ['in no role', { role: null }],
    ['from rules', { kind: 'device' }],
    ['that was never approved', { approvedAt: null }],
    ['that waits', { state: 'pending' }],
    ['that somebody ended', { endedAt: now }],
    ['that was revoked', { state: 'revoked' }],
    ['that begins in a moment', { beginsAt: now + 1 }],
    ['that is over', { expiresAt: now }],
    ['without an end', { expiresAt: null }],
    ['that was to be begun by now', { beginsAt: null, expiresAt: now }],
  ];
  for (const [name, change] of others) it(`is none ${name}`, () => assert.equal(find(change), undefined));

  it('never leaves more time than its end, whatever the times', () => {
    const instant = fc.integer({ min: now - 3 * hour, max: now + 3 * hour });
    fc.assert(
      fc.property(instant, fc.option(instant), instant, fc.integer({ min: 1, max: 2 * hour }), instant, (...times) => {
        const [approvedAt, beginsAt, expiresAt, durationMs, at] = times;
        const found = find({ approvedAt, beginsAt, expiresAt, durationMs }, at);
        if (found === undefined || found === 'not-needed') return;
        assert.ok(at >= approvedAt && at < expiresAt);
        assert.equal(at + found.leftMs, beginsAt === null ? at + durationMs : expiresAt);
      }),
    );
  });
});
