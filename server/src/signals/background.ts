import type { AuditEntry } from '../audit/chain.ts';
import type { Deps } from '../deps.ts';
import { type Background, namedBy } from './occurrences.ts';

type Read = Deps['store']['read'];

/** Reads what a portion of entries names, in a query for each kind that is named. */
export async function readBackground(read: Read, entries: readonly AuditEntry[]): Promise<Background> {
  const named = entries.map(namedBy);
  const ids = (kind: 'exception' | 'token' | 'device' | 'passkey') => [
    ...new Set(named.flatMap((each) => each[kind] ?? [])),
  ];
  const [devices, exceptions, tokens, passkeys] = await Promise.all([
    readDevices(read, ids('device')),
    readExceptions(read, ids('exception')),
    readTokens(read, ids('token')),
    readPasskeys(read, ids('passkey')),
  ]);
  return {
    owners: new Map(devices.map((row) => [row.id, row.owner_id])),
    exceptions: new Map(
      exceptions.map((row) => [
        row.id,
        {
          personId: row.person_id,
          deviceId: row.device_id,
          resources: JSON.parse(row.resources) as string[],
          granted: row.approved_at !== null,
        },
      ]),
    ),
    tokens: new Map(tokens.map((row) => [row.id, { personId: row.person_id }])),
    builtIn: new Set(
      passkeys.flatMap(({ id, transports }) => ((JSON.parse(transports) as string[]).includes('internal') ? [id] : [])),
    ),
  };
}

async function readDevices(read: Read, ids: readonly string[]) {
  if (ids.length === 0) return [];
  return await read.selectFrom('devices').select(['id', 'owner_id']).where('id', 'in', ids).execute();
}

async function readExceptions(read: Read, ids: readonly string[]) {
  if (ids.length === 0) return [];
  return await read
    .selectFrom('exceptions')
    .select(['id', 'person_id', 'device_id', 'resources', 'approved_at'])
    .where('id', 'in', ids)
    .execute();
}

async function readTokens(read: Read, ids: readonly string[]) {
  if (ids.length === 0) return [];
  return await read.selectFrom('access_tokens').select(['id', 'person_id']).where('id', 'in', ids).execute();
}

async function readPasskeys(read: Read, ids: readonly string[]) {
  if (ids.length === 0) return [];
  return await read.selectFrom('passkeys').select(['id', 'transports']).where('id', 'in', ids).execute();
}
