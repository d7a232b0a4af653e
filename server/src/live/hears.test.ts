import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Concerned } from './concerned.ts';
import { type Ears, hearsAsConcerned, hearsAtOnce } from './hears.ts';
import { everything, newsOf, newsOfPersonal } from './news.ts';

const employee: Ears = { personId: 'usr_eve', roles: ['employee'], groups: ['on-call'] };
const approver: Ears = { personId: 'usr_bob', roles: ['approver'], groups: [] };
const system = { kind: 'system', id: null };

const suspended = newsOf({
  at: 1,
  type: 'device.suspended',
  actor: system,
  subject: { kind: 'device', id: 'dev_1' },
  data: {},
});
const approved = newsOf({
  at: 1,
  type: 'exception.approved',
  actor: system,
  subject: { kind: 'exception', id: 'exc_1' },
  data: { person: 'usr_ann', device: 'dev_1' },
});
const nobody: Concerned = { people: new Map(), groups: new Map(), tooMany: false };
const heard = (ears: Ears, news: ReturnType<typeof newsOf>, concerned: Concerned = nobody) =>
  news.flatMap((each) => hearsAtOnce(ears, each) ?? hearsAsConcerned(ears, each, concerned) ?? []);

describe('who hears what', () => {
  test('whoever reads everything hears of each thing by its id', () => {
    assert.deepEqual(heard(approver, suspended), [{ topic: 'devices', id: 'dev_1' }]);
    assert.deepEqual(heard(approver, approved), [{ topic: 'exceptions', id: 'exc_1' }]);
  });

  test('an employee hears of their own device, and of nobody else’s', () => {
    const theirs: Concerned = { ...nobody, people: new Map([['dev_1', new Set(['usr_eve'])]]) };
    assert.deepEqual(heard(employee, suspended, theirs), [{ topic: 'devices', id: 'dev_1' }]);
    assert.deepEqual(heard(employee, suspended), []);
    assert.deepEqual(heard(employee, approved), []);
  });

  test('whoever may end an exception by their group hears of it', () => {
    const operated: Concerned = { ...nobody, groups: new Map([['exc_1', ['on-call']]]) };
    assert.deepEqual(heard(employee, approved, operated), [{ topic: 'exceptions', id: 'exc_1' }]);
  });

  test('where too much happens to look up whom it concerns, nobody is named', () => {
    assert.deepEqual(heard(employee, approved, { ...nobody, tooMany: true }), [{ topic: 'exceptions' }]);
  });

  test('what a person is told, and their account, are theirs alone', () => {
    const insert = (person: string) => ({ kind: 'insert', table: 'notices', row: { person_id: person } }) as const;
    assert.deepEqual(heard(employee, newsOfPersonal([insert('usr_eve'), insert('usr_bob')])), [{ topic: 'notices' }]);
    assert.deepEqual(heard(employee, newsOfPersonal([insert('usr_bob')])), []);
    const changed = (id: string) =>
      newsOf({ at: 1, type: 'user.changed', actor: system, subject: { kind: 'person', id }, data: {} });
    assert.deepEqual(heard(employee, changed('usr_eve')), [{ topic: 'me' }]);
    assert.deepEqual(heard(employee, changed('usr_bob')), []);
    assert.deepEqual(heard(approver, changed('usr_eve')), [{ topic: 'people', id: 'usr_eve' }]);
  });

  test('a policy that is published may concern the devices of everybody', () => {
    const published = newsOf({ at: 1, type: 'policy.published', actor: system, subject: null, data: {} });
    assert.deepEqual(heard(employee, published), [{ topic: 'devices' }]);
    assert.deepEqual(heard(approver, published), [{ topic: 'policies' }, { topic: 'devices' }]);
  });

  test('where nobody knows what happened, an employee reads anew what they may read', () => {
    const topics = heard(employee, everything()).map(({ topic }) => topic);
    assert.deepEqual(topics.toSorted(), ['devices', 'exceptions', 'me', 'notices', 'reviews']);
  });
});
