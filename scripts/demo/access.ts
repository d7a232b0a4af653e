import { hour, minute } from '@postern/shared/time';
import type { Company } from './company.ts';
import type { Machine } from './machine.ts';
import { type Requests, unlessOvertaken } from './requests.ts';
import type { Stage } from './stage.ts';

export const payroll = 'https://payroll.harbour.example';
export const production = 'https://production.harbour.example';

const places: readonly (readonly [string, readonly string[]])[] = [
  [payroll, ['clerk', 'reader']],
  ['https://customers.harbour.example', ['support', 'export']],
];

/** People who need something for an hour: most use it and let it run out, some forget it, some give it back. */
export function planAccess(stage: Stage, company: Company, machines: readonly Machine[], requests: Requests): void {
  const { agenda, chance, options } = stage;
  for (let dayNumber = 1; dayNumber < options.days; dayNumber += 1) {
    for (let count = chance.whole(0, 2); count > 0; count -= 1) {
      const at = stage.on(dayNumber, 10 + chance.next() * 6);
      if (at < stage.end - 6 * hour) agenda.at(at, () => oneAccess(stage, company, chance.pick(machines), requests));
    }
  }
}

async function oneAccess(stage: Stage, company: Company, machine: Machine, requests: Requests): Promise<void> {
  const { agenda, chance } = stage;
  const [resource, roles] = chance.pick(places);
  const id = await requests.askAccess(machine, resource, chance.pick(roles), chance.pick(['1h', '4h']));
  if (id === undefined) return;
  const decided = stage.now() + chance.whole(3, 45) * minute;
  agenda.at(decided, async () => {
    const by = chance.pick([...company.approvers, company.hasty]);
    if (chance.is(0.1)) return requests.deny(by, id);
    if (!(await requests.approve(by, id)) || chance.is(0.15)) return;
    agenda.at(stage.now() + chance.whole(1, 30) * minute, async () => void (await machine.token(resource)));
    if (chance.is(0.3))
      agenda.at(stage.now() + hour, async () => {
        await unlessOvertaken(() => machine.call('POST', `/v1/exceptions/${id}/relinquish`, {}));
      });
  });
}
