import { AppLink } from '../../parts/app-link.tsx';
import type { Column } from '../../parts/column.ts';
import type { Replay } from '../../parts/policy/types.ts';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.policies;

function resultOf({ state, summary }: Replay): string {
  return summary === null ? words.replayStates[state] : words.newlyBlocked(summary.changes['newly-blocked']);
}

export const replayColumns: readonly Column<Replay>[] = [
  {
    key: 'policy',
    title: words.policy,
    show: ({ id, policy }) => (
      <AppLink to="/policy-replays/$id" params={{ id }}>
        {policy}
      </AppLink>
    ),
    text: ({ policy }) => policy,
  },
  { key: 'result', title: words.result, show: resultOf, text: resultOf },
  { key: 'by', title: words.by, show: ({ startedBy }) => startedBy, text: ({ startedBy }) => startedBy },
  {
    key: 'started',
    title: words.started,
    show: ({ startedAt }) => <When at={startedAt} />,
    text: ({ startedAt }) => startedAt,
  },
];
