import { sha256 } from '@postern/shared/digest';
import { toId } from '@postern/shared/ids';
import { type Instant, toTimestamp } from '@postern/shared/time';
import type { Actor } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { insert } from '../storage/change.ts';

/** What an admin API token begins with, so that scanners for leaked secrets can find it. */
export const apiTokenPrefix = 'postern_admin_';

/**
 * Makes an admin API token for a person: whoever holds it acts as that person, with their roles at the
 * time of each call. The secret is returned once; the backend keeps its hash.
 */
export async function createApiToken(
  deps: Pick<Deps, 'store' | 'random'>,
  wish: { userId: string; label: string; lifeMs: number },
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
