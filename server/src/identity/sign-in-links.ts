import { sha256 } from '@postern/shared/digest';
import { Fault } from '@postern/shared/protocol/errors';
import { type Instant, minute, toTimestamp } from '@postern/shared/time';
import type { Actor } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { insert, updateOne } from '../storage/change.ts';
import { ConflictError } from '../storage/store.ts';
import type { Browser } from './sessions/browser.ts';
import { openSession } from './sessions/open-session.ts';
import { refuseSignIn } from './ways/refuse-sign-in.ts';

const linkLifeMs = 30 * minute;

type SignInDeps = Pick<Deps, 'store' | 'random' | 'config'>;

/**
 * Makes a link that signs its person in once. The secret stands in the fragment: browsers keep that
 * from servers, proxies and Referer headers, so it appears in no log.
 *
 * @param authenticatedAt when whoever makes it last proved who they are: the session is no fresher. Left out for the command
 *   line of the server, where using the link is the proof
 */
export async function createSignInLink(
  deps: SignInDeps,
  userId: string,
  actor: Actor,
  now: Instant,
  authenticatedAt?: Instant,
) {
  const code = deps.random.secret();
  const expiresAt = now + linkLifeMs;
  await deps.store.commit({
    changes: [
      insert('sign_in_links', {
        hash: sha256(code),
        user_id: userId,
        created_at: now,
        expires_at: expiresAt,
        used_at: null,
        authenticated_at: authenticatedAt ?? expiresAt,
      }),
    ],
    audit: [
      {
        at: now,
        type: 'sign-in-link.created',
        outcome: 'success',
        actor,
        subject: { kind: 'person', id: userId },
        data: { expiresAt },
      },
    ],
  });
  return { link: `${deps.config.issuer}/console/#sign-in=${code}`, expiresAt: toTimestamp(expiresAt) };
}

/**
 * Spends a link and opens a session. Throws sign_in_link_invalid, the same for wrong, used and too old; that one of
 * ours came too late or again is recorded, a guess is not: anybody could fill the record with those.
 */
export async function signInByLink(
  deps: SignInDeps,
  code: string,
  browser: Browser,
  now: Instant,
): Promise<{ session: string; userId: string }> {
  const link = await deps.store.read
    .selectFrom('sign_in_links')
    .innerJoin('users', 'users.id', 'sign_in_links.user_id')
    .select([
      'sign_in_links.hash',
      'sign_in_links.user_id',
      'sign_in_links.expires_at',
      'sign_in_links.used_at',
      'sign_in_links.authenticated_at',
      'users.active',
    ])
    .where('sign_in_links.hash', '=', sha256(code))
    .executeTakeFirst();
  if (link === undefined) throw new Fault('sign_in_link_invalid');
  if (link.used_at !== null || now >= link.expires_at || link.active !== 1)
    throw await refuseLink(deps, link.user_id, now);
  const { session, unit } = await openSession(
    deps,
    { personId: link.user_id, method: 'sign-in-link', authenticatedAt: link.authenticated_at },
    browser,
    now,
  );
  try {
    await deps.store.commit({
      changes: [updateOne('sign_in_links', { hash: link.hash, used_at: null }, { used_at: now }), ...unit.changes],
      audit: unit.audit,
    });
  } catch (error) {
    if (error instanceof ConflictError) throw await refuseLink(deps, link.user_id, now);
    throw error;
  }
  return { session, userId: link.user_id };
}

function refuseLink(deps: SignInDeps, personId: string, now: Instant): Promise<Fault> {
  return refuseSignIn(deps, { personId, by: 'sign-in-link', code: 'sign_in_link_invalid' }, now);
}
