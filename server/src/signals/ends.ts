import { sql } from 'kysely';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';

/** What was committed last, and what time alone ends next. */
export interface Ends {
  head: number;
  epoch: string;
  /** When the trust of some device changes by itself next. */
  trust: Instant | null;
  /** When an exception ends next that has not been announced as ended. */
  exception: Instant | null;
}

/** All that says whether there is anything to do, in one query by keys. */
export async function readEnds({ store }: Pick<Deps, 'store'>): Promise<Ends> {
  const { rows } = await sql<{
    head: number | null;
    epoch: string | null;
    trust: number | null;
    exception: number | null;
  }>`
    select (select seq from audit order by seq desc limit 1) as head,
      (select value from meta where key = 'policy_epoch') as epoch,
      (select next_at from device_trust where next_at is not null order by next_at limit 1) as trust,
      (select expires_at from exceptions where state = 'active' and expires_at is not null
        order by expires_at limit 1) as exception
  `.execute(store.read);
  const [row] = rows;
  return {
    head: row?.head ?? 0,
    epoch: row?.epoch ?? '',
    trust: row?.trust ?? null,
    exception: row?.exception ?? null,
  };
}
