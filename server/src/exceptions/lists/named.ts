import { type Kysely, type RawBuilder, sql, type SqlBool } from 'kysely';
import type { Database } from '../../storage/database.ts';
import { type Called, findNamed, isNamed } from '../../storage/find-named.ts';

/** Who and what has a name that contains some text. */
export interface Named {
  text: string;
  people: Called;
  devices: Called;
}

const most = 300;

/** Looks the name up first: an index leads from few people and devices to what is theirs. Null: nobody and nothing has it. */
export async function readNamed(read: Kysely<Database>, text: string): Promise<Named | null> {
  const people = await findNamed(read, 'users', text, most);
  const devices = await findNamed(read, 'devices', text, most);
  return people.ids.length === 0 && devices.ids.length === 0 ? null : { text, people, devices };
}

/** Whether an index leads there. */
export function areFew({ people, devices }: Named): boolean {
  return !people.isMany && !devices.isMany;
}

/** Whether an exception is of one of them. A side without anybody is left out: with it, no index would be used for the other. */
export function isOfNamed({ text, people, devices }: Named): RawBuilder<SqlBool> {
  const ofPerson = people.isMany
    ? sql<SqlBool>`exists (select 1 from users where users.id = exceptions.person_id and ${isNamed('users', text)})`
    : among('exceptions.person_id', people.ids);
  const ofDevice = devices.isMany
    ? sql<SqlBool>`exists (select 1 from devices where devices.id = exceptions.device_id and ${isNamed('devices', text)})`
    : among('exceptions.device_id', devices.ids);
  const either = [ofPerson, ofDevice].filter((each) => each !== undefined);
  return sql<SqlBool>`(${sql.join(either, sql` or `)})`;
}

function among(column: string, ids: readonly string[]): RawBuilder<SqlBool> | undefined {
  return ids.length === 0 ? undefined : sql<SqlBool>`${sql.ref(column)} in (${sql.join(ids)})`;
}
