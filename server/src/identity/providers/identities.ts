import { toTimestamp } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';

/** Whom providers know somebody as. */
export async function identitiesOf({ store, config }: Pick<Deps, 'store' | 'config'>, personId: string) {
  const rows = await store.read
    .selectFrom('external_identities')
    .selectAll()
    .where('person_id', '=', personId)
    .orderBy('created_at')
    .execute();
  return rows.map((row) => ({
    issuer: row.issuer,
    title: config.signIn.providers.find(({ issuer }) => issuer === row.issuer)?.title ?? null,
    email: row.email,
    createdAt: toTimestamp(row.created_at),
    usedAt: toTimestamp(row.used_at),
  }));
}
