import { type ErrorCode, Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { denyException, readAudience } from '../exceptions/index.ts';
import { openDenyCode } from './deny-code.ts';

/** What a link may find out is that it does not work, not why: it may have come to anybody. */
const gone: ReadonlySet<ErrorCode> = new Set([
  'not_found',
  'not_allowed',
  'self_approval',
  'approval_not_yours',
  'already_decided',
  'exception_changed',
  'exception_state',
]);

/**
 * Denies a request by the link that was sent to one of its approvers, who must still be one. Saying no needs less proof
 * than saying yes: the worst that a stolen link can do is that somebody has to ask again. No link approves.
 *
 * @throws Fault deny_link_invalid, conflict
 */
export async function denyByLink(
  deps: Pick<Deps, 'store'> & { config: Pick<Deps['config'], 'masterSecret'> },
  given: { code: string; reason?: string | undefined },
  now: Instant,
): Promise<void> {
  const denial = openDenyCode(deps.config.masterSecret, given.code, now);
  if (denial === undefined) throw new Fault('deny_link_invalid');
  const { exception: id, person: by, requestHash } = denial;
  const audience = await readAudience(deps.store.read, id);
  if (!audience.some(({ personId, why }) => personId === by && why === 'approver'))
    throw new Fault('deny_link_invalid');
  try {
    await denyException(deps, { id, by, requestHash, reason: given.reason, channel: 'link' }, now);
  } catch (error) {
    if (error instanceof Fault && gone.has(error.code)) throw new Fault('deny_link_invalid', { cause: error });
    throw error;
  }
}
