import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import type { ExceptionSetOutcome } from '@postern/shared/protocol/exception-set';
import type { PersonCaller } from '../../http/caller.ts';
import { openDesk } from '../testing/desk.ts';
import { deskTemplate } from '../testing/templates.ts';

interface Set {
  id: string;
  items: ExceptionView[];
  details?: { path: string; message: string }[];
}

/** Nina and Otto are of sales, each with a laptop; Otto has a second one, which is retired. */
async function salesDesk(t: TestContext) {
  const desk = await openDesk(t);
  const nina = await desk.addPerson('Nina', ['employee'], { groups: ['sales'] });
  const otto = await desk.addPerson('Otto', ['employee'], { groups: ['sales'] });
  const ninas = await desk.addDevice(nina);
  const ottos = await desk.addDevice(otto);
  await desk.addDevice(otto, { state: 'retired' });
  const wish = { rules: ['base/firewall'], duration: '2h', justification: 'The fair is all day long' };

  async function askFor(whose: Record<string, unknown>, as: PersonCaller = desk.ada) {
    return await desk.call<Set>('POST', '/v1/admin/exception-sets', { as, body: { ...wish, ...whose } });
  }
  async function decide(as: PersonCaller, verb: string, { id }: Pick<Set, 'id'>, body: Record<string, unknown> = {}) {
    return await desk.call<ExceptionSetOutcome>('POST', `/v1/admin/exception-sets/${id}/${verb}`, { as, body });
  }
  return { ...desk, nina, otto, ninas, ottos, askFor, decide };
}

function asSeen({ items }: Set) {
  return { requests: items.map(({ id, requestHash }) => ({ exception: id, requestHash })) };
}

describe('asking for several devices at once', () => {
  test('makes one request for each device and its person, which share a set', async (t) => {
    const desk = await salesDesk(t);
    const { status, body } = await desk.askFor({ group: 'sales' });
    assert.equal(status, 201);
    assert.deepEqual(
      new Map(body.items.map((each) => [each.device.id, each.person.id])),
      new Map<string, string>([
        [desk.ninas.id, desk.nina.id],
        [desk.ottos.id, desk.otto.id],
      ]),
    );
    for (const each of body.items) {
      assert.deepEqual([each.set, each.state, each.requestedBy.id], [body.id, 'pending', desk.ada.id]);
      assert.equal((await desk.entries(each.id))[0]?.data['set'], body.id);
    }
    const listed = await desk.call<Set>('GET', '/v1/admin/exceptions', { as: desk.bob, query: { set: body.id } });
    assert.equal(listed.body.items.length, 2);
  });

  test('who joins the group later is not covered, nor is another device', async (t) => {
    const desk = await salesDesk(t);
    const { body } = await desk.askFor({ group: 'sales' });
    await desk.decide(desk.bob, 'approve', body, asSeen(body));
    await desk.change('users', desk.erin.id, { groups: '["sales"]' });
    await desk.addDevice(desk.nina);
    const live = await desk.call<Set>('GET', '/v1/admin/exceptions', { as: desk.bob, query: { state: 'active' } });
    assert.deepEqual(
      live.body.items.map(({ device }) => device.id as string).toSorted(),
      [desk.ninas.id, desk.ottos.id].toSorted(),
    );
  });

  test('of a person, of a role, and of named devices', async (t) => {
    const desk = await salesDesk(t);
    const devices = async (whose: Record<string, unknown>) =>
      (await desk.askFor(whose)).body.items.map(({ device }) => device.id as string).toSorted();
    assert.deepEqual(await devices({ person: desk.otto.id }), [desk.ottos.id]);
    assert.deepEqual(await devices({ devices: [desk.ninas.id, desk.ninas.id] }), [desk.ninas.id]);
    const all = await devices({ role: 'employee', rules: ['base/lock'] });
    assert.deepEqual(all, [desk.ninas.id, desk.ottos.id, desk.laptop.id].toSorted());
  });

  test('all or none: details name each device that cannot', async (t) => {
    const desk = await salesDesk(t);
    await desk.asked({}, desk.ottos);
    const { code, body } = await desk.askFor({ group: 'sales' });
    assert.equal(code, 'exception_overlaps');
    assert.deepEqual(
      body.details?.map(({ path }) => path),
      [`devices.${desk.ottos.id}`],
    );
    const stored = await desk.store.read.selectFrom('exceptions').select('id').execute();
    assert.equal(stored.length, 1);
  });

  const nobody = `usr_${'0'.repeat(32)}`;
  for (const [name, whose, code] of [
    ['no device', { group: 'nobody' }, 'exception_set_empty'],
    ['nobody', { person: nobody }, 'exception_set_empty'],
    ['everything', {}, 'malformed_request'],
    ['two ways to say whose', { group: 'sales', role: 'employee' }, 'malformed_request'],
    ['no rule', { group: 'sales', rules: [] }, 'malformed_request'],
    ['a device that is not there', { devices: [`dev_${'0'.repeat(32)}`] }, 'not_found'],
  ] as const) {
    test(`nok: ${name}`, async (t) => {
      const desk = await salesDesk(t);
      assert.equal((await desk.askFor(whose)).code, code);
    });
  }

  test('nok: for more than 50 devices', async (t) => {
    const desk = await salesDesk(t);
    await Promise.all(Array.from({ length: 51 }, () => desk.addDevice(desk.nina)));
    assert.equal((await desk.askFor({ group: 'sales' })).code, 'exception_set_too_large');
  });

  test('nok: an employee', async (t) => {
    const desk = await salesDesk(t);
    assert.equal((await desk.askFor({ group: 'sales' }, desk.nina)).code, 'not_allowed');
  });

  test('two sets at once for one device: one of them, whole', async (t) => {
    const desk = await salesDesk(t);
    const answers = await Promise.all([desk.askFor({ group: 'sales' }), desk.askFor({ devices: [desk.ninas.id] })]);
    assert.deepEqual(answers.map(({ code }) => code ?? 'done').toSorted(), ['done', 'exception_overlaps']);
    const winner = answers.find(({ status }) => status === 201);
    const stored = await desk.store.read.selectFrom('exceptions').select('set_id').execute();
    assert.deepEqual(new Set(stored.map(({ set_id }) => set_id)), new Set([winner?.body.id]));
  });
});

