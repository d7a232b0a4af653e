import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import { propertyRuns } from '@postern/shared/testing/property-runs';
import { day, hour, minute, toTimestamp } from '@postern/shared/time';
import type { DeviceCaller, PersonCaller } from '../../http/caller.ts';
import type { Answer } from '../../http/testing/call-route.ts';
import type { Desk } from './desk.ts';
import { Model, type Modelled } from './model.ts';
import { payroll, posture, wiki } from './policy.ts';

const rules = ['base/firewall', 'base/disk', 'base/lock'];
const resources = [payroll, wiki];
const twoStages = `
template: two-stages
kind: device
title: Two stages
description: For tests.
impact: A rule is waived.
durations: [1h]
max_duration: 2d
stages:
  - { title: Manager, manager: true }
  - { title: Security, groups: [security] }
`;

const disks = ['full', 'partial', 'none'] as const;

const someRules = fc.oneof(
  fc.constantFrom(...rules).map((rule) => [rule]),
  fc.subarray(rules, { minLength: 1 }),
);
const someResources = fc.oneof(fc.constant<string[]>([]), fc.subarray(resources));
const hours = fc.constantFrom(1, 2, 3, 4, 6, 8, 9, 24, 48);
const device = fc.integer({ min: 0, max: 1 });
// The first manages Una, and is no approver.
const person = fc.integer({ min: 0, max: 5 });
const asker = fc.integer({ min: 1, max: 5 });
// From the device that it is about, or now and then from another.
const rightly = fc.constantFrom(true, true, true, true, false);
// Which of those asked for so far, from the newest back: what happens to the newest is where the histories are.
const which = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(5) });

const command = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      device,
      by: fc.option(asker, { freq: 3, nil: null }),
      rules: someRules,
      resources: someResources,
      hours,
      staged: fc.constantFrom(true, false, false),
      startsIn: fc.constantFrom(null, null, null, 1, 3, 30),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('approve' as const),
      by: person,
      which,
      cut: fc.record(
        { hours, rules: someRules, resources: fc.subarray(resources, { minLength: 1 }) },
        { requiredKeys: [] },
      ),
      whole: fc.boolean(),
    }),
  },
  // Nobody would get far by chance: here all of them try.
  { weight: 8, arbitrary: fc.record({ do: fc.constant('all approve' as const), which }) },
  // Who wants it for ever waits until it is over, and asks for the same again.
  { weight: 3, arbitrary: fc.record({ do: fc.constant('once more' as const), which, hours }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('extend' as const), rightly, which, hours, granted: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('edit' as const), rightly, which, hours }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('deny' as const, 'revoke' as const), by: person, which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const), by: person, which }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('withdraw-own' as const, 'relinquish' as const), rightly, which }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('report' as const),
      device,
      firewall: fc.nat(1),
      disk: fc.nat(2),
      lock: fc.constantFrom(0, 1, 1),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      by: fc.constantFrom(minute, 20 * minute, hour, hour, 3 * hour, 6 * hour, day),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sweep' as const) }) },
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;
type OnOne = Extract<Command, { which: number }>;

// Rare by chance, and never left out.
const gettingWorse: Command[] = [
  { do: 'ask', device: 0, by: null, rules: ['base/disk'], resources: [], hours: 8, staged: false, startsIn: null },
  { do: 'all approve', which: 0 },
  { do: 'report', device: 0, firewall: 1, disk: 2, lock: 1 },
];

const gettingLonger: Command[] = [
  { do: 'ask', device: 1, by: null, rules: ['base/lock'], resources: [], hours: 1, staged: false, startsIn: null },
  { do: 'all approve', which: 0 },
  { do: 'extend', rightly: true, which: 0, hours: 2, granted: true },
  { do: 'extend', rightly: true, which: 0, hours: 4, granted: false },
];

interface World {
  desk: Desk;
  model: Model;
  people: readonly PersonCaller[];
  devices: readonly DeviceCaller[];
}

/**
 * Plays random histories of what people, devices and time do, each on two new devices, and holds after every step that
 * the routes and the model agree.
 *
 * @returns how often an exception ended in which state; an extension's states are counted apart
 */
