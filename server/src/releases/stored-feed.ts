import type { Store } from '../storage/store.ts';

/** The newest imported feed, with the epoch that the next import is guarded by. */
export async function readStoredFeed({ read }: Pick<Store, 'read'>) {
  const row = await read
    .selectFrom('meta')
    .leftJoin('release_feeds', (join) =>
      join.on('release_feeds.sequence', '=', (select) =>
        select
          .selectFrom('release_feeds as newest')
          .select((newest) => newest.fn.max('newest.sequence').as('sequence')),
      ),
    )
    .leftJoin('users', 'users.id', 'release_feeds.imported_by')
    .where('meta.key', '=', 'policy_epoch')
    .select(['meta.value as epoch', 'document', 'key_id', 'imported_at', 'imported_by', 'users.name as importer'])
    .executeTakeFirstOrThrow();
  const { epoch, document, imported_at: importedAt } = row;
  return {
    epoch,
    stored:
      document === null || importedAt === null
        ? null
        : { document, keyId: row.key_id, importedAt, importedBy: row.importer ?? row.imported_by ?? '' },
  };
}
