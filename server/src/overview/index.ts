import { readerRoles } from '@postern/shared/protocol/admin';
import { overviewSchema } from '@postern/shared/protocol/overview';
import { toTimestamp } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { asPerson } from '../http/caller.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { countNeeds } from './count-needs.ts';
import { fleetCounts } from './counts.ts';
import { totalOf } from './fleet.ts';
import { needsOf } from './needs.ts';
import { readTrend } from './trend.ts';

export { overviewJobs } from './jobs.ts';

/** Endpoints of this capability. */
export function overviewRoutes(deps: Pick<Deps, 'store'>): AnyRoute[] {
  const { read } = deps.store;
  return [
    defineRoute({
      method: 'GET',
      path: '/v1/admin/overview',
      summary: 'What needs you, how the fleet stands, and how it stood at the end of each of the last 60 days',
      audience: 'person',
      roles: readerRoles,
      rate: 'admin',
      replies: { 200: overviewSchema },
      errors: [],
      async handle({ caller, now }) {
        const person = asPerson(caller);
        const [needs, { counts, at }, trend] = await Promise.all([
          countNeeds(deps, person, now),
          fleetCounts(deps.store, 'ask', now),
          readTrend(read, now),
        ]);
        const fleet = { total: totalOf(counts), counts, countedAt: toTimestamp(at) };
        return { status: 200, body: { at: toTimestamp(now), needs: needsOf(needs, person.roles), fleet, trend } };
      },
    }),
  ];
}
