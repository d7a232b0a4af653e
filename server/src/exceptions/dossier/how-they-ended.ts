import type { ExceptionBrief, HowTheyEnded } from '@postern/shared/protocol/evidence';
import type { ExceptionView } from '@postern/shared/protocol/exception';

/** A request, as far as it says how it ended. */
export interface Ended {
  state: string;
  approvedAt: number | null;
  /** Somebody approved it. */
  byPeople: boolean;
}

/** How so many requests ended. What was approved counts as that, whatever became of it. Pure. */
export function howTheyEnded(requests: readonly Ended[]): HowTheyEnded {
  const counts = { approved: 0, withoutApproval: 0, denied: 0, withdrawn: 0, unanswered: 0, waiting: 0 };
  for (const request of requests) counts[endOf(request)] += 1;
  return counts;
}

function endOf({ state, approvedAt, byPeople }: Ended): keyof HowTheyEnded {
  if (approvedAt !== null) return byPeople ? 'approved' : 'withoutApproval';
  if (state === 'denied') return 'denied';
  if (state === 'withdrawn') return 'withdrawn';
  return state === 'pending' ? 'waiting' : 'unanswered';
}

/** An exception in a line. */
export function briefOf(view: ExceptionView): ExceptionBrief {
  const { id, kind, state, live, emergency, person, device, rules, resources, role, template } = view;
  const { durationSeconds, requestedAt, endedReason, decisions } = view;
  return {
    id,
    kind,
    state,
    live,
    emergency,
    person,
    device,
    rules,
    resources,
    role,
    template,
    durationSeconds,
    requestedAt,
    endedReason,
    decisions,
  };
}
