import type { Role } from '@postern/shared/protocol/admin';
import type { Chance } from './chance.ts';
import type { Actor } from './actor.ts';
import type { Stage } from './stage.ts';

export interface Person {
  id: string;
  name: string;
  email: string;
  groups: readonly string[];
}

/** Those who decide; each by the part that they play. */
export interface Deciders {
  ines: Actor;
  bruno: Actor;
  approvers: readonly Actor[];
  /** Says yes to everything, at once. */
  hasty: Actor;
  auditor: Actor;
}

export interface Company extends Deciders {
  people: readonly Person[];
  /** May use emergencies; they have passkeys. */
  onCall: readonly Actor[];
}

const first =
  'Amara Björn Chiara Dmitri Elif Farid Greta Hana Ivo Jonas Kaveh Lucía Mei Nadia Oskar Priya Quentin Rosa Sven Tariq Uma Viktor Wanda Xenia Yusuf Zofia Aiko Bilal Céline Dario Esther Fenna Gideon Hugo Irina Jamal Katja Leif Mirela Nils'.split(
    ' ',
  );
const last =
  'Abara Bergman Conti Dorn Eriksen Falk Grieco Haddad Ivarsson Jansen Kaya Lindqvist Moreau Nakamura Olsen Petrov Quist Rossi Sato Tanaka Ueda Varga Weber Xu Yilmaz Zeman'.split(
    ' ',
  );

const areas: readonly (readonly [string, number])[] = [
  ['engineering', 34],
  ['sales', 22],
  ['support', 16],
  ['finance', 10],
  ['operations', 12],
  ['people-team', 6],
];

/** Who is asked for in the groups that stages name. */
export const securityGroup = 'security';

/** Makes everybody. Each area has a manager; those who decide are in no area. */
export async function makeCompany(stage: Stage): Promise<Company> {
  const { chance } = stage;
  const rootAdmin = await stage.deps.store.read.selectFrom('users').selectAll().executeTakeFirstOrThrow();
  const root = await stage.as({ id: rootAdmin.id, name: rootAdmin.name, roles: ['admin'] });
  const make = async (name: string, roles: Role[], groups: string[] = []): Promise<Person> => {
    const email = `${plain(name)}@harbour.example`;
    const made = await root.post('/v1/admin/users', { name, email, roles, groups });
    return { id: String(made['id']), name, email, groups };
  };
  const actor = async (name: string, roles: Role[], groups: string[] = []) => {
    const made = await stage.as({ ...(await make(name, roles, groups)), roles });
    await made.addPasskey();
    return made;
  };
  const ines = await actor('Ines Okafor', ['admin'], [securityGroup]);
  const bruno = await actor('Bruno Albrecht', ['admin'], [securityGroup]);
  await ines.call('PATCH', `/v1/admin/users/${rootAdmin.id}`, { name: 'Spare admin' });
  const approvers = [
    await actor('Petra Lund', ['approver'], [securityGroup]),
    await actor('Samir Rahimi', ['approver'], ['service-desk']),
    await actor('Olga Marin', ['approver'], ['service-desk']),
  ];
  const hasty = await actor('Tom Ashby', ['approver'], ['service-desk']);
  const auditor = await actor('Lena Voss', ['auditor']);

  const count = Math.max(6, Math.round(stage.options.devices * 0.82));
  // Many at once: each is a write of its own.
  const people = await Promise.all(
    peopleNames(chance, count).map((name) => {
      const area = chance.weighted(areas);
      return make(name, ['employee'], [area, ...(area === 'engineering' && chance.is(0.2) ? ['contractors'] : [])]);
    }),
  );
  const managers = new Map(people.toReversed().map(({ id, groups: [area = ''] }) => [area, id]));
  // One after the other: who people report to is one thing, which two changes at once would both rewrite.
  for (const { id, groups } of people) {
    const manager = managers.get(groups[0] ?? '');
    if (manager !== undefined && manager !== id) await ines.call('PATCH', `/v1/admin/users/${id}`, { manager });
  }
  const onCall = [];
  for (const person of people.slice(2, 5)) {
    const groups = [...person.groups, 'on-call'];
    await ines.call('PATCH', `/v1/admin/users/${person.id}`, { groups });
    const called = await stage.as({ ...person, roles: ['employee'] });
    await called.addPasskey();
    onCall.push(called);
  }
  return { ines, bruno, approvers, hasty, auditor, people, onCall };
}

function peopleNames(chance: Chance, count: number): string[] {
  const all = first.flatMap((given) => last.map((family) => `${given} ${family}`));
  return chance.shuffled(all).slice(0, count);
}

/** As an address has it. */
export function plain(name: string): string {
  return name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, '.');
}
