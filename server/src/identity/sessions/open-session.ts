import { sha256 } from '@postern/shared/digest';
import type { SignInMethod } from '@postern/shared/protocol/sign-in';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import type { AuditEvent } from '../../audit/event.ts';
import { insert, updateAny } from '../../storage/change.ts';
import type { Unit } from '../../storage/store.ts';
import { type Browser, userAgentOf } from './browser.ts';
import { sessionOf } from './session-cookie.ts';

interface NewSession {
  /** What the browser keeps in its cookie. */
  session: string;
  unit: Unit;
}

/**
 * A session for somebody who has just shown who they are, always under a name that nobody knew before (fixation). A session
 * that the browser brought along ends with it, whoever's it was: one browser, one person.
 *
 * @param of.authenticatedAt when they showed it, as far as it proves anything
 * @param of.by further facts for the record: a provider, a passkey
 */
export async function openSession(
  { store, random, config }: Pick<Deps, 'store' | 'random' | 'config'>,
  of: { personId: string; method: SignInMethod; authenticatedAt: Instant; by?: AuditEvent['data'] },
  browser: Browser,
  now: Instant,
): Promise<NewSession> {
  const { personId, method, authenticatedAt } = of;
  const session = random.secret();
  const person = { kind: 'person', id: personId } as const;
  const { lifeMs, idleMs } = config.session;
  const brought = await broughtAlong({ store, config }, browser, now);
  return {
    session,
    unit: {
      changes: [
        insert('sessions', {
          hash: sha256(session),
          user_id: personId,
          created_at: now,
          expires_at: now + Math.min(lifeMs, idleMs),
          ended_at: null,
          authenticated_at: Math.min(now, authenticatedAt),
          method,
          user_agent: userAgentOf(browser),
          remote_address: browser.remoteAddress,
        }),
        ...(brought === undefined
          ? []
          : [updateAny('sessions', { hash: brought.hash, ended_at: null }, { ended_at: now })]),
      ],
      audit: [
        ...(brought === undefined ? [] : [replaced(brought.user_id, now)]),
        {
          at: now,
          type: 'person.signed-in',
          outcome: 'success',
          actor: person,
          subject: person,
          data: { by: method, ...of.by },
        },
      ],
    },
  };
}

async function broughtAlong({ store, config }: Pick<Deps, 'store' | 'config'>, { header }: Browser, now: Instant) {
  const before = sessionOf(config.issuer, header('cookie'));
  if (before === undefined) return undefined;
  return await store.read
    .selectFrom('sessions')
    .select(['hash', 'user_id'])
    .where('hash', '=', sha256(before))
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst();
}

function replaced(personId: string, now: Instant): AuditEvent {
  const person = { kind: 'person', id: personId } as const;
  return {
    at: now,
    type: 'person.signed-out',
    outcome: 'success',
    actor: person,
    subject: person,
    data: { cause: 'signed-in-again' },
  };
}
