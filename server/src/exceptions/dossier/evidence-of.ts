import type { Id } from '@postern/shared/ids';
import type { Role } from '@postern/shared/protocol/admin';
import type { ExceptionEvidence } from '@postern/shared/protocol/evidence';
import { Fault } from '@postern/shared/protocol/errors';
import { type Instant, toTimestampOrNull } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import { deviceSummary, readDeviceFacts, standingOf } from '../../devices/index.ts';
import { knownResources } from '../../gateways/index.ts';
import { isReader, type PersonCaller } from '../../http/caller.ts';
import { readDecider } from '../deciding/decider.ts';
import { impactOfException } from '../impact/impact.ts';
import { actsOf } from '../lists/acts.ts';
import { readException } from '../read.ts';
import { viewException } from '../view.ts';
import { readHistoryOf, readSimilar } from './before.ts';
import { readLastGood, readRecordedSince } from './last-good.ts';
import { atRequest, resultsNow } from './rules.ts';
import { readTimeline } from './timeline.ts';

/**
 * All that somebody decides an exception by, in one answer: what was found and what is there now, who it is for, what became
 * of the like. Reads only.
 *
 * @throws Fault not_found
 */
export async function evidenceOf(
  deps: Pick<Deps, 'store' | 'policies'>,
  id: string,
  caller: PersonCaller,
  now: Instant,
): Promise<ExceptionEvidence> {
  const { read } = deps.store;
  const record = await readException(read, id);
  const facts = record && (await readDeviceFacts(read, { id: record.deviceId }));
  if (record === undefined || facts === undefined) throw new Fault('not_found');
  const exception = await viewException(deps, id, now);
  if (exception === undefined) throw new Fault('not_found');
  const readsAll = isReader(caller);
  const [rulebook, guarded, decider, person, history, similar, recordedSince, timeline] = await Promise.all([
    deps.policies.at(facts.policyEpoch),
    knownResources(read),
    readDecider(read, caller.id),
    readPerson(deps, record.personId),
    readHistoryOf(deps, record, now),
    readSimilar(deps, record, now),
    readRecordedSince(read, facts.id),
    readTimeline(read, id, readsAll),
  ]);
  const results = resultsNow({ facts, rulebook, guarded }, record, now);
  const isWaiting = exception.state === 'pending';
  return {
    exception,
    acts: actsOf(record, decider, facts.owner.id, now),
    person,
    device: deviceSummary(facts, standingOf(facts, rulebook, null, now)),
    rules: await Promise.all(
      record.rules.map(async (reference) => ({
        rule: reference,
        atRequest: atRequest(record, reference),
        now: results.get(reference) ?? null,
        lastGood: await readLastGood(read, facts.id, { reference, check: results.get(reference)?.check ?? null }),
      })),
    ),
    recordedSince: toTimestampOrNull(recordedSince),
    others: [...results].filter(([reference]) => !record.rules.includes(reference)).map(([, result]) => result),
    impact: isWaiting ? await impactOfException(deps, id, caller.id, now) : null,
    history,
    similar: readsAll ? similar : { ...similar, latest: [] },
    timeline,
  };
}

async function readPerson({ store }: Pick<Deps, 'store'>, id: string): Promise<ExceptionEvidence['person']> {
  const row = await store.read
    .selectFrom('users')
    .leftJoin('users as manager', 'manager.id', 'users.manager_id')
    .select(['users.id', 'users.name', 'users.email', 'users.roles', 'users.groups', 'users.active'])
    .select(['manager.id as manager_id', 'manager.name as manager_name'])
    .where('users.id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw new Fault('not_found');
  return {
    id: row.id as Id<'user'>,
    name: row.name,
    email: row.email,
    roles: JSON.parse(row.roles) as Role[],
    groups: JSON.parse(row.groups) as string[],
    manager: row.manager_id === null ? null : { id: row.manager_id as Id<'user'>, name: row.manager_name ?? '' },
    active: row.active === 1,
  };
}
