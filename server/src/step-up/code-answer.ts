import { Fault } from '@postern/shared/protocol/errors';
import { type Instant, second } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { type Change, updateOne } from '../storage/change.ts';
import type { Database } from '../storage/database.ts';
import { ConflictError } from '../storage/store.ts';
import { openAppSecret } from './app-vault.ts';
import { afterFailure } from './lockout.ts';
import { recordRefusal } from './refusals.ts';
import { matchingStep } from './totp.ts';

/** More than a row of failures: whoever guesses many at once ends locked, not waiting. */
const maxAttempts = 12;

type App = Database['authenticator_apps'];

/** A code that was right, and not yet spent. */
interface RightCode {
  app: App;
  /** Spends it: refuses the unit when it was used, or a wrong one was counted, since it was looked at. */
  spend: (set?: Partial<App>) => Change;
}

/**
 * Checks a code of an authenticator app. A wrong one is counted and written down before the answer, so that guesses at the
 * same instant count one after the other.
 *
 * @param read the app that is meant; read again after every conflict
 * @throws Fault step_up_invalid, step_up_locked (with Retry-After), conflict
 */
export async function checkCode(
  { store, config }: Pick<Deps, 'store' | 'config'>,
  read: () => Promise<App | null>,
  { code, personId, purpose }: { code: string; personId: string; purpose: string },
  now: Instant,
): Promise<RightCode> {
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const app = await read();
    if (app === null) throw new Fault('step_up_invalid');
    if (app.locked_until > now) throw locked(app.locked_until, now);
    const secret = await openAppSecret(config, personId, app.secret);
    const step = matchingStep(secret, code, app.last_step, now);
    const asRead = {
      person_id: personId,
      secret: app.secret,
      confirmed_at: app.confirmed_at,
      last_step: app.last_step,
      failures: app.failures,
      locked_until: app.locked_until,
    };
    if (step !== undefined) {
      const spent = { last_step: step, failures: 0, locked_until: 0 };
      return { app, spend: (set = {}) => updateOne('authenticator_apps', asRead, { ...spent, ...set }) };
    }
    const { failures, lockedUntil } = afterFailure({ failures: app.failures, lockedUntil: app.locked_until }, now);
    const counted = updateOne('authenticator_apps', asRead, { failures, locked_until: lockedUntil });
    try {
      await recordRefusal(store, personId, { by: 'code', purpose, failures }, [counted], now);
    } catch (error) {
      if (error instanceof ConflictError) continue;
      throw error;
    }
    throw lockedUntil > now ? locked(lockedUntil, now) : new Fault('step_up_invalid');
  }
  throw new Fault('conflict');
}

function locked(until: Instant, now: Instant): Fault {
  return new Fault('step_up_locked', { headers: { 'Retry-After': String(Math.ceil((until - now) / second)) } });
}
