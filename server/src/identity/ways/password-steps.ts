import { z } from 'zod';
import { Fault } from '@postern/shared/protocol/errors';
import type { Role } from '@postern/shared/protocol/admin';
import { type Instant, second } from '@postern/shared/time';
import type { AuditEvent } from '../../audit/event.ts';
import { afterFailure, checkCode, readFactors } from '../../step-up/index.ts';
import { type Change, updateOne } from '../../storage/change.ts';
import { ConflictError } from '../../storage/store.ts';
import type { PasswordHashes } from '../passwords/hash.ts';
import { mayStandAlone } from '../passwords/passwords.ts';
import { rolesOf } from '../roles.ts';
import type { Browser } from '../sessions/browser.ts';
import { openSession } from '../sessions/open-session.ts';
import { beginSignIn, readSignIn, sameWork, spendSignIn } from './pending.ts';
import { refusalsLately, refusedEvent } from './refuse-sign-in.ts';
import type { WayDeps } from './way.ts';

/** Somebody is signed in; or they are to show one thing more, in the browser that gets this cookie. */
export type Entered =
  | { session: string; personId: string }
  | { ways: ('code' | 'passkey')[]; expiresAt: Instant; cookie: string };

/** More than a row of failures: whoever guesses many at once ends locked, not waiting. */
const maxAttempts = 12;
const mostRefusals = 20;
const nobodysId = 'usr_nobody';
const contentSchema = z.strictObject({});

type PasswordDeps = WayDeps & { hashes: PasswordHashes };

/**
 * The first step. Whether somebody is unknown, has no password, is locked, has left or was wrong is one answer, and costs the
 * same: a look, a hash, a look, a write. Wrong ones are counted one after the other, also when they come at the same instant.
 *
 * @throws Fault sign_in_refused, sign_in_factor_missing, unavailable
 */
export async function enterPassword(
  deps: PasswordDeps,
  { email, password }: { email: string; password: string },
  browser: Browser,
  now: Instant,
): Promise<Entered> {
  // Once for each hash: who is tried by many at the same instant must not be told by how long that takes.
  const verdicts = new Map<string, boolean>();
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const known = await readKnown(deps, email);
    const hash = known?.hash ?? (await deps.hashes.nobodys());
    const isRight = verdicts.get(hash) ?? (await deps.hashes.matches(password, hash));
    verdicts.set(hash, isRight);
    const isLocked = known !== undefined && known.locked_until > now;
    const lately = await refusalsLately(deps, known?.id ?? nobodysId, now);
    try {
      if (known !== undefined && isRight && !isLocked && known.active === 1 && deps.config.signIn.passwords)
        return await goOn(deps, known, password, browser, now);
      const refused = known === undefined ? undefined : wrong(known, { isLocked, lately }, now);
      await deps.store.commit({ changes: refused?.changes ?? sameWork(deps, now), audit: refused?.audit ?? [] });
      throw new Fault('sign_in_refused');
    } catch (error) {
      // Another try was counted, or went through, since this one was looked at.
      if (!(error instanceof ConflictError)) throw error;
    }
  }
  throw new Fault('sign_in_refused');
}

/**
 * The second step: a code of the authenticator app of whoever entered the password in this browser.
 *
 * @throws Fault sign_in_lost, step_up_invalid, step_up_locked, conflict
 */
export async function enterCode(deps: WayDeps, code: string, browser: Browser, now: Instant): Promise<Entered> {
  const { row } = await readSignIn(deps, browser, 'password', contentSchema, now);
  const personId = row.person_id;
  if (personId === null || !(await isActive(deps, personId))) throw new Fault('sign_in_lost');
  const readApp = async () => (await readFactors(deps.store, personId)).app;
  const { spend } = await checkCode(deps, readApp, { code, personId, purpose: 'sign-in' }, now);
  const of = { personId, method: 'password', authenticatedAt: now, by: { second: 'code' } } as const;
  const { session, unit } = await openSession(deps, of, browser, now);
  try {
    await deps.store.commit({ changes: [spendSignIn(row, now), spend(), ...unit.changes], audit: unit.audit });
  } catch (error) {
    throw error instanceof ConflictError ? new Fault('sign_in_lost') : error;
  }
  return { session, personId };
}

