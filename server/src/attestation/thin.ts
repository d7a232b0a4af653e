import type { Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { deleteAny } from '../storage/change.ts';

const batch = 500;

/**
 * Removes the signed text of attestations older than `keepAttestationsMs`, except the newest of each device: that
 * one backs what is believed of the device now. Hashes and verdicts stay.
 *
 * @returns how many were removed
 */
export async function thinAttestations(
  { store, config }: Pick<Deps, 'store' | 'config'>,
  now: Instant,
): Promise<number> {
  let removed = 0;
  for (;;) {
    const rows = await store.read
      .selectFrom('attestation_documents as old')
      .select(['old.device_id', 'old.seq'])
      .where('old.received_at', '<=', now - config.keepAttestationsMs)
      .where((where) =>
        where.exists(
          where
            .selectFrom('attestation_documents as newer')
            .select('newer.seq')
            .whereRef('newer.device_id', '=', 'old.device_id')
            .whereRef('newer.seq', '>', 'old.seq'),
        ),
      )
      .limit(batch)
      .execute();
    if (rows.length === 0) return removed;
    await store.commit({
      changes: rows.map(({ device_id, seq }) => deleteAny('attestation_documents', { device_id, seq })),
      audit: [],
    });
    removed += rows.length;
  }
}
