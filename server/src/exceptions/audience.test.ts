import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { audienceOf, type Concern, type Listener, readAudience, readListeners } from './audience.ts';
import { openDesk } from './testing/desk.ts';

const someone = (personId: string, isDecider = false, groups: string[] = []): Listener => ({
  personId,
  name: personId,
  email: `${personId}@example.org`,
  notify: '{}',
  isDecider,
  groups,
});
const people = [
  someone('erin'),
  someone('ada', true),
  someone('bob', true, ['security']),
  someone('mona'),
  someone('olga', false, ['ops']),
  someone('zoe'),
];
const concern: Concern = {
  personId: 'erin',
  requestedBy: 'ada',
  ownerId: 'erin',
  managerId: 'mona',
  plan: { operators: ['ops'], emergency: false },
  openStage: { title: 'Approver', groups: null, manager: false, approvals: 1 },
  voters: [],
  inForce: false,
};
const told = (change: Partial<Concern>) =>
  Object.fromEntries(audienceOf({ ...concern, ...change }, people).map(({ personId, why }) => [personId, why]));

describe('who is told', () => {
  test('is who it is for, who asked, their manager, and those who can give the next approval', () => {
    assert.deepEqual(told({}), { erin: 'person', ada: 'requester', bob: 'approver', mona: 'manager' });
  });

  test('is never asked about what is their own, or what they decided already', () => {
    assert.deepEqual(told({ personId: 'bob', ownerId: 'bob' })['bob'], 'person');
    assert.equal(told({ ownerId: 'bob' })['bob'], undefined);
    assert.equal(told({ voters: ['bob'] })['bob'], undefined);
  });

  test('is of the groups of the stage, or the manager where it asks for them', () => {
    const stage = { title: 'S', groups: ['board'], manager: true, approvals: 1 };
    assert.deepEqual(told({ openStage: stage }), { erin: 'person', ada: 'requester', mona: 'approver' });
  });

  test('are those who may end it once it is in force, and who decided on it', () => {
    assert.deepEqual(told({ openStage: null, inForce: true, voters: ['bob'] }), {
      erin: 'person',
      ada: 'requester',
      bob: 'approver',
      mona: 'manager',
      olga: 'operator',
    });
  });

  test('is everybody who was skipped in an emergency', () => {
    const emergency = { operators: [], emergency: true };
    assert.equal(told({ openStage: null, plan: emergency, requestedBy: 'erin' })['bob'], 'approver');
    assert.equal(told({ openStage: null, plan: emergency, requestedBy: 'erin' })['ada'], 'approver');
  });

  test('is read of a request as it is now, without people who are gone', async (t) => {
    const desk = await openDesk(t);
    const request = await desk.asked();
    await desk.change('users', desk.eve.id, { active: 0 });
    const names = async () =>
      Object.fromEntries((await readAudience(desk.store.read, request.id)).map(({ name, why }) => [name, why]));
    assert.deepEqual(await names(), { Erin: 'person', Bob: 'approver', Ada: 'approver' });
    await desk.act(desk.bob, 'approve', request);
    assert.deepEqual(await names(), { Erin: 'person', Bob: 'approver' });
    assert.deepEqual(await readAudience(desk.store.read, 'exc_none'), []);
  });

  test('is read of people in groups too, whatever a group is called', async (t) => {
    const desk = await openDesk(t);
    const group = String.raw`50%_"ops" \ é`;
    const olga = await desk.addPerson('Olga', ['employee'], { groups: [group] });
    await desk.addPerson('Otto', ['employee'], { groups: [`${group}x`] });
    const concern: Concern = {
      personId: desk.erin.id,
      requestedBy: desk.erin.id,
      ownerId: desk.erin.id,
      managerId: null,
      plan: { operators: [group], emergency: false },
      openStage: null,
      voters: [],
      inForce: true,
    };
    const listeners = await readListeners(desk.store.read, concern);
    const told = audienceOf(concern, listeners);
    assert.deepEqual(Object.fromEntries(told.map(({ personId, why }) => [personId, why])), {
      [desk.erin.id]: 'person',
      [olga.id]: 'operator',
    });
  });
});