interface Known {
  id: string;
  active: number;
  roles: Role[];
  hash: string;
  failures: number;
  locked_until: number;
}

async function readKnown({ store }: WayDeps, email: string): Promise<Known | undefined> {
  const row = await store.read
    .selectFrom('users')
    .innerJoin('passwords', 'passwords.person_id', 'users.id')
    .select([
      'users.id',
      'users.active',
      'users.roles',
      'passwords.hash',
      'passwords.failures',
      'passwords.locked_until',
    ])
    .where('users.email', '=', email.trim().toLowerCase())
    .executeTakeFirst();
  return row === undefined ? undefined : { ...row, roles: rolesOf(row) };
}

async function isActive({ store }: WayDeps, personId: string): Promise<boolean> {
  const row = await store.read.selectFrom('users').select('active').where('id', '=', personId).executeTakeFirst();
  return row?.active === 1;
}

/** The password was right: who has a factor shows it, and who should have one and has none is told so. */
async function goOn(
  deps: PasswordDeps,
  known: Known,
  password: string,
  browser: Browser,
  now: Instant,
): Promise<Entered> {
  const { passkeys, app } = await readFactors(deps.store, known.id);
  const asRead = { person_id: known.id, hash: known.hash, failures: known.failures, locked_until: known.locked_until };
  // A hash with other costs is made anew while the password is at hand.
  const hash = deps.hashes.isOutdated(known.hash) ? await deps.hashes.hash(password) : known.hash;
  const counted = updateOne('passwords', asRead, { hash, failures: 0, locked_until: 0 });
  const ways = [...(app === null ? [] : ['code' as const]), ...(passkeys.length === 0 ? [] : ['passkey' as const])];
  if (ways.length > 0) {
    const begun = await beginSignIn(deps, { kind: 'password', personId: known.id, content: {} }, now);
    await deps.store.commit({ changes: [counted, ...begun.changes], audit: [] });
    return { ways, expiresAt: begun.expiresAt, cookie: begun.cookie };
  }
  if (!mayStandAlone(deps.config, known.roles)) {
    const code = 'sign_in_factor_missing';
    const audit = [refusedEvent({ personId: known.id, by: 'password', code }, now)];
    await deps.store.commit({ changes: [counted], audit });
    throw new Fault(code);
  }
  const of = { personId: known.id, method: 'password', authenticatedAt: now } as const;
  const { session, unit } = await openSession(deps, of, browser, now);
  await deps.store.commit({ changes: [counted, ...unit.changes], audit: unit.audit });
  return { session, personId: known.id };
}

/** Counts a wrong password. While it is locked nothing is counted: it would keep people out for as long as somebody tries. */
function wrong(
  known: Known,
  { isLocked, lately }: { isLocked: boolean; lately: number },
  now: Instant,
): { changes: Change[] | undefined; audit: AuditEvent[] } {
  const { id, hash, failures, locked_until } = known;
  const refused = (cause: string) =>
    refusedEvent({ personId: id, by: 'password', code: 'sign_in_refused', cause }, now);
  const written = (event: AuditEvent) => (lately < mostRefusals ? [event] : []);
  if (isLocked || known.active !== 1)
    return { changes: undefined, audit: written(refused(isLocked ? 'locked' : 'inactive')) };
  const after = afterFailure({ failures, lockedUntil: locked_until }, now);
  const counted = updateOne(
    'passwords',
    { person_id: id, hash, failures, locked_until },
    { failures: after.failures, locked_until: after.lockedUntil },
  );
  const locks = after.lockedUntil > now ? [lockedEvent(id, after.lockedUntil, now)] : [];
  return { changes: [counted], audit: [...written(refused('password')), ...locks] };
}

/** Told to its person alone: to whoever tries it looks as before. */
function lockedEvent(personId: string, until: Instant, now: Instant): AuditEvent {
  return {
    at: now,
    type: 'person.sign-in-locked',
    outcome: 'failure',
    actor: { kind: 'anonymous', id: null },
    subject: { kind: 'person', id: personId },
    data: { by: 'password', seconds: Math.ceil((until - now) / second) },
  };
}
