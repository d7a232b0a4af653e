import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import { hour, toTimestamp } from '@postern/shared/time';
import { type Desk, openDesk } from '../testing/desk.ts';

interface Page {
  items: ExceptionView[];
  next: string | null;
}

async function list(desk: Desk, query: Record<string, unknown> = {}): Promise<Page> {
  const answer = await desk.call<Page>('GET', '/v1/admin/exceptions', { as: desk.ada, query });
  assert.equal(answer.status, 200, answer.code);
  return answer.body;
}

const ids = ({ items }: Page) => items.map(({ id }) => id);

/** Four people, each with an exception: of two hours, of one, denied, and waiting. */
async function openLists(t: Parameters<typeof openDesk>[0]) {
  const desk = await openDesk(t);
  const devices = [];
  for (const name of ['Una', 'Ugo', 'Ida', 'Jon'])
    devices.push(await desk.addDevice(await desk.addPerson(name, ['employee'])));
  const [una, ugo, ida, jon] = devices;
  const long = await desk.granted({}, una);
  const short = await desk.granted({ duration: '1h', rules: ['base/lock'] }, ugo);
  const denied = await desk.asked({}, ida);
  await desk.act(desk.bob, 'deny', denied);
  const waiting = await desk.asked({}, jon);
  return { desk, long: long.id, short: short.id, denied: denied.id, waiting: waiting.id };
}

describe('lists of exceptions', () => {
  test('have what is open, first what ends first, and what is over, also where nobody has announced that', async (t) => {
    const { desk, long, short, denied, waiting } = await openLists(t);
    assert.deepEqual(ids(await list(desk)), [waiting, denied, short, long], 'newest first');
    assert.deepEqual(ids(await list(desk, { standing: 'open', sort: 'ending' })), [short, long]);
    assert.deepEqual(ids(await list(desk, { standing: 'over' })), [denied]);
    const endsBefore = toTimestamp(desk.clock.at + 1.5 * hour);
    assert.deepEqual(ids(await list(desk, { standing: 'open', sort: 'ending', endsBefore })), [short]);
    desk.pass(hour);
    assert.deepEqual(ids(await list(desk, { standing: 'open', sort: 'ending' })), [long]);
    assert.deepEqual(ids(await list(desk, { standing: 'over' })), [denied, short]);
  });

  test('are narrowed by rule, state, kind and name', async (t) => {
    const { desk, long, short, denied, waiting } = await openLists(t);
    assert.deepEqual(ids(await list(desk, { rule: 'base/lock' })), [short]);
    assert.deepEqual(ids(await list(desk, { state: 'denied' })), [denied]);
    assert.deepEqual(ids(await list(desk, { state: 'pending' })), [waiting]);
    assert.deepEqual(ids(await list(desk, { q: 'una' })), [long]);
    assert.deepEqual(ids(await list(desk, { q: 'nobody' })), []);
    assert.deepEqual(ids(await list(desk, { q: 'u', sort: 'ending' })), [short, long]);
    assert.deepEqual(ids(await list(desk, { kind: 'access' })), []);
  });

  test('go on where a page ended, in either order', async (t) => {
    const { desk, long, short, denied, waiting } = await openLists(t);
    for (const [query, all] of [
      [{}, [waiting, denied, short, long]],
      [{ sort: 'ending' }, [short, long]],
    ] as const) {
      const found: string[] = [];
      for (let after: string | undefined, pages = 0; pages < 9; pages += 1) {
        const page = await list(desk, { ...query, limit: 1, ...(after === undefined ? {} : { after }) });
        found.push(...ids(page));
        if (page.next === null) break;
        after = page.next;
      }
      assert.deepEqual(found, all);
    }
  });
});
