import type { TableName } from '../database.ts';
import { schemaVersion } from '../migrations/index.ts';
import { type AnyColumnKind, tableNames, tableOf } from '../tables.ts';
import type { BackupRow } from './format.ts';

type Value = BackupRow[number];

/** What came after a schema, with what the migrations put into rows that were there before. */
interface Later {
  tables: readonly TableName[];
  columns: { readonly [T in TableName]?: Readonly<Record<string, (row: Readonly<Record<string, Value>>) => Value>> };
}

const always = (value: Value) => () => value;
const asMade = { authenticated_at: (row: Readonly<Record<string, Value>>) => row['created_at'] ?? null };
const ofNobody = { ownership: always('unknown') };

const exceptionsLifeTables = [
  'exception_templates',
  'template_proposals',
  'exception_views',
  'audit_checkpoints',
  'audit_tiles',
  'passkeys',
  'authenticator_apps',
  'step_ups',
  'reviews',
  'abuse_flags',
  'webhooks',
  'deliveries',
  'notices',
] as const satisfies TableName[];

const newPerson = { manager_id: always(null), notify: always('{}') };

/** What 0003 adds to rows of both schemas before it. */
const exceptionsLifeColumns = {
  resources: { access: always(null) },
  access_tokens: { grant_id: always(null), for_person: always(0) },
  exceptions: {
    role: always(null),
    template: always(null),
    template_version: always(null),
    reason_code: always(null),
    set_id: always(null),
    emergency: always(0),
    starts_at: always(null),
    begins_at: (row: Readonly<Record<string, Value>>) => row['approved_at'] ?? null,
    plan: always('{}'),
    requested_authn: always(null),
    reminded_ms: always(null),
  },
  exception_decisions: { authn: always(null), channel: always('api') },
};

const tokensAndSignalsTables = ['ssf_streams', 'ssf_events', 'device_trust'] as const satisfies TableName[];

/** What 0004 adds to rows of all schemas before it. */
const tokensAndSignalsColumns = {
  signing_keys: { use: always('access-token') },
  device_codes: { device_id: always(null), resource: always(null), authenticated_at: always(null) },
};

const consoleTables = [
  'passwords',
  'external_identities',
  'sign_ins',
  'saved_views',
  'fleet_days',
] as const satisfies TableName[];

const newSession = { method: always('sign-in-link'), user_agent: always(null), remote_address: always(null) };

/** What 0005 adds to rows of all schemas before it. */
const consoleColumns = { sessions: newSession };

/** A backup is kept for longer than a version of the program is. Adding a migration is adding what it adds to each of these. */
const later: Readonly<Record<string, Later>> = {
  [schemaVersion]: { tables: [], columns: {} },
  '0004-tokens-and-signals': {
    tables: consoleTables,
    columns: { ...consoleColumns, device_trust: { posture: always(null) } },
  },
  '0003-exceptions-life': {
    tables: [...tokensAndSignalsTables, ...consoleTables],
    columns: { ...tokensAndSignalsColumns, ...consoleColumns, access_tokens: { for_person: always(0) } },
  },
  '0002-policy-life': {
    tables: [...exceptionsLifeTables, ...tokensAndSignalsTables, ...consoleTables],
    columns: { ...exceptionsLifeColumns, ...tokensAndSignalsColumns, ...consoleColumns, users: newPerson },
  },
  '0001-initial': {
    tables: [
      'policy_drafts',
      'policy_replays',
      'policy_replay_devices',
      'resources',
      'release_feeds',
      'check_flips',
      'brakes',
      ...exceptionsLifeTables,
      ...tokensAndSignalsTables,
      ...consoleTables,
    ],
    columns: {
      ...exceptionsLifeColumns,
      ...tokensAndSignalsColumns,
      users: { groups: always('[]'), ...newPerson },
      sessions: { ...asMade, ...newSession },
      api_tokens: asMade,
      sign_in_links: asMade,
      devices: ofNobody,
      enrollment_tokens: ofNobody,
      enrollments: ofNobody,
      postures: { flips: always('{}'), os_build: always(null) },
      policies: {
        drafted_by: always(null),
        approved_by: always(null),
        note: always(null),
        enforcement: always('enforce'),
      },
    },
  },
};

/** The tables of a schema, and how its rows become those of today. */
export interface Shape {
  tables: readonly TableName[];
  columnsOf(table: TableName): ReadonlyMap<string, AnyColumnKind>;
  /** Of a row that was held to its columns before. */
  current(table: TableName, row: BackupRow): BackupRow;
}

/** Undefined: this program does not know the schema; it is that of a newer one. */
export function shapeOf(schema: string): Shape | undefined {
  const added = Object.hasOwn(later, schema) ? later[schema] : undefined;
  if (added === undefined) return undefined;
  const tables = tableNames.filter((name) => !added.tables.includes(name));
  const columns = new Map(
    tables.map((table) => {
      const kinds = Object.entries(tableOf(table).columns);
      return [table, new Map(kinds.filter(([column]) => added.columns[table]?.[column] === undefined))];
    }),
  );
  const columnsOf = (table: TableName) => columns.get(table) ?? new Map();
  return {
    tables,
    columnsOf,
    current(table, row) {
      const fillings = added.columns[table];
      if (fillings === undefined) return row;
      const known = Object.fromEntries(
        [...columnsOf(table).keys()].map((column, index) => [column, row[index] ?? null]),
      );
      return Object.keys(tableOf(table).columns).map((column) => fillings[column]?.(known) ?? known[column] ?? null);
    },
  };
}
