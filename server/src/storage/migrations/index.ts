import type { Migration } from 'kysely/migration';
import type { StoreKind } from './define-table.ts';
import * as initial from './0001-initial.ts';
import * as policyLife from './0002-policy-life.ts';
import * as exceptionsLife from './0003-exceptions-life.ts';
import * as tokensAndSignals from './0004-tokens-and-signals.ts';
import * as console from './0005-console.ts';

/** All migrations by name, in order. A list and not a folder that is read: what runs is what was reviewed. */
export function migrationsFor(kind: StoreKind): Record<string, Migration> {
  return {
    '0001-initial': { up: (db) => initial.up(db, kind) },
    '0002-policy-life': { up: (db) => policyLife.up(db, kind) },
    '0003-exceptions-life': { up: (db) => exceptionsLife.up(db, kind) },
    '0004-tokens-and-signals': { up: (db) => tokensAndSignals.up(db, kind) },
    '0005-console': { up: (db) => console.up(db, kind) },
  };
}

/** Name of the newest migration: the version of the schema. */
export const schemaVersion = '0005-console';
