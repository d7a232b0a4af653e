import { z } from 'zod';
import { sha256 } from '@postern/shared/digest';
import { Fault } from '@postern/shared/protocol/errors';
import { type Instant, minute } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import { createSeal } from '../../sealed.ts';
import { type Change, deleteAny, insert, updateOne } from '../../storage/change.ts';
import type { Database } from '../../storage/database.ts';
import type { Browser } from '../sessions/browser.ts';
import { cookieOf, setCookie } from '../sessions/cookies.ts';

type SignInRow = Database['sign_ins'];

const cookieName = 'postern-sign-in';
const sealedFor = 'sign-ins';
const lifeMs = 10 * minute;

interface Begun {
  expiresAt: Instant;
  /** Ties it to the browser that began it. */
  cookie: string;
  changes: Change[];
}

/** A sign-in that is under way in this browser, and what it was begun with. */
export interface Pending<Content> {
  row: SignInRow;
  content: Content;
}

/** Begins a sign-in that takes more than one step. What must not be seen on the way is sealed, and bound to its row. */
export async function beginSignIn(
  { config, random }: Pick<Deps, 'config' | 'random'>,
  of: { kind: SignInRow['kind']; personId?: string; provider?: string; returnTo?: string; content: object },
  now: Instant,
): Promise<Begun> {
  const secret = random.secret();
  const hash = sha256(secret);
  const expiresAt = now + lifeMs;
  const sealed = await createSeal(config.masterSecret, sealedFor).seal({ hash, content: of.content });
  return {
    expiresAt,
    cookie: setCookie(config.issuer, cookieName, secret, lifeMs),
    changes: [
      deleteAny('sign_ins', { expires_at: { lte: now } }),
      insert('sign_ins', {
        hash,
        kind: of.kind,
        person_id: of.personId ?? null,
        provider: of.provider ?? null,
        sealed,
        return_to: of.returnTo ?? null,
        created_at: now,
        expires_at: expiresAt,
        used_at: null,
      }),
    ],
  };
}

/**
 * The sign-in that this browser began, of one kind and not yet used.
 *
 * @throws Fault sign_in_lost
 */
export async function readSignIn<Content>(
  { store, config }: Pick<Deps, 'store' | 'config'>,
  browser: Browser,
  kind: SignInRow['kind'],
  schema: z.ZodType<Content>,
  now: Instant,
): Promise<Pending<Content>> {
  const secret = cookieOf(config.issuer, cookieName, browser.header('cookie'));
  if (secret === undefined) throw new Fault('sign_in_lost');
  const row = await store.read
    .selectFrom('sign_ins')
    .selectAll()
    .where('hash', '=', sha256(secret))
    .where('kind', '=', kind)
    .executeTakeFirst();
  if (row === undefined || row.sealed === null || row.used_at !== null || now >= row.expires_at)
    throw new Fault('sign_in_lost');
  // Unreadable after the master secret was changed: whoever it was begins again.
  const content: unknown = await createSeal(config.masterSecret, sealedFor)
    .open(row.sealed)
    .catch(() => undefined);
  const opened = z.strictObject({ hash: z.literal(row.hash), content: schema }).safeParse(content);
  if (!opened.success) throw new Fault('sign_in_lost');
  return { row, content: opened.data.content };
}

/** Guards: nobody has gone on with it. */
export function spendSignIn({ hash }: SignInRow, now: Instant): Change {
  return updateOne('sign_ins', { hash, used_at: null, expires_at: { gt: now } }, { used_at: now });
}

/**
 * A row that is over as it is made. Whoever is unknown costs the same as whoever is known and wrong: a look, a hash, a write.
 */
export function sameWork({ random }: Pick<Deps, 'random'>, now: Instant): Change[] {
  const over = { created_at: now, expires_at: now, used_at: now };
  const nobody = { person_id: null, provider: null, sealed: null, return_to: null };
  return [
    deleteAny('sign_ins', { expires_at: { lte: now } }),
    insert('sign_ins', { hash: sha256(random.secret()), kind: 'password', ...nobody, ...over }),
  ];
}
