import { canonicalJson } from '@postern/shared/canonical';
import { sha256 } from '@postern/shared/digest';
import type { StepUpLevel, StepUpWay } from '@postern/shared/protocol/step-up';
import type { ManageAbout } from '@postern/shared/protocol/step-up-subject';
import type { Database } from '../storage/database.ts';
import type { Store } from '../storage/store.ts';

/** What somebody has to show who they are with, beside their sign-in. */
export interface Factors {
  /** Oldest first. */
  passkeys: readonly Database['passkeys'][];
  /** A confirmed one, or null. */
  app: Database['authenticator_apps'] | null;
}

export async function readFactors({ read }: Pick<Store, 'read'>, personId: string): Promise<Factors> {
  const passkeys = await read
    .selectFrom('passkeys')
    .selectAll()
    .where('person_id', '=', personId)
    .where('removed_at', 'is', null)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  const app = await read
    .selectFrom('authenticator_apps')
    .selectAll()
    .where('person_id', '=', personId)
    .where('confirmed_at', 'is not', null)
    .executeTakeFirst();
  return { passkeys, app: app ?? null };
}

/** What of it would do for a level. */
export function waysFor(level: StepUpLevel, { passkeys, app }: Factors): Exclude<StepUpWay, 'sign-in'>[] {
  const ways: Exclude<StepUpWay, 'sign-in'>[] = passkeys.length > 0 ? ['passkey'] : [];
  return app !== null && level !== 'passkey' ? [...ways, 'code'] : ways;
}

const ofPasskeys: ReadonlySet<string> = new Set<ManageAbout['action']>([
  'add-passkey',
  'remove-passkey',
  'reset-second-factors',
]);

/**
 * What is asked of somebody who manages the server or their own factors: a second factor where they have one. A sign-in
 * alone would make every factor worth as little as a sign-in; and a code that puts another passkey beside those that there
 * are, or takes them away, would make each of them worth as little as a code, which can be talked out of its holder.
 */
export function levelToManage(
  { passkeys, app }: Factors,
  action?: ManageAbout['action'],
): 'passkey' | 'second-factor' | 'recent' {
  if (passkeys.length > 0 && action !== undefined && ofPasskeys.has(action)) return 'passkey';
  return passkeys.length > 0 || app !== null ? 'second-factor' : 'recent';
}

/** Which factors they are: changes when one is added or removed. */
export function markOf({ passkeys, app }: Factors): string {
  return sha256(canonicalJson({ passkeys: passkeys.map(({ id }) => id), app: app?.confirmed_at ?? null }));
}
