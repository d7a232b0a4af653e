import type { Id } from '@postern/shared/ids';
import type { ExceptionSetApproval, ExceptionSetOutcome } from '@postern/shared/protocol/exception-set';
import { Fault } from '@postern/shared/protocol/errors';
import type { Authn } from '@postern/shared/protocol/step-up';
import { type Instant, parseDuration } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import { proveStepUp } from '../../step-up/index.ts';
import { ConflictError } from '../../storage/store.ts';
import { approveException } from '../deciding/approve.ts';
import { denyException, endException } from '../deciding/end.ts';
import { readSet } from '../read.ts';
import type { ExceptionRecord } from '../lifecycle/record.ts';
import type { Actor } from '../asking/request.ts';
import { higher } from '../lifecycle/stricter.ts';
import { decisionSubject } from '../asking/subjects.ts';

type SetDeps = Pick<Deps, 'store' | 'policies' | 'config'>;

/**
 * Approves requests of a set, each for itself: what one is refused for stops none of the others. One proof is for all of
 * them, as they were seen.
 *
 * @throws Fault not_found (no such set, or a request that is not in it) and those of proveStepUp
 */
export async function approveSet(
  deps: SetDeps,
  approving: { id: string; by: Actor; approval: ExceptionSetApproval },
  now: Instant,
): Promise<ExceptionSetOutcome> {
  const { id, by, approval } = approving;
  const members = await membersIn(deps, id);
  const hashes = new Map<string, string>(
    approval.requests.map(({ exception, requestHash }) => [exception, requestHash]),
  );
  const meant = members.filter((member) => hashes.has(member.id));
  if (meant.length < hashes.size) throw new Fault('not_found');
  const durationMs = approval.duration === undefined ? undefined : (parseDuration(approval.duration) ?? 0);
  const shown = await proveForAll(deps, { ...approving, meant, hashes, durationMs }, now);
  return await each(meant, async (member) => {
    const requestHash = hashes.get(member.id);
    await approveException(deps, { id: member.id, by, requestHash, durationMs, reason: approval.reason, shown }, now);
  });
}

/**
 * Denies every request of a set, or ends every exception of it, each for itself.
 *
 * @throws Fault not_found
 */
export async function endSet(
  deps: SetDeps,
  kind: 'deny' | 'revoke',
  ending: { id: string; by: string; reason?: string | undefined },
  now: Instant,
): Promise<ExceptionSetOutcome> {
  const members = await membersIn(deps, ending.id);
  return await each(members, async ({ id }) => {
    if (kind === 'deny') await denyException(deps, { ...ending, id }, now);
    else await endException(deps, kind, { ...ending, id }, now);
  });
}

async function membersIn({ store }: SetDeps, id: string): Promise<ExceptionRecord[]> {
  const members = await readSet(store.read, id);
  if (members.length === 0) throw new Fault('not_found');
  return members;
}

/** Spends the proof before anything is approved with it, so that it is good for this once. */
async function proveForAll(
  deps: SetDeps,
  given: {
    id: string;
    by: Actor;
    approval: ExceptionSetApproval;
    meant: readonly ExceptionRecord[];
    hashes: ReadonlyMap<string, string>;
    durationMs: number | undefined;
  },
  now: Instant,
): Promise<Authn | null> {
  const { id, by, approval, meant, hashes, durationMs } = given;
  const level = meant.map(({ plan }) => plan.stepUp.approval).reduce(higher, 'none');
  const requests = [...hashes].map(([exception, requestHash]) => ({ exception, requestHash }));
  const subject = { purpose: 'decide' as const, hash: decisionSubject({ set: id, requests, durationMs }) };
  const { authn, unit } = await proveStepUp(deps, { who: by, level, subject, answer: approval.stepUp }, now);
  try {
    if (unit.changes.length > 0 || unit.audit.length > 0) await deps.store.commit(unit);
  } catch (error) {
    // Somebody sent the same proof twice at once.
    if (error instanceof ConflictError) throw new Fault('step_up_invalid');
    throw error;
  }
  return authn;
}

/** One after the other: each is decided on what the one before left behind. */
async function each(
  members: readonly ExceptionRecord[],
  act: (member: ExceptionRecord) => Promise<void>,
): Promise<ExceptionSetOutcome> {
  const items: ExceptionSetOutcome['items'] = [];
  for (const member of members) {
    const exception = member.id as Id<'exception'>;
    try {
      await act(member);
      items.push({ exception, done: true, code: null, sentence: null });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      items.push({ exception, done: false, code: error.code, sentence: error.message });
    }
  }
  return { items };
}
