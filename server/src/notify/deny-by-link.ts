import { type ErrorCode, Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import type { AuditEvent } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { denyException, readAudience } from '../exceptions/index.ts';
import { type Denial, openDenyCode } from './deny-code.ts';

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
 * A code that was not made here, or was and is good no more, is put on record as far as unknown callers may fill it.
 *
 * @throws Fault deny_link_invalid, conflict
 */
export async function denyByLink(
  deps: Pick<Deps, 'store' | 'anonymousRefusals'> & { config: Pick<Deps['config'], 'masterSecret'> },
  given: { code: string; reason?: string | undefined },
  now: Instant,
): Promise<void> {
  const denial = openDenyCode(deps.config.masterSecret, given.code, now);
  if (denial === undefined) throw await refusal(deps, undefined, now);
  const { exception: id, person: by, requestHash } = denial;
  const audience = await readAudience(deps.store.read, id);
  if (!audience.some(({ personId, why }) => personId === by && why === 'approver'))
    throw await refusal(deps, denial, now);
  try {
    await denyException(deps, { id, by, requestHash, reason: given.reason, channel: 'link' }, now);
  } catch (error) {
    if (error instanceof Fault && gone.has(error.code)) throw new Fault('deny_link_invalid', { cause: error });
    throw error;
  }
}

/** Whoever has a link is not known: whose it was is a fact about the link, not about who used it. */
async function refusal(
  { store, anonymousRefusals }: Pick<Deps, 'store' | 'anonymousRefusals'>,
  denial: Denial | undefined,
  now: Instant,
): Promise<Fault> {
  const event: AuditEvent = {
    at: now,
    type: 'exception.decision-refused',
    outcome: 'failure',
    actor: { kind: 'anonymous', id: null },
    subject: denial === undefined ? null : { kind: 'exception', id: denial.exception },
    data: {
      attempted: 'deny',
      code: 'deny_link_invalid',
      channel: 'link',
      ...(denial === undefined ? {} : { linkOf: denial.person }),
    },
  };
  const audit = anonymousRefusals.record('deny_link_invalid', event, now);
  if (audit.length > 0) await store.commit({ changes: [], audit });
  return new Fault('deny_link_invalid');
}
