import type { Kysely } from 'kysely';
import { sha256 } from '@postern/shared/digest';
import { type Id, toId } from '@postern/shared/ids';
import type { Ownership } from '@postern/shared/protocol/enrollment';
import { Fault } from '@postern/shared/protocol/errors';
import { day, type Instant, toTimestamp } from '@postern/shared/time';
import type { Actor } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { insert, updateOne } from '../storage/change.ts';
import type { Database } from '../storage/database.ts';
import { ConflictError } from '../storage/store.ts';

type TokenRow = Database['enrollment_tokens'];

export interface EnrollmentTokenWish {
  ownerId: string;
  lifeMs: number;
  uses: number;
  /** The device starts pending and waits for an admin. */
  pending: boolean;
  /** Whose machine it will be. */
  ownership: Ownership;
}

const longestLifeMs = 90 * day;
/** Tells people and secret scanners what it is. */
const tokenPrefix = 'pet_';

/**
 * Makes an enrollment token. The secret is in the answer and nowhere else: stored is its hash.
 *
 * @param by who makes it: a person, or the system for the command line
 * @throws Fault malformed_request when there is no such active person, or the life is out of bounds
 */
export async function createEnrollmentToken(
  deps: Pick<Deps, 'store' | 'random'>,
  wish: EnrollmentTokenWish,
  by: Actor,
  now: Instant,
): Promise<{ row: TokenRow; token: string; ownerName: string }> {
  if (wish.lifeMs <= 0 || wish.lifeMs > longestLifeMs) {
    throw new Fault('malformed_request', {
      details: [{ path: 'body.life', message: 'must be more than 0 and at most 90d' }],
    });
  }
  const owner = await deps.store.read
    .selectFrom('users')
    .select(['id', 'name'])
    .where('id', '=', wish.ownerId)
    .where('active', '=', 1)
    .executeTakeFirst();
  if (owner === undefined) {
    throw new Fault('malformed_request', { details: [{ path: 'body.owner', message: 'must be an active person' }] });
  }
  const token = tokenPrefix + deps.random.secret();
  const row: TokenRow = {
    id: toId('enrollmentToken', deps.random.uuid()),
    hash: sha256(token),
    owner_id: wish.ownerId,
    uses_left: wish.uses,
    pending: wish.pending ? 1 : 0,
    created_by: by.id ?? by.kind,
    created_at: now,
    expires_at: now + wish.lifeMs,
    revoked_at: null,
    ownership: wish.ownership,
  };
  await deps.store.commit({
    changes: [insert('enrollment_tokens', row)],
    audit: [
      {
        at: now,
        type: 'enrollment-token.created',
        outcome: 'success',
        actor: by,
        subject: { kind: 'enrollment-token', id: row.id },
        data: { owner: wish.ownerId, uses: wish.uses, pending: wish.pending, expiresAt: toTimestamp(row.expires_at) },
      },
    ],
  });
  return { row, token, ownerName: owner.name };
}

/** Revokes a token at once; revoking it again changes nothing. Throws not_found. */
export async function revokeEnrollmentToken(
  deps: Pick<Deps, 'store'>,
  id: string,
  by: Actor,
  now: Instant,
): Promise<void> {
  const row = await deps.store.read.selectFrom('enrollment_tokens').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new Fault('not_found');
  if (row.revoked_at !== null) return;
  try {
    await deps.store.commit({
      changes: [updateOne('enrollment_tokens', { id, revoked_at: null }, { revoked_at: now })],
      audit: [
        {
          at: now,
          type: 'enrollment-token.revoked',
          outcome: 'success',
          actor: by,
          subject: { kind: 'enrollment-token', id },
          data: { owner: row.owner_id, usesLeft: row.uses_left },
        },
      ],
    });
  } catch (error) {
    // Somebody else revoked it at the same moment: that is what was asked for.
    if (!(error instanceof ConflictError)) throw error;
  }
}

/** Tokens, newest first; `after` is the last id of the page before. */
export async function listEnrollmentTokens(
  read: Kysely<Database>,
  page: { limit: number; after?: string | undefined },
) {
  let query = read
    .selectFrom('enrollment_tokens')
    .innerJoin('users', 'users.id', 'enrollment_tokens.owner_id')
    .selectAll('enrollment_tokens')
    .select('users.name as owner_name')
    .orderBy('enrollment_tokens.id', 'desc')
    .limit(page.limit + 1);
  if (page.after !== undefined) query = query.where('enrollment_tokens.id', '<', page.after);
  const rows = await query.execute();
  const items = rows.slice(0, page.limit);
  return {
    items: items.map((row) => enrollmentTokenView(row, row.owner_name)),
    next: rows.length > page.limit ? (items.at(-1)?.id ?? null) : null,
  };
}

export function enrollmentTokenView(row: TokenRow, ownerName: string) {
  return {
    id: row.id as Id<'enrollmentToken'>,
    owner: row.owner_id as Id<'user'>,
    ownerName,
    ownership: row.ownership as Ownership,
    pending: row.pending === 1,
    usesLeft: row.uses_left,
    createdAt: toTimestamp(row.created_at),
    expiresAt: toTimestamp(row.expires_at),
    revoked: row.revoked_at !== null,
  };
}
