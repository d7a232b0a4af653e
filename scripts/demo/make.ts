import { hour, type Instant, minute } from '@postern/shared/time';
import { planAccess } from './access.ts';
import { type Company, makeCompany } from './company.ts';
import { makeMachines, planFleet } from './fleet.ts';
import { planIncidents } from './incidents.ts';
import { planLastHours } from './last-hours.ts';
import { beginDemo, finishDemo } from './marker.ts';
import type { DemoOptions } from './options.ts';
import { beginPolicies, planPolicies } from './policies.ts';
import { DemoReceivers } from './receivers.ts';
import { Requests } from './requests.ts';
import { Stage } from './stage.ts';
import { makeSurroundings } from './surroundings.ts';

/**
 * Makes a company with its history, up to now, through the product's own doors.
 *
 * @param say told how far it is, from 0 to 1
 * @returns where its webhooks go: to be closed when nobody looks at the demo any more
 * @throws DemoExists
 */
export async function makeDemo(options: DemoOptions, say: (done: number) => void): Promise<DemoReceivers> {
  beginDemo(options);
  const stage = await Stage.open(options, Date.now());
  const receivers = await DemoReceivers.listen();
  try {
    stage.clock.reach(stage.on(0, 6));
    const company = await makeCompany(stage);
    await beginPolicies(company);
    await makeSurroundings(stage, company, receivers);
    const machines = makeMachines(stage, company);
    const requests = new Requests(stage, company);
    planFleet(stage, company, machines, requests.atTrouble);
    planPolicies(stage, company);
    planAccess(stage, company, machines, requests);
    planIncidents(stage, company, machines);
    planLastHours(stage, company, machines, requests);
    planHousekeeping(stage, company, say);
    await stage.agenda.run(stage.clock, stage.end);
    await stage.jobs();
    finishDemo(options, receivers.ports);
    return receivers;
  } catch (error) {
    receivers.close();
    throw error;
  } finally {
    await stage.close();
  }
}

/** What the server does by itself again and again, at the times of the story. */
function planHousekeeping(stage: Stage, company: Company, say: (done: number) => void): void {
  const { agenda, start, end } = stage;
  const often = ['announce ended exceptions', 'tell of what happened', 'send messages'];
  const step = 2 * hour;
  for (let at: Instant = start + 7 * hour; at < end; at += step)
    agenda.at(at, async () => {
      say((at - start) / (end - start));
      await stage.jobs(...often);
    });
  for (let dayNumber = 0; dayNumber < stage.options.days; dayNumber += 1) {
    agenda.at(stage.on(dayNumber, 8), async () => {
      if (stage.now() >= end) return;
      for (const each of [company.ines, ...company.approvers]) if (stage.chance.is(0.7)) await each.signIn();
    });
    // What counts days wants to see the end of each.
    for (const hours of [13, 23.95]) agenda.at(Math.min(stage.on(dayNumber, hours), end - minute), () => stage.jobs());
  }
}
