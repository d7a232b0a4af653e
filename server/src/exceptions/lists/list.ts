import { z } from 'zod';
import { idSchema } from '@postern/shared/ids';
import { pageQuerySchema } from '@postern/shared/protocol/admin';
import { exceptionStates, type ExceptionView, ruleReferenceSchema } from '@postern/shared/protocol/exception';
import { fromTimestamp, type Instant, timestampSchema } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import { viewExceptions } from '../view.ts';
import { findExceptions, type ListFilter } from './find.ts';

/** What every list of exceptions may be narrowed by. */
export const listQuerySchema = pageQuerySchema.extend({
  after: idSchema('exception').optional(),
  state: z.enum(exceptionStates).optional(),
  /** `open`: granted and not over. `over`: ended, however. */
  standing: z.enum(['open', 'over']).optional(),
  device: idSchema('device').optional(),
  person: idSchema('user').optional(),
  rule: ruleReferenceSchema.optional(),
  template: z.string().min(1).max(64).optional(),
  /** Part of the name of a person or a device. */
  q: z.string().min(1).max(100).optional(),
  /** Only what ends before then. */
  endsBefore: timestampSchema.optional(),
  /** `ending`: only what is open, and what ends first is first. */
  sort: z.enum(['newest', 'ending']).default('newest'),
});

/** One page of exceptions as people see them. */
export async function listExceptions(
  deps: Pick<Deps, 'store' | 'policies'>,
  query: z.output<typeof listQuerySchema>,
  more: Pick<ListFilter, 'kind' | 'setId'>,
  now: Instant,
): Promise<{ items: ExceptionView[]; next: string | null }> {
  const { device, person, endsBefore, sort, after, limit, ...rest } = query;
  const filter = {
    ...rest,
    ...more,
    deviceId: device,
    personId: person,
    endsBefore: endsBefore === undefined ? undefined : fromTimestamp(endsBefore),
  };
  const { ids, next } = await findExceptions(deps.store.read, filter, { sort, after, limit }, now);
  return { items: await viewInOrder(deps, ids, now), next };
}

/** Exceptions in the order of their ids here. */
export async function viewInOrder(
  deps: Pick<Deps, 'store' | 'policies'>,
  ids: readonly string[],
  now: Instant,
): Promise<ExceptionView[]> {
  if (ids.length === 0) return [];
  const views = await viewExceptions(deps, { ids, limit: ids.length }, now);
  const byId = new Map<string, ExceptionView>(views.map((view) => [view.id, view]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
