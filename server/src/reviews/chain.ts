import type { Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import type { Database } from '../storage/database.ts';

export type Read = Deps['store']['read'];

/** One of a chain of extensions, as far as reviews need it. */
export type Link = Pick<
  Database['exceptions'],
  | 'id'
  | 'extends_id'
  | 'state'
  | 'person_id'
  | 'requested_by'
  | 'device_id'
  | 'approved_at'
  | 'begins_at'
  | 'expires_at'
  | 'ended_at'
>;

const columns = [
  'exceptions.id',
  'exceptions.extends_id',
  'exceptions.state',
  'exceptions.person_id',
  'exceptions.requested_by',
  'exceptions.device_id',
  'exceptions.approved_at',
  'exceptions.begins_at',
  'exceptions.expires_at',
  'exceptions.ended_at',
] as const;

/** An exception with all that it extends and all that extends it: for whoever reviews it they are one. */
export async function readChain(read: Read, id: string): Promise<Link[]> {
  const older = read
    .withRecursive('chain', (db) =>
      db
        .selectFrom('exceptions')
        .select(columns)
        .where('id', '=', id)
        .unionAll(db.selectFrom('exceptions').innerJoin('chain', 'chain.extends_id', 'exceptions.id').select(columns)),
    )
    .selectFrom('chain')
    .selectAll();
  const newer = read
    .withRecursive('chain', (db) =>
      db
        .selectFrom('exceptions')
        .select(columns)
        .where('extends_id', '=', id)
        .unionAll(db.selectFrom('exceptions').innerJoin('chain', 'exceptions.extends_id', 'chain.id').select(columns)),
    )
    .selectFrom('chain')
    .selectAll();
  return [...(await older.execute()), ...(await newer.execute())];
}

export const grantedStates = ['scheduled', 'approved', 'active'] as const;
const granted: readonly string[] = grantedStates;

/** The one of a chain that was granted and is not over; undefined when all of it has ended. */
export function standingOf(chain: readonly Link[], now: Instant): Link | undefined {
  return chain.find(
    ({ state, expires_at: expiresAt, ended_at: endedAt }) =>
      granted.includes(state) && endedAt === null && expiresAt !== null && now < expiresAt,
  );
}
