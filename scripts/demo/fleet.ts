import type { Platform } from '@postern/shared/checks/define';
import type { KeyProviderId } from '@postern/shared/protocol/enrollment';
import { day, hour, type Instant, minute } from '@postern/shared/time';
import { type Company, plain } from './company.ts';
import { Machine } from './machine.ts';
import { builds, type Trouble } from './readings.ts';
import type { Stage } from './stage.ts';

const platforms: readonly (readonly [Platform, number])[] = [
  ['macos', 46],
  ['windows', 40],
  ['linux', 14],
];

const providers: Readonly<Record<Platform, readonly (readonly [KeyProviderId, number])[]>> = {
  macos: [
    ['secure-enclave', 8],
    ['os-keystore', 2],
  ],
  windows: [
    ['windows-pcp', 7],
    ['os-keystore', 3],
  ],
  linux: [
    ['tpm2', 5],
    ['file', 5],
  ],
};

const kinds: Readonly<Record<Platform, string>> = { macos: 'macbook', windows: 'thinkbook', linux: 'workstation' };

const troubles: readonly (readonly [Trouble, number])[] = [
  ['updates', 30],
  ['firewall', 18],
  ['screen-lock', 16],
  ['encryption', 11],
  ['automatic-updates', 8],
  ['antivirus', 7],
  ['uptime', 5],
  ['disk-space', 3],
  ['secure-boot', 2],
];

/** Machines that report within one of these parts of a working day report together. */
const slotsOfDay = 10;

export type AtTrouble = (machine: Machine, trouble: Trouble, until: Instant) => void;

/** Whose machines there are. Contractors bring their own. */
export function makeMachines(stage: Stage, { people }: Company): Machine[] {
  const { chance } = stage;
  return Array.from({ length: stage.options.devices }, (_, index) => {
    const owner = people[index % people.length];
    if (owner === undefined) throw new Error('nobody works here');
    const platform = chance.weighted(platforms);
    const [given = 'spare'] = plain(owner.name).split('.');
    return new Machine(stage, {
      owner,
      platform,
      name: `${given}-${kinds[platform]}${index >= people.length ? '-2' : ''}`,
      serial: `HB${String(index).padStart(4, '0')}${platform[0]?.toUpperCase() ?? ''}`,
      build: chance.pick(builds[platform]),
      address: `198.51.100.${1 + (index % 250)}`,
      provider: chance.weighted(providers[platform]),
    });
  });
}

/** Enrolls each when its person gets it, and has all of them report as they are used. */
export function planFleet(stage: Stage, company: Company, machines: readonly Machine[], atTrouble: AtTrouble): void {
  const { agenda, chance, options } = stage;
  const first = machines.filter(() => chance.is(0.8));
  for (let from = 0; from < first.length; from += 16) {
    const together = first.slice(from, from + 16);
    agenda.at(stage.on(0, 7 + from / 100), async () => {
      await Promise.all(together.map((machine) => enroll(company, machine)));
      for (const machine of together) if (chance.is(0.16)) begin(stage, machine, atTrouble);
      await Promise.all(together.map((machine) => machine.report()));
    });
  }
  for (const machine of machines.filter((each) => !first.includes(each)))
    agenda.at(stage.on(chance.whole(1, Math.max(1, stage.dayAt(0.85))), 7 + chance.next() * 2), async () => {
      await enroll(company, machine);
      await machine.report();
    });
  const away = planHolidays(stage, machines);
  for (let dayNumber = 0; dayNumber < options.days; dayNumber += 1)
    planDay(stage, machines, { dayNumber, away, atTrouble });
}

async function enroll({ ines }: Company, machine: Machine): Promise<void> {
  const isOwn = machine.owner.groups.includes('contractors');
  const ownership = isOwn ? 'personal' : 'corporate';
  const made = await ines.post('/v1/admin/enrollment-tokens', { owner: machine.owner.id, ownership });
  await machine.enroll(String(made['token']));
}

/** Some are away for a week or two: then their machines are not heard from. */
function planHolidays(
  { chance, options }: Stage,
  machines: readonly Machine[],
): (machine: Machine, day: number) => boolean {
  const holidays = new Map(
    machines
      .filter(() => chance.is(0.3))
      .map((machine) => {
        const from = chance.whole(0, options.days);
        return [machine, { from, to: from + chance.whole(5, 14) }];
      }),
  );
  return (machine, dayNumber) => {
    const holiday = holidays.get(machine);
    return holiday !== undefined && dayNumber >= holiday.from && dayNumber <= holiday.to;
  };
}

function planDay(
  stage: Stage,
  machines: readonly Machine[],
  {
    dayNumber,
    away,
    atTrouble,
  }: { dayNumber: number; away: (machine: Machine, day: number) => boolean; atTrouble: AtTrouble },
): void {
  const { agenda, chance } = stage;
  const isLast = dayNumber === stage.options.days - 1;
  const weekday = new Date(stage.on(dayNumber, 12)).getUTCDay();
  const share = weekday === 0 || weekday === 6 ? 0.25 : 0.94;
  const slots = Array.from({ length: slotsOfDay }, (): Machine[] => []);
  for (const machine of machines)
    if (!away(machine, dayNumber) && chance.is(isLast ? 0.94 : share))
      slots[chance.whole(0, slotsOfDay - 1)]?.push(machine);
  for (const [index, slot] of slots.entries()) {
    // Of the last day there is only as much as there is.
    const at = isLast
      ? stage.end - (slotsOfDay - index) * 20 * minute
      : stage.on(dayNumber, 9.5 + index * 0.85 + chance.next() * 0.3);
    agenda.at(at, async () => {
      const here = slot.filter(({ isEnrolled }) => isEnrolled);
      for (const machine of here) if (machine.troubles.size === 0 && chance.is(0.022)) begin(stage, machine, atTrouble);
      await Promise.all(here.map((machine) => machine.report()));
    });
    agenda.at(at + 5 * minute, async () => {
      const asking = slot.filter(({ isEnrolled }) => isEnrolled && chance.is(isLast ? 0.8 : 0.35));
      await Promise.all(asking.map((machine) => machine.token(chance.pick(usual))));
    });
  }
}

const usual = ['https://wiki.harbour.example', 'https://git.harbour.example', 'https://mail.harbour.example'];

/** Something breaks, and is mended after a while. */
function begin(stage: Stage, machine: Machine, atTrouble: AtTrouble): void {
  const { agenda, chance } = stage;
  const trouble = chance.weighted(troubles);
  if (trouble === 'antivirus' && machine.platform !== 'windows') return;
  machine.troubles.add(trouble);
  const days = chance.weighted([
    [chance.whole(4, 30) / 10, 55],
    [chance.whole(30, 60) / 10, 32],
    [chance.whole(60, 160) / 10, 13],
  ]);
  const until = stage.now() + days * day;
  agenda.at(until, async () => {
    machine.troubles.delete(trouble);
    if (machine.isEnrolled) await machine.report();
  });
  agenda.at(stage.now() + hour / 2, async () => {
    if (machine.isEnrolled && machine.troubles.has(trouble)) atTrouble(machine, trouble, until);
  });
}
