import type { ReviewKind } from '@postern/shared/protocol/review';
import type { Instant } from '@postern/shared/time';
import { grantedStates, type Link, type Read, readChain } from './chain.ts';

/** What a review is about. */
export interface Subject {
  kind: ReviewKind;
  /** An exception, or a rule. */
  id: string;
}

/**
 * Who has a part in it, and so does not review it, whatever their role: of an exception whoever has it, asked for it, voted
 * for it or has its device now; of a rule whoever is excepted from it, or asked for that.
 */
export async function readParties(read: Read, { kind, id }: Subject, now: Instant): Promise<Set<string>> {
  return kind === 'rule' ? excepted(read, id, now) : partiesOf(read, await readChain(read, id));
}

/** Who has a part in any of a chain of extensions. */
export async function partiesOf(read: Read, chain: readonly Link[]): Promise<Set<string>> {
  const parties = new Set(chain.flatMap((link) => [link.person_id, link.requested_by]));
  if (chain.length === 0) return parties;
  const [votes, devices] = await Promise.all([
    read
      .selectFrom('exception_decisions')
      .select('actor_id')
      .where(
        'exception_id',
        'in',
        chain.map(({ id }) => id),
      )
      .where('verdict', '=', 'approve')
      .execute(),
    read
      .selectFrom('devices')
      .select('owner_id')
      .where(
        'id',
        'in',
        chain.map((link) => link.device_id),
      )
      .execute(),
  ]);
  for (const { actor_id: voter } of votes) parties.add(voter);
  for (const { owner_id: owner } of devices) parties.add(owner);
  return parties;
}

async function excepted(read: Read, rule: string, now: Instant): Promise<Set<string>> {
  const rows = await read
    .selectFrom('exceptions')
    .select(['person_id', 'requested_by'])
    .distinct()
    .where('state', 'in', grantedStates)
    .where('expires_at', '>', now)
    // A reference has no quotes, and no character that stands for another but in its right place.
    .where('rules', 'like', `%"${rule}"%`)
    .execute();
  return new Set(rows.flatMap((row) => [row.person_id, row.requested_by]));
}
