import { type Kysely, type RawBuilder, sql, type SqlBool } from 'kysely';
import type { Database } from '../../storage/database.ts';

/** Who and what has a name that contains some text. `many`: more than it would pay to go through one by one. */
export interface Named {
  /** The text, as LIKE takes it. */
  pattern: string;
  personIds: readonly string[] | 'many';
  deviceIds: readonly string[] | 'many';
}

const most = 100;

/** Looks the name up first: an index leads from few people and devices to what is theirs. Null: nobody and nothing has it. */
export async function readNamed(read: Kysely<Database>, q: string): Promise<Named | null> {
  // Contains the text, whatever its case; what LIKE takes for a pattern is itself.
  const pattern = `%${q.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`;
  const [people, devices] = await Promise.all([
    read
      .selectFrom('users')
      .select('id')
      .where(personMatches(pattern))
      .limit(most + 1)
      .execute(),
    read
      .selectFrom('devices')
      .select('id')
      .where(deviceMatches(pattern))
      .limit(most + 1)
      .execute(),
  ]);
  if (people.length === 0 && devices.length === 0) return null;
  const few = (rows: readonly { id: string }[]) => (rows.length > most ? 'many' : rows.map(({ id }) => id));
  return { pattern, personIds: few(people), deviceIds: few(devices) };
}

/** Whether an index leads there. */
export function areFew({ personIds, deviceIds }: Named): boolean {
  return personIds !== 'many' && deviceIds !== 'many';
}

/** Whether an exception is of one of them. A side without anybody is left out: with it, no index would be used for the other. */
export function isOfNamed({ personIds, deviceIds, pattern }: Named): RawBuilder<SqlBool> {
  const ofPerson =
    personIds === 'many'
      ? sql<SqlBool>`exists (select 1 from users where users.id = exceptions.person_id and ${personMatches(pattern)})`
      : among('exceptions.person_id', personIds);
  const ofDevice =
    deviceIds === 'many'
      ? sql<SqlBool>`exists (select 1 from devices where devices.id = exceptions.device_id and ${deviceMatches(pattern)})`
      : among('exceptions.device_id', deviceIds);
  const either = [ofPerson, ofDevice].filter((each) => each !== undefined);
  return sql<SqlBool>`(${sql.join(either, sql` or `)})`;
}

function personMatches(pattern: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`(lower(users.name) like ${pattern} escape '\\' or lower(users.email) like ${pattern} escape '\\')`;
}

function deviceMatches(pattern: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`lower(devices.name) like ${pattern} escape '\\'`;
}

function among(column: string, ids: readonly string[]): RawBuilder<SqlBool> | undefined {
  return ids.length === 0 ? undefined : sql<SqlBool>`${sql.ref(column)} in (${sql.join(ids)})`;
}
