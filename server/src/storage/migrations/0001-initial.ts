import { type Kysely, sql } from 'kysely';
import { systemRandom } from '../../random.ts';
import { audit } from './0001-initial/audit.ts';
import { devices } from './0001-initial/devices.ts';
import { enrollment } from './0001-initial/enrollment.ts';
import { people } from './0001-initial/people.ts';
import { policyAndExceptions } from './0001-initial/policy-and-exceptions.ts';
import { tokens } from './0001-initial/tokens.ts';
import type { StoreKind } from './define-table.ts';

/**
 * All tables of database.ts. Words are spelt out here and not imported: a migration stays what it was when
 * later versions of the program know more words.
 *
 * `attestations` and `access_tokens` have no foreign key to `devices`, on purpose: they grow with every
 * request, each is written together with a guarded change or a fresh read of its device, devices are never deleted, and
 * PostgreSQL would rewrite the device's row to lock it for every one of them.
 */
export async function up(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  await people(db, kind);
  await enrollment(db, kind);
  await devices(db, kind);
  await policyAndExceptions(db, kind);
  await tokens(db, kind);
  await audit(db, kind);
  await sql`insert into meta (key, value) values ('policy_epoch', '0'), ('chain_id', ${systemRandom.secret()})`.execute(
    db,
  );
}
