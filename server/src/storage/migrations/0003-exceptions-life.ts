import type { Kysely } from 'kysely';
import { checkpoints } from './0003-exceptions-life/checkpoints.ts';
import { exceptions } from './0003-exceptions-life/exceptions.ts';
import { notifications } from './0003-exceptions-life/notifications.ts';
import { reviews } from './0003-exceptions-life/reviews.ts';
import { stepUp } from './0003-exceptions-life/step-up.ts';
import type { StoreKind } from './define-table.ts';

/**
 * Temporary access, templates, stages and risk of exceptions; second factors; reviews and flags of abuse; webhooks, mail
 * and notices; checkpoints of the audit. Words are spelt out, as in 0001.
 */
export async function up(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  await exceptions(db, kind);
  await stepUp(db, kind);
  await reviews(db, kind);
  await notifications(db, kind);
  await checkpoints(db, kind);
}
