import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessRequest, emptyWish, isWhole, policyWay, rulesRequest } from './wish.ts';

const way = {
  ...policyWay,
  name: 'hardware-repair',
  lengths: [3600, 86_400],
  reasonCodes: [{ code: 'loan', title: 'A loan' }],
};

test('what was not entered is left out, and what is no longer offered is replaced by what is', () => {
  const wish = { ...emptyWish, rules: ['baseline/firewall'], duration: '7d', reasonCode: 'gone', ticket: '  ' };
  assert.deepEqual(rulesRequest(wish, way), {
    rules: ['baseline/firewall'],
    resources: [],
    duration: '1h',
    template: 'hardware-repair',
    reasonCode: 'loan',
  });
  assert.deepEqual(rulesRequest({ ...wish, duration: '8h' }, policyWay), {
    rules: ['baseline/firewall'],
    resources: [],
    duration: '8h',
  });
});

test('resources may stand beside each other in any way, and a time becomes one that everybody understands', () => {
  const wish = {
    ...emptyWish,
    rules: ['a/b'],
    resources: ' https://a.example,https://b.example\nurn:c ',
    startsAt: '2026-11-21T10:00',
  };
  const request = rulesRequest(wish, policyWay);
  assert.deepEqual(request.resources, ['https://a.example', 'https://b.example', 'urn:c']);
  assert.equal(request.startsAt, new Date('2026-11-21T10:00').toISOString());
  assert.equal(rulesRequest({ ...wish, startsAt: 'soon' }, policyWay).startsAt, undefined);
});

test('a ticket is not sent where none is wanted', () => {
  assert.equal(rulesRequest({ ...emptyWish, ticket: 'IT-1' }, { ...way, ticket: 'none' }).ticket, undefined);
  assert.equal(accessRequest({ ...emptyWish, ticket: ' IT-1 ' }, way).ticket, 'IT-1');
});

test('nothing is looked up before all that it depends on is there', () => {
  const whole = (wish: object, given = way) => isWhole(rulesRequest({ ...emptyWish, ...wish }, given), given);
  assert.equal(whole({}), false);
  assert.equal(whole({ rules: ['a/b'] }), true);
  assert.equal(whole({ rules: ['a/b'] }, { ...way, ticket: 'required' }), false);
  assert.equal(whole({ rules: ['a/b'] }, { ...way, mustNameResources: true }), false);
  assert.equal(isWhole(accessRequest({ ...emptyWish, resource: 'urn:a' }, way), way), false);
  assert.equal(isWhole(accessRequest({ ...emptyWish, resource: 'urn:a', role: 'reader' }, way), way), true);
});
