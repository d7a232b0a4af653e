import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { WaitingRequest } from '@postern/shared/protocol/evidence';
import type { PersonCaller } from '../../http/caller.ts';
import { type Desk, openDesk } from '../testing/desk.ts';
import { stagedTemplate } from '../testing/templates.ts';

interface Page {
  items: WaitingRequest[];
  next: string | null;
}

async function inbox(desk: Desk, as: PersonCaller, query: Record<string, unknown> = {}): Promise<Page> {
  const answer = await desk.call<Page>('GET', '/v1/me/inbox', { as, query });
  assert.equal(answer.status, 200, answer.code);
  return answer.body;
}

const ids = ({ items }: Page) => items.map(({ id }) => id);

describe('the inbox', () => {
  test('says of each request whether one may decide it, and why not, as deciding does', async (t) => {
    const desk = await openDesk(t);
    const bobs = await desk.addDevice(desk.bob);
    const hers = await desk.asked();
    const his = await desk.asked({}, bobs);
    const [first, second] = (await inbox(desk, desk.bob)).items;
    assert.deepEqual([first?.id, second?.id], [hers.id, his.id], 'the oldest has the least time left');
    assert.deepEqual(first?.mayDecide.approve, { may: true, code: null, sentence: null });
    assert.equal(second?.mayDecide.approve.code, 'self_approval');
    assert.equal((await desk.act(desk.bob, 'approve', his)).code, 'self_approval');
    assert.deepEqual(ids(await inbox(desk, desk.bob, { mine: 'true' })), [hers.id]);
    assert.deepEqual(ids(await inbox(desk, desk.eve, { mine: 'true' })), [hers.id, his.id]);
  });

  test('a vote given, a stage of others and what is decided are nobody’s work any more', async (t) => {
    const desk = await openDesk(t);
    await desk.template(stagedTemplate);
    const mia = await desk.addPerson('Mia', ['employee']);
    await desk.change('users', desk.erin.id, { manager_id: mia.id });
    const waiting = await desk.asked({ template: 'desk' });
    const [seen] = (await inbox(desk, desk.bob)).items;
    assert.equal(seen?.mayDecide.approve.code, 'approval_not_yours', 'the manager is asked first');
    assert.equal(seen.mayDecide.deny.may, true, 'every approver may deny at any stage');
    assert.deepEqual(ids(await inbox(desk, mia)), [waiting.id], 'a manager sees what they are asked');
    await desk.act(mia, 'approve', waiting);
    assert.equal((await inbox(desk, mia)).items[0]?.mayDecide.approve.code, 'already_decided');
    assert.deepEqual(ids(await inbox(desk, mia, { mine: 'true' })), []);
    await desk.act(desk.bob, 'deny', waiting);
    assert.deepEqual(ids(await inbox(desk, desk.eve)), []);
  });

  test('who is neither reader nor manager sees nothing, also not their own request', async (t) => {
    const desk = await openDesk(t);
    await desk.asked();
    assert.deepEqual(ids(await inbox(desk, desk.erin)), []);
    const manager = await desk.addPerson('Max', ['employee']);
    await desk.change('users', desk.erin.id, { manager_id: manager.id });
    assert.deepEqual(ids(await inbox(desk, manager)), [], 'no stage asks for a manager');
    const auditor = await desk.addPerson('Ann', ['auditor']);
    const [seen] = (await inbox(desk, auditor)).items;
    assert.equal(seen?.mayDecide.deny.code, 'not_allowed');
  });

  test('what has lapsed waits no more, though nobody has announced it', async (t) => {
    const desk = await openDesk(t);
    const { lapsesAt } = await desk.asked();
    desk.clock.at = Date.parse(lapsesAt);
    assert.deepEqual(ids(await inbox(desk, desk.bob)), []);
  });

  test('filters and pages: each request once, in order', async (t) => {
    const desk = await openDesk(t);
    const asked = [];
    for (const name of ['Una', 'Ugo', 'Ida']) {
      const person = await desk.addPerson(name, ['employee']);
      asked.push(await desk.asked({}, await desk.addDevice(person)));
    }
    const [una, ugo, ida] = asked.map(({ id }) => id);
    assert.deepEqual(ids(await inbox(desk, desk.bob, { q: 'U' })), [una, ugo]);
    assert.deepEqual(ids(await inbox(desk, desk.bob, { q: "ida's laptop" })), [ida]);
    assert.deepEqual(ids(await inbox(desk, desk.bob, { q: '%' })), [], 'what LIKE takes for a pattern is itself');
    assert.deepEqual(ids(await inbox(desk, desk.bob, { rule: 'base/disk' })), []);
    assert.deepEqual(ids(await inbox(desk, desk.bob, { kind: 'access' })), []);
    assert.deepEqual(ids(await inbox(desk, desk.bob, { risk: 'low' })), [una, ugo, ida]);
    const first = await inbox(desk, desk.bob, { limit: 2 });
    assert.deepEqual([ids(first), first.next], [[una, ugo], ugo]);
    const rest = await inbox(desk, desk.bob, { limit: 2, after: ugo });
    assert.deepEqual([ids(rest), rest.next], [[ida], null]);
  });
});
