import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { toId } from '@postern/shared/ids';
import { systemActor } from '../audit/event.ts';
import { createUser } from '../identity/index.ts';
import { systemRandom } from '../random.ts';
import { insert } from '../storage/change.ts';
import type { Database } from '../storage/database.ts';
import { openTestStore } from '../storage/testing/test-store.ts';
import { search } from './search.ts';

async function openDesk(t: TestContext) {
  const store = await openTestStore(t);
  const deps = { store, random: systemRandom };

  async function person(name: string, email: string): Promise<string> {
    return (await createUser(deps, { name, email, roles: ['employee'] }, systemActor, 1)).id;
  }

  async function device(name: string, owner: string): Promise<string> {
    const id = toId('device', systemRandom.uuid());
    const row: Database['devices'] = {
      id,
      name,
      owner_id: owner,
      platform: 'linux',
      agent_version: '1',
      state: 'active',
      jwk: '{}',
      jkt: id,
      key_provider: 'file',
      key_protection: 'software',
      quarantine_cause: null,
      quarantined_at: null,
      enrolled_at: 1,
      exception_epoch: 0,
      ownership: 'unknown',
    };
    await store.commit({ changes: [insert('devices', row)], audit: [] });
    return id;
  }
  const found = async (wanted: string) => {
    const { people, devices, exceptions } = await search(deps, wanted);
    return [...people, ...devices].map(({ name }) => name).concat(exceptions.map(({ id }) => id));
  };
  return { store, person, device, found };
}

describe('a search', () => {
  test('finds people by name and address, and devices by name, person and id, in whatever case', async (t) => {
    const { person, device, found } = await openDesk(t);
    const ann = await person('Ann Alder', 'ann@example.org');
    const id = await device('Desk of Kim', ann);
    await device('Travel', await person('Bob Birch', 'b.birch@example.org'));
    assert.deepEqual(await found('alder'), ['Ann Alder', 'Desk of Kim']);
    assert.deepEqual(await found('ANN@'), ['Ann Alder', 'Desk of Kim']);
    assert.deepEqual(await found('kim'), ['Desk of Kim']);
    assert.deepEqual(await found(id.slice(0, -2)), ['Desk of Kim']);
    assert.deepEqual(await found(id.toUpperCase()), ['Desk of Kim']);
    assert.deepEqual(await found(ann), ['Ann Alder', 'Desk of Kim']);
    assert.deepEqual(await found('nobody'), []);
  });

  test('takes signs that a database reads otherwise for what they are', async (t) => {
    const { person, found } = await openDesk(t);
    await person('100 % Ann_', 'ann@example.org');
    await person('Bob', 'bob@example.org');
    await person(String.raw`Back\slash`, 'cyd@example.org');
    assert.deepEqual(await found('%%'), []);
    assert.deepEqual(await found('0 %'), ['100 % Ann_']);
    assert.deepEqual(await found('n_'), ['100 % Ann_']);
    assert.deepEqual(await found(String.raw`k\s`), [String.raw`Back\slash`]);
    assert.deepEqual(await found("' or 1=1 --"), []);
  });

  test('shows six of each at most', async (t) => {
    const { person, device, found } = await openDesk(t);
    const owner = await person('Zed', 'zed@example.org');
    for (let count = 0; count < 8; count += 1) {
      await person(`Many ${count}`, `many${count}@example.org`);
      await device(`Many ${count}`, owner);
    }
    assert.equal((await found('many')).length, 12);
  });
});