export async function playHistories(desk: Desk, runs: number): Promise<ReadonlyMap<string, number>> {
  const mia = await desk.addPerson('Mia', ['employee']);
  const una = await desk.addPerson('Una', ['approver'], { manager: mia });
  const sue = await desk.addPerson('Sue', ['approver'], { groups: ['security'] });
  const people = [mia, una, desk.eve, desk.bob, desk.ada, sue];
  await desk.template(twoStages);
  const reached = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 20, maxLength: 40, size: 'max' }), async (history) => {
      const devices = [await desk.addDevice(una), await desk.addDevice(desk.eve)];
      const owners = new Map(devices.map(({ id, ownerId }) => [id, ownerId]));
      const badness = { 'base/firewall': 1, 'base/disk': 1, 'base/lock': 1 };
      const known = people.map(({ id }) => ({ id, decides: id !== mia.id, isOfSecurity: id === sue.id }));
      const managers = new Map([[una.id, mia.id]]);
      const model = new Model(desk.clock.at, badness, { owners, people: known, managers });
      const world = { desk, model, people, devices };
      for (const each of history) {
        await perform(world, each);
        await compare(world, each.do === 'sweep');
      }
      await perform(world, { do: 'pass', by: 5 * day });
      await desk.sweep();
      await compare(world, true);
      await compareLogs(world);
      for (const each of model.exceptions) {
        const { state, old, staged, startsAt, began } = each;
        const names = [old === null ? state : `extension ${state}`];
        if (staged && began !== null) names.push('granted in stages');
        if (startsAt !== null && began === startsAt) names.push(`scheduled, then ${state}`);
        for (const name of names) reached.set(name, (reached.get(name) ?? 0) + 1);
      }
    }),
    { ...propertyRuns(runs), endOnFailure: true, examples: [[gettingWorse], [gettingLonger]] },
  );
  return reached;
}

/** Does it to both, and holds that both did it or both refused. */
async function perform(world: World, given: Command): Promise<void> {
  const { desk, model, people, devices } = world;
  if ('which' in given) {
    const chosen = model.exceptions.at(-1 - given.which);
    if (chosen !== undefined) await performOn(world, chosen, given);
    return;
  }
  switch (given.do) {
    case 'pass':
      desk.pass(given.by);
      model.pass(given.by);
      return;
    case 'sweep':
      await desk.sweep();
      return;
    case 'report': {
      const on = devices[given.device] ?? assert.fail();
      const { firewall, disk, lock } = given;
      model.report(on.id, { 'base/firewall': firewall, 'base/disk': disk, 'base/lock': lock });
      const state = { firewall: firewall === 0, disk: disks[disk] ?? 'none', lock: lock === 0 };
      await desk.report(on, posture(state, desk.clock.at));
      return;
    }
    case 'ask': {
      const on = devices[given.device] ?? assert.fail();
      const by = given.by === null ? undefined : people[given.by];
      const { rules, resources, staged } = given;
      const startsAt = given.startsIn === null ? null : desk.clock.at + given.startsIn * hour;
      const wish = { rules, resources, staged, startsAt, durationMs: given.hours * hour };
      const expected = model.ask(on.id, by?.id ?? on.ownerId, wish);
      const body = {
        rules,
        resources,
        duration: `${given.hours}h`,
        justification: 'For a test of it all',
        ...(staged ? { template: 'two-stages' } : {}),
        ...(startsAt === null ? {} : { startsAt: toTimestamp(startsAt) }),
      };
      const answer =
        by === undefined
          ? await desk.ask(body, on)
          : await desk.call('POST', '/v1/admin/exceptions', { as: by, body: { device: on.id, ...body } });
      agreeOnNew(expected, answer);
    }
  }
}

