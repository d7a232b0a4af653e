import { sha256 } from '@postern/shared/digest';
import { type Id, toId } from '@postern/shared/ids';
import { Fault } from '@postern/shared/protocol/errors';
import { type Instant, toTimestamp, toTimestampOrNull } from '@postern/shared/time';
import type { Actor } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { insert, updateOne } from '../storage/change.ts';
import { ConflictError } from '../storage/store.ts';

/** What an admin API token begins with, so that scanners for leaked secrets can find it. */
export const apiTokenPrefix = 'postern_admin_';

/**
 * Makes an admin API token for a person: whoever holds it acts as that person, with their roles at the
 * time of each call. The secret is returned once; the backend keeps its hash.
 *
 * @param wish.authenticatedAt when whoever makes it last proved who they are: a token that a token made is no fresher than that
 */
export async function createApiToken(
  deps: Pick<Deps, 'store' | 'random'>,
  wish: { userId: string; label: string; lifeMs: number; authenticatedAt?: Instant },
  actor: Actor,
  now: Instant,
) {
  const token = `${apiTokenPrefix}${deps.random.secret()}`;
  const id = toId('adminToken', deps.random.uuid());
  const expiresAt = now + wish.lifeMs;
  await deps.store.commit({
    changes: [
      insert('api_tokens', {
        id,
        hash: sha256(token),
        user_id: wish.userId,
        label: wish.label,
        created_at: now,
        expires_at: expiresAt,
        revoked_at: null,
        authenticated_at: wish.authenticatedAt ?? now,
      }),
    ],
    audit: [
      {
        at: now,
        type: 'api-token.created',
        outcome: 'success',
        actor,
        subject: { kind: 'person', id: wish.userId },
        data: { token: id, expiresAt },
      },
    ],
  });
  return { id, token, expiresAt: toTimestamp(expiresAt) };
}

/** The API tokens of a person, newest first, also those that are good no more: what there was is part of the answer. */
export async function listApiTokens({ store }: Pick<Deps, 'store'>, userId: string) {
  const rows = await store.read
    .selectFrom('api_tokens')
    .select(['id', 'label', 'created_at', 'expires_at', 'revoked_at'])
    .where('user_id', '=', userId)
    .orderBy('id', 'desc')
    .execute();
  return rows.map((row) => ({
    id: row.id as Id<'adminToken'>,
    label: row.label,
    createdAt: toTimestamp(row.created_at),
    expiresAt: toTimestamp(row.expires_at),
    revokedAt: toTimestampOrNull(row.revoked_at),
  }));
}

/** Ends an API token. One that was revoked before stays as it was. Throws Fault not_found. */
export async function revokeApiToken(
  { store }: Pick<Deps, 'store'>,
  token: { id: string; userId: string },
  actor: Actor,
  now: Instant,
): Promise<void> {
  const { id, userId } = token;
  const row = await store.read
    .selectFrom('api_tokens')
    .select('revoked_at')
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  if (row === undefined) throw new Fault('not_found');
  if (row.revoked_at !== null) return;
  try {
    await store.commit({
      changes: [updateOne('api_tokens', { id, revoked_at: null }, { revoked_at: now })],
      audit: [
        {
          at: now,
          type: 'api-token.revoked',
          outcome: 'success',
          actor,
          subject: { kind: 'person', id: userId },
          data: { token: id },
        },
      ],
    });
  } catch (error) {
    // Somebody else revoked it at the same moment.
    if (!(error instanceof ConflictError)) throw error;
  }
}
