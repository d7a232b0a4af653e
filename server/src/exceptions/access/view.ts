import type { AccessOffer } from '@postern/shared/protocol/access';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import { viewExceptions } from '../view.ts';
import { readOffers } from './offers.ts';

const shown = 100;

/** Temporary access of a person, on one of their devices or on all, newest first, and what they may ask for. */
export async function viewOwnAccess(
  deps: Pick<Deps, 'store' | 'policies'>,
  own: { personId: string; deviceId?: string | undefined },
  now: Instant,
): Promise<{ items: ExceptionView[]; offers: AccessOffer[] }> {
  const { read } = deps.store;
  const person = await read.selectFrom('users').select('groups').where('id', '=', own.personId).executeTakeFirst();
  const [items, offers] = await Promise.all([
    viewExceptions(deps, { ...own, kind: 'access', limit: shown }, now),
    readOffers(read, JSON.parse(person?.groups ?? '[]') as string[]),
  ]);
  return { items, offers };
}
