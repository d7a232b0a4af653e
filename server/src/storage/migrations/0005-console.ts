import type { Kysely } from 'kysely';
import { audit } from './0005-console/audit.ts';
import { fleet } from './0005-console/fleet.ts';
import { names } from './0005-console/names.ts';
import { quarantine } from './0005-console/quarantine.ts';
import { signIn } from './0005-console/sign-in.ts';
import { views } from './0005-console/views.ts';
import type { StoreKind } from './define-table.ts';

/** Ways to sign in, what a person keeps in the console, and what lists and trends of the fleet are read from. Words are spelt out, as in 0001. */
export async function up(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  await signIn(db, kind);
  await views(db, kind);
  await fleet(db, kind);
  await quarantine(db);
  await names(db);
  await audit(db);
}