async function performOn(world: World, chosen: Modelled, given: OnOne): Promise<void> {
  const { desk, model, people, devices } = world;
  const { act, own } = desk;
  const by = ('by' in given ? people[given.by] : undefined) ?? desk.bob;
  const isRight = 'rightly' in given ? given.rightly : true;
  const on = devices.find(({ id }) => (id === chosen.device) === isRight) ?? assert.fail();
  switch (given.do) {
    case 'approve': {
      const { hours: cutTo, ...cut } = given.whole ? {} : given.cut;
      const expected = model.approve(chosen, by.id, { ...cut, durationMs: cutTo === undefined ? cutTo : cutTo * hour });
      const body = cutTo === undefined ? cut : { ...cut, duration: `${cutTo}h` };
      agree(expected, await act(by, 'approve', chosen, body));
      return;
    }
    case 'all approve':
      await allApprove(world, chosen);
      return;
    case 'once more': {
      const leftMs = Math.max(0, (chosen.ends ?? 0) - model.now);
      desk.pass(leftMs);
      model.pass(leftMs);
      const { device: id, rules, resources } = chosen;
      const about = devices.find((each) => each.id === id) ?? assert.fail();
      const wish = { rules, resources, durationMs: given.hours * hour, staged: false, startsAt: null };
      const expected = model.ask(id, about.ownerId, wish);
      agreeOnNew(expected, await desk.ask({ rules, resources, duration: `${given.hours}h` }, about));
      if (expected !== undefined) await allApprove(world, expected);
      return;
    }
    case 'extend': {
      const expected = model.extend(chosen, on.id, given.hours * hour);
      agreeOnNew(expected, await desk.extend(chosen, `${given.hours}h`, on));
      if (expected !== undefined && given.granted) await allApprove(world, expected);
      return;
    }
    case 'edit': {
      // What an extension may become depends on what it extends; the small world of exhaustive.ts goes through that.
      if (chosen.old !== null || chosen.startsAt !== null) return;
      const expected = isRight && model.edit(chosen, given.hours * hour);
      agree(expected, await own('edit', chosen, { duration: `${given.hours}h` }, on));
      return;
    }
    case 'deny':
    case 'revoke':
    case 'withdraw':
      agree(model[given.do](chosen, by.id), await act(by, given.do, chosen));
      return;
    case 'withdraw-own':
      agree(isRight && model.withdraw(chosen, on.ownerId), await own('withdraw', chosen, {}, on));
      return;
    case 'relinquish':
      agree(model.relinquish(chosen, on.id), await own('relinquish', chosen, {}, on));
  }
}

async function allApprove({ desk, model, people }: World, chosen: Modelled): Promise<void> {
  for (const each of people) agree(model.approve(chosen, each.id, {}), await desk.act(each, 'approve', chosen));
}

function agree(expected: boolean, answer: Answer<ExceptionView>): void {
  assert.equal(answer.status < 300, expected, answer.code ?? 'it was done');
}

function agreeOnNew(expected: Modelled | undefined, answer: Answer<ExceptionView>): void {
  agree(expected !== undefined, answer);
  if (expected !== undefined) expected.id = answer.body.id;
}

/** Holds that both are in the same state. What has ended and is not announced yet may still be in the table of places. */
async function compare({ desk, model, devices }: World, announced: boolean): Promise<void> {
  const seen = new Map<string, ExceptionView>();
  for (const { id } of devices) {
    const query = { device: id };
    const { body } = await desk.call<{ items: ExceptionView[] }>('GET', '/v1/admin/exceptions', {
      as: desk.ada,
      query,
    });
    for (const item of body.items) seen.set(item.id, item);
  }
  assert.deepEqual(
    model.exceptions.map(({ id }) => describeSeen(seen.get(id))),
    model.exceptions.map((each) => describeModelled(each, model.isLive(each))),
  );
  assert.equal(seen.size, model.exceptions.length);

  const rows = await desk.store.read
    .selectFrom('exception_slots')
    .selectAll()
    .where(
      'device_id',
      'in',
      devices.map(({ id }) => id),
    )
    .execute();
  const isOpen = (id: string) => ['pending', 'scheduled', 'active'].includes(seen.get(id)?.state ?? '');
  const stored = rows
    .filter(({ exception_id }) => announced || isOpen(exception_id))
    .map((row) => [`${row.device_id} ${row.rule} ${row.resource}`, row.exception_id]);
  assert.deepEqual(Object.fromEntries(stored), model.places());
}

function describeSeen(view: ExceptionView | undefined) {
  return (
    view && {
      state: view.state,
      live: view.live,
      rules: view.rules,
      resources: view.resources,
      votes: view.decisions
        .filter(({ verdict }) => verdict === 'approve')
        .map(({ by }) => String(by.id))
        .toSorted(),
      ends: view.expiresAt === null ? null : Date.parse(view.expiresAt),
    }
  );
}

function describeModelled(each: Modelled, live: boolean) {
  return {
    state: each.state,
    live,
    rules: each.rules,
    resources: each.resources,
    votes: each.voters.toSorted(),
    ends: each.ends,
  };
}

async function compareLogs({ desk, model }: World): Promise<void> {
  for (const { id, log, startsAt } of model.exceptions) {
    const types = (await desk.audited({ id })).filter((type) => !type.startsWith('exception.decision-refused'));
    // That its time has come is said by who looks after that, if anybody does before it is over.
    const begun = types.filter((type) => type === 'exception.begun');
    assert.ok(begun.length <= (startsAt === null ? 0 : 1));
    assert.deepEqual(
      types.filter((type) => type !== 'exception.begun'),
      log,
    );
  }
}