describe('deciding a set', () => {
  test('answers for each: nobody approves the one that is for them, the others are not stopped', async (t) => {
    const desk = await salesDesk(t);
    await desk.change('users', desk.nina.id, { roles: '["approver"]' });
    const { body } = await desk.askFor({ group: 'sales' });
    const { body: outcome } = await desk.decide(desk.nina, 'approve', body, asSeen(body));
    const of = new Map(body.items.map(({ id, person }) => [id, person.name]));
    const codes = outcome.items.map(({ exception, code }) => `${of.get(exception)} ${code ?? 'done'}`).toSorted();
    assert.deepEqual(codes, ['Nina self_approval', 'Otto done']);
  });

  test('approves those that were named as they were seen, and no other', async (t) => {
    const desk = await salesDesk(t);
    const { body } = await desk.askFor({ group: 'sales' });
    const [first, second] = body.items;
    assert.ok(first && second);
    await desk.act(desk.ada, 'edit', second, { justification: 'Something else altogether' });
    const { body: outcome } = await desk.decide(desk.bob, 'approve', body, asSeen(body));
    assert.deepEqual(
      new Map(outcome.items.map(({ exception, code }) => [exception as string, code])),
      new Map<string, string | null>([
        [first.id, null],
        [second.id, 'exception_changed'],
      ]),
    );
    const other = await desk.askFor({ devices: [desk.laptop.id] });
    assert.equal((await desk.decide(desk.bob, 'approve', body, asSeen(other.body))).code, 'not_found');
    assert.equal((await desk.seen(other.body.items[0] ?? assert.fail())).state, 'pending');
  });

  test('one proof is for all of them', async (t) => {
    const desk = await salesDesk(t);
    await desk.template(deskTemplate('step_up: { approval: recent }'));
    const { body } = await desk.askFor({ group: 'sales', template: 'desk' });
    assert.equal((await desk.decide(desk.bob, 'approve', body, asSeen(body))).code, 'step_up_required');
    const fresh = { ...desk.bob, authenticatedAt: desk.clock.at };
    const { body: outcome } = await desk.decide(fresh, 'approve', body, asSeen(body));
    assert.deepEqual(
      outcome.items.map(({ done }) => done),
      [true, true],
    );
    for (const each of body.items) assert.equal((await desk.seen(each)).decisions[0]?.authn?.level, 'recent');
  });

  test('denied together, and ended together', async (t) => {
    const desk = await salesDesk(t);
    const denied = (await desk.askFor({ group: 'sales' })).body;
    const { body } = await desk.decide(desk.bob, 'deny', denied, { reason: 'Not at the fair' });
    assert.ok(body.items.every(({ done }) => done));
    const granted = (await desk.askFor({ group: 'sales' })).body;
    await desk.decide(desk.bob, 'approve', granted, asSeen(granted));
    await desk.decide(desk.eve, 'revoke', granted);
    for (const each of granted.items) assert.equal((await desk.seen(each)).state, 'revoked');
    assert.deepEqual(await desk.places(), {});
  });

  test('nok: an employee decides none of it, and a set that is not there is not found', async (t) => {
    const desk = await salesDesk(t);
    const { body } = await desk.askFor({ group: 'sales' });
    for (const verb of ['deny', 'revoke']) {
      const { body: outcome } = await desk.decide(desk.erin, verb, body);
      assert.ok(outcome.items.every(({ code }) => code === 'not_allowed'));
    }
    const none = { id: `exs_${'0'.repeat(32)}` };
    assert.equal((await desk.decide(desk.bob, 'deny', none)).code, 'not_found');
    assert.equal((await desk.decide(desk.bob, 'approve', none, asSeen(body))).code, 'not_found');
  });
});
